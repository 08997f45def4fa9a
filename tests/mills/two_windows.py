"""Fault test: two processes save into one draft at full speed; no save may be lost, in separate or shared cells.

`python -m tests.mills.two_windows --saves 10000`.  The lock that keeps a second window from saving is left out, so that
the store is tested for the case that it fails.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from model.form.cell import BLANK, Entry, at
from model.report.report import Change, Report
from model.storage.database_file import StoreTrouble, TroubleKind
from model.storage.store import Store

Result = TypeVar("Result")

BOTH = at("race/both/cell")


def own(window: int, number: int) -> Change:
    """Return one window's save: a cell of its own and one that both write."""
    cells = {at(f"race/window_{window}/row_{number % 500}"): (BLANK, Entry(number)), BOTH: (BLANK, Entry(number))}
    return Change(f"窗口{window}", cells=cells)


def save_all(folder: Path, window: int, saves: int) -> None:
    store = patiently(lambda: Store.open(folder))
    for number in range(1, saves + 1):
        patiently(lambda number=number: store.save(1, [own(window, number)], uid=f"{window}:{number}"))  # type: ignore[misc]
    store.close()


def patiently(work: Callable[[], Result]) -> Result:
    """Retry while the store is busy for up to 5 s because the other window saves without a pause."""
    while True:
        try:
            return work()
        except StoreTrouble as trouble:
            if trouble.kind is not TroubleKind.BUSY:
                raise


def lost(folder: Path, saves: int) -> int:
    """Count the saves of both windows that the journal lacks; raises if a cell differs from the journal."""
    store = Store.open(folder)
    try:
        store.verify()
        steps = store.journal(1)[1:]
        for window in (1, 2):
            mine = [step.change for step in steps if step.cause == f"窗口{window}"]
            if mine != [own(window, number) for number in range(1, saves + 1)]:
                return 2 * saves - len(steps) or 1
        if store.load(1).entry(BOTH) != steps[-1].change.cells[BOTH][1]:
            raise AssertionError("the cell of both holds another value than the last save")
        return 0
    finally:
        store.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=200, help="of both windows together")
    parser.add_argument("--folder", type=Path, help="where to work: a real disk, or /dev/shm for speed")
    arguments = parser.parse_args()
    saves = arguments.saves // 2
    with tempfile.TemporaryDirectory(prefix="windows-", dir=arguments.folder) as base:
        folder = Path(base)
        store = Store.open(folder)
        store.create(Report("局", 2023, "2021"), "新建")
        store.close()
        fork = multiprocessing.get_context("fork")
        windows = [fork.Process(target=save_all, args=(folder, window, saves)) for window in (1, 2)]
        for window in windows:
            window.start()
        for window in windows:
            window.join()
        refused = sum(window.exitcode != 0 for window in windows)
        missing = lost(folder, saves) if not refused else -1
    print(f"{2 * saves} saves of two windows, {missing} lost, {refused} windows refused")
    return 1 if missing or refused else 0


if __name__ == "__main__":
    sys.exit(main())
