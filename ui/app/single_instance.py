"""Single instance per user and data folder: a second start passes its file to the first and ends.

No socket: the first start holds a lock and watches a folder, the second writes a file (a note) there and waits until
it is removed. The folder is local to this computer and user, never in the data folder, which may be shared.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

from PySide6.QtCore import QFileSystemWatcher, QLockFile, QObject, Signal

from model.base import files

LOCK = "lock"
NOTE = ".open"  # suffix of the notes
LARGEST_NOTE = 32_768  # bytes; longer than any path
PATIENCE = 3.0  # seconds that the second start waits for the first
PAUSE = 0.02


def meeting_place(data: Path, environment: Mapping[str, str]) -> Path:
    """Return the local folder used by all starts with the same data folder."""
    name = f"zwgk-annual-report-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    if runtime and sys.platform == "linux":
        return Path(runtime) / name
    user = f"-{os.getuid()}" if hasattr(os, "getuid") else ""  # Windows has a folder per user
    return Path(tempfile.gettempdir()) / f"{name}{user}"


class Instance(QObject):
    """Lock and message folder of the starts with the same data folder."""

    called = Signal(str)  # by another start: path of a file to open, or ""

    def __init__(self, place: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._lock = QLockFile(str(place / LOCK))
        self._lock.setStaleLockTime(0)  # never stale by age; QLockFile detects a dead holder
        self._watcher: QFileSystemWatcher | None = None

    def is_first(self) -> bool:
        """Return True if no other start holds the lock, or if locking is impossible."""
        if not self._is_ours():
            return True
        return self._lock.tryLock(0) or self._lock.error() is not QLockFile.LockError.LockFailedError

    def _is_ours(self) -> bool:
        """Create the folder; returns False if that fails or it belongs to another user."""
        try:
            self._place.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = self._place.lstat()
        except OSError:  # a read-only or full disk: works without a lock
            return False
        return not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not self._place.is_symlink())

    def listen(self) -> None:
        """Emit `called` for other starts from now on, if this one holds the lock."""
        if self._lock.isLocked():
            self._watcher = QFileSystemWatcher([str(self._place)], self)
            self._watcher.directoryChanged.connect(self._take_notes)
            self._take_notes()

    def _take_notes(self) -> None:
        for note in sorted(self._place.glob(f"*{NOTE}")):
            try:
                with note.open("rb") as file:
                    words = file.read(LARGEST_NOTE)
                note.unlink()
            except OSError:  # its writer has removed it after `PATIENCE`
                continue
            self.called.emit(os.fsdecode(words))

    def hand_over(self, file: str) -> bool:
        """Ask the first start to raise its window and open the file; returns False without an answer."""
        note = self._place / f"{time.time_ns()}-{token_hex(4)}{NOTE}"
        _let_others_come_forward()
        try:
            files.put(note, os.fsencode(Path(file).absolute()) if file else b"", private=True, durable=False)
        except OSError:  # a full disk: then this start opens the file itself
            return False
        return self._wait_until_taken(note)

    def _wait_until_taken(self, note: Path) -> bool:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if not note.exists():
                return True
            time.sleep(PAUSE)
        try:
            note.unlink()
        except OSError:  # taken at the last moment
            return True
        return False

    def close(self) -> None:
        """Release the lock and remove the folder."""
        if self._lock.isLocked():
            if self._watcher:
                self._watcher.removePath(str(self._place))  # Windows removes no folder that is being watched
                self._watcher.deleteLater()
            self._lock.unlock()
            try:
                self._place.rmdir()
            except OSError:  # in use by the next start
                return


def _let_others_come_forward() -> None:
    """Allow other processes to raise their window: Windows requires this of the program that the user started."""
    if sys.platform == "win32":
        import ctypes

        any_process = -1
        ctypes.windll.user32.AllowSetForegroundWindow(any_process)
