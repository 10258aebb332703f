"""Releases: they add up, tell nothing small, know the ones before, and never change."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from takeroot.access.actor import NOBODY, Actor, acting
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.engine.disclosure import attack
from takeroot.outcomes.adapters import cell_key, seen
from takeroot.outcomes.models import CentreFigure, Release, Threshold
from takeroot.outcomes.selectors import figures_of, latest_published, releases_visible_to
from takeroot.outcomes.services.releases import decide_thresholds, make_release, publish_release
from tests.cast import actor_for, house_of, make_centre, member
from tests.outcomes.makers import SECRETARIAT, YEAR, happened, released

pytestmark = pytest.mark.django_db


def figure(release: Release, indicator: str, *place: Any) -> int | None:
    return figures_of(release)[cell_key(indicator, YEAR, *place)]


def test_e20_d17_figures_of_all_centres_add_up_whatever_each_calls_a_connector(
    centre: Centre, other_centre: Centre
) -> None:
    Centre.objects.filter(pk=other_centre.pk).update(
        connector_word_en="Champion", connector_word_fr="Guide"
    )
    happened(centre, "became_connector", 12, month=1)
    happened(other_centre, "became_connector", 14, month=1)
    happened(other_centre, "became_connector", 20, month=2)
    release = released(2)
    assert figure(release, "connectors", centre.slug) == 12
    assert figure(release, "connectors", other_centre.slug) == 34
    assert figure(release, "connectors") == 46
    assert figure(release, "connectors", "*", 1) == 26
    assert figure(release, "connectors", "*", 2) == 20


def test_e20_a_centre_that_began_today_is_in_the_next_release(centre: Centre) -> None:
    happened(centre, "met", 20, month=1)
    released(1)
    late = make_centre("lunenburg")
    happened(late, "met", 15, month=2)
    release = released(2)
    assert figure(release, "met", "lunenburg") == 15
    assert figure(release, "met") == 35


def test_e20_nothing_under_ten_is_told_and_nothing_can_be_worked_out(
    centre: Centre, other_centre: Centre
) -> None:
    happened(centre, "met", 4, month=1)
    happened(other_centre, "met", 30, month=1)
    happened(centre, "met", 25, month=2)
    happened(other_centre, "met", 18, month=2)
    release = released(2)
    assert figure(release, "met", centre.slug, 1) is None
    assert not [i for i in attack([seen(release)]) if i.pinned or i.told_small]
    # A total as it is would give the four away, unless another figure is held back with it.
    shown = [figure(release, "met", other_centre.slug, 1), figure(release, "met", "*", 1)]
    assert None in shown


def test_e20_a_second_release_does_not_tell_what_the_first_held_back(
    centre: Centre, other_centre: Centre
) -> None:
    happened(centre, "introduced", 40, month=1)
    happened(other_centre, "introduced", 26, month=1)
    first = released(1)
    assert figure(first, "introduced") == 66
    # Somebody writes down two more for January, and February has three.
    happened(centre, "introduced", 2, month=1)
    happened(other_centre, "introduced", 3, month=2)
    second = released(2)
    assert figure(second, "introduced", centre.slug, 1) is None
    keys = [key for key in figures_of(first) if "/introduced/" in key]
    changes = [(0, 1, key) for key in keys]
    for found in attack([seen(first), seen(second)], changes=changes):
        assert not found.told_small, found


def test_the_exact_figures_stay_behind_the_wall_of_their_centre(
    centre: Centre, other_centre: Centre
) -> None:
    happened(centre, "met", 4, month=1)
    happened(other_centre, "met", 3, month=1)
    released(1)
    staff = actor_for(member(centre, Role.COORDINATOR))

    def seen_by(actor: Actor) -> set[Any]:
        with transaction.atomic(), acting(actor):
            return set(CentreFigure.objects.values_list("centre_id", flat=True))

    assert seen_by(staff) == {centre.pk}
    for outside in (NOBODY, actor_for(member(centre, Role.SECRETARIAT))):
        assert seen_by(outside) == set()


def test_only_what_is_published_is_open_to_everybody(centre: Centre) -> None:
    happened(centre, "met", 20, month=1)
    draft = released(1, publish=False)
    assert latest_published() is None
    assert not releases_visible_to(NOBODY).exists()
    assert not releases_visible_to(actor_for(member(centre, Role.COORDINATOR))).exists()
    assert releases_visible_to(SECRETARIAT).get() == draft
    once = publish_release(release=draft, by=SECRETARIAT)
    assert publish_release(release=draft, by=SECRETARIAT) == once
    assert releases_visible_to(NOBODY).get() == draft == latest_published()


@pytest.mark.parametrize("table", ["release", "publication", "threshold"])
def test_what_was_released_is_never_changed(centre: Centre, table: str) -> None:
    released(1)
    decide_thresholds(least=12, least_sensitive=25, reason="", by=SECRETARIAT)
    for statement in ("UPDATE {} SET created_at = now()", "DELETE FROM {}"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(f"outcomes_{table}"))


def test_a_release_covers_months_that_are_over(centre: Centre) -> None:
    for year, through in ((YEAR + 50, 1), (YEAR, 13), (YEAR, 0)):
        with pytest.raises(Refused):
            make_release(year=year, through=through, by=SECRETARIAT)
    assert not Release.objects.exists()


def test_without_a_centre_there_is_nothing_to_add_up(db: None) -> None:
    with pytest.raises(Refused, match="no centre yet"):
        make_release(year=YEAR, through=1, by=SECRETARIAT)


def test_lowering_a_threshold_is_a_decision_with_a_reason_on_record(centre: Centre) -> None:
    decide_thresholds(least=15, least_sensitive=20, reason="", by=SECRETARIAT)
    with pytest.raises(Refused, match="Say why"):
        decide_thresholds(least=10, least_sensitive=20, reason=" ", by=SECRETARIAT)
    decide_thresholds(least=10, least_sensitive=20, reason="Agreed in May", by=SECRETARIAT)
    assert list(Threshold.objects.values_list("least", "reason")) == [
        (10, "Agreed in May"),
        (15, ""),
    ]
    with pytest.raises(ValidationError):
        decide_thresholds(least=2, least_sensitive=20, reason="Lower still", by=SECRETARIAT)


def test_the_threshold_that_holds_decides(centre: Centre) -> None:
    happened(centre, "met", 14, month=1)
    assert figure(released(1), "met", centre.slug) == 14
    decide_thresholds(least=15, least_sensitive=20, reason="", by=SECRETARIAT)
    happened(centre, "met", 0, month=2)
    assert figure(released(2), "met", centre.slug) is None


def test_counts_are_kept_exactly_for_the_centre_itself(centre: Centre) -> None:
    happened(centre, "met", 4, month=1)
    release = released(1)
    with house_of(centre):
        kept = CentreFigure.objects.get(release=release, key=cell_key("met", YEAR, centre.slug))
        assert kept.value == 4
