"""Résumé and introduction of a Connectee, for the staff: look, take, add in their name."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takeroot.access.policies import PEOPLE_WORK
from takeroot.access.services import record_read
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee
from takeroot.connections.resume import shares_resume
from takeroot.connections.selectors import connectees_visible_to
from takeroot.documents.enums import DocumentKind
from takeroot.documents.selectors import documents_visible_to
from takeroot.documents.services import keep_file, keep_pitch, pitch_text
from takeroot.pages.file_forms import FileForm, PitchForm
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.handing_out import attachment
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")


def _show(
    request: Request,
    row: Connectee,
    *,
    form: FileForm | None = None,
    pitch: PitchForm | None = None,
) -> HttpResponse:
    rows = list(documents_visible_to(request.actor).filter(party_id=row.pk))
    pitches = [one for one in rows if one.kind == DocumentKind.PITCH]
    words = ""
    if pitches:
        try:
            words = pitch_text(pitches[0])
        except Refused as refusal:
            messages.error(request, str(refusal))
    context = {
        "row": row,
        "file_form": form or FileForm(),
        "pitch_form": pitch or PitchForm(initial={"text": words}),
        "resumes": [one for one in rows if one.kind == DocumentKind.RESUME],
        "pitches": pitches,
        "shared": shares_resume(row.pk),
    }
    status = max(status_of(one) for one in (form, pitch) if one) if form or pitch else 200
    return render(request, "coordinator/documents.html", context, status=status)


def _one(request: Request, pk: UUID) -> Connectee:
    return get_object_or_404(connectees_visible_to(request.actor), pk=pk)


@require_http_methods(["GET", "POST"])
def documents(request: Request, pk: UUID) -> HttpResponse:
    row = _one(request, pk)
    if request.method == "GET":
        record_read(by=request.actor, subject_id=row.pk, centre_id=row.centre_id, page="documents")
    form = form_for(request, FileForm)
    if submitted(request, form):
        name, data = form.handed
        try:
            keep_file(
                party=row.person.party,
                kind=DocumentKind.RESUME,
                name=name,
                data=data,
                by=request.actor,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Kept. The newest version is the one that counts."))
            return redirect(reverse("coordinator:documents", args=[row.pk]))
    return _show(request, row, form=form if form.is_bound else None)


@require_POST
def pitch(request: Request, pk: UUID) -> HttpResponse:
    row = _one(request, pk)
    form = form_for(request, PitchForm)
    if submitted(request, form):
        try:
            keep_pitch(party=row.person.party, text=form.cleaned_data["text"], by=request.actor)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Kept. The newest version is the one that counts."))
            return redirect(reverse("coordinator:documents", args=[row.pk]))
    return _show(request, row, pitch=form)


@require_GET
def document(request: Request, pk: UUID, document: UUID) -> HttpResponse:
    row = _one(request, pk)
    found = get_object_or_404(
        documents_visible_to(request.actor).filter(party_id=row.pk), pk=document
    )
    record_read(by=request.actor, subject_id=row.pk, centre_id=row.centre_id, page="document")
    try:
        return attachment(found)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("coordinator:documents", args=[row.pk]))


urls = [
    page("people/<uuid:pk>/documents/", documents, "documents", PEOPLE_WORK),
    page("people/<uuid:pk>/documents/pitch/", pitch, "document_pitch", PEOPLE_WORK),
    page("people/<uuid:pk>/documents/<uuid:document>/", document, "document", PEOPLE_WORK),
]
