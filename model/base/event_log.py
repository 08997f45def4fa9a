"""Log without any typed content, so that it may be passed on: events, durations, sizes, error types and positions.

The message of an error is left out, since libraries quote values in it: ReportLab the whole paragraph, for one.
The standard library's `logging.handlers` is not used: it imports sockets and pickle, which slows each start.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePath
from traceback import walk_tb

from model.base import files, own_files

NAME, OLDER = "log.txt", "log.txt.1"
BYTES = 512 * 1024  # of each of the two files
_KIND = own_files.OwnFile("运行记录", "已另建一份，草稿不受影响", BYTES)
_ROOT = PurePath(__file__).parents[2]
_one_at_a_time = threading.Lock()


class Log:
    """The log in the data folder, readable by this user only; errors of writing it are ignored.

    It never creates the folder: one that was renamed while its drafts are open must not reappear.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, event: str, **numbers: float) -> None:
        """Record an event of the program by its name in the source, with sizes and durations."""
        self._write(" ".join([event, *[f"{name}={number:g}" for name, number in numbers.items()]]))

    def note_error(self, event: str, error: BaseException) -> None:
        """Record an error by its type and the source positions it passed."""
        self._write(f"{event} {' ← '.join(outline(error))}")

    def _write(self, words: str) -> None:
        line = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {words}\n".encode()
        with _one_at_a_time, suppress(OSError):
            path = self._folder / NAME
            try:
                _append(path, line)
            except files.NotRegularError as error:  # the log itself or the older one
                own_files.put_aside(Path(error.filename), _KIND, own_files.NO_FILE)
                _append(path, line)


def _append(path: Path, line: bytes) -> None:
    """Append a line; begin a new file when this one is full, or has a second name, which may be a backup."""
    if not _fitted(path, line):
        _make_room(path)
        _fitted(path, line)


def _fitted(path: Path, line: bytes) -> bool:
    """Append a line if there is room for it."""
    handle = files.open_own(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        found = os.fstat(handle)
        fits = found.st_nlink < 2 and found.st_size + len(line) <= BYTES
        if fits:
            os.write(handle, line)
        return fits
    finally:
        os.close(handle)


def _make_room(path: Path) -> None:
    """Rename the full log over the older one."""
    older = path.with_name(OLDER)
    os.close(files.open_own(older, os.O_RDONLY | os.O_CREAT))  # refuses a folder or a link in its place
    if older.samefile(path):  # two names of one file, which renaming leaves as they are
        path.unlink()
    else:
        path.replace(older)


def outline(error: BaseException) -> Iterator[str]:
    """Yield the type of an error and the lines it passed, innermost first; then those of its cause."""
    yield type(error).__name__
    for frame, line in reversed(list(walk_tb(error.__traceback__))):
        path = PurePath(frame.f_code.co_filename)
        place = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else PurePath(path.name)
        yield f"{place.as_posix()}:{line}"
    if cause := error.__cause__ or (error.__context__ if not error.__suppress_context__ else None):
        yield from outline(cause)
