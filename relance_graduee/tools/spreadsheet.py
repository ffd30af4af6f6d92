"""Tables as a workbook. Pure Python."""

import io

import xlsxwriter


def write_workbook(sheets):
    """The bytes of an XLSX file.

    :param sheets: list of (title, [head], [[cell]]); cells are texts, numbers, dates or None
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for title, head, rows in sheets:
            sheet = book.add_worksheet(title[:31])
            for column, text in enumerate(head):
                sheet.write_string(0, column, text, bold)
                sheet.set_column(column, column, max(12, min(60, len(text) + 2)))
            for number, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    _write_cell(sheet, number, column, cell, day)
            sheet.freeze_panes(1, 0)
    return target.getvalue()


def _write_cell(sheet, row, column, cell, day):
    if cell is None or cell is False or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, column, cell)
    elif hasattr(cell, "isoformat"):
        sheet.write_datetime(row, column, cell, day)
    else:
        sheet.write_string(row, column, str(cell)[:32767])
