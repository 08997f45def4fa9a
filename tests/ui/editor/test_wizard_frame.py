"""Tests that StepFrame is a part of the window, without QWizard's behaviour as a dialog."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
    QWizardPage,
)
from pytestqt.qtbot import QtBot

from tests.support.ui_helpers import NO_SCREEN
from ui.editor.wizard_frame import BACK, NEXT, StepFrame
from ui.parts.theme import STEP

pytestmark = NO_SCREEN


class Page(QWizardPage):
    """Page with a line and a button; the list below them is built when the page is shown."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setTitle(title)
        self.box = QVBoxLayout(self)
        self.box.addWidget(QLineEdit())
        self.box.addWidget(QPushButton("页内按钮"))

    def initializePage(self) -> None:  # noqa: N802
        if self.box.count() == 2:
            self.box.addWidget(QListWidget())


@pytest.fixture
def window(qtbot: QtBot) -> QSplitter:
    made = QSplitter()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def frame(qtbot: QtBot, window: QSplitter) -> StepFrame:
    """Create four pages beside a list, and another list in the same window."""
    made = StepFrame()
    made.setSideWidget(QListWidget(made))  # with a parent, since PySide keeps no reference
    for number in range(4):
        made.setPage(number, Page(f"第{number}步"))
    made.show_page(0)
    window.addWidget(made)
    window.addWidget(QListWidget())
    window.resize(800, 500)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return made


def of_page(frame: StepFrame, kind: type[QWidget]) -> QWidget:
    found = frame.currentPage().findChild(kind)
    assert isinstance(found, QWidget)
    return found


def insides(frame: StepFrame) -> tuple[tuple[int, int, int, int], int]:
    """Return the outer margins, and the indent of the title."""
    inner = frame.button(BACK).parentWidget()
    assert inner
    layout = inner.layout()
    assert layout
    margins = layout.contentsMargins()
    title = next(label for label in inner.findChildren(QLabel) if label.text() == frame.currentPage().title())
    return (margins.left(), margins.top(), margins.right(), margins.bottom()), title.indent()


def test_pages_are_reached_in_any_order_and_qt_remembers_only_the_one_shown(frame: StepFrame):
    shown: list[int] = []
    frame.page_shown.connect(shown.append)
    for number in (3, 2, 1, 0, 3, 1, 2, 0):
        frame.show_page(number)
        assert (frame.currentId(), frame.visitedIds()) == (number, [number])
    assert shown == [3, 2, 1, 0, 3, 1, 2, 0]


@pytest.mark.parametrize("number, back, on", [(0, False, True), (1, True, True), (3, True, False)])
def test_the_buttons_lead_to_the_neighbours(frame: StepFrame, number: int, back: bool, on: bool):
    wanted: list[int] = []
    frame.step_wanted.connect(wanted.append)
    frame.show_page(number)
    for button in (BACK, NEXT):
        frame.button(button).click()
    assert wanted == [-1] * back + [1] * on
    assert frame.currentId() == number


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_enter_and_escape_press_and_close_nothing(frame: StepFrame, key: Qt.Key):
    pressed: list[object] = []
    for button in frame.findChildren(QPushButton):
        button.setDefault(button.text() == "页内按钮")
        button.clicked.connect(pressed.append)
    of_page(frame, QLineEdit).setFocus()
    QTest.keyClick(of_page(frame, QLineEdit), key)
    assert pressed == []
    assert frame.isVisible()


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_the_list_beside_the_pages_keeps_the_focus(frame: StepFrame, number: int):
    frame.show_page(3 - number)
    frame.sideWidget().setFocus()
    frame.show_page(number)
    assert QApplication.focusWidget() is frame.sideWidget()


def test_the_margins_stay_small_on_every_page(frame: StepFrame):
    for number in (0, 2, 3, 0):
        frame.show_page(number)
        assert insides(frame) == ((2 * STEP, STEP, 2 * STEP, STEP), 0)


def test_a_page_built_when_it_is_first_shown_fills_the_height(frame: StepFrame, qtbot: QtBot):
    frame.show_page(3)
    qtbot.waitUntil(lambda: frame.currentPage().height() > 350)
