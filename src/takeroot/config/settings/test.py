"""Tests: real PostgreSQL as the plain role, mail kept in memory, fast password hashes."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("TAKEROOT_HOME", tempfile.mkdtemp(prefix="takeroot-tests-"))

from takeroot.config.settings.base import *  # noqa: F403
from takeroot.config.settings.base import DATABASES, SECURE_HSTS_SECONDS  # noqa: F401

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
CHECK_COMPONENTS = True
