"""Calendar files (RFC 5545): one UID for the life of a meeting, the sequence counts changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

from takeroot.accounts.models import Party

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


def calendar_file(
    *,
    uid: str,
    sequence: int,
    method: str,
    starts_at: datetime,
    minutes: int,
    summary: str,
    where: str,
    people: list[Party],
    stamp: datetime,
) -> str:
    """The text of an .ics file. Times are written in UTC, which every calendar shows in the
    reader's own zone, daylight time included. PUBLISH is for a file that somebody downloads: it
    names nobody to whom a calendar could send an answer (RFC 5546, 3.2.1)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Takeroot//Takeroot//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", f"{uid}@takeroot")
    event.add("sequence", sequence)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", (starts_at + timedelta(minutes=minutes)).astimezone(UTC))
    event.add("summary", summary)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    if where:
        event.add("location", where)
    for person in people if method != PUBLISH else []:
        address = vCalAddress(f"mailto:{person.email}")
        address.params["CN"] = vText(person.name)
        address.params["ROLE"] = vText("REQ-PARTICIPANT")
        event.add("attendee", address, encode=False)
    if people:
        event.add("organizer", vCalAddress(f"mailto:{people[0].email}"), encode=False)
    calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text.decode()
