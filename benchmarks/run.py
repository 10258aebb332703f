"""Run every benchmark in turn, print its figures, and keep them beside each other.

    python benchmarks/run.py [--out FILE] [--small]

Each part is a command of its own and can be run alone. `--small` fills 10,000 people instead of
100,000 (for a look; the figures in README.md are of the full run). Takes an hour or more, by the
sum of its parts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def run(title: str, words: list[str], out: list[str]) -> bool:
    """One benchmark as its own process; its output goes to the screen and into the report."""
    print(f"\n## {title}\n", flush=True)
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=False, cwd=HERE.parent
    )
    shown = " ".join(word for word in words if not word.startswith(tempfile.gettempdir()))
    text = done.stdout.strip() if done.returncode == 0 else f"FAILED\n{done.stderr.strip()[-2000:]}"
    print(text, flush=True)
    out.append(f"## {title}\n\n`python {shown}`, {time.monotonic() - begun:.0f} s\n\n{text}\n")
    return done.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Run every benchmark in turn.")
    parser.add_argument("--out", type=Path, help="also write the report to a file")
    parser.add_argument("--small", action="store_true", help="10,000 people instead of 100,000")
    options = parser.parse_args()
    out = [f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start\n"]
    good = True
    with tempfile.TemporaryDirectory(prefix="takeroot-bench-") as folder:
        Path(folder).chmod(0o755)
        home = f"{folder}/home"
        filling = ["--spread", "1", "--events", "100000"] if options.small else []
        good &= run("Title search", ["benchmarks/title_search.py"], out)
        good &= run("A round", ["benchmarks/round.py"], out)
        good &= run("The engine", ["benchmarks/engine.py"], out)
        good &= run("A block of people", ["benchmarks/cluster.py", "--limit", "150"], out)
        good &= run("Stable matching", ["benchmarks/stable.py"], out)
        good &= run("Arrivals", ["benchmarks/arrivals.py"], out)
        good &= run("Filling", ["benchmarks/load.py", home, *filling], out)
        good &= run("Pages", ["benchmarks/pages.py", home], out)
    if options.out:
        options.out.write_text("\n".join(out))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
