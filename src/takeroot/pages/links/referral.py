"""«May we introduce you?»: the page of a contact. Yes, no, never again; nothing is told before."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from takeroot.common.errors import Refused
from takeroot.connections import link_selectors as reads
from takeroot.connections.enums import ReferralState
from takeroot.connections.link_selectors import OPENED
from takeroot.connections.models import Referral
from takeroot.connections.services import referrals as services
from takeroot.messaging.models import LinkPurpose
from takeroot.pages.links.visit import Visit, dead


def _question(visit: Visit) -> Referral | None:
    return reads.referral_to(visit.actor, visit.link.subject_id)


def _show(visit: Visit, referral: Referral, *, refusal: str = "") -> HttpResponse:
    context: dict[str, Any] = {"referral": referral, "refusal": refusal}
    if referral.state in OPENED:
        context |= _opened(visit, referral)
    template = "referral_yes" if referral.state in OPENED else "referral"
    return visit.show(template, context, status=422 if refusal else 200)


def _opened(visit: Visit, referral: Referral) -> dict[str, Any]:
    """After yes: who the newcomer is, and where three more doors can be opened."""
    person = reads.person_behind(referral.connectee_id)
    other = reads.acquaintance(visit.actor, person, language=visit.language)
    if other:
        visit.trace(referral.connectee_id, "referral")
    languages = reads.language_names(other.languages if other else (), language=visit.language)
    link = reads.live_link(visit.actor, purpose=LinkPurpose.REFERRING, subject_id=referral.pk)
    return {"other": other, "languages": languages, "next_url": visit.address_of(link)}


def page(visit: Visit) -> HttpResponse:
    referral = _question(visit)
    return _show(visit, referral) if referral else dead(visit.request, spent=True)


def yes(visit: Visit) -> HttpResponse:
    referral = _question(visit)
    if referral is None:
        return dead(visit.request, spent=True)
    if not visit.posting:
        return visit.back()
    try:
        with visit.house():
            services.say_yes(referral=referral)
    except Refused as refusal:
        return _show(visit, referral, refusal=str(refusal))
    return visit.back()


def no(visit: Visit) -> HttpResponse:
    """No; with the other button, never again."""
    referral = _question(visit)
    if referral is None:
        return dead(visit.request, spent=True)
    if visit.posting and referral.state in (ReferralState.ASKED, ReferralState.DECLINED):
        with visit.house():
            services.say_no(referral=referral, never_again="never" in visit.request.POST)
    return visit.back()
