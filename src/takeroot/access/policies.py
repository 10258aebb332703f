"""Which page is open to whom. A page without a row here is open to nobody."""

from __future__ import annotations

from dataclasses import dataclass

from takeroot.access.actor import Actor
from takeroot.accounts.enums import FILE_ROLES, STAFF_ROLES, Role


@dataclass(frozen=True)
class Policy:
    """Roles that may open a page; `public` needs no sign-in at all."""

    roles: frozenset[str] = frozenset()
    public: bool = False

    def allows(self, actor: Actor) -> bool:
        return self.public or actor.role in self.roles


PUBLIC = Policy(public=True)
SIGNED_IN = Policy(roles=frozenset(str(role) for role in Role))
COORDINATION = Policy(roles=frozenset({Role.COORDINATOR, Role.SUPERVISOR}))
PEOPLE_WORK = Policy(roles=frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.WORKER}))
FILES = Policy(roles=frozenset(FILE_ROLES))
PRIVACY = Policy(roles=frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.PRIVACY_OFFICER}))
STAFF = Policy(roles=frozenset(STAFF_ROLES))
SETUP = Policy(roles=frozenset({Role.OPERATOR, Role.SECRETARIAT}))
SECRETARIAT = Policy(roles=frozenset({Role.SECRETARIAT}))
RELEASES = Policy(roles=frozenset({Role.SECRETARIAT, Role.ANALYST}))

_table: dict[str, Policy] = {}


def register(rows: dict[str, Policy]) -> None:
    """Add pages (by the name of their URL) to the table; a name may stand there once."""
    twice = set(rows) & set(_table)
    if twice:
        raise ValueError(f"policy given twice for: {', '.join(sorted(twice))}")
    _table.update(rows)


def policy_for(view_name: str) -> Policy | None:
    return _table.get(view_name)


def all_policies() -> dict[str, Policy]:
    return dict(_table)
