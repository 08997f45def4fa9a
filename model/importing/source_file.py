"""Reads a file's bytes; raises `Trouble` for a missing, locked, empty or too large file."""

from __future__ import annotations

import errno
from pathlib import Path

from model.base import Trouble, clean

MAX_BYTES = 20 * 1024 * 1024
MAX_NAME = 80  # characters

_ANSWERS = {
    errno.ENOENT: "找不到文件“{name}”，可能已被移动、改名或删除，请重新选择",
    errno.EACCES: "没有权限读取文件“{name}”，请换一个文件，或请管理员开放读取权限",
    errno.EPERM: "没有权限读取文件“{name}”，请换一个文件，或请管理员开放读取权限",
    errno.EISDIR: "“{name}”是文件夹，不是文件，请选择一份年度报告文件",
    errno.ENAMETOOLONG: "文件“{name}”的路径过长，请移到较短的文件夹后再读取",
    errno.EBUSY: "文件“{name}”正被其他程序占用（如 Word），请关闭后再读取",
    errno.ENODEV: "读取文件“{name}”时磁盘已断开，请重新插入后再读取",
}
_SHARING_VIOLATIONS = (32, 33)  # Windows: another program holds the file


def contents(path: Path) -> bytes:
    """Read a whole file; raise `Trouble` if it is missing, locked, empty, too large or not a regular file.

    The size is checked before anything is read.
    """
    name = shown_name(path.name or str(path))
    try:
        return _contents(path, name)
    except OSError as error:
        raise Trouble(_answer(error, name)) from error
    except ValueError as error:  # a path with a NUL character
        raise Trouble("文件名里有不能使用的字符，请给文件改名后再读取") from error


def _contents(path: Path, name: str) -> bytes:
    size = path.stat().st_size
    if path.is_dir():
        raise Trouble(_ANSWERS[errno.EISDIR].format(name=name))
    if not path.is_file():  # reading a device or a pipe might never end
        raise Trouble(f"“{name}”不是文件，请选择一份年度报告文件")
    refuse_size(name, size)
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def shown_name(name: str) -> str:
    """A file name for use in a message: one line, no control characters, at most 80 characters."""
    line = " ".join(clean(name).split())
    return line if len(line) <= MAX_NAME else f"{line[:MAX_NAME]}……"


def refuse_size(name: str, size: int) -> None:
    """Raise `Trouble` for an empty file or one larger than any report; `size` in bytes."""
    if not size:
        raise Trouble(f"文件“{name}”是空的（0 字节），请重新取得原文件")
    if size > MAX_BYTES:
        sizes = f"{size // 1024 // 1024} MB，最大 {MAX_BYTES // 1024 // 1024} MB"
        raise Trouble(f"文件“{name}”太大（{sizes}），不像是一份年度报告，请检查是否选错了文件")


def _answer(error: OSError, name: str) -> str:
    code = errno.EBUSY if getattr(error, "winerror", 0) in _SHARING_VIOLATIONS else error.errno
    known = _ANSWERS.get(code or 0, f"文件“{{name}}”读取中断（{error.strerror}），请检查磁盘后再读取")
    return known.format(name=name)
