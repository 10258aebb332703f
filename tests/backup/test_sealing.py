"""A sealed file opens whole, with its passphrase, or not at all."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeroot.backup import sealing
from takeroot.backup.errors import BackupProblem
from takeroot.backup.sealing import SealedReader, SealedWriter, check_passphrase

PASSPHRASE = "four words picked at random"


@pytest.fixture(autouse=True)
def _quick_and_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small chunks and a cheap key: the same code, many more edges in a second."""
    monkeypatch.setattr(sealing, "CHUNK", 16)
    monkeypatch.setattr(sealing, "LOG_N", 10)


def sealed(pieces: list[bytes]) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, PASSPHRASE)
    for piece in pieces:
        writer.write(piece)
    writer.close()
    return file.getvalue()


def opened(data: bytes, passphrase: str = PASSPHRASE) -> bytes:
    reader = SealedReader(io.BytesIO(data), passphrase)
    reader.check()
    return io.BufferedReader(reader).read()


quick = settings(max_examples=40, deadline=None)


@quick
@given(st.lists(st.binary(max_size=70), max_size=6))
def test_what_was_sealed_comes_back(pieces: list[bytes]) -> None:
    assert opened(sealed(pieces)) == b"".join(pieces)


@quick
@given(st.binary(min_size=1, max_size=120), st.data())
def test_any_changed_byte_is_noticed(content: bytes, data: st.DataObject) -> None:
    good = bytearray(sealed([content]))
    place = data.draw(st.integers(0, len(good) - 1))
    good[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BackupProblem):
        opened(bytes(good))


@quick
@given(st.binary(max_size=120), st.data())
def test_a_file_cut_anywhere_is_noticed(content: bytes, data: st.DataObject) -> None:
    good = sealed([content])
    with pytest.raises(BackupProblem):
        opened(good[: data.draw(st.integers(0, len(good) - 1))])


def test_a_whole_number_of_chunks_cut_off_is_noticed() -> None:
    good = sealed([b"x" * 64])
    with pytest.raises(BackupProblem, match="damaged"):
        opened(good[: -(sealing.CHUNK + sealing.TAG)])


def test_chunks_in_another_order_are_noticed() -> None:
    good, head, step = sealed([b"a" * 16, b"b" * 16, b"c" * 16]), 42, 32
    mixed = good[:head] + good[head + step : head + 2 * step] + good[head : head + step]
    with pytest.raises(BackupProblem):
        opened(mixed + good[head + 2 * step :])


@quick
@given(st.binary(max_size=100), st.integers(0, 110), st.integers(0, 110))
def test_any_part_can_be_read_by_itself(content: bytes, start: int, size: int) -> None:
    reader = io.BufferedReader(SealedReader(io.BytesIO(sealed([content])), PASSPHRASE))
    reader.seek(start)
    assert reader.read(size) == content[start : start + size]


def test_another_passphrase_opens_nothing_and_says_so() -> None:
    with pytest.raises(BackupProblem, match="passphrase is another one"):
        opened(sealed([b"data"]), "four other words entirely")


def test_the_same_words_open_however_the_keyboard_composed_them() -> None:
    file = io.BytesIO()
    writer = SealedWriter(file, "quatre mots très délicats")
    writer.close()
    opened(file.getvalue(), "quatre mots très délicats")


def test_two_sealings_of_the_same_data_share_no_key() -> None:
    assert sealed([b"data"])[42:] != sealed([b"data"])[42:]


def test_a_short_passphrase_is_refused_with_what_is_expected() -> None:
    with pytest.raises(BackupProblem, match="5 characters; at least 12"):
        check_passphrase("short")
