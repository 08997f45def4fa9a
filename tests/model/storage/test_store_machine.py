"""Stateful test of the store against dictionaries, with crashes, backups, damage and a second window."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from model.form.cell import Address, Entry
from model.recovery import open_database
from model.recovery.open_database import open_drafts
from model.report.report import Change, Report, applied, difference
from model.storage import backups
from model.storage.store import Store, new_uid

places = st.builds(Address, st.just("t"), st.sampled_from(["r1", "r2", "r3"]), st.sampled_from(["c1", "c2"]))
numbers = st.integers(0, 99)
texts = st.text(max_size=12)

open_database.SETTLE_SECONDS = 0.0


class Machine(RuleBasedStateMachine):
    """Random actions of a window that saves at any time and may crash, and of a second window that reads or writes."""

    backup_files = Bundle("backup_files")

    def __init__(self) -> None:
        super().__init__()
        self.base = Path(tempfile.mkdtemp(prefix="machine-"))
        self.folder = self.base / "数据"
        self.store = open_drafts(self.folder).store
        self.other: Store | None = None
        self.saved: dict[int, Report] = {}  # the model: what must be in the store
        self.open: dict[int, Report] = {}  # what the window shows
        self.waiting: dict[int, list[Change]] = {}
        self.undo: dict[int, list[Change]] = {}
        self.backed_up: dict[Path, dict[int, Report]] = {}
        self.mixed: set[int] = set()  # drafts in which two windows wrote without reading each other's changes

    @initialize()
    def begin(self):
        self.create("应急管理局")

    @rule(agency=st.sampled_from(["甲", "乙"]))
    @precondition(lambda self: len(self.saved) < 4)
    def create(self, agency):
        report = Report(agency, 2023, "2021")
        number = self.store.create(report, "新建").number
        assert number not in self.saved
        self.saved[number] = self.open[number] = report
        self.waiting[number], self.undo[number] = [], []

    # -- edits ---------------------------------------------------------------------------------------------------

    @rule(data=st.data(), place=places, number=numbers)
    def enter(self, data, place, number):
        self.do(self.drawn(data), {place: Entry(number)}, {})

    @rule(data=st.data(), cells=st.dictionaries(places, st.builds(Entry, numbers, remark=texts), max_size=4))
    def paste(self, data, cells):
        self.do(self.drawn(data), cells, {})

    @rule(data=st.data(), text=texts)
    def write(self, data, text):
        self.do(self.drawn(data), {}, {"overview": text})

    @rule(data=st.data())
    def take_back(self, data):
        number = self.drawn(data)
        if self.undo[number]:
            change = self.undo[number].pop()
            inverse = change.inverse()
            self.perform(number, Change(f"撤销{change.cause}", cells=inverse.cells, texts=inverse.texts))

    def drawn(self, data) -> int:
        return int(data.draw(st.sampled_from(sorted(self.saved))))

    def do(self, number: int, cells: dict[Address, Entry], written: dict[str, str]) -> None:
        report = self.open[number]
        change = Change(
            "填写",
            cells={a: (report.entry(a), entry) for a, entry in cells.items() if report.entry(a) != entry},
            texts={s: (report.text(s), text) for s, text in written.items() if report.text(s) != text},
        )
        if not change.empty:
            self.undo[number].append(change)
            self.perform(number, change)

    def perform(self, number: int, change: Change) -> None:
        self.open[number] = applied(self.open[number], change)
        self.waiting[number].append(change)

    # -- saving, crashing, opening again -------------------------------------------------------------------------

    @rule(data=st.data(), times=st.integers(1, 2))
    def save(self, data, times):
        number, uid = self.drawn(data), new_uid()
        for _ in range(times):  # repeated as after a COMMIT that reports an error though it succeeded
            self.store.save(number, self.waiting[number], uid)
        for change in self.waiting[number]:
            self.saved[number] = applied(self.saved[number], change)
        self.open[number], self.waiting[number] = self.saved[number], []

    @rule()
    def crash(self):
        self.store.database.close()
        if self.store._lock:
            self.store._lock.release()
        self.forget()
        opened = open_drafts(self.folder)
        assert opened.sentence.startswith("本软件上次未正常退出，内容已完整保留")
        self.store = opened.store

    @rule()
    def reopen(self):
        self.store.close()
        self.forget()
        opened = open_drafts(self.folder)
        assert opened.sentence == ""
        self.store = opened.store

    def forget(self) -> None:
        """Drop unsaved changes, as a crash does; undo is read from the journal."""
        self.open = dict(self.saved)
        self.waiting = {number: [] for number in self.saved}
        self.undo = {number: [] for number in self.saved}

    @rule()
    def read_what_can_be_undone(self):
        for number in self.saved.keys() - self.mixed:
            report = self.saved[number]
            for change in reversed(self.store.history(number).done):
                report = applied(report, change.inverse())
            assert not report.cells
            assert not report.texts
            if not self.waiting[number]:
                self.undo[number] = list(self.store.history(number).done)

    # -- backups and damage --------------------------------------------------------------------------------------

    @rule(target=backup_files)
    def back_up(self):
        path = self.store.backup(self.base / f"备份{len(self.backed_up)}")
        self.backed_up[path] = dict(self.saved)
        return path

    @rule(path=backup_files, data=st.data())
    def restore(self, path, data):
        then = self.backed_up[path]
        number = data.draw(st.sampled_from(sorted(then)))
        expected = {one.number for one in backups.differences(self.store, path)}
        assert expected == {n for n, report in then.items() if report != self.saved[n]}
        backups.restore(self.store, path, [number])
        self.saved[number] = self.open[number] = then[number]
        self.waiting[number] = []
        self.undo[number] = []

    @rule(target=backup_files, wrong=st.sampled_from(["nothing left", "a value", "the registry"]))
    def damage(self, wrong):
        """Damage or empty the file while the program is closed; a backup was made just before."""
        kept = self.store.backup()
        self.store.close()
        file = self.folder / "reports.db"
        if wrong == "nothing left":
            file.write_bytes(b"")
        else:
            content = file.read_bytes()
            at = content.find(b"department" if wrong == "the registry" else "新建".encode())
            file.write_bytes(content[:at] + b"X" + content[at + 1 :])
        self.forget()
        opened = open_drafts(self.folder)
        assert opened.recovered
        assert (opened.recovered.missing, opened.recovered.undecided) == (0, ())
        self.store = opened.store
        copy = self.base / f"备份{len(self.backed_up)}" / kept.name
        copy.parent.mkdir()
        shutil.copy(kept, copy)
        self.backed_up[copy] = dict(self.saved)
        return multiple(copy)

    # -- a second window -----------------------------------------------------------------------------------------

    @rule(data=st.data(), place=places, number=numbers)
    def second_window_saves(self, data, place, number):
        """Save without the lock: the store itself must lose nothing."""
        draft, other = self.drawn(data), Store.open(self.folder)
        before = other.load(draft)
        change = Change("填写", cells={place: (before.entry(place), Entry(number))})
        other.save(draft, [change], new_uid())
        other.close()
        if self.waiting[draft]:
            self.mixed.add(draft)
        self.saved[draft] = applied(self.saved[draft], change)
        self.open[draft] = self.saved[draft]
        for waiting in self.waiting[draft]:
            self.open[draft] = applied(self.open[draft], waiting)
        self.undo[draft] = []

    @rule()
    def second_window_looks_on(self):
        looking = open_drafts(self.folder)
        assert "您现在只能查看" in looking.sentence
        assert {draft.number: looking.store.load(draft.number) for draft in looking.store.drafts()} == self.saved
        looking.store.close()

    # -- invariants ----------------------------------------------------------------------------------------------

    @invariant()
    def what_is_saved_is_there(self):
        if self.saved:
            assert {draft.number: self.store.load(draft.number) for draft in self.store.drafts()} == self.saved

    @invariant()
    def what_is_shown_is_what_is_saved_and_what_waits(self):
        for number, report in self.open.items():
            shown = self.saved[number]
            for change in self.waiting[number]:
                shown = applied(shown, change)
            assert difference(shown, report, "").empty

    def teardown(self) -> None:
        self.store.verify()
        self.store.close()
        shutil.rmtree(self.base)


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
