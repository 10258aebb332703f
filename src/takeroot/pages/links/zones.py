"""Time zones to choose from: Canada's, then one or more for each part of the world people come
from. A zone that somebody has already is always among them."""

from __future__ import annotations

from datetime import datetime

from babel.dates import get_timezone_location
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

CANADA = (
    "America/St_Johns",
    "America/Goose_Bay",
    "America/Halifax",
    "America/Moncton",
    "America/Toronto",
    "America/Iqaluit",
    "America/Winnipeg",
    "America/Regina",
    "America/Edmonton",
    "America/Yellowknife",
    "America/Vancouver",
    "America/Whitehorse",
)
WORLD = (
    "Africa/Abidjan",
    "Africa/Accra",
    "Africa/Addis_Ababa",
    "Africa/Algiers",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Dakar",
    "Africa/Douala",
    "Africa/Harare",
    "Africa/Johannesburg",
    "Africa/Khartoum",
    "Africa/Kigali",
    "Africa/Kinshasa",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Africa/Tunis",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Caracas",
    "America/Chicago",
    "America/Denver",
    "America/Guatemala",
    "America/Jamaica",
    "America/Lima",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Port-au-Prince",
    "America/Santiago",
    "America/Sao_Paulo",
    "Asia/Almaty",
    "Asia/Amman",
    "Asia/Baghdad",
    "Asia/Bangkok",
    "Asia/Beirut",
    "Asia/Colombo",
    "Asia/Damascus",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Ho_Chi_Minh",
    "Asia/Hong_Kong",
    "Asia/Istanbul",
    "Asia/Jakarta",
    "Asia/Jerusalem",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Manila",
    "Asia/Riyadh",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Asia/Yangon",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Bucharest",
    "Europe/Kyiv",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Moscow",
    "Europe/Paris",
    "Europe/Rome",
    "Europe/Warsaw",
    "Pacific/Auckland",
)
# CLDR spells it out in Canadian English, against everybody's habit.
_CITIES = {("America/St_Johns", "en"): "St. John's"}


def _offset(zone: str, now: datetime) -> str:
    from zoneinfo import ZoneInfo

    minutes = int((now.astimezone(ZoneInfo(zone)).utcoffset() or now - now).total_seconds() // 60)
    sign, minutes = ("−" if minutes < 0 else "+"), abs(minutes)
    return f"UTC{sign}{minutes // 60}:{minutes % 60:02}"


def city(zone: str) -> str:
    """The city that names a zone, in the language of the page."""
    language = (get_language() or "en")[:2]
    named = _CITIES.get((zone, language))
    return named or str(get_timezone_location(zone, locale=f"{language}_CA", return_city=True))


def choices(current: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of (zone, «Manila (UTC+8:00)») for a select; `current` is one of them."""
    now = timezone.now()

    def entries(zones: tuple[str, ...]) -> list[tuple[str, str]]:
        rows = [(zone, f"{city(zone)} ({_offset(zone, now)})") for zone in zones]
        return rows if zones is CANADA else sorted(rows, key=lambda row: row[1])

    groups = [(_("Canada"), entries(CANADA)), (_("Elsewhere"), entries(WORLD))]
    if current not in CANADA and current not in WORLD:
        groups.insert(0, (_("Yours"), entries((current,))))
    return groups
