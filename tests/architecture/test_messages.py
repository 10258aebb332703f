"""The rules that French sentences are held to, and how sentences are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.tools import script

catalog = script("messages_catalog")
extract = script("messages_extract")
french = script("messages_french")


def faults(english: str, translation: str) -> list[str]:
    return list(french.faults(english, None, [translation]))


@pytest.mark.parametrize(
    "good",
    [
        "Bonjour\u202f!",
        "Vraiment\u202f? Oui\u202f; sans doute.",
        "Langue\u00a0: français",
        "«\u00a0Personne jumelée\u00a0»",
        "Écrivez en:8;fr:5, à 14:30, sur https://exemple.example/?a=1.",
        "<strong>Gras</strong>\u00a0: l’exemple &nbsp;suit",
        "Fini…",
    ],
)
def test_good_french_passes(good: str) -> None:
    assert list(french.typography(good)) == []


@pytest.mark.parametrize(
    "bad",
    [
        "Bonjour!",
        "Bonjour !",
        "Langue: français",
        "Langue : français",
        "Oui; non",
        "%(name)s: rien",
        "« mot »",
        "«mot»",
        "l'exemple",
        "Qui ?",
    ],
)
def test_bad_spaces_and_straight_apostrophes_are_found(bad: str) -> None:
    assert len(faults("text %(name)s" if "%" in bad else "text", bad)) >= 1


def test_english_apostrophes_are_straight_and_french_ones_curly() -> None:
    assert faults("the centre's people", "les gens de l’endroit") == []
    assert faults("the centre’s people", "les gens de l’endroit") != []


def test_placeholders_must_be_the_same_ones() -> None:
    assert faults("%(a)s of %(b)d", "%(b)d de %(a)s") == []
    assert faults("%(a)s of %(b)d", "%(b)d de %(name)s") != []
    assert faults("%(a)d", "%(a)s") != []
    assert faults("50 %% done", "fait à 50\u00a0%%") == []
    assert faults("50 %% done", "fait à 50\u00a0%") != []


def test_a_singular_may_spell_out_its_number_but_a_plural_may_not_lose_it() -> None:
    assert list(french.faults("One", "%(n)d things", ["Une", "%(n)d choses"])) == []
    assert list(french.faults("One", "%(n)d things", ["%(n)d chose", "%(n)d choses"])) == []
    assert list(french.faults("One", "%(n)d things", ["Une", "Des choses"])) != []
    assert list(french.faults("One", "%(n)d things", ["Une", ""])) == ["not translated"]


def test_sentences_are_found_under_any_name_and_in_templates(tmp_path: Path) -> None:
    package = tmp_path / "product"
    (package / "templates").mkdir(parents=True)
    (package / "a.py").write_text(
        "from django.utils import translation\n"
        "from django.utils.translation import gettext_lazy as words, npgettext, ngettext as n\n"
        "A = words('Sign ' 'in')\nB = n('one', '%(n)d', 2)\nC = npgettext('place', 'x', 'xs', 1)\n"
        "D = translation.pgettext('verb', 'open')\nE = words(A)\n",
        encoding="utf-8",
    )
    (package / "templates" / "a.html").write_text(
        "{% translate \"It’s 5 %\" context 'figure' %}{{ a|default:_('none') }}\n"
        "{% blocktranslate trimmed count n=x %}\n one {{ b }}\n{% plural %}\n many\n"
        "{% endblocktranslate %}",
        encoding="utf-8",
    )
    found = extract.extract(package, tmp_path)
    assert {(key.context, key.id, value.plural) for key, value in found.items()} == {
        (None, "Sign in", None),
        (None, "one", "%(n)d"),
        ("place", "x", "xs"),
        ("verb", "open", None),
        ("figure", "It’s 5 %%", None),
        (None, "none", None),
        (None, "one %(b)s", "many"),
    }


def test_a_sentence_put_together_before_translation_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "from django.utils.translation import gettext as _\nA = _(f'Hello {1}')\n", encoding="utf-8"
    )
    with pytest.raises(extract.Unreadable, match=r"a\.py, line 2"):
        extract.extract(tmp_path, tmp_path)


def test_the_same_sentences_give_the_same_bytes_and_survive_a_round_trip() -> None:
    found = {
        extract.Key("Hello %(name)s"): extract.Found(files={"b.py", "a.py"}),
        extract.Key("open", "verb"): extract.Found(files={"a.py"}),
        extract.Key("one"): extract.Found(plural="%(n)d", files={"a.py"}),
    }
    known = {
        extract.Key("Hello %(name)s"): ("Bonjour %(name)s",),
        extract.Key("open", "verb"): ("ouvrir",),
        extract.Key("one"): ("une", "%(n)d"),
    }
    first = catalog.build("fr", found, known)
    again = catalog.build("fr", dict(reversed(found.items())), known)
    assert catalog.text_of(first) == catalog.text_of(again)
    assert catalog.compiled(first) == catalog.compiled(again)
    assert catalog.translations_of(first) == known


def test_no_committed_translation_is_fuzzy() -> None:
    committed, text = catalog.read("fr")
    assert [message.id for message in committed if message.id and message.fuzzy] == []
    assert ", fuzzy" not in text
