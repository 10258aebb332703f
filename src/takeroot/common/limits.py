"""How often something may be done: counted in the shared cache, by a key that names nobody."""

from __future__ import annotations

import time
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of who asks. Behind trusted proxies (`TAKEROOT_PROXIES`) it is the entry that
    the outermost of them wrote; what the client itself wrote before it is not believed."""
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if count and len(chain) >= count and chain[-count]:
        return chain[-count]
    return str(request.META.get("REMOTE_ADDR", ""))


def too_often(what: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one more and say whether `who` has now done `what` more than `most` times in this
    window of `seconds`. Who it was is kept only as a keyed hash, and not for long."""
    digest = sha256(f"{settings.SECRET_KEY}:{who}".encode()).hexdigest()[:32]
    key = f"limit:{what}:{digest}:{int(time.time() // seconds)}"
    if cache.add(key, 1, seconds):
        return most < 1
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two
        return False
