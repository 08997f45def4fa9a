"""Tests that a list of drafts that cannot be read is never taken for an empty one."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from model import recovery
from model.recovery.open_database import open_drafts
from model.storage.database_file import StoreTrouble, TroubleKind
from model.storage.store import Store
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, PATIENCE, Hands, OpenWindow
from ui.home.draft_list import DraftList

pytestmark = NO_SCREEN
EMPTY = ("还没有草稿", "开始办法", "回收站是空的", "没有找到")
TROUBLES: dict[str, Callable[[], BaseException]] = {
    "foreign": lambda: StoreTrouble("“reports.db”不是本软件的草稿库；请把它移到别处", kind=TroubleKind.FOREIGN),
    "newer": lambda: StoreTrouble("草稿库由本软件的新版本保存；请更新本软件", kind=TroubleKind.NEWER),
    "busy": lambda: StoreTrouble("正被另一个程序占用；请关闭那个程序后再试", kind=TroubleKind.BUSY),
    "sqlite": lambda: sqlite3.OperationalError("unsupported file format"),
    "mistake": lambda: ZeroDivisionError("试"),
    "system": lambda: OSError(5, "Input/output error"),
}


@pytest.fixture(autouse=True)
def crashes(monkeypatch: pytest.MonkeyPatch) -> list[type[BaseException]]:
    caught: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: caught.append(args.exc_type))
    return caught


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Create a folder with one draft, saved and closed."""
    store = open_drafts(tmp_path / "data").store
    store.create(complete(FORM_2021), "试")
    store.close()
    return tmp_path / "data"


def drafts(hands: Hands) -> DraftList:
    return hands.window.start.drafts


def rest(hands: Hands) -> None:
    hands.qtbot.waitUntil(lambda: not hands.window.jobs.busy, timeout=PATIENCE)


def shown(hands: Hands) -> str:
    """Return all words on the right of the start page."""
    return "\n".join(label.text() for label in drafts(hands).findChildren(QLabel) if label.isVisible())


def retry(hands: Hands) -> QPushButton:
    (found,) = [b for b in drafts(hands).findChildren(QPushButton) if b.text().startswith("再试一次") and b.isVisible()]
    return found


def check_unreadable(hands: Hands, reason: str) -> None:
    assert not any(words in shown(hands) for words in EMPTY)
    assert "现在读不出草稿" in shown(hands)
    assert reason in shown(hands)
    assert drafts(hands).current() is None
    assert retry(hands).isEnabled()


@pytest.mark.parametrize("kind", TROUBLES)
def test_whatever_prevents_reading_the_list_is_said_in_its_place(
    data: Path,
    open_window: OpenWindow,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    crashes: list[type[BaseException]],
):
    def refuse(*_: object, **__: object) -> None:
        error = TROUBLES[kind]()
        raise error

    monkeypatch.setattr(recovery, "open_drafts", refuse)
    hands = open_window()
    assert not any(words in shown(hands) for words in EMPTY)  # nothing is known before it was read
    hands.window.prepare()
    rest(hands)
    error = TROUBLES[kind]()
    reason = str(error) if isinstance(error, StoreTrouble) else "本软件内部出错"
    check_unreadable(hands, reason)
    assert bool(crashes) == (not isinstance(error, StoreTrouble))
    hands.window.start.drafts.bin.click()
    rest(hands)
    check_unreadable(hands, reason)
    drafts(hands).search.setText("没有的机关")
    check_unreadable(hands, reason)
    drafts(hands).search.clear()
    drafts(hands).bin.click()
    hands.qtbot.mouseClick(retry(hands), Qt.MouseButton.LeftButton)
    rest(hands)
    check_unreadable(hands, reason)
    monkeypatch.undo()
    hands.qtbot.mouseClick(retry(hands), Qt.MouseButton.LeftButton)
    hands.qtbot.waitUntil(lambda: drafts(hands).list.rowCount() == 1, timeout=PATIENCE)
    assert drafts(hands).list.isVisible()
    rest(hands)


def test_lines_that_were_shown_before_give_way_and_return_by_themselves(
    data: Path, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
):
    hands = open_window()
    hands.window.prepare()
    hands.qtbot.waitUntil(lambda: drafts(hands).list.rowCount() == 1, timeout=PATIENCE)
    rest(hands)

    def refuse(*_: object, **__: object) -> None:
        raise StoreTrouble("磁盘出错；请检查", reopen_required=True)

    monkeypatch.setattr(Store, "drafts", refuse)
    hands.window.draft_actions.refresh()
    rest(hands)
    check_unreadable(hands, "磁盘出错")
    monkeypatch.undo()
    hands.window._save_queue.drafts.list()  # opens the file again, as the next save does
    hands.qtbot.waitUntil(lambda: drafts(hands).list.rowCount() == 1, timeout=PATIENCE)
    rest(hands)


def test_an_answer_that_comes_late_is_not_shown(data: Path, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch):
    hands = open_window()
    actions = hands.window.draft_actions
    actions.refresh()
    actions.refresh()
    actions._show_unreadable("旧")
    rest(hands)
    hands.qtbot.waitUntil(lambda: drafts(hands).list.rowCount() == 1, timeout=PATIENCE)
    rest(hands)
    assert not drafts(hands).unreadable
