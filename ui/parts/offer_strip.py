"""Base class of strips that propose an action: Enter accepts it, Esc cancels it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget


class OfferStrip(QFrame):
    """Frame with an accept and a cancel button; a subclass lays it out and implements `offered`."""

    accepted = Signal(object)  # the value of `offered()`
    dropped = Signal()

    def __init__(self, accept: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.accept = QPushButton(accept)
        self.drop = QPushButton("取消(&C)")
        self.accept.clicked.connect(self.on_accept)
        self.drop.clicked.connect(self.on_drop)
        self.hide()

    def offered(self) -> object:
        """Return the value to emit with `accepted`, or None for none."""
        raise NotImplementedError

    def on_accept(self) -> None:
        """Hide the strip and emit `accepted` with the offered value."""
        self.hide()
        offered = self.offered()
        if offered is not None:
            self.accepted.emit(offered)

    def on_drop(self) -> None:
        """Hide the strip and emit `dropped`; nothing is changed."""
        self.hide()
        self.dropped.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.on_drop()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.accept.isEnabled():
            self.on_accept()
        else:
            super().keyPressEvent(event)
