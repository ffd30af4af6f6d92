"""Letters printed by the wkhtmltopdf that is there, measured in the PDF."""

import io
import re
from unittest.mock import patch

from markupsafe import Markup
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTTextContainer

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ...report import dunning_letter as engine
from ...tools.letter.pdf import QtTexts, read_pdf, squeeze
from ...tools.letter.text import Metrics
from ..tools import letter_samples

MM = 25.4 / 72
BOTTOM_MARGIN = 8.0  # mm of the paper that stay white


def read_lines(pdf):
    """The lines of text of each page: [[(text, left, top, right, bottom)]], in mm of paper."""
    return [
        [
            (
                line.get_text().strip(),
                line.x0 * MM,
                (page.height - line.y1) * MM,
                line.x1 * MM,
                (page.height - line.y0) * MM,
            )
            for box in page
            if isinstance(box, LTTextContainer)
            for line in box
        ]
        for page in extract_pages(io.BytesIO(pdf), laparams=LAParams(boxes_flow=None))
    ]


def page_texts(pdf):
    """The text of each page without white space, by the quick reader."""
    return [QtTexts().text_of(page, last=10**9) for page in read_pdf(pdf).pages]


class PrintCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.Letter = cls.env["dunning.letter"]
        # what fails on purpose is told in the log, and would count as a warning of the tests
        cls.startClassPatcher(patch.object(engine, "_logger"))

    def render(self, **changes):
        return self.Letter._render_letters([letter_samples.letter(**changes)])[0]


@tagged("post_install", "-at_install")
class TestPlaces(PrintCase):
    def in_window(self, lines, recipient):
        """The places of the lines of an address; each must be inside the window."""
        found = [line for line in lines if line[0] in recipient and line[1] > 110]
        self.assertEqual(len(found), len(recipient))
        for text, left, top, right, bottom in found:
            self.assertTrue(
                left > 118 and right < 195 and top > 60 and bottom < 85,
                (text, left, top, right, bottom),
            )

    def test_recipient_is_seen_through_the_window(self):
        addresses = [
            ["DURAND SA", "75001 PARIS"],
            [
                "IMPRIMERIE MARTIN ET FILS",
                "MADAME SOPHIE LEGRAND",
                "12 RUE DE LA REPUBLIQUE",
                "42000 SAINT ETIENNE",
            ],
            [
                "SOCIETE INDUSTRIELLE DE MECANIQUE GENE",
                "SERVICE COMPTABILITE FOURNISSEURS",
                "BATIMENT B ESCALIER 4 PORTE 12",
                "128 AVENUE DU MARECHAL DE LATTRE",
                "CS 40123",
                "13127 VITROLLES CEDEX",
                "ALLEMAGNE",
            ],
            [f"WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW{number}" for number in range(7)],
        ]
        letters = [
            letter_samples.letter(number, recipient_lines=lines)
            for number, lines in enumerate(addresses)
        ]
        for lines, pdf in zip(addresses, self.Letter._render_letters(letters)):
            self.in_window(read_lines(pdf)[0], lines)

    def test_only_the_recipient_is_in_the_window(self):
        letter = letter_samples.formal_notice(rows=2, memo=0, annexes=[])
        lines = read_lines(self.Letter._render_letters([letter])[0])[0]
        inside = [line[0] for line in lines if line[3] > 110 and line[4] > 55 and line[2] < 88]
        self.assertEqual(sorted(inside), sorted(letter["recipient_lines"]))

    def test_paper_is_a4_and_margins_stay_white(self):
        for page in read_pdf(self.render(rows=40)).pages:
            self.assertAlmostEqual(float(page.mediabox.width) * MM, 210, delta=0.5)
            self.assertAlmostEqual(float(page.mediabox.height) * MM, 297, delta=0.5)
        for lines in read_lines(self.render(rows=40)):
            for text, left, top, right, bottom in lines:
                self.assertTrue(
                    left > 19 and right < 191 and top > 10 and bottom < 297 - BOTTOM_MARGIN,
                    (text, left, top, right, bottom),
                )

    def test_no_line_meets_another(self):
        letter = letter_samples.formal_notice(rows=25, memo=3)
        for lines in read_lines(self.Letter._render_letters([letter])[0]):
            for number, (text, left, top, right, bottom) in enumerate(lines):
                for other in lines[number + 1 :]:
                    apart = (
                        right <= other[1] + 0.1
                        or other[3] <= left + 0.1
                        or bottom <= other[2] + 0.9
                        or other[4] <= top + 0.9
                    )
                    self.assertTrue(apart, (text, other))

    def test_measured_scale_is_that_of_the_build(self):
        scale, metrics = self.Letter._get_build()
        self.assertTrue(0.7 < scale < 1.6)
        self.assertGreaterEqual(metrics.widen, 1.0)
        if not engine._wkhtml().is_patched_qt:
            self.assertAlmostEqual(scale, engine.UNPATCHED_SCALE, delta=0.01)


@tagged("post_install", "-at_install")
class TestContent(PrintCase):
    def test_every_row_is_printed_once(self):
        counts = (1, 15, 40, 200)
        pdfs = self.Letter._render_letters(
            [letter_samples.letter(number, rows=count) for number, count in enumerate(counts)]
        )
        for count, pdf in zip(counts, pdfs):
            pages = page_texts(pdf)
            numbers = re.findall(r"FAC/2026/(\d{5})", "".join(pages))
            self.assertEqual([int(each) for each in numbers], list(range(1, count + 1)))
            for number, page in enumerate(pages, 1):
                self.assertEqual("FAC/" in page, "N°defacture" in page)
                self.assertEqual(len(pages) > 1, f"·{number}/{len(pages)}" in page)

    def test_the_quick_reader_reads_what_others_read(self):
        pdf = self.render(rows=3)
        slow = [squeeze("".join(line[0] for line in page)) for page in read_lines(pdf)]
        self.assertEqual(
            [sorted(page) for page in slow], [sorted(page) for page in page_texts(pdf)]
        )

    def test_signs_of_french_and_copied_spaces(self):
        text = (
            read_pdf(self.render(subject="Rappel n° 2 : « Œuvre » où ça, 1 234,56 € – naïveté"))
            .pages[0]
            .extract_text()
        )
        self.assertIn("Rappel n° 2 : « Œuvre » où ça, 1 234,56 € – naïveté", text)
        self.assertIn("FR76 3000 4000 0312 3456 7890 143", text)

    def test_long_words_names_and_amounts(self):
        billions = letter_samples.amount(10_000_000_000)
        rows = [
            letter_samples.row(1)
            | {"label": "X" * 90, "number": "F" * 40, "gross": billions, "balance": billions}
        ]
        pdf = self.Letter._render_letters(
            [
                letter_samples.letter(1)
                | {
                    "rows": rows,
                    "subject": "Anticonstitutionnellement" * 8,
                    "recipient_lines": ["Y" * 60] * 7,
                    "body_html": Markup("<p>%s</p>") % ("Z" * 300),
                    "totals": [{"label": "T" * 200, "amount": billions, "strong": True}],
                }
            ]
        )[0]
        self.assertEqual(squeeze("".join(page_texts(pdf))).count("10000000000,00€"), 3)
        for lines in read_lines(pdf):
            self.assertLess(max(line[3] for line in lines), 195.5)

    def test_markup_in_texts_is_printed_not_read(self):
        text = page_texts(self.render(subject="<b>A</b> & <script>B</script>"))[0]
        self.assertIn("<b>A</b>&<script>B</script>", text)

    def test_pictures_are_optional(self):
        letter = letter_samples.letter(1, payment=None, signature=None, salutation="")
        plain = read_pdf(self.Letter._render_letters([letter])[0])
        self.assertFalse(plain.pages[0].images)
        full = letter_samples.formal_notice(rows=1, memo=0, annexes=[])
        pages = read_pdf(self.Letter._render_letters([full])[0]).pages
        self.assertEqual(sum(len(page.images) for page in pages), 3)

    def test_two_languages(self):
        template = self.env.ref("relance_graduee.dunning_letter_labelled")
        template.update_field_translations("arch_db", {"fr_FR": {"Subject:": "Objet :"}})
        french, english = self.Letter._render_letters(
            [letter_samples.letter(1), letter_samples.english_letter(2)]
        )
        self.assertIn("Objet:", page_texts(french)[0])
        self.assertIn("Subject:", page_texts(english)[0])

    def test_unknown_language_does_not_stop_a_letter(self):
        self.assertIn("Subject:", page_texts(self.render(lang="xx_XX"))[0])

    def test_posting_list(self):
        data = letter_samples.posting_list(60)
        pages = page_texts(self.env["dunning.posting.list"]._render_posting_list(data))
        self.assertEqual(
            re.findall(r"CPT/2026/(\d{5})", "".join(pages)),
            [row["number"][-5:] for row in data["rows"]],
        )
        self.assertIn(f"·{len(pages)}/{len(pages)}", pages[-1])
        self.assertIn("22novembre2026", pages[0])
        self.assertIn(":60", pages[-1])

    def test_posting_list_cuts_no_address(self):
        data = letter_samples.posting_list(3)
        for row in data["rows"]:
            row["recipient"] = (
                "SOCIETE DES MATERIAUX DU MASSIF, A L ATTENTION DU REPRESENTANT LEGAL"
            )
            row["address"] = (
                "Z IND DES QUATRE CHEMINS PORTE 47, 12 CHE DES PEUPLIERS, 01260 BELMONT"
            )
        pages = page_texts(self.env["dunning.posting.list"]._render_posting_list(data))
        self.assertEqual("".join(pages).count("01260BELMONT"), 3)


@tagged("post_install", "-at_install")
class TestBatch(PrintCase):
    def test_a_batch_gives_each_its_own_document(self):
        letters = [
            letter_samples.letter(number, rows=1 + number * 2 % 23) for number in range(1, 31)
        ]
        self.Letter._get_build()  # the first letter of a process measures the program
        with patch.object(engine, "run_wkhtmltopdf", wraps=engine.run_wkhtmltopdf) as run:
            pdfs = self.Letter._render_letters(letters)
        self.assertEqual(run.call_count, 1)
        self.assertEqual(len(pdfs), 30)
        for letter, pdf in zip(letters, pdfs):
            reader = read_pdf(pdf)
            for text in page_texts(pdf):
                self.assertEqual(set(re.findall(r"CPT/2026/\d{5}", text)), {letter["marker"]})
            self.assertIn(letter["marker"], reader.metadata.title)
            self.assertLess(len(pdf), 200_000)

    def test_only_the_broken_letter_fails(self):
        letters = [letter_samples.letter(number) for number in range(1, 6)]
        letters[2]["body_html"] = object()
        del letters[4]["sender"]
        results = self.Letter._render_letters_safely(letters)
        self.assertEqual([bool(pdf) for pdf, _error in results], [True, True, False, True, False])
        self.assertIn("CPT/2026/00003", results[2][1])
        with self.assertRaisesRegex(UserError, "CPT/2026/00003"):
            self.Letter._render_letters(letters)

    def test_a_letter_that_breaks_the_process_fails_alone(self):
        def run(binary, patched, html, timeout):
            if "CPT/2026/00002" in html:
                raise engine.PrintError("boom")
            return real(binary, patched, html, timeout)

        real = engine.run_wkhtmltopdf
        letters = [letter_samples.letter(number) for number in range(1, 4)]
        with patch.object(engine, "run_wkhtmltopdf", side_effect=run):
            results = self.Letter._render_letters_safely(letters)
        self.assertEqual([bool(pdf) for pdf, _error in results], [True, False, True])
        self.assertIn("wkhtmltopdf", results[1][1])

    def test_pages_in_disorder_are_printed_one_by_one(self):
        letters = [letter_samples.letter(number) for number in range(1, 4)]
        real = self.Letter._render_html

        def disorder(model, documents):
            return real(documents[::-1])

        with patch.object(type(self.Letter), "_render_html", disorder):
            pdfs = self.Letter._render_letters(letters)
        for letter, pdf in zip(letters, pdfs):
            self.assertIn(letter["marker"], page_texts(pdf)[0])

    def test_missing_program_is_told_in_plain_words(self):
        none = engine._wkhtml()._replace(state="install")
        with (
            patch.object(engine, "_wkhtml", return_value=none),
            self.assertRaisesRegex(UserError, "wkhtmltopdf"),
        ):
            self.Letter._render_letters([letter_samples.letter(1)])

    def test_unreadable_probe_falls_back_on_the_known_scale(self):
        with patch.object(engine, "run_wkhtmltopdf", side_effect=engine.PrintError):
            scale, metrics = engine.measure_build.__wrapped__("wkhtmltopdf", False, "0")
        self.assertEqual(scale, engine.UNPATCHED_SCALE)
        self.assertIsInstance(metrics, Metrics)

    def test_wider_font_is_noticed(self):
        build = engine._wkhtml()
        probe = engine.PROBE.replace("'Liberation Sans'", "'DejaVu Sans Mono'")
        with patch.object(engine, "PROBE", probe):
            scale, metrics = engine.measure_build.__wrapped__(
                build.bin, build.is_patched_qt, build.version
            )
        self.assertAlmostEqual(scale, self.Letter._get_build()[0], places=2)
        self.assertGreaterEqual(metrics.widen, 1.0)

    def test_no_letters(self):
        self.assertEqual(self.Letter._render_letters([]), [])
