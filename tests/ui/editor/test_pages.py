"""Tests of the pages of text, of the cover and of the last page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit

from model.form.format import Format
from model.report.facts import DEADLINE, FACTS, PROPOSED, SIGNED_ON, SetBy
from model.report.report import Report
from tests.support.helpers import FORM_2019, FORM_2021, complete
from tests.support.ui_helpers import NEW, NO_SCREEN, Hands
from ui.editor.cover import CoverPage
from ui.editor.finish import FinishPage
from ui.editor.pages import TextPage
from ui.editor.text_box import TextBox
from ui.parts.typing_debounce import PAUSE

pytestmark = NO_SCREEN
CTRL = Qt.KeyboardModifier.ControlModifier


def write_on(hands: Hands, section: str, text: str = "") -> TextBox:
    """Create a report with this text and open it on its page."""
    hands.begin(replace(complete(FORM_2021), texts={section: text}))
    page = hands.wizard.go_to(section)
    page.take_focus()
    assert isinstance(page, TextPage)
    return page.box


def named(hands: Hands, name: str) -> str:
    """Return the text of the visible label with this accessible name."""
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
            "page": lambda: hands.wizard.step_by(1),
            "focus": hands.panel.list.setFocus,
            "finding": lambda: hands.panel.step(1),
            "draft": hands.window.close_draft,
        }[leave]()
    assert desk.editing.report.text("overview") == "本年"
    assert hands.window._save_queue.ask(lambda store: store.load(number)).text("overview") == "本年"


def test_merely_looking_at_a_text_changes_nothing(hands: Hands):
    """Check a text with no-break spaces and foreign line ends, which a text box returns altered."""
    text = "全年\u00a012\u00a0件\r\n第二段\u2029第三段\ttab \u3000"
    box = write_on(hands, "overview", text)
    box.commit_pending()
    hands.wizard.step_by(1)
    hands.desk.commit_pending()
    assert not hands.desk.editing.can_undo
    assert hands.desk.editing.report.text("overview") == text


def test_undo_in_a_text_is_the_reports_undo(hands: Hands):
    box = write_on(hands, "overview", "甲")
    box.moveCursor(box.textCursor().MoveOperation.End)
    hands.type("乙")
    box.commit_pending()
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
    box.commit_pending()
    hands.desk.undo()
    assert (box.toPlainText(), box.textCursor().position()) == ("𠮷𠮷ab", 5)


def there(hands: Hands) -> dict[str, bool | None]:
    """Return the signs of the checklist shown."""
    page = hands.wizard.content()
    assert isinstance(page, TextPage)
    return {name: item.there for name, item in page.checklist.items.items() if item.isVisible()}


def test_characters_are_counted_and_aspects_ticked_after_undo_too(hands: Hands):
    box = write_on(hands, "overview", "主动公开　 工作")
    aspects = dict.fromkeys([aspect.label for aspect in FORM_2021.section("overview").aspects], False)
    assert there(hands) == aspects | {"主动公开": True}
    assert named(hands, "字数") == "6 字（建议不超过 1000 字）"
    box.setPlainText("主动公开、依申请公开、信息管理、平台、监督")
    assert named(hands, "字数") == "21 字（建议不超过 1000 字）"
    assert all(there(hands).values())
    box.commit_pending()
    hands.desk.undo()
    assert there(hands) == aspects | {"主动公开": True}


@pytest.mark.parametrize(
    "text, problems, measures",
    [
        ("", False, False),
        ("培训不够。", True, False),
        ("下一步加强培训。", False, True),
        ("培训不够。下一步加强。", True, True),
    ],
)
def test_the_fifth_part_shows_what_it_still_lacks(hands: Hands, text: str, problems: bool, measures: bool):
    hands.window._opener._made.clear()  # with the text rules, which most tests of the screen leave out
    write_on(hands, "problems", text)
    assert there(hands) == {"存在的主要问题": problems, "改进措施": measures}


@pytest.mark.parametrize("form, asked", [(FORM_2019, {}), (FORM_2021, {"信息处理费": False})], ids=["2020", "2021"])
def test_the_fee_is_asked_for_since_there_is_one(hands: Hands, form: Format, asked: dict[str, bool]):
    hands.window._opener._made.clear()
    hands.begin(Report("示例局", 2020 if form is FORM_2019 else 2021, form.id, texts={"other_matters": "略。"}))
    hands.wizard.go_to("other_matters")
    assert there(hands) == asked


def test_a_government_is_asked_for_one_thing_more(hands: Hands):
    write_on(hands, "overview", "主动公开")
    assert len(there(hands)) == 5
    hands.desk.set_head(unit_kind="government")
    assert len(there(hands)) == 6


def test_headings_that_run_into_their_paragraph_are_shown_as_printed(hands: Hands):
    box = write_on(hands, "overview", "（一）主动公开情况。全年公开512条。\n（这里不是标题）全年。")

    def marked(number: int) -> list[tuple[int, int, list[str]]]:
        formats: list[Any] = box.document().findBlockByNumber(number).layout().formats()
        return [(f.start, f.length, f.format.fontFamilies()) for f in formats]

    assert marked(0) == [(0, 10, ["Zwgk Kai"])]
    assert marked(1) == []


@pytest.mark.parametrize(
    "text, html, pasted",
    [
        ("第一段\r\n\r\n\uf0b7 第二段 \u200b\x0b第三段", "", "第一段\n● 第二段\n第三段"),
        ("", "<p style='font-family:仿宋'>第一段</p><p><b>第二段</b></p>", "第一段\n第二段"),
        ("第一段\n第二段", "<p>别的</p>", "第一段\n第二段"),
        ("只有半句", "", "只有半句"),
    ],
)
def test_text_from_word_comes_without_its_styles(hands: Hands, text: str, html: str, pasted: str):
    box = write_on(hands, "overview")
    data = QMimeData()
    if text:
        data.setText(text)
    if html:
        data.setHtml(html)
    QApplication.clipboard().setMimeData(data)
    hands.press(Qt.Key.Key_V, CTRL)
    assert box.toPlainText() == pasted


def test_a_number_of_a_table_is_put_in_and_marked_when_the_table_changes(hands: Hands):
    hands.begin(complete(FORM_2021, requests__new_received__natural_person=12, requests__granted__natural_person=12))
    page = hands.wizard.go_to("overview")
    assert isinstance(page, TextPage)
    page.box.setPlainText("𠮷全年收到件。")
    cursor = page.box.textCursor()
    cursor.setPosition(6)  # before 件; 𠮷 is two units of UTF-16
    page.box.setTextCursor(cursor)
    hands.qtbot.mouseClick(page.quote, Qt.MouseButton.LeftButton)
    page.quotes.table.setCurrentIndex(1)
    assert page.quotes.number.text() == "12"
    hands.press(Qt.Key.Key_Return)
    assert page.box.toPlainText() == "𠮷全年收到12件。"
    assert not page.quotes.isVisible()
    hands.desk.enter(NEW, "13")
    assert hands.findings("quote-changed")[0].message.startswith("文中引用的 12，")
    hands.desk.undo()
    assert not hands.findings("quote-changed")
    hands.desk.undo()
    assert page.box.toPlainText() == "𠮷全年收到件。"


def test_the_fee_fields_write_one_sentence_and_undo_takes_it_back(hands: Hands):
    write_on(hands, "other_matters", "自己写的。")
    page = hands.wizard.content()
    assert isinstance(page, TextPage)
    assert page.fees
    for field, typed in zip(page.fees.fields.values(), ("2", "305", "300"), strict=True):
        field.setFocus()
        hands.type(typed)
    assert "10 元的整数倍" in named(hands, "信息处理费的核对")
    hands.qtbot.mouseClick(page.fees.write, Qt.MouseButton.LeftButton)
    assert page.box.toPlainText().startswith("自己写的。\n")
    assert page.box.toPlainText().endswith("发出收费通知2件，通知总金额305元，实际收取信息处理费300元。")
    list(page.fees.fields.values())[1].setText("300")
    hands.qtbot.mouseClick(page.fees.write, Qt.MouseButton.LeftButton)
    assert page.box.toPlainText().count("收费通知") == 1
    assert "通知总金额300元" in page.box.toPlainText()
    assert not page.fees.problem.isVisible()
    while hands.desk.editing.can_undo:
        hands.desk.undo()
    assert page.box.toPlainText() == "自己写的。"
    assert [field.text() for field in page.fees.fields.values()] == ["", "", ""]


def test_the_older_format_has_no_fee_fields(hands: Hands):
    hands.begin(Report("应急局", 2020, "2019"))
    page = hands.wizard.go_to("other_matters")
    assert isinstance(page, TextPage)
    assert page.fees is None


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
    box.commit_pending()
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
    hands.wizard.step_by(1)
    report = hands.desk.editing.report
    assert (report.agency, report.unit_kind, report.facts[SIGNED_ON]) == ("应急管理局", "government", "2024-01-20")
    assert hands.window.windowTitle().startswith("应急管理局 2023 年")


def test_undo_brings_the_old_cover_back(hands: Hands):
    page = cover(hands, Report("应急局", 2023, "2021"))
    field(page, "编制机关").setText("应急管理局")
    hands.wizard.step_by(1)
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


def test_the_preface_is_written_out_of_the_fields_and_what_was_typed_stays(hands: Hands):
    page = cover(hands, replace(Report("应急局", 2023, "2021"), texts={"preface": "自己写的。"}))
    field(page, "联系机构").setText("应急局办公室")
    hands.qtbot.mouseClick(page.make, Qt.MouseButton.LeftButton)
    written = page.preface.toPlainText()
    assert written.startswith("自己写的。\n根据《中华人民共和国政府信息公开条例》")
    assert written.endswith("请与应急局办公室联系。")
    field(page, "联系电话").setText("0527-80000000")
    hands.qtbot.mouseClick(page.make, Qt.MouseButton.LeftButton)
    assert page.preface.toPlainText().count("根据") == 1
    assert page.preface.toPlainText().endswith("请与应急局办公室联系（联系电话：0527-80000000）。")
    hands.desk.undo()
    assert page.preface.toPlainText() == written


def test_the_deadline_follows_the_kind_of_unit_until_it_is_set(hands: Hands):
    page = cover(hands, Report("应急局", 2023, "2021"))
    day = page.deadline
    hands.desk.set_head(unit_kind="government")
    assert day.text() == "2024年3月31日"
    day.setFocus()
    day.selectAll()
    hands.qtbot.keyClicks(day, "2024.1.10")
    hands.qtbot.keyClick(day, Qt.Key.Key_Tab)
    assert hands.desk.editing.report.facts[DEADLINE] == "2024-01-10"
    assert day.text() == "2024年1月10日"
    hands.desk.undo()
    assert day.text() == "2024年3月31日"


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
        "未写", "无问题", "无问题", "无问题", "未写", "未写",
    ]  # fmt: skip
    assert named(hands, "检查结论") == "还有 3 个部分未写。定稿前导出的 PDF 每页印有“草稿”字样。"


def finish(hands: Hands) -> FinishPage:
    page = hands.wizard.go_to("finish")
    assert isinstance(page, FinishPage)
    return page


def test_a_faulty_report_cannot_be_finalised(hands: Hands):
    hands.begin(complete(FORM_2021, requests__new_received__natural_person=3))
    page = finish(hands)
    assert named(hands, "检查结论") == "还有 1 处错误。定稿前导出的 PDF 每页印有“草稿”字样。"
    assert not page.finalise.isEnabled()


def test_a_final_report_is_locked_until_it_is_taken_back(hands: Hands):
    hands.begin(complete(FORM_2021))
    page = finish(hands)
    hands.qtbot.mouseClick(page.finalise, Qt.MouseButton.LeftButton)
    assert named(hands, "检查结论") == "已定稿，内容锁定"
    overview = hands.wizard.go_to("overview")
    assert isinstance(overview, TextPage)
    assert overview.box.isReadOnly()
    finish(hands)
    hands.qtbot.mouseClick(page.withdraw, Qt.MouseButton.LeftButton)
    assert not overview.box.isReadOnly()
    assert page.finalise.isEnabled()


def test_the_fields_of_the_screen_are_the_facts_declared_as_fields_with_their_names(hands: Hands):
    page = cover(hands, complete(FORM_2021))
    names = [line.accessibleName() for line in page.facts.values()]
    names += [page.deadline.accessibleName()]
    fees = hands.wizard.go_to("other_matters")
    assert isinstance(fees, TextPage)
    assert fees.fees
    names += [line.accessibleName() for line in fees.fees.fields.values()]
    last = hands.wizard.go_to("finish")
    names += [box.text().partition("(")[0] for box in last.findChildren(QCheckBox)]
    assert sorted(names) == sorted(fact.label for fact in FACTS.values() if fact.set_by is SetBy.FIELD)
