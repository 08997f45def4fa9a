"""The start page: the drafts and the ways to begin."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from model.cell import at
from model.report import Report
from tests.helpers import FORM_2019, FORM_2021, complete
from tests.ui_helpers import NO_SCREEN, PATIENCE, Hands, commit
from ui.start import StartPage

pytestmark = NO_SCREEN


def start(hands: Hands) -> StartPage:
    return hands.window.start


def rows(hands: Hands) -> list[list[str]]:
    table = start(hands).list
    return [[table.model().index(row, column).data() for column in range(6)] for row in range(table.rowCount())]


def add(hands: Hands, *reports: Report) -> list[int]:
    """Drafts, the list of them shown again."""
    numbers = [hands.keep(report) for report in reports]
    hands.window.refresh_drafts()
    hands.qtbot.waitUntil(lambda: start(hands).list.rowCount() == len(numbers), timeout=PATIENCE)
    return numbers


def click(hands: Hands, button: QPushButton) -> None:
    hands.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_newcomer_is_told_the_three_ways_to_begin(hands: Hands):
    empty = start(hands).stack.currentWidget()
    assert empty is not start(hands).list
    words = empty.text()  # type: ignore[attr-defined]
    for way in ("新建一份空白报告", "由旧年报新建", "数据文件"):
        assert way in words
    assert not any(button.isEnabled() for button in (start(hands).open, start(hands).next_year, start(hands).delete))


def test_a_name_and_enter_begin_a_blank_report(hands: Hands):
    start(hands).agency.setFocus()
    commit(start(hands).agency, "泗阳县人民政府")
    start(hands).agency.textEdited.emit("泗阳县人民政府")
    start(hands).year.setValue(2020)
    hands.press(Qt.Key.Key_Return)
    report = hands.desk.editing.report
    assert (report.agency, report.year, report.format, report.unit_kind) == (
        "泗阳县人民政府", 2020, "2019", "government",
    )  # fmt: skip
    assert hands.step == "cover"


def test_without_a_name_nothing_begins_and_the_field_asks_for_it(hands: Hands):
    click(hands, start(hands).begin)
    assert not hands.is_open
    assert QApplication.focusWidget() is start(hands).agency
    assert start(hands).agency.placeholderText() == "请先填写编制机关的名称"


def test_the_list_shows_completion_and_what_is_wrong(hands: Hands):
    wrong = replace(complete(FORM_2021, requests__new_received__natural_person=3), agency="不符局")
    blank = Report("空白局", 2020, FORM_2019.id)
    without_texts = Report("半成局", 2023, "2021", cells=complete(FORM_2021).cells)
    add(hands, wrong, blank, without_texts, complete(FORM_2021))
    assert [row[:5] for row in rows(hands)] == [
        ["某某县应急管理局", "2021年", "国办公开办函〔2021〕30号", "100%", "相符"],
        ["半成局", "2023年", "国办公开办函〔2021〕30号", "98%", "3 处须说明"],
        ["空白局", "2020年", "国办公开办函〔2019〕60号", "0%", "3 处错误"],
        ["不符局", "2021年", "国办公开办函〔2021〕30号", "100%", "1 处错误"],
    ]


def test_the_draft_used_last_stands_on_top_and_enter_opens_it(hands: Hands):
    first, _second = add(hands, Report("甲局", 2023, "2021"), Report("乙局", 2023, "2021"))
    hands.window.open_draft(first)
    hands.desk.enter(at("proactive/licence/decisions"), "5")
    hands.window.close_draft()
    hands.qtbot.waitUntil(lambda: rows(hands)[0][0] == "甲局", timeout=PATIENCE)
    assert QApplication.focusWidget() is start(hands).list
    hands.press(Qt.Key.Key_Return)
    assert hands.desk.number == first


def test_a_double_click_opens_a_draft(hands: Hands):
    _, second = add(hands, Report("甲局", 2023, "2021"), Report("乙局", 2023, "2021"))
    view = start(hands).list
    place = view.visualRect(view.model().index(0, 1)).center()
    hands.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    hands.qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert hands.desk.number == second


def test_next_years_report_takes_over_what_carries(hands: Hands):
    add(hands, complete(FORM_2021, requests__carried_forward__natural_person=4))
    click(hands, start(hands).next_year)
    report = hands.desk.editing.report
    assert (report.year, report.entry(at("requests/carried_over/natural_person")).number) == (2022, 4)
    assert report.entry(at("requests/new_received/natural_person")).blank


def test_a_draft_goes_to_the_recycle_bin_and_comes_back(hands: Hands):
    add(hands, Report("甲局", 2023, "2021"))
    click(hands, start(hands).delete)
    hands.qtbot.waitUntil(lambda: not rows(hands), timeout=PATIENCE)
    assert start(hands).stack.currentIndex() == 0
    assert "回收站" in hands.window.banner.words.text()
    (undo,) = [b for b in hands.window.banner.findChildren(QPushButton) if b.text() == "撤销"]
    click(hands, undo)
    hands.qtbot.waitUntil(lambda: len(rows(hands)) == 1, timeout=PATIENCE)
    assert not hands.window.banner.isVisible()


def test_one_draft_that_cannot_be_read_does_not_hide_the_others(hands: Hands):
    add(hands, Report("甲局", 2023, "2021"), Report("未来局", 2040, "2038"))
    names = {row[0]: row[4] for row in rows(hands)}
    assert names == {"甲局": "3 处错误", "未来局": "无法读取"}


@pytest.mark.parametrize("name", ["open", "next_year", "delete"])
def test_a_draft_that_is_gone_is_said_in_the_banner(hands: Hands, name: str):
    add(hands, Report("未来局", 2040, "2038"))
    if name == "delete":
        hands.window.on_deleted(99)
        said = "没有编号为 99 的草稿"
    else:
        click(hands, getattr(start(hands), name))
        said = "本机没有格式「2038」"
    assert hands.window.banner.isVisible()
    assert said in hands.window.banner.words.text()
    assert not hands.is_open
