"""Rows, tests and the page about them agree."""

from __future__ import annotations

from tests.architecture.tools import ROOT, script

rows = script("update_rows")
PAGE = (ROOT / "docs" / "rows.md").read_text(encoding="utf-8")


def test_every_row_that_a_test_names_stands_in_the_page() -> None:
    tests = rows.tests_by_row(ROOT / "tests")
    unknown = {row: found for row, found in tests.items() if row not in rows.documented(PAGE)}
    assert unknown == {}, "add the row to docs/rows.md, or correct the test's name"


def test_every_row_of_the_page_has_a_test() -> None:
    tests = rows.tests_by_row(ROOT / "tests")
    assert [row for row in rows.documented(PAGE) if row not in tests] == []


def test_the_page_names_the_files_that_show_each_row() -> None:
    fresh = rows.rewritten(PAGE, rows.tests_by_row(ROOT / "tests"))
    assert fresh == PAGE, "run scripts/update_rows.py"


def test_a_test_may_carry_several_rows() -> None:
    assert rows.rows_of("test_e13_e14_three_become_nine") == ["E13", "E14"]
    assert rows.rows_of("test_a_row_in_the_middle_e13_counts_not") == []
