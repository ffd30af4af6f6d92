import io

from pypdf import PdfWriter
from reportlab.pdfgen import canvas

from odoo.tests import BaseCase, tagged

from ...tools.letter.pdf import merge_pdfs, read_pdf, squeeze
from ...tools.pdf_overprint import overprint

LINES = ["DUPLICATA CERTIFIÉ CONFORME", "le 22/11/2026", "Bureautique du Rhône SAS"]


def make_pdf(texts, size=(595, 842)):
    """A PDF of one page a text."""
    target = io.BytesIO()
    drawing = canvas.Canvas(target, pagesize=size)
    for text in texts:
        drawing.drawString(60, 700, text)
        drawing.showPage()
    drawing.save()
    return target.getvalue()


def places(page):
    """{text: (x, y)} of a page, in points, in the plane of its content."""
    found = {}

    def visit(text, matrix, text_matrix, _font, _size):
        if text.strip():
            x, y = text_matrix[4:6]
            found[text.strip()] = (
                matrix[0] * x + matrix[2] * y + matrix[4],
                matrix[1] * x + matrix[3] * y + matrix[5],
            )

    page.extract_text(visitor_text=visit)
    return found


@tagged("post_install", "-at_install")
class TestOverprint(BaseCase):
    def test_every_page_is_stamped_and_keeps_its_text(self):
        pages = read_pdf(overprint(make_pdf(["Total 1 234,56", "Page deux"]), LINES)).pages
        self.assertEqual(len(pages), 2)
        for page, own in zip(pages, ("Total 1 234,56", "Page deux")):
            text = squeeze(page.extract_text())
            for line in [own, *LINES]:
                self.assertIn(squeeze(line), text)

    def test_stamp_stands_in_the_top_right_corner(self):
        page = read_pdf(overprint(make_pdf(["x"]), LINES)).pages[0]
        x, y = places(page)[LINES[0]]
        self.assertGreater(x, 595 / 2)
        self.assertGreater(y, 842 - 60)

    def test_turned_pages_are_stamped_upright(self):
        for turn, corner in ((90, (0, 842)), (180, (0, 0)), (270, (595, 0))):
            writer = PdfWriter()
            writer.add_page(read_pdf(make_pdf(["x"])).pages[0]).rotate(turn)
            target = io.BytesIO()
            writer.write(target)
            page = read_pdf(overprint(target.getvalue(), LINES)).pages[0]
            x, y = places(page)[LINES[0]]
            # the seen corner at the top right lies elsewhere in the plane of the page
            self.assertLess(abs(x - corner[0]) + abs(y - corner[1]), 300, turn)

    def test_attachments_of_an_electronic_invoice_stay(self):
        writer = PdfWriter()
        writer.add_page(read_pdf(make_pdf(["x"])).pages[0])
        writer.add_attachment("factur-x.xml", b"<xml/>")
        target = io.BytesIO()
        writer.write(target)
        self.assertIn("factur-x.xml", read_pdf(overprint(target.getvalue(), LINES)).attachments)

    def test_long_and_foreign_names(self):
        for name in ("Łódź Ελλάδα SA", "X" * 120, "東京"):
            self.assertEqual(len(read_pdf(overprint(make_pdf(["x"]), ["COPY", name])).pages), 1)

    def test_nothing_to_stamp_is_an_error(self):
        with self.assertRaises(ValueError):
            overprint(make_pdf(["x"]), ["", " "])


@tagged("post_install", "-at_install")
class TestMerge(BaseCase):
    def test_order_is_kept(self):
        merged = read_pdf(merge_pdfs([make_pdf(["a", "b"]), make_pdf(["c"])]))
        self.assertEqual([page.extract_text().strip() for page in merged.pages], ["a", "b", "c"])

    def test_nothing_gives_nothing(self):
        self.assertEqual(merge_pdfs([]), b"")
