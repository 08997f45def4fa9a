"""Writes answers and messages to the standard streams, which may be closed, full or cut short."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import PureWindowsPath
from typing import IO

from model.base import Trouble

_WINDOWED = "“{own}”只打开窗口，没有控制台，因此没有执行；命令请用同一文件夹中的“{name}”"
_CLOSED = "标准输出已关闭，结果无处可写，因此没有执行；请不要关闭标准输出，或把它重定向到文件"


class OutputTrouble(Trouble):
    """The answer cannot be written: standard output is closed, or on a full disk."""


def prepare() -> None:
    """Make the streams usable for Chinese, and occupy those that are closed.

    A Windows console may be cp936; a windowed program has no streams. A file of the program must not get the number of
    a closed stream: a message of a library would be written into it.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if os.name == "posix":
        while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(handle)


def require_output() -> None:
    """Raise `OutputTrouble` when there is no standard output, before anything is done."""
    if sys.stdout is None:
        raise OutputTrouble(
            _WINDOWED.format(own=PureWindowsPath(sys.executable).name, name=console_program())
            if is_windowed()
            else _CLOSED
        )


def is_windowed() -> bool:
    """Tell whether this is the program for Windows that has a window and no console."""
    return sys.platform == "win32" and bool(getattr(sys, "frozen", False)) and sys.stdout is None


def console_program() -> str:
    """Return the file name of the program for Windows that has a console."""
    return f"{PureWindowsPath(sys.executable).stem}-cli.exe"


def say(text: object) -> None:
    """Print to the standard output; a reader who closed the pipe gets no more. Raises `OutputTrouble`."""
    require_output()
    try:
        print(text)
    except OSError as error:
        _on_fault(error)


def flush() -> None:
    """Write what was printed; raises `OutputTrouble`."""
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except OSError as error:
            _on_fault(error)


def complain(sentence: str) -> None:
    """Print a message to the standard error, or show it in a box where a program for Windows has no console."""
    if sys.stderr is None:  # `print` would take the standard output instead
        if is_windowed():
            _show(sentence)
        return
    try:
        print(sentence, file=sys.stderr, flush=True)
    except OSError:  # closed or full: nobody can be told
        _discard(sys.stderr)


def _show(sentence: str) -> None:
    """Show a message in a box of the system, without Qt; the user must close it."""
    if sys.platform == "win32":
        import ctypes  # Windows only, and only for this message

        ctypes.windll.user32.MessageBoxW(None, sentence, "政府信息公开工作年度报告编制程序", 0)


def _on_fault(error: OSError) -> None:
    """Ignore a pipe closed by its reader (`list | head -1`), which Windows reports as EINVAL."""
    _discard(sys.stdout)
    if isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == errno.EINVAL):
        return
    reason = "磁盘已满" if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror
    raise OutputTrouble(f"结果写不到标准输出（{reason}），请换一个输出位置后重新执行") from error


def _discard(stream: IO[str]) -> None:
    """Lead a stream to the null device: at its end the interpreter writes what is left in the buffer."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
