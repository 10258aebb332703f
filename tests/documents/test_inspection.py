"""What is taken and what is not: by content, never by name."""

from __future__ import annotations

import resource

import pytest

from takeroot.common.errors import Refused
from takeroot.documents.inspection import inspect
from tests.documents.makers import docx, good, hostile, pdf


@pytest.mark.parametrize("name", sorted(hostile()))
def test_e04_a_hostile_file_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        inspect(hostile()[name])
    assert len(str(refusal.value)) > 20


@pytest.mark.parametrize("name", sorted(good()))
def test_e04_what_people_really_hand_in_is_taken(name: str) -> None:
    assert inspect(good()[name]) == name.split()[0]


def test_e04_fifty_hostile_files_and_more_are_tried() -> None:
    assert len(hostile()) >= 50


def test_e04_bombs_are_refused_without_being_unpacked_into_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    files = [data for name, data in hostile().items() if "bomb" in name or "shrinks" in name]
    made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for data in files:
        with pytest.raises(Refused):
            inspect(data)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert made >= before
    assert (after - made) / 1024 < 300


@pytest.mark.parametrize("step", range(0, 400, 7))
def test_e04_a_damaged_file_is_refused_or_taken_and_never_breaks_anything(step: int) -> None:
    for whole in (docx(), pdf()):
        place = step % len(whole)
        changed = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        for data in (changed, whole[:place]):
            try:
                inspect(data)
            except Refused:
                continue
