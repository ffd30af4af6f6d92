"""The tables of a letter: column widths, lines in cells, heights of rows. Pure Python.

Every length is in millimetres on the printed paper. Figures are never cut nor wrapped: the
columns are widened to what they hold, the free text column (``label``) gives way, then the
type gets smaller, and at the very last the type of a single cell.
"""

from .text import clean, wrap

SIZES = (8.25, 7.5, 6.9, 6.3)  # points, the first that fits is taken
LEADING = 1.24  # height of a line, in font sizes
CELL_SIDE = 1.0  # mm inside a cell, left and right
MIN_LABEL = 26.0  # mm that the free text column keeps when it holds long texts
TEXT_LINES, HEAD_LINES = 3, 3
MOST_STRETCH = 1.6  # a column of texts may grow to this many times its given width


def _is_flexible(column):
    return column["key"] == "label" or not column.get("width")


def _is_text(column):
    return column.get("align", "left") == "left"


def _natural_widths(columns, rows, metrics):
    """Widths of the columns: [(em of the longest cell, em of the longest word of the head)]."""
    widths = []
    for column in columns:
        cells = [metrics.width(clean(row.get(column["key"])), 1.0) for row in rows]
        words = clean(column.get("label")).split() or [""]
        widths.append(
            (max(cells, default=0.0), max(metrics.width(word, 1.0, bold=True) for word in words))
        )
    return widths


def _needed_width(column, natural, size, preferred):
    """The width in mm of a column of given width at a font size; ``preferred``: no less than
    the width that was asked for."""
    cell, head = natural
    needed = cell * size + 2 * CELL_SIDE + 0.2
    if _is_text(column):
        needed = min(needed, MOST_STRETCH * column["width"])
    needed = max(needed, head * size + 2 * CELL_SIDE + 0.2)
    return max(needed, column["width"]) if preferred else needed


def _label_minimum(columns, naturals, size):
    """The least width in mm that the flexible columns together can live with."""
    return sum(
        max(min(MIN_LABEL, cell * size + 2 * CELL_SIDE), head * size + 2 * CELL_SIDE)
        for column, (cell, head) in zip(columns, naturals)
        if _is_flexible(column)
    )


def _fit_widths(columns, naturals, size, width, preferred):
    """The widths of all columns at one font size, or None when they do not fit in ``width``."""
    fixed = [
        None if _is_flexible(column) else _needed_width(column, natural, size, preferred)
        for column, natural in zip(columns, naturals)
    ]
    taken = sum(each for each in fixed if each is not None)
    if taken + _label_minimum(columns, naturals, size) > width + 0.001:
        return None
    return _spread(fixed, width)


def _spread(fixed, width):
    """Gives what is left to the flexible columns, or to all when there is none of these."""
    taken = sum(each for each in fixed if each is not None)
    flexible = sum(each is None for each in fixed)
    if not flexible:
        return [each * width / taken for each in fixed]
    return [(width - taken) / flexible if each is None else each for each in fixed]


def _squeezed_widths(columns, naturals, size, width):
    """The widths when nothing fits: the fixed columns shrink together."""
    labels = _label_minimum(columns, naturals, size)
    fixed = [
        None if _is_flexible(column) else _needed_width(column, natural, size, False)
        for column, natural in zip(columns, naturals)
    ]
    taken = sum(each for each in fixed if each is not None)
    ratio = max(0.1, (width - labels) / taken) if taken else 1.0
    return _spread([each and each * ratio for each in fixed], width)


def _choose(columns, naturals, width, metrics):
    """(font size in mm, [width in mm]): the largest type at which everything fits."""
    for points in SIZES:
        size = metrics.font(points)
        for preferred in (True, False):
            widths = _fit_widths(columns, naturals, size, width, preferred)
            if widths:
                return size, widths
    return size, _squeezed_widths(columns, naturals, size, width)


def fit_table(columns, rows, width, metrics):
    """The common shape of the tables that have these columns.

    :param columns: [{key, label, align, width}], see ``letter_pages``
    :param rows: all rows that will be printed in this shape, of every table
    :param width: mm
    :return: {``size``, ``pitch``: font size and height of a line, ``height``: of the head,
        ``columns``: [{``key``, ``align``, ``left``, ``width``, ``lines``: [str] of the head,
        ``most``: lines of a cell, 0 when a cell must not be wrapped}]}, lengths in mm
    """
    size, widths = _choose(columns, _natural_widths(columns, rows, metrics), width, metrics)
    fitted, left = [], 0.0
    for column, each in zip(columns, widths):
        text_lines = metrics.density.label_lines if _is_flexible(column) else TEXT_LINES
        fitted.append(
            {
                "key": column["key"],
                "align": column.get("align", "left"),
                "left": left,
                "width": each,
                "most": text_lines if _is_text(column) else 0,
                "lines": wrap(
                    column.get("label"),
                    each - 2 * CELL_SIDE,
                    size,
                    metrics,
                    bold=True,
                    most=HEAD_LINES,
                ),
            }
        )
        left += each
    pitch = metrics.length(size * LEADING)
    lines = max((len(column["lines"]) for column in fitted), default=1)
    return {
        "size": size,
        "pitch": pitch,
        "columns": fitted,
        "height": metrics.length(lines * pitch + 2 * metrics.density.cell_top),
    }


def _fit_cell(text, column, size, metrics):
    """{lines: [str], size: mm} of one cell; a figure too wide for its column gets smaller."""
    room = column["width"] - 2 * CELL_SIDE
    if column["most"]:
        return {"lines": wrap(text, room, size, metrics, most=column["most"]), "size": size}
    text = clean(text).replace("\n", " ")
    while size > metrics.pixel and metrics.width(text, size) > room + 0.1:
        size -= metrics.pixel
    return {"lines": [text], "size": size}


def fit_row(row, table, metrics):
    """One row of a table fitted by ``fit_table``.

    :return: {``kind``: "item", "credit" or "sum", ``height``: mm, ``cells``: [{lines, size}]}
    """
    cells = [
        _fit_cell(row.get(column["key"]), column, table["size"], metrics)
        for column in table["columns"]
    ]
    lines = max((len(cell["lines"]) for cell in cells), default=1) or 1
    return {
        "kind": row.get("kind") or "item",
        "cells": cells,
        "height": metrics.length(lines * table["pitch"] + 2 * metrics.density.cell_top),
    }
