"""What the tests of the screen share: the program's window with drafts in a folder of its own, hands to drive it."""

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

SMALL_SCREEN = (1366, 708)  # 1366×768 less a title bar and a task bar
PATIENCE = 5000  # ms for what comes back from another thread

# The offscreen platform says this of every window with a least size.
NO_SCREEN = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")

NEW = at("requests/new_received/natural_person")
NEW_TOTAL = at("requests/new_received/total")


class Hands:
    """A clerk at the window: opens drafts, types, looks."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot

    # -- what is open --------------------------------------------------------------------------------------------

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
        """The open cell editor; one that is closed lives on for a moment."""
        is_open = self.table.state() == QAbstractItemView.State.EditingState
        return self.table.viewport().findChild(QLineEdit) if is_open else None

    # -- hands ---------------------------------------------------------------------------------------------------

    def keep(self, report: Report) -> int:
        """A new draft in the store, not opened."""
        return self.window._save_queue.ask(lambda store: store.create(report, "试").number)

    def begin(self, report: Report) -> int:
        """A new draft, opened and saved."""
        self.window.draft_actions.add(report, "试")
        return self.desk.number

    @property
    def focus(self) -> QWidget:
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key where the focus is, as a keyboard would send it."""
        QTest.keyClick(self.focus, key, modifier)

    def type(self, text: str) -> None:
        """Characters where the focus is; the first one may open an editor, which takes the rest."""
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

    # -- eyes ----------------------------------------------------------------------------------------------------

    @property
    def here(self) -> str:
        """The address of the current cell."""
        return str(self.table.current_address() or "")

    def shown(self, path: str) -> str:
        """What the screen shows in a cell."""
        model = self.table.model()
        text: str = model.index_of(at(path)).data()  # type: ignore[attr-defined]
        return text

    def findings(self, code: str) -> list[Finding]:
        return [finding for finding in self.desk.findings if finding.code == code]

    def listed(self) -> list[str]:
        """The lines of the findings panel."""
        return [self.panel.list.item(row).text() for row in range(self.panel.list.count())]

    def wait_saved(self) -> None:
        self.qtbot.waitUntil(lambda: self.status.startswith("已保存"), timeout=PATIENCE)


def commit(focus: QWidget, text: str) -> None:
    """Text as an input method hands it over."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(focus, event)


OpenWindow = Callable[..., Hands]


def places(tmp_path: Path) -> Folders:
    return Folders(ROOT / "resources", tmp_path / "data")


def windows(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenWindow]:
    """Makes windows, and closes them in the end."""
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
    """What the rules about texts find has tests of its own, and would stand in every list here."""
    window._opener._made = {form.id: (rule_context(form, RULES), ()) for form in window._formats}


def close(window: Window, qtbot: QtBot) -> None:
    """Close as a clerk does, and let everything that still comes back from other threads arrive."""
    window.close()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE)
    window.deleteLater()
    QApplication.processEvents()


# -- what is cut off ----------------------------------------------------------------------------------------------


def cut_off(window: QWidget) -> list[str]:
    """Every visible control that its surroundings cut off, and every text that is larger than its control."""
    controls = [w for w in window.findChildren(QWidget) if w.isVisible() and not _scrolled(w, window)]
    return [said for widget in controls if (said := _complaint(widget, window))]


def _scrolled(widget: QWidget, window: QWidget) -> bool:
    """Inside a viewport that scrolls, nothing needs to fit."""
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
    """True when a text in the widget's font is not wider than `width` pixels."""
    return QFontMetrics(widget.font()).horizontalAdvance(text) <= width
