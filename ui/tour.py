"""The first-run tour: four hints beside what they are about.  They wait, take no focus and stop nothing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.look import MARGIN, STEP, colours

WIDTH = 22  # characters


@dataclass(frozen=True)
class Hint:
    """What is said, and the widget it is said about."""

    words: str
    about: QWidget


class Tour(QFrame):
    """One hint at a time, over the window."""

    ended = Signal()

    def __init__(self, window: QWidget, hints: tuple[Hint, ...]) -> None:
        super().__init__(window)
        self._window, self._hints, self._place = window, hints, 0
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setAccessibleName("操作提示")
        self.next = QPushButton()
        self.skip = QPushButton("不再提示")
        self.setObjectName("tour")
        self.setAutoFillBackground(True)
        self.setStyleSheet(
            f"#tour {{ background: {colours().band.name()}; border: 1px solid {colours().accent.name()} }}"
        )
        self._lay_out()
        self.next.clicked.connect(self.step)
        self.skip.clicked.connect(self.end)
        window.installEventFilter(self)
        self._show()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.next, self.skip):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in its cell
            buttons.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        box.setSpacing(2 * STEP)
        box.addWidget(self.words)
        box.addLayout(buttons)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("国") * WIDTH)

    def step(self) -> None:
        """The next hint; after the last one the tour is over."""
        self._place += 1
        if self._place < len(self._hints):
            self._show()
        else:
            self.end()

    def end(self) -> None:
        """Show no more."""
        self.hide()
        self.ended.emit()
        self.deleteLater()

    def _show(self) -> None:
        last = self._place + 1 == len(self._hints)
        self.words.setText(self._hints[self._place].words)
        self.next.setText("知道了" if last else f"下一条（{self._place + 1}/{len(self._hints)}）")
        self.skip.setVisible(not last)
        self._stand()
        self.show()
        self.raise_()

    def _stand(self) -> None:
        """Beside what the hint is about, within the window."""
        window, about = self._window, self._hints[self._place].about
        self.setFixedHeight(self.heightForWidth(self.width()))
        corner = about.mapTo(window, QPoint(0, 0))
        right = corner.x() + about.width() + MARGIN
        x = right if right + self.width() < window.width() else corner.x() - self.width() - MARGIN
        y = corner.y() + min(about.height() // 3, 10 * MARGIN)
        room = window.rect().size() - self.size()
        self.move(max(0, min(x, room.width())), max(0, min(y, room.height() - 3 * MARGIN)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._stand()
        return super().eventFilter(watched, event)
