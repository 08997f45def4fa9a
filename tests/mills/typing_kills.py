"""Fault test: kills the real program during real typing and measures how old the oldest lost key is.

`python -m tests.mills.typing_kills --kills 200`.  Half of the kills hit a text, half an open cell editor; typing is
fast or slow, with and without pauses.  Needs Xvfb and xdotool.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from model.base.trouble import Trouble
from model.form.cell import at
from model.recovery.open_database import open_drafts
from model.report.report import Report
from model.storage.store import Store
from tests.support import real_display
from tests.support.helpers import FORM_2021, complete
from tests.support.real_display import Display

LONGEST, USUAL = 2.0, 0.6  # age of lost typing in s: maximum, and aim for the 99th percentile (not checked)
CELL = at("requests/new_received/natural_person")
LETTERS = {"text": "abcdefghijklmnopqrstuvwxyz", "cell": "123456789"}
PAGES = {"text": 1, "cell": 3}  # steps from the cover
READ: dict[str, Callable[[Report], str]] = {
    "text": lambda report: report.text("overview"),
    "cell": lambda report: report.entry(CELL).shown(),
}


def begin(folder: Path) -> None:
    store = open_drafts(folder).store
    report = complete(FORM_2021)
    store.create(replace(report, texts={**report.texts, "overview": ""}), "试")
    store.close()


def readiness(folder: Path, place: str) -> str:
    """Return the value that another process reads from the file while the program runs."""
    try:
        store = Store.open_for_reading(folder, "只看")
    except Trouble:  # during a save
        return ""
    try:
        return READ[place](store.load(1))
    except Trouble:
        return ""
    finally:
        store.close()


def type_until_killed(display: Display, folder: Path, place: str, rnd: random.Random) -> tuple[str, list[float], float]:
    """Return the typed text, the time of each keystroke and the time of the kill (monotonic, s)."""
    with real_display.program(display, folder, folder / "said.txt") as program:
        real_display.open_first_draft(display, program.pid, "2021 年")
        real_display.keys(display, "key", *["ctrl+Next"] * PAGES[place])
        typed, struck = "", list[float]()

        def strike() -> None:
            nonlocal typed
            letter = rnd.choice(LETTERS[place])
            struck.append(time.monotonic())
            real_display.keys(display, "key", letter)
            typed += letter

        strike()  # once this key is in the file, the page is ready and the timing starts
        real_display.until(lambda: readiness(folder, place) == typed)
        end, gaps = time.monotonic() + rnd.uniform(0.5, 4.0), rnd.choice([(0.02, 0.1), (0.1, 0.3), (0.05, 0.9)])
        while time.monotonic() < end:
            strike()
            time.sleep(max(0.0, min(rnd.uniform(*gaps), end - time.monotonic())))
        program.kill()
        return typed, struck, time.monotonic()


def kill_once(display: Display, folder: Path, place: str, rnd: random.Random) -> tuple[float, int]:
    """Return the age in seconds of the oldest lost key and the number lost; raises if other text was kept."""
    begin(folder)
    typed, struck, killed = type_until_killed(display, folder, place, rnd)
    opened = open_drafts(folder)
    try:
        opened.store.verify()
        kept = READ[place](opened.store.load(1))
    finally:
        opened.store.close()
    if not typed.startswith(kept):
        raise AssertionError(f"typed {typed!r}, kept {kept!r}")
    lost = len(typed) - len(kept)
    return (killed - struck[len(kept)] if lost else 0.0), lost


def mill(display: Display, base: Path, kills: int, seed: int) -> dict[str, list[float]]:
    rnd = random.Random(seed)
    ages: dict[str, list[float]] = {place: [] for place in PAGES}
    for kill in range(kills):
        place = list(PAGES)[kill % 2]
        age, _ = kill_once(display, base / str(kill), place, rnd)
        ages[place].append(age)
    return ages


def told(place: str, ages: list[float]) -> str:
    usual = sorted(ages)[max(0, int(len(ages) * 0.99) - 1)]
    nothing = sum(age == 0 for age in ages)
    middle = statistics.median(ages)
    return (
        f"{place}: {len(ages)} kills, {nothing} lost nothing; the oldest lost key was median {middle:.2f} s, "
        f"99 % {usual:.2f} s, at worst {max(ages):.2f} s old"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if needed := real_display.missing():
        print(f"needs {' and '.join(needed)}", file=sys.stderr)
        return 2
    with real_display.display() as display, tempfile.TemporaryDirectory(prefix="typing-") as base:
        ages = mill(display, Path(base), arguments.kills, arguments.seed)
    for place, found in ages.items():
        print(told(place, found))
    worst = max(max(found) for found in ages.values())
    if worst > LONGEST:
        print(f"typing of {worst:.2f} s was lost; at most {LONGEST:g} s may be", file=sys.stderr)
    return 1 if worst > LONGEST else 0


if __name__ == "__main__":
    sys.exit(main())
