"""Every address has its policy, and its name and words hold together."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from takeroot.access.policies import all_policies
from tests.architecture.tools import PACKAGE

LONGEST = 400


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names(entry.url_patterns, inner)
        else:
            yield f"{space}{entry.name or f'[no name: {entry.pattern}]'}"


def test_every_address_has_a_policy() -> None:
    addresses = set(names(get_resolver().url_patterns))
    assert addresses - set(all_policies()) == set(), "closed to everybody until a policy opens it"


def test_every_policy_belongs_to_an_address() -> None:
    addresses = set(names(get_resolver().url_patterns))
    assert set(all_policies()) - addresses == set()


def test_no_two_addresses_share_a_name() -> None:
    listed = list(names(get_resolver().url_patterns))
    assert sorted(listed) == sorted(set(listed))


def test_modules_of_pages_that_have_grown_long_are_told() -> None:
    for path in sorted((PACKAGE / "pages").rglob("*.py")):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST:
            name = path.relative_to(PACKAGE).as_posix()
            with warnings.catch_warnings():
                warnings.simplefilter("default")
                warnings.warn(f"{name} has {lines} lines; split it by task", stacklevel=1)
