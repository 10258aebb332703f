"""«Your own file»: the page of somebody who may take a copy of all that is held on them."""

from __future__ import annotations

from django.http import HttpResponse

from takeroot.keeping.services.copying import take_copy
from takeroot.pages.coordinator.one_file import archive_response
from takeroot.pages.links.visit import Visit


def page(visit: Visit) -> HttpResponse:
    return visit.show("own_file", {})


def download(visit: Visit) -> HttpResponse:
    """The link proves who it is; the house gathers what no link may read by itself."""
    with visit.house() as house:
        content = take_copy(party=visit.party, by=house)
    return archive_response(content)
