"""Encryption of an archive with a passphrase, in chunks, so that any size fits in little memory.

Format (all integers big-endian)::

    header  = MAGIC (16 bytes) + log2 of scrypt's N (1) + r (1) + p (1) + salt (16) + prefix (7)
    chunk i = AES-256-GCM(key, nonce = prefix + i (4) + last (1), data, aad = header)

The key is scrypt(passphrase, salt). Every chunk but the last holds CHUNK bytes; the last one says
so in its nonce: a file that was cut, reordered, joined or changed does not open. (The STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015.)
"""

from __future__ import annotations

import io
import os
import struct
import unicodedata
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from takeroot.backup.errors import BackupProblem

MAGIC = b"TAKEROOT-SEALED1"
CHUNK = 64 * 1024
TAG = 16
LOG_N, R, P = 17, 8, 1
_MOST_LOG_N = 20
_SHAPE = struct.Struct(">16sBBB16s7s")
LEAST_PASSPHRASE = 12

DAMAGED = (
    "The file is damaged: it was cut short or changed after it was made. Nothing was restored. "
    "Take another copy of it, or an earlier backup."
)


def check_passphrase(passphrase: str) -> str:
    """The passphrase, if it is long enough to be worth the name; raises BackupProblem."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise BackupProblem(
            f"The passphrase has {len(passphrase)} characters; at least {LEAST_PASSPHRASE} are "
            "expected. Four or five words picked at random are easy to write down."
        )
    return passphrase


def _key(passphrase: str, salt: bytes, log_n: int, r: int, p: int) -> AESGCM:
    # The same words typed on another keyboard may be composed differently: NFKC makes them one.
    secret = unicodedata.normalize("NFKC", passphrase).encode()
    return AESGCM(Scrypt(salt=salt, length=32, n=2**log_n, r=r, p=p).derive(secret))


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


class SealedWriter(io.RawIOBase):
    """Encrypts what is written to it; `close()` writes the last chunk (not the file's own end)."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt, self._prefix = os.urandom(16), os.urandom(7)
        self._file, self._number, self._waiting = file, 0, bytearray()
        self._header = _SHAPE.pack(MAGIC, LOG_N, R, P, salt, self._prefix)
        self._box = _key(passphrase, salt, LOG_N, R, P)
        file.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        self._waiting += data
        # One byte more than a chunk must wait: only then is it certain that this one is not last.
        while len(self._waiting) > CHUNK:
            self._emit(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def _emit(self, data: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._file.write(self._box.encrypt(nonce, data, self._header))
        self._number += 1

    def close(self) -> None:
        if not self.closed:
            self._emit(bytes(self._waiting), last=True)
            self._waiting.clear()
        super().close()


class SealedReader(io.RawIOBase):
    """Reads, and seeks in, what a SealedWriter wrote. Raises BackupProblem on the first byte that
    is not as it was written."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._file = file
        self._header = file.read(_SHAPE.size)
        if len(self._header) < _SHAPE.size or not self._header.startswith(MAGIC):
            raise BackupProblem(DAMAGED)
        _magic, log_n, r, p, salt, self._prefix = _SHAPE.unpack(self._header)
        if not (10 <= log_n <= _MOST_LOG_N and r == R and p == P):
            raise BackupProblem(DAMAGED)
        body = file.seek(0, os.SEEK_END) - _SHAPE.size
        self._count = max(1, -(-body // (CHUNK + TAG)))
        self._size = body - self._count * TAG
        if body < TAG or self._size < 0:
            raise BackupProblem(DAMAGED)
        self._box = _key(passphrase, salt, log_n, r, p)
        self._at, self._open = 0, (-1, b"")
        self._chunk(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._at >= self._size:
            return 0
        number, offset = divmod(self._at, CHUNK)
        data = self._chunk(number)[offset : offset + len(buffer)]
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _chunk(self, number: int) -> bytes:
        if self._open[0] != number:
            self._file.seek(_SHAPE.size + number * (CHUNK + TAG))
            sealed = self._file.read(CHUNK + TAG)
            nonce = _nonce(self._prefix, number, last=number == self._count - 1)
            try:
                self._open = (number, self._box.decrypt(nonce, sealed, self._header))
            except InvalidTag as problem:
                raise BackupProblem(self._why(number)) from problem
        return self._open[1]

    def _why(self, number: int) -> str:
        if number:
            return DAMAGED
        return (
            "The file does not open: the passphrase is another one, or the file is damaged. "
            "Nothing was restored."
        )

    def check(self) -> None:
        """Open every chunk once; raises BackupProblem when one is not as it was written."""
        for number in range(self._count):
            self._chunk(number)


def is_sealed(file: BinaryIO) -> bool:
    """Whether the file begins as a sealed one; leaves it at its beginning."""
    start = file.read(len(MAGIC))
    file.seek(0)
    return start == MAGIC
