from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.files.makers import Desk


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)
