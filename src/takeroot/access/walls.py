"""Row-level security, audit triggers and rights, made from what the models declare.

`raise_walls` is run by the owner after every migration and is safe to repeat: declaration and
database cannot drift apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from takeroot.access.actor import SYSTEM
from takeroot.common.walls import Wall

_FUNCTIONS = Path(__file__).with_name("walls.sql")
_POLICIES = ("sees", "adds", "edits", "ends", "keeps")
# The trace is written by the triggers, whoever acts, and by nothing else: nobody can forge it.
_TRIGGERS_WRITE = {"access_change"}


def walled_models() -> list[tuple[type[Model], Wall]]:
    """Every model that declares a wall, with its declaration."""
    found = []
    for model in apps.get_models():
        wall = getattr(model, "wall", None)
        if isinstance(wall, Wall):
            found.append((model, wall))
    return sorted(found, key=lambda pair: pair[0]._meta.db_table)


def tables_kept_as_written() -> list[str]:
    """Tables without a wall (nobody's data) whose rows are added and never changed."""
    models = (m for m in apps.get_models() if getattr(m, "kept_as_written", False))
    return sorted(model._meta.db_table for model in models)


def read_rule(wall: Wall) -> str:
    """The SQL condition under which the current actor may read a row."""
    rules = [write_rule(wall)]
    rules += [f"{column} = (SELECT takeroot_party())" for column in wall.own]
    rules += [f"{column} = ANY ((SELECT takeroot_open_files())::uuid[])" for column in wall.opened]
    rules += [f"{column} = ANY ((SELECT takeroot_centres())::uuid[])" for column in wall.shared]
    return " OR ".join(rules)


def write_rule(wall: Wall) -> str:
    """Only staff of the centre, or the house acting in it, write (and read as staff do)."""
    rule = f"{wall.centre} = ANY ((SELECT takeroot_centres())::uuid[])"
    if wall.roles:
        roles = ", ".join(f"'{role}'" for role in (*wall.roles, SYSTEM))
        rule += f" AND (SELECT current_setting('app.role', true)) IN ({roles})"
    if wall.not_for:
        # Nobody known (the house by itself) is on no list.
        rule += f" AND (takeroot_party() = ANY ({wall.not_for})) IS NOT TRUE"
    return f"({rule})"


def _statements(table: str, wall: Wall, role: str) -> list[str]:
    write = "pg_trigger_depth() > 0" if table in _TRIGGERS_WRITE else write_rule(wall)
    out = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        *(f"DROP POLICY IF EXISTS {name} ON {table}" for name in _POLICIES),
        f"CREATE POLICY sees ON {table} FOR SELECT USING ({read_rule(wall)})",
        f"CREATE POLICY adds ON {table} FOR INSERT WITH CHECK ({write})",
        # The owner, who migrates and takes backups and never serves, reads every row: without
        # this a dump would leave rows out without a word (docs/decisions).
        f"CREATE POLICY keeps ON {table} FOR SELECT TO CURRENT_USER USING (true)",
        f"DROP TRIGGER IF EXISTS trace ON {table}",
        f"DROP TRIGGER IF EXISTS append_only ON {table}",
        f"REVOKE ALL ON {table} FROM {role}",
    ]
    if wall.append_only:
        out += [
            f"GRANT SELECT, INSERT ON {table} TO {role}",
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION takeroot_append_only()",
        ]
    else:
        out += [
            f"CREATE POLICY edits ON {table} FOR UPDATE USING ({write}) WITH CHECK ({write})",
            f"CREATE POLICY ends ON {table} FOR DELETE USING ({write})",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}",
        ]
    if wall.audited:
        out.append(
            f"CREATE TRIGGER trace AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION takeroot_trace()"
        )
    return out


def raise_walls(*, role: str) -> None:
    """Give the plain role its rights and (re)build every wall. Runs as the owner."""
    quoted = connection.ops.quote_name(role)
    statements: list[Any] = [
        _FUNCTIONS.read_text(),
        f"GRANT USAGE ON SCHEMA public TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {quoted}",
    ]
    for model, wall in walled_models():
        statements += _statements(model._meta.db_table, wall, quoted)
    statements += [
        f"REVOKE UPDATE, DELETE ON {table} FROM {quoted}" for table in tables_kept_as_written()
    ]
    # A centre is public by nature, but who changed its settings is part of the story.
    statements += [
        "DROP TRIGGER IF EXISTS trace ON accounts_centre",
        "CREATE TRIGGER trace AFTER INSERT OR UPDATE OR DELETE ON accounts_centre "
        "FOR EACH ROW EXECUTE FUNCTION takeroot_trace()",
    ]
    # The owner may empty the trace of somebody who is forgotten (takeroot_scrub), nothing else.
    statements += [
        "DROP POLICY IF EXISTS scrubs ON access_change",
        "CREATE POLICY scrubs ON access_change TO CURRENT_USER USING (true) WITH CHECK (true)",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
