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

NAME, OLDER = "log.txt", "log.txt.1"
BYTES = 512 * 1024  # of each of the two files
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
            if path.exists() and path.stat().st_size + len(line) > BYTES:
                path.replace(path.with_name(OLDER))
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, line)
            finally:
                os.close(handle)


def outline(error: BaseException) -> Iterator[str]:
    """Yield the type of an error and the lines it passed, innermost first; then those of its cause."""
    yield type(error).__name__
    for frame, line in reversed(list(walk_tb(error.__traceback__))):
        path = PurePath(frame.f_code.co_filename)
        place = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else PurePath(path.name)
        yield f"{place.as_posix()}:{line}"
    if cause := error.__cause__ or (error.__context__ if not error.__suppress_context__ else None):
        yield from outline(cause)
