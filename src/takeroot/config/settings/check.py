"""For tools that read the code and touch no database and no home folder."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tools-that-read-the-code-" + "x" * 16)
os.environ.setdefault("TAKEROOT_HOME", tempfile.gettempdir())

from takeroot.config.settings.base import *  # noqa: F403

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "none",
        "HOST": "/nonexistent",
        "ATOMIC_REQUESTS": True,
    }
}
