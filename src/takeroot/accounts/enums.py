"""Kinds of parties and roles."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class PartyKind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANIZATION = "organization", _("Organization")
    CONTACT = "contact", _("Contact")


class Role(models.TextChoices):
    """What somebody is in a centre. Staff roles see files; the others see their own."""

    COORDINATOR = "coordinator", _("Programme coordinator")
    SUPERVISOR = "supervisor", _("Supervisor")
    WORKER = "worker", _("Settlement worker")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")
    SECRETARIAT = "secretariat", _("Secretariat")
    ANALYST = "analyst", _("Funder or analyst")
    OPERATOR = "operator", _("Platform operator")
    EMPLOYER = "employer", _("Employer")
    CONNECTOR = "connector", _("Connector")
    VOLUNTEER = "volunteer", _("Volunteer")
    NEWCOMER = "newcomer", _("Newcomer")
    FAMILY = "family", _("Family member")


# Roles that may read the files of their centre (each page narrows this further).
FILE_ROLES = frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.WORKER, Role.PRIVACY_OFFICER})
# Who reads a report that something was not right.
CONCERN_ROLES = frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.PRIVACY_OFFICER})
STAFF_ROLES = FILE_ROLES | {Role.SECRETARIAT, Role.ANALYST, Role.OPERATOR}


class Period(models.TextChoices):
    """How often a Connector's places are counted anew."""

    MONTH = "month", _("each month")
    QUARTER = "quarter", _("each quarter")
    YEAR = "year", _("each year")


# A new word needs no migration: columns ask these functions, migrations name them.


def roles() -> list[tuple[Any, Any]]:
    return Role.choices
