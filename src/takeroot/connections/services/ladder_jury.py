"""What a juror owes once they are asked, and the one reminder of it."""

from __future__ import annotations

from django.utils import timezone

from takeroot.connections.enums_recognition import RecognitionState
from takeroot.connections.letters_recognition import still_to_decide
from takeroot.connections.models_recognition import Juror, Nominee, Recognition
from takeroot.connections.recognised import stands
from takeroot.connections.services.house_letters import own_link, write_out
from takeroot.messaging.models import LinkPurpose
from takeroot.promises.enums import PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.services import keep_promises, open_promise


def owe_votes(juror: Juror) -> None:
    open_promise(
        centre=juror.centre,
        kind=PromiseKind.DECIDE_JURY,
        subject_kind="juror",
        subject_id=juror.pk,
        debtor=juror.party,
    )


def undecided(juror: Juror) -> list[Nominee]:
    """Names before the jury on which they have neither voted nor stood aside."""
    rows = juror.recognition.nominees.exclude(votes__juror=juror).exclude(recusals__juror=juror)
    day = timezone.localdate(timezone=juror.centre.zone)
    return [row for row in rows.select_related("party", "consent") if stands(row, day)]


def owe_more(recognition: Recognition) -> None:
    """A name has come before the jury: whoever was done has something to decide again."""
    rows = recognition.jurors.select_related("party", "recognition", "centre")
    for juror in rows.order_by("pk"):
        if undecided(juror):
            owe_votes(juror)


def keep_if_done(juror: Juror) -> None:
    """Nothing stands before them any more: the promise is kept."""
    if not undecided(juror):
        keep_promises(subject_id=juror.pk, kind=PromiseKind.DECIDE_JURY)


def remind_juror(promise: Promise) -> None:
    """Once, and only while there is something to decide."""
    juror = (
        Juror.objects.select_related("party__centre", "recognition__centre", "centre")
        .filter(pk=promise.subject_id, recognition__state=RecognitionState.JURY)
        .first()
    )
    if juror is None or not undecided(juror):
        return
    link = own_link(juror.party, LinkPurpose.JURY, juror.pk)
    text = still_to_decide(reader=juror.party, recognition=juror.recognition, link=link)
    write_out(juror.party, "remind_jury", text, juror.pk)
