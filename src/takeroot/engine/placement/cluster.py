"""Where blocks live: in this process, or on the workers of a Dask cluster that is already there.

On a cluster each block is a task, ``maker(k)``, whose result stays on the worker that ran it. The
scheduler remembers the task, not the result: when a worker dies, its blocks are made again on the
others and the step goes on. At each step one task carries what was given (prices) to the workers,
which pass it on among themselves.

Matthew Rocklin, Dask: parallel computation with blocked algorithms and task scheduling (2015).
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .blocks import Block, BlockMaker, FromFolder, cut
from .blockwise import Settings, outcome_in_blocks
from .instance import Instance
from .solver import Outcome

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")
# Results fetched at once; the others wait on the workers.
FETCHED = 32
# People in a block, unless told otherwise.
PEOPLE = 100_000


class Local:
    """All blocks here, one after the other: ``kept`` of them in memory, the others made each time.

    Memory is ``kept`` blocks, one more, and the temporary arrays of a grain.
    """

    def __init__(self, maker: BlockMaker, blocks: int, kept: int | None = None) -> None:
        self.maker, self.blocks = maker, blocks
        self.kept = blocks if kept is None else kept
        self._made: dict[int, Block] = {}

    def each(self, task: Callable[..., T], *given: Any) -> Iterator[T]:
        for k in range(self.blocks):
            block = self._made.get(k) or self.maker(k)
            if k < self.kept:
                self._made[k] = block
            yield task(block, *given)


class Cluster:
    """Blocks on the workers of ``client``. Close it to let them go; the cluster stays."""

    def __init__(self, client: Client, maker: BlockMaker, blocks: int) -> None:
        self.client = client
        # The maker stands in each task: a task that asked for it would run where it is.
        self.blocks = [client.submit(_make, maker, k, pure=False) for k in range(blocks)]

    def each(self, task: Callable[..., T], *given: Any) -> Iterator[T]:
        sent = self.client.submit(_same, given, pure=False)
        todo = [self.client.submit(_run, task, block, sent, pure=False) for block in self.blocks]
        for first in range(0, len(todo), FETCHED):
            yield from self.client.gather(todo[first : first + FETCHED])
            todo[first : first + FETCHED] = [None] * len(todo[first : first + FETCHED])

    def close(self) -> None:
        self.blocks.clear()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _same(given: T) -> T:
    return given


def _make(maker: BlockMaker, k: int) -> Block:
    return maker(k)


def _run(task: Callable[..., T], block: Block, given: tuple[Any, ...]) -> T:
    return task(block, *given)


def same_version(client: Client) -> bool:
    """Whether every worker has this package, in this version."""
    try:
        found = client.run(version, "takeroot")
        return set(found.values()) == {version("takeroot")}
    except PackageNotFoundError:
        return False


def blind_worker(client: Client, folder: Path) -> str | None:
    """The first worker, by its address, that does not see what is written into a folder here."""
    token = secrets.token_hex(16)
    mark = folder / f".takeroot-{token[:8]}"
    mark.write_text(token, encoding="ascii")
    try:
        seen = client.run(_reads, mark)
    finally:
        with contextlib.suppress(OSError):
            mark.unlink()
    return min((worker for worker, text in seen.items() if text != token), default=None)


def _reads(mark: Path) -> str | None:
    try:
        return mark.read_text(encoding="ascii")
    except OSError:
        return None


@dataclass(frozen=True)
class OnCluster:
    """A method for ``solve``: the arcs go into a folder in blocks, and the workers read them there.

    The blocks stand in a new folder inside ``folder`` and are gone afterwards.
    """

    client: Client
    folder: Path
    people: int = PEOPLE
    settings: Settings | None = None

    def __call__(self, instance: Instance, *, gap: float, deadline: float, seed: int) -> Outcome:
        folder = self.folder / f"takeroot-{secrets.token_hex(8)}"
        folder.mkdir()
        try:
            maker, blocks = FromFolder(folder), 0
            for block in cut(instance, self.people):
                maker.write(blocks, block)
                blocks += 1
            with Cluster(self.client, maker, blocks) as cluster:
                return outcome_in_blocks(
                    cluster,
                    instance,
                    settings=self.settings,
                    gap=gap,
                    deadline=deadline,
                    seed=seed,
                )
        finally:
            shutil.rmtree(folder, ignore_errors=True)
