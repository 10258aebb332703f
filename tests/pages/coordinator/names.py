"""Fictional names in many scripts, for tests that no name is lost.

Given names are built from the names that Unicode's CLDR gives languages and territories in each
script: real letters of real writing systems, nobody's name.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import pairwise

from babel import Locale
from babel.localedata import locale_identifiers

# Letters that systems like to lose: apostrophes, hyphens, joiners, one word, very long.
_HARD = (
    "O’Example", "D'Exemple", "Jean-Pierre Échantillon", "Nguyễn Thị Mẫu", "İpek Örnek",
    "Żółć Przykład", "Łukasz Wzór", "Ñandú Muestra", "Þórður Sýnishorn", "Ǆemal Primjer",
    "ﬁona Sample", "Ａｎｎａ Ｅｘａｍｐｌｅ", "X Æ Sample", "Null", "Mononym", "de la O Ejemplo",
    "محمد‌رضا نمونه", "ক্ষমা উদাহরণ", "𐐀𐐯𐑊 Sample", "ᏣᎳᎩ Sample", "Inuk ᐃᓄᒃ ᐆᒃᑑᑎ", "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    "𞤀𞤣𞤤𞤢𞤥 𞤖𞤭𞤤𞤤𞤢", "ᠮᠣᠩᠭᠣᠯ", "ꆈꌠꉙ", "ތާނަ ނަން", "ᱥᱟᱱᱛᱟᱲᱤ", "ꯃꯤꯇꯩ", "𑄌𑄋𑄴𑄟𑄳𑄦", "ߒߞߏ ߕߐ߯", "ᜆᜄᜎᜓᜄ᜔", "ᮞᮥᮔ᮪ᮓ",
    "ꦗꦮ", "ᬩᬮᬶ", "ᨅᨔ ᨕᨘᨁᨗ", "ܣܘܪܝܝܐ", "ࠔࠌࠓࠉࠌ", "ⲙⲉⲧⲣⲉⲙⲛ̀ⲭⲏⲙⲓ", "ᚱᚢᚾᚨ", "ᚑᚌᚐᚋ", "𐌲𐌿𐍄𐌹𐍃𐌺",
)  # fmt: skip


def script_of(text: str) -> str:
    """The script of a text, by the name of its first letter."""
    letter = next((c for c in text if c.isalpha()), "")
    return unicodedata.name(letter, "?").split(" ")[0].split("-")[0] if letter else "?"


@cache
def names() -> tuple[str, ...]:
    """At least 500 different names in at least 40 scripts, of at most 200 characters."""
    found: dict[str, None] = dict.fromkeys(_HARD)
    for identifier in sorted(locale_identifiers()):
        locale = Locale.parse(identifier)
        if locale.territory:
            continue
        words = [locale.languages.get(code) for code in ("en", "fr", "ar", locale.language)]
        words += [locale.territories.get(code) for code in ("CA", "FR", "IN")]
        kept = [w for w in words if w and len(w) < 60 and any(c.isalpha() for c in w)]
        for one, other in pairwise(kept):
            found.setdefault(f"{one} {other}")
    every = list(found)
    # A few of each script, so that the rare ones are not drowned by the Latin ones.
    chosen: dict[str, list[str]] = {}
    for name in every:
        chosen.setdefault(script_of(name), []).append(name)
    out = [name for group in chosen.values() for name in group[:60]]
    rest = [name for name in every if name not in set(out)]
    return tuple((out + rest)[: max(520, len(out))])
