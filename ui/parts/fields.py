"""Input fields that change only by what the user does in them: choices, numbers, one-line texts and dates."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QMimeData, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QIcon, QKeyEvent, QKeySequence, QPainter, QPixmap, QWheelEvent
from PySide6.QtWidgets import QCalendarWidget, QComboBox, QLineEdit, QMenu, QSpinBox, QWidget, QWidgetAction

from model.base import day_in_words, read_day


def local_files(data: QMimeData) -> list[str]:
    """Return the paths of the files of this computer that are being dragged or were copied."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]


class ChoiceBox(QComboBox):
    """Combo box that the mouse wheel changes only while it has the focus; else the page scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page unless this field has the focus."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class NumberBox(QSpinBox):
    """Spin box that the mouse wheel changes only while it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page unless this field has the focus."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class LineField(QLineEdit):
    """One-line field whose undo and redo are those of the report, as in the texts and tables."""

    undo_wanted = Signal()
    redo_wanted = Signal()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Leave dragged files to the window; a text is inserted."""
        if local_files(event.mimeData()):
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand Ctrl+Z and Ctrl+Y on."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_wanted.emit()
        else:
            super().keyPressEvent(event)


class DateField(LineField):
    """Day typed in any usual way or chosen in a calendar (Alt+Down); shown as 2026年1月20日 once it is left.

    `year` stands in for a year that is not typed. What is no day stays as typed.
    """

    chosen = Signal()  # a day was chosen in the calendar

    def __init__(self, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.year = year
        opened = self.addAction(_calendar_icon(self), QLineEdit.ActionPosition.TrailingPosition)
        opened.setToolTip("打开日历（Alt+↓）")
        opened.triggered.connect(self.open_calendar)
        self.editingFinished.connect(self.normalise)

    def value(self) -> str:
        """Return the day in ISO 8601, or what was typed if that is no day."""
        day = self.day()
        return day.isoformat() if day else self.text().strip()

    def day(self) -> date | None:
        """Return the day, None if there is none."""
        return read_day(self.text(), self.year)

    def show_value(self, value: str) -> None:
        """Show a stored day in words, anything else as it is."""
        day = read_day(value, self.year)
        self.setText(day_in_words(day) if day else value)

    def normalise(self) -> None:
        """Write the day in words."""
        if (day := self.day()) and self.text() != day_in_words(day):
            self.setText(day_in_words(day))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the calendar with Alt+Down."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def open_calendar(self) -> None:
        """Show a calendar below the field."""
        menu, calendar = QMenu(self), QCalendarWidget()
        day = self.day()
        calendar.setSelectedDate(QDate(day.year, day.month, day.day) if day else QDate(self.year, 1, 20))
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)
        calendar.activated.connect(lambda chosen: self._choose(chosen, menu))
        calendar.clicked.connect(lambda chosen: self._choose(chosen, menu))
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        calendar.setFocus()

    def _choose(self, chosen: QDate, menu: QMenu) -> None:
        menu.close()
        self.setText(day_in_words(date(chosen.year(), chosen.month(), chosen.day())))
        self.chosen.emit()


def _calendar_icon(widget: QWidget) -> QIcon:
    """Draw a sheet of a calendar in the colour of the text."""
    pixmap = QPixmap(QSize(32, 32))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    colour = widget.palette().placeholderText().color()
    painter.setPen(colour)
    painter.fillRect(QRect(4, 6, 24, 6), colour)
    painter.drawRect(QRect(4, 6, 23, 22))
    for row in (16, 22):
        for column in (9, 15, 21):
            painter.fillRect(QRect(column, row, 3, 3), colour)
    painter.end()
    return QIcon(pixmap)
