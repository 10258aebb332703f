"""Sentences in one language for commands that need no database."""

from __future__ import annotations

from pathlib import Path

LANGUAGES = ("en", "fr")


def set_up_words(lang: str) -> None:
    """Sentences in one language, without a database and without loading the apps."""
    import django
    from django.conf import settings
    from django.utils import translation

    package = Path(__file__).resolve().parent.parent
    if not settings.configured:
        settings.configure(
            USE_I18N=True,
            USE_TZ=True,
            LANGUAGE_CODE="en",
            LANGUAGES=[("en", "English"), ("fr", "Français")],
            LOCALE_PATHS=[package / "locale"],
            FORMAT_MODULE_PATH=["takeroot.config.formats"],
        )
        django.setup()
    translation.activate(lang)
