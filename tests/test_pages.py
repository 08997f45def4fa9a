"""The pages of text, the cover and the last page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit

from export.compose import SIGNED_ON
from model.report import Report
from tests.helpers import FORM_2021, complete
from tests.ui_helpers import NO_SCREEN, Hands
from ui.finish import FinishPage
from ui.pages import CoverPage, TextPage
from ui.reading import PROPOSED
from ui.texts import PAUSE, TextBox

pytestmark = NO_SCREEN
CTRL = Qt.KeyboardModifier.ControlModifier


def write_on(hands: Hands, section: str, text: str = "") -> TextBox:
    """A new report with this text, opened on its page."""
    hands.begin(replace(complete(FORM_2021), texts={section: text}))
    page = hands.wizard.go_to(section)
    page.take_focus()
    assert isinstance(page, TextPage)
    return page.box


def named(hands: Hands, name: str) -> str:
    """The text of the visible label with this accessible name."""
    labels = hands.wizard.findChildren(QLabel)
    (label,) = [label for label in labels if label.accessibleName() == name and label.isVisible()]
    return label.text()


# -- texts --------------------------------------------------------------------------------------------------------


def test_text_is_taken_over_after_a_rest(hands: Hands):
    write_on(hands, "overview")
    hands.type("本年")
    assert hands.desk.editing.report.text("overview") == ""
    hands.qtbot.waitUntil(lambda: hands.desk.editing.report.text("overview") == "本年", timeout=10 * PAUSE)
    assert not [f for f in hands.findings("text-empty") if f.section == "overview"]


@pytest.mark.parametrize("leave", ["page", "focus", "finding", "undo", "draft"])
def test_text_is_taken_over_when_it_matters(hands: Hands, leave: str):
    write_on(hands, "overview")
    hands.type("本年")
    number, desk = hands.desk.number, hands.desk
    if leave == "undo":
        hands.press(Qt.Key.Key_Z, CTRL)
        hands.press(Qt.Key.Key_Y, CTRL)
    else:
        {
            "page": lambda: hands.wizard.move(1),
            "focus": hands.panel.list.setFocus,
            "finding": lambda: hands.panel.step(1),
            "draft": hands.window.close_draft,
        }[leave]()
    assert desk.editing.report.text("overview") == "本年"
    assert hands.window._keeper.ask(lambda store: store.load(number)).text("overview") == "本年"


def test_merely_looking_at_a_text_changes_nothing(hands: Hands):
    """A text box gives back no-break spaces and foreign line ends otherwise than it took them."""
    text = "全年\u00a012\u00a0件\r\n第二段\u2029第三段\ttab \u3000"
    box = write_on(hands, "overview", text)
    box.settle()
    hands.wizard.move(1)
    hands.desk.settle()
    assert not hands.desk.editing.can_undo
    assert hands.desk.editing.report.text("overview") == text


def test_undo_in_a_text_is_the_reports_undo(hands: Hands):
    box = write_on(hands, "overview", "甲")
    box.moveCursor(box.textCursor().MoveOperation.End)
    hands.type("乙")
    box.settle()
    hands.type("丙")
    hands.press(Qt.Key.Key_Z, CTRL)
    assert box.toPlainText() == "甲乙"
    hands.press(Qt.Key.Key_Z, CTRL)
    assert box.toPlainText() == "甲"
    hands.press(Qt.Key.Key_Y, CTRL)
    assert (box.toPlainText(), box.textCursor().position()) == ("甲乙", 2)


def test_the_cursor_after_undo_stands_at_the_change_even_behind_rare_characters(hands: Hands):
    box = write_on(hands, "overview", "𠮷𠮷ab")
    cursor = box.textCursor()
    cursor.setPosition(5)  # 𠮷 is two units of UTF-16
    box.setTextCursor(cursor)
    hands.type("X")
    box.settle()
    hands.desk.undo()
    assert (box.toPlainText(), box.textCursor().position()) == ("𠮷𠮷ab", 5)


def test_characters_are_counted_and_missing_aspects_named_after_undo_too(hands: Hands):
    box = write_on(hands, "overview", "主动公开　 工作")
    before = "6 字（建议不超过 1000 字）　尚未写到：依申请公开、政府信息管理、政府信息公开平台建设、监督保障"
    assert named(hands, "字数") == before
    box.setPlainText("主动公开、依申请公开、信息管理、平台、监督")
    assert named(hands, "字数") == "21 字（建议不超过 1000 字）　五个方面都已写到"
    box.settle()
    hands.desk.undo()
    assert named(hands, "字数") == before


def test_tab_leaves_a_text(hands: Hands):
    box = write_on(hands, "problems")
    hands.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not box
    assert box.toPlainText() == ""


def test_a_text_of_twenty_thousand_characters_is_kept_whole(hands: Hands):
    long = "政府信息公开工作。\n" * 2000
    box = write_on(hands, "overview", long)
    box.moveCursor(box.textCursor().MoveOperation.End)
    hands.type("完")
    box.settle()
    assert hands.desk.editing.report.text("overview") == long + "完"


# -- cover --------------------------------------------------------------------------------------------------------


def cover(hands: Hands, report: Report) -> CoverPage:
    hands.begin(report)
    page = hands.wizard.go_to("cover")
    assert isinstance(page, CoverPage)
    return page


def field(page: CoverPage, name: str) -> QLineEdit:
    (found,) = [line for line in page.findChildren(QLineEdit) if line.accessibleName() == name]
    return found


def test_the_cover_names_agency_kind_and_date(hands: Hands):
    page = cover(hands, Report("应急局", 2023, "2021"))
    field(page, "编制机关").setText(" 应急管理局 ")
    field(page, "落款日期").setText("2024-01-20")
    page.findChildren(QComboBox)[0].setCurrentIndex(1)
    hands.wizard.move(1)
    report = hands.desk.editing.report
    assert (report.agency, report.unit_kind, report.facts[SIGNED_ON]) == ("应急管理局", "government", "2024-01-20")
    assert hands.window.windowTitle().startswith("应急管理局 2023 年")


def test_undo_brings_the_old_cover_back(hands: Hands):
    page = cover(hands, Report("应急局", 2023, "2021"))
    field(page, "编制机关").setText("应急管理局")
    hands.wizard.move(1)
    hands.desk.undo()
    assert (hands.step, field(page, "编制机关").text()) == ("cover", "应急局")
    assert hands.window.windowTitle().startswith("应急局")


def test_the_fuller_name_of_the_agency_is_taken_with_a_click(hands: Hands):
    facts = {PROPOSED: "济源市应急管理局\n济源示范区应急管理局"}
    page = cover(hands, Report("应急管理局", 2020, "2019", facts=facts))
    (offer,) = [label for label in page.findChildren(QLabel) if "点击采用" in label.text()]
    offer.linkActivated.emit("济源市应急管理局")
    assert hands.desk.editing.report.agency == "济源市应急管理局"
    assert field(page, "编制机关").text() == "济源市应急管理局"


def test_the_preface_fills_the_rest_of_the_cover(hands: Hands):
    page = cover(hands, Report("应急局", 2023, "2021"))
    hands.qtbot.wait(1)
    assert page.preface.geometry().bottom() > page.height() - 20
    assert page.height() > 400


# -- the last page ------------------------------------------------------------------------------------------------


def test_the_last_page_says_section_by_section_what_is_left(hands: Hands):
    hands.begin(replace(complete(FORM_2021), texts={}))
    page = hands.wizard.go_to("finish")
    lines = [label.text() for label in page.findChildren(QLabel) if "：" in label.text()]
    assert [line.rpartition("：")[2] for line in lines] == [
        "1 处须说明", "无问题", "无问题", "无问题", "1 处须说明", "1 处须说明",
    ]  # fmt: skip
    assert named(hands, "检查结论") == "还有 3 处须说明。定稿前导出的 PDF 每页印有「草稿」字样。"


def finish(hands: Hands) -> FinishPage:
    page = hands.wizard.go_to("finish")
    assert isinstance(page, FinishPage)
    return page


def test_a_faulty_report_cannot_be_finalised(hands: Hands):
    hands.begin(complete(FORM_2021, requests__new_received__natural_person=3))
    page = finish(hands)
    assert named(hands, "检查结论") == "还有 1 处错误。定稿前导出的 PDF 每页印有「草稿」字样。"
    assert not page.finalise.isEnabled()


def test_a_final_report_is_locked_until_it_is_taken_back(hands: Hands):
    hands.begin(complete(FORM_2021))
    page = finish(hands)
    hands.qtbot.mouseClick(page.finalise, Qt.MouseButton.LeftButton)
    assert named(hands, "检查结论") == "已定稿，内容锁定。"
    overview = hands.wizard.go_to("overview")
    assert isinstance(overview, TextPage)
    assert overview.box.isReadOnly()
    finish(hands)
    hands.qtbot.mouseClick(page.withdraw, Qt.MouseButton.LeftButton)
    assert not overview.box.isReadOnly()
    assert page.finalise.isEnabled()
