"""An X server of its own, on which Wine opens windows: keys are typed into it and pictures taken of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bootstrap.system import TEST_TOOLS, need_commands
from wine_check import CACHE
from wine_check.checks import Failed
from wine_check.waiting import wait_for

PICTURES = CACHE / "pictures"
SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 (where every X server has them)
SCREEN = "1600x1000x24"
WINDOW = "政府信息公开工作年度报告"
HELPERS = {"Default IME", ""}  # windows of Wine itself, never visible
# Run by another Python: this process has no display.
GRAB = """
import sys
from PySide6.QtGui import QGuiApplication
screen = QGuiApplication(["grab"]).primaryScreen()
picture = screen.grabWindow(0).toImage()
places = ((x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7))
print(len({picture.pixel(x, y) for x, y in places}) if picture.save(sys.argv[1]) else 0)
"""
FEWEST_COLOURS = 20  # an empty window has two or three


@dataclass(frozen=True)
class Desktop:
    """X server by its display name, such as `:90`."""

    display: str

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of a program of this computer that uses the X server."""
        return {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def said(self, *words: str) -> str:
        """Return the output of an xdotool command."""
        command = ["xdotool", *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=30)
        return done.stdout.strip()

    def windows(self) -> list[str]:
        """Return the titles of the visible windows."""
        numbers = self.said("search", "--onlyvisible", "--name", "").split()
        return [title for title in (self.said("getwindowname", number) for number in numbers) if title not in HELPERS]

    def await_window(self, title: str = WINDOW) -> None:
        """Wait until a window with this title is visible."""
        wait_for(lambda: any(title in shown for shown in self.windows()), f"出现窗口“{title}”", 120)

    def keys(self, *keys: str) -> None:
        """Press keys, by their names in X11."""
        self.said("key", "--delay", "200", *keys)

    def click(self, x: str, y: str) -> None:
        """Click on a place of the screen, in pixels, so that the window there gets the keyboard."""
        self.said("search", "--onlyvisible", "--name", WINDOW, "windowfocus")  # no window manager does it
        self.said("mousemove", "1", "1")
        self.said("mousemove", x, y, "click", "1")
        time.sleep(1)

    def picture(self, name: str) -> Path:
        """Save a picture of the screen; raise `Failed` if it shows next to nothing."""
        PICTURES.mkdir(exist_ok=True)
        time.sleep(3)  # until all is painted
        path = PICTURES / f"{name}.png"
        words = [sys.executable, "-c", GRAB, str(path)]
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, check=False, timeout=60)
        if int(done.stdout.strip() or 0) < FEWEST_COLOURS:
            raise Failed(f"画面是空白的，见 {path}：{done.stderr.strip()[-300:]}")
        return path


@contextmanager
def desktop() -> Iterator[Desktop]:
    """Start an X server; it ends with the block."""
    need_commands({name: TEST_TOOLS[name] for name in ("Xvfb", "xdotool", "makensis")}, "缺少显示窗口所需的工具")
    number = next(number for number in range(90, 200) if not (SOCKETS / f"X{number}").exists())
    words = ["Xvfb", f":{number}", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for((SOCKETS / f"X{number}").exists, "X 服务器启动")
            yield Desktop(f":{number}")
        finally:
            server.terminate()
