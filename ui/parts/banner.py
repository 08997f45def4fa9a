"""Message strip in the window for results, progress and errors, without modal dialogs.

A passing message is shown for some time; a standing one is shown whenever no passing message is, and together with an
error, until its cause is gone.  A message that names a button of `know` in its words gets
this button, from whatever place it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from model.base import Trouble
from ui.parts.theme import MARGIN, STEP, Sign, SignLabel, colours

BannerAction = tuple[str, Callable[[], object]]
STAY = 15_000  # ms; an error stays until it is closed


def plain_label(label: str) -> str:
    """Return a button's label as a sentence names it: without `…` and without the mark of its key."""
    return label.split("(&", maxsplit=1)[0].rstrip("…")


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
        self._standing: dict[str, tuple[str, tuple[BannerAction, ...]]] = {}  # sentence and offers by cause
        self._known: list[tuple[tuple[str, ...], Callable[[], Sequence[BannerAction]]]] = []
        self._passing = False  # True while a passing message is shown
        self._error: tuple[str, tuple[BannerAction, ...]] | None = None  # the error among the passing messages
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def know(self, labels: Sequence[str], offers: Callable[[], Sequence[BannerAction]]) -> None:
        """Add the buttons of `offers` to every message that names them, as far as they are offered at that time.

        `offers` is called only for a message that has one of the labels in its words.
        """
        self._known.append((tuple(labels), offers))

    def say(self, sentence: str, offers: Sequence[BannerAction] = (), *, trouble: bool = False) -> None:
        """Show a sentence with action buttons; hides itself after `STAY` unless `trouble`."""
        self._passing, self._error = True, (sentence, tuple(offers)) if trouble else None
        if trouble:
            self._show_standing()
            return
        self._show(sentence, (*offers, *self._named(sentence, offers), ("关闭", self.hide)), Sign.DONE)
        self._timer.start(STAY)

    def _named(self, sentence: str, offers: Sequence[BannerAction]) -> Iterator[BannerAction]:
        """Yield the known buttons that the sentence names and that are not among the offers."""
        given = {plain_label(label) for label, _ in offers}
        for labels, more in self._known:
            if any(label in sentence for label in labels):
                for label, act in more():
                    if (plain := plain_label(label)) in sentence and plain not in given:
                        given.add(plain)
                        yield label, act

    def say_trouble(self, sentence: str) -> None:
        """Show an error until the user closes it; slot for signals such as `refused`."""
        self.say(sentence, trouble=True)

    def attempt(self, act: Callable[[], object]) -> None:
        """Call `act`; show a `Trouble` that it raises."""
        try:
            act()
        except Trouble as trouble:
            self.say_trouble(str(trouble))

    # -- standing messages ---------------------------------------------------------------------------------------

    def stand(self, cause: str, sentence: str, offers: Sequence[BannerAction] = ()) -> None:
        """Show a sentence with its buttons until `withdraw` of the same cause, or until the user closes it.

        A new cause is shown at once; a new sentence of a known cause waits for the end of a passing message.
        """
        new = cause not in self._standing
        self._standing[cause] = sentence, tuple(offers)
        if new or self._error or not self._passing:
            self._show_standing()

    def withdraw(self, cause: str) -> None:
        """End a standing message, whose cause is gone; no other message is touched."""
        if self._standing.pop(cause, None) and (self._error or not self._passing):
            self._show_standing() if self._error else self.hide()

    def remind(self, sentence: str) -> None:
        """Show a sentence found at the start, whenever no other message is shown, until the user closes it."""
        self._standing[sentence] = sentence, ()
        if self._error or not self._passing:
            self._show_standing()

    def hide(self) -> None:
        """End the passing message; hide the strip unless something stands; releases the functions of the buttons."""
        super().hide()
        self._offer(())
        self._passing, self._error = False, None
        if self._standing:
            self._show_standing()

    def _show_standing(self) -> None:
        """Show the error, if there is one, and all standing sentences, one a line, with the buttons of all.

        关闭 closes the error first, then what stands.
        """
        self._passing = self._error is not None
        shown = [*([self._error] if self._error else []), *self._standing.values()]
        sentences = list(dict.fromkeys(sentence for sentence, _ in shown))
        words = "\n".join(one for one in sentences if not any(one in other and one != other for other in sentences))
        offers = {label: act for _, those in shown for label, act in those}
        close = self.hide if self._error else self._forget
        self._show(words, [*offers.items(), *self._named(words, [*offers.items()]), ("关闭", close)], Sign.ERROR)

    def _forget(self) -> None:
        self._standing.clear()
        self.hide()

    def busy(self, sentence: str, offers: Sequence[BannerAction] = ()) -> None:
        """Show work in progress until the next message."""
        self._passing, self._error = True, None
        self._show(sentence, offers, Sign.STARTED)

    def _show(self, sentence: str, offers: Sequence[BannerAction], sign: Sign) -> None:
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
