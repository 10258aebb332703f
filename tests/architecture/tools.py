"""The scripts of this repository, as modules, for tests of the rules they hold."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "takeroot"


def script(name: str) -> ModuleType:
    """A module of `scripts/` (its folder is not a package: its files also run by themselves)."""
    folder = str(ROOT / "scripts")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(name)
