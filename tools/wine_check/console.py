"""Runs the program in a real console of Windows with code page 936, which Wine makes of a terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from pathlib import Path

from bootstrap import ROOT
from wine_check.checks import expect_in
from wine_check.prefix import Wine, read_all
from wine_check.programs import SAMPLE, from_source

# Sequences by which Wine moves the cursor and clears lines (ECMA-48).
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def check(wine: Wine) -> str:
    """Check that a console shows Chinese, and that output in a pipe, which is cp936 by default, is UTF-8."""
    program = from_source(wine)
    words = [*program.words, "check", SAMPLE]
    expect_in("错误 0，须说明 0，提示 0", shown(wine, *words), "控制台中的输出")
    expect_in("错误 0，须说明 0，提示 0", program.must("check", SAMPLE), "管道中的输出")
    expect_in("用法：", program.must("--help"), "管道中的输出")
    return "控制台（936）和管道中都显示中文"


def shown(wine: Wine, *words: str | Path) -> str:
    """Return what a program writes to its console."""
    control, terminal = pty.openpty()
    environment = {**wine.environment({}), "TERM": "xterm"}
    command = ["setsid", *wine.command(*words)]  # not the terminal of this command
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=terminal, stdout=terminal, stderr=terminal
    ) as process:
        os.close(terminal)
        said = read_all(process, control)
    os.close(control)
    return CONTROL.sub("", said.decode("utf-8", "replace"))
