"""Measures the storage of drafts: `python -m tests.bench.store`.

Times, among others, saving five cells, saving while typing a long text, opening and checking a file of 50 drafts, and
a backup.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from model.form.cell import BLANK, Address, Entry
from model.recovery.open_database import open_drafts
from model.report.report import Change, Report
from model.storage.store import Store, new_uid

TEXT = "主动公开政府信息" * 250


def draft(number: int) -> Report:
    """Return a filled-in report: 170 cells and six texts of 700 characters."""
    rnd = random.Random(number)
    cells = {Address("table", f"row_{n // 7}", f"column_{n % 7}"): Entry(rnd.randrange(1000)) for n in range(170)}
    return Report(f"第{number}局", 2023, "2021", cells=cells, texts={f"section_{n}": TEXT[:700] for n in range(6)})


def cells(number: int) -> Change:
    places = [Address("table", f"row_{number % 24}", f"column_{column}") for column in range(5)]
    return Change("填写", cells={place: (BLANK, Entry(number)) for place in places})


def typing(number: int) -> Change:
    return Change("改写", texts={"overview": (TEXT + "甲" * (number - 1), TEXT + "甲" * number)})


def build(folder: Path, drafts: int, steps: int) -> Store:
    store = open_drafts(folder).store
    for number in range(1, drafts + 1):
        store.create(draft(number), "新建")
        store.save(number, [cells(step) for step in range(steps)], new_uid())
    return store


def timed(work: Callable[[int], object], times: int, after: Callable[[], object] = lambda: None) -> str:
    """Return median and 95th percentile in milliseconds of `work`, excluding `after`."""
    taken = []
    for number in range(1, times + 1):
        start = time.perf_counter()
        work(number)
        taken.append(1000 * (time.perf_counter() - start))
        after()
    return f"median {statistics.median(taken):6.1f} ms   95 % {sorted(taken)[int(times * 0.95)]:6.1f} ms"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drafts", type=int, default=50)
    parser.add_argument("--steps", type=int, default=20, help="of each draft")
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--folder", type=Path, help="where to work, by default where temporary files are")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=arguments.folder) as base:
        folder, times = Path(base) / "数据", arguments.times
        store = build(folder, arguments.drafts, arguments.steps)
        size = store.path.stat().st_size / 2**20
        print(f"{arguments.drafts} drafts, {store.last_step()} steps, {size:.1f} MB")
        print("a save of five cells      ", timed(lambda n: store.save(1, [cells(n)], new_uid()), times))
        store.save(2, [Change("改写", texts={"overview": ("", TEXT)})], new_uid())
        print("a save while typing       ", timed(lambda n: store.save(2, [typing(n)], new_uid()), times))
        print("checking every row        ", timed(lambda _: store.verify(), times))
        print("a draft loaded            ", timed(lambda _: store.load(1), times))
        print("a draft's history         ", timed(lambda _: store.history(1), times))
        print("a checked backup          ", timed(lambda n: store.backup(folder / f"备份{n}"), max(5, times // 8)))
        store.close()
        stores: list[Store] = []
        print(
            "opening with every check  ",
            timed(lambda _: stores.append(open_drafts(folder).store), times, after=lambda: stores.pop().close()),
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
