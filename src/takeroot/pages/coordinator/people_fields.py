"""Fields that the forms of Connectees and Connectors share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext

from takeroot.connections.cells import read_list, read_words
from takeroot.pages.coordinator.people_words import level_words

MOST_WORDS = 30


def level_choices(code: str) -> list[tuple[str, str]]:
    """Not spoken, level not stated, or one of the twelve levels."""
    levels = [(str(level), level_words(code, level)) for level in range(1, 13)]
    return [
        ("", gettext("does not speak it")),
        ("?", gettext("speaks it, level not stated")),
        *levels,
    ]


class ListField(forms.CharField):
    """Several things in one line, between semicolons (or commas, where these are words)."""

    def __init__(self, *, longest: int, commas: bool, **options: Any) -> None:
        self.longest, self.commas = longest, commas
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        words = list((read_words if self.commas else read_list)(text))
        for word in words:
            if len(word) > self.longest:
                raise forms.ValidationError(
                    gettext("“%(word)s” is too long: at most %(most)d letters each."),
                    params={"word": word[:60], "most": self.longest},
                )
        if len(words) > MOST_WORDS:
            raise forms.ValidationError(
                gettext("These are %(count)d; at most %(most)d are kept."),
                params={"count": len(words), "most": MOST_WORDS},
            )
        return words
