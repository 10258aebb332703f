"""Do the migrations say what the models say? Read from the code alone, without a database."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
os.environ["DJANGO_SETTINGS_MODULE"] = "takeroot.config.settings.check"

import django
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState

_NUMBERED = re.compile(r"\d{4}_[a-z][a-z0-9_]+")
# Names that Django gives when nobody thought about what the migration is for.
_UNREVIEWED = re.compile(r"_auto_|_and_more$|_alter_\w+_options$|_alter_.+_alter_|\d{8}_\d{4}$")


def our_apps() -> set[str]:
    """Labels of the apps of this product."""
    return {app.label for app in apps.get_app_configs() if app.name.startswith("takeroot.")}


def problems() -> Iterator[str]:
    """Everything that is wrong, one line each."""
    ours = our_apps()
    loader = MigrationLoader(None)
    for label, names in sorted(loader.detect_conflicts().items()):
        yield f"{label}: two last migrations ({', '.join(sorted(names))}); make them a row"
    for label, name in sorted(loader.disk_migrations):
        if label not in ours or (_NUMBERED.fullmatch(name) and not _UNREVIEWED.search(name)):
            continue
        yield f"{label}/{name}: give the migration a name that says what it is for"
    if loader.detect_conflicts():
        return
    detector = MigrationAutodetector(
        loader.project_state(),
        ProjectState.from_apps(apps),
        NonInteractiveMigrationQuestioner(specified_apps=ours, dry_run=True),
    )
    changes = detector.changes(graph=loader.graph, trim_to_apps=ours, convert_apps=ours)
    for label, migrations in sorted(changes.items()):
        for operation in (step for migration in migrations for step in migration.operations):
            yield f"{label}: no migration does this yet: {operation.describe()}"


def main() -> int:
    """Returns 1 when anything is wrong."""
    django.setup()
    found = list(problems())
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print(f"migrations: {len(found)} problems", file=sys.stderr)
        return 1
    print(f"migrations: models and migrations of {len(our_apps())} apps agree")
    return 0


if __name__ == "__main__":
    sys.exit(main())
