"""Employers and other organizations: a Party of kind organization with its particulars."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps
from takeroot.common.walls import Wall
from takeroot.places.models import Place


class Organization(CentreOwned):
    """An employer, agency or public body known to a centre. Its name is the Party's."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="organization")
    sector = models.CharField(_("what it does"), max_length=120, blank=True)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT)
    website = models.URLField(_("website"), blank=True)
    # What its own people say of it to newcomers they meet.
    profile = models.TextField(_("what newcomers should know of it"), blank=True, max_length=600)

    wall = Wall(opened=("party_id",))
    keeps = Keeps(nobody="an organization is nobody; its name is its Party's")

    def __str__(self) -> str:
        return self.party.name
