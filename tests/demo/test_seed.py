"""One seed, one demonstration; half a demonstration, none."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from takeroot.accounts.models import Centre
from takeroot.connections.models import Connectee, Connector
from takeroot.demo import build
from tests.cast import house_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer people by the same dice: building all of them takes many seconds."""
    for name, number in (("CONNECTEES", 5), ("CONNECTORS", 4), ("PAIRS", 7)):
        monkeypatch.setattr(build, name, number)


def people(seed: int) -> list[Any]:
    """Everybody's particulars after a build, which is then taken back."""
    found: list[Any] = []
    with transaction.atomic():
        build.build_demo(seed=seed)
        for centre in Centre.objects.order_by("slug"):
            with house_of(centre):
                for model in (Connectee, Connector):
                    found += model.objects.exclude(reference="").order_by("reference").values_list(
                        "reference", "person__party__name", "person__party__email",
                        "person__occupation_code", "person__languages", "person__interests",
                        "person__place_id", "person__mode",
                    )  # fmt: skip
        transaction.set_rollback(True)
    return found


def test_the_same_seed_makes_the_same_people_and_another_seed_others() -> None:
    first = people(1)
    assert len(first) == 2 * (5 + 4)
    assert people(1) == first
    assert people(2) != first


def test_a_build_that_is_interrupted_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def unplugged(town: build.Town) -> None:
        if town.language == "fr":
            raise KeyboardInterrupt

    monkeypatch.setattr(build, "_history", unplugged)
    with pytest.raises(KeyboardInterrupt):
        build.build_demo(seed=1)
    assert not Centre.objects.exists()
