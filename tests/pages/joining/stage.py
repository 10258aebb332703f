"""Applicants for tests: what they answer, and the walk through the four steps."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from takeroot.accounts.models import Centre

YOU = {
    "name": "Amina Example",
    "email": "amina@people.example",
    "phone": "",
    "language": "en",
}
WORK = {"occupation": "registered nurse", "status": "permanent", "meeting": ["in_person", "lived"]}
LANGUAGES = {
    "english": "intermediate",
    "french": "",
    "other_languages": "Arabic",
    "community": "Truro, NS",
}
AGREEMENT = {"agreed": ["introduction", "referral", "outcome"]}
STEPS = {"you": YOU, "work": WORK, "languages": LANGUAGES, "agreement": AGREEMENT}


def begin(client: Client, centre: Centre) -> str:
    """Press «Begin»; returns the private address."""
    start = client.get(f"/apply/{centre.slug}/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', start)[1]  # type: ignore[index]
    answer = client.post(f"/apply/{centre.slug}/", {"key": key})
    assert answer.status_code == 303
    return str(answer.headers["Location"]).removesuffix("you/")


def answer_step(client: Client, draft: str, step: str, **changes: Any) -> HttpResponse:
    return client.post(f"{draft}{step}/", {**STEPS[step], **changes})


def apply_online(client: Client, centre: Centre, **changes: Any) -> str:
    """The whole application; returns the private address."""
    draft = begin(client, centre)
    for step, answers in STEPS.items():
        mine = {name: value for name, value in changes.items() if name in answers}
        assert answer_step(client, draft, step, **mine).status_code == 303, step
    return draft
