"""XLSX: a zip of XML. Looked over before openpyxl opens it, because a small zip can be a bomb."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from typing import Any

from django.utils.translation import gettext as _

from takeroot.common.spreadsheets import (
    Draft,
    Limits,
    SpreadsheetError,
    Table,
    finish_table,
    keep_row,
)

_CHUNK = 1 << 20


def read_xlsx(data: bytes, limits: Limits) -> Table:
    """The first sheet that holds anything. Formulas give their last computed value."""
    draft = Draft()
    _look_over(data, limits, draft)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(data, limits, draft)
    except SpreadsheetError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken file provokes
        raise _broken() from error


def _broken() -> SpreadsheetError:
    return SpreadsheetError(
        _("This is not an XLSX file that can be read. Save it again as XLSX or CSV and try again.")
    )


def _look_over(data: bytes, limits: Limits, draft: Draft) -> None:
    """Unpack everything once, counting, before anything is parsed."""
    total = 0
    merged = formulas = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > 2000:
                raise _broken()
            for item in archive.infolist():
                is_xml = item.filename.endswith((".xml", ".rels"))
                tail = b""
                with archive.open(item) as file:
                    while chunk := file.read(_CHUNK):
                        total += len(chunk)
                        if total > limits.unpacked_bytes:
                            raise _too_big(limits)
                        seen = tail + chunk
                        if is_xml and (b"<!DOCTYPE" in seen or b"<!ENTITY" in seen):
                            raise _broken()
                        merged = merged or b"<mergeCell " in seen
                        formulas = formulas or b"</f>" in seen
                        tail = chunk[-16:]
    except SpreadsheetError:
        raise
    except Exception as error:
        raise _broken() from error
    if formulas:
        draft.notes.append(
            _("Some cells hold formulas: the values last computed for them were read.")
        )
    if merged:
        draft.notes.append(
            _("Some cells are merged: only the first cell of each group holds its value.")
        )


def _too_big(limits: Limits) -> SpreadsheetError:
    return SpreadsheetError(
        _("The file unpacks to more than %(most)d MB and was not read.")
        % {"most": limits.unpacked_bytes // 1_000_000}
    )


def _read(data: bytes, limits: Limits, draft: Draft) -> Table:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in sheets:
        _read_sheet(sheet, limits, draft)
        if draft.rows:
            break
    else:
        raise SpreadsheetError(_("The file is empty."))
    if len(sheets) > 1:
        draft.notes.append(
            _("Only the sheet “%(name)s” was read; the file has %(count)d sheets.")
            % {"name": sheet.title, "count": len(sheets)}
        )
    return finish_table(draft, kind="xlsx", sheet=str(sheet.title))


def _read_sheet(sheet: Any, limits: Limits, draft: Draft) -> None:
    # Files state their size, and may lie: the limits hold whatever they state.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > limits.rows * 5:
            raise SpreadsheetError(
                _("The file has more than %(most)d rows. Split it and try again.")
                % {"most": limits.rows}
            )
        keep_row(draft, number, [_text(cell) for cell in cells], limits)


def _text(cell: object) -> str:
    """A cell as a person would type it: whole numbers without a fraction, dates as YYYY-MM-DD."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)
