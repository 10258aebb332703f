"""What the engine says to people: whole sentences that can be told in any language.

The engine knows no catalogue. A sentence is kept as its English text with named values; whoever
shows it translates the text first and puts the values in afterwards. ``scripts/check_messages.py``
collects the text of every call of ``words``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A sentence, or a part of one, with its values; values may be words again."""

    text: str
    values: Mapping[str, object]

    def told(self, translate: Callable[[str], str]) -> str:
        """In the language of ``translate``, a function from an English text to its own."""
        values = {
            name: value.told(translate) if isinstance(value, Words) else value
            for name, value in self.values.items()
        }
        return translate(self.text) % values

    def __str__(self) -> str:
        return self.told(lambda text: text)


def words(text: str, **values: object) -> Words:
    """A sentence; ``text`` is one plain string, so that it can be collected for translation."""
    return Words(text, values)
