"""What the trace holds, in sentences: who did what to whose file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takeroot.access.actor import LINK
from takeroot.access.models import Change, Consent, Read
from takeroot.accounts.models import Party
from takeroot.connections.models import (
    Connectee,
    Connector,
    Match,
    Qualification,
    Referral,
)
from takeroot.messaging.models import Letter
from takeroot.pages.coordinator.import_forms import FIELD_WORDS
from takeroot.people.models import Person

# Tables whose key is the person's own.
_SAME_KEY = {"accounts_party", "people_person", "connections_connectee", "connections_connector"}
# Tables whose rows name a person: the model and the column.
_NAMED: dict[str, tuple[Any, str]] = {
    "connections_qualification": (Qualification, "connectee_id"),
    "access_consent": (Consent, "party_id"),
    "connections_match": (Match, "connectee_id"),
    "connections_referral": (Referral, "connectee_id"),
    "messaging_letter": (Letter, "party_id"),
}
_THINGS = {
    "accounts_centre": gettext_lazy("the settings of the centre"),
    "accounts_party": gettext_lazy("the address card"),
    "people_person": gettext_lazy("the file"),
    "connections_connectee": gettext_lazy("the part in the programme"),
    "connections_connector": gettext_lazy("the part as a Connector"),
    "connections_qualification": gettext_lazy("the readiness list"),
    "connections_round": gettext_lazy("a round"),
    "connections_match": gettext_lazy("a match"),
    "connections_introduction": gettext_lazy("an introduction"),
    "connections_meeting": gettext_lazy("a meeting"),
    "connections_meetingnote": gettext_lazy("a note of a meeting"),
    "connections_contact": gettext_lazy("a contact"),
    "connections_referral": gettext_lazy("an introduction to a contact"),
    "access_consent": gettext_lazy("a consent"),
    "access_grant": gettext_lazy("what somebody else may see"),
    "messaging_letter": gettext_lazy("a letter"),
    "messaging_signedlink": gettext_lazy("a link in a letter"),
    "organizations_organization": gettext_lazy("an organization"),
    "promises_promise": gettext_lazy("a promise"),
    "outcomes_job": gettext_lazy("a job"),
    "outcomes_staycheck": gettext_lazy("a question whether they stayed"),
    "outcomes_lead": gettext_lazy("a lead to work"),
    "outcomes_countingrule": gettext_lazy("what counts"),
    "connections_recognition": gettext_lazy("the recognition of a year"),
    "connections_nominee": gettext_lazy("a place on the list of a recognition"),
    "connections_juror": gettext_lazy("the jury of a recognition"),
    "connections_recusal": gettext_lazy("that a juror stands aside"),
    "keeping_pair": gettext_lazy("a proposal that two files are one person's"),
    "keeping_erasure": gettext_lazy("a wish to be forgotten"),
    "access_fingerprint": gettext_lazy("what must not come back"),
}
_PAGES = {
    "connectee": gettext_lazy("opened the file of %(name)s"),
    "application": gettext_lazy("looked at the application of %(name)s"),
    "documents": gettext_lazy("looked at the documents of %(name)s"),
    "document": gettext_lazy("opened a document of %(name)s"),
    "links:resume": gettext_lazy("opened the résumé of %(name)s by link"),
    "links:jury": gettext_lazy("read about %(name)s in a jury"),
    "links:helped": gettext_lazy("read what came of it for %(name)s"),
    "connectee_edit": gettext_lazy("opened the file of %(name)s to change it"),
    "connector": gettext_lazy("opened the page of %(name)s"),
    "connector_edit": gettext_lazy("opened the page of %(name)s to change it"),
    "duplicates": gettext_lazy("compared the file of %(name)s with another"),
    "file": gettext_lazy("opened the page for copy or erasure of %(name)s"),
    "own_copy": gettext_lazy("took a copy of everything that is held on %(name)s"),
    "export_connectees": gettext_lazy("exported the list of Connectees"),
    "export_connectors": gettext_lazy("exported the list of Connectors"),
}
# Columns that only keep the house in order.
_QUIET = {"version", "sort_key", "search_key", "id", "centre_id", "created_at"}


def field_words(table: str, column: str) -> str:
    """The name of a field as its form calls it."""
    if column in FIELD_WORDS:
        return str(FIELD_WORDS[column])
    models = {
        model._meta.db_table: model
        for model in (Party, Person, Connectee, Connector, Qualification, Consent, Match, Referral)
    }
    for one in models[table]._meta.get_fields() if table in models else ():
        if getattr(one, "attname", "") == column:
            return str(getattr(one, "verbose_name", column))
    return column.removesuffix("_id").replace("_", " ")


def people_of(changes: Sequence[Change]) -> dict[int, UUID]:
    """Whose file each change is about, where it is anybody's. At most one query a table."""
    found: dict[int, UUID] = {}
    ask: dict[str, dict[UUID, list[int]]] = {}
    for change in changes:
        if change.row_id is None:
            continue
        if change.table in _SAME_KEY:
            found[change.pk] = change.row_id
        elif change.table in _NAMED:
            column = _NAMED[change.table][1]
            named = (change.after or {}).get(column) or (change.before or {}).get(column)
            if named:
                found[change.pk] = UUID(named)
            else:
                ask.setdefault(change.table, {}).setdefault(change.row_id, []).append(change.pk)
    for table, rows in ask.items():
        model, column = _NAMED[table]
        for key, person in model.objects.filter(pk__in=rows).values_list("pk", column):
            found |= dict.fromkeys(rows[key], person)
    return found


def names_of(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    wanted = {key for key in ids if key}
    return dict(Party.objects.filter(pk__in=wanted).values_list("pk", "name"))


def doer(names: dict[UUID, str], party: UUID | None, role: str) -> str:
    """Who did it: by name, through a link, or the house by itself."""
    if party and (name := names.get(party)):
        through = _("%(name)s, through a link in a letter")
        return through % {"name": name} if role == LINK else name
    return _("The house itself")


def change_sentence(change: Change, who: str, whose: str) -> str:
    """One change as a whole sentence."""
    thing = str(_THINGS.get(change.table, change.table.replace("_", " ")))
    words = {"who": who, "thing": thing, "name": whose}
    if change.operation == "INSERT":
        if whose:
            return _("%(who)s added %(thing)s of %(name)s.") % words
        return _("%(who)s added %(thing)s.") % words
    if change.operation == "DELETE":
        if whose:
            return _("%(who)s deleted %(thing)s of %(name)s.") % words
        return _("%(who)s deleted %(thing)s.") % words
    columns = [column for column in change.after or {} if column not in _QUIET]
    fields = list(dict.fromkeys(field_words(change.table, column) for column in columns))
    words["fields"] = ", ".join(fields)
    if fields and whose:
        return _("%(who)s changed %(thing)s of %(name)s: %(fields)s.") % words
    if fields:
        return _("%(who)s changed %(thing)s: %(fields)s.") % words
    if whose:
        return _("%(who)s saved %(thing)s of %(name)s.") % words
    return _("%(who)s saved %(thing)s.") % words


def read_sentence(read: Read, who: str, whose: str) -> str:
    """One opening of a file as a whole sentence."""
    did = _PAGES.get(read.page, gettext_lazy("opened a page about %(name)s"))
    return _("%(who)s %(did)s.") % {
        "who": who,
        "did": str(did) % {"name": whose or _("somebody forgotten")},
    }
