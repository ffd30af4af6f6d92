"""PDF files of letters: split, merged, read back. Pure Python, no ORM.

A PDF is ``bytes`` everywhere. Odoo runs with pypdf or with its older name PyPDF2.
"""

import io
import re

try:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject, StreamObject
except ImportError:  # pragma: no cover - the PyPDF2 of older distributions
    from PyPDF2 import PdfReader, PdfWriter
    from PyPDF2.generic import NameObject, StreamObject

POINTS_TO_MM = 25.4 / 72


def read_pdf(pdf):
    """A reader over the bytes of a PDF."""
    return PdfReader(io.BytesIO(pdf))


def write_pdf(pages, title=None):
    """The bytes of a new PDF made of page objects."""
    writer = PdfWriter()
    for page in pages:
        writer.add_page(page)
    if title:
        writer.add_metadata({"/Title": title})
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def merge_pdfs(pdfs):
    """One PDF of several, in their order.

    :param pdfs: iterable of bytes
    :return: bytes; b"" when there is nothing to merge
    """
    pages = [page for pdf in pdfs for page in read_pdf(pdf).pages]
    return write_pdf(pages) if pages else b""


def is_readable_pdf(pdf):
    """Whether bytes are a PDF whose pages can be read, and so be printed behind a letter."""
    try:
        return bool(pdf) and len(read_pdf(pdf).pages) > 0
    except Exception:  # whatever a damaged or encrypted file makes of the reader
        return False


def split_pages(reader, counts, titles):
    """The documents of which a PDF is made.

    :param reader: the PDF, of ``sum(counts)`` pages
    :param counts: [int] pages of each document
    :param titles: [str] written in the properties of each document
    :return: [bytes]
    """
    documents, start = [], 0
    for count, title in zip(counts, titles):
        documents.append(write_pdf(reader.pages[start : start + count], title))
        start += count
    return documents


def squeeze(text):
    """A text without any white space: extracted texts differ in nothing but that."""
    return "".join(text.split())


def _fonts(reader):
    """The fonts of a PDF, each once: {object number: font dictionary}."""
    fonts = {}
    for page in reader.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            fonts.setdefault(getattr(font, "idnum", id(font)), font.get_object())
    return fonts.values()


def repair_spaces(reader):
    """Makes spaces readable again, in place.

    Qt says that its glyph of the space is a tabulation (both characters share that glyph), so
    text copied from its files, an IBAN for one, or searched in them, has no spaces.
    """
    for font in _fonts(reader):
        if "/ToUnicode" not in font:
            continue
        table = font["/ToUnicode"].get_object()
        repaired = StreamObject()
        repaired._data = re.sub(rb"<0009>(?=[ \]])", b"<0020>", table.get_data())
        font[NameObject("/ToUnicode")] = repaired


def _glyphs(font):
    """{glyph number: character} of a font of a Qt PDF, as its ToUnicode table lists them."""
    table = font["/ToUnicode"].get_object().get_data()
    glyphs = {}
    for first, codes in re.findall(rb"<(\w{4})> <\w{4}> \[([^\]]*)\]", table):
        characters = re.findall(rb"<(\w{4})>", codes)
        glyphs.update(
            {int(first, 16) + number: chr(int(code, 16)) for number, code in enumerate(characters)}
        )
    return glyphs


class QtTexts:
    """Reads the texts of the pages of a PDF made by Qt, without their white space.

    A hundred times faster than a general text extraction, which would take longer than the
    printing itself: Qt writes every glyph as one ``<0012> Tj``.
    """

    def __init__(self):
        self.fonts = {}

    def _font(self, resources, name):
        reference = resources["/Font"].raw_get("/" + name)
        key = getattr(reference, "idnum", id(reference))
        if key not in self.fonts:
            self.fonts[key] = _glyphs(reference.get_object())
        return self.fonts[key]

    def text_of(self, page, last=40_000):
        """The text at the end of a page, its foot that is, in the ``last`` bytes of drawing;
        "" when it is written in another way than Qt's."""
        contents = page["/Contents"].get_object()
        parts = contents if isinstance(contents, list) else [contents]
        data = b"\n".join(part.get_object().get_data() for part in parts)
        font, text = {}, []
        for name, codes in re.findall(rb"/(F\d+) [\d.]+ Tf|<(\w+)> Tj", data[-last:]):
            if name:
                font = self._font(page["/Resources"], name.decode())
            text += [
                font.get(int(codes[start : start + 4], 16), "") for start in range(0, len(codes), 4)
            ]
        return squeeze("".join(text))


def text_starts(page):
    """Positions of the texts of a page: [(text, mm from the left)]."""
    found = []

    def visit(text, matrix, text_matrix, _font, _size):
        if text.strip():
            x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
            found.append((text.strip(), x * POINTS_TO_MM))

    page.extract_text(visitor_text=visit)
    return found
