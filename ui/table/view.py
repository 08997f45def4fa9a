"""Table view of the report: merged cells as on paper, head rows and label columns frozen while the numbers scroll."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QMimeData,
    QModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QTableView,
    QWidget,
)

from model.form import BLANK, Address, Box, Grid, Role, Table, read
from model.importing import clipboard
from ui.draft import Desk
from ui.parts import colours
from ui.table.delegate import CellDelegate
from ui.table.model import DEAD, EDIT, GridModel
from ui.table.painting import PAD, SHORT, draw_box, text_height

LEAST_DIGITS, LEAST_DIGITS_OF_MANY = 6, SHORT  # fitting the narrowest column; longer numbers are drawn smaller
LEAST_LABEL = 0.5  # of their width on paper that label columns keep where space is short
LEAST_AIR, MOST_AIR = -3, 8  # pixels of padding per row; a line of Chinese text has leading of its own


class FrozenHead(QHeaderView):
    """Paints the head rows (horizontal) or the label columns (vertical) of the grid with their merged boxes."""

    def __init__(self, orientation: Qt.Orientation, view: TableView) -> None:
        super().__init__(orientation, view)
        self._view = view
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._view.palette().base())  # background beyond the last box, as in the body
        painter.setFont(self._view.font())
        for box in self._view.frozen_boxes(self.orientation()):
            rect = self._view.rect_in_head(box, self.orientation())
            if rect.intersects(event.rect()):
                draw_box(painter, rect, box, box.text)


class TableCorner(QWidget):
    """Paints the corner between the frozen head and the frozen labels."""

    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self._view = view

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._view.font())
        for box in self._view.grid.boxes:
            if box.row < self._view.grid.head_rows and box.column < self._view.grid.label_columns:
                draw_box(painter, self.rect(), box, box.text)


class TableView(QTableView):
    """One table of the report, filled in by keyboard like a spreadsheet."""

    proposed = Signal(object)  # Proposal: the effect of a paste
    completed = Signal()  # Enter in the last cell of a table without a blank one

    def __init__(self, desk: Desk, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = GridModel(desk, table, self)  # kept: PySide views hold no reference to their model
        self.grid = self._model.grid
        self._cells = CellDelegate(desk, self.commit_typing, self)
        self._cells.moved.connect(self.move_by)
        self._cells.spread.connect(self.fill)
        self._cells.dropped.connect(desk.undo)
        self._zoom = 0
        self._label_widths: list[int] = []
        self._head_heights: list[int] = []
        self.setHorizontalHeader(FrozenHead(Qt.Orientation.Horizontal, self))
        self.setVerticalHeader(FrozenHead(Qt.Orientation.Vertical, self))
        self.setModel(self._model)
        self.setItemDelegate(self._cells)
        self._corner = TableCorner(self)
        self._dress(desk.editing.form.section_of(table.id).title)

    def _dress(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        head, labels = self.grid.head_rows, self.grid.label_columns
        for box in self.grid.boxes:
            columns = box.columns - max(0, labels - box.column)
            if box.row >= head and columns > 0 and box.rows * columns > 1:
                self.setSpan(box.row - head, max(0, box.column - labels), box.rows, columns)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._cells.palette = colours()
        super().paintEvent(event)

    # -- geometry ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        """Distribute the width among the columns as on paper, then set each row to the height of its words."""
        widths = self._widths()
        labels = self.grid.label_columns
        self._label_widths = widths[:labels]
        heights = airy(row_heights(self.grid, widths, self.font()), self.height() - 2 * self.frameWidth())
        self._head_heights = heights[: self.grid.head_rows]
        for column, width in enumerate(widths[labels:]):
            self.setColumnWidth(column, width)
        for row, height in enumerate(heights[self.grid.head_rows :]):
            self.setRowHeight(row, height)
        self.verticalHeader().setFixedWidth(sum(self._label_widths))
        self.horizontalHeader().setFixedHeight(sum(self._head_heights))
        self.horizontalHeader().setVisible(self.grid.head_rows > 0)
        self.verticalHeader().setVisible(labels > 0)
        self._corner.setGeometry(self.frameWidth(), self.frameWidth(), sum(self._label_widths), sum(self._head_heights))

    def _widths(self) -> list[int]:
        """Return column widths in pixels, in proportion to the paper; where space is short, the labels shrink first."""
        shares = self.grid.widths or tuple(1.0 for _ in range(self.grid.columns))
        labels, numbers = shares[: self.grid.label_columns], shares[self.grid.label_columns :]
        metrics = QFontMetrics(self.font())
        room = self.width() - 2 * self.frameWidth() - self.verticalScrollBar().sizeHint().width()
        digits = LEAST_DIGITS if labels else LEAST_DIGITS_OF_MANY
        least = (metrics.horizontalAdvance("0") * digits + 2 * PAD) / min(numbers)
        most = metrics.height() * 70 / sum(shares)  # wider rows are hard to follow
        scale = max(least, min(most, room / sum(shares)))
        squeezed = max(LEAST_LABEL * scale, min(scale, (room - scale * sum(numbers)) / (sum(labels) or 1)))
        narrowest = metrics.horizontalAdvance("国") * 2 + 2 * PAD  # two characters, so that no line begins with a comma
        places = [max(narrowest, int(share * squeezed)) for share in labels]
        widths = places + [int(share * scale) for share in numbers]
        if labels and squeezed < scale:  # the widest label column gives up what the narrow ones gained
            widest = places.index(max(places))
            widths[widest] = max(narrowest, widths[widest] - max(0, sum(widths) - room))
        return widths

    def frozen_boxes(self, orientation: Qt.Orientation) -> Iterator[Box]:
        """Yield the boxes that a frozen head shows."""
        head, labels = self.grid.head_rows, self.grid.label_columns
        for box in self.grid.boxes:
            in_head, in_labels = box.row < head, box.column < labels
            if (in_head and not in_labels) if orientation is Qt.Orientation.Horizontal else (in_labels and not in_head):
                yield box

    def rect_in_head(self, box: Box, orientation: Qt.Orientation) -> QRect:
        """Return a box's rectangle in a frozen head, in pixels of the scrolled header."""
        head, labels = self.grid.head_rows, self.grid.label_columns
        if orientation is Qt.Orientation.Horizontal:
            left = self.columnViewportPosition(box.column - labels)
            width = sum(self.columnWidth(c - labels) for c in range(box.column, box.column + box.columns))
            top, height = sum(self._head_heights[: box.row]), sum(self._head_heights[box.row : box.row + box.rows])
        else:
            top = self.rowViewportPosition(box.row - head)
            height = sum(self.rowHeight(r - head) for r in range(box.row, box.row + box.rows))
            left, columns = sum(self._label_widths[: box.column]), range(box.column, box.column + box.columns)
            width = sum(self._label_widths[c] if c < labels else self.columnWidth(c - labels) for c in columns)
        return QRect(left, top, width, height)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            return
        super().wheelEvent(event)

    def zoom_by(self, steps: int) -> None:
        """Change the font size by `steps` points, within −3 to +12 of the initial size."""
        font = self.font()
        if not -3 <= self._zoom + steps <= 12:
            return
        self._zoom += steps
        font.setPointSizeF(font.pointSizeF() + steps)
        self.setFont(font)
        self._fit()

    # -- keys ----------------------------------------------------------------------------------------------------

    def move_by(self, rows: int, columns: int) -> None:
        """Go to the next input cell, skipping headings and totals and continuing on the next line at a line's end."""
        start = self.currentIndex()
        here = self._model.box(start) if start.isValid() else None
        place = (start.row(), start.column())
        for _ in range(self._model.rowCount() * self._model.columnCount()):
            place = self._stepped(*place, rows, columns)
            target = self._model.index(*place)
            if not target.isValid():
                self._end_reached(down=rows > 0)
                return
            if self._model.box(target).role is Role.VALUE and self._model.box(target) != here:
                self.setCurrentIndex(self._model.origin(target))
                return

    def _end_reached(self, *, down: bool) -> None:
        """After the last line: go to the first cell that is not filled in, or leave a table that is complete.

        So that the next number is not typed over the one just entered.
        """
        entry = self._model.desk.editing.entry
        inputs = (a for a in self._model.table.addresses() if a not in self._model.desk.editing.form.totals)
        if not down:
            return
        if (open_cell := next((address for address in inputs if entry(address).blank), None)) is not None:
            self.show_cell(open_cell)
        else:
            self.completed.emit()

    def _stepped(self, row: int, column: int, rows: int, columns: int) -> tuple[int, int]:
        row, column = row + rows, column + columns
        if column >= self._model.columnCount():
            return row + 1, 0
        return (row - 1, self._model.columnCount() - 1) if column < 0 else (row, column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not editing:
            self._clear()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not editing:
            self.move_by(1, 0)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.move_by(0, 1 if key == Qt.Key.Key_Tab else -1)
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Return the index a key leads to: never a heading, and the first index of a merged cell."""
        target = super().moveCursor(action, modifiers)
        if not target.isValid() or self._model.flags(target) == DEAD:
            return self.currentIndex()
        return self._model.origin(target)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Send an input method's commit to the editor it opens; Qt opens it but drops the committed characters."""
        was_open = self.state() == QAbstractItemView.State.EditingState
        super().inputMethodEvent(event)
        editor = self._editor()
        if not was_open and event.commitString() and editor:
            QApplication.sendEvent(editor, event)

    def keyboardSearch(self, search: str) -> None:
        """Ignore a digit typed on a locked total; Qt would search for a cell that begins with it."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.show_cell(next(a for a in self._model.table.addresses()))

    def focusNextPrevChild(self, following: bool) -> bool:
        """Keep Tab within the table, from cell to cell; F6 and the mouse leave it."""
        return False

    def _clear(self) -> None:
        addresses = self._model.addresses(self.selectedIndexes())
        self._model.desk.enter_all(dict.fromkeys(addresses, BLANK), "清空")

    def show_cell(self, address: Address) -> None:
        """Make a cell the current one and bring it into view."""
        index = self._model.index_of(address)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def current_address(self) -> Address | None:
        """Return the address of the current cell, or None."""
        return self._model.box(self.currentIndex()).address if self.currentIndex().isValid() else None

    def commit_typing(self) -> None:
        """Commit the text of an open editor without closing it."""
        editor = self._editor()
        if editor is not None:
            self.commitData(editor)

    def _editor(self) -> QWidget | None:
        """Return the open editor; a closed one may exist beside it until Qt deletes it."""
        editing = self.state() == QAbstractItemView.State.EditingState
        return self.indexWidget(self.currentIndex()) if editing else None

    # -- clipboard -----------------------------------------------------------------------------------------------

    def copied(self) -> list[list[str]]:
        """Return the texts of the selected cells, row by row."""
        chosen = self.selectedIndexes()
        rows = sorted({index.row() for index in chosen})
        lines = [sorted((i for i in chosen if i.row() == row), key=lambda i: i.column()) for row in rows]
        return [[index.data(EDIT) for index in line] for line in lines]

    def copy(self) -> None:
        """Copy the selected cells as text and as an HTML table that Excel and WPS accept."""
        rows = self.copied()
        data = QMimeData()
        data.setText(clipboard.as_text(rows))
        data.setHtml(clipboard.as_html(rows))
        QApplication.clipboard().setMimeData(data)

    def paste(self) -> None:
        """Fill the selected cells with a single value at once; propose anything larger first."""
        data = QApplication.clipboard().mimeData()
        tables = clipboard.tables_of(data.text(), data.html())
        start = self.current_address()
        if len(tables) == 1 and len(tables[0]) == 1 and len(tables[0][0]) == 1:
            self.fill(tables[0][0][0])
        elif tables and start:
            from model.importing import fitting, propose  # imports all readers of old reports

            editing, table = self._model.desk.editing, self._model.table
            cells = fitting(editing.form, table, tables)
            self.proposed.emit(propose(editing.report, editing.form, table, cells, start))

    def fill(self, typed: str) -> None:
        """Put the same text into every selected cell, as one step."""
        form = self._model.desk.editing.form
        chosen = self._model.addresses(self.selectedIndexes())
        self._model.desk.enter_all({a: read(typed, form.column(a).kind) for a in chosen}, "填入")


def row_heights(grid: Grid, widths: list[int], font: Any) -> list[int]:
    """Return the pixel heights of all rows, enough for the words of every box, merged ones included."""
    metrics = QFontMetrics(font)
    heights = [metrics.height()] * grid.rows
    for box in sorted(grid.boxes, key=lambda box: box.rows):
        width = sum(widths[box.column : box.column + box.columns])
        needed = text_height(metrics, box, width)
        missing = needed - sum(heights[box.row : box.row + box.rows])
        if missing > 0:
            for row in range(box.row, box.row + box.rows):
                heights[row] += -(-missing // box.rows)
    return heights


def airy(heights: list[int], room: int) -> list[int]:
    """Add equal padding to the rows, `LEAST_AIR` to `MOST_AIR`, as far as the table still fits into `room` pixels."""
    spare = (room - sum(heights)) // max(1, len(heights))
    air = max(LEAST_AIR, min(MOST_AIR, spare))
    return [height + air for height in heights]
