"""The days within which applicants are answered stood twice: the number that a centre chose for the
readiness list moves to its settings, where the other one is."""

from typing import Any

from django.db import migrations


def unite(apps: Any, schema_editor: Any) -> None:
    chosen = apps.get_model("promises", "PolicyChoice").objects.filter(kind="sign_readiness")
    centres = apps.get_model("accounts", "Centre").objects
    for centre, days in chosen.values_list("centre_id", "days"):
        centres.filter(pk=centre).update(answer_days=min(days, 60))


class Migration(migrations.Migration):
    dependencies = [
        ("promises", "0004_ladders"),
        ("accounts", "0005_applications"),
    ]

    operations = [migrations.RunPython(unite, migrations.RunPython.noop)]
