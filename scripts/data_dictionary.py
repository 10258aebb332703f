"""Write docs/data-dictionary.md from the models: table, column, type, meaning, who sees, how long.

    python scripts/data_dictionary.py [--check]

`--check` writes nothing and fails when the file is not what the models say.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "data-dictionary.md"

# Meanings that a column's own words do not give. Columns not named here speak for themselves.
SHARED = {
    "id": "random key (UUID); no order, no count can be read from it",
    "created_at": "when the row was written (UTC)",
    "version": "counts up at each edit, so that a second editor is told",
    "centre": "the centre the row belongs to",
}
MEANING = {
    "accounts_party.sort_key": "the name without case and accents, for sorting",
    "accounts_party.search_key": "name and e-mail without case and accents, for searching",
    "accounts_party.severed_at": "when name and addresses were deleted at the person's wish",
    "accounts_party.timezone": "the person's own time zone, when it is not the centre's",
    "accounts_user.password": "a salted hash (PBKDF2), never the password",
    "accounts_user.party": "who signs in",
    "accounts_centre.slug": "short name, in addresses and commands",
    "accounts_centre.place_code": "key of the community in `places_place`",
    "people_person.occupation_code": "NOC 2021 unit group, five digits",
    "people_person.languages": "ISO 639 code to CLB/NCLC level (1 to 12), or not stated",
    "messaging_letter.body": "the text; links stand in it by id and are written out when it leaves",
    "messaging_signedlink.subject_id": "the one thing that the link is about",
    "access_change.before": "what the changed columns held; emptied when the person is forgotten",
    "access_change.after": "what the changed columns hold; emptied when the person is forgotten",
    "access_change.row_id": "the row that was changed",
    "access_read.page": "the page on which the file was opened",
    "ledger_event.on": "the day it happened",
    "ledger_event.corrects": "the earlier event that this one corrects",
    "connections_round.findings": "who is left without and why, what is scarce (codes and ids)",
    "connections_match.parts": "the parts of the score, by name",
    "connections_match.seat": "which of the Connector's places in the period it takes",
    "connections_contact.no_more_mail_at": "«do not write to me again», kept for good",
    "connections_contact.forgotten_at": "when name and address were deleted: no answer came",
    "connections_referral.introduced_as": "all the contact is told before saying yes: no name",
}
# How long rows stay, as the product does it; a centre's own agreement may ask for more.
RETENTION = {
    "access_change": "never deleted; content emptied when the person is forgotten",
    "access_read": "never deleted",
    "ledger_event": "never deleted or changed (no free text in it)",
    "access_consent": "kept after withdrawal, as proof",
    "connections_contact": "name and address deleted after the centre's days without an answer",
    "connections_importdraft": "deleted after a day; content emptied when loaded",
    "messaging_signedlink": "dead after 60 days or when taken back",
    "django_session": "30 minutes after the last page; not in backups",
    "places_place": "replaced with each version's facts",
}
APPS = (
    "accounts", "access", "people", "organizations", "connections", "promises", "ledger",
    "messaging", "places",
)  # fmt: skip


def who_sees(model: Any) -> str:
    """The wall of the table, in words."""
    wall = getattr(model, "wall", None)
    if wall is None:
        known = {"accounts_centre": "anybody (a centre is public)", "places_place": "anybody"}
        return known.get(model._meta.db_table, "the house, at sign-in; never shown as such")
    words = ["coordinators, supervisors, workers and privacy officers of its centre"]
    if wall.own:
        words.append("the person it is about")
    if wall.opened:
        words.append("whoever a live grant opens the file to")
    how = "; append-only" if wall.append_only else ""
    return "; ".join(words) + how + ("; every change is traced" if wall.audited else "")


def meaning(table: str, field: Any) -> str:
    if text := MEANING.get(f"{table}.{field.name}") or SHARED.get(field.name):
        return text
    words = str(field.help_text or field.verbose_name)
    if field.choices:
        words += ": " + ", ".join(str(value) for value, _label in field.choices)
    return words.replace("|", "/")


def lines() -> list[str]:
    from django.apps import apps
    from django.db import connection

    out = [
        "# Data dictionary",
        "",
        "Written by `python scripts/data_dictionary.py` from the models; do not edit by hand.",
        "«Who sees» is what PostgreSQL enforces (row-level security); pages narrow it further.",
        "Where nothing is said about how long, a row stays as long as the file it belongs to.",
    ]
    for label in APPS:
        models = sorted(apps.get_app_config(label).get_models(), key=lambda m: m._meta.db_table)
        for model in models:
            table = model._meta.db_table
            about = " ".join((model.__doc__ or "").split("\n\n")[0].split())
            out += ["", f"## {table}", "", about, "", f"- Who sees: {who_sees(model)}."]
            if table in RETENTION:
                out.append(f"- How long: {RETENTION[table]}.")
            out += ["", "| column | type | meaning |", "|---|---|---|"]
            for field in model._meta.concrete_fields:
                kind = field.db_type(connection)
                empty = ", may be empty" if field.null else ""
                out.append(f"| {field.column} | {kind}{empty} | {meaning(table, field)} |")
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description="Write docs/data-dictionary.md from the models.")
    parser.add_argument("--check", action="store_true", help="fail when the file is out of date")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takeroot.config.settings.check")
    import django
    from django.utils import translation

    django.setup()
    with translation.override("en"):
        text = "\n".join(lines()) + "\n"
    if options.check:
        same = TARGET.exists() and TARGET.read_text() == text
        print("docs/data-dictionary.md is up to date." if same else
              "docs/data-dictionary.md is not what the models say: run "
              "python scripts/data_dictionary.py")  # fmt: skip
        return 0 if same else 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
