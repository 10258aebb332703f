"""Small cells (G29): what is held back cannot be worked out, now or from earlier releases."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeroot.engine.disclosure import (
    Cell,
    Release,
    Released,
    Sum,
    Suppression,
    TableError,
    Tables,
    attack,
    crossed,
    of_release,
    rate,
    suppress,
)
from tests.engine.small_cells import judge, naive, random_case, released

# Shares, so that workers can do them side by side.
CASES, SHARES = 150, 6


def table(*rows: tuple[int, ...], threshold: int = 10) -> Tables:
    counts = {(f"r{i}", f"c{j}"): n for i, row in enumerate(rows) for j, n in enumerate(row)}
    return crossed("t", counts, threshold=threshold)


@pytest.mark.parametrize("share", range(SHARES))
def test_g29_an_attacker_with_both_releases_pins_no_cell_of_random_tables(share: int) -> None:
    for seed in range(share, CASES, SHARES):
        first, second = released(random_case(seed))
        verdict = judge(first, second)
        assert not verdict.wrong, "the attack itself is broken"
        assert (verdict.pinned, verdict.narrow) == ((), ()), f"seed {seed}"
        assert first.exposed == second.exposed == 0


def test_g29_the_attack_has_teeth_where_only_small_cells_are_held_back() -> None:
    pinned = 0
    for seed in range(20):
        case = random_case(seed)
        verdict = judge(naive(case.first), naive(case.second))
        assert not verdict.wrong
        pinned += len(verdict.pinned)
    assert pinned > 50


def test_a_single_small_cell_takes_partners_in_its_row_and_its_column() -> None:
    done = suppress(table((3, 40, 50), (30, 20, 60), (70, 80, 90)))
    assert done.small == {"t/r0/c0"}
    assert len(done.partners) >= 3
    assert judge(done).pinned == ()


def test_nothing_small_means_nothing_is_held_back() -> None:
    done = suppress(table((0, 40), (10, 25)))
    assert done.hidden == frozenset()
    assert {cell.value for cell in done.release.cells} >= {0, 10, 25, 40, 75}


@pytest.mark.parametrize(("value", "shown"), [(0, True), (1, False), (9, False), (10, True)])
def test_a_count_is_small_above_nobody_and_below_the_threshold(value: int, shown: bool) -> None:
    done = suppress(Tables((Cell("alone", value),)))
    assert ("alone" not in done.hidden) is shown


@pytest.mark.parametrize(("value", "shown"), [(19, False), (20, True)])
def test_sensitive_topics_have_a_threshold_of_their_own(value: int, shown: bool) -> None:
    done = suppress(Tables((Cell("claims", value, threshold=20),)))
    assert ("claims" not in done.hidden) is shown


def test_a_figure_that_grew_by_a_few_is_not_published_again() -> None:
    before = suppress(Tables((Cell("met", 14),)))
    assert before.hidden == frozenset()
    assert suppress(Tables((Cell("met", 15),)), [before]).hidden == {"met"}
    assert suppress(Tables((Cell("met", 14),)), [before]).hidden == frozenset()
    assert suppress(Tables((Cell("met", 24),)), [before]).hidden == frozenset()


def test_a_figure_is_compared_with_every_earlier_release_not_with_the_last_alone() -> None:
    first = suppress(Tables((Cell("met", 14),)))
    second = suppress(Tables((Cell("met", 18),)), [first])
    assert suppress(Tables((Cell("met", 21),)), [first, second]).hidden == {"met"}
    assert suppress(Tables((Cell("met", 30),)), [first, second]).hidden == frozenset()


def test_a_correction_downwards_by_one_is_a_small_change_too() -> None:
    before = suppress(Tables((Cell("met", 15),)))
    after = suppress(Tables((Cell("met", 14),)), [before])
    assert after.hidden == {"met"}
    assert judge(before, after).pinned == ()


def test_a_later_release_does_not_tell_what_an_earlier_one_held_back() -> None:
    first = suppress(table((4, 30), (20, 25)))
    second = suppress(table((16, 30), (20, 25)), [first])
    verdict = judge(first, second)
    assert (verdict.pinned, verdict.narrow) == ((), ())


def test_what_lies_between_two_figures_is_used_by_the_attack_and_guarded_by_nobody() -> None:
    tables = Tables(
        (Cell("meetings", 12), Cell("people", 11), Cell("again", 1, guarded=False)),
        (Sum("meetings", ("people", "again")),),
    )
    done = suppress(tables)
    assert done.hidden == {"again"}
    low = Tables(
        (Cell("meetings", 9), Cell("people", 9), Cell("again", 0, guarded=False)), tables.sums
    )
    verdict = judge(suppress(low))
    assert verdict.pinned == verdict.narrow == ()


def test_a_release_holds_no_count_and_no_reason_of_what_is_held_back() -> None:
    release = suppress(table((3, 40), (30, 20))).release
    held = [cell for cell in release.cells if cell.value is None]
    assert held
    assert {tuple(vars(cell)) for cell in held} == {("key", "value", "threshold", "guarded")}


def test_an_earlier_release_is_read_back_with_its_true_counts() -> None:
    first, second = released(random_case(4))
    truth = {cell.key: cell.value for cell in first.tables.cells}
    again = of_release(first.release, truth)
    assert again.hidden == first.hidden
    assert suppress(second.tables, [again]) == second


@given(
    st.lists(st.lists(st.integers(0, 30), min_size=2, max_size=4), min_size=2, max_size=4).filter(
        lambda rows: len({len(row) for row in rows}) == 1
    )
)
@settings(max_examples=80, deadline=None)
def test_any_table_with_its_totals_keeps_its_small_cells(rows: list[list[int]]) -> None:
    tables = table(*map(tuple, rows))
    done = suppress(tables)
    assert suppress(tables) == done
    assert {cell.key for cell in tables.cells if cell.small} == done.small
    verdict = judge(done)
    assert (verdict.pinned, verdict.narrow, verdict.wrong) == ((), (), ())


def test_the_attack_finds_the_last_unknown_of_a_line() -> None:
    release = Release(
        (Released("a", None), Released("b", 12), Released("all", 15)), (Sum("all", ("a", "b")),)
    )
    (found,) = attack([release])
    assert (found.least, found.most, found.pinned, found.told_small) == (3, 3, True, True)


def test_the_attack_takes_two_releases_together() -> None:
    first = Release((Released("a", 12),))
    second = Release((Released("a", None), Released("b", None), Released("all", 15)),
                     (Sum("all", ("a", "b")),))  # fmt: skip
    cell, other, change = attack([first, second], changes=[(0, 1, "a")])
    assert (cell.least, cell.most) == (12, 15)
    assert (other.least, other.most) == (0, 3)
    assert (change.least, change.most, change.since) == (0, 3, 0)


def test_tables_that_do_not_add_up_are_refused_by_name() -> None:
    with pytest.raises(TableError, match="all is 4, its parts make 3"):
        Tables((Cell("a", 3), Cell("all", 4)), (Sum("all", ("a",)),))
    with pytest.raises(TableError, match="not there"):
        Tables((Cell("all", 4),), (Sum("all", ("a",)),))
    with pytest.raises(TableError, match="same key"):
        Tables((Cell("a", 3), Cell("a", 3)))
    with pytest.raises(TableError, match="below zero"):
        Tables((Cell("a", -1),))


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(5, 10, 0.5), (5, 9, None), (None, 40, None), (5, None, None)]
)
def test_no_rate_stands_on_fewer_than_ten(
    part: int | None, whole: int | None, expected: float | None
) -> None:
    assert rate(part, whole) == expected


def test_a_release_that_cannot_be_made_safe_says_so() -> None:
    """Published before by mistake, with nothing held back: the next release cannot mend it."""
    first = Tables((Cell("a", 12), Cell("b", 3), Cell("all", 15)), (Sum("all", ("a", "b")),))
    known = Suppression(first, frozenset({"b"}), frozenset())
    assert suppress(first, [known]).exposed > 0
