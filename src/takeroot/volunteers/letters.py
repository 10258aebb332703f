"""Letters about screening, in the reader's language."""

from __future__ import annotations

from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from takeroot.accounts.models import Party
from takeroot.promises.enums import PromiseKind
from takeroot.promises.words import told_beforehand
from takeroot.volunteers.models import Screening


def _words(reader: Party, screening: Screening) -> dict[str, str]:
    until: date = screening.valid_until or screening.received_on
    return {
        "name": reader.first_name,
        "kind": screening.get_kind_display(),
        "day": date_format(until, "DATE_FORMAT"),
        "centre": reader.centre.name,
        "address": reader.centre.email or "",
    }


def _reach(words: dict[str, str]) -> str:
    if words["address"]:
        return _("Show the new one to the centre, or write to %(address)s.") % words
    return _("Show the new one to the centre, or answer this letter.")


def please_renew(*, reader: Party, screening: Screening) -> tuple[str, str]:
    """Subject and body: it will end soon; what to do; what happens otherwise."""
    with translation.override(reader.language):
        words = _words(reader, screening)
        said = [
            _("Hello %(name)s,") % words,
            _("Your screening at %(centre)s ends on %(day)s (%(kind)s).") % words,
            _reach(words) + " " + _("We look at it and give it back; no copy is kept."),
            told_beforehand(centre=reader.centre, kind=PromiseKind.RENEW_SCREENING),
            _("Thank you for opening doors."),
        ]
        return _("Time to renew: %(kind)s") % words, "\n\n".join(said)


def not_asked_for_now(*, reader: Party, screening: Screening) -> tuple[str, str]:
    """Subject and body: nobody new is proposed until a new one is there."""
    with translation.override(reader.language):
        words = _words(reader, screening)
        said = [
            _("Hello %(name)s,") % words,
            _(
                "Your screening at %(centre)s has ended on %(day)s (%(kind)s). Until we have seen "
                "a new one we propose nobody new to you; whom you know already is not concerned."
            )
            % words,
            _reach(words),
        ]
        return _("Nobody new for now"), "\n\n".join(said)
