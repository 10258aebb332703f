"""Keyed hashes of what must not come back: «never write to me again», numbers of erased people.

The key comes from SECRET_KEY, so a copy of the database alone gives nothing away, not even to
somebody who tries every address. Keys used before (TAKEROOT_FORMER_KEYS) are recognized too; they
sign nothing.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from django.conf import settings

from takeroot.access.enums import FingerprintKind
from takeroot.access.models import Fingerprint
from takeroot.common.text import search_key


def _digest(key: str, centre: UUID, kind: str, text: str) -> str:
    secret = sha256(b"takeroot.fingerprint:" + key.encode()).digest()
    message = "\0".join((str(centre), kind, search_key(text))).encode()
    return hmac.new(secret, message, sha256).hexdigest()


def digests_of(*, centre: UUID, kind: FingerprintKind, text: str) -> list[str]:
    """What `text` would be kept as: with the key of today, and with those before it."""
    keys = [settings.SECRET_KEY, *settings.FORMER_KEYS]
    return [_digest(key, centre, kind, text) for key in keys]


def keep_fingerprint(*, centre: UUID, kind: FingerprintKind, text: str) -> str:
    """Remember `text` without keeping it; returns the digest. Twice is once."""
    digest = digests_of(centre=centre, kind=kind, text=text)[0]
    keep_digest(centre=centre, kind=kind, digest=digest)
    return digest


def keep_digest(*, centre: UUID, kind: str, digest: str) -> None:
    row = Fingerprint(centre_id=centre, kind=kind, digest=digest)
    Fingerprint.objects.bulk_create([row], ignore_conflicts=True)


def is_remembered(*, centre: UUID, kind: FingerprintKind, text: str) -> bool:
    """Whether this very text was to be remembered."""
    return bool(remembered(centre=centre, kind=kind, texts=[text]))


def remembered(*, centre: UUID, kind: FingerprintKind, texts: Iterable[str]) -> frozenset[str]:
    """Which of the texts were to be remembered. One query, however many they are."""
    by_digest = {
        digest: text
        for text in texts
        if text.strip()
        for digest in digests_of(centre=centre, kind=kind, text=text)
    }
    if not by_digest:
        return frozenset()
    found = Fingerprint.objects.filter(
        centre_id=centre, kind=kind, digest__in=list(by_digest)
    ).values_list("digest", flat=True)
    return frozenset(by_digest[digest] for digest in found)
