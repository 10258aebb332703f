"""What a model declares about the people in it, beside its `wall`.

One declaration serves four things: the copy that somebody may take of all that is held on them,
the erasure of a person, the joining of two files of one person, and the move of a file to another
centre. `keeping` reads it. A test fails when a table that reaches a person declares nothing, or
leaves a text unaccounted for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import Model
from django.utils.functional import Promise


class Travels(StrEnum):
    """What becomes of somebody's rows when their file moves to another centre.

    WITH_FILE  the row is the file, or a part of it: made anew there, emptied here
    GOES       the rows go along; nothing of them stays
    STAYS      the rows stay, emptied as at an erasure, so that this centre's counts stay true
    """

    WITH_FILE = "with_file"
    GOES = "goes"
    STAYS = "stays"


@dataclass(frozen=True)
class Arrival:
    """A file on its way: the keys it had in the centre it leaves, and the one it has there."""

    keys: tuple[UUID, ...]
    key: UUID
    centre: UUID


# What a row holds besides in the other centre.
Arrives: TypeAlias = "Callable[[Any, Arrival], dict[str, Any]]"


@dataclass(frozen=True)
class Keeps:
    """How one table holds people.

    label     the rows in words, plural («letters»): a heading of the copy, a line of the erasure
    about     look-up that leads to the person -> fields that this person may have in their copy.
              Rows that one of the look-ups finds are emptied when the person is erased
    forget    field -> what it holds after the erasure. Texts that name or describe somebody
    goes      the rows themselves are deleted at the erasure
    stays     texts, lists and bare keys that hold codes or things, nothing of a person
    keys      bare UUID columns that hold a person's key
    key       the row's own key is the person's (Party, Person, Connectee …)
    moves     the rows follow when two files become one; else they stay and are read through
    joined    field -> which of two values (staying, going) the joined file has, where filling what
              is empty would be wrong
    clash     what lets a row stand beside those of the other file that a constraint of this name
              protects: values to write, or None when the row has to stay where it was
    given     which rows a copy holds, where it is not all of them (letters that were sent)
    travels   what becomes of the rows when the file moves to another centre
    goes_along  which rows of a table that GOES do go, where it is not all of them
    arrives   what a row that moves holds there, where it is not what it held here
    nobody    why the table holds nothing of a person although it points at one
    """

    label: str | Promise = ""
    about: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forget: Mapping[str, Any] = field(default_factory=dict)
    goes: bool = False
    stays: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    key: bool = False
    moves: bool = True
    joined: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    clash: Callable[[Any, UUID, str], dict[str, Any] | None] | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    travels: Travels | None = None
    goes_along: Callable[[Any, Arrival], bool] | None = None
    arrives: Arrives | None = None
    nobody: str = ""


# What an app does besides when somebody is erased: cancel what lies ahead, tell the other side (not
# when an erasure is repeated after a restore). Gets the keys of the person (those of joined files
# too) and whether to tell; says which further rows it emptied.
Ending: TypeAlias = "Callable[[list[UUID], bool], Iterable[UUID]]"
# Why two files cannot become one, in a sentence for the coordinator; "" when nothing forbids it.
Objection: TypeAlias = "Callable[[UUID, UUID], str]"

# What an app does besides when a file leaves for another centre: end or hand on what is under way,
# tell the others. Gets the file on its way and whether the person would like to keep in touch; says
# which further rows it emptied. Run by the house of the centre that the file leaves.
Departure: TypeAlias = "Callable[[Arrival, bool], Iterable[UUID]]"

_endings: list[Ending] = []
_departures: list[Departure] = []
_objections: list[Objection] = []


def on_erasure(ending: Ending) -> None:
    """Register what an app does when somebody is erased; called at start (`AppConfig.ready`)."""
    if ending not in _endings:
        _endings.append(ending)


def on_departure(departure: Departure) -> None:
    """Register what an app does when a file leaves for another centre; called at start."""
    if departure not in _departures:
        _departures.append(departure)


def on_joining(objection: Objection) -> None:
    """Register why an app may forbid to join two files; called at start."""
    if objection not in _objections:
        _objections.append(objection)


def endings() -> tuple[Ending, ...]:
    return tuple(_endings)


def departures() -> tuple[Departure, ...]:
    return tuple(_departures)


def objections() -> tuple[Objection, ...]:
    return tuple(_objections)


def keeps_of(model: type[Model]) -> Keeps | None:
    """The declaration of a model, if it has one."""
    found = getattr(model, "keeps", None)
    return found if isinstance(found, Keeps) else None
