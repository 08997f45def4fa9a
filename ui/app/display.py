"""Ends the program with one Chinese sentence where no window can be shown, instead of Qt's English lines and an abort.

Only Qt knows whether its platform plugin can be loaded and reaches a display, and it reports the failure as a fatal
message, after which it aborts the process. The message handler is called before that.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from ui.parts import console

NO_WINDOW = 2  # exit code: the display is not usable
INSTEAD = "请在桌面环境中运行，或改用命令行：list 列出草稿，check 检查，export 导出（--help 显示用法）"
# Words in the messages of Qt's plugins (xcb, wayland) when the display itself does not answer.
NO_ANSWER = ("could not connect to display", "Failed to create wl_display")
WITH_DISPLAYS = sys.platform not in ("win32", "darwin")  # elsewhere Qt always finds its screen


@contextmanager
def failure_in_chinese() -> Iterator[None]:
    """Hold back Qt's messages while the QApplication is created; a fatal one ends the program, others are passed on."""
    if not WITH_DISPLAYS:
        yield
        return
    held: list[str] = []

    def hold(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            console.complain(reason(held, os.environ))
            os._exit(NO_WINDOW)  # returning would abort; nothing has been opened yet
        held.append(message)

    before = qInstallMessageHandler(hold)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
        for message in held:
            console.complain(message)


def reason(messages: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the sentence for the messages that Qt gave before the fatal one."""
    names = [environment.get(name, "") for name in ("DISPLAY", "WAYLAND_DISPLAY")]
    if not any(names):
        return f"当前没有图形界面，无法打开窗口；{INSTEAD}"
    if any(words in message for words in NO_ANSWER for message in messages):
        return f"连不上图形界面“{next(filter(None, names))[:40]}”，无法打开窗口；{INSTEAD}"
    return f"缺少显示窗口所需的系统组件（如 libxcb-cursor0），无法打开窗口，请安装后再试；{INSTEAD}"
