"""A strip that offers to do something: Enter does it, Esc leaves it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget


class Offer(QFrame):
    """Two buttons and their keys; whoever inherits says what is offered and lays it out."""

    accepted = Signal(object)  # what was offered
    dropped = Signal()

    def __init__(self, accept: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.accept = QPushButton(accept)
        self.drop = QPushButton("取消(&C)")
        self.accept.clicked.connect(self.on_accept)
        self.drop.clicked.connect(self.on_drop)
        self.hide()

    def offered(self) -> object:
        """What is handed over; None when there is nothing."""
        raise NotImplementedError

    def on_accept(self) -> None:
        """Hand over what was offered."""
        self.hide()
        offered = self.offered()
        if offered is not None:
            self.accepted.emit(offered)

    def on_drop(self) -> None:
        """Change nothing."""
        self.hide()
        self.dropped.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.on_drop()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.accept.isEnabled():
            self.on_accept()
        else:
            super().keyPressEvent(event)
