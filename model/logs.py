"""A log that a clerk may show to anybody: what happened, how long it took, where in the program; never what was typed.

The message of an error is left out, since libraries quote values in it: ReportLab the whole paragraph, for one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path, PurePath
from traceback import walk_tb

NAME = "log.txt"
_BYTES = 512 * 1024
_ROOT = PurePath(__file__).parents[1]


def log_of(folder: Path) -> logging.Logger:
    """The log in the private folder: two files of 512 kB at most, for this user only."""
    logger = logging.getLogger(f"zwgk.{folder}")
    if not logger.handlers:
        handler = _Log(folder / NAME, maxBytes=_BYTES, backupCount=1, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(logging.INFO)
    return logger


def close(folder: Path) -> None:
    """Let go of the log's file."""
    logger = logging.getLogger(f"zwgk.{folder}")
    for handler in [*logger.handlers]:
        logger.removeHandler(handler)
        handler.close()


class _Log(RotatingFileHandler):
    """A log that is missing stops nothing: where the disk takes no line, work goes on without it."""

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's own name
        """Leave the line out; the library would print it."""


def note(logger: logging.Logger, event: str, **numbers: float) -> None:
    """Write down an event of the program by its name in the source, with sizes and durations."""
    said = " ".join(f"{name}={number:g}" for name, number in numbers.items())
    logger.info("%s %s", event, said)


def note_error(logger: logging.Logger, event: str, error: BaseException) -> None:
    """Write down an error by its kind and its way through the program."""
    logger.error("%s %s", event, " ← ".join(outline(error)))


def outline(error: BaseException) -> Iterator[str]:
    """The kind of an error and the lines it came through, innermost first; then of what caused it."""
    yield type(error).__name__
    for frame, line in reversed(list(walk_tb(error.__traceback__))):
        path = PurePath(frame.f_code.co_filename)
        place = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else PurePath(path.name)
        yield f"{place.as_posix()}:{line}"
    if cause := error.__cause__ or (error.__context__ if not error.__suppress_context__ else None):
        yield from outline(cause)
