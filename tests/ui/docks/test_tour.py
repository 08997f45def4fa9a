"""Tests of the hints of the first run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NEW, NO_SCREEN, Hands, OpenWindow, cut_off
from ui.docks.guide import TOUR
from ui.docks.tour import Tour
from ui.window.menus import Command

pytestmark = NO_SCREEN


def tour(hands: Hands) -> Tour:
    assert hands.window.guide.tour
    return hands.window.guide.tour


def on_window(hands: Hands, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(hands.window, QPoint(0, 0)), widget.size())


@pytest.mark.parametrize("size", [(1366, 708), (1024, 540)], ids=["1366x768", "1024x600"])
def test_four_hints_stand_under_the_steps_and_never_come_again(open_window: OpenWindow, size):
    hands = open_window(size, toured=False)
    hands.begin(complete(FORM_2021))
    seen = []
    for _ in TOUR:
        seen.append(tour(hands).words.text())
        hands.qtbot.wait(1)
        assert cut_off(hands.window) == []
        assert not tour(hands).geometry().intersects(on_window(hands, hands.wizard.content()))
        hands.qtbot.mouseClick(tour(hands).next, Qt.MouseButton.LeftButton)
    assert seen == list(TOUR)
    assert hands.window.guide.tour is None
    hands.window.close_draft()
    hands.begin(complete(FORM_2021))
    assert hands.window.guide.tour is None


def test_typing_goes_on_under_the_hints(open_window: OpenWindow):
    hands = open_window(toured=False)
    hands.begin(complete(FORM_2021))
    hands.stand_on(str(NEW))
    hands.qtbot.mouseClick(tour(hands).next, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is hands.table
    hands.fill("3")
    assert hands.shown(str(NEW)) == "3"
    hands.qtbot.mouseClick(tour(hands).skip, Qt.MouseButton.LeftButton)
    assert hands.window.guide.tour is None


def test_the_hints_can_be_asked_for_again(hands: Hands):
    hands.begin(complete(FORM_2021))
    assert hands.window.guide.tour is None
    for words in TOUR:
        hands.window.commands[Command.TOUR].trigger()
        assert tour(hands).words.text() == words
    hands.window.close_draft()
    assert hands.window.guide.tour is None
