"""The report's tables on the screen: the paper's merged boxes, head and labels frozen while the numbers scroll."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
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
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from model import clipboard, grids
from model.cell import BLANK, Address, Entry, read
from model.checks import Finding
from model.editing import Effect
from model.format import Table
from model.grid import Box, Grid, Role
from model.years import carried_from
from ui.boxes import PAD, SHORT, draw_box, text_height
from ui.desk import Desk
from ui.look import colours
from ui.rest import Rest

Index = QModelIndex | QPersistentModelIndex

# data() is called several times per visible cell and repaint: the roles are plain ints, made once.
DISPLAY, EDIT, TIP, SPOKEN, DESCRIPTION = (
    int(role)
    for role in (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.EditRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.AccessibleDescriptionRole,
    )
)
EDITABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
LOCKED = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
DEAD = Qt.ItemFlag.NoItemFlags
FOCUSED, SELECTED = QStyle.StateFlag.State_HasFocus.value, QStyle.StateFlag.State_Selected.value
LEAST_DIGITS, LEAST_DIGITS_OF_MANY = 6, SHORT  # that fit the narrowest column; longer numbers are written smaller
LEAST_LABEL = 0.5  # of the width on paper that labels keep where the room is short
LEAST_AIR, MOST_AIR = -3, 8  # pixels that a row is higher than its words; a line of Chinese has air of its own


# After these keys in an editor the value is taken over and the cursor goes on: rows, columns.
_STEPS = {
    Qt.Key.Key_Return: (1, 0),
    Qt.Key.Key_Enter: (1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Tab: (0, 1),
    Qt.Key.Key_Backtab: (0, -1),
}


class GridModel(QAbstractTableModel):
    """The numbers of one table: the grid without its head rows and label columns."""

    def __init__(self, desk: Desk, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.table = table
        self.grid: Grid = grids.build(desk.editing.form, table)
        rows, columns = range(self.grid.head_rows, self.grid.rows), range(self.grid.label_columns, self.grid.columns)
        self._body = [[self.grid.owner(row, column) for column in columns] for row in rows]
        self._marks = desk.marks()
        self._open = LOCKED if desk.locked else EDITABLE  # asked twice for each cell that is painted
        desk.changed.connect(self.on_changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else self.grid.rows - self.grid.head_rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else self.grid.columns - self.grid.label_columns

    def box(self, index: Index) -> Box:
        """The box that covers a place of the body."""
        return self._body[index.row()][index.column()]

    def index_of(self, address: Address) -> QModelIndex:
        """The place of a cell; an invalid index when this table does not have it."""
        box = self.grid.box_of(address)
        return self._corner(box) if box else QModelIndex()

    def origin(self, index: Index) -> QModelIndex:
        """The first place of the merged cell that covers a place."""
        return self._corner(self.box(index))

    def _corner(self, box: Box) -> QModelIndex:
        return self.index(box.row - self.grid.head_rows, max(0, box.column - self.grid.label_columns))

    def flags(self, index: Index) -> Qt.ItemFlag:
        role = self.box(index).role
        return self._open if role is Role.VALUE else LOCKED if role is Role.TOTAL else DEAD

    def entry(self, index: Index) -> Entry:
        """What stands at a place; a total as computed."""
        address = self.box(index).address
        return self.desk.editing.entry(address) if address else BLANK

    def mark(self, index: Index) -> Finding | None:
        """The strongest finding about a place."""
        address = self.box(index).address
        return self._marks.get(address) if address else None

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if role in (DISPLAY, EDIT):
            return self.text(self.box(index))
        if role in (TIP, DESCRIPTION):
            return self._tip(index)
        if role == SPOKEN:
            return self._spoken(index)
        return None

    def text(self, box: Box) -> str:
        """What is written in a box."""
        return self.desk.editing.entry(box.address).shown() if box.address else box.text

    def _tip(self, index: Index) -> str:
        """What is wrong here, else what belongs here and on which article it rests."""
        address, finding = self.box(index).address, self.mark(index)
        if finding:
            return f"{finding.severity.label}：{finding.message}\n{finding.todo}"
        if not address:
            return ""
        form, last = self.desk.editing.form, self.desk.editing.last
        row, column = self.table.row(address.row), form.column(address)
        source = carried_from(form, last, address) if last else ""
        if address in form.totals:
            return "\n".join(line for line in ("自动计算，不需填写", source) if line)
        return "\n".join(line for line in (source, row.help, row.ref, column.help) if line)

    def _spoken(self, index: Index) -> str:
        """Row, column, value, unit and state, as a screen reader says them."""
        address = self.box(index).address
        if not address:
            return self.box(index).text
        form, finding = self.desk.editing.form, self.mark(index)
        column = form.column(address)
        value = self.entry(index).shown() or "空白"
        state = "，自动计算" if address in form.totals else ""
        wrong = f"，{finding.severity.label}" if finding else ""
        return f"{form.row_name(address)}，{column.label}，{value}{column.unit}{state}{wrong}"

    def setData(self, index: Index, value: Any, role: int = EDIT) -> bool:
        return role == EDIT and self.enter(index, str(value), going_on=False)

    def enter(self, index: Index, typed: str, *, going_on: bool) -> bool:
        """Put into a cell what was typed; `going_on`: on from the step before.  False when nothing has changed."""
        address = self.box(index).address
        if not address or self.flags(index) != EDITABLE:
            return False
        return not self.desk.enter(address, typed, going_on=going_on).change.empty

    def on_changed(self, effect: Effect) -> None:
        """Repaint exactly the boxes whose text or mark differs."""
        self._open = LOCKED if self.desk.locked else EDITABLE
        old, self._marks = self._marks, self.desk.marks()
        marked = {a for a in {*old, *self._marks} if old.get(a) != self._marks.get(a)}
        for address in {*effect.changed, *marked}:
            index = self.index_of(address)
            if index.isValid():
                self.dataChanged.emit(index, index)

    def addresses(self, indexes: Iterable[QModelIndex]) -> list[Address]:
        """The fillable cells among these places, in the order of the paper."""
        boxes = [self.box(i) for i in sorted(indexes, key=lambda i: (i.row(), i.column()))]
        return list(dict.fromkeys(box.address for box in boxes if box.address and box.role is Role.VALUE))


class CellDelegate(QStyledItemDelegate):
    """Paints a cell and opens a plain line to type into."""

    spread = Signal(str)  # Ctrl+Enter: the same text for every selected cell
    moved = Signal(int, int)  # rows, columns to go after the editor has closed
    dropped = Signal()  # Esc, after some of the typing was saved already

    def __init__(self, desk: Desk, parent: TableView) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rest = Rest(parent.commit_typing, self)
        self._handed_over = False  # something of what is typed in the open editor

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = option.widget  # type: ignore[attr-defined]  # missing in PySide's type information
        model = index.model()
        assert isinstance(view, TableView)
        assert isinstance(model, GridModel)
        box = model.box(index)
        rect = option.rect  # type: ignore[attr-defined]
        if box.role is Role.BAND:  # it reaches into the frozen labels: draw all of it, the cell's edge clips
            rect = rect.adjusted(-view.verticalHeader().width(), 0, 0, 0)
        state = option.state.value  # type: ignore[attr-defined]  # as a number: flags are slow
        current = bool(state & FOCUSED)
        chosen = bool(state & SELECTED) and box.address is not None
        text, finding, entry = model.text(box), model.mark(index), model.entry(index)
        draw_box(painter, rect, box, text, finding, entry, current=current, chosen=chosen, palette=view.palette_now)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFrame(False)
        editor.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        editor.setInputMethodHints(Qt.InputMethodHint.ImhPreferLatin)
        editor.setAccessibleName(index.data(SPOKEN))
        editor.textEdited.connect(self._rest.typed)
        self._handed_over = False
        self._desk.hold()
        return editor

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        super().destroyEditor(editor, index)
        self._desk.release()

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show what stands in the cell, but leave alone what is being typed: it is saved again and again."""
        if not (isinstance(editor, QLineEdit) and editor.isModified()):
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Take the typing over; all that one editor hands over is one step to take back."""
        if isinstance(editor, QLineEdit) and isinstance(model, GridModel):
            self._handed_over |= model.enter(index, editor.text(), going_on=self._handed_over)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(1, 1, -1, -1))  # type: ignore[attr-defined]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, arrows and Tab take the value over and go on, as in a spreadsheet."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QWidget):
            step = _STEPS.get(Qt.Key(event.key()))
            if event.key() == Qt.Key.Key_Escape and self._handed_over:
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.RevertModelCache)
                self.dropped.emit()
                return True
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(watched, QLineEdit):
                typed = watched.text()
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.RevertModelCache)
                self.spread.emit(typed)
                return True
            if step and not control:
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
                self.moved.emit(*step)
                return True
        return super().eventFilter(watched, event)


class FrozenHead(QHeaderView):
    """The head rows (horizontal) or the label columns (vertical) of the grid, with their merged boxes."""

    def __init__(self, orientation: Qt.Orientation, view: TableView) -> None:
        super().__init__(orientation, view)
        self._view = view
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._view.palette().base())  # beyond the last box the table is paper, too
        painter.setFont(self._view.font())
        for box in self._view.frozen_boxes(self.orientation()):
            rect = self._view.rect_in_head(box, self.orientation())
            if rect.intersects(event.rect()):
                draw_box(painter, rect, box, box.text)


class Corner(QWidget):
    """Where the frozen head and the frozen labels meet."""

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
    """One table of the report, filled in by keyboard as a spreadsheet is."""

    proposed = Signal(object)  # Proposal: what a paste would do

    def __init__(self, desk: Desk, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = GridModel(desk, table, self)  # kept: PySide views hold no reference of their own
        self.grid = self._model.grid
        self._cells = CellDelegate(desk, self)
        self._cells.moved.connect(self.move_by)
        self._cells.spread.connect(self.fill)
        self._cells.dropped.connect(desk.undo)
        self._zoom = 0
        self.palette_now = colours()
        self._label_widths: list[int] = []
        self._head_heights: list[int] = []
        self.setHorizontalHeader(FrozenHead(Qt.Orientation.Horizontal, self))
        self.setVerticalHeader(FrozenHead(Qt.Orientation.Vertical, self))
        self.setModel(self._model)
        self.setItemDelegate(self._cells)
        self._corner = Corner(self)
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
        self.palette_now = colours()  # asked once for all cells
        super().paintEvent(event)

    # -- geometry ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        """Share the width among the columns as on paper, then give each row the height its words need."""
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
        """Shares of the room as on paper; where it is short, the labels give way before the numbers."""
        shares = self.grid.widths or tuple(1.0 for _ in range(self.grid.columns))
        labels, numbers = shares[: self.grid.label_columns], shares[self.grid.label_columns :]
        metrics = QFontMetrics(self.font())
        room = self.width() - 2 * self.frameWidth() - self.verticalScrollBar().sizeHint().width()
        digits = LEAST_DIGITS if labels else LEAST_DIGITS_OF_MANY
        least = (metrics.horizontalAdvance("0") * digits + 2 * PAD) / min(numbers)
        most = metrics.height() * 70 / sum(shares)  # wider than that and the eye loses the line
        scale = max(least, min(most, room / sum(shares)))
        squeezed = max(LEAST_LABEL * scale, min(scale, (room - scale * sum(numbers)) / (sum(labels) or 1)))
        narrowest = metrics.horizontalAdvance("国") * 2 + 2 * PAD  # two characters: no comma begins a line
        return [max(narrowest, int(share * squeezed)) for share in labels] + [int(share * scale) for share in numbers]

    def frozen_boxes(self, orientation: Qt.Orientation) -> Iterator[Box]:
        """The boxes that a frozen head shows."""
        head, labels = self.grid.head_rows, self.grid.label_columns
        for box in self.grid.boxes:
            in_head, in_labels = box.row < head, box.column < labels
            if (in_head and not in_labels) if orientation is Qt.Orientation.Horizontal else (in_labels and not in_head):
                yield box

    def rect_in_head(self, box: Box, orientation: Qt.Orientation) -> QRect:
        """Where a box stands in a frozen head, in its own scrolled coordinates."""
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
        """Make the table larger or smaller, one point a step."""
        font = self.font()
        if not -3 <= self._zoom + steps <= 12:
            return
        self._zoom += steps
        font.setPointSizeF(font.pointSizeF() + steps)
        self.setFont(font)
        self._fit()

    # -- keys ----------------------------------------------------------------------------------------------------

    def move_by(self, rows: int, columns: int) -> None:
        """Go to the next cell to fill in, over headings and totals and at a line's end to the next line."""
        start = self.currentIndex()
        here = self._model.box(start) if start.isValid() else None
        place = (start.row(), start.column())
        for _ in range(self._model.rowCount() * self._model.columnCount()):
            place = self._stepped(*place, rows, columns)
            target = self._model.index(*place)
            if not target.isValid():
                return
            if self._model.box(target).role is Role.VALUE and self._model.box(target) != here:
                self.setCurrentIndex(self._model.origin(target))
                return

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
        """Where a key leads: never onto a heading, and into a merged cell at its first place."""
        target = super().moveCursor(action, modifiers)
        if not target.isValid() or self._model.flags(target) == DEAD:
            return self.currentIndex()
        return self._model.origin(target)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Open an editor for what an input method commits; Qt opens it but loses characters that come at once."""
        was_open = self.state() == QAbstractItemView.State.EditingState
        super().inputMethodEvent(event)
        editor = self._editor()
        if not was_open and event.commitString() and editor:
            QApplication.sendEvent(editor, event)

    def keyboardSearch(self, search: str) -> None:
        """A digit typed on a locked total does nothing; Qt would look for a cell that begins with it."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.show_cell(next(a for a in self._model.table.addresses()))

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab goes from cell to cell; F6 and the mouse leave the table."""
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
        """The cell where the cursor is."""
        return self._model.box(self.currentIndex()).address if self.currentIndex().isValid() else None

    def commit_typing(self) -> None:
        """Take over what stands in an open editor, without closing the table's page."""
        editor = self._editor()
        if editor is not None:
            self.commitData(editor)

    def _editor(self) -> QWidget | None:
        """The line that is being typed into; one that is closed may live on beside it for a moment."""
        editing = self.state() == QAbstractItemView.State.EditingState
        return self.indexWidget(self.currentIndex()) if editing else None

    # -- clipboard -----------------------------------------------------------------------------------------------

    def copied(self) -> list[list[str]]:
        """The selected cells, line by line."""
        chosen = self.selectedIndexes()
        rows = sorted({index.row() for index in chosen})
        lines = [sorted((i for i in chosen if i.row() == row), key=lambda i: i.column()) for row in rows]
        return [[index.data(EDIT) for index in line] for line in lines]

    def copy(self) -> None:
        """Put the selected cells on the clipboard, as text and as a table that Excel and WPS take."""
        rows = self.copied()
        data = QMimeData()
        data.setText(clipboard.as_text(rows))
        data.setHtml(clipboard.as_html(rows))
        QApplication.clipboard().setMimeData(data)

    def paste(self) -> None:
        """One value goes into the selected cells at once; anything larger is proposed first."""
        data = QApplication.clipboard().mimeData()
        cells = clipboard.rows_of(data.text(), data.html())
        start = self.current_address()
        if len(cells) == 1 and len(cells[0]) == 1:
            self.fill(cells[0][0])
        elif cells and start:
            from model.pasting import propose  # all that reads old reports comes with it

            editing = self._model.desk.editing
            self.proposed.emit(propose(editing.report, editing.form, self._model.table, cells, start))

    def fill(self, typed: str) -> None:
        """Put the same text into every selected cell, as one step."""
        form = self._model.desk.editing.form
        chosen = self._model.addresses(self.selectedIndexes())
        self._model.desk.enter_all({a: read(typed, form.column(a).kind) for a in chosen}, "填入")


def row_heights(grid: Grid, widths: list[int], font: Any) -> list[int]:
    """Pixel heights of all rows: enough for the words of every box, merged ones included."""
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
    """The rows with as much air as the room allows, the same for each: the whole table in view before comfort."""
    spare = (room - sum(heights)) // max(1, len(heights))
    air = max(LEAST_AIR, min(MOST_AIR, spare))
    return [height + air for height in heights]
