"""An uploaded list between its dry run and its loading."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps
from takeroot.common.walls import Wall


class ImportKind(models.TextChoices):
    CONNECTEE = "connectee", _("Connectees")
    CONNECTOR = "connector", _("Connectors")


class ImportDraft(CentreOwned):
    """One uploaded file, kept until it is loaded or set aside, for a day at most. Once loaded it
    keeps the counts only."""

    kind = models.CharField(max_length=10, choices=ImportKind)
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    # Which column holds which field (`{field: position}`), when somebody corrected our guess.
    mapping = models.JSONField(null=True)
    made_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    # Not audited: the trace would keep the whole file. What it changes is audited row by row.
    wall = Wall(audited=False)
    keeps = Keeps(
        nobody="a list between its dry run and its loading; when somebody is erased, every list "
        "of the centre that was not loaded is deleted, for it may name them"
    )

    def __str__(self) -> str:
        return self.name
