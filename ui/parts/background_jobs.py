"""Work that takes longer than a blink, off the UI thread; its answer comes back on the UI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from model.base.trouble import Trouble


class Job(QObject):
    """Runs one function in a thread of its own, then one of two others on the thread that made the job.

    `then` takes the answer, `refused` the sentence of a `Trouble`; any other error goes to `threading.excepthook`.
    `finished` comes last in each case.
    """

    finished = Signal()
    _answered = Signal(object)
    _refused = Signal(str)
    _broken = Signal()

    def __init__(
        self,
        work: Callable[[], object],
        then: Callable[..., object],
        refused: Callable[[str], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work, self._then, self._refuse = work, then, refused
        # Slots of this object, and queued by name: a plain lambda would be called in the worker's thread.
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)
        self._refused.connect(self._on_refused, Qt.ConnectionType.QueuedConnection)
        self._broken.connect(self.finished, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="job", daemon=True)

    def start(self) -> None:
        """Begin; call once."""
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; False when it has not come in time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._answered.emit(self._work())
        except Trouble as trouble:
            self._refused.emit(str(trouble))
        except BaseException:
            self._broken.emit()
            raise

    def _on_answered(self, answer: object) -> None:
        try:
            self._then(answer)
        except Trouble as trouble:
            self._refuse(str(trouble))
        finally:
            self.finished.emit()

    def _on_refused(self, sentence: str) -> None:
        self._refuse(sentence)
        self.finished.emit()


class Jobs(QObject):
    """All that goes on in the background of one window; `refused` is told the sentence of each `Trouble`."""

    def __init__(self, refused: Callable[[str], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._refused = refused
        self._running: list[Job] = []
        self._closed = False

    @property
    def busy(self) -> bool:
        """True while something goes on."""
        return bool(self._running)

    def run(self, work: Callable[[], object], then: Callable[..., object]) -> None:
        """Do something in the background, then go on with its answer; nothing any more once the window is closed."""
        if self._closed:
            return
        job = Job(work, lambda answer: None if self._closed else then(answer), self._refused, self)
        self._running.append(job)
        job.finished.connect(lambda: self._running.remove(job))
        job.start()

    def wait(self, seconds: float) -> None:
        """Wait for all that goes on, each for so long at most."""
        for job in self._running:
            job.wait(seconds)

    def close(self) -> None:
        """What comes back from now on is not wanted any more."""
        self._closed = True
