"""Making and publishing a release, and the secretariat's decision on thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.outcomes.adapters import Bar, Parts, suppressed
from takeroot.outcomes.indicators import counts_by_month
from takeroot.outcomes.models import CentreFigure, Publication, Release, Threshold
from takeroot.outcomes.selectors import last_full_month, threshold_now

_ONE_AT_A_TIME = 20_260_113  # any number: the lock's name


def _alone() -> None:
    """Releases are made one after the other: each must know those before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


@transaction.atomic
def make_release(*, year: int, through: int, by: Actor) -> Release:
    """Count every centre from January to a month, as the house at work in that centre, and keep
    what may be told. Raises Refused."""
    _check_months(year, through)
    _alone()
    centres = list(Centre.objects.order_by("slug"))
    if not centres:
        raise Refused(_("There is no centre yet, so there is nothing to add up."))
    decided = threshold_now()
    bar = Bar(decided.least, decided.least_sensitive)
    counts = {centre.slug: _counts(centre, year) for centre in centres}
    earlier = _earlier(centres, year)
    parts = suppressed(counts, earlier, year=year, through=through, bar=bar)
    if any(part.exposed for part in parts):
        raise Refused(
            _(
                "Together with the releases before it, this one would tell small figures, whatever "
                "is held back. Wait for another month, then try again. Nothing was made."
            )
        )
    release = _store(parts, year=year, through=through, bar=bar, by=by)
    for centre in centres:
        _keep_exact(release, centre, parts)
    return release


def _check_months(year: int, through: int) -> None:
    last = last_full_month()
    if not 1 <= through <= 12 or not 2000 <= year <= last.year:
        raise Refused(_("There are no figures of these months."))
    if (year, through) > (last.year, last.through):
        raise Refused(_("A release covers whole months that are over. Choose an earlier month."))


def _counts(centre: Centre, year: int) -> dict[str, tuple[int, ...]]:
    with acting(system_actor(centre.pk, purpose="release")) as house:
        return counts_by_month(actor=house, centre=centre, year=year)


def _earlier(centres: list[Centre], year: int) -> list[tuple[Release, Mapping[str, int]]]:
    """Every release of that year so far, published or not: somebody has seen it."""
    releases = list(Release.objects.filter(year=year).order_by("number"))
    exact: dict[UUID, dict[str, int]] = {release.pk: {} for release in releases}
    for centre in centres:
        with acting(system_actor(centre.pk, purpose="release")):
            rows = CentreFigure.objects.filter(centre=centre, release__in=releases)
            for release, key, value in rows.values_list("release_id", "key", "value"):
                exact[release][key] = value
    return [(release, exact[release.pk]) for release in releases]


def _store(parts: Parts, *, year: int, through: int, bar: Bar, by: Actor) -> Release:
    shown = [part.release for part in parts]
    last = Release.objects.order_by("-number").values_list("number", flat=True).first() or 0
    release = Release(
        number=last + 1,
        year=year,
        through=through,
        least=bar.least,
        least_sensitive=bar.least_sensitive,
        cells=[[c.key, c.value, c.threshold, c.guarded] for part in shown for c in part.cells],
        sums=[[one.total, list(one.parts)] for part in shown for one in part.sums],
        made_by=by.party,
    )
    release.save(force_insert=True)
    return release


def _keep_exact(release: Release, centre: Centre, parts: Parts) -> None:
    cells = [cell for part in parts for cell in part.tables.cells]
    rows = [
        CentreFigure(centre=centre, release=release, key=cell.key, value=cell.value)
        for cell in cells
        if cell.key.split("/")[2] == centre.slug
    ]
    with acting(system_actor(centre.pk, purpose="release")):
        CentreFigure.objects.bulk_create(rows)


@transaction.atomic
def publish_release(*, release: Release, by: Actor) -> Publication:
    """Open a release to everybody. Twice is once; it cannot be taken back."""
    _alone()
    found = Publication.objects.filter(release=release).first()
    return found or Publication.objects.create(release=release, published_by=by.party)


@transaction.atomic
def decide_thresholds(*, least: int, least_sensitive: int, reason: str, by: Actor) -> Threshold:
    """From how many on the next releases tell a figure. Lowering one needs a reason in writing.
    Raises Refused or ValidationError."""
    now = threshold_now()
    lower = least < now.least or least_sensitive < now.least_sensitive
    if lower and not reason.strip():
        raise Refused(_("Say why: a lower threshold is a decision that stays on record."))
    row = Threshold(
        least=least, least_sensitive=least_sensitive, reason=reason.strip(), decided_by=by.party
    )
    row.full_clean()
    row.save(force_insert=True)
    return row
