"""Résumé and introduction behind links: their owner adds and takes them; a Connector sees the
newest, when it is shared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.connections import own_page
from takeroot.connections.models import Meeting
from takeroot.connections.resume import open_resume, shares_resume
from takeroot.documents.enums import DocumentKind
from takeroot.documents.models import Document
from takeroot.documents.selectors import own_documents
from takeroot.documents.services import content_of, keep_file, keep_pitch
from takeroot.pages.file_forms import FileForm, PitchForm
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.handing_out import attachment
from takeroot.pages.links.visit import Visit, dead


def files(visit: Visit) -> HttpResponse:
    """The owner's page of versions: add one, take one."""
    if own_page.connectee_behind(visit.actor, visit.link.subject_id) is None:
        return dead(visit.request, spent=True)
    form = form_for(visit.request, FileForm)
    if submitted(visit.request, form):
        name, data = form.handed
        try:
            with visit.house() as house:
                keep_file(
                    party=visit.party, kind=DocumentKind.RESUME, name=name, data=data, by=house
                )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(visit.request, _("Kept. The newest version is the one that counts."))
            return visit.back("files")
    return _show(visit, form=form)


def _pitch_now(visit: Visit, rows: list[Document]) -> str:
    newest = next((row for row in rows if row.kind == DocumentKind.PITCH), None)
    if newest is None:
        return ""
    with visit.house():
        try:
            return content_of(newest).decode()
        except Refused:
            return ""


def _show(
    visit: Visit, *, form: FileForm | None = None, pitch: PitchForm | None = None
) -> HttpResponse:
    rows = list(own_documents(visit.actor))
    shown = pitch or PitchForm(initial={"text": _pitch_now(visit, rows)})
    context: dict[str, Any] = {
        "file_form": form or FileForm(),
        "pitch_form": shown,
        "resumes": [row for row in rows if row.kind == DocumentKind.RESUME],
        "pitches": [row for row in rows if row.kind == DocumentKind.PITCH],
        "shared": shares_resume(visit.party.pk),
    }
    status = max(status_of(one) for one in (form, pitch) if one) if form or pitch else 200
    return visit.show("files", context, status=status)


def pitch(visit: Visit) -> HttpResponse:
    """The introduction in words, as a new version."""
    if own_page.connectee_behind(visit.actor, visit.link.subject_id) is None:
        return dead(visit.request, spent=True)
    form = form_for(visit.request, PitchForm)
    if submitted(visit.request, form):
        try:
            with visit.house() as house:
                keep_pitch(party=visit.party, text=form.cleaned_data["text"], by=house)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(visit.request, _("Kept. The newest version is the one that counts."))
            return visit.back("files")
    return _show(visit, pitch=form if form.is_bound else None)


def take(visit: Visit) -> HttpResponse:
    """One version of one's own, to keep or to compare."""
    query = visit.request.GET
    version = query.get("version", "")
    rows = own_documents(visit.actor).filter(kind=query.get("kind", DocumentKind.RESUME))
    if version.isdigit() and len(version) < 9:
        rows = rows.filter(version=int(version))
    row = rows.order_by("-version").first()
    return _hand_out(visit, row) if row else visit.back("files")


def resume(visit: Visit) -> HttpResponse:
    """The newest résumé of the person whom a Connector meets: when, and only when, it is shared."""
    meeting = Meeting.objects.filter(pk=visit.link.subject_id).first()
    if meeting is None:
        return dead(visit.request, spent=True)
    if meeting.connector_party != visit.party.pk:
        return visit.back()
    with visit.house():
        row = open_resume(
            holder_id=visit.party.pk, subject_id=meeting.connectee_party, kind=DocumentKind.RESUME
        )
    if row is None:
        messages.info(visit.request, _("There is no résumé that is shared with you."))
        return visit.back()
    visit.trace(meeting.connectee_party, "resume")
    return _hand_out(visit, row)


def _hand_out(visit: Visit, row: Document) -> HttpResponse:
    try:
        with visit.house():
            return attachment(row)
    except Refused as refusal:
        messages.error(visit.request, str(refusal))
        return visit.back()
