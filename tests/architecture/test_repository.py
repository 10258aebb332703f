"""The check of what git holds finds what it is there to find."""

from __future__ import annotations

import json
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from tests.architecture.tools import script

check = script("check_repository")
HOST = "py" + "pi.org"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


def problems(root: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "add", "--all"], cwd=root, check=True)
    return list(check.problems(root, check.tracked(root)))


@pytest.mark.parametrize(
    "text",
    [
        f"see https://{HOST}/simple",
        "run /" + "root/x/y",
        'open("/' + 'tmp/a")',
        "/" + "home/somebody/a.csv",
        "from .." + "/shared/design.md",
        "--extra-" + "index-url x",
    ],
)
def test_an_index_a_machine_or_a_folder_outside_is_found(repository: Path, text: str) -> None:
    assert len(problems(repository, {"notes.md": f"first\n{text}\n"})) == 1
    assert "notes.md:2" in problems(repository, {"notes.md": f"first\n{text}\n"})[0]


def test_addresses_of_the_product_and_ordinary_words_pass(repository: Path) -> None:
    text = 'path("work/")\n<a href="/work/">\nshare/root/x\nhttps://example.org/tmp/file\n'
    assert problems(repository, {"a.html": text}) == []


def test_a_loose_requirement_and_a_lock_with_addresses_are_found(repository: Path) -> None:
    found = problems(
        repository,
        {
            "requirements.txt": "a==1.0 \\\n    --hash=sha256:00\nb==2\nc>=3\n",
            "uv.lock": "",
        },
    )
    assert [line.split(":")[0] for line in found] == ["requirements.txt"] * 2 + ["uv.lock"]


def test_a_vendored_file_must_be_the_one_its_manifest_describes(repository: Path) -> None:
    folder = "src/static/vendor/x/1"
    entry = {"file": "x.js", "name": "x", "version": "1", "licence": "MIT"}
    files = {f"{folder}/x.js": "1;", f"{folder}/manifest.json": json.dumps([entry])}
    assert "does not say its sha256" in problems(repository, files)[0]
    right = {**entry, "sha256": sha256(b"1;").hexdigest()}
    files[f"{folder}/manifest.json"] = json.dumps([right])
    assert problems(repository, files) == []
    files[f"{folder}/x.js"] = "2;"
    assert "another sha256" in problems(repository, files)[0]
