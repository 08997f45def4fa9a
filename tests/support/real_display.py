"""The real program on an X server of our own, driven by real keys."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Display = dict[str, str]  # the environment of a program that is to be shown there


def missing() -> list[str]:
    """The programs that are needed and not there."""
    return [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]


@contextmanager
def display() -> Iterator[Display]:
    """An X server, with its environment."""
    number = next(n for n in range(90, 200) if not Path(f"/tmp/.X11-unix/X{n}").exists())
    server = subprocess.Popen(
        ["Xvfb", f":{number}", "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-noreset"], stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: Path(f"/tmp/.X11-unix/X{number}").exists())
        yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait(10)


def until(true: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something is so; fails when it does not come."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def program(display: Display, data: Path, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program with its drafts in `data`; what it says goes into the file `said`.  Killed in the end."""
    with said.open("w") as file:
        running = subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), "--data", str(data)], env=display, stdout=file, stderr=file
        )
    try:
        yield running
    finally:
        running.kill()
        running.wait(10)


def said(display: Display, *words: str) -> str:
    """What xdotool answers."""
    done = subprocess.run(["xdotool", *words], env=display, capture_output=True, text=True, check=False, timeout=20)
    return done.stdout.strip()


def keys(display: Display, *words: str) -> None:
    """Have xdotool do something."""
    subprocess.run(["xdotool", *words], env=display, check=True, timeout=20)


def window(display: Display, pid: int) -> str:
    """The program's window, once it is on the screen."""
    found: list[str] = []

    def there() -> bool:
        found[:] = said(display, "search", "--onlyvisible", "--pid", str(pid), "--name", "报告").split()
        return bool(found)

    until(there)
    return found[-1]


def open_first_draft(display: Display, pid: int, title: str) -> None:
    """From the list of drafts into the one on top."""
    name = window(display, pid)
    keys(display, "windowfocus", "--sync", name)
    end = time.monotonic() + 30
    while title not in said(display, "getwindowname", name):  # the drafts are read after the first paint
        assert time.monotonic() < end
        keys(display, "key", "Return")
        time.sleep(0.5)
