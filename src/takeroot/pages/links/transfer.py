"""«May your file move to another centre?»: what moves, what stays, yes or no."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse

from takeroot.access.enums import GivenHow
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee
from takeroot.connections.services.leaving import may_keep_in_touch
from takeroot.keeping.enums import TransferState
from takeroot.keeping.models_moving import OPEN, Transfer
from takeroot.keeping.services.transferring import answer_transfer
from takeroot.pages.links.visit import Visit, dead
from takeroot.pages.moving_words import groups_of
from takeroot.promises.enums import PromiseKind
from takeroot.promises.words import told_beforehand


def page(visit: Visit) -> HttpResponse:
    with visit.house() as house:
        rows = Transfer.objects.select_related("centre", "to")
        row = rows.filter(pk=visit.link.subject_id, party_id=visit.party.pk, state__in=OPEN).first()
        connectee = Connectee.objects.filter(pk=visit.party.pk).first()
        if row is None or connectee is None:
            return dead(visit.request, spent=True)
        if visit.posting and visit.request.POST.get("answer") in ("yes", "no"):
            try:
                answer_transfer(
                    transfer=row,
                    yes=visit.request.POST["answer"] == "yes",
                    how=GivenHow.IN_PERSON,
                    keep_in_touch=visit.request.POST.get("touch") == "yes",
                    by=house,
                )
                return visit.back() if visit.request.POST["answer"] == "yes" else visit.goodbye()
            except Refused as refusal:
                messages.error(visit.request, str(refusal))
        context = {
            "row": row,
            "agreed": row.state == TransferState.AGREED,
            "groups": groups_of(connectee),
            "touch": may_keep_in_touch(connectee),
            "otherwise": told_beforehand(centre=row.centre, kind=PromiseKind.ANSWER_TRANSFER),
            "then": told_beforehand(centre=row.to, kind=PromiseKind.DECIDE_TRANSFER),
        }
    return visit.show("transfer", context)
