"""Tests of choosing between two values of one place, after damage or from two windows, and of undoing the choice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from model.form.cell import Entry, at
from model.recovery import open_database, undecided_values
from model.recovery.open_database import open_drafts
from model.report.report import Change
from model.storage import lock, progress
from model.storage.store import Store, new_uid
from tests.support.helpers import FORM_2021, ROOT, complete
from tests.support.platforms import WINDOWS
from tests.support.recovering import execute
from tests.support.ui_helpers import NEW, NO_SCREEN, PATIENCE, Hands, OpenWindow
from ui.docks.undecided_values import UndecidedDock
from ui.window import closing

pytestmark = NO_SCREEN
OTHER = at("requests/granted/natural_person")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_database, "SETTLE_SECONDS", 0.0)
    # A failed test leaves unsaved changes; the question about them would wait without end.
    monkeypatch.setattr(closing, "ask_question", lambda *_: closing.CLOSE)


def dock(hands: Hands) -> UndecidedDock:
    found = hands.window.recovery_questions.dock
    assert found
    return found


def listed(hands: Hands) -> list[str]:
    return [dock(hands).list.item(row).text() for row in range(dock(hands).list.count())]


def press(hands: Hands, button: QPushButton) -> None:
    hands.qtbot.mouseClick(button, LEFT)


def offer(hands: Hands, label: str) -> QPushButton:
    buttons = hands.window.banner.findChildren(QPushButton)
    (found,) = [b for b in buttons if b.text() == label and b.isVisible()]
    return found


def said(hands: Hands) -> str:
    return hands.window.banner.words.text() if hands.window.banner.isVisible() else ""


# -- after damage -------------------------------------------------------------------------------------------------


def enter(store: Store, place, number: int) -> None:
    before = store.load(1).entry(place)
    store.save(1, [Change("填写", cells={place: (before, Entry(number))})], new_uid())


@pytest.fixture
def recovered(tmp_path: Path, open_window: OpenWindow) -> Hands:
    """Open a file without step 3 and with an altered draft row: changes after step 2 cannot be confirmed."""
    store = open_drafts(tmp_path / "data").store
    store.create(complete(FORM_2021), "试")
    for place, number in ((NEW, 3), (NEW, 4), (OTHER, 5)):
        enter(store, place, number)
    store.save(1, [Change("改写", texts={"problems": (store.load(1).text("problems"), "问题二。")})], new_uid())
    store.close()
    execute(tmp_path / "data", "DELETE FROM journal WHERE step = 3", "UPDATE draft SET year = 2024 WHERE number = 1")
    hands = open_window()
    hands.window.prepare()
    hands.qtbot.waitUntil(lambda: "请逐条核对" in said(hands), timeout=PATIENCE)
    return hands


def test_unsure_values_are_offered_one_by_one_with_both_values_and_their_place(recovered: Hands):
    press(recovered, offer(recovered, "逐条核对"))
    assert listed(recovered) == [
        "“一、本年新收政府信息公开申请数量”的“自然人”",
        "“（一）予以公开”的“自然人”",
        "五、存在的主要问题及改进情况",
    ]
    assert dock(recovered).isVisible()
    shown = dock(recovered).both.toPlainText()
    assert shown == "现在的内容：\n3\n损坏的文件中找到的：\n4"


def test_the_other_value_can_be_taken_undone_and_stays_decided(recovered: Hands, tmp_path: Path):
    press(recovered, offer(recovered, "逐条核对"))
    press(recovered, dock(recovered).take)
    assert recovered.desk.editing.values[NEW] == 4
    assert len(listed(recovered)) == len(undecided_values.kept(tmp_path / "data")) == 2
    recovered.wait_saved()
    number = recovered.desk.number
    causes = [step.cause for step in recovered.window._save_queue.ask(lambda store: store.journal(number))]
    assert causes[-1] == "核对恢复的内容"
    recovered.desk.undo()
    assert recovered.desk.editing.values[NEW] == 3


def test_what_stands_can_be_kept_and_the_last_decision_closes_the_list(recovered: Hands, tmp_path: Path):
    press(recovered, offer(recovered, "逐条核对"))
    before = recovered.desk.editing.report
    for _ in range(3):
        press(recovered, dock(recovered).keep)
    assert recovered.desk.editing.report == before
    assert not dock(recovered).isVisible()
    assert undecided_values.kept(tmp_path / "data") == ()
    assert "已全部核对完" in said(recovered)


def test_what_is_not_decided_is_offered_again_when_the_draft_is_opened(recovered: Hands, open_window: OpenWindow):
    recovered.window.close()
    again = open_window()
    again.window.open_draft(1)
    assert len(listed(again)) == 3
    again.window.close_draft()
    assert not dock(again).isVisible()


def test_a_click_leads_to_the_place(recovered: Hands):
    press(recovered, offer(recovered, "逐条核对"))
    dock(recovered).list.setCurrentRow(1)
    dock(recovered).list.itemClicked.emit(dock(recovered).list.currentItem())
    assert (recovered.step, recovered.here) == ("requests", str(OTHER))
    dock(recovered).list.setCurrentRow(2)
    dock(recovered).list.itemClicked.emit(dock(recovered).list.currentItem())
    assert recovered.step == "problems"


def test_backups_are_thinned_again_once_the_clerk_says_that_the_data_are_right(recovered: Hands, tmp_path: Path):
    assert progress.recall(tmp_path / "data").hold
    press(recovered, offer(recovered, "数据正确"))
    assert not progress.recall(tmp_path / "data").hold
    assert said(recovered) == "已确认数据正确，备份照常整理"


def test_as_long_as_nobody_has_said_so_the_clerk_is_asked_at_every_start(recovered: Hands, open_window: OpenWindow):
    recovered.window.close()
    again = open_window()
    again.window.prepare()
    again.qtbot.waitUntil(lambda: "上次自动恢复的数据还没有确认" in said(again), timeout=PATIENCE)
    press(again, offer(again, "数据正确"))
    again.window.close()
    third = open_window()
    with third.qtbot.assertNotEmitted(third.window._save_queue.told):
        third.window._save_queue.ask(lambda store: store.drafts())


# -- two windows --------------------------------------------------------------------------------------------------

SECOND = """
import sys
from pathlib import Path
from model.form import Entry, at
from model.recovery import open_drafts
from model.report import Change
from model.storage.store import new_uid
store = open_drafts(Path(sys.argv[1])).store
assert not store.refusal, store.refusal
for place, number in (("requests/new_received/natural_person", 12), ("requests/granted/natural_person", 8)):
    before = store.load(1).entry(at(place))
    store.save(1, [Change("填写", cells={at(place): (before, Entry(number))})], new_uid())
print("saved", flush=True)
sys.stdin.read()
store.close()
"""


@pytest.fixture
def second(hands: Hands, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a second process that took the drafts over after the lock's file was removed, and has saved."""
    if WINDOWS:
        pytest.skip("Windows lets nobody remove the file of a lock that is held")
    hands.begin(complete(FORM_2021))
    hands.desk.enter(at("requests/new_received/business"), "1")
    hands.wait_saved()
    (tmp_path / "data" / lock.LOCK_FILE).unlink()
    command = [sys.executable, "-c", SECOND, str(tmp_path / "data")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "saved\n"
        yield process
        process.kill()


def end(second: subprocess.Popen[str]) -> None:
    assert second.stdin
    second.stdin.close()
    assert second.wait(20) == 0


def test_a_window_that_was_taken_over_keeps_its_typing_and_shows_both_values_once_it_may_save(
    hands: Hands, second: subprocess.Popen[str]
):
    hands.desk.enter(NEW, "7")
    hands.qtbot.waitUntil(lambda: "1 处修改尚未保存" in said(hands), timeout=PATIENCE)
    end(second)
    hands.qtbot.waitUntil(lambda: "有 1 处不一致，请逐条核对" in said(hands), timeout=4 * PATIENCE)
    assert hands.desk.editing.values[OTHER] == 8  # the other window's other changes are here, too
    assert hands.desk.editing.values[NEW] == 7
    assert listed(hands) == ["“一、本年新收政府信息公开申请数量”的“自然人”"]
    assert dock(hands).both.toPlainText() == "现在的内容：\n7\n此项已被另一窗口改为：\n12"
    press(hands, dock(hands).take)
    assert hands.desk.editing.values[NEW] == 12
    hands.desk.undo()
    assert hands.desk.editing.values[NEW] == 7


def test_without_a_conflict_both_windows_changes_are_there_and_nothing_is_asked(
    hands: Hands, second: subprocess.Popen[str]
):
    place = at("requests/new_received/research")
    hands.desk.enter(place, "7")
    end(second)
    hands.qtbot.waitUntil(lambda: hands.desk.editing.values[NEW] == 12, timeout=4 * PATIENCE)
    assert hands.desk.editing.values[place] == 7
    assert hands.window.recovery_questions.dock is None


def test_what_waits_is_not_dropped_to_open_the_drafts_again(hands: Hands, second: subprocess.Popen[str]):
    hands.desk.enter(NEW, "7")
    hands.qtbot.waitUntil(lambda: "1 处修改尚未保存" in said(hands), timeout=PATIENCE)
    hands.window.banner.attempt(hands.window._save_queue.open_again)
    assert "还有 1 处修改没有存上" in said(hands)
    end(second)
    hands.qtbot.waitUntil(lambda: hands.status.startswith("已保存"), timeout=4 * PATIENCE)
    number = hands.desk.number
    assert hands.window._save_queue.ask(lambda store: store.load(number)).entry(NEW) == Entry(7)
