"""Tests of copy and paste with the clipboard formats of Excel, WPS and browsers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from model.editing.session import Editing
from model.form import loader
from model.form.cell import Address, Entry, at
from model.report.report import Report
from ui.draft.desk import Desk
from ui.editor.pages import TablePage

FORM = loader.load_all([Path(__file__).resolve().parents[3] / "resources" / "formats"]).for_year(2023)
NATURAL = at("requests/new_received/natural_person")


class Nowhere:
    """Save queue that stores nothing."""

    def submit(self, number, change, counted):
        """Discard the change."""


@pytest.fixture
def page(qtbot) -> TablePage:
    desk = Desk(1, Editing(Report("示例局", 2023, FORM.id), FORM), Nowhere())
    made = TablePage(desk, FORM.section("requests"))
    qtbot.addWidget(made)
    made.resize(1000, 650)
    with qtbot.waitExposed(made):
        made.show()
    made.table.show_cell(NATURAL)
    return made


def put_on_clipboard(text: str, html: str = "") -> None:
    data = QMimeData()
    data.setText(text)
    if html:
        data.setHtml(html)
    QApplication.clipboard().setMimeData(data)


def number(page: TablePage, path: str):
    return page.desk.editing.values.get(at(path))


def test_one_value_goes_in_at_once_and_fills_the_selection(page, qtbot):
    page.table.selectionModel().select(page.table.model().index(0, 1), page.table.selectionModel().SelectionFlag.Select)
    put_on_clipboard("１２\r\n")
    qtbot.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert number(page, "requests/new_received/total") == 24
    assert page.paste_box.isHidden()


def test_a_block_is_shown_first_and_goes_in_with_enter_and_out_with_undo(page, qtbot):
    put_on_clipboard("705\t3\t0\t0\t5\t0\t713\r\n36\t0\t0\t0\t0\t0\t36\r\n")
    qtbot.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.paste_box.words.text() == "将改动 12 格（从当前单元格起）；2 个总计相符"
    assert number(page, "requests/new_received/total") is None
    qtbot.keyClick(page.paste_box.accept, Qt.Key.Key_Return)
    assert number(page, "requests/new_received/total") == 713
    page.desk.undo()
    assert number(page, "requests/new_received/total") is None


def test_esc_drops_the_proposal(page, qtbot):
    put_on_clipboard("1\t2\n3\t4")
    qtbot.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page.paste_box.accept, Qt.Key.Key_Escape)
    assert page.paste_box.isHidden()
    assert not page.desk.editing.report.cells


def test_html_of_a_merged_table_is_taken_by_its_labels(page, qtbot):
    html = (
        "<table><tr><td rowspan=2>三、本年度办理结果</td><td colspan=2>（一）予以公开</td><td>2</td><td>0</td>"
        "<td>0</td><td>0</td><td>0</td><td>0</td><td>3</td></tr></table>"
    )
    put_on_clipboard("三、本年度办理结果\t（一）予以公开\t\t2\t0\t0\t0\t0\t0\t3", html)
    qtbot.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.paste_box.words.text() == "将改动 6 格（按行名对应）；1 处请核对"
    assert "粘贴的总计为 3，按各项计算为 2" in page.paste_box.problems.text()


def test_ctrl_enter_fills_the_selection(page, qtbot):
    model = page.table.model()
    page.table.selectionModel().select(model.index(1, 0), page.table.selectionModel().SelectionFlag.Select)
    qtbot.keyClicks(page.table, "5")
    editor = page.table.viewport().findChild(QLineEdit)
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    filled = {str(a): e for a, e in page.desk.editing.report.cells.items()}
    assert filled == {str(NATURAL): Entry(5), "requests/carried_over/natural_person": Entry(5)}


def test_copied_cells_come_as_text_and_as_a_table(page, qtbot):
    page.desk.enter_all({Address("requests", "new_received", "business"): Entry(3), NATURAL: Entry(705)}, "填写")
    page.table.selectionModel().select(page.table.model().index(0, 1), page.table.selectionModel().SelectionFlag.Select)
    qtbot.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QApplication.clipboard().mimeData()
    assert data.text() == "705\t3"
    assert "<td>705</td><td>3</td>" in data.html()
