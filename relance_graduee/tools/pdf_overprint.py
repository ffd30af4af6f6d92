"""Stamps a framed mention on a PDF, such as a certified duplicate. Pure Python, no ORM."""

import io

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen import canvas

from .letter.pdf import PdfWriter, read_pdf

MM = 72 / 25.4  # PDF points in a millimetre
LARGEST, SMALLEST = 9.5, 5.0  # points; the lines after the first are a quarter smaller
WIDEST = 70.0  # mm of the frame
MARGIN, PADDING = 5.0, 1.8  # mm to the edges of the paper, and inside the frame
COLOR = (0.15, 0.25, 0.5)
INK, PAPER = 0.75, 0.55  # opacity of the stamp, and of the white under it
# Fonts that know more than Latin letters, for company names; Helvetica when there is none.
_FONTS = (
    ("DejaVuSans-Bold.ttf", "DejaVuSans.ttf"),
    ("LiberationSans-Bold.ttf", "LiberationSans-Regular.ttf"),
)


def _fonts(lines):
    """(name of the bold font, of the regular one) that can write these lines."""
    if all(_is_western(line) for line in lines):
        return "Helvetica-Bold", "Helvetica"
    for names in _FONTS:
        try:
            for name in names:
                pdfmetrics.registerFont(TTFont(name, name))
            return names
        except TTFError:
            continue
    return "Helvetica-Bold", "Helvetica"


def _is_western(text):
    """Whether the fonts that every PDF reader has can write it."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _sizes(lines, fonts):
    """The font size of each line in points: the first larger, all inside the widest frame."""
    room = (WIDEST - 2 * PADDING) * MM
    sizes = []
    for number, line in enumerate(lines):
        size, font = (LARGEST, fonts[0]) if not number else (LARGEST * 0.75, fonts[1])
        width = pdfmetrics.stringWidth(line, font, size)
        sizes.append(max(SMALLEST, min(size, size * room / width)) if width else size)
    return sizes


def _draw_stamp(drawing, lines, right, top, room):
    """Draws the frame with its top right corner at (right, top), in points.

    :param room: points left empty below the last line
    """
    fonts = _fonts(lines)
    sizes = _sizes(lines, fonts)
    names = [fonts[0], *[fonts[1]] * (len(lines) - 1)]
    width = max(pdfmetrics.stringWidth(*each) for each in zip(lines, names, sizes))
    width, height = width + 2 * PADDING * MM, sum(sizes) * 1.3 + 2 * PADDING * MM + room
    left, bottom = right - width, top - height
    drawing.setFillColorRGB(1, 1, 1, alpha=PAPER)
    drawing.setStrokeColorRGB(*COLOR, alpha=INK)
    drawing.setLineWidth(1.2)
    drawing.roundRect(left, bottom, width, height, 1.5 * MM, stroke=1, fill=1)
    drawing.setFillColorRGB(*COLOR, alpha=INK)
    y = top - PADDING * MM
    for line, name, size in zip(lines, names, sizes):
        y -= size * 1.3
        drawing.setFont(name, size)
        drawing.drawCentredString(left + width / 2, y + size * 0.42, line)


def _stamp(lines, width, height, room):
    """A PDF page of this size (points) with nothing on it but the stamp."""
    target = io.BytesIO()
    drawing = canvas.Canvas(target, pagesize=(width, height))
    _draw_stamp(drawing, lines, width - MARGIN * MM, height - MARGIN * MM, room)
    drawing.save()
    return read_pdf(target.getvalue()).pages[0]


def _placement(page):
    """(width, height) of a page as it is seen, and the matrix from there to its own plane."""
    box = page.cropbox
    left, bottom, width, height = (
        float(each) for each in (box.left, box.bottom, box.width, box.height)
    )
    turn = int(page.get("/Rotate", 0) or 0) % 360
    matrix = {
        90: (0, 1, -1, 0, left + width, bottom),
        180: (-1, 0, 0, -1, left + width, bottom + height),
        270: (0, -1, 1, 0, left, bottom + height),
    }.get(turn, (1, 0, 0, 1, left, bottom))
    return (height, width) if turn in (90, 270) else (width, height), matrix


def overprint(pdf, lines, room=0.0):
    """Stamps lines in a frame at the top right of each page, above what is printed there.

    The frame lies near the edges, where invoices have their margin, and what it may touch stays
    readable through it.

    :param pdf: bytes
    :param lines: [str], the first in bold: "DUPLICATA CERTIFIÉ CONFORME", "le 22/11/2026"…
    :param room: mm left empty below the lines of the first page, to sign and stamp by hand
    :return: bytes; what is attached to the PDF (an electronic invoice) stays attached
    :raise ValueError: there is nothing to stamp
    """
    lines = [line.strip() for line in lines if line and line.strip()]
    if not lines:
        raise ValueError("there is nothing to stamp")
    reader, target = read_pdf(pdf), io.BytesIO()
    writer = PdfWriter()
    writer.clone_document_from_reader(reader)
    for number, page in enumerate(writer.pages):
        size, matrix = _placement(page)
        # the second name is that of PyPDF2
        merge = getattr(page, "merge_transformed_page", None) or page.mergeTransformedPage
        merge(_stamp(lines, *size, 0.0 if number else room * MM), matrix)
    writer.write(target)
    return target.getvalue()
