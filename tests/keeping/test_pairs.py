"""Files that may be one person's are proposed with reasons; a person decides, once."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import pytest

from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee
from takeroot.keeping.likeness import Card, pairs_alike
from takeroot.keeping.models import Pair
from takeroot.keeping.selectors import open_pairs
from takeroot.keeping.services.merging import undo_merge
from takeroot.keeping.services.pairs import look_for_pairs, say_different, say_same
from tests.cast import house_of
from tests.connections.chain import asked, met
from tests.connections.people import a_connectee, a_connector


def look(centre: Centre) -> list[Pair]:
    with house_of(centre) as house:
        look_for_pairs(centre=centre)
        return list(open_pairs(house))


def change(centre: Centre, row: Any, **values: Any) -> None:
    with house_of(centre):
        party = Party.objects.get(pk=row.pk)
        for name, value in values.items():
            setattr(party, name, value)
        party.save()


def reasons(one: Card, other: Card) -> list[str]:
    found = pairs_alike([one, other])
    return [str(reason) for reason in found[0].reasons] if found else []


def card(n: int, name: str, **more: str) -> Card:
    return Card(UUID(int=n), name, **more)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (card(1, "Amina Example"), card(2, "Omar Sample"), []),
        (card(1, "Amina Example"), card(2, "AMINA EXAMPLE"), ["name"]),
        (card(1, "Zoé Bélanger"), card(2, "Zoe Belanger"), ["name"]),
        (card(1, "Amina Example"), card(2, "Example, Amina"), ["order"]),
        (card(1, "Amina Example"), card(2, "Example Amina"), ["order"]),
        # A few letters alone are not enough: with the same occupation they are.
        (card(1, "Mohamed Example"), card(2, "Mohammed Example"), []),
        (
            card(1, "Mohamed Example", occupation="31301"),
            card(2, "Mohammed Example", occupation="31301"),
            ["spelling", "occupation"],
        ),
        (
            card(1, "A. Example", email="a@people.example"),
            card(2, "Amina", email="A@people.example"),
            ["email"],
        ),
        # A family's telephone is no sign by itself.
        (card(1, "Amina Example", phone="902 555-0101"), card(2, "Omar X", phone="9025550101"), []),
        (
            card(1, "Mohamed Example", phone="+1 (902) 555-0101"),
            card(2, "Mohammed Example", phone="902-555-0101"),
            ["spelling", "phone"],
        ),
        # Somebody without any address is not like everybody without one.
        (card(1, "Amina Example", phone="x"), card(2, "Omar Sample", phone="y"), []),
    ],
)
def test_e15_what_makes_two_files_alike(one: Card, other: Card, why: list[str]) -> None:
    assert reasons(one, other) == why


def test_e15_the_order_of_the_list_changes_nothing_and_nobody_is_like_themselves() -> None:
    dice = random.Random(1)
    cards = [
        card(n, dice.choice(["Ana One", "One Ana", "Ben Two", "Cy Three"]), email=f"{n % 7}@x.ca")
        for n in range(1, 40)
    ]
    found = pairs_alike(cards)
    assert found
    assert all(pair.one < pair.other for pair in found)
    mixed = cards.copy()
    dice.shuffle(mixed)
    assert pairs_alike(mixed) == found


def test_e15_pairs_further_apart_than_one_block_of_the_comparison_are_found() -> None:
    words = [f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{n:05}" for n in range(1200)]
    cards = [card(n + 1, f"{word} {word[::-1]}") for n, word in enumerate(words)]
    twin = card(5000, cards[3].name)
    keys = {(pair.one, pair.other) for pair in pairs_alike([*cards, twin])}
    assert (cards[3].key, twin.key) in keys


def test_e15_newcomers_and_connectors_are_compared_contacts_among_themselves(
    centre: Centre,
) -> None:
    match = met(centre)
    asked(centre, match, "Ana One", "One Ana", "Amina Example")
    same = a_connector(centre, "Example Amina")
    found = {frozenset((pair.one.name, pair.other.name)) for pair in look(centre)}
    assert found == {
        frozenset(("Ana One", "One Ana")),
        frozenset(("Amina Example", "Example Amina")),
    }
    assert same.pk in {key for p in look(centre) for key in (p.one_id, p.other_id)}


def test_e15_two_different_people_are_never_proposed_again(centre: Centre) -> None:
    for name in ("Amina Example", "Example Amina"):
        a_connectee(centre, name)
    (pair,) = look(centre)
    with house_of(centre) as house:
        say_different(pair=pair, by=house)
    assert look(centre) == []
    with pytest.raises(Refused, match="two different people"), house_of(centre) as house:
        say_same(pair=pair, stays=pair.one_id, by=house)


def test_a_pair_that_is_alike_no_more_is_dropped_and_reasons_are_kept_up(centre: Centre) -> None:
    one = a_connectee(centre, "Amina Example")
    a_connectee(centre, "Example Amina")
    assert look(centre)[0].reasons == ["order", "occupation"]
    change(centre, one, email="example.amina@people.example")
    assert look(centre)[0].reasons == ["email", "order", "occupation"]
    change(centre, one, email="", name="Omar Sample")
    assert look(centre) == []


def test_e15_the_same_person_is_merged_and_proposed_again_only_when_that_is_undone(
    centre: Centre,
) -> None:
    for name in ("Amina Example", "Example Amina"):
        a_connectee(centre, name)
    (pair,) = look(centre)
    with house_of(centre) as house:
        merge = say_same(pair=pair, stays=pair.other_id, by=house)
    assert merge.stays_id == pair.other_id
    assert look(centre) == []
    with house_of(centre) as house:
        undo_merge(merge=merge, by=house)
    assert [row.pk for row in look(centre)] == [pair.pk]


def test_a_file_of_a_third_person_is_not_taken_for_one_of_the_pair(centre: Centre) -> None:
    for name in ("Amina Example", "Example Amina"):
        a_connectee(centre, name)
    (pair,) = look(centre)
    third = a_connectee(centre, "Omar Sample")
    with pytest.raises(Refused, match="which of the two"), house_of(centre) as house:
        say_same(pair=pair, stays=third.pk, by=house)
    with house_of(centre):
        assert Connectee.objects.filter(person__party__merged_into__isnull=False).count() == 0
