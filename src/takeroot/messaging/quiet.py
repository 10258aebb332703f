"""When the house may speak of its own accord: by day, on working days, where the reader lives.

Reminders leave at nine in the morning in the reader's zone. On weekends and on the holidays of the
centre's province nobody is reminded and nothing is taken away: the day after counts. What answers
a person's own click leaves at once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from takeroot.accounts.models import Centre, Party
from takeroot.facts.places import by_id

MORNING = time(9)
EVENING = time(20)
SATURDAY = 5


@lru_cache(maxsize=512)
def holidays_in(province: str, year: int) -> frozenset[date]:
    """Public holidays of a province (Canada's own when the province is not known)."""
    from holidays import country_holidays

    return frozenset(country_holidays("CA", subdiv=province or None, years=year))


def province_of(centre: Centre) -> str:
    """The two letters of the centre's province; empty when its community is not stated."""
    place = by_id(centre.place_code) if centre.place_code else None
    return place.province if place else ""


def is_working_day(day: date, province: str) -> bool:
    return day.weekday() < SATURDAY and day not in holidays_in(province, day.year)


def next_working_day(day: date, province: str) -> date:
    """`day` itself when people work on it, else the first day after it on which they do."""
    while not is_working_day(day, province):
        day += timedelta(days=1)
    return day


def zone_of_reader(party: Party | None, centre: Centre) -> ZoneInfo:
    """Where somebody reads their letters: their own zone, else the centre's."""
    return ZoneInfo(party.timezone) if party and party.timezone else centre.zone


def morning_of(day: date, *, zone: ZoneInfo, province: str) -> datetime:
    """Nine o'clock, in `zone`, of the first working day from `day` on; in UTC. Nine is never
    skipped or repeated when clocks change."""
    local = datetime.combine(next_working_day(day, province), MORNING, tzinfo=zone)
    return local.astimezone(UTC)


def is_quiet(moment: datetime, *, zone: ZoneInfo, province: str) -> bool:
    """Whether the house keeps silent at this moment."""
    local = moment.astimezone(zone)
    return not (MORNING <= local.time() < EVENING and is_working_day(local.date(), province))


def after_quiet(moment: datetime, *, zone: ZoneInfo, province: str) -> datetime:
    """The moment itself, or the next morning on which the house may speak."""
    if not is_quiet(moment, zone=zone, province=province):
        return moment
    local = moment.astimezone(zone)
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return morning_of(day, zone=zone, province=province)
