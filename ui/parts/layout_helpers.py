"""Small help with layouts."""

from __future__ import annotations

from PySide6.QtWidgets import QDockWidget, QLayout, QVBoxLayout, QWidget

from ui.parts.theme import MARGIN, STEP


def emptied(layout: QLayout) -> None:
    """Take everything out of a layout and let Qt delete the widgets when it is safe."""
    while layout.count():
        widget = layout.takeAt(0).widget()
        if widget is not None:
            widget.deleteLater()


def docked(dock: QDockWidget) -> QVBoxLayout:
    """The column in which the parts of a panel at the side stand."""
    inner = QWidget()
    box = QVBoxLayout(inner)
    box.setContentsMargins(MARGIN, STEP, MARGIN, MARGIN)
    dock.setWidget(inner)
    return box
