"""What a tracked file must not hold: index addresses, paths of a machine, loose requirements.

The words looked for are written here in pieces, so that this file does not find itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 1_500_000
_LOCKS = {"uv.lock", "pylock.toml", "package-lock.json", "poetry.lock", "Pipfile.lock", "yarn.lock"}
_DOT = r"\."
_HOSTS = [
    _DOT.join(parts)
    for parts in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("files", "pythonhosted", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("conda", "anaconda", "org"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
    )
]
_OPTIONS = ["--" + option for option in ("index-url", "extra-index-url", "find-links")]
_FOLDERS = ["work", "root", "tmp", r"home/\w+", r"Users/\w+"]
_RULES = {
    "names a package index": re.compile("|".join([*_HOSTS, *_OPTIONS]), re.IGNORECASE),
    "names a path of a machine": re.compile(
        rf"(?<![\w.~<\-/\"'%}})])/(?:{'|'.join(_FOLDERS)})/\w|[\"'`(]/(?:{'|'.join(_FOLDERS)})/\w"
    ),
    "names a folder outside the repository": re.compile(r"\.\./" + "shared"),
}
_REQUIREMENT = re.compile(r"^[A-Za-z0-9][\w.\-]*(?:\[[\w,\-]+\])?==[^\s;\\]+")


def tracked(root: Path = ROOT) -> list[str]:
    """Every file in git's index, that is on disk, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
    )
    return [name for name in listed.stdout.split("\0") if name and (root / name).is_file()]


def problems(root: Path, names: list[str]) -> Iterator[str]:
    """Everything that is wrong, one line each."""
    for name in names:
        path = root / name
        if path.name in _LOCKS:
            yield f"{name}: this kind of lock file records where packages came from"
            continue
        if path.stat().st_size > LARGEST:
            yield f"{name}: {path.stat().st_size} bytes; at most {LARGEST} are kept in git"
        data = path.read_bytes()
        if b"\0" not in data[:8000]:
            yield from _words(name, data.decode("utf-8", errors="replace"))
        if re.fullmatch(r"requirements[\w\-]*\.txt", name):
            yield from _loose(name, data.decode("utf-8"))
    yield from _vendored(root, names)


def _words(name: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in _RULES.items():
            found = pattern.search(line)
            if found:
                yield f"{name}:{number}: {what}: {found[0]}"


def _loose(name: str, text: str) -> Iterator[str]:
    """Requirements without an exact version or without a hash."""
    for block in text.replace("\\\n", " ").splitlines():
        line = block.strip()
        if not line or line.startswith("#"):
            continue
        if not _REQUIREMENT.match(line):
            yield f"{name}: not pinned to one version: {line[:80]}"
        elif "--hash=sha256:" not in line:
            yield f"{name}: pinned without a hash: {line[:80]}"


def _vendored(root: Path, names: list[str]) -> Iterator[str]:
    """Files of others, kept beside a manifest that says what they are, with their sha256."""
    inside = [name for name in names if "/static/vendor/" in name]
    manifests = [name for name in inside if name.endswith("/manifest.json")]
    listed: set[str] = set(manifests)
    for manifest in manifests:
        folder = Path(manifest).parent
        entries = json.loads((root / manifest).read_text(encoding="utf-8"))
        for entry in entries if isinstance(entries, list) else entries["files"]:
            name = (folder / entry["file"]).as_posix()
            listed.add(name)
            missing = {"name", "version", "licence", "sha256"} - set(entry)
            if missing:
                yield f"{manifest}: {entry['file']} does not say its {', '.join(sorted(missing))}"
            elif name not in names:
                yield f"{manifest}: {entry['file']} is not in the repository"
            elif hashlib.sha256((root / name).read_bytes()).hexdigest() != entry["sha256"]:
                yield f"{name}: not the file that the manifest describes (another sha256)"
    for name in inside:
        if name not in listed:
            yield f"{name}: a vendored file that no manifest.json lists"


def main() -> int:
    """Returns 1 when anything is wrong."""
    names = tracked()
    found = list(problems(ROOT, names))
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print(f"repository: {len(found)} problems", file=sys.stderr)
        return 1
    print(f"repository: {len(names)} tracked files, nothing that must not be there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
