"""Fault test: puts older bytes of the drafts' file in its place at random moments; no acknowledged save may vanish.

`python -m tests.mills.older_file --cases 300`.  A case is a run of random saves, versions and starts, with copies of
the file taken on the way, one of which is written back in place, renamed over it, cut short or torn.  A save that is
then missing must be told of: by an error at the next save, by a question at the next start, or by a recovery that
counts what it misses.  After an error half of the cases put the content of the run back, which must then be whole.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from model.form.cell import Address, Entry
from model.recovery import open_database
from model.recovery.open_database import open_drafts
from model.recovery.putting_back import put_back
from model.report.report import Change, Report
from model.storage import backups, file_names
from model.storage.database_file import StoreTrouble
from model.storage.progress import RunMemory
from model.storage.store import Store, new_uid

open_database.SETTLE_SECONDS = 0.0
PAGE = 4096
WAYS = ("in place", "renamed", "cut short", "torn", "the folder")

State = dict[int, Report]


class Case:
    """One data folder with its open store, the states acknowledged so far and copies of the file."""

    def __init__(self, folder: Path, rnd: random.Random) -> None:
        self.folder, self.rnd = folder, rnd
        self.path = folder / file_names.DATABASE
        self.run = RunMemory()
        self.store = open_drafts(folder, run=self.run).store
        self.copies: list[tuple[bytes, bytes]] = []
        self.saved: State = {}
        self.versions = 0

    def step(self) -> None:
        """Save, create, keep a version, delete, back up, or start again."""
        what = self.rnd.random()
        if not self.saved or what < 0.08:
            report = Report(f"{len(self.saved)}局", 2023, "2021")
            self.saved[self.store.create(report, "新建").number] = report
        elif what < 0.16:
            self.store.keep_version(self.rnd.choice(list(self.saved)), "版本")
            self.versions += 1
        elif what < 0.20:
            self.store.backup()
        elif what < 0.26:
            self.store.close()
            self.run = RunMemory()
            self.store = open_drafts(self.folder, run=self.run).store
        else:
            self.save()
        if self.rnd.random() < 0.3:
            state = self.folder / "state.json"
            self.copies.append((self.path.read_bytes(), state.read_bytes() if state.exists() else b""))

    def save(self) -> None:
        number = self.rnd.choice(list(self.saved))
        place = Address("t", f"r{self.rnd.randrange(25)}", "c")
        text = "主动公开" * self.rnd.choice([1, 5, 900]) + str(self.rnd.random())
        before = self.saved[number]
        change = Change(
            "填写",
            cells={place: (before.entry(place), Entry(self.rnd.randrange(10**6)))},
            texts={"overview": (before.text("overview"), text)},
        )
        self.store.save(number, [change], new_uid())
        self.saved[number] = self.store.load(number)

    def go_back(self, way: str) -> None:
        """Replace the file by an older copy of it, or a part of it."""
        older, state = self.rnd.choice(self.copies)
        newer = self.path.read_bytes()
        cut = self.rnd.randrange(len(older) // PAGE) * PAGE
        content = {"cut short": newer[:cut], "torn": older[:cut] + newer[cut:]}.get(way, older)
        if way == "renamed":
            (self.folder / "neu").write_bytes(content)
            (self.folder / "neu").replace(self.path)
            return
        with self.path.open("r+b") as file:
            file.write(content)
            file.truncate()
        if way == "the folder":
            (self.folder / "state.json").write_bytes(state)

    def kill(self) -> None:
        self.store.database.close()
        if self.store._lock:
            self.store._lock.release()

    def is_whole(self, store: Store) -> bool:
        """Return True if all acknowledged states are in the file."""
        there = {draft.number: store.load(draft.number) for draft in store.drafts()}
        kept = sum(len(store.versions(number)) for number in there)
        return all(there.get(number) == report for number, report in self.saved.items()) and kept >= self.versions


def outcome(case: Case, way: str) -> str:
    """Go back in time amid a run and say how the loss was told; in capitals what must not be."""
    for _ in range(case.rnd.randrange(5, 25)):
        case.step()
    if not case.copies:
        return "no copy"
    case.go_back(way)
    try:
        for _ in range(case.rnd.randrange(3)):
            case.save()
    except StoreTrouble as trouble:
        if trouble.reopen_required and case.rnd.random() < 0.5:
            return after_putting_back(case)
        return after_kill(case, way, "an error at the save")
    return after_kill(case, way, "")


def after_kill(case: Case, way: str, told: str) -> str:
    """Open again as the next start does, and compare what is said with what is missing."""
    case.kill()
    newest = max((backup.step for backup in backups.listed(case.folder / file_names.FOLDER)), default=0)
    again = open_drafts(case.folder)
    try:
        if again.doubt:
            return f"{told or 'no save'}, then a question"
        if case.is_whole(again.store):
            return "recovered" if again.recovered else f"{told or 'no loss'}, whole"
        if found := again.recovered:
            told_all = found.missing or found.versions or found.undecided
            return "recovered, the rest counted as missing" if told_all else "RECOVERED, BUT NOT ALL, NOTHING SAID"
        if way == "the folder" and not told and newest <= again.store.last_step():
            return "nothing on the disk could tell"  # no save came after, and the record is as old as the file
        return f"LOST after {told or 'no error'}"
    finally:
        again.store.close()


def after_putting_back(case: Case) -> str:
    """Open again as the window does, put back what this run saved if asked, and compare."""
    case.kill()
    again = open_drafts(case.folder, run=case.run)
    said = ""
    try:
        if again.doubt and case.run.heads:
            again.store.close()
            said = put_back(case.folder, case.run)
            again = open_drafts(case.folder, run=case.run)
        elif again.doubt:
            return "a question, nothing of this run to put back"
        run = {number: report for number, (_, report) in case.run.reports.items()}
        if any(again.store.load(number) != report for number, report in run.items()):
            return "NOT PUT BACK"
        missing = (
            "缺" in said
            or "未能找回" in said
            or (again.recovered and (again.recovered.missing or again.recovered.versions))
        )
        if not missing and not case.is_whole(again.store):
            return "NOT ALL PUT BACK AND NOTHING SAID"
        return "an error, put back" if not missing else "an error, put back, the rest counted as missing"
    finally:
        again.store.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    memory, bad = Path("/dev/shm"), 0
    with tempfile.TemporaryDirectory(prefix="older-", dir=memory if memory.exists() else None) as base:
        for way in WAYS:
            answers = Counter[str]()
            for number in range(arguments.cases // len(WAYS)):
                folder = Path(base) / "数据"
                answer = outcome(Case(folder, random.Random(f"{arguments.seed} {way} {number}")), way)
                shutil.rmtree(folder)
                answers[answer] += 1
                if any(word.isupper() for word in answer.split()):
                    print(f"{way} {number}: {answer}", file=sys.stderr)
                    bad += 1
            print(f"{way}: " + ", ".join(f"{count} {answer}" for answer, count in answers.most_common()), flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
