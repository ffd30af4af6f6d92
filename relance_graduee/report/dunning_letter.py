import functools
import logging
import os
import subprocess
import tempfile

import psycopg2
from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..models.common.machine_fault import MachineFault
from ..models.common.words import in_words
from ..tools.letter.pages import cut_letter
from ..tools.letter.pdf import (
    QtTexts,
    read_pdf,
    repair_spaces,
    split_pages,
    squeeze,
    text_starts,
)
from ..tools.letter.text import CSS_PIXEL, Metrics, em_width

_logger = logging.getLogger(__name__)

BATCH = 200  # letters in one process
# Seconds: for the probe page, which takes one; and for letters, with one more a page.
PROBE_SECONDS, LETTER_SECONDS = 15, 30
# CSS millimetres that make one millimetre of paper, when they cannot be measured: unpatched Qt
# shrinks a page by 1.25 at 100 dots an inch; the patched build is told to shrink nothing.
UNPATCHED_SCALE, PATCHED_SCALE = 1.3015, 1.0
UNKNOWN_WIDEN = (1.17, 1.27)  # DejaVu Sans beside Liberation Sans, regular and bold
SAMPLE = "Facture 0123456789 mise en règlement ABCDEFG"
# C and D end where the samples above them end
PROBE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"></head>
<body style="margin:0;font:20px 'Liberation Sans',Arimo,Arial,Helvetica,'DejaVu Sans',sans-serif">
<div style="position:absolute;top:10mm;left:20mm">A</div>
<div style="position:absolute;top:30mm;left:120mm">B</div>
<div style="position:absolute;top:50mm;left:0">{SAMPLE}<p style="text-align:right">C</p></div>
<b style="position:absolute;top:90mm;left:0">{SAMPLE}<p style="text-align:right">D</p></b>
</body></html>"""


class PrintError(Exception):
    """wkhtmltopdf did not give the pages that were asked for."""


class HangError(PrintError):
    """It did not end in time."""


def run_wkhtmltopdf(binary, patched, html, timeout):
    """One HTML document as the bytes of an A4 PDF without margins.

    :param timeout: seconds
    :raise PrintError: the program failed, hung or wrote nothing
    """
    arguments = [
        "--quiet",
        "--disable-javascript",
        "--disable-local-file-access",
        "--encoding",
        "utf-8",
        "--page-size",
        "A4",
    ]
    for side in "TBLR":
        arguments += [f"-{side}", "0"]
    if patched:
        arguments += ["--disable-smart-shrinking", "--dpi", "96", "--no-outline"]
    with tempfile.TemporaryDirectory(prefix="dunning.letter.") as folder:
        source, target = os.path.join(folder, "letters.html"), os.path.join(folder, "letters.pdf")
        with open(source, "w", encoding="utf-8") as file:
            file.write(html)
        try:
            process = subprocess.run(
                [binary, *arguments, source, target],
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=timeout,
            )
        except subprocess.TimeoutExpired as error:
            raise HangError(f"wkhtmltopdf did not answer within {timeout:.0f} s") from error
        # 1 is said of a picture that was not found, too: the pages themselves are checked
        if process.returncode not in (0, 1) or not os.path.exists(target):
            raise PrintError(f"wkhtmltopdf: {process.returncode} {process.stderr[-500:]}")
        with open(target, "rb") as file:
            return file.read()


@functools.lru_cache(maxsize=4)
def measure_build(binary, patched, version):
    """Print characteristics of a wkhtmltopdf, measured on a page that it printed.

    :return: (CSS mm for one mm of paper, ``Metrics``)
    """
    try:
        probe = run_wkhtmltopdf(binary, patched, PROBE, PROBE_SECONDS)
        scale, regular, bold = _read_probe(probe)
    except HangError:  # not to be kept as the answer
        raise
    except Exception:
        _logger.warning("The scale of wkhtmltopdf %s could not be measured", version, exc_info=True)
        scale, (regular, bold) = PATCHED_SCALE if patched else UNPATCHED_SCALE, UNKNOWN_WIDEN
    return scale, Metrics(CSS_PIXEL / scale, regular, bold)


def _read_probe(pdf):
    """(scale, widening of regular, of bold text) that the probe page shows."""
    starts = {text: x for text, x in text_starts(read_pdf(pdf).pages[0]) if len(text) == 1}
    scale = 100 / (starts["B"] - starts["A"])
    ratios = []
    for end, is_bold in (("C", False), ("D", True)):
        expected = (em_width(SAMPLE, is_bold) - em_width(end, is_bold)) * 20 * CSS_PIXEL
        ratio = starts[end] * scale / expected
        # another font widens some characters more than those of the sample
        ratios.append(1.0 if 0.98 < ratio < 1.01 else max(1.0, ratio * 1.03))
    return scale, *ratios


class DunningLetter(models.AbstractModel):
    """Prints letters: many at once, in one process, each as a document of its own.

    The shape of a letter is told in ``tools/letter_pages.py``. A *document* is a dict {``html``:
    Markup of its pages, ``count``: number of pages, ``marker``: a text that is printed on its
    first page and on that of no other document, ``title``}.
    """

    _name = "dunning.letter"
    _description = "Dunning Letter"

    # -------------------------------------------------------------------------
    # LETTERS
    # -------------------------------------------------------------------------

    @api.model
    def _render_letters(self, letters):
        """The PDF of each letter.

        :param letters: list of dicts
        :return: list of bytes, in the same order
        :raise UserError: wkhtmltopdf is missing, or a letter could not be printed
        """
        results = self._render_letters_safely(letters)
        errors = [error for _pdf, error in results if error]
        if errors:
            raise UserError("\n".join(errors))
        return [pdf for pdf, _error in results]

    @api.model
    def _render_letters_safely(self, letters):
        """The PDF of each letter, or the reason why it could not be printed.

        :param letters: list of dicts
        :return: list of (bytes, None) or (None, message), in the same order
        :raise MachineFault: wkhtmltopdf is missing or hangs
        """
        self._get_build()
        prepared = [self._prepare_safely(letter) for letter in letters]
        printed = iter(self._print_safely([document for document, _error in prepared if document]))
        return [next(printed) if document else (None, error) for document, error in prepared]

    @api.model
    def _prepare_safely(self, letter):
        """(document, None), or (None, message) for a letter that cannot be laid out."""
        try:
            return self._prepare_document(letter), None
        except psycopg2.Error:
            raise
        except Exception as error:
            marker = letter.get("marker") if isinstance(letter, dict) else None
            _logger.warning("Letter %s cannot be laid out", marker, exc_info=True)
            return None, self._get_error_message(marker, error)

    @api.model
    def _prepare_document(self, letter):
        """The document of one letter, in its language."""
        pages = cut_letter(letter, self._get_build()[1])
        return {
            "html": self._render_pages(
                "relance_graduee.dunning_letter_pages",
                letter.get("lang"),
                {"letter": letter, "pages": pages},
            ),
            "count": len(pages),
            "marker": letter["marker"],
            "title": f"{letter['marker']} {letter['subject']}",
        }

    @api.model
    def _render_pages(self, template, lang, values):
        """Renders a template of pages as Markup.

        There ``mm`` writes a length, ``stack`` puts lines one below the other.
        """
        qweb = self.env["ir.qweb"].with_context(lang=self._get_lang(lang))
        return qweb._render(
            template, {**values, "mm": "{:.3f}mm".format, "stack": Markup("<br/>").join}
        )

    @api.model
    def _get_lang(self, lang):
        """A language that the texts of this module can be given in."""
        return lang if lang and self.env["res.lang"]._get_data(code=lang) else self.env.lang

    # -------------------------------------------------------------------------
    # PRINTING
    # -------------------------------------------------------------------------

    @api.model
    def _get_build(self):
        """(CSS mm for one mm of paper, ``Metrics``) of the wkhtmltopdf of this server.

        :raise MachineFault: there is none, or it hangs
        """
        build = _wkhtml()
        if build.state in ("install", "broken"):
            raise MachineFault(
                self.env._(
                    "Letters cannot be printed: the program wkhtmltopdf, which makes PDF files, is "
                    "missing on the server. Ask your system administrator to install it, then "
                    "restart Odoo."
                )
            )
        try:
            return measure_build(build.bin, build.is_patched_qt, build.version)
        except HangError as error:
            raise MachineFault(self._get_hang_sentence()) from error

    @api.model
    def _check_program(self):
        """Whether the program prints a small page, now.

        :raise MachineFault: it does not: no letter is at fault, and none can be printed
        """
        self._get_build()
        build = _wkhtml()
        try:
            run_wkhtmltopdf(build.bin, build.is_patched_qt, PROBE, PROBE_SECONDS)
        except (PrintError, OSError) as error:
            _logger.info("wkhtmltopdf does not print a small page", exc_info=error)
            raise MachineFault(self._get_hang_sentence()) from error

    @api.model
    def _get_hang_sentence(self):
        return self.env._(
            "Letters cannot be printed now: the program wkhtmltopdf does not answer on the "
            "server. Nothing was sent. It is tried again later; if that goes on, ask your system "
            "administrator."
        )

    @api.model
    def _print_safely(self, documents):
        """Prints documents in as few processes as possible.

        :return: list of (bytes, None) or (None, message), in the same order
        """
        results = []
        for batch in split_every(BATCH, documents, list):
            try:
                results += [(pdf, None) for pdf in self._print_together(batch)]
            except psycopg2.Error:
                raise
            except Exception:
                self._check_program()  # else each of them would wait for it
                _logger.warning("%s letters are printed one by one", len(batch), exc_info=True)
                results += [self._print_alone(document) for document in batch]
        return results

    @api.model
    def _print_document(self, document):
        """The PDF of one document, as bytes.

        :raise UserError: it cannot be printed
        """
        pdf, error = self._print_alone(document)
        if error:
            raise UserError(error)
        return pdf

    @api.model
    def _print_alone(self, document):
        """(bytes, None), or (None, message) for a document that cannot be printed."""
        try:
            return self._print_together([document])[0], None
        except psycopg2.Error:
            raise
        except Exception as error:
            _logger.warning("Letter %s cannot be printed", document["marker"], exc_info=True)
            return None, self._get_error_message(document["marker"], error)

    @api.model
    def _print_together(self, documents):
        """Prints documents in one process and parts them again.

        :return: list of bytes, in the same order
        :raise PrintError: the PDF does not hold what was asked for
        """
        if not documents:
            return []
        html = self._render_html(documents)
        counts = [document["count"] for document in documents]
        build = _wkhtml()
        reader = read_pdf(
            run_wkhtmltopdf(build.bin, build.is_patched_qt, html, LETTER_SECONDS + sum(counts))
        )
        self._check_pages(reader, documents)
        repair_spaces(reader)
        return split_pages(reader, counts, [document["title"] for document in documents])

    @api.model
    def _render_html(self, documents):
        """One HTML document of all pages."""
        html = self.env["ir.qweb"]._render(
            "relance_graduee.dunning_letter_document",
            {
                "body": Markup("").join(document["html"] for document in documents),
                "scale": f"{self._get_build()[0]:.5f}",
            },
        )
        return f"<!DOCTYPE html>\n{html}"

    @api.model
    def _check_pages(self, reader, documents):
        """Every document has its pages and begins where it should.

        :raise PrintError: it does not
        """
        asked, found = sum(document["count"] for document in documents), len(reader.pages)
        if asked != found:
            raise PrintError(f"{found} pages instead of {asked}")
        start, texts = 0, QtTexts()
        for document in documents:
            number = f"·1/{document['count']}" if document["count"] > 1 else ""
            sign, page = squeeze(document["marker"]) + number, reader.pages[start]
            if sign not in texts.text_of(page) and sign not in squeeze(page.extract_text()):
                raise PrintError(f"page {start + 1} is not the first of {document['marker']}")
            start += document["count"]

    @api.model
    def _get_error_message(self, marker, error):
        if isinstance(error, PrintError):  # its words are for the log
            return self.env._(
                "Letter %s could not be printed: the program wkhtmltopdf did not give the pages "
                "that were asked for. Try again; if it fails again, ask your system "
                "administrator, who finds the details in the server's log.",
                marker or "?",
            )
        return self.env._(
            "Letter %(reference)s could not be printed: %(reason)s",
            reference=marker or "?",
            reason=in_words(self.env, error),
        )
