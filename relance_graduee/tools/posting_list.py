"""Cuts the list of registered letters into pages. Pure Python, no ORM; lengths in mm."""

from .letter.blocks import Unit
from .letter.pages import BOTTOM, FOOT, LEFT, NEXT_TOP, WIDTH, blocks_of, fill_pages, fit_lines
from .letter.table import fit_row, fit_table

FIRST_TOP = 62.0  # below the sender and the title of the first page
ADDRESS_LINES = 8  # an address is 7 lines of 38 characters at most: the post needs all of it
STAMP = (WIDTH, 38.0)  # the frame for the post office's stamp, with the total beside it
COLUMNS = (
    ("rank", "right", 8),
    ("tracking_number", "left", 34),
    ("number", "left", 26),
    ("label", "left", None),
    ("weight", "left", 16),
    ("rate", "left", 16),
)


def _columns(labels):
    return [
        {"key": key, "label": labels[key], "align": align, "width": width}
        for key, align, width in COLUMNS
    ]


def _rows(rows):
    """The rows numbered, with the addressee in one text."""
    return [
        {
            "rank": str(rank),
            "tracking_number": row.get("tracking_number"),
            "number": row.get("number"),
            "label": ", ".join(filter(None, (row.get("recipient"), row.get("address")))),
        }
        for rank, row in enumerate(rows, 1)
    ]


def _units(data, labels, metrics):
    rows = _rows(data["rows"])
    table = fit_table(_columns(labels), rows, WIDTH, metrics)
    block = {**table, "faded": False}
    units = [
        Unit("table", row["height"], row, block, head=table["height"])
        for row in (fit_row(row, table, metrics) for row in rows)
    ]
    for unit in units[-2:]:
        unit.keep = True  # the stamp is never on a page without letters
    return units + [Unit("stamp", metrics.length(STAMP[1]), {}, gap=metrics.length(6.0))]


def cut_posting_list(data, labels, metrics):
    """The pages of one list.

    :param data: see ``dunning.posting.list``, all as text
    :param labels: {key of a column: its head}
    :param metrics: ``letter_text.Metrics`` of the machine that prints
    :return: [page], shaped as those of ``letter_pages.cut_letter``; ``first`` holds ``name``
        and ``lines`` of the sender, fitted
    """
    density = metrics.density._replace(label_lines=ADDRESS_LINES)
    filled = fill_pages(
        _units(data, labels, metrics._replace(density=density)),
        BOTTOM - FIRST_TOP,
        BOTTOM - NEXT_TOP,
    )
    foot = fit_lines([data["sender"]["name"]], FOOT, 6.4, metrics)
    foot |= {"page_size": metrics.font(6.9), "page_pitch": metrics.length(3.4)}
    first = {
        "name": fit_lines(
            [data["sender"]["name"]], (LEFT, 14.0, 92.0, 6.0), 11.0, metrics, bold=True
        ),
        "lines": fit_lines(
            data["sender"].get("lines") or [], (LEFT, 20.0, 92.0, 24.0), 8.25, metrics, leading=1.35
        ),
    }
    return [
        {
            "number": number,
            "count": len(filled),
            "marker": data["marker"],
            "foot": foot,
            "first": first if number == 1 else None,
            "blocks": blocks_of(placed, FIRST_TOP if number == 1 else NEXT_TOP),
        }
        for number, placed in enumerate(filled, 1)
    ]
