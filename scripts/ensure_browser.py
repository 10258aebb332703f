"""A browser for the browser tests: found, or installed on Debian as root, or asked for in words.

TAKEROOT_CHROMIUM may name the program; otherwise Chromium or Chrome is looked for in the path.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PACKAGES = ("chromium", "fonts-liberation", "fonts-dejavu-core")


def find_browser() -> str | None:
    """The program's path, or None. A TAKEROOT_CHROMIUM that cannot run is a mistake to be told."""
    named = os.environ.get("TAKEROOT_CHROMIUM")
    if named:
        if not os.access(named, os.X_OK) or not Path(named).is_file():
            raise SystemExit(
                f"TAKEROOT_CHROMIUM is “{named}”, which is not a program that can be run. "
                "Correct it, or unset it to look for Chromium in the path."
            )
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _install() -> None:
    """Debian's package. A fresh machine has no package lists yet, so they are fetched first."""
    print("Installing Chromium for the browser tests (once, about a minute) ...", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *_PACKAGES],
    ):
        done = subprocess.run(
            command,
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            tail = "\n".join(done.stdout.splitlines()[-8:])
            raise SystemExit(f"“{' '.join(command)}” failed:\n{tail}")


def main() -> int:
    """Returns 0 when there is a browser, 1 with a sentence when there is none."""
    if find_browser() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
    found = find_browser()
    if found is None:
        print(
            "The browser tests need Chromium or Chrome, and none was found. Install it (on Debian: "
            "apt-get install chromium, as root), or set TAKEROOT_CHROMIUM to the program.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
