"""Reading releases, and figures out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from takeroot.access.actor import SYSTEM, Actor
from takeroot.accounts.enums import Role
from takeroot.outcomes.models import Release, Threshold

# Who sees a release before it is published. Nothing small stands in it, so this is about order,
# not about anybody's file.
RELEASE_ROLES = frozenset({Role.SECRETARIAT, Role.ANALYST, SYSTEM})


def releases_visible_to(actor: Actor) -> QuerySet[Release]:
    """Published ones for everybody; all of them for the secretariat and funders."""
    rows = Release.objects.select_related("publication")
    return rows if actor.role in RELEASE_ROLES else rows.filter(publication__isnull=False)


def latest_published() -> Release | None:
    """The release that the public pages show."""
    return Release.objects.filter(publication__isnull=False).order_by("-number").first()


def threshold_now() -> Threshold:
    """The decision that holds; before any decision, the one the product comes with."""
    return Threshold.objects.order_by("-created_at").first() or Threshold()


@dataclass(frozen=True)
class Months:
    """The months that a release may cover: those that are over everywhere."""

    year: int
    through: int


def last_full_month() -> Months:
    today = timezone.localdate()
    return Months(today.year, today.month - 1) if today.month > 1 else Months(today.year - 1, 12)


def figures_of(release: Release) -> Mapping[str, int | None]:
    """Key -> figure, None where it is held back."""
    return {key: value for key, value, _least, guarded in release.cells if guarded}
