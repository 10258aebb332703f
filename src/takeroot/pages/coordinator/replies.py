"""An answer that came by letter and was not clear: read it, say what it means."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from takeroot.access.policies import PEOPLE_WORK
from takeroot.access.services import record_read
from takeroot.common.errors import Refused
from takeroot.connections.reply_words import Said
from takeroot.connections.services.replies import NOTHING, meeting_of, question_of, read_reply
from takeroot.messaging.models import IncomingLetter, Outcome
from takeroot.pages.forms import form_for, refuse, status_of, submitted
from takeroot.pages.requests import Request
from takeroot.pages.routes import pages_of

page = pages_of("coordinator")
ABOUT_MEETING = (
    (Said.MET.value, gettext_lazy("They met")),
    (Said.NOT_MET.value, gettext_lazy("They did not meet")),
)
ABOUT_QUESTION = (
    (Said.YES.value, gettext_lazy("Yes, an introduction is welcome")),
    (Said.NO.value, gettext_lazy("No")),
    (Said.NEVER.value, gettext_lazy("No, and never write to them again")),
)
LEAVE = ((NOTHING, gettext_lazy("Nothing to do, or settled in another way")),)


class Meaning(forms.Form):
    """What the answer means. Nothing is chosen beforehand."""

    meaning = forms.ChoiceField(label=gettext_lazy("What does it mean?"), widget=forms.RadioSelect)
    on = forms.DateField(
        label=gettext_lazy("If they met: on which day?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, reply: IncomingLetter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = []
        if meeting_of(reply) is not None:
            choices += ABOUT_MEETING
        else:
            del self.fields["on"]
        if question_of(reply) is not None:
            choices += ABOUT_QUESTION
        self.fields["meaning"].choices = [*choices, *LEAVE]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("meaning") == Said.MET and not data.get("on"):
            self.add_error("on", _("Write the day on which they met."))
        return data


def _replies(request: Request):  # type: ignore[no-untyped-def]
    return IncomingLetter.objects.filter(centre_id__in=request.actor.file_centres).select_related(
        "party__centre", "letter", "centre", "read_by"
    )


@require_http_methods(["GET", "POST"])
def show(request: Request, key: UUID) -> HttpResponse:
    reply = get_object_or_404(_replies(request), pk=key)
    record_read(
        by=request.actor, subject_id=reply.party_id, centre_id=reply.centre_id, page="reply"
    )
    waits = reply.outcome == Outcome.WAITING
    form = form_for(
        request, Meaning, reply=reply, initial={"on": timezone.localdate(reply.written_at)}
    )
    if waits and submitted(request, form):
        try:
            read_reply(
                reply=reply,
                meaning=form.cleaned_data["meaning"],
                on=form.cleaned_data.get("on"),
                by=request.actor,
            )
            messages.success(request, _("Noted in their name, marked as told by letter."))
            return redirect("coordinator:today")
        except Refused as refusal:
            refuse(form, refusal)
    context = {"reply": reply, "form": form if waits else None}
    return render(request, "coordinator/reply.html", context, status=status_of(form))


urls = [page("replies/<uuid:key>/", show, "reply", PEOPLE_WORK)]
