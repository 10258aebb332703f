"""What docs/engine.md shows is what the commands say; its Python runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from django.utils import translation

from takeroot.cli import main

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "engine.md").read_text("utf-8")


def files(page: str) -> dict[str, str]:
    """Blocks that follow a line with a file's name alone."""
    return dict(re.findall(r"^`(\w+\.csv)`\n\n```\n(.*?)```", page, re.DOTALL | re.MULTILINE))


def commands(page: str) -> list[tuple[str, list[str]]]:
    """Each command and what it says."""
    blocks = re.findall(r"```\n\$ takeroot (.*?)```", page, re.DOTALL)
    return [(block.splitlines()[0], block.splitlines()[1:]) for block in blocks]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in files(PAGE).items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_shows_what_the_commands_say(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = commands(PAGE)
    assert len(found) == 3
    for command, expected in found:
        with translation.override("en"):
            assert main(shlex.split(command)) == 0
        told = capsys.readouterr()
        assert (told.out + told.err).splitlines() == expected


def test_the_python_of_the_page_runs(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "docs/engine.md", "exec"), {})
    assert capsys.readouterr().out == "20.0 1.0\n"


@pytest.mark.parametrize("name", ["engine.md", "moteur.md"])
def test_every_command_of_the_guides_is_one_that_exists(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "guides" / name).read_text("utf-8")
    told = re.findall(r"takeroot engine ([\w-]+)", page)
    assert set(told) >= {"assign", "what-if", "explain", "stable", "choose", "arrive", "generate"}
    for command in set(told):
        with pytest.raises(SystemExit) as stopped:
            main(["engine", command, "--help"])
        assert stopped.value.code == 0
        options = set(re.findall(r"--[\w-]+", capsys.readouterr().out))
        for line in re.findall(rf"^takeroot engine {command}\b.*$", page, re.MULTILINE):
            assert set(re.findall(r"--[\w-]+", line)) <= options
