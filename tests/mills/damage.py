"""Fault test: damages the drafts' file in eleven ways and opens it; every value shown must have been saved.

`python -m tests.mills.damage --files 10000`.  A value is true if the draft held it after the step that the store
reports as the last.  A step 恢复 marks the recovered state as the latest one, which is checked too.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from model.form.cell import Address, Entry
from model.recovery import open_database
from model.recovery.open_database import Opened, open_drafts
from model.recovery.rebuild import CAUSE
from model.report.report import Change, Report, applied
from model.storage import file_names
from model.storage.database_file import StoreTrouble, TroubleKind
from model.storage.store import Store
from tests.support import open_files

open_database.SETTLE_SECONDS = 0.0
PAGE = 4096
DRAFTS, STEPS = 3, 150

Damage = Callable[[random.Random, bytearray, bytes], None]


@dataclass
class Truth:
    """Saved reports of every draft by its number: `states[number][k - 1]` is the one after step k."""

    states: dict[int, list[Report]] = field(default_factory=dict)

    def steps(self) -> int:
        return sum(len(states) for states in self.states.values())


# -- eleven kinds of damage ------------------------------------------------------------------------------------------


def one_byte(rnd: random.Random, file: bytearray, _older: bytes) -> None:
    file[rnd.randrange(len(file))] = rnd.randrange(256)


def one_bit(rnd: random.Random, file: bytearray, _older: bytes) -> None:
    file[rnd.randrange(len(file))] ^= 1 << rnd.randrange(8)


def a_sector_of_zeros(rnd: random.Random, file: bytearray, _older: bytes) -> None:
    at = rnd.randrange(len(file) // 512) * 512
    file[at : at + 512] = bytes(512)


def a_page_of_zeros(rnd: random.Random, file: bytearray, _older: bytes) -> None:
    at = rnd.randrange(len(file) // PAGE) * PAGE
    file[at : at + PAGE] = bytes(PAGE)


def eight_pages_of_noise(rnd: random.Random, file: bytearray, _older: bytes) -> None:
    for _ in range(8):
        at = rnd.randrange(1, len(file) // PAGE) * PAGE
        file[at : at + PAGE] = rnd.randbytes(PAGE)


def two_pages_exchanged(rnd: random.Random, file: bytearray, _older: bytes) -> None:
    one, other = (number * PAGE for number in rnd.sample(range(1, len(file) // PAGE), 2))
    file[one : one + PAGE], file[other : other + PAGE] = file[other : other + PAGE], file[one : one + PAGE]


def an_old_page_came_back(rnd: random.Random, file: bytearray, older: bytes) -> None:
    at = rnd.randrange(min(len(file), len(older)) // PAGE) * PAGE
    file[at : at + PAGE] = older[at : at + PAGE]


def cut_short(rnd: random.Random, file: bytearray, _older: bytes) -> None:
    del file[rnd.randrange(1, len(file)) :]


def zero_bytes(_rnd: random.Random, file: bytearray, _older: bytes) -> None:
    file.clear()


def all_zeros(rnd: random.Random, file: bytearray, _older: bytes) -> None:
    at = rnd.choice([0, 0, rnd.randrange(len(file))])
    file[at:] = bytes(len(file) - at)


def the_older_file(_rnd: random.Random, file: bytearray, older: bytes) -> None:
    file[:] = older


KINDS: tuple[Damage, ...] = (
    one_byte, one_bit, a_sector_of_zeros, a_page_of_zeros, eight_pages_of_noise, two_pages_exchanged,
    an_old_page_came_back, cut_short, zero_bytes, all_zeros, the_older_file,
)  # fmt: skip


# -- data folder and recorded states ---------------------------------------------------------------------------------


def build(folder: Path, seed: int) -> tuple[Truth, bytes]:
    """Build a data folder with backups; return the recorded states and the file's content half-way."""
    rnd, truth, older = random.Random(seed), Truth(), b""
    store = open_drafts(folder).store
    for number in range(1, DRAFTS + 1):
        report = Report(f"第{number}局", 2023, "2021", cells={_place(rnd): Entry(number)})
        store.create(report, "新建")
        truth.states[number] = [report]
    while truth.steps() < STEPS:
        number = rnd.randrange(1, DRAFTS + 1)
        change = _change(rnd, truth.states[number][-1], truth.steps())
        store.save(number, [change], uid=f"{truth.steps()}")
        truth.states[number].append(applied(truth.states[number][-1], change))
        if truth.steps() % 40 == 0:
            store.backup()
            store.keep_version(number, "送审稿")
        if truth.steps() == STEPS // 2:
            older = store.path.read_bytes()
    store.close()
    return truth, older


def _place(rnd: random.Random) -> Address:
    return Address("t", f"r{rnd.randrange(25)}", f"c{rnd.randrange(7)}")


def _change(rnd: random.Random, report: Report, number: int) -> Change:
    places = [_place(rnd) for _ in range(rnd.randrange(1, 4))]
    cells = {place: (report.entry(place), Entry(10_000 + number)) for place in places}
    texts = {"overview": (report.text("overview"), "主动公开" * rnd.randrange(1, 200))} if rnd.random() < 0.2 else {}
    return Change("填写", cells=cells, texts=texts)


# -- checks ----------------------------------------------------------------------------------------------------------


def untrue(store: Store, truth: Truth) -> str:
    """Describe a shown state that was never saved; returns "" if there is none."""
    for draft in (*store.drafts(), *store.drafts(deleted=True)):
        states, journal = truth.states[draft.number], store.journal(draft.number)
        known = [step for step in journal if step.cause != CAUSE]
        expected = states[len(known) - 1] if known and len(known) == len(journal) else states[-1]
        shown = store.load(draft.number)
        nothing = not known and not (shown.cells or shown.texts)  # only the name of the draft was recovered
        if shown != expected and not nothing:
            return f"draft {draft.number} after {len(known)} of {len(states)} steps"
        for version in store.versions(draft.number):
            if store.version(version.number) != states[version.step - 1]:
                return f"version {version.number}"
    return ""


def untrue_offer(opened: Opened, truth: Truth) -> str:
    """Describe a value offered to the clerk that was never saved; returns "" if there is none."""
    for undecided in opened.recovered.undecided if opened.recovered else ():
        states = truth.states[undecided.draft]
        for address, (_, entry) in undecided.change.cells.items():
            if all(state.entry(address) != entry for state in states):
                return f"offered {entry}"
        for section, (_, text) in undecided.change.texts.items():
            if all(state.text(section) != text for state in states):
                return f"offered {text[:9]}"
    return ""


def once(folder: Path, truth: Truth) -> tuple[str, int]:
    """Open a damaged folder; return the outcome in words and the number of missing steps."""
    try:
        opened = open_drafts(folder)
    except StoreTrouble as trouble:
        return ("refused" if trouble.kind in {TroubleKind.NEWER, TroubleKind.FOREIGN} else f"UNOPENED: {trouble}"), 0
    except (sqlite3.Error, ValueError, KeyError, TypeError, OverflowError, OSError, RuntimeError) as error:
        return f"UNCAUGHT {type(error).__name__}: {error}", 0
    try:
        if not opened.behind and (wrong := untrue(opened.store, truth) or untrue_offer(opened, truth)):
            return f"WRONG {wrong}", 0
        if opened.behind:
            return "asked: an older file", opened.behind
        if opened.recovered is None:
            return "whole", 0
        missing = opened.recovered.missing
        return ("recovered wholly" if not missing else "recovered in part"), missing
    finally:
        opened.store.close()


@dataclass(frozen=True)
class Source:
    """Intact data folder, its recorded states and the content of its file half-way."""

    folder: Path
    truth: Truth
    older: bytes


def mill(base: Path, kind: Damage, files: int, seed: int, source: Source) -> Counter[str]:
    rnd, whole = random.Random(seed), (source.folder / file_names.DATABASE).read_bytes()
    answers, worst = Counter[str](), 0
    for _ in range(files):
        folder = base / "damaged"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source.folder, folder)
        file = bytearray(whole)
        kind(rnd, file, source.older)
        (folder / file_names.DATABASE).write_bytes(file)
        with open_files.watched() as held:
            answer, missing = once(folder, source.truth)
        answer = f"OPEN WHILE REMOVED: {held[0]}" if held else answer
        answers[answer], worst = answers[answer] + 1, max(worst, missing)
    answers["steps missing at worst"] = worst
    return answers


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=220, help="of all kinds together")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    memory, bad = Path("/dev/shm"), 0
    with tempfile.TemporaryDirectory(prefix="damage-", dir=memory if memory.exists() else None) as base:
        folder = Path(base) / "数据"
        source = Source(folder, *build(folder, arguments.seed))
        for kind in KINDS:
            files = arguments.files // len(KINDS)
            answers = mill(Path(base), kind, files, arguments.seed, source)
            found = ", ".join(f"{count} {answer}" for answer, count in answers.items())
            print(f"{kind.__name__.replace('_', ' ')}: {files} files: {found}", flush=True)
            bad += sum(count for answer, count in answers.items() if answer.split()[0].isupper())
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
