"""Starts other programs and reports errors in Chinese, on Linux and on Windows."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bootstrap import ROOT

UTF8 = {"PYTHONIOENCODING": "utf-8:replace"}  # keeps the Chinese of a started Python readable in redirected output


class Stop(Exception):
    """Ends a command with an exit code; `str()` is one Chinese sentence that tells the user what to do."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def guarded(command: Callable[[list[str]], int], arguments: list[str]) -> int:
    """Run a command and return its exit code; print a `Stop` or Ctrl+C as one sentence."""
    try:
        return command(arguments)
    except Stop as stop:
        say(str(stop))
        return stop.code
    except KeyboardInterrupt:
        say("已中断，再次执行同一命令即可继续")
        return 130


def say(sentence: str) -> None:
    """Print to stderr; stdout belongs to the program that is started."""
    print(sentence, file=sys.stderr, flush=True)


def speak_utf8() -> None:
    """Write UTF-8 to stdout and stderr, also when they are redirected (Windows may use cp936)."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # only tests replace them


def call(*command: str | Path) -> int:
    """Run a program in the project's folder and return its exit code."""
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **UTF8}, check=False).returncode


def hand_over(*command: str | Path) -> int:
    """Replace this process by another program; on Windows, which has no exec, wait for it and return its exit code."""
    words = [str(word) for word in command]
    if os.name != "nt":
        os.execv(words[0], words)  # noqa: S606 (no shell is wanted)
    with subprocess.Popen(words) as process:
        while True:
            # Ctrl+C reaches the started program as well, which decides whether it ends.
            with contextlib.suppress(KeyboardInterrupt):
                return process.wait()
