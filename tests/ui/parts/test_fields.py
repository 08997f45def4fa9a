"""Tests of the input fields with wheel, Tab, Enter, Esc and Ctrl+Z."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QDateTimeEdit, QWidget

from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import Hands, OpenWindow, windows
from ui.editor.cover import CoverPage
from ui.parts import ChoiceBox, DateField, LineField, NumberBox

open_window = pytest.fixture(windows)


@pytest.fixture
def hands(open_window: OpenWindow) -> Hands:
    """Open the window with a complete draft."""
    made = open_window()
    made.begin(complete(FORM_2021))
    return made


def turn(widget: QWidget) -> None:
    """Turn the mouse wheel over a widget by three notches."""
    middle = QPointF(widget.rect().center())
    for _ in range(3):
        event = QWheelEvent(
            middle, QPointF(widget.mapToGlobal(middle.toPoint())), QPoint(0, 0), QPoint(0, -120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)


def content(widget: QWidget) -> str:
    return widget.currentText() if isinstance(widget, QComboBox) else widget.text()  # type: ignore[attr-defined]


@pytest.mark.parametrize("make", [ChoiceBox, NumberBox], ids=["choice", "number"])
@pytest.mark.parametrize("focused", [False, True])
def test_the_wheel_changes_a_field_only_while_it_has_the_focus(qtbot, make: type[QWidget], focused: bool):
    window = QWidget()
    qtbot.addWidget(window)
    field = make(window)
    if isinstance(field, QComboBox):
        field.addItems(list("甲乙丙丁"))
    other = LineField(window)
    window.show()
    window.activateWindow()
    (field if focused else other).setFocus()
    qtbot.waitUntil(lambda: field.hasFocus() == focused and other.hasFocus() != focused)
    before = content(field)
    if isinstance(field, NumberBox):
        field.setValue(50)
        before = content(field)
    turn(field)
    assert (content(field) != before) == focused


def test_no_field_of_the_program_takes_the_wheel_without_the_focus(hands: Hands):
    fields = [one for one in hands.window.findChildren(QWidget) if isinstance(one, QComboBox | QAbstractSpinBox)]
    assert fields
    assert [type(one).__name__ for one in fields if not isinstance(one, ChoiceBox | NumberBox)] == []
    assert [one for one in fields if isinstance(one, QDateTimeEdit)] == []


@pytest.mark.parametrize(
    "typed, shown, value",
    [
        ("2026.1.20", "2026年1月20日", "2026-01-20"),
        ("20260120", "2026年1月20日", "2026-01-20"),
        ("1.20", "2026年1月20日", "2026-01-20"),
        ("31", "31", "31"),
        ("", "", ""),
    ],
)
@pytest.mark.parametrize("leaving", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
def test_a_day_is_written_in_words_when_the_field_is_left(qtbot, typed: str, shown: str, value: str, leaving: Qt.Key):
    window = QWidget()
    qtbot.addWidget(window)
    day, other = DateField(2026, window), DateField(2026, window)
    window.show()
    window.activateWindow()
    day.setFocus()
    qtbot.waitUntil(day.hasFocus)
    QTest.keyClicks(day, typed)
    QTest.keyClick(day, leaving)
    assert (day.text(), day.value()) == (shown, value)
    assert other.text() == ""


def test_ctrl_z_in_a_field_of_the_cover_undoes_the_last_step(hands: Hands):
    page = hands.wizard.go_to("cover")
    assert isinstance(page, CoverPage)
    field = page.facts["contact_address"]
    field.setFocus()
    QTest.keyClicks(field, "abc")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert hands.desk.editing.report.facts["contact_address"] == "abc"
    agency = page.facts["contact_office"]
    agency.setFocus()
    QTest.keyClick(agency, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "contact_address" not in hands.desk.editing.report.facts
    QTest.keyClick(agency, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert hands.desk.editing.report.facts["contact_address"] == "abc"
