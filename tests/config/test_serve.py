"""Starting, being killed, starting again: nothing is lost, nothing is left running."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from takeroot.config import serve
from takeroot.config.serve import StartProblem, check_port, check_room, only_one

pytestmark = pytest.mark.xdist_group("serve")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _hears_ctrl_c() -> None:
    """Tests started in a shell's background ignore Ctrl-C, and so would what they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass
class House:
    """`takeroot serve` as a process, in a home of its own."""

    home: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        left_out = ("DATABASE", "SECRET_KEY", "TAKEROOT", "DJANGO")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
        return {**kept, "TAKEROOT_HOME": str(self.home), "PORT": str(self.port)}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "takeroot.cli", *words]

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command("serve", "--workers", "1"),
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=_hears_ctrl_c,
        )

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words), env=self.environment, text=True, capture_output=True
        )

    def ready(self, process: subprocess.Popen[str]) -> None:
        """Wait for the line that says so."""
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "is ready" in line:
                return
        raise AssertionError("".join(said))

    def processes(self) -> list[psutil.Process]:
        """Everything that runs from this home, or serves its port."""
        found = []
        for process in psutil.process_iter(["cmdline", "environ", "ppid"]):
            words = process.info["cmdline"] or []
            if process.pid == os.getpid() or process.info["ppid"] == 0:
                continue
            if any(str(self.home) in word or f":{self.port}" in word for word in words):
                found.append(process)
        return found

    def gone(self) -> bool:
        until = time.monotonic() + 30
        while self.processes() and time.monotonic() < until:
            time.sleep(0.2)
        return not self.processes()

    def answers(self) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=20) as page:
            return bool(page.status == 200)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    one = House(tmp_path / "home", free_port())
    yield one
    for process in one.processes():
        process.kill()


def test_killed_at_any_moment_it_starts_again_and_leaves_nothing_running(house: House) -> None:
    # Killed while the data folder is being made.
    first = house.start()
    until = time.monotonic() + 60
    while not (house.home / "postgres.making" / "base").exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    first.kill()
    first.wait()
    # The next start throws the half-made folder away, and serves.
    second = house.start()
    house.ready(second)
    assert house.answers()
    made = house.run(
        "centre",
        "add",
        "--name-en",
        "Truro",
        "--name-fr",
        "Truro",
        "--place",
        "Truro, NS",
        "--coordinator",
        "jo@centre.example",
    )
    assert made.returncode == 0, made.stderr
    assert "/accounts/password/reset/key/" in made.stdout
    # A second one on the same home is told, and disturbs nothing.
    told = house.run("serve")
    assert told.returncode == 2
    assert "is running from" in told.stderr
    assert house.answers()
    # Killed while it serves: web server, worker and database live on …
    second.kill()
    second.wait()
    assert house.processes()
    # … and the next start ends them, finds its data, and stops everything at Ctrl-C.
    third = house.start()
    house.ready(third)
    assert house.answers()
    again = house.run(
        "centre",
        "add",
        "--name-en",
        "Truro",
        "--name-fr",
        "Truro",
        "--place",
        "Truro, NS",
        "--coordinator",
        "jo@centre.example",
    )
    assert "There is a centre «Truro» already" in again.stderr
    third.send_signal(signal.SIGINT)
    assert third.wait(120) == 0
    assert house.gone(), [p.cmdline() for p in house.processes()]


def test_a_lock_file_of_the_database_with_a_strangers_number_is_set_aside(house: House) -> None:
    made = house.run("migrate")
    assert made.returncode == 0, made.stderr
    assert house.gone()
    # After a power cut the file still stands, and another program has the number by now.
    lock = house.home / "postgres" / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{house.home / 'postgres'}\n1\n5432\n/nowhere\n\n1 1\nready\n")
    users = house.home / "postgres" / ".handle_pids.json"
    users.write_text(json.dumps([2**22 - 3, 2**22 - 5]))
    again = house.run("migrate")
    assert again.returncode == 0, again.stderr
    assert house.gone()


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(StartProblem, match=r"is taken by another program.*PORT="):
            check_port("127.0.0.1", other.getsockname()[1])


def test_a_full_disk_is_told_before_anything_is_written(
    tmp_path: Path, small_disk: Callable[[int], Path]
) -> None:
    check_room(tmp_path)  # the control: there is room here
    with pytest.raises(StartProblem, match=r"MB left; Takeroot needs .*Your data is as it was"):
        check_room(small_disk(20))


def test_a_disk_that_fills_up_while_the_database_is_made_is_told(
    small_disk: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from takeroot.config.database import DatabaseProblem, start_embedded

    home = small_disk(12)
    with pytest.raises(DatabaseProblem, match="disk is full"):
        start_embedded(home)
    # The half-made folder is gone, and its room is free again.
    assert not (home / "postgres.making").exists()
    assert not (home / "postgres").exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StartProblem, match="cannot be written"):
        check_room(blocked / "home")


def test_a_home_in_use_is_told(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(StartProblem, match="running from"), only_one(tmp_path):
        pass
    with only_one(tmp_path):  # the control: free again
        pass


def test_a_process_that_only_has_a_leftovers_number_is_left_alone(tmp_path: Path) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (tmp_path / serve.CHILDREN).write_text(json.dumps([[bystander.pid, 1.0]]))
        serve.end_leftovers(tmp_path)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A disk of so many megabytes. Only root may mount one; anybody else gets the sentence of a
    full disk by a quota on file sizes, which fails in the same place."""
    mounted: list[Path] = []

    def make(megabytes: int) -> Path:
        folder = tmp_path / f"disk{megabytes}"
        folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)],
            capture_output=True,
            check=False,
        )
        if done.returncode:
            pytest.skip("a small disk can be mounted by root only")
        mounted.append(folder)
        return folder

    yield make
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=False)
