"""What a cure would fill in, listed before it is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from model.checks import Fix
from model.format import Format
from ui.look import STEP

_LINES_SEEN = 9


class ChangesBox(QWidget):
    """The cells, row by row; Enter fills them in, Esc leaves them."""

    accepted = Signal(object)  # Fix
    dropped = Signal()

    def __init__(self, form: Format, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self._fix: Fix | None = None
        self._words = QLabel()
        self._words.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName("将要填入的各格")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMaximumHeight((self.fontMetrics().height() + STEP) * _LINES_SEEN)
        self.accept = QPushButton("填入(&Y)")
        self.drop = QPushButton("取消(&C)")
        self._lay_out()
        self.accept.clicked.connect(self.on_accept)
        self.drop.clicked.connect(self.on_drop)
        self.hide()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.accept)
        buttons.addWidget(self.drop)
        buttons.addStretch()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(STEP)
        box.addWidget(self._words)
        box.addWidget(self.list)
        box.addLayout(buttons)

    def propose(self, fix: Fix) -> None:
        """List what would be filled in and wait for the clerk."""
        self._fix = fix
        self._words.setText(f"将填入下面 {len(fix.cells)} 格，可以撤销：")
        self.list.clear()
        self.list.addItems(list(lines(self._form, fix)))
        self.show()
        self.accept.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_accept(self) -> None:
        """Hand the cure over."""
        self.hide()
        if self._fix:
            self.accepted.emit(self._fix)

    def on_drop(self) -> None:
        """Change nothing."""
        self.hide()
        self.dropped.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.on_drop()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.on_accept()
        else:
            super().keyPressEvent(event)


def lines(form: Format, fix: Fix) -> Iterator[str]:
    """One line for each row and value: 「行政许可：本年处理决定数量 → 0」."""
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for address, entry in fix.cells:
        rows[form.row_name(address), entry.shown()].append(form.column(address).label)
    for (row, value), columns in rows.items():
        yield f"{row}：{'、'.join(columns)} → {value}"
