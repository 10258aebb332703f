"""XLSX out: sheets of plain cells, in which no text is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from takeroot.common.spreadsheets import column_letter, neutral

Cell: TypeAlias = "str | int | float | None"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, its rows, and how many of them are its head (bold, kept in sight)."""

    title: str
    rows: Sequence[Sequence[Cell]]
    head: int = 1
    widths: Sequence[int] = ()


def write_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook. Numbers stay numbers; text is text, whatever it begins with."""
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    del book["Sheet"]
    for one in sheets:
        sheet = book.create_sheet(one.title.translate(_NOT_IN_TITLES)[:31])
        for number, row in enumerate(one.rows, 1):
            for column, value in enumerate(row, 1):
                cell = sheet.cell(number, column)
                if isinstance(value, str):
                    cell.value = neutral(value)
                    cell.data_type = "s"
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
                else:
                    cell.value = value
                if number <= one.head:
                    cell.font = Font(bold=True)
        for column, width in enumerate(one.widths):
            sheet.column_dimensions[column_letter(column)].width = width
        if one.head:
            sheet.freeze_panes = f"B{one.head + 1}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
