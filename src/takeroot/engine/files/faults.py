"""Everything that is wrong with some files, gathered and told at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ..words import Words, words

# Faults of one file that are told one by one; of the others only their number.
MOST = 50
_SHOWN = 80


class FilesError(Exception):
    """Nothing can be done with the files; ``sentences`` say why, one for each fault."""

    def __init__(self, *sentences: Words) -> None:
        super().__init__("\n".join(str(sentence) for sentence in sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Fault:
    """One fault: the row as a spreadsheet program numbers it (0: of the file as a whole)."""

    row: int
    sentence: Words


class Faults:
    """Faults by file; at most ``MOST`` of each are kept."""

    def __init__(self) -> None:
        self._kept: dict[str, list[Fault]] = defaultdict(list)
        self._count: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self._count)

    def of(self, file: str) -> int:
        """How many a file has so far."""
        return self._count[file]

    def whole(self, file: str, what: Words) -> None:
        """A fault of the file as a whole, or of its header."""
        self._add(file, Fault(0, words("%(file)s: %(what)s", file=file, what=what)))

    def row(self, file: str, row: int, found: Words, expected: Words) -> None:
        """A fault of a whole row."""
        self._add(
            file,
            Fault(
                row,
                words(
                    "%(file)s, row %(row)d: found %(found)s; expected %(expected)s.",
                    file=file, row=row, found=found, expected=expected,
                ),
            ),
        )  # fmt: skip

    def cell(self, file: str, row: int, column: str, cell: str, expected: Words) -> None:
        """A fault of one cell."""
        self._add(
            file,
            Fault(
                row,
                words(
                    "%(file)s, row %(row)d, column “%(column)s”: found %(found)s; "
                    "expected %(expected)s.",
                    file=file, row=row, column=column, found=shown(cell), expected=expected,
                ),
            ),
        )  # fmt: skip

    def raise_if_any(self) -> None:
        """Raises FilesError with a sentence for each fault kept, by file and row."""
        if self._count:
            raise FilesError(*self._sentences())

    def _add(self, file: str, fault: Fault) -> None:
        self._count[file] += 1
        if len(self._kept[file]) < MOST:
            self._kept[file].append(fault)

    def _sentences(self) -> Sequence[Words]:
        told = []
        for file, kept in self._kept.items():
            told += [fault.sentence for fault in sorted(kept, key=lambda one: one.row)]
            more = self._count[file] - len(kept)
            if more:
                text = words("%(file)s: faults not shown here: %(more)d.", file=file, more=more)
                told.append(text)
        return told


def shown(cell: str) -> Words:
    """A cell as it stands in a sentence: short, without what a terminal would obey."""
    text = "".join(c if c.isprintable() else "\ufffd" for c in cell[: _SHOWN + 1])
    if not text.strip():
        return words("nothing")
    return words("“%(cell)s”", cell=text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
