"""The frame: strict templates, one small stylesheet, components that complain, pages that fit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django import forms
from django.http import HttpRequest
from django.template import Context, Engine, TemplateSyntaxError, engines
from django.test import Client, RequestFactory
from django.utils import translation

import takeroot
from takeroot.common.templatetags import frame
from takeroot.pages.public.gallery import documentation, gallery

PACKAGE = Path(takeroot.__file__).parent
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
CSS = (PACKAGE / "static" / "takeroot.css").read_text(encoding="utf-8")
SPRITE = (PACKAGE / "static" / "icons.svg").read_text(encoding="utf-8")
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))
PUBLIC_PAGES = ("/", "/credits/", "/accounts/login/", "/accounts/password/reset/", "/nowhere/")


def _name(file: Path) -> str:
    return str(file.relative_to(PACKAGE / "templates"))


def _render(text: str, **context: Any) -> str:
    engine: Engine = engines["django"].engine
    return engine.from_string("{% load frame %}" + text).render(Context(context))


@pytest.fixture
def strict(settings: Any) -> None:
    settings.CHECK_COMPONENTS = True


# --- templates ----------------------------------------------------------------------------------


@pytest.mark.parametrize("file", TEMPLATES, ids=_name)
def test_a_template_has_no_inline_style_or_script(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"<style\b", text), "a <style> element"
    assert not re.search(r"<[^>%]*\sstyle=", text), "a style attribute"
    assert not re.search(r"<[a-z][^>%]*\son[a-z]+=", text), "an event attribute"
    assert "javascript:" not in text
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script, "an inline script"


@pytest.mark.parametrize("file", TEMPLATES, ids=_name)
def test_a_template_loads_nothing_from_elsewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"""\b(?:src|srcset|poster|data)=["'](?:https?:)?//""", text)
    for link in re.findall(r"<(?:link|use|image|iframe)\b[^>]*>", text):
        assert not re.search(r"""href=["'](?:https?:)?//""", link), link


@pytest.mark.parametrize("file", TEMPLATES, ids=_name)
def test_a_template_uses_only_icons_of_the_sprite(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    used = set(re.findall(r"""{%\s*icon\s+["']([^"']+)["']""", text))
    used |= set(re.findall(r"""{%\s*(?:part|wrap)\b[^%]*\bicon=["']([^"']+)["']""", text))
    assert used <= SYMBOLS


def test_the_menu_uses_only_icons_of_the_sprite() -> None:
    assert {icon for _entry, icon, _label in frame._MENU} <= SYMBOLS


# --- the stylesheet -----------------------------------------------------------------------------

PHYSICAL = re.compile(
    r"(?<![-\w(.])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-"
    r"(?:left|right|top|bottom)[-\w]*|left|right|top|bottom|(?:min-|max-)?(?:width|height))\s*:"
    r"|text-align\s*:\s*(?:left|right)|(?:float|clear)\s*:\s*(?:left|right)"
)


def test_the_stylesheet_uses_logical_properties_only() -> None:
    found = [CSS[max(0, m.start() - 40) : m.end() + 20] for m in PHYSICAL.finditer(CSS)]
    assert not found


def test_the_stylesheet_loads_nothing() -> None:
    assert "@import" not in CSS
    assert "url(" not in CSS


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", block))


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


LIGHT = _tokens(CSS[: CSS.index("prefers-color-scheme: dark")])
DARK = LIGHT | _tokens(
    CSS[CSS.index("prefers-color-scheme: dark") : CSS.index("prefers-contrast: more")]
)
GROUNDS = ("paper", "card", "sunk")
INKS = ("ink", "ink-soft", "lake", "spruce", "rust")
PAIRS = [
    *[(ink, ground, 4.5) for ground in GROUNDS for ink in INKS],
    ("lichen-ink", "lichen", 4.5), ("rust", "rust-wash", 4.5), ("amber", "amber-wash", 4.5),
    ("ink", "amber-wash", 4.5), ("ink", "rust-wash", 4.5), ("ink", "lake-wash", 4.5),
    ("ink", "lichen", 4.5), ("on-spruce", "spruce", 4.5), ("on-spruce", "spruce-hover", 4.5),
    ("top-ink", "top", 4.5), ("top-soft", "top", 4.5),
    ("line-strong", "card", 3.0), ("line-strong", "paper", 3.0), ("focus", "paper", 3.0),
    ("focus", "card", 3.0), ("top-mark", "top", 3.0),
]  # fmt: skip


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_colours_contrast_enough(
    scheme: dict[str, str], ink: str, ground: str, least: float
) -> None:
    assert _contrast(scheme[ink], scheme[ground]) >= least


# --- components ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{% part "chip" kind="late" %}', "needs «text»"),
        ('{% part "chip" text="x" kind="urgent" %}', "may be: normal, soon, late, quiet"),
        ('{% part "chip" text="x" colour="red" %}', "no option «colour»"),
        ('{% wrap "card" title="x" level=1 %}x{% endwrap %}', "«level» of «card» is «1»"),
        ('{% part "figure" label="People" %}', "needs «value»"),
        (
            '{% wrap "actions" %}<a class="btn main">a</a><a class="btn main">b</a>{% endwrap %}',
            "more than one main button",
        ),
        ('{% include "parts/chip.html" with kind="late" %}', "needs «text»"),
    ],
)
def test_a_misused_component_complains(text: str, complaint: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=re.escape(complaint)):
        _render(text)


def test_in_production_a_misused_component_is_logged_and_the_page_goes_on(
    settings: Any, caplog: Any
) -> None:
    settings.CHECK_COMPONENTS = False
    assert 'class="chip urgent"' in _render('{% part "chip" text="x" kind="urgent" %}')
    assert "it may be" in caplog.text


@pytest.mark.usefixtures("strict")
def test_a_figure_of_zero_is_a_figure() -> None:
    assert ">0<" in _render('{% part "figure" label="People" value=0 %}').replace("0 <", "0<")


@pytest.mark.usefixtures("strict")
def test_a_component_sees_only_what_it_is_given() -> None:
    assert "mine" not in _render('{% part "chip" text="x" %}', icon="mine", kind="mine")


@pytest.mark.usefixtures("strict")
def test_components_escape_what_they_show() -> None:
    shown = _render(
        '{% part "promise" what=bad detail=bad when=bad url=bad action=bad %}'
        '{% part "match" who=bad with=bad reasons=list weak=list %}{% part "note" text=bad %}',
        bad='<b onclick="x">',
        list=['<b onclick="x">'],
    )
    assert "<b onclick" not in shown


def test_every_component_documents_its_options() -> None:
    for name, text in documentation().items():
        source = (PACKAGE / "templates" / "parts" / f"{name}.html").read_text(encoding="utf-8")
        declared = re.search(r"{% options ([^%]*)%}", source)
        assert text, f"{name} says nothing of itself"
        for entry in re.findall(r'"([\w-]+)[!:"]', declared.group(1))[1:] if declared else ():
            assert re.search(rf"\b{entry}\b", text), f"{name} does not explain «{entry}»"


class _Form(forms.Form):
    name = forms.CharField(label="Name?", help_text="As on paper")
    mode = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Agreed")


def test_errors_are_told_first_and_lead_to_their_fields() -> None:
    shown = _render("{{ form }}", form=_Form({}))
    assert "3 things to check" in shown
    for target in ("id_name", "id_mode_0", "id_agreed"):
        assert f'href="#{target}"' in shown
        assert f'id="{target}"' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'id="id_name_error"' in shown
    assert shown.index("things to check") < shown.index("<input")


def test_a_form_that_nobody_sent_complains_of_nothing() -> None:
    assert "to check" not in _render("{{ form }}", form=_Form())


# --- pages --------------------------------------------------------------------------------------


def _one_page(text: str, language: str) -> None:
    assert f'<html lang="{language}"' in text
    title = re.search(r"<title>([^<]*)</title>", text)
    assert title
    assert title[1].strip().endswith("· Takeroot")
    assert len(title[1].strip()) > len("· Takeroot") + 3
    assert text.count("<h1") == 1
    assert text.count("<main") == 1
    assert 'href="#main"' in text
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), "an id stands twice"


@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_a_public_page_says_its_language_and_has_one_heading(
    client: Client, address: str, language: str
) -> None:
    client.cookies["django_language"] = language
    _one_page(client.get(address).content.decode(), language)


def _ask(request: HttpRequest) -> str:
    with translation.override(getattr(request, "LANGUAGE_CODE", "en")):
        return gallery(request).content.decode()


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_gallery_shows_every_component(rf: RequestFactory, language: str) -> None:
    request = rf.get("/gallery/")
    request.LANGUAGE_CODE = language
    text = _ask(request)
    _one_page(text, language)
    for name in documentation():
        assert f"<summary>{name}</summary>" in text


def test_the_gallery_turns_from_right_to_left(rf: RequestFactory) -> None:
    assert 'dir="rtl">' in _ask(rf.get("/gallery/?dir=rtl"))


def test_switching_the_language_keeps_what_was_typed(rf: RequestFactory) -> None:
    request = rf.post("/gallery/", {"name": "Amina E", "languages": ["fr"], "_language": "fr"})
    request.switching = True
    text = _ask(request)
    assert 'value="Amina E"' in text
    assert re.search(r'value="fr"[^>]*checked', text)
    assert 'form="main-form" name="_language"' in text


@pytest.mark.django_db
def test_a_first_view_weighs_at_most_thirty_kilobytes(client: Client) -> None:
    script = (PACKAGE / "static" / "takeroot.js").read_bytes()
    parts = [client.get("/").content, CSS.encode(), script]
    assert sum(len(brotli.compress(part)) for part in parts) <= 30 * 1024


@pytest.mark.django_db
def test_a_page_brings_one_stylesheet_and_one_script(client: Client) -> None:
    text = client.get("/").content.decode()
    assert len(re.findall(r'<link rel="stylesheet"', text)) == 1
    assert len(re.findall(r"<script", text)) == 1
