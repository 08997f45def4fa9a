"""Opens the files that a user names: the only place that does, so that no reader waits for a pipe or reads a device.

Every fault of the path or of the disk becomes one `Trouble` that says what the path is and what to do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from model.base.held_files import INVALID_NAME, errno_of, patiently
from model.base.text import excerpt
from model.base.trouble import Trouble

MAX_NAME = 80  # characters of a file name in a message

_GONE = "找不到文件“{name}”，可能已被移动、改名或删除，请重新选择"
_CLOSED = "没有权限读入文件“{name}”，请换一个文件，或请管理员开放读取权限"
_LOOSE = "读入文件“{name}”时磁盘已断开，请重新插入后再读入"
_FOLDER = "“{name}”是文件夹，不是文件，请选择一份年度报告文件"
_NO_FILE = "“{name}”不是文件，而是管道、设备之类，请选择一份年度报告文件"
_ANSWERS = {
    errno.ENOENT: _GONE,
    errno.ENOTDIR: "找不到文件“{name}”，路径中有一段不是文件夹，请重新选择",
    errno.ELOOP: "“{name}”是指向自己的链接，找不到原文件，请重新选择",
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EISDIR: _FOLDER,
    errno.ENAMETOOLONG: "文件“{name}”的路径过长，请移到较短的文件夹后再读入",
    errno.EBUSY: "文件“{name}”正被其他程序占用（如 Word），请关闭后再读入",
    errno.ENODEV: _LOOSE,
    errno.ENXIO: _LOOSE,
}
_UNUSABLE_NAME = "文件名里有不能使用的字符，请给文件改名后再读入"
# Without waiting for the other end of a pipe, and without becoming the terminal of this process.
_FLAGS = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT")
)


def shown_name(path: Path | str) -> str:
    """Return the name of a file for a message or a title: one line, no control characters, at most 80 characters."""
    return excerpt(path if isinstance(path, str) else path.name or str(path), MAX_NAME)


def read_input(path: Path, at_most: int) -> bytes:
    """Read a whole file of 1 to `at_most` bytes; raise `Trouble` for anything else. Its size is asked before."""
    with open_input(path) as file:
        refuse_size(shown_name(path), os.fstat(file.fileno()).st_size, at_most)
        content = file.read(at_most + 1)
    refuse_size(shown_name(path), len(content), at_most)
    return content


def begins_with(path: Path, magic: bytes) -> bool:
    """Tell whether a file begins with these bytes; False for one that cannot be read, which its reader reports."""
    try:
        with open_input(path) as file:
            return file.read(len(magic)) == magic
    except Trouble:
        return False


def input_size(path: Path) -> int:
    """Return the size of a regular file in bytes; raise `Trouble` for any other, as `read_input` does."""
    with open_input(path) as file:
        return os.fstat(file.fileno()).st_size


@contextmanager
def open_input(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file for reading; raise `Trouble` for any other, also where reading fails within the block."""
    name = shown_name(path)
    try:
        _refuse_other_kinds(name, path.stat().st_mode)  # a device may act as soon as it is opened
        with os.fdopen(patiently(path, lambda: os.open(path, _FLAGS)), "rb") as file:
            _refuse_other_kinds(name, os.fstat(file.fileno()).st_mode)
            yield file
    except OSError as error:
        raise Trouble(_answer(error, path, name)) from error
    except ValueError as error:  # a name with a NUL character or half of a surrogate pair
        raise Trouble(_UNUSABLE_NAME) from error


def _refuse_other_kinds(name: str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise Trouble(_FOLDER.format(name=name))
    if not stat.S_ISREG(mode):
        raise Trouble(_NO_FILE.format(name=name))


def refuse_size(name: str, size: int, at_most: int) -> None:
    """Raise `Trouble` for an empty file or one larger than any report; sizes in bytes."""
    if not size:
        raise Trouble(f"文件“{name}”是空的（0 字节），请重新取得原文件")
    if size > at_most:
        sizes = f"{size // 2**20} MB，最大 {at_most // 2**20} MB"
        raise Trouble(f"文件“{name}”太大（{sizes}），不像是一份年度报告，请检查是否选错了文件")


def _answer(error: OSError, path: Path, name: str) -> str:
    known = _ANSWERS.get(errno_of(error, path))
    if getattr(error, "winerror", None) == INVALID_NAME:
        return _UNUSABLE_NAME
    return known.format(name=name) if known else f"文件“{name}”读入中断（{error.strerror}），请检查磁盘后再读入"


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder; False where it cannot be asked, which its reader reports."""
    with contextlib.suppress(OSError, ValueError):
        return stat.S_ISDIR(path.stat().st_mode)
    return False


def is_there(path: Path) -> bool:
    """Tell whether a path leads to something; False where it cannot be asked, which its reader reports."""
    with contextlib.suppress(OSError, ValueError):
        path.stat()
        return True
    return False
