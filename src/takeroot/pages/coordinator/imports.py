"""Lists in and out: upload, look at what would happen, load; templates; export."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takeroot.access.policies import COORDINATION
from takeroot.access.services import record_read
from takeroot.common.errors import Refused
from takeroot.common.templatetags.parts import day
from takeroot.connections.enums import Circle
from takeroot.connections.models_import import ImportDraft, ImportKind
from takeroot.connections.selectors import (
    connectees_visible_to,
    connectors_visible_to,
)
from takeroot.connections.services.import_plan import Changed, Plan
from takeroot.connections.services.importing import (
    choose_columns,
    drafts_visible_to,
    export_csv,
    load_draft,
    plan_of,
    set_draft_aside,
    start_import,
    template_csv,
)
from takeroot.facts import places
from takeroot.pages.coordinator.import_forms import FIELD_WORDS, MOST_ROWS, ColumnsForm, UploadForm
from takeroot.pages.coordinator.people_words import group_title, languages_in_words
from takeroot.pages.coordinator.staff import centre_of
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of
from takeroot.people.enums import MeetingMode

page = pages_of("coordinator")
SHOWN_PROBLEMS, SHOWN_CHANGES, SHOWN_ROWS = 100, 50, 5
_KINDS = {"connectees": ImportKind.CONNECTEE, "connectors": ImportKind.CONNECTOR}


def _draft(request: Request, pk: UUID) -> ImportDraft:
    return get_object_or_404(drafts_visible_to(request.actor), pk=pk)


@require_http_methods(["GET", "POST"])
def index(request: Request) -> HttpResponse:
    form = form_for(request, UploadForm)
    if submitted(request, form):
        data = form.cleaned_data
        try:
            draft = start_import(
                centre=centre_of(request),
                kind=data["kind"],
                name=data["file"].name,
                data=data["file"].read(),
                by=request.actor,
                key=data["key"],
            )
            return redirect(reverse("coordinator:import_draft", args=[draft.pk]))
        except Refused as refusal:
            form.add_error("file", str(refusal))
    context = {"form": form, "most_rows": MOST_ROWS}
    return render(request, "coordinator/import.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def look(request: Request, pk: UUID) -> HttpResponse:
    """The dry run; posting corrects which column holds what."""
    draft = _draft(request, pk)
    if draft.loaded_at is not None:
        return render(request, "coordinator/import_loaded.html", {"draft": draft})
    plan = plan_of(draft)
    form = form_for(
        request, ColumnsForm, table=plan.table, columns=plan.columns, mapping=plan.mapping
    )
    if submitted(request, form):
        try:
            choose_columns(draft=draft, mapping=form.mapping(), by=request.actor)
            return redirect(reverse("coordinator:import_draft", args=[draft.pk]))
        except Refused as refusal:
            refuse(form, refusal)
    context = {"draft": draft, "form": form, **_words_of(draft, plan)}
    return render(request, "coordinator/import_look.html", context, status=status_of(form))


def _words_of(draft: ImportDraft, plan: Plan) -> dict[str, Any]:
    """The dry run in words, for the page."""
    table = plan.table
    separators = {
        ",": _("cells parted by commas"),
        ";": _("cells parted by semicolons"),
        "\t": _("cells parted by tabs"),
        "|": _("cells parted by bars"),
    }
    how = [table.kind.upper(), table.encoding.upper()]
    if table.delimiter:
        how.append(separators.get(table.delimiter, table.delimiter))
    if table.sheet:
        how.append(_("sheet “%(name)s”") % {"name": table.sheet})
    found = ngettext(
        "%(count)d row was found in %(file)s (%(how)s).",
        "%(count)d rows were found in %(file)s (%(how)s).",
        plan.rows,
    ) % {"count": plan.rows, "file": draft.name, "how": ", ".join(filter(None, how))}
    shown = sorted(plan.mapping.items(), key=lambda item: item[1])
    return {
        "plan": plan,
        "found": found,
        "missing": [FIELD_WORDS[key] for key in plan.missing],
        "problems": plan.problems[:SHOWN_PROBLEMS],
        "problems_left": max(0, len(plan.problems) - SHOWN_PROBLEMS),
        "changes": [
            {"name": one.row.person.party.name, "line": one.line, "differences": _differences(one)}
            for one in plan.changed[:SHOWN_CHANGES]
        ],
        "changes_left": max(0, len(plan.changed) - SHOWN_CHANGES),
        "heads": [FIELD_WORDS[key] for key, _at in shown],
        "preview": [
            [row.cells[at] if at < len(row.cells) else "" for _key, at in shown]
            for row in table.rows[:SHOWN_ROWS]
        ],
        "nothing": not plan.new and not plan.changed and not plan.missing,
    }


def _differences(one: Changed) -> list[dict[str, str]]:
    return [
        {"field": str(FIELD_WORDS[key]), "old": said(key, old), "new": said(key, new)}
        for key, (old, new) in one.differences.items()
    ]


def said(key: str, value: Any) -> str:
    """A kept value in words."""
    if value in (None, "", [], {}):
        return _("nothing")
    if key == "languages":
        return "; ".join(languages_in_words(value))
    if key == "place_id":
        place = places.by_id(value)
        return place.label(get_language() or "en") if place else str(value)
    if key == "occupation_code":
        return f"{value} {group_title(value)}"
    if key == "mode":
        return str(MeetingMode(value).label)
    if key == "circles":
        return ", ".join(str(Circle(one).label) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return day(value) if hasattr(value, "isoformat") else str(value)


@require_POST
def load(request: Request, pk: UUID) -> HttpResponse:
    draft = _draft(request, pk)
    try:
        load_draft(draft=draft, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("coordinator:import_draft", args=[draft.pk]))


@require_POST
def drop(request: Request, pk: UUID) -> HttpResponse:
    set_draft_aside(draft=_draft(request, pk), by=request.actor)
    messages.success(request, _("The list is set aside. Nothing was loaded."))
    return redirect(reverse("coordinator:import"))


def _file(name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _kind(word: str) -> ImportKind:
    if word not in _KINDS:
        raise Http404
    return _KINDS[word]


@require_GET
def template(request: Request, kind: str, lang: str) -> HttpResponse:
    if lang not in ("en", "fr"):
        raise Http404
    return _file(*template_csv(kind=_kind(kind), lang=lang))


@require_GET
def export(request: Request, kind: str) -> HttpResponse:
    """Everybody of the centre, in the columns of the import. The trace keeps who took it."""
    chosen, lang, centre = _kind(kind), get_language() or "en", centre_of(request)
    rows = (
        connectees_visible_to(request.actor).order_by("waiting_since", "pk")
        if chosen == ImportKind.CONNECTEE
        else connectors_visible_to(request.actor).order_by("person__party__sort_key", "pk")
    )
    record_read(by=request.actor, subject_id=centre.pk, centre_id=centre.pk, page=f"export_{kind}")
    name = f"{kind}-{timezone.localdate().isoformat()}.csv"
    return _file(name, export_csv(rows.iterator(2000), kind=chosen, lang=lang))


urls = [
    page("import/", index, "import", COORDINATION),
    page("import/<uuid:pk>/", look, "import_draft", COORDINATION),
    page("import/<uuid:pk>/load/", load, "import_load", COORDINATION),
    page("import/<uuid:pk>/drop/", drop, "import_drop", COORDINATION),
    page("import/template/<slug:kind>/<slug:lang>/", template, "import_template", COORDINATION),
    page("export/<slug:kind>/", export, "export", COORDINATION),
]
