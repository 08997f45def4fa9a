"""Fault test: kills a saving process at random moments; all acknowledged saves must be in an intact file.

`python -m tests.mills.kill9 --kills 10000 --seed 7`.  Simulates a crash of the program, not of the machine.  The folder
is new every 10 kills, so that creating the file is hit too; every 20th save is followed by a backup, every 50th
restores one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import signal
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from tests.mills import workload


def save_for_ever(folder: Path, acknowledge: Connection) -> None:
    """Save until killed; runs in the child process."""
    store = workload.begin(folder).store
    number = workload.saves(store)
    while True:
        number += 1
        workload.save(store, number, lambda done: acknowledge.send_bytes(b"%d" % done))


def acknowledged(receive: Connection) -> int:
    """Return the last save that the child process acknowledged."""
    last = 0
    try:
        while receive.poll():
            last = int(receive.recv_bytes())
    except EOFError:
        pass  # the child is killed; its last message may be incomplete
    return last


def kill_once(folder: Path, seconds: float) -> int:
    """Start a child process, kill it after `seconds` and return the last save it acknowledged."""
    receive, send = multiprocessing.Pipe(duplex=False)
    victim = multiprocessing.get_context("fork").Process(target=save_for_ever, args=(folder, send))
    victim.start()
    send.close()
    time.sleep(seconds)
    victim.kill()
    victim.join()
    if victim.exitcode != -signal.SIGKILL:
        raise AssertionError(f"the victim ended by itself: {victim.exitcode}")
    return acknowledged(receive)


def mill(base: Path, kills: int, seed: int, longest: float) -> tuple[int, int, int]:
    """Kill `kills` times; return the numbers of saves found, acknowledged saves lost and damaged files."""
    rnd = random.Random(seed)
    saves = lost = damaged = before = 0
    for kill in range(kills):
        folder = base / f"数据{kill // 10}"
        if kill % 10 == 0:
            before = 0
            shutil.rmtree(base / f"数据{kill // 10 - 1}", ignore_errors=True)
        last = max(before, kill_once(folder, rnd.uniform(0, longest)))
        now, wrong = workload.found_or_wrong(folder)
        if wrong:
            print(f"kill {kill}: {wrong}", file=sys.stderr)
            damaged, now, last = damaged + 1, 0, 0
            shutil.rmtree(folder)  # counted once; the next child starts anew
        saves, lost, before = saves + max(0, now - before), lost + max(0, last - now), now
    return saves, lost, damaged


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=0.1, help="seconds a victim may live")
    parser.add_argument("--folder", type=Path, help="where to work: a real disk, or /dev/shm for speed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kill9-", dir=arguments.folder) as base:
        saves, lost, damaged = mill(Path(base), arguments.kills, arguments.seed, arguments.longest)
    print(f"{arguments.kills} kills, {saves} saves, {lost} lost, {damaged} damaged")
    return 1 if lost or damaged else 0


if __name__ == "__main__":
    sys.exit(main())
