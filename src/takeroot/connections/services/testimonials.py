"""A few words for others: asked for, given, read by the staff, shown, taken back at any time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Party
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.common.text import tidy
from takeroot.connections import asking_letters
from takeroot.connections.enums import Shown, ShownName, ToldState
from takeroot.connections.models import Connector
from takeroot.connections.models_told import LONGEST_WORDS, Testimonial
from takeroot.connections.services.asking import need_an_address
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, write_letter
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, keep_promises, open_promise

LONGEST = timedelta(days=3 * 366)
# The link outlives the words: they can be taken back on their last day too.
LINK_AFTER = timedelta(days=60)


@transaction.atomic
def ask_for_words(*, party: Party, by: Actor) -> Testimonial:
    """Ask somebody for a few words, by letter; whoever was asked and has not answered is not
    asked a second time."""
    need_an_address(party)
    asked = Testimonial.objects.filter(party=party, state=ToldState.ASKED).first()
    if asked is not None:
        raise Refused(_("%(name)s was asked before and has not answered.") % {"name": party.name})
    row = Testimonial(
        centre=party.centre,
        party=party,
        as_connector=Connector.objects.filter(pk=party.pk).exists(),
        language=party.language,
    )
    row.save(force_insert=True)
    link = issue_link(party=party, purpose=LinkPurpose.TESTIMONIAL, subject_id=row.pk)
    subject, body = asking_letters.a_few_words(reader=party, link=f"{{link:{link.pk}}}")
    write_letter(party=party, kind="testimonial", subject=subject, body=body, about_id=row.pk)
    return row


def _locked(testimonial: Testimonial) -> Testimonial:
    return (
        Testimonial.objects.select_for_update(of=("self",))
        .select_related("centre", "party")
        .get(pk=testimonial.pk)
    )


@transaction.atomic
def give_words(
    *,
    testimonial: Testimonial,
    text: str,
    places: Sequence[str],
    shown_name: str,
    until: date,
    by: Actor,
) -> Testimonial:
    """The person's words, where they may stand, under which name, until when. They wait for the
    staff's look; changed words wait anew, and nothing of the earlier ones is shown meanwhile."""
    row = _locked(testimonial)
    words = tidy(text)
    if not words or len(words) > LONGEST_WORDS:
        raise Refused(
            _("Write between one and %(most)d letters; nothing was saved.")
            % {"most": LONGEST_WORDS}
        )
    if not places or not set(places) <= set(Shown.values) or shown_name not in ShownName.values:
        raise Refused(_("Choose at least one place where your words may stand."))
    today = timezone.localdate(timezone=row.centre.zone)
    if not today < until <= today + LONGEST:
        raise Refused(_("Choose a last day after today, and within three years."))
    row.text, row.places, row.shown_name, row.until = words, sorted(places), shown_name, until
    row.language = (get_language() or row.party.language)[:2]
    row.state = ToldState.GIVEN
    row.approved_at = row.approved_by = row.withdrawn_at = None
    row.save()
    left = (until + LINK_AFTER - today).days
    issue_link(party=row.party, purpose=LinkPurpose.TESTIMONIAL, subject_id=row.pk, days=left)
    open_promise(
        centre=row.centre,
        kind=PromiseKind.READ_WORDS,
        subject_kind="testimonial",
        subject_id=row.pk,
        creditor=row.party,
    )
    return row


@transaction.atomic
def decide_words(*, testimonial: Testimonial, show: bool, seen: str, by: Actor) -> Testimonial:
    """The staff has read it. `seen` are the words that stood on their page: what was changed or
    taken back meanwhile is not decided unread."""
    row = _locked(testimonial)
    decidable = (ToldState.GIVEN, ToldState.APPROVED, ToldState.DECLINED)
    if row.state not in decidable or row.text != seen:
        raise EditedMeanwhile(
            _("These words were changed or taken back meanwhile. Read them again, then decide.")
        )
    row.state = ToldState.APPROVED if show else ToldState.DECLINED
    row.approved_by_id = by.party if show else None
    row.approved_at = timezone.now() if show else None
    row.save()
    keep_promises(subject_id=row.pk, kind=PromiseKind.READ_WORDS)
    return row


@transaction.atomic
def take_words_back(*, testimonial: Testimonial, by: Actor) -> Testimonial:
    """Gone from every page with this transaction, and emptied. The link stays: who wants to may
    say something else later."""
    row = _locked(testimonial)
    if row.state == ToldState.WITHDRAWN:
        return row
    row.state, row.withdrawn_at = ToldState.WITHDRAWN, timezone.now()
    row.text, row.places, row.until = "", [], None
    row.approved_at = row.approved_by = None
    row.save()
    close_promises(subject_id=row.pk, kind=PromiseKind.READ_WORDS, reason=CloseReason.WITHDRAWN)
    return row
