"""What a model declares about its wall: who may see its rows besides the staff of its centre.

The declaration stands with the model; `access.walls` turns it into PostgreSQL row-level security
and audit triggers after every migration.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wall:
    """Row-level rule of one table.

    centre: the column with the centre's key. own: columns that hold a Party; that party may read
    the row. opened: columns that hold a Party; whoever holds a live Grant on it (or is it) may
    read the row. roles: of the staff only these (and the house) see and write the row. not_for: a
    column with a list of parties who do not, whatever their role. append_only: rows are never
    changed or deleted. audited: every write leaves a trace.
    read the row. shared: columns that hold another centre, whose staff and house may read the
    row and never write it. append_only: rows are never changed or deleted. audited: every write
    leaves a trace.
    """

    centre: str = "centre_id"
    own: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    not_for: str = ""
    shared: tuple[str, ...] = ()
    append_only: bool = False
    audited: bool = True
