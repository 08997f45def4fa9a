"""Tests of explaining a finding; explained and silenced findings are counted alike everywhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QLabel

from model.checks.finding import Finding
from model.form.cell import at
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, Hands
from ui.docks.rule_help import TITLE

pytestmark = NO_SCREEN
ISSUED = "proactive__normative_documents__issued"
WORDS = "六件均于当年十二月底废止"


@pytest.fixture
def reopen_required(hands: Hands) -> Hands:
    """Open a report with one 须说明: more documents issued than in force."""
    hands.begin(complete(FORM_2021, **{ISSUED: 6}))
    hands.panel.list.setFocus()
    hands.panel.list.setCurrentRow(0)
    return hands


@pytest.fixture
def asked(reopen_required: Hands) -> list[Finding]:
    """Return the findings for which an explanation was requested."""
    found: list[Finding] = []
    reopen_required.panel.help_wanted.connect(found.append)
    return found


def test_f1_on_a_finding_asks_about_its_rule_and_not_about_the_page(reopen_required: Hands, asked: list[Finding]):
    reopen_required.press(Qt.Key.Key_F1)
    assert asked == [reopen_required.panel.current()]
    assert reopen_required.window.guide.help.windowTitle() != "填报说明"


def test_the_button_asks_the_same(reopen_required: Hands, asked: list[Finding]):
    reopen_required.qtbot.mouseClick(reopen_required.panel.why, Qt.MouseButton.LeftButton)
    assert asked == [reopen_required.panel.current()]


@pytest.mark.parametrize("row", [-1, 0], ids=["no line", "a line that only has the focus"])
def test_f1_without_a_finding_is_left_to_the_window(reopen_required: Hands, asked: list[Finding], row: int):
    reopen_required.panel.list.setCurrentRow(row, QItemSelectionModel.SelectionFlag.Clear)
    reopen_required.press(Qt.Key.Key_F1)
    assert asked == []
    assert reopen_required.window.guide.help.isVisible()


def test_the_help_panel_shows_the_page_of_the_rule(reopen_required: Hands):
    finding = reopen_required.panel.current()
    assert finding
    reopen_required.press(Qt.Key.Key_F1)
    shown = reopen_required.window.guide.help.page.toPlainText()
    assert shown.startswith(TITLE)
    for said in (finding.message, finding.advice, finding.basis.replace("：", "\u3000"), "不少于", "须说明："):
        assert said in shown


# -- counts ---------------------------------------------------------------------------------------------------------


def counted(hands: Hands) -> tuple[str, str, str, str]:
    """Return the counts of table 二 in panel, step list, last page and start list."""
    panel = next(w.text() for w in hands.panel.findChildren(QLabel) if w.accessibleName() == "检查结论")
    step = hands.wizard.list.item(2).toolTip()
    lines = [label.text() for label in hands.wizard.go_to("finish").findChildren(QLabel)]
    page = next(line.partition("：")[2] for line in lines if line.startswith("二、"))
    hands.wait_saved()
    of_list = hands.window.draft_actions._lines
    (line,) = of_list.listed()
    counts = (of_list.counted([line])[0] if line.uncounted else line).counts
    assert counts is not None
    return panel, step, page, f"{counts.errors} 处错误、{counts.explain} 处须说明"


def test_what_asks_for_a_reason_is_counted_everywhere(reopen_required: Hands):
    assert counted(reopen_required) == ("还有 1 处须说明", "1 处须说明", "1 处须说明", "0 处错误、1 处须说明")


def test_what_is_explained_asks_for_nothing_anywhere(reopen_required: Hands):
    (finding,) = reopen_required.desk.findings
    reopen_required.desk.explain(finding, "口径不同", WORDS)
    settled = ("勾稽关系全部相符，可以定稿", "完成", "无问题（另有 1 处已说明）", "0 处错误、0 处须说明")
    assert counted(reopen_required) == settled


def test_what_must_be_confirmed_again_is_counted_again(reopen_required: Hands):
    (finding,) = reopen_required.desk.findings
    reopen_required.desk.explain(finding, "口径不同", WORDS)
    reopen_required.desk.enter(at("proactive/normative_documents/issued"), "7")
    assert counted(reopen_required)[1:] == ("1 处须说明", "1 处须说明", "0 处错误、1 处须说明")


def test_a_silenced_hint_is_counted_nowhere_and_can_be_had_back(hands: Hands):
    hands.begin(complete(FORM_2021, disputes__suit_direct__pending=1))
    (hint,) = hands.desk.findings
    hands.desk.silence(hint)
    assert hands.wizard.list.item(4).toolTip() == "完成"
    assert hands.panel.unsilence.text() == "恢复已关闭的 1 类提示"
    hands.qtbot.mouseClick(hands.panel.unsilence, Qt.MouseButton.LeftButton)
    assert (len(hands.listed()), hands.wizard.list.item(4).toolTip()) == (1, "1 处提示")


def test_what_adds_up_is_said_until_something_does_not(hands: Hands):
    hands.begin(complete(FORM_2021))
    said = next(w for w in hands.panel.findChildren(QLabel) if w.accessibleName() == "相符的关系")
    assert (said.text(), said.isVisible()) == ("表内勾稽关系全部相符（共 35 处）", True)
    hands.desk.enter(at("requests/new_received/natural_person"), "3")
    assert not said.isVisible()
