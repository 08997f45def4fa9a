"""Tests that a data folder that was renamed or pulled out is waited for and never made anew."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from model.form.cell import Entry
from model.recovery import undecided_values
from model.report.report import Report
from model.storage import progress
from model.storage.maintenance import Maintenance
from model.storage.store import Store
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NEW, NO_SCREEN, PATIENCE, Hands
from ui.app import startup
from ui.output.final_copy import freeze_work
from ui.window import closing

pytestmark = [NO_SCREEN, pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody move what is open")]


@pytest.fixture(autouse=True)
def no_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "ask_question", lambda *_: closing.CLOSE)


@pytest.fixture
def away(hands: Hands, tmp_path: Path) -> Path:
    """Open a draft, rename the folder, type; returns where the folder is now."""
    hands.begin(complete(FORM_2021))
    gone = (tmp_path / "data").rename(tmp_path / "改名")
    hands.stand_on(str(NEW))
    hands.fill("7")
    hands.qtbot.waitUntil(lambda: "找不到数据文件夹" in hands.window.banner.words.text(), timeout=PATIENCE)
    return gone


def crash(hands: Hands) -> None:
    reporter = startup.CrashReporter(hands.window._places.data)
    reporter.window = hands.window
    try:
        raise KeyError("试")
    except KeyError:
        reporter.on_exception(*sys.exc_info())


def ask(hands: Hands, question: Callable[[Store], object]) -> None:
    hands.window.banner.attempt(lambda: hands.window._save_queue.ask(question))


def dispute(hands: Hands) -> None:
    hands.window.feedback.on_disputed(hands.desk.findings[0])


def finalised(hands: Hands) -> None:
    work = freeze_work(hands.desk.editing.now, hands.desk.number, hands.window._places, hands.window._save_queue)
    hands.window.jobs.run(work, lambda _path: None)
    hands.qtbot.waitUntil(lambda: not hands.window.jobs.busy, timeout=4 * PATIENCE)


WRITERS: dict[str, Callable[[Hands], object]] = {
    "log": lambda hands: hands.window._save_queue._log.note("试"),
    "settings": lambda hands: hands.window.on_setting(text_size=12),
    "place in the draft": lambda hands: hands.window._remember(),
    "list": lambda hands: hands.window.draft_actions.refresh(),
    "recycle bin": lambda hands: hands.window.draft_actions.purge(),
    "backups": lambda hands: ask(hands, Maintenance()),
    "backup": lambda hands: ask(hands, lambda store: store.backup()),
    "lease": lambda hands: ask(hands, lambda store: store.renew()),
    "new draft": lambda hands: hands.window.banner.attempt(
        lambda: hands.window.draft_actions.add(Report("示例乡", 2022, "2021"), "试")
    ),
    "version": lambda hands: ask(hands, lambda store: store.keep_version(1, "试")),
    "opening again": lambda hands: hands.window.banner.attempt(hands.window._save_queue.open_again),
    "state": lambda hands: progress.hold_backups(hands.window._places.data, hold=False),
    "undecided": lambda hands: hands.window.banner.attempt(
        lambda: undecided_values.keep(hands.window._places.data, [])
    ),
    "crash report": crash,
    "feedback": dispute,
    "final": finalised,
    "checking": lambda hands: hands.window.on_verify(),
    "another start": lambda hands: startup.look_around(
        hands.window, hands.window._save_queue, hands.window._places.data
    ),
}


def test_no_writer_makes_the_folder_anew_and_all_is_saved_when_it_is_back(
    hands: Hands, away: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(threading, "excepthook", lambda args: pytest.fail(str(args)))
    for name, write in WRITERS.items():
        write(hands)
        hands.qtbot.waitUntil(lambda: not hands.window.jobs.busy, timeout=4 * PATIENCE)
        assert not (tmp_path / "data").exists(), name
    told: list[str] = []
    hands.window._save_queue.told.connect(told.append)
    away.rename(tmp_path / "data")
    hands.qtbot.waitUntil(lambda: hands.status.startswith("已保存 "), timeout=12_000)
    assert told == []  # such as a crash, which did not happen
    store = Store.open_for_reading(tmp_path / "data", "只看")
    try:
        assert store.load(1).entry(NEW) == Entry(7)
    finally:
        store.close()


def test_closing_and_giving_up_does_not_make_it_anew(hands: Hands, away: Path, tmp_path: Path):
    hands.window.closing._patience = 0.1
    assert hands.window.close()
    assert away.is_dir()
    assert not (tmp_path / "data").exists()


def test_an_empty_folder_in_its_place_is_not_filled(hands: Hands, away: Path, tmp_path: Path):
    (tmp_path / "data").mkdir()  # as the place of a stick that was pulled out
    ask(hands, lambda store: store.drafts())
    hands.window.banner.attempt(hands.window._save_queue.open_again)
    hands.window.draft_actions.refresh()
    hands.qtbot.waitUntil(lambda: not hands.window.jobs.busy, timeout=4 * PATIENCE)
    assert not (tmp_path / "data" / "reports.db").exists()
    shutil.rmtree(tmp_path / "data")
    away.rename(tmp_path / "data")
    hands.qtbot.waitUntil(lambda: hands.status.startswith("已保存 "), timeout=12_000)


def test_the_message_stands_with_its_button_after_others_came_and_went(hands: Hands, away: Path):
    assert away.is_dir()
    hands.window.banner.say("已导出：别处")
    hands.window.banner.hide()
    assert "尚未保存" in hands.window.banner.words.text()
    shown = [b.text() for b in hands.window.banner.findChildren(QPushButton) if b.isVisible()]
    assert "另存到其他位置…" in shown
