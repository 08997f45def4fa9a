"""Tests of the wizard as a user operates it: steps, keys, focus, undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from model.report.report import Report
from tests.support.helpers import FORM_2019, FORM_2021, complete
from tests.support.ui_helpers import NEW, NEW_TOTAL, NO_SCREEN, PATIENCE, Hands, OpenWindow, cut_off
from ui.table.view import TableView

pytestmark = NO_SCREEN

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QAbstractSpinBox)


@pytest.fixture
def zeros(hands: Hands) -> Hands:
    """Open a report without open findings, every cell 0 and every text written, at table 三."""
    hands.begin(complete(FORM_2021))
    hands.stand_on(str(NEW))
    return hands


# -- a whole report -----------------------------------------------------------------------------------------------


def test_a_wrong_number_is_named_found_and_cured(zeros: Hands):
    assert zeros.listed() == []
    zeros.fill("3")
    assert zeros.shown(str(NEW_TOTAL)) == "3"
    assert zeros.listed() == ["三｜“自然人”列：第一项加第二项为 3，第三项加第四项为 0，相差 3（“总计”随之不符）"]

    zeros.wizard.go_to("overview")
    item = zeros.panel.list.item(0)
    zeros.qtbot.mouseClick(
        zeros.panel.list.viewport(), Qt.MouseButton.LeftButton, pos=zeros.panel.list.visualItemRect(item).center()
    )
    assert zeros.step == "requests"
    assert zeros.here == str(NEW)

    zeros.stand_on("requests/carried_forward/natural_person")
    zeros.fill("3")
    assert zeros.listed() == []
    zeros.wait_saved()

    zeros.press(Qt.Key.Key_Z, CTRL)
    assert len(zeros.listed()) == 1
    zeros.press(Qt.Key.Key_Z, CTRL)
    assert zeros.listed() == []
    assert zeros.shown(str(NEW_TOTAL)) == "0"
    zeros.press(Qt.Key.Key_Y, CTRL)
    zeros.press(Qt.Key.Key_Y, CTRL)
    assert (zeros.shown(str(NEW_TOTAL)), zeros.listed()) == ("3", [])


def test_one_click_does_what_a_finding_proposes_and_undo_takes_it_back(hands: Hands):
    hands.begin(Report("应急管理局", 2023, "2021", texts=complete(FORM_2021).texts))
    assert [finding.code for finding in hands.desk.findings] == ["cell-open"] * 3
    hands.panel.step(1)
    hands.panel.on_cure()
    assert len(hands.findings("cell-open")) == 3  # the list of changes is shown first
    listed = [hands.panel.changes.list.item(row).text() for row in range(hands.panel.changes.list.count())]
    assert listed[0].endswith("本年制发件数、本年废止件数、现行有效件数 → 0")
    assert len(listed) == 6
    hands.press(Qt.Key.Key_Return)
    assert len(hands.findings("cell-open")) == 2
    assert not hands.panel.changes.isVisible()
    hands.desk.undo()
    assert len(hands.findings("cell-open")) == 3


def test_the_list_of_what_would_be_filled_can_be_left_with_escape(hands: Hands):
    hands.begin(Report("应急管理局", 2023, "2021", texts=complete(FORM_2021).texts))
    hands.panel.step(1)
    hands.panel.on_cure()
    hands.press(Qt.Key.Key_Escape)
    assert len(hands.findings("cell-open")) == 3
    assert not hands.panel.changes.isVisible()


# -- steps --------------------------------------------------------------------------------------------------------


def test_ctrl_page_keys_go_through_the_steps_from_every_page(hands: Hands):
    hands.begin(complete(FORM_2021))
    names = [step.id for step in hands.wizard.steps]
    seen = [hands.step]
    for _ in range(len(names)):
        hands.press(Qt.Key.Key_PageDown, CTRL)
        seen.append(hands.step)
    assert seen == [*names, names[-1]]  # the last page stays
    for name in reversed(names[:-1]):
        hands.press(Qt.Key.Key_PageUp, CTRL)
        assert hands.step == name


def test_qt_remembers_just_the_step_that_is_shown(hands: Hands):
    """Check the list of visited pages: a jump back removed one too many, until Qt wrote before its memory."""
    hands.begin(complete(FORM_2021))
    for step in ("finish", "other", "problems", "overview", "finish", "cover"):
        hands.wizard.go_to(step)
        assert hands.wizard.visitedIds() == [hands.wizard.currentId()]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_enter_and_escape_never_turn_or_close_a_page(hands: Hands, key: Qt.Key):
    hands.begin(complete(FORM_2021))
    for step in hands.wizard.steps[:-1]:  # on the last one Enter may press 导出
        hands.wizard.go_to(step.id).take_focus()
        hands.press(key)
        assert (hands.step, hands.wizard.isVisible()) == (step.id, True)


def test_each_page_takes_the_focus_where_the_clerk_goes_on(hands: Hands):
    hands.begin(complete(FORM_2021))
    expected = {"cover": QLineEdit, "proactive": TableView, "requests": TableView, "disputes": TableView}
    for step in hands.wizard.steps[1:-1]:
        hands.wizard.step_by(1)
        assert isinstance(QApplication.focusWidget(), expected.get(step.id, QPlainTextEdit)), step
        if expected.get(step.id) is TableView:
            assert hands.here == str(next(iter(hands.desk.editing.form.table(step.id).addresses())))


def test_arrows_walk_down_the_list_of_steps_without_losing_it(hands: Hands):
    hands.begin(complete(FORM_2021))
    hands.wizard.list.setFocus()
    for step in hands.wizard.steps[1:]:
        hands.press(Qt.Key.Key_Down)
        assert (hands.step, QApplication.focusWidget()) == (step.id, hands.wizard.list)


def test_a_click_on_a_step_leads_into_its_page(hands: Hands):
    hands.begin(complete(FORM_2021))
    steps = hands.wizard.list
    place = steps.visualItemRect(steps.item(3)).center()
    hands.qtbot.mouseClick(steps.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert (hands.step, QApplication.focusWidget()) == ("requests", hands.table)


def test_f6_goes_round_steps_page_and_findings(zeros: Hands):
    round_trip = [zeros.panel.list, zeros.wizard.list, zeros.table]
    for place in round_trip:
        zeros.press(Qt.Key.Key_F6)
        assert QApplication.focusWidget() is place
    for place in (zeros.wizard.list, zeros.panel.list, zeros.table):
        zeros.press(Qt.Key.Key_F6, SHIFT)
        assert QApplication.focusWidget() is place


def test_f8_goes_from_finding_to_finding_and_shift_f8_back(zeros: Hands):
    zeros.fill("3")
    zeros.stand_on("requests/granted/business")
    zeros.fill("x")
    assert len(zeros.listed()) == 2
    places = []
    for modifier in (Qt.KeyboardModifier.NoModifier,) * 3 + (SHIFT,):
        zeros.press(Qt.Key.Key_F8, modifier)
        places.append(zeros.here)
    first, second = "requests/granted/business", str(NEW)
    assert places == [first, second, first, second]


def test_shift_f8_begins_with_the_last_finding(zeros: Hands):
    zeros.fill("3")
    zeros.stand_on("requests/granted/business")
    zeros.fill("x")
    zeros.panel.list.setCurrentRow(-1)
    zeros.press(Qt.Key.Key_F8, SHIFT)
    assert zeros.panel.list.currentRow() == 1


def test_undo_shows_what_it_took_back_on_whatever_page_it_stands(zeros: Hands):
    zeros.fill("3")
    zeros.wizard.go_to("problems").take_focus()
    zeros.type("好")
    zeros.wizard.go_to("finish")
    zeros.desk.undo()
    assert (zeros.step, zeros.desk.editing.report.text("problems")) == (
        "problems",
        complete(FORM_2021).text("problems"),
    )
    zeros.desk.undo()
    assert (zeros.step, zeros.here) == ("requests", str(NEW))


def test_the_list_of_steps_tells_the_state_of_each(hands: Hands):
    hands.begin(Report("应急管理局", 2023, "2021"))

    def states() -> list[str]:
        steps = hands.wizard.list
        return [steps.item(row).toolTip() for row in range(steps.count())]

    assert states() == ["完成", "空白", "空白", "空白", "空白", "空白", "空白", "填写中"]
    hands.stand_on(str(NEW))
    hands.fill("3")
    assert states()[3] == "填写中"
    hands.stand_on(str(NEW))
    hands.fill("x")
    assert states()[3] == "1 处错误"
    hands.wizard.go_to("overview").take_focus()
    hands.type("字")
    hands.desk.commit_pending()
    assert states()[1] == "完成"


# -- looks and names ----------------------------------------------------------------------------------------------


def commit_pending(hands: Hands, step: str) -> None:
    """Wait until nothing is clipped: a wrapping label gets its height in a second round of layout."""

    def whole() -> None:
        assert cut_off(hands.window) == [], step

    hands.qtbot.waitUntil(whole, timeout=PATIENCE)


@pytest.mark.parametrize("size", [(1366, 708), (1024, 540)], ids=["1366x768", "1024x600"])
@pytest.mark.parametrize("form", [FORM_2019, FORM_2021], ids=lambda form: form.id)
def test_nothing_is_cut_off_on_a_small_screen(open_window: OpenWindow, form, size):
    hands = open_window(size)
    assert (hands.window.width(), hands.window.height()) == size
    assert cut_off(hands.window) == []
    hands.begin(Report("某某市某某区综合行政执法和应急管理局", form.first_year, form.id))
    for step in hands.wizard.steps:
        hands.wizard.go_to(step.id)
        hands.panel.step(1)
        hands.wizard.go_to(step.id)
        commit_pending(hands, step.id)
    assert (hands.window.width(), hands.window.height()) == size


@pytest.mark.parametrize("form", [FORM_2019, FORM_2021], ids=lambda form: form.id)
def test_every_control_has_a_name_for_a_screen_reader(hands: Hands, form):
    assert nameless(hands.window) == []
    hands.begin(Report("应急管理局", form.first_year, form.id))
    for step in hands.wizard.steps:
        hands.wizard.go_to(step.id)
        assert nameless(hands.window) == [], step.id


def nameless(window: QWidget) -> list[str]:
    """Return the visible controls that can take the focus and have no accessible name."""
    return [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in window.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and widget.isVisible()
        and not isinstance(widget.parentWidget(), QAbstractSpinBox)  # the outer widget has the name
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]


@pytest.mark.parametrize("size", [(1024, 540), (960, 480)], ids=["1024x600", "1080p at 200 %"])
@pytest.mark.parametrize("form", [FORM_2019, FORM_2021], ids=lambda form: form.id)
def test_all_columns_of_table_three_are_in_view_on_the_smallest_screens(open_window: OpenWindow, form, size):
    hands = open_window(size)
    hands.begin(complete(form))
    hands.stand_on(str(NEW))
    hands.qtbot.wait(30)
    assert hands.table.horizontalScrollBar().maximum() == 0


def test_the_whole_of_table_three_is_in_view_on_a_small_screen(zeros: Hands):
    assert zeros.table.verticalScrollBar().maximum() == 0
    assert zeros.table.horizontalScrollBar().maximum() == 0
