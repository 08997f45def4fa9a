"""Preview of the cells that a fix would fill, shown before it is applied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QVBoxLayout, QWidget

from model.checks import Fix
from model.form import Format
from ui.parts import STEP, OfferStrip

_LINES_SEEN = 9


class ChangesBox(OfferStrip):
    """List of the cells that a fix fills, row by row; `accepted` emits the `Fix`."""

    def __init__(self, form: Format, parent: QWidget | None = None) -> None:
        super().__init__("确定(&O)", parent)
        self._form = form
        self._fix: Fix | None = None
        self._words = QLabel()
        self._words.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName("将要填入的各格")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMaximumHeight((self.fontMetrics().height() + STEP) * _LINES_SEEN)
        self._lay_out()

    def offered(self) -> Fix | None:
        return self._fix

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
        """List the cells that would be filled and wait for the user's decision."""
        self._fix = fix
        self._words.setText(f"将填入下面 {len(fix.cells)} 格，可以撤销：")
        self.list.clear()
        self.list.addItems(list(lines(self._form, fix)))
        self.show()
        self.accept.setFocus(Qt.FocusReason.OtherFocusReason)


def lines(form: Format, fix: Fix) -> Iterator[str]:
    """Yield one line for each row and value: “行政许可：本年处理决定数量 → 0”."""
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for address, entry in fix.cells:
        rows[form.row_name(address), entry.shown()].append(form.column(address).label)
    for (row, value), columns in rows.items():
        yield f"{row}：{'、'.join(columns)} → {value}"
