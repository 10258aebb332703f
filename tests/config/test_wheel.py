"""The wheel holds everything that a page, a migration or a round reads."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "takeroot"
# What is read at run time: every such file of the source tree must be in the wheel.
PATTERNS = (
    "**/*.py",
    "**/*.sql",
    "templates/**/*",
    "static/**/*",
    "facts/tables/*",
    "locale/*/LC_MESSAGES/django.mo",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names inside a wheel built from a copy of the sources."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", copy / "src", ignore=ignore)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy)
    build = (
        f"import sys; from setuptools import build_meta as b; print(b.build_wheel({str(out)!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    with zipfile.ZipFile(next(out.glob("*.whl"))) as inside:
        return set(inside.namelist())


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_file_that_is_read_at_run_time_is_in_the_wheel(pattern: str, wheel: set[str]) -> None:
    wanted = {
        f"takeroot/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted, pattern
    assert wanted <= wheel, sorted(wanted - wheel)[:10]


def test_the_command_is_in_the_wheel(wheel: set[str]) -> None:
    assert any(name.endswith(".dist-info/entry_points.txt") for name in wheel)
