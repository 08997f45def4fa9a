"""Message strip in the window for results, progress and errors, without modal dialogs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from model.base import Trouble
from ui.parts.theme import MARGIN, STEP, Sign, SignLabel, colours

BannerAction = tuple[str, Callable[[], object]]
STAY = 15_000  # ms; an error stays until it is closed


class Banner(QFrame):
    """Strip of a sign, a sentence, a progress bar and buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._sign, self.words = SignLabel(size=18), QLabel()
        self.words.setWordWrap(True)
        self.words.setAccessibleName("消息")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(MARGIN, STEP, MARGIN, STEP)
        self._row.addWidget(self._sign)
        self._row.addWidget(self.words, 1)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)  # indeterminate
        self._bar.setTextVisible(False)
        self._bar.setMaximumWidth(120)
        self._bar.setAccessibleName("进行中")
        self._row.addWidget(self._bar)
        self._buttons: list[QPushButton] = []
        self._reminders: list[str] = []
        self._reminding = False  # True while the reminders are shown
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, sentence: str, offers: Sequence[BannerAction] = (), *, trouble: bool = False) -> None:
        """Show a sentence with action buttons; hides itself after `STAY` unless `trouble`."""
        self._show(sentence, (*offers, ("关闭", self.hide)), Sign.ERROR if trouble else Sign.DONE)
        if not trouble:
            self._timer.start(STAY)

    def say_trouble(self, sentence: str) -> None:
        """Show an error until the user closes it; slot for signals such as `refused`."""
        self.say(sentence, trouble=True)

    def attempt(self, act: Callable[[], object]) -> None:
        """Call `act`; show a `Trouble` that it raises."""
        try:
            act()
        except Trouble as trouble:
            self.say_trouble(str(trouble))

    def remind(self, sentence: str) -> None:
        """Show a sentence found at the start, whenever no other message is shown, until the user closes it."""
        self._reminders.append(sentence)
        if self.isHidden() or self._reminding:
            self._show_reminders()

    def hide(self) -> None:
        """Hide the strip, or show the reminder if there is one; releases the functions of the buttons."""
        super().hide()
        self._offer(())
        if self._reminders:
            self._show_reminders()

    def _show_reminders(self) -> None:
        self._show("\n".join(self._reminders), [("关闭", self._forget)], Sign.ERROR)
        self._reminding = True

    def _forget(self) -> None:
        self._reminders.clear()
        self.hide()

    def busy(self, sentence: str, offers: Sequence[BannerAction] = ()) -> None:
        """Show work in progress until the next message."""
        self._show(sentence, offers, Sign.STARTED)

    def _show(self, sentence: str, offers: Sequence[BannerAction], sign: Sign) -> None:
        self._reminding = False
        self._offer(offers)
        self._sign.show_sign(sign)
        self._bar.setVisible(sign is Sign.STARTED)
        self.words.setText(sentence)
        self.dress()
        self.show()
        self._timer.stop()

    def _offer(self, offers: Sequence[BannerAction]) -> None:
        """Replace the buttons; their functions may hold a whole report."""
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(*offer) for offer in offers]

    def dress(self) -> None:
        """Set the background from the current colours: `bad` for an error, else `head`."""
        ground = colours().bad if self._sign.sign is Sign.ERROR else colours().head
        self.setStyleSheet(f"Banner {{ background: {ground.name()}; }}")

    def _button(self, label: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(label)
        button.clicked.connect(lambda: act())
        self._row.addWidget(button)
        button.show()
        return button
