"""Flowing content of a letter, cut into units. Pure Python, no ORM.

The functions take the dict of a letter (see ``letter_pages``) and give units in reading
order. What the template finds in a block, beside ``top``, ``height`` and in each part
``offset`` (mm below the top of the block):

- ``text``: ``size``, ``pitch``, ``style``, parts {``html``, ``bullet``, ``indent``: mm}
- ``labelled`` (subject, references, enclosures): ``size``, ``pitch``, ``role``,
  ``label_width``, parts {``label``, ``html``, ``first``}
- ``table``: as ``letter_table.fit_table``, and ``faded``; parts as ``letter_table.fit_row``
- ``totals``: ``width``, ``amount_width``, parts {``lines``, ``amount``, ``strong``, ``size``,
  ``pitch``, ``height``}
- ``end``: one part {``payment``, ``signature``: dict or None}
"""

import dataclasses

from markupsafe import escape

from .table import fit_row, fit_table
from .text import Paragraph, clean, paragraph_lines, read_paragraphs, wrap

SMALL, SMALL_PITCH = 8.25, 3.9  # points, mm; the rest in mm
INDENT, SUBJECT_LABEL, LONGEST_LABEL = 5.0, 18.0, 34.0
TOTALS_WIDTH, TOTAL_HEIGHT, STRONG_HEIGHT = 104.0, 5.2, 7.4
PAYMENT_WIDTH, SIGNATURE_WIDTH = 114.0, 50.0
FRAME, QR_SIDE = 3.0, 27.0
SIGNATURE_IMAGE = 19.0  # height of the image, kept free for a hand when there is none


@dataclasses.dataclass
class Unit:
    """A unit that must not be cut: a line of text, a row, a block.

    ``kind`` and ``block`` (one dict shared by the units that make one block, such as the rows
    of a table) tell the template what to draw; ``height`` in mm; ``head``: mm that are
    repeated above the first unit of a block on each page; ``gap``: mm above, dropped at the
    top of a page; ``keep``: on the same page as the next unit; ``fresh``: begins a page.
    """

    kind: str
    height: float
    data: dict
    block: dict = dataclasses.field(default_factory=dict)
    head: float = 0.0
    gap: float = 0.0
    keep: bool = False
    fresh: bool = False


def _keep_together(units, first, last):
    """Links the first ``first`` units of a list, and its last ``last`` ones."""
    for unit in units[: first - 1] + units[max(0, len(units) - last) : -1]:
        unit.keep = True
    return units


# ------------------------------------------------------------------ text


def paragraph_units(paragraph, width, metrics, gap, style=""):
    """A paragraph as one unit a line; never one line alone at the foot or head of a page."""
    size, indent = metrics.font(metrics.density.body), paragraph.depth * INDENT
    block = {"size": size, "pitch": metrics.length(metrics.density.pitch), "style": style}
    lines = paragraph_lines(paragraph, width - indent, size, metrics)
    units = [
        Unit(
            "text",
            block["pitch"],
            {"html": html, "indent": indent, "bullet": "" if number else paragraph.bullet},
            block,
            gap=0.0 if number else metrics.length(gap),
        )
        for number, html in enumerate(lines)
    ]
    return _keep_together(units, 3 if len(units) == 3 else 2, 2)


def html_units(html, width, metrics):
    """The paragraphs of a piece of HTML."""
    units, before, gaps = [], None, metrics.density
    for paragraph in read_paragraphs(html):
        gap = gaps.paragraph_gap if before else gaps.section_gap
        if before and before.depth and paragraph.depth:
            gap = gaps.list_gap
        units += paragraph_units(paragraph, width, metrics, gap)
        before = paragraph
    return units


def text_units(text, width, metrics, gap, style="", bold=False):
    """A plain text (salutation, title), kept with what follows."""
    runs = [(clean(text), "b" if bold else "")]
    units = paragraph_units(Paragraph(runs), width, metrics, gap, style) if runs[0][0] else []
    for unit in units:
        unit.keep = True
    return units


def _label_width(labels, size, metrics):
    """The width of a column of labels, its gutter included."""
    widest = max((metrics.width(clean(label), size) for label in labels), default=0.0)
    return min(LONGEST_LABEL, widest + 3.0)


def _labelled_lines(pairs, width, label_width, size, metrics, bold=False):
    """Pairs (label, value) as printed lines [{label, html, paired: has a column of labels}];
    the label stands on the first line of its value."""
    lines = []
    for label, value in pairs:
        wrapped = wrap(value, width - label_width, size, metrics, bold=bold) or [""]
        labels = wrap(label, label_width - 1.5, size, metrics, most=1)
        lines += [
            {
                "label": "" if number or not labels else labels[0],
                "html": escape(text),
                "paired": bool(label_width),
            }
            for number, text in enumerate(wrapped)
        ]
    return lines


def labelled_units(role, pairs, width, metrics, gap, *, label_width, small=False, bold=False):
    """Lines with a label before them: subject, references, enclosures."""
    size = metrics.font(SMALL if small else metrics.density.body)
    pitch = metrics.length(SMALL_PITCH if small else metrics.density.pitch)
    block = {"role": role, "size": size, "pitch": pitch, "label_width": label_width}
    lines = _labelled_lines(pairs, width, label_width, size, metrics, bold)
    return [
        Unit(
            "labelled",
            pitch,
            {**line, "first": not number},
            block,
            gap=0.0 if number else metrics.length(gap),
        )
        for number, line in enumerate(lines)
    ]


def _opening_units(letter, references, width, metrics):
    """Subject, references that found no room beside the window, enclosures, salutation."""
    units = labelled_units(
        "subject",
        [("", letter["subject"])],
        width,
        metrics,
        0.0,
        label_width=SUBJECT_LABEL,
        bold=True,
    )
    if references:
        units += labelled_units(
            "references",
            references,
            width,
            metrics,
            2.0,
            small=True,
            label_width=_label_width(
                [label for label, _value in references], metrics.font(SMALL), metrics
            ),
        )
    enclosures = [clean(each) for each in letter.get("enclosures") or [] if clean(each)]
    enclosures = enclosures if len(enclosures) <= 3 else [" ; ".join(enclosures)]
    if enclosures:
        units += labelled_units(
            "enclosures",
            [("", each) for each in enclosures],
            width,
            metrics,
            2.0,
            label_width=SUBJECT_LABEL,
            small=True,
        )
    _keep_together(units, 2, 0)
    return units + text_units(
        letter.get("salutation"), width, metrics, metrics.density.section_gap + 0.9
    )


def fit_side(letter, place, metrics):
    """The column left of the window: who follows the file, then the references.

    :param place: (left, top, width, height) in mm
    :return: ({``left``, ``top``, ``width``, ``size``, ``pitch``, ``label_width``, ``lines``:
        [{``label``, ``html``, ``paired``, ``gap``: mm above}]}, [(label, value)] of the
        references when these did not fit)
    """
    left, top, width, height = place
    size, pitch = metrics.font(SMALL), metrics.length(SMALL_PITCH)
    contacts = [
        (label, text)
        for label, text in (
            ("", clean(each)) for each in letter["sender"].get("contact_lines") or []
        )
        if text
    ]
    references = list(letter.get("references") or [])
    label_width = _label_width([label for label, _value in references], size, metrics)
    lines = _labelled_lines(contacts, width, 0.0, size, metrics)
    below = _labelled_lines(references, width, label_width, size, metrics)
    space = pitch / 2 if lines and below else 0.0
    fits = (len(lines) + len(below)) * pitch + space <= height
    lines = lines[: int(height / pitch)] + (below if fits else [])
    if fits and below and space:
        lines[-len(below)]["gap"] = metrics.length(space)
    return (
        {
            "left": left,
            "top": top,
            "width": width,
            "size": size,
            "pitch": pitch,
            "label_width": label_width,
            "lines": lines,
        },
        [] if fits else references,
    )


# ------------------------------------------------------------------ tables and totals


def table_units(rows, table, metrics, gap, faded=False):
    """The rows of a table; never one row alone under the head or on the last page."""
    block = {**table, "faded": faded}
    units = [
        Unit("table", row["height"], row, block, head=table["height"])
        for row in (fit_row(each, table, metrics) for each in rows)
    ]
    if units:
        units[0].gap = metrics.length(gap)
    return _keep_together(units, 2, 3)


def totals_units(totals, metrics):
    """The lines of the totals, all on one page."""
    size, strong = metrics.font(SMALL), metrics.font(metrics.density.body)
    amounts = max(
        (metrics.width(clean(each["amount"]), strong, bold=True) for each in totals), default=0.0
    )
    block = {"width": TOTALS_WIDTH, "amount_width": amounts + 3.0}
    units = []
    for each in totals:
        bold = bool(each.get("strong"))
        data = _total_data(each, TOTALS_WIDTH - amounts - 6.0, strong if bold else size, metrics)
        units.append(Unit("totals", data["height"], data, block))
    if units:
        units[0].gap = metrics.length(1.6)
    return _keep_together(units, len(units), len(units))


def _total_data(total, width, size, metrics):
    """One line of the totals: {lines, amount, strong, size, pitch, height}."""
    bold = bool(total.get("strong"))
    lines = wrap(total.get("label"), width, size, metrics, bold=bold, most=2) or [""]
    pitch = metrics.length(size * 1.25)
    least = STRONG_HEIGHT if bold else TOTAL_HEIGHT
    return {
        "lines": lines,
        "amount": clean(total["amount"]),
        "strong": bold,
        "size": size,
        "pitch": pitch,
        "height": metrics.length(max(least, len(lines) * pitch + 1.6)),
    }


def _table_section(source, width, metrics):
    """Table, totals and the table "for the record" of a letter or of an annex."""
    rows, memo = source.get("rows") or [], source.get("memo_rows") or []
    if not source.get("columns"):
        return totals_units(source.get("totals") or [], metrics)
    table = fit_table(source["columns"], [*rows, *memo], width, metrics)
    units = table_units(rows, table, metrics, metrics.density.table_gap)
    totals = totals_units(source.get("totals") or [], metrics)
    if units and totals:
        units[-1].keep = True
    units += totals
    if memo:
        units += text_units(
            source.get("memo_title"),
            width,
            metrics,
            metrics.density.section_gap,
            style="memo_title",
        )
        units += table_units(memo, table, metrics, 1.6, faded=True)
    return units


# ------------------------------------------------------------------ payment and signature


def fit_payment(payment, metrics):
    """The frame with the bank details.

    :return: {``title``, ``lines``: [{label, html}], ``note``: [str], ``qr``, ``size``,
        ``pitch``, ``note_size``, ``note_pitch``, ``label_width``, ``width``, ``height``}
    """
    size, pitch = metrics.font(SMALL), metrics.length(SMALL_PITCH)
    width = PAYMENT_WIDTH - 2 * FRAME
    text_width = width - (QR_SIDE + 3.0 if payment.get("qr") else 0.0)
    pairs = payment.get("lines") or []
    label_width = _label_width([label for label, _value in pairs], size, metrics)
    lines = _labelled_lines(pairs, text_width, label_width, size, metrics)
    note_size, note_pitch = metrics.font(6.9), metrics.length(3.1)
    note = wrap(payment.get("note"), text_width, note_size, metrics)
    title = metrics.length(5.2) if payment.get("title") else 0.0
    height = title + len(lines) * pitch + (len(note) * note_pitch + 1.2 if note else 0.0)
    height = max(height, QR_SIDE if payment.get("qr") else 0.0) + 2 * FRAME
    return {
        "title": clean(payment.get("title")),
        "title_height": title,
        "lines": lines,
        "note": note,
        "note_size": note_size,
        "note_pitch": note_pitch,
        "qr": payment.get("qr") or False,
        "size": size,
        "pitch": pitch,
        "label_width": label_width,
        "width": PAYMENT_WIDTH,
        "frame": FRAME,
        "qr_side": QR_SIDE,
        "height": metrics.length(height),
    }


def fit_signature(signature, metrics):
    """The signature block: {``name``, ``capacity``: [str], ``image``, sizes, ``height``}."""
    size, pitch = metrics.font(metrics.density.body), metrics.length(metrics.density.pitch)
    small, small_pitch = metrics.font(SMALL), metrics.length(SMALL_PITCH)
    name = wrap(signature.get("name"), SIGNATURE_WIDTH, size, metrics, bold=True, most=2)
    capacity = wrap(signature.get("capacity"), SIGNATURE_WIDTH, small, metrics, most=3)
    texts = len(name) * pitch + len(capacity) * small_pitch
    return {
        "name": name,
        "capacity": capacity,
        "image": signature.get("image") or False,
        "size": size,
        "pitch": pitch,
        "small": small,
        "small_pitch": small_pitch,
        "width": SIGNATURE_WIDTH,
        "image_top": texts + 1.0,
        "image_height": SIGNATURE_IMAGE,
        "height": metrics.length(texts + 1.0 + SIGNATURE_IMAGE),
    }


def end_units(letter, metrics):
    """Bank details at the left, signature at the right of the same block."""
    payment, signature = letter.get("payment"), letter.get("signature")
    data = {
        "payment": fit_payment(payment, metrics) if payment else None,
        "signature": fit_signature(signature, metrics) if signature else None,
    }
    heights = [each["height"] for each in data.values() if each]
    if not heights:
        return []
    return [Unit("end", max(heights), data, gap=metrics.length(metrics.density.end_gap))]


def _signed(units, end):
    """The units and the end block, which is never on a page without words of the letter."""
    units[-1].keep = bool(end)
    if end and [unit.kind for unit in units[-3:]] == ["text"] * 3:
        _keep_together(units, 1, 3)
    return units + end


def _annex_units(annex, width, metrics):
    """One annex, from the top of a new page."""
    units = text_units(annex.get("title"), width, metrics, 0.0, style="title", bold=True)
    units += html_units(annex.get("html"), width, metrics)
    units += _table_section(annex, width, metrics)
    if units:
        units[0].fresh = True
        units[-1].keep = False
    return units


def make_units(letter, references, width, metrics):
    """All that flows, in reading order.

    :param references: [(label, value)] to print under the subject
    :param width: mm of the column of text
    :return: [Unit]
    """
    units = _opening_units(letter, references, width, metrics)
    units += html_units(letter.get("body_html"), width, metrics)
    units[-1].keep = True  # a table is not parted from the sentence that announces it
    units += _table_section(letter, width, metrics)
    units += html_units(letter.get("closing_html"), width, metrics)
    units = _signed(units, end_units(letter, metrics))
    for annex in letter.get("annexes") or []:
        units += _annex_units(annex, width, metrics)
    return units
