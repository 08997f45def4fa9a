"""Debounces typing: commits after 400 ms of inactivity, at least every 0.5–2 s while typing continues."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

PAUSE = 400  # ms without a keystroke
OFTEN, SELDOM = 500, 2000  # ms between commits while typing continues; up to the second where checks are slow
SHARE = 4  # checking a commit may take 1/SHARE of the interval


class TypingDebounce(QObject):
    """Calls `hand_over` when typing is to be committed; uncommitted typing is younger than `OFTEN`, at most `SELDOM`.

    `goes_on`: the commit continues the one before, without a pause between them; both are undone in one step.
    """

    def __init__(self, hand_over: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self.goes_on = False
        self._hand_over = hand_over
        self._pause, self._most = QTimer(self), QTimer(self)
        for timer, wait in ((self._pause, PAUSE), (self._most, OFTEN)):
            timer.setSingleShot(True)
            timer.setInterval(wait)
        self._pause.timeout.connect(self.stop)
        self._most.timeout.connect(self._amid)

    def typed(self) -> None:
        """Start the timers after a keystroke."""
        self._pause.start()
        if not self._most.isActive():
            self._most.start()

    def stop(self) -> None:
        """Commit now; what is typed later is a separate undo step."""
        self._pause.stop()
        self._most.stop()
        self._hand_over()
        self.goes_on = False

    def _amid(self) -> None:
        began = time.monotonic()
        self._hand_over()
        taken = 1000 * (time.monotonic() - began)
        self._most.setInterval(max(OFTEN, min(SELDOM, int(SHARE * taken))))
        self.goes_on = True
