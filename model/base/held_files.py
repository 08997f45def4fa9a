"""Waits for files that another program holds for a moment, and says why Windows refuses a name or a path.

On Windows a virus scanner, a backup program or a viewer may open a file without sharing it; every other program is
then refused. Elsewhere nothing of this happens, and nothing here waits.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between the attempts, 1.55 in all
ACCESS_DENIED, VIOLATIONS = 5, (32, 33)  # Windows error codes; 32: sharing violation, 33: lock violation
INVALID_NAME, TOO_LONG = 123, (111, 206)
_MAX_PATH, _MAX_NAME = 260, 255  # characters, the end of the text included in the first
Done = TypeVar("Done")


class HeldError(PermissionError):
    """Another program still holds the file after all attempts."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EBUSY, os.strerror(errno.EBUSY), str(path))


class ReadOnlyFileError(PermissionError):
    """The file has the read-only attribute, with which Windows lets nobody replace or remove it."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EACCES, os.strerror(errno.EACCES), str(path))


def patiently(path: Path, work: Callable[[], Done]) -> Done:
    """Return what `work` on a file returns; while another program holds the file, try again for 1.55 s.

    Raises `HeldError` when it is still held, `ReadOnlyFileError` at once for a read-only file that is to be replaced.
    """
    for wait in WAITS:
        try:
            return work()
        except OSError as error:
            if not _is_held(error, path):
                raise
        time.sleep(wait)
    try:
        return work()
    except OSError as error:
        if _is_held(error, path):
            raise HeldError(path) from error
        raise


def wait_for(*paths: Path) -> None:
    """Wait until no other program holds the files that SQLite will open; raises `HeldError`."""
    if sys.platform == "win32":
        for path in paths:
            if path.is_file():  # a folder of that name is found and named later
                patiently(path, lambda path=path: path.open("rb").close())  # type: ignore[misc]


def _is_held(error: OSError, path: Path) -> bool:
    code = getattr(error, "winerror", None)
    if code == ACCESS_DENIED:  # replacing a file that is open elsewhere, or one with the read-only attribute
        if _read_only(path):
            raise ReadOnlyFileError(path) from error
        return os.path.lexists(path)
    return code in VIOLATIONS or (code is None and error.errno == errno.EACCES and _held_now(path))


def _read_only(path: Path) -> bool:
    try:
        return not path.stat().st_mode & 0o200
    except OSError:
        return False


def _held_now(path: Path) -> bool:
    """Tell whether opening a file fails by a sharing violation: `open` itself reports only EACCES."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  # Windows only, and only after an error

        read, nobody_else, existing, invalid = 0x8000_0000, 0, 3, -1
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = ctypes.c_ssize_t
        handle = kernel.CreateFileW(str(path), read, nobody_else, None, existing, 0, None)
        if handle == invalid:
            return ctypes.get_last_error() in VIOLATIONS
        kernel.CloseHandle(ctypes.c_void_p(handle))
    return False


def errno_of(error: OSError, path: Path | str | None = None) -> int:
    """Return the number of an error, with Windows' own codes as the numbers that Linux gives for the same fault."""
    code = getattr(error, "winerror", None)
    if code in TOO_LONG:
        return errno.ENAMETOOLONG
    if code in VIOLATIONS:
        return errno.EBUSY
    windows = code is not None or sys.platform == "win32"
    if windows and path is not None and error.errno in (errno.ENOENT, errno.EINVAL) and too_long(str(path)):
        return errno.ENAMETOOLONG
    return error.errno or 0


def too_long(path: str) -> bool:
    """Tell whether Windows refuses a path for its length: 260 characters, or 255 in one name."""
    if path.startswith("\\\\?\\"):
        return False
    return len(path) >= _MAX_PATH or any(len(name) > _MAX_NAME for name in path.replace("\\", "/").split("/"))
