"""«A newcomer of another centre»: yes or no, before any name moves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.connections.letters import occupation_words
from takeroot.connections.models import Connector
from takeroot.connections.services.sharing import answer_shared
from takeroot.connections.shared import asks_visible_to
from takeroot.pages.coordinator.people_words import languages_in_words
from takeroot.pages.links.visit import Visit, dead


def page(visit: Visit) -> HttpResponse:
    # The request is another centre's row: only our house may read it, on behalf of the reader.
    with visit.house() as house:
        ask = asks_visible_to(house).filter(pk=visit.link.subject_id, answer=None).first()
        connector = (
            Connector.objects.filter(pk=visit.party.pk)
            .select_related("centre", "person__party__centre")
            .first()
        )
        if ask is None or connector is None:
            return dead(visit.request, spent=True)
        if visit.posting and visit.request.POST.get("answer") in ("yes", "no"):
            yes = visit.request.POST["answer"] == "yes"
            try:
                answer_shared(ask=ask, connector=connector, yes=yes, by=house)
                return visit.goodbye()
            except Refused as refusal:
                messages.error(visit.request, str(refusal))
    spoken = "; ".join(languages_in_words(dict.fromkeys(ask.languages)))
    context = {
        "asking": ask.centre.name,
        "work": occupation_words(ask.occupation_code, "", visit.language),
        "spoken": spoken,
        "facts": [
            (_("Works as"), occupation_words(ask.occupation_code, "", visit.language)),
            (_("Speaks"), spoken),
        ],
    }
    return visit.show("shared_ask", context)
