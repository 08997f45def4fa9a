"""Saves drafts in a background thread, and keeps changes that could not be saved for another attempt.

`submit` returns at once.  The pending changes of a draft go into one transaction; when it fails they are kept with
its id and retried, while editing goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from model.report import Change, CountsAfter
from model.storage.database_file import StoreTrouble, TroubleKind
from model.storage.store import Store, new_uid

Result = TypeVar("Result")

RETRY_AFTER = (0.5, 1.0, 2.0, 5.0, 10.0)  # seconds; then every 10 s
MAINTENANCE_EVERY = 30.0  # seconds


@dataclass
class _Batch:
    """Changes that are saved together; the id is the same for all attempts."""

    changes: list[Change]
    counted: CountsAfter | None  # after the last change
    uid: str = field(default_factory=new_uid)
    failures: int = 0


class SaveThread:
    """Owns the store; `on_saved(number, at)` and `on_failed(number, error, waiting)` are called in its thread.

    `error` is a `Trouble` if the user can act on it, otherwise a programming error; the changes are kept in both
    cases.  After `on_saved` newer changes may already be pending: check `waiting` before showing 已保存.
    `upkeep` is called with the store every 30 s, between saves; its errors are passed to `on_neglected`.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        on_saved: Callable[[int, datetime], None] = lambda _number, _at: None,
        on_failed: Callable[[int, BaseException, int], None] = lambda _number, _error, _waiting: None,
        maintenance: Callable[[Store], None] = lambda _store: None,
        on_neglected: Callable[[BaseException], None] = lambda _error: None,
    ) -> None:
        self._open_store = open_store
        self._on_saved = on_saved
        self._on_failed = on_failed
        self._maintenance = maintenance
        self._on_neglected = on_neglected
        self._changed = threading.Condition()  # guards the next five attributes
        self._queued: dict[int, list[Change]] = {}  # submitted after the batch was made
        self._counted: dict[int, CountsAfter | None] = {}  # handed over with the last change in `_queued`
        self._batches: dict[int, _Batch] = {}  # being saved, or failed and to be retried
        self._timers: dict[int, threading.Timer] = {}  # of the next attempts
        self._stopped = False
        self._reopen_required = False  # used only in the thread, like the store
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        try:
            self._store = self._thread.submit(open_store).result()  # SQLite's connections are bound to a thread
        except BaseException:
            self._thread.shutdown()
            raise
        self._maintenance_timer = self._next_maintenance()

    # -- saving --------------------------------------------------------------------------------------------------

    def submit(self, number: int, change: Change, counted: CountsAfter | None = None) -> None:
        """Queue a change of a draft for saving, with the counts of the report after it; returns at once."""
        if change.empty:
            return
        with self._changed:
            idle = number not in self._batches and number not in self._queued
            self._queued.setdefault(number, []).append(change)
            self._counted[number] = counted
            if idle:
                self._start(number)

    def waiting(self, number: int | None = None) -> int:
        """Return the number of changes of a draft (None: of all) that are not saved yet."""
        return sum(len(changes) for draft, changes in self.unsaved().items() if number in {None, draft})

    def unsaved(self) -> dict[int, tuple[Change, ...]]:
        """Return the changes not saved yet, by draft and in order, for saving them elsewhere."""
        with self._changed:
            numbers = dict.fromkeys((*self._batches, *self._queued))
            return {number: (*self._in_batch(number), *self._queued.get(number, ())) for number in numbers}

    def _in_batch(self, number: int) -> list[Change]:
        return self._batches[number].changes if number in self._batches else []

    def flush(self, timeout: float) -> bool:
        """Retry failed saves at once and wait until none is pending; return False after `timeout` seconds."""
        with self._changed:
            for number in list(self._timers):
                self._timers.pop(number).cancel()
                self._start(number)
            self._changed.wait_for(lambda: self._stopped or self._idle, timeout)
            return self._idle

    @property
    def _idle(self) -> bool:
        return not self._batches and not self._queued

    # -- other work ----------------------------------------------------------------------------------------------

    def call(self, work: Callable[[Store], Result]) -> Result:
        """Run `work` with the store in its thread, after an attempt to save what was submitted before.

        Blocks; returns or raises what `work` does.  Must not be called by `on_saved` or `on_failed`.
        """
        return self._thread.submit(self._with_store, work).result()

    def close(self, timeout: float) -> bool:
        """Save pending changes and stop; return False, without stopping, when `timeout` seconds were not enough."""
        if not self.flush(timeout):
            return False
        self.abandon()
        self._thread.shutdown()
        return True

    def abandon(self, *, wait: bool = False) -> None:
        """Stop without saving pending changes, as the user has decided.

        Does not wait for a disk that hangs, unless `wait`: then the file is closed on return.
        """
        with self._changed:
            self._stopped = True
            for timer in self._timers.values():
                timer.cancel()
            self._timers.clear()
            self._maintenance_timer.cancel()
            self._changed.notify_all()
        self._thread.submit(self._close_store)
        self._thread.shutdown(wait=wait)

    @property
    def stopped(self) -> bool:
        """Return True once the thread takes no more work."""
        return self._stopped

    def _close_store(self) -> None:
        self._store.close()

    # -- maintenance ---------------------------------------------------------------------------------------------

    def _next_maintenance(self) -> threading.Timer:
        timer = threading.Timer(MAINTENANCE_EVERY, self._run_maintenance)
        timer.daemon = True  # as the timers of the next attempts
        timer.start()
        return timer

    def _run_maintenance(self) -> None:
        with self._changed:
            if not self._stopped:
                self._thread.submit(self._with_store, self._maintenance).add_done_callback(self._maintenance_ended)

    def _maintenance_ended(self, work: Future[None]) -> None:
        with self._changed:
            if not self._stopped:
                self._maintenance_timer = self._next_maintenance()
        if error := work.exception():
            self._on_neglected(error)

    # -- attempts ------------------------------------------------------------------------------------------------

    def _start(self, number: int) -> None:
        """Submit an attempt.  Called with the lock held, so that `_ended` runs in the store's thread, not here."""
        self._thread.submit(self._attempt, number).add_done_callback(lambda attempt: self._ended(number, attempt))

    def _attempt(self, number: int) -> datetime:
        """Save the batch that failed, or else the queued changes."""
        with self._changed:
            if number not in self._batches:
                self._batches[number] = _Batch(self._queued.pop(number), self._counted.pop(number))
            batch = self._batches[number]
        return self._with_store(lambda store: store.save(number, batch.changes, batch.uid, batch.counted))

    def _ended(self, number: int, attempt: Future[datetime]) -> None:
        error = attempt.exception()
        if error is None:
            self._saved(number, attempt.result())
        else:
            self._failed(number, error)

    def _saved(self, number: int, at: datetime) -> None:
        with self._changed:
            del self._batches[number]
            if number in self._queued:
                self._start(number)
            self._changed.notify_all()
        self._on_saved(number, at)

    def _failed(self, number: int, error: BaseException) -> None:
        with self._changed:
            batch = self._batches[number]
            delay = RETRY_AFTER[min(batch.failures, len(RETRY_AFTER) - 1)]
            batch.failures += 1
            if not self._stopped:
                self._timers[number] = timer = threading.Timer(delay, self._retry, [number])
                timer.daemon = True  # it must not keep the process running after its end
                timer.start()
        self._on_failed(number, error, self.waiting(number))

    def _retry(self, number: int) -> None:
        with self._changed:
            if self._timers.pop(number, None):  # None: `flush` has started the attempt already
                self._start(number)

    def reopen(self, before: Callable[[], object]) -> None:
        """Close the store, call `before`, open it again and retry what is pending; raises what these raise."""
        self._thread.submit(self._reopen, before).result()
        self.flush(0)

    def _reopen(self, before: Callable[[], object] = lambda: None) -> None:
        self._reopen_required = True
        self._store.close()
        before()
        self._store = self._open_store()
        self._reopen_required = False

    def _with_store(self, work: Callable[[Store], Result]) -> Result:
        """Run `work` with the store; after an error that leaves its state doubtful, reopen and check it first."""
        if self._reopen_required:
            self._reopen()
        try:
            return work(self._store)
        except StoreTrouble as trouble:
            self._reopen_required = trouble.reopen_required
            if trouble.kind is not TroubleKind.OLDER:
                raise
        self._reopen()  # at once: opening asks the user which file to use; until then the store is read-only
        return work(self._store)
