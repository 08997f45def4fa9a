"""Tests of the findings panel: conclusion, list, advice and correction."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from model.checks.finalising import readiness
from model.checks.finding import Finding
from model.form.cell import at
from model.form.format import Severity
from model.report.report import ReadingNote, Report
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NEW, NO_SCREEN, Hands
from ui.editor.findings import verdict

pytestmark = NO_SCREEN
ERROR, EXPLAIN, HINT = Severity.ERROR, Severity.EXPLAIN, Severity.HINT


@pytest.mark.parametrize(
    "severities, words",
    [
        ([], "勾稽关系全部相符，可以定稿"),
        ([HINT], "勾稽关系全部相符，可以定稿（1 处提示）"),
        ([EXPLAIN, HINT], "还有 1 处须说明"),
        ([ERROR, ERROR], "还有 2 处错误"),
        ([ERROR, EXPLAIN, EXPLAIN], "还有 1 处错误、2 处须说明"),
    ],
)
def test_the_verdict_says_first_what_matters(severities: list[Severity], words: str):
    findings = [Finding("a", severity, "", "") for severity in severities]
    assert verdict(readiness(Report("示例局", 2025, "2021"), findings)) == words


@pytest.fixture
def two_errors(hands: Hands) -> Hands:
    """Open a report with an unreadable cell and a broken balance."""
    hands.begin(complete(FORM_2021, requests__new_received__natural_person=3))
    hands.stand_on("requests/granted/business")
    hands.fill("x")
    return hands


def label(hands: Hands, name: str) -> QLabel:
    (found,) = [label for label in hands.panel.findChildren(QLabel) if label.accessibleName() == name]
    return found


def button(hands: Hands) -> QPushButton:
    """Return the button that corrects the selected finding."""
    (found,) = [b for b in hands.panel.findChildren(QPushButton) if b.accessibleDescription() == "按提示修改，可以撤销"]
    return found


def test_each_finding_says_its_section_and_what_is_wrong(two_errors: Hands):
    assert two_errors.listed() == [
        "三｜“（一）予以公开”的“商业企业”：“x”无法识别，请填阿拉伯数字",
        "三｜“自然人”列：第一项加第二项为 3，第三项加第四项为 0，相差 3",
    ]
    assert label(two_errors, "检查结论").text() == "还有 2 处错误"


def test_a_finding_is_spoken_with_its_severity(two_errors: Hands):
    spoken = two_errors.panel.list.item(0).data(int(Qt.ItemDataRole.AccessibleTextRole))
    assert spoken.startswith("错误：“（一）予以公开”")


def test_what_to_do_is_said_for_the_selected_finding(two_errors: Hands):
    two_errors.panel.list.setCurrentRow(0)
    assert label(two_errors, "怎么办").text() == "错误：已按原样保留，请改成数字"
    assert not button(two_errors).isVisible()


def test_enter_on_a_finding_leads_to_its_cell(two_errors: Hands):
    two_errors.wizard.go_to("overview")
    two_errors.panel.list.setFocus()
    two_errors.panel.list.setCurrentRow(1)
    two_errors.press(Qt.Key.Key_Return)
    assert (two_errors.step, two_errors.here) == ("requests", str(NEW))


def test_the_selection_stays_on_its_finding_when_others_come_and_go(two_errors: Hands):
    two_errors.panel.list.setCurrentRow(1)
    two_errors.desk.enter(at("requests/granted/business"), "0")
    assert (len(two_errors.listed()), two_errors.panel.list.currentRow()) == (1, 0)
    two_errors.desk.undo()
    assert two_errors.panel.list.currentRow() == 1


def test_nothing_is_said_about_a_finding_that_is_gone(two_errors: Hands):
    two_errors.panel.list.setCurrentRow(0)
    two_errors.desk.enter(at("requests/granted/business"), "0")
    assert two_errors.panel.current() is None
    assert not label(two_errors, "怎么办").isVisible()


def test_a_note_about_the_old_report_is_put_away_with_one_click_and_comes_back(hands: Hands):
    note = ReadingNote("extra-cells", EXPLAIN, "disputes", "数据行有 16 个数，而表中是 15 列")
    hands.begin(replace(complete(FORM_2021), notes=(note,)))
    hands.panel.step(1)
    assert hands.step == "disputes"
    assert button(hands).text() == "已核对"
    hands.qtbot.mouseClick(button(hands), Qt.MouseButton.LeftButton)
    assert hands.listed() == []
    hands.desk.undo()
    assert len(hands.listed()) == 1


def test_all_blank_cells_are_one_finding_whose_cure_fills_them(hands: Hands):
    hands.begin(Report("应急管理局", 2023, "2021"))
    hands.panel.list.setCurrentRow(1)
    assert hands.panel.list.item(1).text() == "三｜还有 144 格未填"
    assert button(hands).text() == "其余 144 格填 0…"
    hands.qtbot.mouseClick(button(hands), Qt.MouseButton.LeftButton)
    assert any(line.startswith("三｜还有") for line in hands.listed())  # the list of changes is shown first
    hands.qtbot.mouseClick(hands.panel.changes.accept, Qt.MouseButton.LeftButton)
    hands.wizard.go_to("requests")
    assert hands.shown("requests/carried_forward/total") == "0"
    assert not [line for line in hands.listed() if line.startswith("三｜还有")]


def test_what_is_wrong_with_title_and_preface_is_shown_and_cured_on_the_cover(hands: Hands):
    hands.window._opener._made.clear()  # all rules, those about texts too
    report = replace(complete(FORM_2021), agency="示例局2023年", texts={"preface": "统计期限为2019年1月1日起。"})
    hands.begin(report)
    codes = [finding.code for finding in hands.desk.findings if finding.section == "preface"]
    assert "title-odd" in codes
    assert [line for line in hands.listed() if line.startswith("封面｜")]
    hands.wizard.go_to("overview")
    while (found := hands.panel.current()) is None or found.section != "preface":
        hands.panel.step(1)
    assert hands.step == "cover"
    cover = hands.wizard.list.item(0).toolTip()
    assert cover.endswith(("处须说明", "处提示", "处错误"))


def test_what_is_only_missing_is_no_mistake_yet(hands: Hands):
    hands.begin(replace(Report("示例局", 2023, "2021"), texts={}))
    assert label(hands, "检查结论").text() == f"还有 {len(FORM_2021.inputs)} 格未填、3 个部分未写"
    hands.stand_on(str(NEW))
    hands.fill("x")
    assert hands.listed()[0].startswith(
        "三｜“一、本年新收政府信息公开申请数量”的“自然人”：“x”无法识别"
    )  # errors come first
    assert label(hands, "检查结论").text().startswith("还有 1 处错误、")
    hands.panel.list.setCurrentRow(1)
    assert label(hands, "怎么办").text().startswith("未填：")
