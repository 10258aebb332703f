"""WSGI entry for gunicorn, which reads it once (`--preload`) and forks its workers from there."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takeroot.config.settings.base")
application = get_wsgi_application()


def _warm() -> None:
    """What the first page of a worker would read otherwise, while somebody waits for it."""
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils import translation

    from takeroot.facts.titles import warm

    _pages = get_resolver().url_patterns
    root = settings.PACKAGE / "templates"
    for file in root.rglob("*.html"):
        get_template(str(file.relative_to(root)))
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("People")
    warm()
    # What is loaded stays: looking through it for rubbish again and again would cost every page,
    # and would copy into every worker what they share.
    gc.collect()
    gc.freeze()


_warm()
