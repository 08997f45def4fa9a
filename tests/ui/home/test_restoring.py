"""Tests of restoring backups and other data files from the list of drafts."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from model.recovery.open_database import open_drafts
from model.report.report import Report
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NEW, NO_SCREEN, PATIENCE, Hands
from ui.docks.restoring import NONE_DIFFERS, RestoreDock

pytestmark = NO_SCREEN


def said(hands: Hands) -> str:
    return hands.window.banner.words.text() if hands.window.banner.isVisible() else ""


def dock(hands: Hands) -> RestoreDock:
    found = hands.window.restoring.dock
    assert found
    return found


def lines(hands: Hands) -> list[str]:
    return [dock(hands).drafts.item(row).text() for row in range(dock(hands).drafts.count())]


def listed(hands: Hands) -> list[tuple[str, int]]:
    return [(draft.agency, draft.year) for draft in hands.window._save_queue.ask(lambda store: store.drafts())]


def restore(hands: Hands) -> None:
    hands.qtbot.mouseClick(dock(hands).restore, Qt.MouseButton.LeftButton)
    hands.qtbot.waitUntil(lambda: said(hands).startswith("已从备份恢复"), timeout=PATIENCE)


@pytest.fixture
def backed_up(hands: Hands) -> Hands:
    """Create two drafts and a backup of both; then change one and delete the other for good."""
    hands.keep(Report("示例乡", 2022, "2021"))
    hands.begin(complete(FORM_2021))
    save_queue = hands.window._save_queue
    save_queue.ask(lambda store: store.backup())
    hands.desk.enter(NEW, "3")
    hands.desk.write("problems", "另写。")
    save_queue.ask(lambda store: store.delete(1))
    save_queue.ask(lambda store: store.purge(datetime.now().astimezone() + timedelta(seconds=1)))
    hands.window.restoring.on_wanted()
    return hands


def test_what_differs_is_listed_by_draft_and_shown(backed_up: Hands):
    assert not backed_up.is_open
    assert lines(backed_up) == ["示例乡 2022 年：现在没有", "某某县应急管理局 2021 年：1 处数字、1 段文字不同"]
    dock(backed_up).drafts.setCurrentRow(1)
    shown = dock(backed_up).differs.toPlainText()
    assert "“一、本年新收政府信息公开申请数量”的“自然人”" in shown
    assert "另写。" in shown


def test_a_draft_that_is_gone_comes_back_and_the_others_stay_as_they_are(backed_up: Hands):
    restore(backed_up)
    assert sorted(listed(backed_up)) == [("某某县应急管理局", 2021), ("示例乡", 2022)]
    assert backed_up.window._save_queue.ask(lambda store: store.load(2)).entry(NEW).number == 3
    assert said(backed_up) == "已从备份恢复 1 份草稿；恢复前的内容也已备份"


def test_a_changed_draft_is_restored_by_a_tick_and_that_can_be_undone(backed_up: Hands):
    dock(backed_up).drafts.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert not dock(backed_up).restore.isEnabled()
    dock(backed_up).drafts.item(1).setCheckState(Qt.CheckState.Checked)
    restore(backed_up)
    backed_up.window.open_draft(2)
    assert not dock(backed_up).isVisible()
    assert backed_up.desk.editing.values[NEW] == 0
    backed_up.desk.undo()
    assert backed_up.desk.editing.values[NEW] == 3


def test_a_damaged_backup_is_said_and_offers_nothing(backed_up: Hands, tmp_path: Path):
    (backup,) = (tmp_path / "data" / "备份").iterdir()
    backup.write_bytes(backup.read_bytes()[:-4096])
    backed_up.window.restoring.on_wanted()
    assert "已损坏" in dock(backed_up).differs.toPlainText()
    assert not dock(backed_up).restore.isEnabled()


def test_where_nothing_differs_and_where_no_backup_is_it_is_said(hands: Hands):
    hands.keep(Report("示例乡", 2022, "2021"))
    hands.window.restoring.on_wanted()
    assert dock(hands).differs.toPlainText() == "还没有备份"
    hands.window._save_queue.ask(lambda store: store.backup())
    hands.window.restoring.on_wanted()
    assert dock(hands).differs.toPlainText() == NONE_DIFFERS


def test_a_draft_that_the_backup_lacks_is_named_and_cannot_be_chosen(hands: Hands):
    hands.keep(Report("示例乡", 2022, "2021"))
    hands.window._save_queue.ask(lambda store: store.backup())
    hands.keep(Report("后来的局", 2023, "2021"))
    hands.window.restoring.on_wanted()
    assert lines(hands) == ["后来的局 2023 年：这份备份中没有"]
    assert dock(hands).drafts.item(0).flags() == Qt.ItemFlag.NoItemFlags
    assert dock(hands).differs.toPlainText() == NONE_DIFFERS
    assert not dock(hands).restore.isEnabled()


# -- other data files ---------------------------------------------------------------------------------------------


def test_the_drafts_of_another_computers_file_are_taken_over_after_a_word(hands: Hands, tmp_path: Path):
    store = open_drafts(tmp_path / "别处").store
    store.create(Report("示例乡", 2022, "2021"), "新建")
    store.close()
    before = (tmp_path / "别处" / "reports.db").read_bytes()
    hands.window.draft_actions.import_file(tmp_path / "别处" / "reports.db")
    hands.qtbot.waitUntil(lambda: "文件中有 1 份草稿，将作为新草稿加入" in said(hands), timeout=PATIENCE)
    assert listed(hands) == []
    (take,) = [b for b in hands.window.banner.findChildren(QPushButton) if b.text() == "加入草稿" and b.isVisible()]
    hands.qtbot.mouseClick(take, Qt.MouseButton.LeftButton)
    hands.qtbot.waitUntil(lambda: said(hands) == "已加入 1 份草稿", timeout=PATIENCE)
    assert listed(hands) == [("示例乡", 2022)]
    assert (tmp_path / "别处" / "reports.db").read_bytes() == before


def test_another_programs_database_is_refused(hands: Hands, tmp_path: Path):
    (tmp_path / "别的.db").write_bytes(b"SQLite format 3\0" + bytes(4080))
    hands.window.draft_actions.import_file(tmp_path / "别的.db")
    hands.qtbot.waitUntil(lambda: "不是本软件的草稿库" in said(hands), timeout=PATIENCE)
    assert listed(hands) == []
