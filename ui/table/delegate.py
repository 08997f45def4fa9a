"""Item delegate of a table: paints cells as on the printed form and edits them as in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from model.form import Role
from ui.draft import Desk
from ui.parts import TypingDebounce, colours
from ui.table.model import SPOKEN, GridModel, Index
from ui.table.painting import draw_box

FOCUSED, SELECTED = QStyle.StateFlag.State_HasFocus.value, QStyle.StateFlag.State_Selected.value
# Keys of an editor that commit the value, and the move that follows: rows, columns.
_STEPS = {
    Qt.Key.Key_Return: (1, 0),
    Qt.Key.Key_Enter: (1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Tab: (0, 1),
    Qt.Key.Key_Backtab: (0, -1),
}


class CellDelegate(QStyledItemDelegate):
    """Paints a cell and edits it in a QLineEdit."""

    spread = Signal(str)  # Ctrl+Enter: the same text for every selected cell
    moved = Signal(int, int)  # rows, columns to move after the editor has closed
    dropped = Signal()  # Esc after part of the typing was saved

    def __init__(self, desk: Desk, commit: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rest = TypingDebounce(commit, self)
        self.palette = colours()  # looked up once, not for each painted cell
        self._handed_over = False  # the open editor has committed a part of its text

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = option.widget  # type: ignore[attr-defined]  # missing in PySide's type information
        model = index.model()
        assert isinstance(view, QTableView)
        assert isinstance(model, GridModel)
        box = model.box(index)
        rect = option.rect  # type: ignore[attr-defined]
        if box.role is Role.BAND:  # it extends under the frozen labels: drawn whole, clipped at the cell
            rect = rect.adjusted(-view.verticalHeader().width(), 0, 0, 0)
        state = option.state.value  # type: ignore[attr-defined]  # as int: flag objects are slow
        current = bool(state & FOCUSED)
        chosen = bool(state & SELECTED) and box.address is not None
        text, finding, entry = model.text(box), model.mark(index), model.entry(index)
        draw_box(painter, rect, box, text, finding, entry, current=current, chosen=chosen, palette=self.palette)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFrame(False)
        editor.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        editor.setInputMethodHints(Qt.InputMethodHint.ImhPreferLatin)
        editor.setAccessibleName(index.data(SPOKEN))
        editor.textEdited.connect(self._rest.typed)
        self._handed_over = False
        self._desk.suspend_findings()
        return editor

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        super().destroyEditor(editor, index)
        self._desk.resume_findings()

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the cell's value unless the editor was modified: typing is saved repeatedly while it is open."""
        if not (isinstance(editor, QLineEdit) and editor.isModified()):
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Commit the typing; all commits of one editor are one undo step."""
        if isinstance(editor, QLineEdit) and isinstance(model, GridModel):
            self._handed_over |= model.enter(index, editor.text(), going_on=self._handed_over)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(1, 1, -1, -1))  # type: ignore[attr-defined]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Commit and move on Enter, Up, Down and Tab; Ctrl+Enter fills the selection, Esc discards."""
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
