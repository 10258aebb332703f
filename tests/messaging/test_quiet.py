"""The house speaks of its own accord by day, on working days, where the reader lives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeroot.messaging.quiet import (
    after_quiet,
    is_quiet,
    is_working_day,
    morning_of,
    next_working_day,
)

NEWFOUNDLAND, MANILA = ZoneInfo("America/St_Johns"), ZoneInfo("Asia/Manila")
ZONES = [NEWFOUNDLAND, MANILA, ZoneInfo("America/Halifax"), ZoneInfo("Asia/Kathmandu")]
PROVINCES = ["NL", "NS", "NB", "PE", "QC", "ON", ""]


@pytest.mark.parametrize(
    ("day", "province", "works"),
    [
        (date(2026, 7, 1), "NS", False),  # Canada Day
        (date(2026, 8, 3), "NB", False),  # New Brunswick Day
        (date(2026, 8, 3), "QC", True),  # not a holiday in Quebec
        (date(2026, 6, 24), "QC", False),  # National Holiday of Quebec
        (date(2026, 6, 24), "NS", True),
        (date(2026, 12, 5), "NS", False),  # a Saturday
        (date(2026, 12, 7), "NS", True),
    ],
)
def test_holidays_are_those_of_the_province(day: date, province: str, works: bool) -> None:
    assert is_working_day(day, province) is works


def test_nine_in_the_morning_is_nine_where_the_reader_lives_half_hours_too() -> None:
    moment = morning_of(date(2026, 12, 7), zone=NEWFOUNDLAND, province="NL")
    assert moment == datetime(2026, 12, 7, 12, 30, tzinfo=UTC)
    moment = morning_of(date(2026, 12, 7), zone=MANILA, province="NL")
    assert moment == datetime(2026, 12, 7, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(("day", "utc_hour"), [(date(2026, 3, 9), 12), (date(2026, 3, 6), 13)])
def test_nine_stays_nine_when_clocks_change(day: date, utc_hour: int) -> None:
    # Halifax puts its clocks forward on Sunday, 8 March 2026.
    moment = morning_of(day, zone=ZoneInfo("America/Halifax"), province="NS")
    assert (moment.hour, moment.minute) == (utc_hour, 0)


@given(
    day=st.dates(date(2025, 1, 1), date(2030, 12, 31)),
    zone=st.sampled_from(ZONES),
    province=st.sampled_from(PROVINCES),
)
def test_a_morning_is_never_quiet_and_never_before_its_day(
    day: date, zone: ZoneInfo, province: str
) -> None:
    moment = morning_of(day, zone=zone, province=province)
    assert not is_quiet(moment, zone=zone, province=province)
    assert day <= moment.astimezone(zone).date() <= day + timedelta(days=6)
    assert moment.astimezone(zone).date() == next_working_day(day, province)


@given(
    moment=st.datetimes(datetime(2025, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
    province=st.sampled_from(PROVINCES),
)
def test_what_waits_for_the_morning_waits_no_longer_than_it_must(
    moment: datetime, zone: ZoneInfo, province: str
) -> None:
    then = after_quiet(moment, zone=zone, province=province)
    assert then >= moment
    assert not is_quiet(then, zone=zone, province=province)
    if not is_quiet(moment, zone=zone, province=province):
        assert then == moment
