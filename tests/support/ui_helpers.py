"""The main window for tests, with drafts in a folder of its own, and `Hands` to operate it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from model.checks.finding import Finding
from model.form.cell import at
from model.narrative.all_rules import rule_context
from model.report.report import Report
from tests.support.helpers import ROOT
from tests.support.narratives import RULES
from ui.app import startup
from ui.draft.desk import Desk
from ui.editor.findings import FindingsPanel
from ui.editor.wizard import Wizard
from ui.editor.workbench import Workbench
from ui.parts.folders import Folders
from ui.table.view import TableView
from ui.window.main_window import Window

SMALL_SCREEN = (1366, 708)  # 1366×768 minus a title bar and a task bar
PATIENCE = 5000  # ms to wait for a result from another thread

# The offscreen platform gives this warning for every window with a minimum size.
NO_SCREEN = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")

NEW = at("requests/new_received/natural_person")
NEW_TOTAL = at("requests/new_received/total")


class Hands:
    """Operates a window as a user does: opens drafts, types, reads."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot

    # -- open draft ----------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self.window.bench is not None

    @property
    def bench(self) -> Workbench:
        assert self.window.bench
        return self.window.bench

    @property
    def desk(self) -> Desk:
        return self.bench.desk

    @property
    def wizard(self) -> Wizard:
        return self.bench.wizard

    @property
    def panel(self) -> FindingsPanel:
        return self.bench.panel

    @property
    def step(self) -> str:
        return self.wizard.steps[self.wizard.currentId()].id

    @property
    def table(self) -> TableView:
        tables = [table for table in self.wizard.findChildren(TableView) if table.isVisible()]
        assert len(tables) == 1
        return tables[0]

    @property
    def status(self) -> str:
        return self.window.save_status.label.text()

    @property
    def editor(self) -> QLineEdit | None:
        """The open cell editor; a closed one exists until Qt deletes it."""
        is_open = self.table.state() == QAbstractItemView.State.EditingState
        return self.table.viewport().findChild(QLineEdit) if is_open else None

    # -- input ---------------------------------------------------------------------------------------------------

    def keep(self, report: Report) -> int:
        """Create a draft in the store without opening it."""
        return self.window._save_queue.ask(lambda store: store.create(report, "试").number)

    def begin(self, report: Report) -> int:
        """Create a draft, open and save it."""
        self.window.draft_actions.add(report, "试")
        return self.desk.number

    @property
    def focus(self) -> QWidget:
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key in the focused widget, as a keyboard event."""
        QTest.keyClick(self.focus, key, modifier)

    def type(self, text: str) -> None:
        """Type characters in the focused widget; the first one may open an editor, which gets the rest."""
        for character in text:
            if character.isascii():
                QTest.keyClicks(self.focus, character)
            else:  # QTest knows no key for it and would abort
                commit(self.focus, character)

    def fill(self, text: str) -> None:
        """Type into the current cell and press Enter."""
        self.type(text)
        self.press(Qt.Key.Key_Return)

    def stand_on(self, path: str) -> None:
        self.wizard.show_cell(at(path))

    # -- state of the screen -------------------------------------------------------------------------------------

    @property
    def here(self) -> str:
        """The address of the current cell."""
        return str(self.table.current_address() or "")

    def shown(self, path: str) -> str:
        """Return the text shown in a cell."""
        model = self.table.model()
        text: str = model.index_of(at(path)).data()  # type: ignore[attr-defined]
        return text

    def findings(self, code: str) -> list[Finding]:
        return [finding for finding in self.desk.findings if finding.code == code]

    def listed(self) -> list[str]:
        """Return the lines of the findings panel."""
        return [self.panel.list.item(row).text() for row in range(self.panel.list.count())]

    def wait_saved(self) -> None:
        self.qtbot.waitUntil(lambda: self.status.startswith("已保存"), timeout=PATIENCE)


def commit(focus: QWidget, text: str) -> None:
    """Commit text as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(focus, event)


OpenWindow = Callable[..., Hands]


def places(tmp_path: Path) -> Folders:
    return Folders(ROOT / "resources", tmp_path / "data")


def windows(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenWindow]:
    """Yield a function that opens windows; closes them at the end."""
    startup.application([], places(tmp_path))
    made: list[Window] = []

    def make(size: tuple[int, int] = SMALL_SCREEN, *, toured: bool = True) -> Hands:
        window = startup.window(places(tmp_path))
        window._settings = replace(window._settings, toured=toured)
        made.append(window)
        check_numbers_only(window)
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=PATIENCE)
        return Hands(window, qtbot)

    yield make
    for window in made:
        close(window, qtbot)


def check_numbers_only(window: Window) -> None:
    """Run the checks on numbers only, since findings of the text rules would be in every list."""
    window._opener._made = {form.id: (rule_context(form, RULES), ()) for form in window._formats}


def close(window: Window, qtbot: QtBot) -> None:
    """Close the window as a user does, and wait for the results of other threads."""
    window.close()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE)
    window.deleteLater()
    QApplication.processEvents()


# -- clipped widgets ----------------------------------------------------------------------------------------------


def cut_off(window: QWidget) -> list[str]:
    """Describe every visible control that its parents clip, and every text larger than its control."""
    controls = [w for w in window.findChildren(QWidget) if w.isVisible() and not _scrolled(w, window)]
    return [said for widget in controls if (said := _complaint(widget, window))]


def _scrolled(widget: QWidget, window: QWidget) -> bool:
    """Tell whether the widget is inside a scrolling viewport, in which nothing needs to fit."""
    parent = widget.parentWidget()
    while parent is not None and parent is not window:
        if parent.objectName() == "qt_scrollarea_viewport":
            return True
        parent = parent.parentWidget()
    return widget.objectName().startswith("qt_scrollarea")


def _complaint(widget: QWidget, window: QWidget) -> str:
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    if not window.rect().contains(place):
        return f"{_named(widget)} {place} outside the window {window.rect()}"
    parent = widget.parentWidget()
    if parent is not None and not parent.rect().contains(widget.geometry()):
        return f"{_named(widget)} {widget.geometry()} outside its parent {parent.rect()}"
    return _text_complaint(widget)


def _text_complaint(widget: QWidget) -> str:
    if isinstance(widget, QLabel) and widget.wordWrap():
        needed = widget.heightForWidth(widget.width())
        if needed > widget.height():
            return f"{_named(widget)} needs {needed} px of height, has {widget.height()}"
        return ""
    if isinstance(widget, QLabel | QPushButton):
        wanted = widget.sizeHint()
        if wanted.width() > widget.width() or wanted.height() > widget.height():
            return f"{_named(widget)} needs {wanted}, has {widget.size()}"
    return ""


def _named(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QPushButton) else widget.accessibleName()
    return f"{type(widget).__name__}“{text}”"


def fits(widget: QWidget, text: str, width: int) -> bool:
    """Return True if a text in the widget's font is at most `width` pixels wide."""
    return QFontMetrics(widget.font()).horizontalAdvance(text) <= width
