"""Fault test: kills the program during recovery of a damaged file; the next start must restore and offer the same.

`python -m tests.mills.recovery_kills --kills 1000`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from model.form.cell import at
from model.recovery import open_database, undecided_values
from model.recovery.open_database import open_drafts
from tests.support.recovering import CELL, enter, execute, made

LONGEST = 0.12  # seconds until the kill, at most
WANTED = (14, ("15", "7"), 2)  # confirmed value, offered values, number of drafts

open_database.SETTLE_SECONDS = 0.0  # the child has ended: no journal is in use


def damaged(folder: Path) -> Path:
    """Build a file without a step and with an altered draft row, so that two values cannot be confirmed."""
    made(folder)
    store = open_drafts(folder).store
    enter(store, 7, at("requests/denied/total"))
    store.close()
    execute(folder, "DELETE FROM journal WHERE step = 4", "UPDATE draft SET year = 2024 WHERE number = 1")
    return folder


def recover(folder: Path) -> None:
    """Recover the drafts; runs in the child process that is killed."""
    open_drafts(folder).store.close()


def found(folder: Path) -> tuple[object, tuple[str, ...], int]:
    opened = open_drafts(folder)
    try:
        opened.store.verify()
        offered = tuple(sorted(one.found for one in undecided_values.kept(folder)))
        return opened.store.load(1).entry(CELL).number, offered, len(opened.store.drafts())
    finally:
        opened.store.close()


def kill_once(folder: Path, seconds: float) -> str:
    """Start a recovery, kill it after `seconds` and return how far it had come."""
    victim = multiprocessing.get_context("fork").Process(target=recover, args=(folder,))
    victim.start()
    time.sleep(seconds)
    victim.kill()
    victim.join()
    if victim.exitcode == 0:
        return "too late to be killed"
    return "killed before its end" if list(folder.glob("~*")) else "killed before or after"


def mill(base: Path, kills: int, seed: int) -> tuple[Counter[str], int]:
    rnd, ends, wrong = random.Random(seed), Counter[str](), 0
    first, copy = damaged(base / "损坏"), base / "副本"
    for kill in range(kills):
        shutil.copytree(first, copy)
        ends[kill_once(copy, rnd.uniform(0, LONGEST))] += 1
        if (now := found(copy)) != WANTED:
            print(f"kill {kill}: {now}", file=sys.stderr)
            wrong += 1
        shutil.rmtree(copy)
    return ends, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work: a real disk, or /dev/shm for speed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="recovery-", dir=arguments.folder) as base:
        ends, wrong = mill(Path(base), arguments.kills, arguments.seed)
    said = ", ".join(f"{count} {end}" for end, count in ends.items())
    print(f"{arguments.kills} kills: {said}; {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
