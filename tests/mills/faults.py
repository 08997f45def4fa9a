"""Fault test: fails the first, second, … disk change of a session in turn; no acknowledged save may be lost.

`python -m tests.mills.faults`.  Every change in turn fails with ENOSPC or EIO, once or from then on, with half of a
write done or nothing of it.  The session continues as the writer does: it retries a failed save with the same id.
"""

from __future__ import annotations

import argparse
import errno
import itertools
import multiprocessing
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from model.storage.database_file import StoreTrouble
from model.storage.store import Store
from tests.mills import recording, workload

SAVES, TRIES = 8, 4


@dataclass(frozen=True)
class Fault:
    """Number of the change that fails (from 1), errno and manner of the failure."""

    at: int
    error: int
    for_ever: bool
    half: bool


class Session:
    """Saves drafts and continues after every disk error, as the program does."""

    def __init__(self, folder: Path, told: Connection) -> None:
        self._folder = folder
        self._told = told
        self._store: Store | None = None

    def run(self) -> None:
        """Save, with a backup half-way; each is tried as often as the writer would in the first seconds."""
        for number in range(1, SAVES + 1):
            if not self._try(lambda number=number: self._save(number)):  # type: ignore[misc]
                break
            self._told.send(number)
            if number == SAVES // 2:
                self._try(lambda: self._opened().backup())
        if self._store:
            self._store.close()

    def _opened(self) -> Store:
        if self._store is None:
            self._store = workload.begin(self._folder).store
        return self._store

    def _save(self, number: int) -> None:
        self._opened().save(1, [workload.change(number)], f"save {number}", workload.counted(number))

    def _try(self, work: Callable[[], object]) -> bool:
        for _ in range(TRIES):
            try:
                work()
            except StoreTrouble as trouble:
                self._told.send(trouble.kind.value)
                if trouble.reopen_required and self._store:
                    self._store.close()
                    self._store = None
            else:
                return True
        return False


def session(folder: Path, fault: Fault, told: Connection) -> None:
    """Run a session with a fault; runs in the child process."""
    watch = recording.recorder()
    watch.recorder_watch(str(folder).encode(), b"")
    watch.recorder_fail(fault.at, fault.error, int(fault.for_ever), int(fault.half))
    Session(folder, told).run()
    told.send(("changes", int(watch.recorder_count())))


@dataclass
class Result:
    """Outcome of a session: last acknowledged save, changes made, kinds of trouble reported, error, saves found."""

    acknowledged: int = 0
    changes: int = 0
    told: Counter[str] = field(default_factory=Counter)
    wrong: str = ""
    found: int = 0


def once(folder: Path, fault: Fault) -> Result:
    """Run one session with one fault and check its folder afterwards without a fault."""
    receive, send = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=session, args=(folder, fault, send))
    process.start()
    send.close()
    result = Result()
    for message in iter(lambda: _next(receive), None):
        if isinstance(message, int):
            result.acknowledged = message
        elif isinstance(message, tuple):
            result.changes = message[1]
        else:
            result.told[str(message)] += 1
    process.join()
    result.found, result.wrong = workload.found_or_wrong(folder)
    if process.exitcode:
        result.wrong = f"the session ended by itself: {process.exitcode}; {result.wrong}"
    return result


def _next(receive: Connection) -> object:
    try:
        return receive.recv()
    except EOFError:
        return None


def mill(base: Path, error: int, *, for_ever: bool, half: bool, every: int) -> tuple[int, int, int, Counter[str]]:
    """Return points tried, points with a loss, saves reported as failed but present, and kinds of trouble."""
    points = bad = in_after_all = 0
    told = Counter[str]()
    for at in itertools.count(1, every):
        folder = base / f"{error} {for_ever} {half} {at}"
        folder.mkdir()
        result = once(folder, Fault(at, error, for_ever, half))
        if result.changes and result.changes < at:
            return points, bad, in_after_all, told
        points, told = points + 1, told + result.told
        in_after_all += result.found > result.acknowledged
        if result.wrong or result.found < result.acknowledged:
            bad += 1
            print(f"point {at}: {result.wrong}; {result.found} of {result.acknowledged}", file=sys.stderr)
    raise AssertionError("unreachable")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="try every so many points only")
    arguments = parser.parse_args()
    recording.start_with_recorder("tests.mills.faults")
    memory = Path("/dev/shm")
    worst = 0
    with tempfile.TemporaryDirectory(prefix="faults-", dir=memory if memory.exists() else None) as base:
        for error, for_ever, half in itertools.product((errno.ENOSPC, errno.EIO), (False, True), (False, True)):
            points, bad, in_after_all, told = mill(
                Path(base), error, for_ever=for_ever, half=half, every=arguments.every
            )
            how = f"{errno.errorcode[error]} {'for ever' if for_ever else 'once'}{', half written' if half else ''}"
            kinds = ", ".join(f"{count} {kind}" for kind, count in told.most_common())
            print(
                f"{how}: {points} points, {bad} lost or damaged, {in_after_all} failed but in; told: {kinds}",
                flush=True,
            )
            worst += bad
    return 1 if worst else 0


if __name__ == "__main__":
    sys.exit(main())
