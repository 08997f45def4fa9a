"""Helpers for Qt layouts."""

from __future__ import annotations

from PySide6.QtWidgets import QDockWidget, QLayout, QVBoxLayout, QWidget

from ui.parts.theme import MARGIN, STEP


def emptied(layout: QLayout) -> None:
    """Remove everything from a layout; its widgets are deleted by `deleteLater`."""
    while layout.count():
        widget = layout.takeAt(0).widget()
        if widget is not None:
            widget.deleteLater()


def docked(dock: QDockWidget) -> QVBoxLayout:
    """Set an empty widget in a dock and return its vertical layout."""
    inner = QWidget()
    box = QVBoxLayout(inner)
    box.setContentsMargins(MARGIN, STEP, MARGIN, MARGIN)
    dock.setWidget(inner)
    return box
