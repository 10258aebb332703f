"""WSGI entry for gunicorn."""

import gc
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takeroot.config.settings.base")
application = get_wsgi_application()


def _warm() -> None:
    from takeroot.facts.titles import warm

    warm()
    # What is loaded stays: looking through it for rubbish again and again would cost every page.
    gc.collect()
    gc.freeze()


# The index of job titles takes a second to build: not while somebody waits for a page.
threading.Thread(target=_warm, daemon=True).start()
