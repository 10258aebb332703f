"""Pages behind signed links: no account, one thing to do. The token is the key."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from takeroot.access.policies import PUBLIC
from takeroot.messaging.models import LinkPurpose
from takeroot.pages.links import (
    across,
    connectee,
    connector,
    files,
    hours,
    jury,
    leads,
    meeting,
    own_file,
    profile,
    recognition,
    referral,
    referring,
    shared,
    testimonial,
    transfer,
    work,
)
from takeroot.pages.links.concern import concern, contact_concern
from takeroot.pages.links.undo import undo
from takeroot.pages.links.visit import View, Visit, behind_link
from takeroot.pages.links.zone import choose_zone
from takeroot.pages.routes import pages_of

app_name = "links"
page = pages_of(app_name)
form_page = require_http_methods(["GET", "HEAD", "POST"])

OWN_FILE = behind_link(LinkPurpose.OWN_FILE)
MEETING = behind_link(LinkPurpose.MEETING)
REFERRING = behind_link(LinkPurpose.REFERRING)
REFERRAL = behind_link(LinkPurpose.REFERRAL)
PROFILE = behind_link(LinkPurpose.PROFILE)
OF_A_CONNECTOR = behind_link(LinkPurpose.MEETING, LinkPurpose.REFERRING)
STAY = behind_link(LinkPurpose.STAY)
# Links that a Connectee has at one time or another.
OF_A_CONNECTEE = behind_link(
    LinkPurpose.MEETING, LinkPurpose.PROFILE, LinkPurpose.STAY, LinkPurpose.CONNECTEE_PAGE
)
CONNECTOR = behind_link(LinkPurpose.CONNECTOR_PAGE)
CONNECTEE = behind_link(LinkPurpose.CONNECTEE_PAGE)
HOURS = behind_link(LinkPurpose.HOURS)
TESTIMONIAL = behind_link(LinkPurpose.TESTIMONIAL)
ACROSS = behind_link(LinkPurpose.ACROSS)
TRANSFER = behind_link(LinkPurpose.TRANSFER, spent_to="goodbye")
RECOGNITION = behind_link(LinkPurpose.RECOGNITION)
JURY = behind_link(LinkPurpose.JURY)
SHARED = behind_link(LinkPurpose.SHARED_ASK, spent_to="goodbye")
_PAGES: dict[str, Callable[[Visit], HttpResponse]] = {
    LinkPurpose.OWN_FILE: own_file.page,
    LinkPurpose.MEETING: meeting.page,
    LinkPurpose.REFERRING: referring.page,
    LinkPurpose.REFERRAL: referral.page,
    LinkPurpose.PROFILE: profile.page,
    LinkPurpose.STAY: work.stay,
    LinkPurpose.CONNECTEE_PAGE: connectee.page,
    LinkPurpose.CONNECTOR_PAGE: connector.page,
    LinkPurpose.HOURS: hours.page,
    LinkPurpose.TESTIMONIAL: testimonial.page,
    LinkPurpose.SHARED_ASK: shared.page,
    LinkPurpose.TRANSFER: transfer.page,
    LinkPurpose.ACROSS: across.page,
    LinkPurpose.RECOGNITION: recognition.page,
    LinkPurpose.JURY: jury.page,
}


def _page_of(visit: Visit) -> HttpResponse:
    return _PAGES[visit.link.purpose](visit)


opened: View = require_safe(behind_link(*LinkPurpose)(_page_of))


@require_safe
def heard(request: HttpRequest) -> HttpResponseBase:
    """After «something was not right»: the link is gone."""
    return render(request, "links/heard.html")


@require_safe
def goodbye(request: HttpRequest) -> HttpResponseBase:
    """After «this does not suit me»: the link is gone, the thanks are not."""
    return render(request, "links/goodbye.html")


urlpatterns = [
    page("heard/", heard, "heard", PUBLIC),
    page("goodbye/", goodbye, "goodbye", PUBLIC),
    page("<str:token>/", opened, "open", PUBLIC),
    page("<str:token>/copy/", require_POST(OWN_FILE(own_file.download)), "copy", PUBLIC),
    page("<str:token>/zone/", require_POST(MEETING(choose_zone)), "zone", PUBLIC),
    page("<str:token>/propose/", form_page(MEETING(meeting.propose)), "propose", PUBLIC),
    page("<str:token>/choose/", form_page(MEETING(meeting.choose)), "choose", PUBLIC),
    page("<str:token>/cancel/", form_page(MEETING(meeting.cancel)), "cancel", PUBLIC),
    page("<str:token>/met/", form_page(MEETING(meeting.met)), "met", PUBLIC),
    page(
        "<str:token>/not-right/",
        form_page(behind_link(LinkPurpose.MEETING, spent_to="heard")(concern)),
        "concern",
        PUBLIC,
    ),
    page(
        "<str:token>/contact-not-right/",
        form_page(behind_link(LinkPurpose.REFERRAL, spent_to="heard")(contact_concern)),
        "contact_concern",
        PUBLIC,
    ),
    page("<str:token>/undo/", form_page(MEETING(undo)), "undo", PUBLIC),
    page("<str:token>/notes/", form_page(MEETING(meeting.notes)), "notes", PUBLIC),
    page(
        "<str:token>/leave/",
        form_page(behind_link(LinkPurpose.MEETING, spent_to="goodbye")(meeting.leave)),
        "leave",
        PUBLIC,
    ),
    page("<str:token>/door/", require_POST(MEETING(meeting.door_met)), "door", PUBLIC),
    page("<str:token>/meeting.ics", require_safe(MEETING(meeting.calendar)), "calendar", PUBLIC),
    page("<str:token>/people/", form_page(REFERRING(referring.name_people)), "people", PUBLIC),
    page("<str:token>/cannot/", form_page(REFERRING(referring.cannot)), "cannot", PUBLIC),
    page("<str:token>/still/", require_POST(MEETING(meeting.still)), "still", PUBLIC),
    page("<str:token>/profile/", form_page(PROFILE(profile.page)), "profile", PUBLIC),
    page("<str:token>/work/", form_page(OF_A_CONNECTEE(work.work)), "work", PUBLIC),
    page("<str:token>/lead/", form_page(OF_A_CONNECTOR(leads.lead)), "lead", PUBLIC),
    page("<str:token>/stay/", form_page(STAY(work.stay)), "stay", PUBLIC),
    page("<str:token>/hours/", form_page(HOURS(hours.page)), "hours", PUBLIC),
    page("<str:token>/another-centre/", form_page(SHARED(shared.page)), "shared_ask", PUBLIC),
    page("<str:token>/across/", form_page(ACROSS(across.page)), "across", PUBLIC),
    page("<str:token>/transfer/", form_page(TRANSFER(transfer.page)), "transfer", PUBLIC),
    page("<str:token>/words/", form_page(TESTIMONIAL(testimonial.page)), "testimonial", PUBLIC),
    page(
        "<str:token>/words/back/",
        form_page(TESTIMONIAL(testimonial.take_back)),
        "testimonial_back",
        PUBLIC,
    ),
    page(
        "<str:token>/recognition/", form_page(RECOGNITION(recognition.page)), "recognition", PUBLIC
    ),
    page(
        "<str:token>/certificate/",
        require_safe(RECOGNITION(recognition.certificate)),
        "certificate",
        PUBLIC,
    ),
    page("<str:token>/jury/", form_page(JURY(jury.page)), "jury", PUBLIC),
    page("<str:token>/jury/aside/", form_page(JURY(jury.aside)), "jury_aside", PUBLIC),
    page("<str:token>/yes/", form_page(REFERRAL(referral.yes)), "yes", PUBLIC),
    page("<str:token>/no/", form_page(REFERRAL(referral.no)), "no", PUBLIC),
    page("<str:token>/rate/", form_page(CONNECTEE(connectee.rate_now)), "rate", PUBLIC),
    page("<str:token>/thank/", form_page(CONNECTEE(connectee.thank)), "thank", PUBLIC),
    page("<str:token>/files/", form_page(CONNECTEE(files.files)), "files", PUBLIC),
    page("<str:token>/pitch/", form_page(CONNECTEE(files.pitch)), "pitch", PUBLIC),
    page("<str:token>/file/", require_safe(CONNECTEE(files.take)), "file", PUBLIC),
    page("<str:token>/resume/", require_safe(MEETING(files.resume)), "resume", PUBLIC),
    page("<str:token>/join/", form_page(CONNECTEE(connectee.join)), "join", PUBLIC),
    page("<str:token>/suit/", form_page(CONNECTOR(connector.suit)), "suit", PUBLIC),
    page(
        "<str:token>/organization/",
        form_page(CONNECTOR(connector.profile)),
        "organization",
        PUBLIC,
    ),
    page("<str:token>/stop/", form_page(CONNECTOR(connector.stop)), "stop", PUBLIC),
    page("<str:token>/agree/", form_page(CONNECTEE(connectee.agree)), "agree", PUBLIC),
]
