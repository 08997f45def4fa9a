"""Qt item model of one table: values, flags, tool tips and accessible texts of its cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from model.checks import Finding, carried_from
from model.editing import Effect
from model.form import BLANK, Address, Box, Entry, Grid, Role, Table, table_grid
from ui.draft import Desk

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


class GridModel(QAbstractTableModel):
    """Model of the body of one table: the grid without its head rows and label columns."""

    def __init__(self, desk: Desk, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.table = table
        self.grid: Grid = table_grid.build(desk.editing.form, table)
        rows, columns = range(self.grid.head_rows, self.grid.rows), range(self.grid.label_columns, self.grid.columns)
        self._body = [[self.grid.owner(row, column) for column in columns] for row in rows]
        self._marks = desk.marks()
        self._open = LOCKED if desk.locked else EDITABLE  # read twice for each painted cell
        desk.changed.connect(self.on_changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else self.grid.rows - self.grid.head_rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else self.grid.columns - self.grid.label_columns

    def box(self, index: Index) -> Box:
        """Return the box that covers an index of the body."""
        return self._body[index.row()][index.column()]

    def index_of(self, address: Address) -> QModelIndex:
        """Return the index of a cell; an invalid one when this table does not have it."""
        box = self.grid.box_of(address)
        return self._corner(box) if box else QModelIndex()

    def origin(self, index: Index) -> QModelIndex:
        """Return the top left index of the merged cell that covers an index."""
        return self._corner(self.box(index))

    def _corner(self, box: Box) -> QModelIndex:
        return self.index(box.row - self.grid.head_rows, max(0, box.column - self.grid.label_columns))

    def flags(self, index: Index) -> Qt.ItemFlag:
        role = self.box(index).role
        return self._open if role is Role.VALUE else LOCKED if role is Role.TOTAL else DEAD

    def entry(self, index: Index) -> Entry:
        """Return the entry at an index, a total as computed; `BLANK` outside cells."""
        address = self.box(index).address
        return self.desk.editing.entry(address) if address else BLANK

    def mark(self, index: Index) -> Finding | None:
        """Return the strongest finding about the cell at an index."""
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
        """Return the text shown in a box."""
        return self.desk.editing.entry(box.address).shown() if box.address else box.text

    def _tip(self, index: Index) -> str:
        """Return the finding and its advice, else source in last year's report, help and legal basis."""
        address, finding = self.box(index).address, self.mark(index)
        if finding:
            return f"{finding.severity.label}：{finding.message}\n{finding.advice}"
        if not address:
            return ""
        form, last = self.desk.editing.form, self.desk.editing.last
        row, column = self.table.row(address.row), form.column(address)
        source = carried_from(form, last, address) if last else ""
        if address in form.totals:
            return "\n".join(line for line in ("自动计算，不需填写", source) if line)
        return "\n".join(line for line in (source, row.help, row.ref, column.help) if line)

    def _spoken(self, index: Index) -> str:
        """Return row, column, value, unit and state for screen readers."""
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
        """Enter typed text; `going_on` continues the previous undo step.  Returns False when nothing has changed."""
        address = self.box(index).address
        if not address or self.flags(index) != EDITABLE:
            return False
        return not self.desk.enter(address, typed, going_on=going_on).change.empty

    def on_changed(self, effect: Effect) -> None:
        """Repaint only the cells whose value or mark differs."""
        self._open = LOCKED if self.desk.locked else EDITABLE
        old, self._marks = self._marks, self.desk.marks()
        marked = {a for a in {*old, *self._marks} if old.get(a) != self._marks.get(a)}
        for address in {*effect.changed, *marked}:
            index = self.index_of(address)
            if index.isValid():
                self.dataChanged.emit(index, index)

    def addresses(self, indexes: Iterable[QModelIndex]) -> list[Address]:
        """Return the cells to be filled in among these indexes, in reading order."""
        boxes = [self.box(i) for i in sorted(indexes, key=lambda i: (i.row(), i.column()))]
        return list(dict.fromkeys(box.address for box in boxes if box.address and box.role is Role.VALUE))
