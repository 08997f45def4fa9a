"""First-run tour: four hints in the space below the list of steps, which take no focus and block nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.parts import STEP, colours

if TYPE_CHECKING:
    from ui.editor import StepList


class Tour(QFrame):
    """Shows one hint at a time at the lower end of the list of steps, as wide as the list."""

    ended = Signal()

    def __init__(self, window: QWidget, steps: StepList, hints: Sequence[str]) -> None:
        super().__init__(window)
        self._window, self._steps, self._hints, self._place = window, steps, hints, 0
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setAccessibleName("操作提示")
        self.next = QPushButton()
        self.skip = QPushButton("不再提示")
        self.setObjectName("tour")
        self.setAutoFillBackground(True)
        self.dress()
        self._lay_out()
        self.next.clicked.connect(self.step)
        self.skip.clicked.connect(self.end)
        steps.installEventFilter(self)
        self._show()

    def dress(self) -> None:
        """Set background and border in the current colours."""
        band, accent = colours().band.name(), colours().accent.name()
        self.setStyleSheet(f"#tour {{ background: {band}; border: 1px solid {accent} }}")

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        box.setSpacing(STEP)
        box.addWidget(self.words)
        for button in (self.next, self.skip):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in its cell
            box.addWidget(button)

    def step(self) -> None:
        """Show the next hint; ends the tour after the last one."""
        self._place += 1
        if self._place < len(self._hints):
            self._show()
        else:
            self.end()

    def end(self) -> None:
        """End the tour and delete the widget."""
        self._steps.removeEventFilter(self)
        self._steps.leave_room(0)
        self.hide()
        self.ended.emit()
        self.deleteLater()

    def _show(self) -> None:
        last = self._place + 1 == len(self._hints)
        self.words.setText(self._hints[self._place])
        self.next.setText("完成" if last else f"下一条（{self._place + 1}/{len(self._hints)}）")
        self.skip.setVisible(not last)
        self._stand()
        self.show()
        self.raise_()

    def _stand(self) -> None:
        """Move to the lower end of the list of steps."""
        self.setFixedWidth(self._steps.width())
        self.setFixedHeight(self.heightForWidth(self.width()))
        corner = self._steps.mapTo(self._window, QPoint(0, 0))
        self.move(corner.x(), max(0, corner.y() + self._steps.height() - self.height()))
        self._steps.leave_room(self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._stand()
        elif event.type() in (QEvent.Type.Hide, QEvent.Type.Show) and not event.spontaneous():
            self.setVisible(event.type() == QEvent.Type.Show)  # hidden with the steps, which the preview replaces
        return super().eventFilter(watched, event)
