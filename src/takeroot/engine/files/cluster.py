"""`--cluster ADDRESS --blocks DIR`: who answers, who sees the folder, and what went wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..placement import PlacementError
from ..placement.cluster import OnCluster, blind_worker, same_version
from ..placement.solver import Outcome
from ..words import Words, words
from .faults import FilesError
from .placement import Inputs

if TYPE_CHECKING:
    from distributed import Client

# Seconds in which a scheduler must answer.
PATIENCE = 5


@contextlib.contextmanager
def workers(
    address: str | None, folder: Path | None, inputs: Inputs
) -> Iterator[Callable[..., Outcome] | None]:
    """The method for ``solve`` that asks the workers; None without an address.

    Raises FilesError where there is no package, no scheduler, no worker, or no folder that all
    see, and where the cluster stops in the middle.
    """
    if (address is None) != (folder is None):
        raise FilesError(
            words("--cluster and --blocks go together: an address, and a folder all workers see.")
        )
    if address is None or folder is None:
        yield None
        return
    if inputs.floors is not None:
        raise FilesError(
            words("--floors and --cluster do not go together: leave out one of the two.")
        )
    try:
        from distributed import Client
        from distributed.client import CancelledError
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise FilesError(
            words("--cluster needs the package “distributed”: install takeroot[scale].")
        ) from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError):
        raise _no_answer(address) from None
    with client:
        _refuse_blind(client, address, folder)
        try:
            yield OnCluster(client, folder)
        except (OSError, PlacementError, CancelledError, KilledWorker) as error:
            why = str(error) or type(error).__name__
            raise FilesError(
                words("The cluster stopped in the middle: %(why)s. Nothing was written.", why=why)
            ) from None


def _no_answer(address: str) -> FilesError:
    return FilesError(
        words(
            "No cluster answers at “%(address)s”; expected the address of a Dask scheduler, such "
            "as tcp://10.0.0.5:8786.",
            address=address,
        )
    )


def _refuse_blind(client: Client, address: str, folder: Path) -> None:
    """Raises FilesError unless there are workers, with this package, that all see the folder."""
    told: Words
    try:
        if not client.scheduler_info()["workers"]:
            told = words("The cluster at “%(address)s” has no worker.", address=address)
            raise FilesError(told)
        if not same_version(client):
            told = words(
                "The workers at “%(address)s” do not have this Takeroot: install the same version "
                "there.",
                address=address,
            )
            raise FilesError(told)
        blind = blind_worker(client, folder.resolve())
    except OSError as error:
        told = words(
            "Nothing can be written into the folder “%(folder)s”: %(why)s.",
            folder=str(folder), why=error.strerror or str(error),
        )  # fmt: skip
        raise FilesError(told) from None
    if blind is not None:
        told = words(
            "The worker %(worker)s does not see the folder “%(folder)s”.",
            worker=blind, folder=str(folder),
        )  # fmt: skip
        raise FilesError(told)
