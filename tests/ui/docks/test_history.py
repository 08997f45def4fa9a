"""Tests of versions and backups on the screen: saving, comparing, restoring, and undoing that."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from model.base.trouble import Trouble
from model.form.cell import at
from model.recovery.open_database import open_drafts
from model.report.diff import compare
from model.storage.store import Store
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, Hands
from ui.docks.history import HistoryDock, as_html

pytestmark = NO_SCREEN
CELL = "requests/new_received/natural_person"


@pytest.fixture
def kept(hands: Hands) -> Hands:
    """Create a draft with the version 送审稿, and a cell and a text changed since."""
    hands.begin(complete(FORM_2021))
    hands.window.history.on_wanted()
    dock(hands).name.setText("送审稿")
    hands.qtbot.keyClick(dock(hands).name, Qt.Key.Key_Return)
    hands.desk.enter(at(CELL), "3")
    hands.desk.write("problems", hands.desk.editing.report.text("problems") + "另有一项。")
    return hands


def dock(hands: Hands) -> HistoryDock:
    found = hands.window.history.dock
    assert found
    return found


def row_of(hands: Hands, name: str) -> int:
    lines = [dock(hands).list.item(row).text() for row in range(dock(hands).list.count())]
    return next(number for number, line in enumerate(lines) if f"　{name}" in line)


def choose(hands: Hands, name: str) -> str:
    history = dock(hands)
    history.open_for(hands.desk)
    history.list.setCurrentRow(row_of(hands, name))
    return history.differs.toPlainText()


def test_a_version_is_compared_cell_by_cell_and_text_by_text(kept: Hands):
    said = choose(kept, "送审稿")
    assert "“一、本年新收政府信息公开申请数量”的“自然人”" in said
    assert "另有一项。" in said


def test_going_back_is_one_step_that_can_be_undone(kept: Hands):
    choose(kept, "送审稿")
    kept.qtbot.mouseClick(dock(kept).back, Qt.MouseButton.LeftButton)
    assert kept.desk.editing.values[at(CELL)] == 0
    assert choose(kept, "送审稿") == "内容相同"
    kept.desk.undo()
    assert kept.desk.editing.values[at(CELL)] == 3


def test_what_stood_before_going_back_is_kept_as_a_version(kept: Hands):
    choose(kept, "送审稿")
    kept.qtbot.mouseClick(dock(kept).back, Qt.MouseButton.LeftButton)
    assert row_of(kept, "回到“送审稿”之前") >= 0


def test_two_versions_are_compared_with_each_other(kept: Hands):
    dock(kept).name.setText("报批稿")
    kept.qtbot.keyClick(dock(kept).name, Qt.Key.Key_Return)
    kept.desk.enter(at(CELL), "9")
    choose(kept, "送审稿")
    dock(kept).list.item(row_of(kept, "报批稿")).setSelected(True)
    lines = dock(kept).differs.toPlainText().split()
    assert lines[:3] == ["单元格", "较早", "较晚"]
    assert lines[4:6] == ["0", "3"]  # not the present 9
    assert not dock(kept).back.isEnabled()
    assert not dock(kept).forget.isEnabled()


def test_texts_stand_side_by_side(kept: Hands):
    html = as_html(compare(complete(FORM_2021), kept.desk.editing.report), FORM_2021)
    old, new = re.findall("<td width='50%'>(.*?)</td>", html)
    assert (new, "另有一项" in old) == (f"{old}<u>另有一项。</u>", False)


def test_a_version_can_be_deleted_and_that_taken_back(kept: Hands):
    choose(kept, "送审稿")
    kept.qtbot.mouseClick(dock(kept).forget, Qt.MouseButton.LeftButton)
    assert "送审稿" not in names(kept)
    kept.qtbot.mouseClick(dock(kept).again, Qt.MouseButton.LeftButton)
    assert "“一、本年新收政府信息公开申请数量”的“自然人”" in choose(kept, "送审稿")
    assert not dock(kept).again.isVisible()


def test_a_damaged_backup_is_said_where_the_difference_would_stand(kept: Hands, tmp_path: Path):
    kept.window._save_queue.ask(lambda store: store.backup())
    (backup,) = (tmp_path / "data" / "备份").iterdir()
    backup.write_bytes(backup.read_bytes().replace(b"\xe8\xaf\x95", b"\xe8\xaf\x96"))
    assert "已损坏" in choose(kept, "备份")
    assert not dock(kept).back.isEnabled()


def test_what_a_full_disk_does_not_take_is_said(kept: Hands, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise Trouble("磁盘已满，无法写入；请清理磁盘空间后再试")

    monkeypatch.setattr(Store, "keep_version", full)
    kept.qtbot.mouseClick(dock(kept).keep, Qt.MouseButton.LeftButton)
    assert kept.window.banner.words.text() == "磁盘已满，无法写入；请清理磁盘空间后再试"


def test_what_going_back_keeps_by_itself_gives_way_in_time(kept: Hands):
    choose(kept, "送审稿")
    kept.qtbot.mouseClick(dock(kept).back, Qt.MouseButton.LeftButton)
    number = kept.desk.number
    kinds = {v.name: v.automatic for v in kept.window._save_queue.ask(lambda store: store.versions(number))}
    assert kinds == {"送审稿": False, "回到“送审稿”之前": True}


def names(hands: Hands) -> str:
    return "\n".join(dock(hands).list.item(row).text() for row in range(dock(hands).list.count()))


def test_a_backup_leads_back_too(kept: Hands):
    kept.window._save_queue.ask(lambda store: store.backup())
    kept.desk.enter(at(CELL), "9")
    choose(kept, "备份")
    kept.qtbot.mouseClick(dock(kept).back, Qt.MouseButton.LeftButton)
    assert kept.desk.editing.values[at(CELL)] == 3


def test_the_data_are_checked_on_request(kept: Hands):
    kept.window._save_queue.ask(lambda store: store.backup())
    kept.window.on_verify()
    kept.qtbot.waitUntil(lambda: "全部完好" in kept.window.banner.words.text(), timeout=5000)
    drafts, kept_backups = "检查了 1 份草稿、\\d+ 处修改、1 个版本，全部完好。", "检查了 1 份备份，全部完好，最近一份是"
    assert re.match(f"{drafts}{kept_backups}", kept.window.banner.words.text())


# -- backups that do not hold the draft, or another one ------------------------------------------------------------


def back_up(hands: Hands) -> None:
    hands.window._save_queue.ask(lambda store: store.backup())


def test_a_backup_made_before_the_draft_is_not_called_the_same(hands: Hands):
    hands.keep(complete(FORM_2021))
    back_up(hands)
    hands.begin(complete(FORM_2021))
    said = choose_backup(hands)
    assert said.endswith("的备份中没有这份草稿")
    assert "备份（没有这份草稿）" in names(hands)
    assert not dock(hands).back.isEnabled()
    assert dock(hands)._with.text() == "与现在相比："


def choose_backup(hands: Hands) -> str:
    hands.window.history.on_wanted()
    return choose(hands, "备份")


def test_steps_are_those_of_this_draft(hands: Hands):
    other = hands.keep(complete(FORM_2021))
    for name in "甲乙丙":
        hands.window.draft_actions._rename(other, name)
    hands.begin(complete(FORM_2021))
    hands.desk.enter(at(CELL), "3")
    hands.wait_saved()
    back_up(hands)
    assert choose_backup(hands) == "内容相同"
    assert "备份（这份草稿第 2 处修改）" in names(hands)
    hands.desk.enter(at(CELL), "4")
    choose_backup(hands)
    assert "备份（这份草稿第 2 处修改）" in names(hands)
    assert dock(hands)._with.text() == "与现在相比：1 处不同"


def test_another_draft_that_had_the_same_number_is_not_compared(hands: Hands, tmp_path: Path):
    store = open_drafts(tmp_path / "别处").store
    store.create(replace(complete(FORM_2021), agency="另一局"), "试")
    elsewhere = store.backup()
    store.close()
    hands.begin(complete(FORM_2021))
    (tmp_path / "data" / "备份").mkdir(exist_ok=True)
    shutil.copy(elsewhere, tmp_path / "data" / "备份")
    assert choose_backup(hands).endswith("的备份中没有这份草稿；同一编号当时是“另一局”2021 年的草稿")
    assert not dock(hands).back.isEnabled()


def test_of_two_backups_the_one_without_the_draft_is_named(hands: Hands, tmp_path: Path):
    hands.keep(complete(FORM_2021))
    back_up(hands)
    hands.begin(complete(FORM_2021))
    back_up(hands)
    choose_backup(hands)
    for row in range(dock(hands).list.count()):
        dock(hands).list.item(row).setSelected(True)
    assert dock(hands).differs.toPlainText().endswith("的备份中没有这份草稿")
    assert not dock(hands).back.isEnabled()


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"\0" * 4096, b"x" * 5000])
def test_a_backup_that_cannot_be_read_is_said_in_its_line(hands: Hands, tmp_path: Path, content: bytes):
    hands.begin(complete(FORM_2021))
    back_up(hands)
    (backup,) = (tmp_path / "data" / "备份").iterdir()
    backup.write_bytes(content)
    said = choose_backup(hands)
    assert "备份（读不出）" in names(hands)
    assert "内容相同" not in said
    assert said
    assert not dock(hands).back.isEnabled()


def test_a_backup_in_which_the_draft_was_in_the_recycle_bin_holds_it(hands: Hands):
    number = hands.begin(complete(FORM_2021))
    hands.window._save_queue.drafts.delete(number)
    back_up(hands)
    hands.window._save_queue.drafts.restore(number)
    assert choose_backup(hands) == "内容相同"
