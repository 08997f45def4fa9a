"""Line below a text with the counts of its numbers that agree with the tables and of those that could not be judged."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from model.claims import NumberSummary
from model.editing import Effect
from ui.draft import Desk


class NumberLine(QLabel):
    """Label with the counts, updated only while visible; its button `look` selects the open numbers in turn."""

    wanted = Signal(object)  # Span

    def __init__(self, desk: Desk, section: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._section = desk, section
        self._tally = NumberSummary()
        self._next = 0
        self._stale = False
        self.setAccessibleName("文中数字")
        self.setWordWrap(True)  # little room beside the buttons on a small screen
        self.look = QPushButton("逐个查看(&L)")
        self.look.setToolTip("依次选中未能判断的数字，请对照表格核对")
        self.look.clicked.connect(self.on_look)
        desk.changed.connect(self.on_changed)
        self._count()

    def on_changed(self, effect: Effect) -> None:
        """Count again after a change of text, cell or head (the year); a hidden line counts when it is shown."""
        self._stale = self._stale or bool(effect.texts or effect.changed or effect.change.head)
        if self._stale and self.isVisible():
            self._count()

    def showEvent(self, event: QShowEvent) -> None:
        if self._stale:
            self._count()
        super().showEvent(event)

    def _count(self) -> None:
        self._stale = False
        self._tally = self._desk.editing.number_summary(self._section)
        self._next = 0
        self.setText(self._tally.line())
        self.look.setHidden(not self._tally.open)

    def on_look(self) -> None:
        """Select the next open number and show why it could not be judged."""
        place = self._next % len(self._tally.open)
        phrase = self._tally.open[place]
        self._next = place + 1
        self.setText(f"未能判断的第 {place + 1} 个，共 {len(self._tally.open)} 个：{phrase.why}")
        self.wanted.emit(phrase.span)
