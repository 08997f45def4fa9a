"""Tests that all docks and strips beside the pages have accessible names and fit a small screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from model.report.report import Report
from tests.support.helpers import FORM_2019, FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, PATIENCE, Hands, OpenWindow, cut_off
from tests.ui.editor.test_wizard import nameless
from ui.editor.pages import TablePage, TextPage
from ui.table.model import DEAD, SPOKEN

pytestmark = NO_SCREEN
SIZES = pytest.mark.parametrize("size", [(1366, 708), (1024, 540)], ids=["1366x768", "1024x600"])


def sound(hands: Hands, size: tuple[int, int]) -> None:
    hands.qtbot.wait(30)  # several layouts, one after the other
    hands.qtbot.wait(0 if not cut_off(hands.window) else 1000)  # slow on a busy computer
    assert nameless(hands.window) == []
    assert cut_off(hands.window) == []
    assert (hands.window.width(), hands.window.height()) == size


@SIZES
def test_the_list_of_drafts_and_its_recycle_bin(open_window: OpenWindow, size):
    hands = open_window(size)
    drafts = hands.window.start.drafts
    hands.keep(Report("某某市某某区综合行政执法和应急管理局", 2023, "2021"))
    hands.window.draft_actions.refresh()
    hands.qtbot.waitUntil(lambda: drafts.list.rowCount() == 1, timeout=PATIENCE)
    sound(hands, size)
    drafts.on_rename()
    sound(hands, size)
    drafts.bin.click()
    hands.qtbot.waitUntil(lambda: drafts.list.rowCount() == 0, timeout=PATIENCE)
    sound(hands, size)
    drafts.bin.click()
    drafts.search.setText("没有这个单位")
    sound(hands, size)


@SIZES
def test_what_opens_beside_a_page(open_window: OpenWindow, size):
    hands = open_window(size)
    hands.begin(Report("某某市某某区综合行政执法和应急管理局", 2023, "2021"))
    text = hands.wizard.go_to("overview")
    assert isinstance(text, TextPage)
    text.quotes.propose()
    sound(hands, size)
    fees = hands.wizard.go_to("other_matters")
    assert isinstance(fees, TextPage)
    assert fees.fees
    for field in fees.fees.fields.values():
        field.setText("305")
    fees.fees.on_write()
    sound(hands, size)
    hands.panel.list.setCurrentRow(1)
    hands.panel.on_cure()
    sound(hands, size)
    table = hands.wizard.go_to("requests")
    assert isinstance(table, TablePage)
    table.take_focus()
    QApplication.clipboard().setText("1\t2\n3\t4")
    table.table.paste()
    assert table.paste_box.isVisible()
    sound(hands, size)


@SIZES
def test_the_banner_while_work_goes_on(open_window: OpenWindow, size):
    hands = open_window(size)
    hands.window.banner.busy(
        "正在导出 某某市某某区综合行政执法和应急管理局2023年政府信息公开工作年度报告.pdf…",
        [("取消", hands.window.close)],
    )
    sound(hands, size)
    long = (
        "已导出：某某市某某区综合行政执法和应急管理局2023年政府信息公开工作年度报告.pdf　字体：仿宋、黑体、楷体、小标宋"
    )
    hands.window.banner.say(long, [("打开文件", hands.window.close), ("打开所在文件夹", hands.window.close)])
    sound(hands, size)


@pytest.mark.parametrize("points", [12, 14])
def test_nothing_is_cut_off_with_larger_text(open_window: OpenWindow, points: int):
    hands = open_window()
    hands.begin(Report("某某市某某区综合行政执法和应急管理局", 2023, "2021"))
    hands.window.view.sizes[points].trigger()
    hands.qtbot.waitUntil(lambda: hands.wizard.list.font().pointSizeF() == points, timeout=PATIENCE)
    try:
        for step in hands.wizard.steps:
            hands.wizard.go_to(step.id)
            hands.qtbot.wait(30)
            assert cut_off(hands.window) == [], step.id
    finally:
        hands.press(Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("form", [FORM_2019, FORM_2021], ids=lambda form: form.id)
def test_every_cell_says_row_column_value_and_unit(hands: Hands, form):
    hands.begin(complete(form))
    for table in form.tables:
        page = hands.wizard.go_to(form.section_of(table.id).id)
        assert isinstance(page, TablePage)
        model = page.table.model()
        spoken = {
            index.data(SPOKEN)
            for row in range(model.rowCount())
            for column in range(model.columnCount())
            if model.flags(index := model.index(row, column)) != DEAD
        }
        for address in table.addresses():
            name, column = form.row_name(address), form.column(address)
            assert [s for s in spoken if s.startswith(f"{name}，{column.label}，0{column.unit}")], address
