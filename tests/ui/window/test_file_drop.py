"""Tests of files dropped on the window: on the start page, a text, a field and a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from tests.support.helpers import FORM_2021, REPORTS, complete
from tests.support.ui_helpers import Hands, OpenWindow, windows

open_window = pytest.fixture(windows)
FILE = REPORTS / "suqian-2023.json"


def drop(widget: QWidget, data: QMimeData) -> bool:
    """Drag over a widget and drop there, as far as the widget lets it; tell whether it was accepted."""
    place, buttons, keys = QPointF(5, 5), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(widget, QDropEvent(place, Qt.DropAction.CopyAction, data, buttons, keys))
    return True


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    data.setText("\n".join(map(str, paths)))  # as file managers do
    return data


def test_a_file_dropped_on_the_window_becomes_a_draft(open_window: OpenWindow):
    hands = open_window()
    assert drop(hands.window, files(FILE))
    hands.qtbot.waitUntil(lambda: hands.is_open, timeout=5000)
    assert hands.desk.editing.report.year == 2023


def test_over_an_open_draft_its_typing_is_kept(open_window: OpenWindow):
    hands = open_window()
    hands.begin(complete(FORM_2021))
    page = hands.wizard.go_to("overview")
    page.take_focus()
    before = hands.desk.editing.report
    assert drop(hands.window, files(FILE))
    hands.qtbot.waitUntil(lambda: hands.desk.editing.report.year == 2023, timeout=5000)
    assert before.year != 2023


@pytest.mark.parametrize("step", ["cover", "overview"])
def test_fields_and_texts_leave_files_to_the_window_and_take_words(open_window: OpenWindow, step: str):
    hands = open_window()
    hands.begin(complete(FORM_2021))
    hands.wizard.go_to(step).take_focus()
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit | QPlainTextEdit)
    target = field.viewport() if isinstance(field, QPlainTextEdit) else field
    before = written(field)
    drop(target, files(FILE))
    assert written(field) == before
    words = QMimeData()
    words.setText("几个字")
    assert drop(target, words)
    assert "几个字" in written(field)


def written(field: QLineEdit | QPlainTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def test_words_dropped_on_the_window_are_no_file(open_window: OpenWindow):
    words = QMimeData()
    words.setText("几个字")
    assert not drop(open_window().window, words)


def test_no_hand_is_needed_for_a_file_that_is_none(open_window: OpenWindow, tmp_path: Path):
    hands: Hands = open_window()
    (tmp_path / "空.txt").touch()
    assert drop(hands.window, files(tmp_path / "空.txt"))
    hands.qtbot.waitUntil(lambda: "是空的" in hands.window.banner.words.text(), timeout=5000)
