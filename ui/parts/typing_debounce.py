"""When typing is handed over to be saved: as soon as the fingers rest, and every little while when they do not."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

PAUSE = 400  # ms of rest
OFTEN, SELDOM = 500, 2000  # ms of typing without a rest: so often, and so seldom where checking a long text takes time
SHARE = 4  # of this, checking may take one part


class Rest(QObject):
    """`hand_over` is called when it is time; typing that a power cut takes with it is younger than `OFTEN`.

    `goes_on`: what is handed over now goes on with what was handed over before, without a rest between: one undo.
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
        """A key was struck."""
        self._pause.start()
        if not self._most.isActive():
            self._most.start()

    def stop(self) -> None:
        """Hand over now; what is typed later is something else."""
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
