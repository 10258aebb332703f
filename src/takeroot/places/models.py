"""Reference geography, loaded from the fact tables."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import get_language


class Place(models.Model):
    """A community in Canada. Source and licence: the credits page."""

    code = models.CharField(primary_key=True, max_length=90)
    name_en = models.CharField(max_length=120)
    name_fr = models.CharField(max_length=120)
    search_key = models.CharField(max_length=260)
    province = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.PositiveIntegerField(null=True)
    population_basis = models.CharField(max_length=200, blank=True)
    timezone = models.CharField(max_length=40)
    csd_code = models.CharField(max_length=7, blank=True)

    class Meta:
        indexes = [GinIndex(fields=["search_key"], name="place_search", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        return self.name_fr if (get_language() or "").startswith("fr") else self.name_en

    @property
    def label(self) -> str:
        return f"{self.name}, {self.province}"
