"""Kill a saving program at random moments; whatever it had acknowledged must still be there, and whole.

`python -m tests.mills.kill9 --kills 10000 --seed 7`.  This is a crash of the program, not of the machine.  Every 10
kills the folder is new, so that the making of the file is hit too; every 20th save is followed by a backup.
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

from model.cell import Address, Entry
from model.report import Change, Report, applied
from model.store import Store
from model.trouble import Trouble

EMPTY = Report("应急管理局", 2023, "2021")


def change(number: int) -> Change:
    """Save number `number`: some cells and, now and then, a long text; always the same for the same number."""
    rnd = random.Random(number)
    places = [Address("t", f"r{rnd.randrange(25)}", f"c{rnd.randrange(7)}") for _ in range(rnd.randrange(1, 6))]
    text = f"第{number}次保存：" + "主动公开" * rnd.choice([1, 5, 40, 900])
    return Change("填写", cells={place: (Entry(), Entry(number)) for place in places}, texts={"overview": ("", text)})


def save_for_ever(folder: Path, acknowledge: Connection) -> None:
    """The victim."""
    store = Store.open(folder)
    if not store.drafts():
        store.create(EMPTY, "新建", uid="first")
    number = store.draft(1).steps  # step 1 made the draft, so the next save is number `steps`
    while True:
        store.save(1, [change(number)], uid=f"save {number}")
        acknowledge.send_bytes(b"%d" % number)
        if number % 20 == 0:
            store.backup(folder / "备份")
        number += 1


def acknowledged(receive: Connection) -> int:
    """The last save that the victim heard was in."""
    last = 0
    try:
        while receive.poll():
            last = int(receive.recv_bytes())
    except EOFError:
        pass  # the victim is dead, and its last word may be torn
    return last


def kill_once(folder: Path, seconds: float) -> int:
    """Start a victim, kill it after so long, and return the last save it acknowledged."""
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


def found(folder: Path) -> int:
    """How many saves are in the folder; raises when they are not exactly the first so many."""
    store = Store.open(folder)
    try:
        store.verify()
        if not store.drafts():
            return 0
        saves = store.draft(1).steps - 1
        expected = EMPTY
        for number in range(1, saves + 1):
            expected = applied(expected, change(number))
        assert store.load(1) == expected, f"what is saved is not save 1 to {saves}"
        return saves
    finally:
        store.close()


def mill(base: Path, kills: int, seed: int, longest: float) -> tuple[int, int, int]:
    """Kill so often; return saves found, acknowledged saves lost, and files that were not whole."""
    rnd = random.Random(seed)
    saves = lost = damaged = before = 0
    for kill in range(kills):
        if kill % 10 == 0:
            before = 0
        folder = base / f"数据{kill // 10}"
        last = max(before, kill_once(folder, rnd.uniform(0, longest)))
        try:
            now = found(folder)
        except (Trouble, AssertionError) as error:
            print(f"kill {kill}: {error}", file=sys.stderr)
            damaged, now, last = damaged + 1, 0, 0
            shutil.rmtree(folder)  # counted once; the next victim begins anew
        saves, lost, before = saves + max(0, now - before), lost + max(0, last - now), now
    return saves, lost, damaged


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=0.06, help="seconds a victim may live")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kill9-") as base:
        saves, lost, damaged = mill(Path(base), arguments.kills, arguments.seed, arguments.longest)
    print(f"{arguments.kills} kills, {saves} saves, {lost} lost, {damaged} damaged")
    return 1 if lost or damaged else 0


if __name__ == "__main__":
    sys.exit(main())
