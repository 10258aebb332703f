"""The sign-ins can be printed by a command that has no settings yet."""

from __future__ import annotations

import os
import subprocess
import sys


def test_the_sign_ins_are_read_without_settings() -> None:
    code = "from takeroot.config.serve import _announce; _announce('http://here', True)"
    clean = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "coordinator (colchester, en)" in done.stdout
    assert "worker (madawaska, fr)" in done.stdout
