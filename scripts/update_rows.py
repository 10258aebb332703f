"""Write the last column of docs/rows.md from the names of the tests (`test_e13_…`).

update_rows.py            rewrites the column
update_rows.py --check    fails when it is not as it would be written
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TEST = re.compile(r"^\s*(?:async )?def (test_(?:[a-e]\d{2}_)+\w*)", re.MULTILINE)
_LINE = re.compile(r"^\| (?P<row>[A-E]\d{2}) \|(?P<words>.*)\|(?P<tests>[^|]*)\|$")


def rows_of(test: str) -> list[str]:
    """The rows at the head of a test's name: `test_e13_e14_three` -> E13, E14."""
    head = re.match(r"test_((?:[a-e]\d{2}_)+)", test)
    return [row.upper() for row in head[1].strip("_").split("_")] if head else []


def tests_by_row(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Row -> (file, test) of every test that carries it, files relative to the root."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        for test in _TEST.findall(path.read_text(encoding="utf-8")):
            for row in rows_of(test):
                found[row].append((path.relative_to(ROOT).as_posix(), test))
    return dict(found)


def documented(text: str) -> list[str]:
    """The rows that the page has, in its order."""
    return [found["row"] for line in text.splitlines() if (found := _LINE.match(line))]


def rewritten(text: str, tests: dict[str, list[tuple[str, str]]]) -> str:
    """The page with its last column as the tests are now."""
    return "\n".join(_lines(text, tests)) + "\n"


def _lines(text: str, tests: dict[str, list[tuple[str, str]]]) -> Iterator[str]:
    for line in text.splitlines():
        found = _LINE.match(line)
        if not found:
            yield line
            continue
        files = sorted({name for name, _test in tests.get(found["row"], [])})
        links = ", ".join(f"[{name.removeprefix('tests/')}](../{name})" for name in files)
        yield f"| {found['row']} |{found['words']}| {links or 'none yet'} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 with --check when the page is not up to date."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    page = ROOT / "docs" / "rows.md"
    text = page.read_text(encoding="utf-8")
    fresh = rewritten(text, tests_by_row(ROOT / "tests"))
    if options.check and fresh != text:
        print("docs/rows.md is behind the tests: run scripts/update_rows.py", file=sys.stderr)
        return 1
    if not options.check:
        page.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
