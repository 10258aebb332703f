"""Whatever people call a spreadsheet is read, or refused in one sentence."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeroot.common.spreadsheets import (
    FileSet,
    Limits,
    SpreadsheetError,
    Table,
    column_letter,
    neutral,
    read_table,
)
from takeroot.common.tables import CellError, Column, parse

ROWS = [["id", "prénom", "langues"], ["1", "Zoë", "en:8;fr:5"], ["2", "Noël, Jr", "fr"]]


def as_csv(delimiter: str = ",", rows: list[list[str]] = ROWS) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def as_xlsx(rows: list[list[object]], **more: object) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(table: Table) -> list[list[str]]:
    return [list(table.headers), *(list(row.cells) for row in table.rows)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_every_encoding_and_separator_reads_the_same(encoding: str, delimiter: str) -> None:
    table = read_table(as_csv(delimiter).encode(encoding))
    assert cells(table) == ROWS
    assert table.delimiter == delimiter


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_reads_the_same(end: str) -> None:
    assert cells(read_table(as_csv().replace("\r\n", end).encode())) == ROWS


def test_xlsx_reads_the_same() -> None:
    assert cells(read_table(as_xlsx([list(row) for row in ROWS]))) == ROWS


def test_xlsx_numbers_and_dates_read_as_people_type_them() -> None:
    import datetime as dt

    row = [7, 7.0, 7.5, dt.datetime(2026, 3, 5), dt.date(2026, 3, 5), True, None, "x"]
    table = read_table(as_xlsx([["h"] * 8, row]))
    assert table.rows[0].cells == ("7", "7", "7.5", "2026-03-05", "2026-03-05", "yes", "", "x")


def test_rows_carry_the_number_a_spreadsheet_shows() -> None:
    text = 'id,note\n1,"two\nlines"\n\n,\n2,x\n'
    assert [row.number for row in read_table(text.encode()).rows] == [2, 5]
    table = read_table(as_xlsx([[None], ["id"], [None], ["1"]]))
    assert (table.header_row, [row.number for row in table.rows]) == (2, [4])


def test_the_line_that_names_the_separator_is_no_row() -> None:
    table = read_table(b"sep=;\nid;a,b\n1;2\n")
    assert (table.headers, table.rows[0].number) == (("id", "a,b"), 2)


def test_an_open_quotation_mark_loses_its_own_row_only() -> None:
    table = read_table(b'id,name\n1,Ann\n2,"Ben\n3,Cy\n4,"Di"x"\n5,"Ed"\n')
    assert [row.cells for row in table.rows] == [("1", "Ann"), ("3", "Cy"), ("5", "Ed")]
    assert [damage.number for damage in table.damaged] == [3, 5]


def test_a_cell_that_is_too_long_loses_its_row_only() -> None:
    for long in ("x" * 40_000, "x" * 200_000):
        table = read_table(f"id,name\n1,{long}\n2,Ben\n".encode())
        assert [row.cells for row in table.rows] == [("2", "Ben")]
        assert [damage.number for damage in table.damaged] == [2]


def test_a_zero_byte_is_shown_and_told() -> None:
    table = read_table(b"id,name\n1,A\x00nn\n")
    assert table.rows[0].cells == ("1", "A\ufffdnn")
    assert len(table.notes) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"),
        (b"PK\x03\x04 not a zip", "XLSX"),
        (b"\x00\x01\x02\x03" * 100 + b"id,name", "not a text file"),
        (as_xlsx([]), "empty"),
        (b",,,\n , ,\n", "no row"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(SpreadsheetError) as refused:
        read_table(data)
    assert words in str(refused.value)


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "no.csv", "There is no file"), (tmp_path, "is a folder")):
        with pytest.raises(SpreadsheetError, match=words):
            read_table(path)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "/") + ".xml", data)
    return out.getvalue()


def test_a_zip_that_unpacks_without_end_is_refused() -> None:
    bomb = zipped(xl_sheet=b"0" * 5_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(SpreadsheetError, match="unpacks to more than 1 MB"):
        read_table(bomb, limits=Limits(unpacked_bytes=1_000_000))


def test_xml_that_declares_entities_is_refused() -> None:
    with pytest.raises(SpreadsheetError, match="XLSX"):
        read_table(zipped(xl_workbook=b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'))


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(bytes=10), "MB are read"),
        (Limits(rows=3), "more than 3 rows"),
        (Limits(columns=1), "at most 1"),
    ],
)
def test_limits_are_answered_in_words(limits: Limits, words: str) -> None:
    for data in (b"id,name\n1,a\n2,b\n3,c\n4,d\n", as_xlsx([["a", "b"]] * 5)):
        with pytest.raises(SpreadsheetError, match=words):
            read_table(data, limits=limits)


def test_a_hundred_thousand_rows_are_read() -> None:
    text = "id,name\n" + "".join(f"{k},n{k}\n" for k in range(100_000))
    assert len(read_table(text.encode()).rows) == 100_000


def test_formulas_and_merged_cells_are_told() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "name"], ["1", "=1+1"], ["2", "Ben"], [None, None]):
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    book.create_sheet("Other").append(["x"])
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue())
    assert [row.cells for row in table.rows] == [("1",), ("2", "Ben")]
    told = " ".join(table.notes)
    assert "formulas" in told
    assert "merged" in told
    assert "2 sheets" in told


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for prefix in (b"", b"\xff\xfe", b"PK\x03\x04", b"id,name\n"):
        try:
            table = read_table(prefix + data)
        except SpreadsheetError:
            continue
        assert table.headers


@given(st.binary(min_size=1, max_size=8), st.integers(0, 5000))
@settings(max_examples=100, deadline=None)
def test_a_damaged_xlsx_is_read_or_refused(junk: bytes, at: int) -> None:
    data = bytearray(XLSX)
    at %= len(data)
    data[at : at + len(junk)] = junk
    with contextlib.suppress(SpreadsheetError):
        read_table(bytes(data))


XLSX = as_xlsx([["id", "name"], ["1", "Ann"], [2, 3.5]])

plain = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=8)


@given(
    st.lists(st.lists(plain, min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t"]),
)
@settings(max_examples=80, deadline=None)
def test_what_is_written_reads_back(body: list[list[str]], delimiter: str) -> None:
    import unicodedata

    rows = [["id", "first name", "last name"], *body]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    kept = [[unicodedata.normalize("NFC", c) for c in row] for row in rows]
    kept = [row for row in kept if any(row)]
    read = [[*row, "", ""][:3] for row in cells(read_table(out.getvalue().encode()))]
    assert read == [[*row, "", ""][:3] for row in kept]


# --- records ---------------------------------------------------------------------------------


def small(text: str) -> int:
    if not text.isdigit():
        raise CellError("a number")
    return int(text)


COLUMNS = (
    Column("id", ("no", "numéro"), str, "row", required=True, unique=True),
    Column("size", ("taille",), small, "field", empty=0),
    Column("seats", ("places",), small, "row", required=True),
)


def test_headers_are_known_by_any_name_case_accent_or_spacing() -> None:
    for headers in ("id,size,seats", " Numéro ;TAILLE;Places", "NUMERO\ttaille\tplaces"):
        parsed = parse(read_table(f"{headers}\n".encode() + b"1,2,3"), COLUMNS)
        assert parsed.mapping == {"id": 0, "size": 1, "seats": 2}


def test_a_bad_cell_loses_its_field_or_its_row_as_the_column_says() -> None:
    table = read_table(b"id,size,seats\na,x,1\nb,1,x\nc,1,\nd,,4\na,1,1\n,1,1\n")
    parsed = parse(table, COLUMNS)
    assert [(r.row, dict(r.values)) for r in parsed.records] == [
        (2, {"id": "a", "size": 0, "seats": 1}),
        (5, {"id": "d", "size": 0, "seats": 4}),
    ]
    told = [(p.row, p.column, p.found, p.lost) for p in parsed.problems]
    assert told == [
        (2, "size", "x", "field"),
        (3, "seats", "x", "row"),
        (4, "seats", "", "row"),
        (6, "id", "a", "row"),
        (7, "id", "", "row"),
    ]
    assert parsed.problems[0].sentence("f.csv") == (
        "f.csv, row 2, column “size”: found “x”, expected a number. Only this field is left out."
    )


def test_a_row_longer_than_the_headers_is_lost_and_told() -> None:
    parsed = parse(read_table(b"id,seats\na,1,2\nb,1\n"), COLUMNS)
    assert [r.values["id"] for r in parsed.records] == ["b"]
    assert (parsed.problems[0].row, parsed.problems[0].lost) == (2, "row")


def test_two_columns_with_one_meaning_are_told_and_the_first_counts() -> None:
    parsed = parse(read_table(b"id,seats,places\na,1,2\n"), COLUMNS)
    assert parsed.records[0].values["seats"] == 1
    assert [(p.row, p.lost) for p in parsed.problems] == [(1, "nothing")]
    assert "B, C" in parsed.problems[0].found


def test_a_missing_column_is_named_and_an_unknown_one_is_ignored() -> None:
    parsed = parse(read_table(b"id,colour\na,red\n"), COLUMNS)
    assert (parsed.missing, parsed.ignored, parsed.records) == (("seats",), ("colour",), ())


def test_a_mapping_stands_in_for_the_headers() -> None:
    parsed = parse(read_table(b"x,y\n4,a\n"), COLUMNS, {"id": 1, "seats": 0})
    assert dict(parsed.records[0].values) == {"id": "a", "size": 0, "seats": 4}


# --- out -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "live",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "|cmd", "＝1", "=", "-x"],
)
def test_no_formula_is_written_live(live: str) -> None:
    assert neutral(live) == "'" + live


@pytest.mark.parametrize("calm", ["", "a=b", "12", "-5", "+3.5", "Zoë", "'x", "1-2"])
def test_other_text_is_written_as_it_is(calm: str) -> None:
    assert neutral(calm) == calm


def write_new(*paths: Path) -> None:
    with FileSet() as files:
        for path in paths:
            with files.open(path) as file:
                file.write("new")


def test_files_appear_together_or_not_at_all(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "no" / "other"
    one.write_text("old")
    with pytest.raises(SpreadsheetError, match="Nothing was written"):
        write_new(one, other)
    assert one.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_file_that_cannot_take_its_place_puts_the_others_back(tmp_path: Path) -> None:
    one, new, folder = tmp_path / "one", tmp_path / "new", tmp_path / "folder"
    one.write_text("old")
    folder.mkdir()
    (folder / "x").write_text("")
    with pytest.raises(SpreadsheetError, match="Nothing was written"):
        write_new(one, new, folder)
    assert one.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "one"]


def test_columns_have_letters() -> None:
    assert [column_letter(k) for k in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
