"""Background jobs: run a function in a thread and deliver its result on the UI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from model.base import Trouble


def _nothing(_answer: object = None) -> None:
    """Placeholder for the functions of a finished job."""


class Job(QObject):
    """Runs `work` in its own thread, then `then` or `refused` on the thread that created the job.

    `then` takes the answer, `refused` the sentence of a `Trouble`; any other error goes to `threading.excepthook`,
    and `broken` is called.  `finished` comes last in each case.  Afterwards the job holds none of the functions and
    deletes itself: a parent would otherwise keep it, and with it the report it worked on, until the window is closed.
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
        broken: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(parent)
        self._work, self._then, self._refuse, self._break = work, then, refused, broken
        # Slots of this object with a queued connection: a lambda would be called in the worker's thread.
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)
        self._refused.connect(self._on_refused, Qt.ConnectionType.QueuedConnection)
        self._broken.connect(self._on_broken, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="job", daemon=True)

    def start(self) -> None:
        """Start the thread; call once."""
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; returns False if it takes longer than `seconds`."""
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
            self._end()

    def _on_refused(self, sentence: str) -> None:
        try:
            self._refuse(sentence)
        finally:
            self._end()

    def _on_broken(self) -> None:
        try:
            self._break()
        finally:
            self._end()

    def _end(self) -> None:
        self._work = self._then = self._refuse = self._break = _nothing
        self.finished.emit()
        self._thread.join()  # it may still be inside `emit`, which must not lose its object
        self.deleteLater()


class Jobs(QObject):
    """Jobs of one window; `refused` is called with the message of each `Trouble`."""

    def __init__(self, refused: Callable[[str], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._refused = refused
        self._running: list[Job] = []
        self._closed = False

    @property
    def busy(self) -> bool:
        """Return True while a job runs."""
        return bool(self._running)

    def run(
        self,
        work: Callable[[], object],
        then: Callable[..., object],
        failed: Callable[[str], object] | None = None,
    ) -> None:
        """Run `work` in the background, then `then` with its result; does nothing once closed.

        `failed` takes the sentence of a `Trouble` instead of the window, and "" after a mistake of the program.
        """
        if self._closed:
            return
        refused = self._unless_closed(failed or self._refused)
        broken = partial(refused, "") if failed else _nothing
        job = Job(work, self._unless_closed(then), refused, self, broken)
        self._running.append(job)
        job.finished.connect(lambda: self._running.remove(job))  # goes with the job, which deletes itself
        job.start()

    def _unless_closed(self, act: Callable[..., object]) -> Callable[[object], object]:
        return lambda answer: None if self._closed else act(answer)

    def wait(self, seconds: float) -> None:
        """Wait for all running jobs, at most `seconds` for each."""
        for job in self._running:
            job.wait(seconds)

    def close(self) -> None:
        """Discard results from now on and start no more jobs."""
        self._closed = True
