"""People who have just come: applications, a kind answer, offers to help, résumés, thanks."""

from __future__ import annotations

import random
from uuid import UUID, uuid5

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.connections.answers import details_from, occupation_of
from takeroot.connections.details import Details
from takeroot.connections.enums import MeetingState
from takeroot.connections.models import Connectee, Meeting
from takeroot.connections.services.applying import save_step, send_application, take_application
from takeroot.connections.services.enrolment import enrol_connectee
from takeroot.connections.services.joining import offer_help, part_of
from takeroot.connections.services.onward import send_onward
from takeroot.connections.services.ratings import rate
from takeroot.connections.services.thanks import say_thanks
from takeroot.demo import names
from takeroot.documents.services import keep_file, keep_pitch

_STEPS_EN = (
    "Example Language School: evening course, free of charge. https://school.example\n"
    "Example Career Centre: help with a résumé. Ask for Sam Sample, 902 555 0100"
)
_STEPS_FR = (
    "École de langue Exemple : cours du soir, gratuit. https://ecole.example\n"
    "Carrefour emploi Exemple : aide pour le CV. Demandez Camille Exemple, 506 555 0100"
)
_APPLICANTS = (("Tala Specimen", "nurse"), ("Oksana Muster", "accountant"), ("Yaw Sample", "cook"))
_DEMANDES = (
    ("Awa Exemple", "infirmière"),
    ("Ilyès Fictif", "comptable"),
    ("Zoé Imaginaire", "cuisinière"),
)


def _key(centre: Centre, seed: int, what: str) -> UUID:
    """The same demonstration again has the same keys."""
    return uuid5(centre.pk, f"{seed}:{what}")


def _answers(name: str, work: str, language: str, slug: str) -> dict[str, object]:
    address = f"{name.lower().replace(' ', '.')}@{slug}.example"
    english = language == "en"
    return {
        "name": name,
        "email": address.encode("ascii", "ignore").decode(),
        "phone": "",
        "language": language,
        "occupation": work,
        "status": "permanent",
        "meeting": ["in_person", "lived"],
        "english": "intermediate" if english else "basic",
        "french": "" if english else "advanced",
        "other_languages": "",
        "community": "Truro, NS" if english else "Edmundston, NB",
        "agreed": ["introduction", "referral", "outcome"],
    }


def joining(*, centre: Centre, language: str, seed: int, by: Actor) -> None:
    """What a coordinator finds on a Monday besides the rounds."""
    centre.onward_steps_en, centre.onward_steps_fr = _STEPS_EN, _STEPS_FR
    centre.save(update_fields=["onward_steps_en", "onward_steps_fr"])
    people = _APPLICANTS if language == "en" else _DEMANDES
    answers = [_answers(name, work, language, centre.slug) for name, work in people]
    online, phone, draft = answers
    row = save_step(
        centre=centre, key=_key(centre, seed, "online"), step=4, answers=online, language=language
    )
    send_application(application=row, by=by)
    take_application(
        centre=centre, key=_key(centre, seed, "phone"), answers=phone, how="phone", by=by
    )
    begun = {name: draft[name] for name in ("name", "email", "phone", "language")}
    save_step(
        centre=centre, key=_key(centre, seed, "draft"), step=1, answers=begun, language=language
    )
    _kind_answer(centre, language, by)
    _offers(centre, language, seed)
    _after_meetings(centre, language, random.Random(f"{seed}:{centre.slug}:after"), by)  # noqa: S311


def _kind_answer(centre: Centre, language: str, by: Actor) -> None:
    name = "Kenji Invented" if language == "en" else "Kenji Fictif"
    details = details_from(_answers(name, "teacher", language, centre.slug), centre=centre)
    row = enrol_connectee(centre=centre, details=details, by=by)
    steps = _STEPS_EN if language == "en" else _STEPS_FR
    send_onward(
        connectee=row,
        state="not_eligible",
        reason="language",
        step=steps.splitlines()[0],
        by=by,
    )


def _offers(centre: Centre, language: str, seed: int) -> None:
    english = language == "en"
    for number, (name, work, about) in enumerate(
        (
            ("Doris Sample", "nurse manager", ["employer", "hiring"]),
            ("Mateo Specimen", "librarian", ["public_servant", "lived"]),
        )
        if english
        else (
            ("Doris Exemple", "infirmière-chef", ["employer", "hiring"]),
            ("Mateo Échantillon", "bibliothécaire", ["public_servant", "lived"]),
        )
    ):
        address = f"{name.split()[0].lower()}@neighbours.{centre.slug}.example"
        offer_help(
            centre=centre,
            key=_key(centre, seed, f"offer {number}"),
            details=Details(
                party={"name": name, "email": address, "language": language},
                person={
                    **occupation_of(work),
                    "languages": {language: None},
                    "mode": "either",
                },
                part=part_of(about, circles=["professional"], capacity=2),
                organization=(names.EMPLOYERS_EN if english else names.EMPLOYERS_FR)[0],
            ),
        )


def _after_meetings(centre: Centre, language: str, dice: random.Random, by: Actor) -> None:
    """Ratings of those who met, a résumé and an introduction, and thanks that wait."""
    held = (
        Meeting.objects.filter(centre=centre, state=MeetingState.HELD)
        .select_related("match__connectee__person__party", "match__centre")
        .order_by("-match__score", "pk")
    )
    words = (
        ("A nurse of ten years who learns fast.", "You opened three doors. Thank you!")
        if language == "en"
        else (
            "Infirmière depuis dix ans, j’apprends vite.",
            "Vous avez ouvert trois portes. Merci !",
        )
    )
    for number, meeting in enumerate(held):
        row: Connectee = meeting.match.connectee
        before = {name: dice.randint(1, 3) for name in ("market", "networking", "contacts")}
        before["confidence"] = dice.randint(2, 3)
        after = {name: min(5, value + dice.randint(0, 2)) for name, value in before.items()}
        for moment, values in (("before", before), ("after", after)):
            rate(connectee_id=row.pk, centre=centre, moment=moment, values=values)
        if number == 0:
            party = row.person.party
            text = f"{party.name}\n\n{words[0]}\n".encode()
            keep_file(party=party, kind="resume", name="resume.txt", data=text, by=by)
            keep_pitch(party=party, text=words[0], by=by)
            say_thanks(match=meeting.match, text=words[1], by=party)
