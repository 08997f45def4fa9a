"""A quiet strip for what just happened: no dialog, nothing to click away before going on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from ui.look import MARGIN, STEP, Sign, colours, icon

Offer = tuple[str, Callable[[], object]]
STAY = 15_000  # ms; a trouble stays until it is closed


class Banner(QFrame):
    """Sign, sentence, buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._sign, self.words = QLabel(), QLabel()
        self.words.setWordWrap(True)
        self.words.setAccessibleName("消息")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(MARGIN, STEP, MARGIN, STEP)
        self._row.addWidget(self._sign)
        self._row.addWidget(self.words, 1)
        self._buttons: list[QPushButton] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, sentence: str, offers: Sequence[Offer] = (), *, trouble: bool = False) -> None:
        """Show a sentence with what may be done about it."""
        for button in self._buttons:
            button.deleteLater()
        self._buttons = [self._button(*offer) for offer in (*offers, ("关闭", self.hide))]
        self._sign.setPixmap(icon(Sign.ERROR if trouble else Sign.DONE, 18).pixmap(18, 18))
        self.words.setText(sentence)
        self.setStyleSheet(f"Banner {{ background: {(colours().bad if trouble else colours().head).name()}; }}")
        self.show()
        self._timer.stop()
        if not trouble:
            self._timer.start(STAY)

    def _button(self, label: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(label)
        button.clicked.connect(lambda: act())
        self._row.addWidget(button)
        return button
