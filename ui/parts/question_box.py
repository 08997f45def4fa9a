"""The only question box of the program: neither Enter nor Escape chooses what abandons something."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

CANCEL = "取消"


def ask_question(parent: QWidget, title: str, words: str, choices: Sequence[str]) -> str:
    """Ask and return the label of the chosen button; `CANCEL`, which is always offered, for Enter, Escape and ×."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, words, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)  # the words may quote what the user typed
    buttons = [(label, box.addButton(label, QMessageBox.ButtonRole.ActionRole)) for label in choices]
    cancel = box.addButton(CANCEL, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    chosen = box.clickedButton()
    box.deleteLater()
    return next((label for label, button in buttons if button is chosen), CANCEL)
