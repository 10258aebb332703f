"""One line a page: address, view, name and policy together, so that none can lack the other."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from takeroot.access.policies import Policy, register


def pages_of(app: str) -> Callable[..., URLPattern]:
    """A `page(route, view, name, policy)` for the URL namespace `app`."""

    def page(
        route: str, view: Callable[..., HttpResponseBase], name: str, policy: Policy
    ) -> URLPattern:
        register({f"{app}:{name}": policy})
        return path(route, view, name=name)

    return page
