"""Tests of background jobs and of saving in the background."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from model.base.trouble import Trouble
from model.report.draft_counts import CountsAfter
from model.report.report import Change, Report
from model.storage.store import Store
from tests.support.ui_helpers import PATIENCE
from ui.draft.save_queue import SaveQueue
from ui.parts.background_jobs import Job

REPORT = Report("应急管理局", 2023, "2021")


def wrote(text: str, before: str = "") -> Change:
    return Change("改写", texts={"overview": (before, text)})


# -- jobs ---------------------------------------------------------------------------------------------------------


def test_a_job_works_elsewhere_and_answers_here(qtbot: QtBot):
    here, places, answers = threading.get_ident(), [], []

    def work() -> int:
        places.append(threading.get_ident())
        return 42

    def then(answer: int) -> None:
        places.append(threading.get_ident())
        answers.append(answer)

    job = Job(work, then, pytest.fail)
    with qtbot.waitSignal(job.finished, timeout=PATIENCE):
        job.start()
    assert answers == [42]
    assert places[0] != here
    assert places[1] == here


@pytest.mark.parametrize("fails", ["work", "then"])
def test_a_trouble_of_a_job_is_told_here_and_the_job_is_over(qtbot: QtBot, fails: str):
    def trouble(*_: object) -> None:
        raise Trouble("磁盘已满，请清理后重试")

    told: list[str] = []
    job = Job(trouble if fails == "work" else lambda: None, trouble, told.append)
    with qtbot.waitSignal(job.finished, timeout=PATIENCE):
        job.start()
    assert told == ["磁盘已满，请清理后重试"]


def test_a_mistake_in_a_job_goes_to_the_crash_report_and_the_job_is_over(qtbot: QtBot, monkeypatch):
    caught: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: caught.append(args.exc_type))
    job = Job(lambda: 1 // 0, pytest.fail, pytest.fail)
    with qtbot.waitSignal(job.finished, timeout=PATIENCE):
        job.start()
    assert job.wait(5)
    assert caught == [ZeroDivisionError]


def test_a_mistake_after_a_job_goes_to_the_crash_report_and_the_job_is_over(qtbot: QtBot):
    job = Job(lambda: 0, lambda answer: 1 // answer, pytest.fail)
    with capture_exceptions() as mistakes, qtbot.waitSignal(job.finished, timeout=PATIENCE):
        job.start()
    assert [kind for kind, *_ in mistakes] == [ZeroDivisionError]


# -- saving -------------------------------------------------------------------------------------------------------


@pytest.fixture
def save_queue(qtbot: QtBot, tmp_path: Path):
    made = SaveQueue(tmp_path)
    yield made
    made.close()


@pytest.fixture
def held(monkeypatch) -> threading.Event:
    """Block all saves until the event is set."""
    free, save = threading.Event(), Store.save

    def slow(
        self: Store, number: int, changes: Sequence[Change], uid: str, counted: CountsAfter | None = None
    ) -> datetime:
        assert free.wait(30)
        return save(self, number, changes, uid, counted)

    monkeypatch.setattr(Store, "save", slow)
    return free


def create(save_queue: SaveQueue) -> int:
    return save_queue.ask(lambda store: store.create(REPORT, "试").number)


def text(save_queue: SaveQueue, number: int) -> str:
    return save_queue.ask(lambda store: store.load(number)).text("overview")


def test_the_database_is_opened_when_it_is_first_needed(save_queue: SaveQueue, tmp_path: Path):
    assert list(tmp_path.iterdir()) == []
    create(save_queue)
    assert (tmp_path / "reports.db").exists()


def test_a_change_is_told_as_saved_once_it_is_in_the_file(qtbot: QtBot, save_queue: SaveQueue, tmp_path: Path):
    number = create(save_queue)
    with qtbot.waitSignal(save_queue.saved, timeout=PATIENCE) as told:
        save_queue.submit(number, wrote("本年"))
    assert told.args[0] == number
    other = Store.open(tmp_path)  # as another program would read it
    assert other.load(number).text("overview") == "本年"
    other.close()


def test_nothing_is_told_before_the_commit(qtbot: QtBot, save_queue: SaveQueue, held: threading.Event):
    number = create(save_queue)
    with qtbot.assertNotEmitted(save_queue.saved, wait=100):
        save_queue.submit(number, wrote("本年"))
    assert save_queue.waiting(number) == 1
    with qtbot.waitSignal(save_queue.saved, timeout=PATIENCE):
        held.set()
    assert save_queue.waiting(number) == 0


def test_a_question_comes_after_all_changes_even_those_behind_a_slow_one(save_queue: SaveQueue, held: threading.Event):
    """Check that a draft that is closed and opened at once is not edited in an old state."""
    number = create(save_queue)
    save_queue.submit(number, wrote("一"))
    save_queue.submit(number, wrote("一二", "一"))
    save_queue.submit(number, wrote("一二三", "一二"))
    threading.Timer(0.2, held.set).start()
    assert text(save_queue, number) == "一二三"


def test_a_failure_says_why_and_how_much_waits_and_is_made_good(qtbot: QtBot, save_queue: SaveQueue, monkeypatch):
    number, save = create(save_queue), Store.save
    failures = [Trouble("磁盘已满")]

    def full_once(
        self: Store, number: int, changes: Sequence[Change], uid: str, counted: CountsAfter | None = None
    ) -> datetime:
        if failures:
            raise failures.pop()
        return save(self, number, changes, uid)

    monkeypatch.setattr(Store, "save", full_once)
    told: list[object] = []
    save_queue.failed.connect(lambda *given: told.append(given))
    with qtbot.waitSignal(save_queue.saved, timeout=PATIENCE):
        save_queue.submit(number, wrote("本年"))
    assert told == [(number, "磁盘已满", 1)]
    assert text(save_queue, number) == "本年"


def test_a_mistake_of_the_program_while_saving_is_named_by_its_kind_only(
    qtbot: QtBot, save_queue: SaveQueue, monkeypatch
):
    number = create(save_queue)

    def mistaken(*_: object) -> datetime:
        raise KeyError("秘密的正文")

    monkeypatch.setattr(Store, "save", mistaken)
    with qtbot.waitSignal(save_queue.failed, timeout=PATIENCE) as told:
        save_queue.submit(number, wrote("秘密的正文"))
    assert told.args == [number, "本软件内部错误（KeyError）", 1]
    monkeypatch.undo()


def test_closing_saves_what_is_left(tmp_path: Path, qtbot: QtBot):
    save_queue = SaveQueue(tmp_path)
    number = create(save_queue)
    save_queue.submit(number, wrote("本年"))
    assert save_queue.close()
    store = Store.open(tmp_path)
    assert store.load(number).text("overview") == "本年"
    store.close()


def test_closing_gives_up_in_time_when_the_disk_hangs(save_queue: SaveQueue, held: threading.Event):
    number = create(save_queue)
    save_queue.submit(number, wrote("本年"))
    assert not save_queue.close(0.1)
    held.set()
    assert save_queue.close()


def test_closing_what_was_never_opened_is_nothing(tmp_path: Path, qtbot: QtBot):
    assert SaveQueue(tmp_path).close()
    assert list(tmp_path.iterdir()) == []
