"""Starts the program on an X server of its own and operates it with real key events."""

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
Display = dict[str, str]  # the environment of a program to be shown on it


def missing() -> list[str]:
    """Return the required programs that are not installed."""
    return [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]


@contextmanager
def display() -> Iterator[Display]:
    """Start an X server; yields its environment."""
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
    """Wait until a condition holds; fails after a time limit."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def program(display: Display, data: Path, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the program with its drafts in `data` and its output in the file `said`; it is killed at the end."""
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
    """Return the output of an xdotool command."""
    done = subprocess.run(["xdotool", *words], env=display, capture_output=True, text=True, check=False, timeout=20)
    return done.stdout.strip()


def keys(display: Display, *words: str) -> None:
    """Run an xdotool command."""
    subprocess.run(["xdotool", *words], env=display, check=True, timeout=20)


def window(display: Display, pid: int) -> str:
    """Return the program's window once it is on the screen."""
    found: list[str] = []

    def there() -> bool:
        found[:] = said(display, "search", "--onlyvisible", "--pid", str(pid), "--name", "报告").split()
        return bool(found)

    until(there)
    return found[-1]


def open_first_draft(display: Display, pid: int, title: str) -> None:
    """Open the uppermost draft from the list of drafts."""
    name = window(display, pid)
    keys(display, "windowfocus", "--sync", name)
    end = time.monotonic() + 30
    while title not in said(display, "getwindowname", name):  # the drafts are read after the first paint
        assert time.monotonic() < end
        keys(display, "key", "Return")
        time.sleep(0.5)
