"""A list of people from the command line: the same reading, dry run and loading as on the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.common.spreadsheets import SpreadsheetError
from takeroot.config.problems import ImportProblem
from takeroot.connections.models_import import ImportKind
from takeroot.connections.services.import_plan import Plan, make_plan
from takeroot.connections.services.importing import load_draft, start_import

KINDS = {"connectees": ImportKind.CONNECTEE, "connectors": ImportKind.CONNECTOR}
Say = Callable[[str], None]


def import_list(*, slug: str, path: Path, kind: str, load: bool, say: Say, warn: Say) -> None:
    """Say what loading the list into a centre would do; with `load`, do it (all or nothing).
    Raises ImportProblem when nothing could be done."""
    centre = _centre(slug)
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise ImportProblem(
            f"{path} cannot be read ({problem.strerror}). Nothing was loaded."
        ) from problem
    house = system_actor(centre.pk, purpose="import")
    try:
        with transaction.atomic(), acting(house), timezone.override(centre.zone):
            plan = _plan(centre, kind, data)
            _tell(plan, path, say, warn)
            if load:
                draft = start_import(
                    centre=centre, kind=KINDS[kind], name=path.name, data=data, by=house
                )
                load_draft(draft=draft, by=house)
    except (Refused, SpreadsheetError) as problem:
        raise ImportProblem(f"{path}: {problem} Nothing was loaded.") from problem
    say("Loaded." if load else "Nothing was loaded yet: say --load to load it.")


def _centre(slug: str) -> Centre:
    centre = Centre.objects.filter(slug=slug).first()
    if centre is None:
        known = ", ".join(Centre.objects.values_list("slug", flat=True)) or "none yet"
        raise ImportProblem(f"There is no centre «{slug}». There are: {known}.")
    return centre


def _plan(centre: Centre, kind: str, data: bytes) -> Plan:
    today = timezone.localdate(timezone=centre.zone)
    plan = make_plan(data=data, kind=KINDS[kind], centre=centre, today=today)
    if plan.missing:
        raise Refused(
            f"no column was found for: {', '.join(plan.missing)}. Name the columns as in the "
            "template (takeroot match --template DIR), or use the page, where you can say which "
            "column holds what."
        )
    return plan


def _tell(plan: Plan, path: Path, say: Say, warn: Say) -> None:
    for problem in plan.problems:
        warn(problem.sentence(str(path)))
    say(
        f"{plan.rows} rows: {len(plan.new)} new, {len(plan.changed)} changed, "
        f"{plan.unchanged} as they were, {plan.unreadable} unreadable."
    )
