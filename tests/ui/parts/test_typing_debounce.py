"""Tests that typing is saved after a short pause, at intervals without one, and at once on leaving."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from model.form.cell import Entry, at
from tests.support.helpers import FORM_2021, complete, report, zeros
from tests.support.ui_helpers import NEW, NO_SCREEN, PATIENCE, Hands
from ui.editor.cover import CoverPage
from ui.editor.pages import TextPage
from ui.editor.text_box import TextBox
from ui.parts.typing_debounce import OFTEN, SELDOM, TypingDebounce

pytestmark = NO_SCREEN
AMOUNT = at("proactive/administrative_fees/collected")


@pytest.fixture
def table(hands: Hands) -> Hands:
    hands.begin(complete(FORM_2021))
    hands.stand_on(str(NEW))
    return hands


def box_of(hands: Hands, text: str = "") -> TextBox:
    hands.begin(replace(complete(FORM_2021), texts={"overview": text}))
    page = hands.wizard.go_to("overview")
    page.take_focus()
    assert isinstance(page, TextPage)
    return page.box


def entry_of(hands: Hands) -> Entry:
    return hands.desk.editing.report.entry(NEW)


def in_the_file(hands: Hands) -> Entry:
    number = hands.desk.number
    return hands.window._save_queue.ask(lambda store: store.load(number)).entry(NEW)


# -- cells --------------------------------------------------------------------------------------------------------


def test_what_stands_in_an_open_editor_is_saved_after_a_rest_and_typing_goes_on(table: Hands):
    table.type("1")
    table.qtbot.waitUntil(lambda: in_the_file(table) == Entry(1), timeout=PATIENCE)
    assert table.editor
    table.type("2")
    assert table.editor.text() == "12"
    table.qtbot.waitUntil(lambda: in_the_file(table) == Entry(12), timeout=PATIENCE)
    table.press(Qt.Key.Key_Return)
    assert table.shown(str(NEW)) == "12"


def test_half_a_number_is_saved_in_silence_and_judged_when_the_cell_is_left(table: Hands):
    table.type("1")
    table.qtbot.waitUntil(lambda: in_the_file(table) == Entry(1), timeout=PATIENCE)
    step = table.wizard.list.item(3)
    assert (table.listed(), step.toolTip(), table.desk.marks()) == ([], "完成", {})
    table.press(Qt.Key.Key_Return)
    assert table.listed()[0].startswith("三｜“自然人”列：第一项加第二项为 1")
    assert step.toolTip() == "1 处错误"
    assert NEW in table.desk.marks()


def test_what_is_half_typed_is_judged_when_the_findings_are_asked_for(table: Hands):
    table.type("1")
    table.panel.step(1)
    assert len(table.listed()) == 1
    assert table.panel.current() is not None


def test_all_that_one_editor_saved_is_one_step_to_take_back(table: Hands):
    for digit in "123":
        table.type(digit)
        table.table.commit_typing()
    table.press(Qt.Key.Key_Return)
    assert entry_of(table) == Entry(123)
    table.desk.undo()
    assert entry_of(table) == Entry(0)
    table.desk.redo()
    assert entry_of(table) == Entry(123)


def test_a_second_editor_in_the_same_cell_is_a_step_of_its_own(table: Hands):
    for digit in "12":
        table.stand_on(str(NEW))
        table.fill(digit)
    table.desk.undo()
    assert entry_of(table) == Entry(1)


def test_escape_takes_back_what_was_saved_meanwhile(hands: Hands):
    total = at("requests/new_received/total")
    hands.begin(report(FORM_2021, {**zeros(FORM_2021), total: 0}))
    before = hands.desk.editing.report
    hands.stand_on(str(NEW))
    hands.type("7")
    hands.table.commit_typing()
    assert entry_of(hands) == Entry(7)
    hands.type("8")
    hands.press(Qt.Key.Key_Escape)
    assert hands.editor is None
    assert hands.desk.editing.report == before  # the printed total, too
    hands.press(Qt.Key.Key_Escape)
    assert hands.desk.editing.report == before


@pytest.mark.parametrize("typed", ["12.", "１２", "1e5", "十二"])
def test_saving_does_not_touch_what_is_being_typed(hands: Hands, typed: str):
    hands.begin(complete(FORM_2021))
    hands.stand_on(str(NEW))
    hands.type(typed)
    hands.table.commit_typing()
    assert hands.editor
    assert hands.editor.text() == typed


# -- texts --------------------------------------------------------------------------------------------------------


def test_text_is_handed_over_though_the_fingers_never_rest(hands: Hands):
    box_of(hands)
    for _ in range(200):
        hands.type("字")
        hands.qtbot.wait(20)
        if hands.desk.editing.report.text("overview"):
            break
    assert 0 < len(hands.desk.editing.report.text("overview")) < 200


def test_text_typed_without_a_rest_is_one_step_to_take_back_and_after_a_rest_another(hands: Hands):
    box = box_of(hands, "原文。")
    box.moveCursor(box.textCursor().MoveOperation.End)
    for character in "一二三":
        hands.type(character)
        box._rest._amid()
    box.commit_pending()
    hands.type("四")
    box.commit_pending()
    assert hands.desk.editing.report.text("overview") == "原文。一二三四"
    hands.desk.undo()
    assert box.toPlainText() == "原文。一二三"
    hands.desk.undo()
    assert box.toPlainText() == "原文。"


def test_a_paste_is_handed_over_at_once(hands: Hands):
    box = box_of(hands)
    data = QMimeData()
    data.setText("粘贴的文字")
    box.insertFromMimeData(data)
    assert hands.desk.editing.report.text("overview") == "粘贴的文字"


def test_typing_is_handed_over_when_another_program_comes_to_the_front(hands: Hands):
    box_of(hands)
    hands.type("本年")
    other = QLineEdit()
    other.show()
    other.activateWindow()
    hands.qtbot.waitUntil(lambda: QApplication.activeWindow() is other, timeout=PATIENCE)
    assert hands.desk.editing.report.text("overview") == "本年"
    other.close()


# -- the cover ----------------------------------------------------------------------------------------------------


def test_the_fields_of_the_cover_are_saved_as_they_are_typed_and_taken_back_as_one(hands: Hands):
    hands.begin(complete(FORM_2021))
    page = hands.wizard.go_to("cover")
    assert isinstance(page, CoverPage)
    field = page.facts["contact_phone"]
    field.setFocus()
    for digits in ("0391", "-663"):
        hands.type(digits)
        hands.qtbot.waitUntil(lambda: phone(hands) == field.text(), timeout=PATIENCE)
    hands.desk.undo()
    assert phone(hands) == ""


def phone(hands: Hands) -> str:
    return hands.desk.editing.report.facts.get("contact_phone", "")


def test_the_fields_of_the_fee_are_saved_as_they_are_typed(hands: Hands):
    hands.begin(complete(FORM_2021))
    page = hands.wizard.go_to("other_matters")
    assert isinstance(page, TextPage)
    assert page.fees
    page.fees.fields["fee_notices"].setFocus()
    hands.type("12")
    hands.qtbot.waitUntil(lambda: hands.desk.editing.report.facts.get("fee_notices") == "12", timeout=PATIENCE)


# -- how often ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds, wait", [(0.0, OFTEN), (0.3, 1200), (9.0, SELDOM)])
def test_where_checking_takes_long_it_is_handed_over_less_often_but_within_two_seconds(
    hands: Hands, monkeypatch: pytest.MonkeyPatch, seconds: float, wait: int
):
    clock = iter([1.0, 1.0 + seconds])
    rest = TypingDebounce(lambda: None, hands.window)
    monkeypatch.setattr("ui.parts.typing_debounce.time.monotonic", lambda: next(clock))
    rest._amid()
    monkeypatch.undo()
    assert abs(rest._most.interval() - wait) <= 1
