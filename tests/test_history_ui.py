"""Versions and backups on the screen: kept, compared, gone back to, and that undone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from model.cell import at
from tests.helpers import FORM_2021, complete
from tests.ui_helpers import NO_SCREEN, Hands
from ui.history import HistoryDock

pytestmark = NO_SCREEN
CELL = "requests/new_received/natural_person"


@pytest.fixture
def kept(hands: Hands) -> Hands:
    """A draft with the version 送审稿, and a cell and a text changed since."""
    hands.begin(complete(FORM_2021))
    hands.window.on_history()
    dock(hands).name.setText("送审稿")
    hands.qtbot.keyClick(dock(hands).name, Qt.Key.Key_Return)
    hands.desk.enter(at(CELL), "3")
    hands.desk.write("problems", hands.desk.editing.report.text("problems") + "另有一项。")
    return hands


def dock(hands: Hands) -> HistoryDock:
    found = hands.window._history
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
    assert "「一、本年新收政府信息公开申请数量」的「自然人」" in said
    assert "另有一项。" in said


def test_going_back_is_one_step_that_can_be_undone(kept: Hands):
    choose(kept, "送审稿")
    kept.qtbot.mouseClick(dock(kept).back, Qt.MouseButton.LeftButton)
    assert kept.desk.editing.values[at(CELL)] == 0
    assert choose(kept, "送审稿") == "与现在的内容相同。"
    kept.desk.undo()
    assert kept.desk.editing.values[at(CELL)] == 3


def test_what_stood_before_going_back_is_kept_as_a_version(kept: Hands):
    choose(kept, "送审稿")
    kept.qtbot.mouseClick(dock(kept).back, Qt.MouseButton.LeftButton)
    assert row_of(kept, "回到「送审稿」之前") >= 0


def test_a_backup_leads_back_too(kept: Hands):
    kept.window._keeper.ask(lambda store: store.backup())
    kept.desk.enter(at(CELL), "9")
    choose(kept, "备份")
    kept.qtbot.mouseClick(dock(kept).back, Qt.MouseButton.LeftButton)
    assert kept.desk.editing.values[at(CELL)] == 3


def test_the_data_are_checked_on_request(kept: Hands):
    kept.window.on_verify()
    kept.qtbot.waitUntil(lambda: "全部完好" in kept.window.banner.words.text(), timeout=5000)
    assert "1 份草稿" in kept.window.banner.words.text()
