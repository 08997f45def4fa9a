"""Tests of the save thread: reports a save after COMMIT only, keeps what it could not save, retries by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from model.base.trouble import Trouble
from model.form.cell import BLANK, Entry, at
from model.report.report import Change, Report
from model.storage import save_thread as writer_module
from model.storage.database_file import StoreTrouble
from model.storage.save_thread import SaveThread
from model.storage.store import Store
from model.storage.verified_rows import Checked
from tests.support.platforms import posix_only

REPORT = Report("应急管理局", 2023, "2021")


def enter(number: int) -> Change:
    return Change("填写", cells={at(f"t/r{number}/c"): (BLANK, Entry(number))})


def write(text: str) -> Change:
    return Change("改写", texts={"overview": ("", text)})


class Heard:
    """Recorded callbacks of the save thread, and the threads that called them."""

    def __init__(self) -> None:
        self.saved: list[int] = []
        self.failed: list[tuple[int, str, int]] = []
        self.threads: set[int] = set()

    def on_saved(self, number: int, at: object) -> None:
        self.threads.add(threading.get_ident())
        self.saved.append(number)

    def on_failed(self, number: int, error: BaseException, waiting: int) -> None:
        self.threads.add(threading.get_ident())
        self.failed.append((number, f"{type(error).__name__}: {error}", waiting))


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def start(tmp_path, heard, monkeypatch):
    """Return a function that starts save threads on one folder, each with draft 1; failed saves are retried at once."""
    monkeypatch.setattr(writer_module, "RETRY_AFTER", (0.01,))
    started: list[SaveThread] = []

    def begin(store_class: type[Store] = Store) -> SaveThread:
        writer = SaveThread(lambda: store_class.open(tmp_path), heard.on_saved, heard.on_failed)
        started.append(writer)
        writer.call(lambda store: store.create(REPORT, "新建"))
        return writer

    yield begin
    for writer in started:
        if not writer._stopped:
            writer.abandon()


def until(condition: Callable[[], object]) -> None:
    """Wait until the condition holds; fails after about 10 s."""
    for _ in range(2000):
        if condition():
            return
        time.sleep(0.005)
    raise AssertionError("it never came")


def test_what_is_submitted_is_saved_in_order_a_step_each(start, heard):
    writer = start()
    for number in range(50):
        writer.submit(1, enter(number))
    assert writer.flush(10)
    assert writer.waiting() == 0
    assert [step.change for step in writer.call(lambda store: store.journal(1))[1:]] == [enter(n) for n in range(50)]
    assert set(heard.saved) == {1}
    assert threading.get_ident() not in heard.threads


def test_what_waits_meanwhile_goes_into_one_transaction(start, heard):
    writer, gate = start(), threading.Event()
    busy = threading.Thread(target=writer.call, args=[lambda _store: gate.wait(10)])
    busy.start()
    for number in range(20):
        writer.submit(1, enter(number))
    assert (writer.waiting(1), writer.waiting(2), heard.saved) == (20, 0, [])
    gate.set()
    assert writer.flush(10)
    busy.join()
    assert heard.saved == [1]


def test_an_empty_change_is_no_step(start, heard):
    writer = start()
    writer.submit(1, Change("填写"))
    assert (writer.flush(10), heard.saved) == (True, [])


def test_a_call_answers_and_what_it_raises_reaches_the_caller(start):
    writer = start()
    assert [draft.number for draft in writer.call(lambda store: store.drafts())] == [1]
    with pytest.raises(Trouble, match="没有编号为 9 的草稿"):
        writer.call(lambda store: store.load(9))
    with pytest.raises(ZeroDivisionError):
        writer.call(lambda _store: 1 // 0)


def test_trouble_at_opening_reaches_the_caller(tmp_path):
    (tmp_path / "reports.db").write_bytes(b"not ours" * 100)
    with pytest.raises(Trouble, match="不是本软件的草稿库"):
        SaveThread(lambda: Store.open(tmp_path))


def test_on_a_full_disk_all_is_kept_typing_goes_on_and_saving_resumes_by_itself(start, heard):
    writer = start()
    full = writer.call(lambda store: store.database.execute("PRAGMA page_count").fetchone()[0])
    writer.call(lambda store: store.database.execute(f"PRAGMA max_page_count={full}").fetchone())
    long = write("政府信息公开" * 5000)
    writer.submit(1, long)
    until(lambda: heard.failed)
    writer.submit(1, enter(1))
    writer.submit(1, enter(2))
    until(lambda: len(heard.failed) > 3)
    assert (writer.flush(0.05), heard.saved) == (False, [])
    assert writer.unsaved() == {1: (long, enter(1), enter(2))}
    number, sentence, waiting = heard.failed[-1]
    assert (number, waiting) == (1, 3)
    assert sentence.startswith("StoreTrouble: 磁盘已满，无法写入草稿库")
    assert [draft.steps for draft in writer.call(lambda store: store.drafts())] == [1]
    writer.call(lambda store: store.database.execute("PRAGMA max_page_count=1000000").fetchone())
    until(lambda: not writer.waiting())
    assert writer.call(lambda store: store.load(1)).text("overview") == long.texts["overview"][1]
    assert writer.call(lambda store: store.verify()) == Checked(drafts=1, steps=4)


class Deceived(Store):
    """Store that raises a disk error though COMMIT succeeded."""

    opened = 0
    lies = 1

    @classmethod
    def open(cls, folder):
        cls.opened += 1
        return super().open(folder)

    def save(self, number, changes, uid, counted=None):
        at = super().save(number, changes, uid, counted)
        if type(self).lies:
            type(self).lies -= 1
            raise StoreTrouble("磁盘出错", reopen_required=True)
        return at


def test_an_error_though_all_was_saved_is_repeated_without_harm_on_a_fresh_connection(start, heard):
    writer = start(Deceived)
    writer.submit(1, enter(1))
    until(lambda: heard.saved)
    assert (len(heard.failed), Deceived.opened) == (1, 2)
    assert writer.call(lambda store: store.verify()) == Checked(drafts=1, steps=2)


def test_a_mistake_of_the_program_is_said_and_what_was_typed_is_kept(start, heard):
    writer = start()
    writer.submit(1, Change("填写", head={"year": (2023, object())}))
    until(lambda: heard.failed)
    assert heard.failed[0][1].startswith("TypeError")
    assert writer.waiting(1) == 1


def test_one_draft_that_cannot_be_saved_holds_up_no_other(start, heard):
    writer = start()
    writer.submit(9, enter(1))
    until(lambda: heard.failed)
    writer.submit(1, enter(2))
    until(lambda: heard.saved)
    assert (heard.saved, writer.unsaved()) == ([1], {9: (enter(1),)})


def test_closing_saves_what_waits_and_says_so(start, tmp_path):
    writer = start()
    writer.submit(1, enter(1))
    assert writer.close(10)
    store = Store.open(tmp_path)
    assert store.load(1).entry(at("t/r1/c")) == Entry(1)
    store.close()


def test_closing_with_something_unsaved_says_no_and_keeps_at_it(start, heard):
    writer = start()
    writer.submit(9, enter(1))
    assert not writer.close(0.05)
    failures = len(heard.failed)
    until(lambda: len(heard.failed) > failures)
    assert writer.waiting() == 1


def test_between_saves_the_store_is_looked_after_and_what_goes_wrong_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(writer_module, "MAINTENANCE_EVERY", 0.01)
    seen: list[int] = []
    neglected: list[str] = []

    def look_after(store: Store) -> None:
        seen.append(store.last_step())
        if len(seen) == 2:
            raise StoreTrouble("备份未完成：磁盘空间不足")

    writer = SaveThread(
        lambda: Store.open(tmp_path), maintenance=look_after, on_neglected=lambda error: neglected.append(str(error))
    )
    until(lambda: len(seen) > 3)
    assert writer.close(10)
    assert neglected == ["备份未完成：磁盘空间不足"]


class Slow(Store):
    """Store whose save blocks until `go_on` is set."""

    go_on = threading.Event()

    def save(self, number, changes, uid, counted=None):
        assert self.go_on.wait(20)
        return super().save(number, changes, uid, counted)


def test_nobody_waits_for_a_slow_disk(start, heard):
    writer = start(Slow)
    for number in range(200):
        writer.submit(1, enter(number))  # otherwise this would never end, since nothing is saved before `go_on`
    assert (heard.saved, writer.waiting()) == ([], 200)
    Slow.go_on.set()
    until(lambda: not writer.waiting())
    assert writer.call(lambda store: store.draft(1).steps) == 201


@posix_only("Windows lets nobody move a folder with open files")
def test_a_data_folder_that_vanishes_keeps_what_is_typed_until_it_is_back(start, heard, tmp_path):
    writer = start()
    away = tmp_path.rename(tmp_path.with_name(f"{tmp_path.name} 改名"))
    try:
        writer.submit(1, enter(1))
        until(lambda: heard.failed)
        assert writer.unsaved() == {1: (enter(1),)}
    finally:
        away.rename(tmp_path)
    until(lambda: not writer.waiting())
    assert writer.call(lambda store: store.load(1)).entry(at("t/r1/c")) == Entry(1)
