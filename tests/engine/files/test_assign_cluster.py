"""`takeroot engine assign --cluster`: the same answer from workers, and each way it can fail."""

from __future__ import annotations

import builtins
import logging
import secrets
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from typing import Any

import pytest
from distributed import LocalCluster

from takeroot.engine.placement import cluster as clusters
from tests.engine.files.makers import Desk
from tests.engine.files.test_assign import valid

pytestmark = pytest.mark.xdist_group("cluster")


def scheduler(workers: int) -> LocalCluster:
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    )


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with scheduler(1) as found:
        yield found.scheduler_address


def test_the_workers_give_the_answer_of_one_process(address: str, desk: Desk) -> None:
    alone = desk.assign().report
    folder = desk.folder / "blocks"
    folder.mkdir()
    ran = desk.assign("--cluster", address, "--blocks", str(folder))
    assert ran.code == 0
    assert ran.report["value"] == alone["value"]
    assert ran.report["gap"] <= 1e-4
    valid(ran.report)
    assert list(folder.iterdir()) == []


def test_everybody_is_placed_by_workers_too_where_that_is_asked(address: str, desk: Desk) -> None:
    ran = desk.assign("--cluster", address, "--blocks", str(desk.folder), "--must-place")
    assert [agent for agent, _, _ in ran.pairs] == ["ana", "ben", "cleo"]


def test_one_option_without_the_other_is_told(address: str, desk: Desk) -> None:
    for options in (("--cluster", address), ("--blocks", str(desk.folder))):
        ran = desk.assign(*options)
        assert ran.code == 2
        assert ran.lines == [
            "--cluster and --blocks go together: an address, and a folder all workers see."
        ]


@pytest.mark.parametrize("wrong", ["tcp://127.0.0.1:1", "nowhere", "tcp://"])
def test_an_address_that_does_not_answer_is_told(
    wrong: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takeroot.engine.files.cluster.PATIENCE", 0.5)
    ran = desk.assign("--cluster", wrong, "--blocks", str(desk.folder))
    assert ran.code == 2
    assert f"No cluster answers at “{wrong}”; expected the address of a Dask" in ran.said
    assert not (desk.folder / "OUT.csv").exists()


def test_a_cluster_without_workers_is_told(desk: Desk) -> None:
    with scheduler(0) as empty:
        ran = desk.assign("--cluster", empty.scheduler_address, "--blocks", str(desk.folder))
    assert ran.code == 2
    assert "has no worker." in ran.said


def test_a_folder_that_is_not_there_is_told(address: str, desk: Desk) -> None:
    ran = desk.assign("--cluster", address, "--blocks", str(desk.folder / "none"))
    assert ran.code == 2
    assert "Nothing can be written into the folder" in ran.said


def test_a_worker_that_does_not_see_the_folder_is_told(
    address: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "_reads", lambda mark: None)
    ran = desk.assign("--cluster", address, "--blocks", str(desk.folder))
    assert ran.code == 2
    assert "does not see the folder" in ran.said


def no_such_package(name: str) -> str:
    raise PackageNotFoundError(name)


@pytest.mark.parametrize("version", [no_such_package, lambda name: secrets.token_hex(4)])
def test_workers_without_this_version_are_told(
    version: Any, address: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "version", version)
    ran = desk.assign("--cluster", address, "--blocks", str(desk.folder))
    assert ran.code == 2
    assert "do not have this Takeroot: install the same version there." in ran.said


def test_floors_are_refused(address: str, desk: Desk) -> None:
    floors = "group,measure,value,place\nx,placed,1,\n"
    ran = desk.assign(
        "--cluster", address, "--blocks", str(desk.folder), L="agent,place\n", F=floors
    )
    assert ran.code == 2
    assert "--floors and --cluster do not go together: leave out one of the two." in ran.lines


def test_blocks_that_are_lost_for_good_end_in_words(
    address: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Emptied(clusters.Cluster):
        def __init__(self, client: Any, maker: Any, blocks: int) -> None:
            shutil.rmtree(maker.folder)
            super().__init__(client, maker, blocks)

    monkeypatch.setattr(clusters, "Cluster", Emptied)
    ran = desk.assign("--cluster", address, "--blocks", str(desk.folder))
    assert ran.code == 2
    assert "The cluster stopped in the middle: " in ran.said
    assert not (desk.folder / "OUT.csv").exists()


def test_without_the_extra_the_option_says_what_to_install(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.split(".")[0] == "distributed":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    ran = desk.assign("--cluster", "tcp://127.0.0.1:1", "--blocks", str(desk.folder))
    assert ran.code == 2
    assert ran.lines == ["--cluster needs the package “distributed”: install takeroot[scale]."]
