"""Production settings: nothing that Django's own checks or a browser's defences would miss."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

HTTPS = {
    "TAKEROOT_URL": "https://takeroot.example.org",
    "TAKEROOT_PROXIES": "1",
    "DJANGO_SETTINGS_MODULE": "takeroot.config.settings.prod",
    "DATABASE_URL": "postgresql://takeroot_app@localhost/takeroot",
    "MAIL_URL": "smtp://jo:word@mail.example",
}

ASK = """
import json, django
from django.test import Client
django.setup()
from django.core.management import call_command
call_command("check", "--deploy", "--fail-level", "WARNING")
from django.conf import settings
s = settings
print(json.dumps({name: getattr(s, name) for name in (
    "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "ALLOWED_HOSTS",
    "EMAIL_HOST", "EMAIL_HOST_USER", "EMAIL_USE_TLS", "DEBUG", "SECOND_FACTOR_FOR_STAFF")}))
"""


def python(program: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    environment = {**kept, **HTTPS, "TAKEROOT_HOME": str(home), **more}
    environment.pop("SECRET_KEY", None)
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )


def test_g33_check_deploy_has_no_warning_and_the_settings_are_closed(tmp_path: Path) -> None:
    done = python(ASK, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout
    import json

    said = json.loads(done.stdout.splitlines()[-1])
    assert said["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert said["SESSION_COOKIE_SECURE"]
    assert said["CSRF_COOKIE_SECURE"]
    assert said["SECOND_FACTOR_FOR_STAFF"]
    assert not said["DEBUG"]
    assert "takeroot.example.org" in said["ALLOWED_HOSTS"]
    assert (said["EMAIL_HOST"], said["EMAIL_HOST_USER"], said["EMAIL_USE_TLS"]) == (
        "mail.example",
        "jo",
        True,
    )


def test_production_without_https_is_refused(tmp_path: Path) -> None:
    done = python("import django; django.setup()", tmp_path, TAKEROOT_URL="http://t.example.org")
    assert done.returncode != 0
    assert "must begin with https://" in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/nowhere/"])
def test_g33_every_page_carries_its_headers(path: str, settings: object) -> None:
    headers = Client().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.django_db
def test_over_https_browsers_are_told_to_stay_there(settings: object) -> None:
    settings.SECURE_HSTS_SECONDS = 63_072_000  # type: ignore[attr-defined]
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True  # type: ignore[attr-defined]
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]
    secure = Client().get("/", secure=True).headers["Strict-Transport-Security"]
    assert secure.startswith("max-age=63072000; includeSubDomains")
    plain = Client().get("/")
    assert (plain.status_code, plain.headers["Location"]) == (301, "https://testserver/")
    # The machine's own question whether all is well is answered without a redirect.
    assert Client().get("/healthz").status_code == 200
