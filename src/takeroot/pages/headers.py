"""Headers of pages whose address is a key."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language


def kept_private(response: HttpResponseBase) -> HttpResponseBase:
    """The address is a key: it goes to no cache, no search engine and no other site.

    `same-origin`, not `no-referrer`: with the latter browsers send `Origin: null` with the page's
    own forms, and the protection against forged requests refuses them. To other sites both send
    nothing.
    """
    patch_cache_control(response, no_store=True, private=True)
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Content-Language"] = get_language() or "en"
    return response
