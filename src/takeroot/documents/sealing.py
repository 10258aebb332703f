"""Documents are sealed with a key of their own, derived from the installation's secret: a copy of
the database without SECRET_KEY opens none of them."""

from __future__ import annotations

import hmac
import os
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_FORMAT = b"\x01"
_NONCE = 12


class CannotOpen(Exception):
    """The content was sealed with another SECRET_KEY, or it is damaged."""


def _key(secret: str, document: UUID) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=document.bytes, info=b"takeroot.document")
    return derive.derive(secret.encode())


def seal(data: bytes, *, document: UUID, centre: UUID) -> bytes:
    """The sealed bytes: they open for this document of this centre alone."""
    nonce = os.urandom(_NONCE)
    about = document.bytes + centre.bytes
    return _FORMAT + nonce + AESGCM(_key(settings.SECRET_KEY, document)).encrypt(nonce, data, about)


def unseal(sealed: bytes, *, document: UUID, centre: UUID) -> bytes:
    """The bytes again, with the key of today or one used before; raises CannotOpen."""
    if sealed[:1] != _FORMAT:
        raise CannotOpen
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    about = document.bytes + centre.bytes
    for secret in (settings.SECRET_KEY, *settings.FORMER_KEYS):
        try:
            return AESGCM(_key(secret, document)).decrypt(nonce, body, about)
        except InvalidTag:
            continue
    raise CannotOpen


def digest_of(data: bytes, *, party: UUID) -> str:
    """Recognizes the same content of the same person again."""
    key = sha256(b"takeroot.document.digest:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, party.bytes + data, sha256).hexdigest()
