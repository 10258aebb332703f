"""One visit through a signed link: who came, for what, in which language and time zone.

Reads run as the link's own actor, so that the database shows it only its own and opened rows;
`visit.house()` is for the writes that the page's button asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.access.services import record_read
from takeroot.accounts.models import Centre, Party
from takeroot.common.limits import client_address, too_often
from takeroot.connections.link_selectors import party_behind, zone_of
from takeroot.messaging.models import LinkPurpose, SignedLink
from takeroot.messaging.services import (
    DeadLink,
    SpentLink,
    mark_used,
    moved_to,
    open_link,
    token_for,
)
from takeroot.pages.headers import kept_private
from takeroot.pages.links import zones
from takeroot.pages.requests import Request

# Answers in ten minutes: far more than anybody needs, too few to try things out.
WINDOW = 600
MOST_BY_LINK = 40
MOST_BY_ADDRESS = 200

View = Callable[..., HttpResponseBase]


@dataclass
class Visit:
    """Somebody at the page behind their link."""

    request: Request
    token: str
    actor: Actor
    link: SignedLink
    party: Party

    @property
    def language(self) -> str:
        return (get_language() or "en")[:2]

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.party)

    @property
    def city(self) -> str:
        return zones.city(str(self.zone))

    @property
    def zones(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return zones.choices(str(self.zone))

    @property
    def posting(self) -> bool:
        """A button of the page was pressed (and not only the language switched)."""
        return self.request.method == "POST" and not self.request.switching

    @contextmanager
    def house(self) -> Iterator[Actor]:
        """The house acts on behalf of this party: for writes, after the link was checked. Its
        «today» is that of its other work, not that of a reader who may live a day behind."""
        house = system_actor(self.link.centre_id, purpose="link", behalf=self.party.pk)
        with timezone.override(None), acting(house) as actor:
            yield actor

    def show(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        known = {"visit": self, "link_centre": self.party.centre, "zone": str(self.zone)}
        return render(self.request, f"links/{template}.html", {**known, **context}, status=status)

    def back(self, name: str = "open") -> HttpResponse:
        """After a button: on to a page that can be loaded again without harm."""
        answer = redirect(f"links:{name}", token=self.token)
        answer.status_code = 303
        return answer

    def address_of(self, link: SignedLink | None) -> str:
        """The page behind another link of the same party."""
        return reverse("links:open", args=[token_for(link)]) if link else ""

    def goodbye(self) -> HttpResponse:
        answer = redirect("links:goodbye")
        answer.status_code = 303
        return answer

    def trace(self, subject: Any, page: str) -> None:
        """Reading about somebody leaves a trace for the centre and for them."""
        with self.house():
            record_read(
                by=self.actor,
                subject_id=subject,
                centre_id=self.link.centre_id,
                page=f"links:{page}",
            )


def dead(request: Request, *, spent: bool) -> HttpResponse:
    """One page for every link that does not work: nobody learns whether there ever was one."""
    return render(request, "links/dead.html", status=410 if spent else 404)


def _moved(request: Request, home: Centre) -> HttpResponse:
    """A link of a centre that the person has left with their file: where they are now."""
    return render(request, "links/moved.html", {"moved_to": home}, status=410)


def _slow_down(request: Request) -> HttpResponse:
    response = render(request, "links/slow_down.html", status=429)
    response.headers["Retry-After"] = str(WINDOW)
    return response


def _language(request: Request, party: Party) -> str:
    """What they switched to, else what they chose in this browser, else that of their letters."""
    if request.switching:
        return str(request.POST["_language"])
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else party.language


def behind_link(
    *purposes: LinkPurpose, spent_to: str = ""
) -> Callable[[Callable[[Visit], HttpResponseBase]], View]:
    """A view of a live link for one of `purposes`; it is called as `view(visit)`. `spent_to` is
    the page for a button pressed again after it has ended the link."""

    def wrap(view: Callable[[Visit], HttpResponseBase]) -> View:
        def opened(request: Request, token: str) -> HttpResponseBase:
            posting = request.method == "POST"
            if posting and too_often(
                "link-address", client_address(request), most=MOST_BY_ADDRESS, seconds=WINDOW
            ):
                return kept_private(_slow_down(request))
            try:
                actor, link = open_link(token)
            except DeadLink as problem:
                if posting and spent_to and isinstance(problem, SpentLink):
                    return kept_private(redirect(f"links:{spent_to}"))
                spent = isinstance(problem, SpentLink)
                if spent and (home := moved_to(token)) is not None:
                    return kept_private(_moved(request, home))
                return kept_private(dead(request, spent=spent))
            if link.purpose not in purposes:
                return kept_private(dead(request, spent=False))
            if posting and too_often("link", str(link.pk), most=MOST_BY_LINK, seconds=WINDOW):
                return kept_private(_slow_down(request))
            with acting(actor):
                visit = Visit(request, token, actor, link, party_behind(actor))
                language = _language(request, visit.party)
                with translation.override(language), timezone.override(visit.zone):
                    request.LANGUAGE_CODE = language
                    if visit.posting:
                        with visit.house():
                            mark_used(link)
                    return kept_private(view(visit))

        return opened

    return wrap
