"""Strip for inserting a number of a table into a text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from model.editing import Editing
from model.form import Address, shown
from ui.parts import STEP, ChoiceBox, OfferStrip


class QuoteBox(OfferStrip):
    """Selects table, row and column of the number; `accepted` carries its `Address`."""

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__("确定(&O)", parent)
        self._editing = editing
        self.table, self.row, self.column = ChoiceBox(), ChoiceBox(), ChoiceBox()
        self.number = QLabel()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._lay_out()
        for section in editing.form.sections:
            if section.table:
                self.table.addItem(section.title, section.table)
        self.table.currentIndexChanged.connect(lambda _place: self._fill_rows())
        self.row.currentIndexChanged.connect(lambda _place: self._fill_columns())
        self.column.currentIndexChanged.connect(lambda _place: self._show_number())

    def _lay_out(self) -> None:
        box = QHBoxLayout(self)
        box.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
        for name, widget in (("表", self.table), ("行", self.row), ("列", self.column)):
            widget.setAccessibleName(f"引用的{name}")
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.addWidget(widget, 1 if widget is self.column else 2)
        self.number.setAccessibleName("引用的数")
        self.number.setMinimumWidth(self.fontMetrics().horizontalAdvance("0" * 8))
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for each in (self.number, self.accept, self.drop):
            box.addWidget(each)

    def propose(self) -> None:
        """Show the strip with the current numbers."""
        self._fill_rows()
        self.show()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_rows(self) -> None:
        table = self._editing.form.table(self.table.currentData())
        _refill(self.row, [(self._row_name(Address(table.id, row.id, "")), row.id) for row in table.rows])
        self._fill_columns()

    def _row_name(self, address: Address) -> str:
        return self._editing.form.row_name(address)

    def _fill_columns(self) -> None:
        table = self._editing.form.table(self.table.currentData())
        columns = table.columns(self.row.currentData())
        last = next((n for n, column in enumerate(columns) if column.total), 0)
        _refill(self.column, [(column.label, column.id) for column in columns], last)
        self._show_number()

    def _show_number(self) -> None:
        number = self._editing.values.get(self.cell())
        self.number.setText(shown(number) or "未填")
        self.accept.setEnabled(number is not None and not self._editing.final)

    def offered(self) -> Address:
        return self.cell()

    def cell(self) -> Address:
        """Return the address of the chosen cell."""
        return Address(self.table.currentData(), self.row.currentData(), self.column.currentData())


def _refill(box: QComboBox, items: list[tuple[str, str]], chosen: int = 0) -> None:
    box.blockSignals(True)
    box.clear()
    for label, data in items:
        box.addItem(label, data)
        box.setItemData(box.count() - 1, label, int(Qt.ItemDataRole.ToolTipRole))
    box.setCurrentIndex(chosen)
    box.blockSignals(False)
