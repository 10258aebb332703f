"""Opening a centre: from a template, with its first coordinator, in one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.enums import Period, Role
from takeroot.accounts.models import Centre, Membership, User
from takeroot.accounts.services import create_account, create_centre
from takeroot.facts.places import Place


@dataclass(frozen=True)
class CentreTemplate:
    """Named defaults: what differs from the model's own. Everything can be changed later."""

    key: str
    name: str | Promise
    about: str | Promise
    settings: dict[str, Any] = field(default_factory=dict)


TEMPLATES = (
    CentreTemplate(
        "small",
        _("Small centre"),
        _("one town, places counted each quarter, meetings within 60 km"),
        {"capacity_period": Period.QUARTER, "radius_km": 60, "least_quality": 300},
    ),
    CentreTemplate(
        "regional",
        _("Regional centre"),
        _("several towns, places counted each month, meetings within 120 km"),
        {"capacity_period": Period.MONTH, "radius_km": 120, "least_quality": 350},
    ),
    CentreTemplate(
        "francophone",
        _("Francophone centre"),
        _("letters in French first, far and wide, more meetings by video"),
        {
            "capacity_period": Period.QUARTER,
            "radius_km": 150,
            "least_quality": 250,
            "connector_word_fr": "Jumeleur",
        },
    ),
)


def template_of(key: str) -> CentreTemplate:
    return next(one for one in TEMPLATES if one.key == key)


@transaction.atomic
def open_centre(
    *,
    request: HttpRequest,
    template: str,
    slug: str,
    name_en: str,
    name_fr: str,
    community: Place,
    connector_word_en: str,
    connector_word_fr: str,
    coordinator_name: str,
    coordinator_email: str,
    language: str,
    postal_address: str = "",
) -> Centre:
    """A new centre and its first coordinator, who is invited by a letter to choose a password.

    Somebody who has an account already gets a membership, and no letter. Raises ValidationError.
    """
    centre = create_centre(
        **{
            **template_of(template).settings,
            "slug": slug,
            "name_en": name_en,
            "name_fr": name_fr,
            "place_code": community.id,
            "timezone": community.timezone,
            "connector_word_en": connector_word_en,
            "connector_word_fr": connector_word_fr,
            "email": coordinator_email,
            "postal_address": postal_address,
        }
    )
    known = User.objects.filter(email=coordinator_email.lower()).first()
    with acting(system_actor(centre.pk, purpose="setup")):
        if known is not None:
            Membership.objects.create(user=known, centre=centre, role=Role.COORDINATOR)
            return centre
        create_account(
            centre=centre,
            name=coordinator_name,
            email=coordinator_email,
            password=None,
            role=Role.COORDINATOR,
            language=language,
        )
    invite(request=request, email=coordinator_email, language=language)
    return centre


def invite(*, request: HttpRequest, email: str, language: str) -> None:
    """The letter that lets somebody choose their first password."""
    from allauth.account.forms import ResetPasswordForm

    with override(language):
        form = ResetPasswordForm(data={"email": email})
        if form.is_valid():
            form.save(request)
