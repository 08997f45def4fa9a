"""Checks the program for Windows under Wine; see docs/windows.md."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from bootstrap.process import guarded
from wine_check import CACHE, build_checks, interpreter, prefix, source_checks, suite_checks, wheels, window_checks
from wine_check.checks import Checks

SUMMARY = "在 Wine 中检查 Windows 版的源码和打包结果（Debian 12）；--window 再检查窗口和安装程序，--tests 只跑测试"


def check(words: list[str]) -> int:
    """Set up Wine and Python for Windows, run the checks and return the exit code."""
    arguments = parser().parse_args(words)
    start = time.monotonic()
    CACHE.mkdir(exist_ok=True)
    prefix.install()
    checks = Checks()
    wine = prefix.Wine(CACHE / "prefix")
    if prepare(checks, wine):
        if arguments.tests:
            suite_checks.run(checks)
        else:
            with wine.session():
                source_checks.run(checks, wine)
                build_checks.run(checks, wine)
    if arguments.window and build_checks.WINDOWED.is_file():
        window_checks.run(checks)
    return conclude(checks, time.monotonic() - start)


def prepare(checks: Checks, wine: prefix.Wine) -> bool:
    """Set up what all checks need; tell whether that succeeded."""
    if not wheels.installed() and not (
        checks.run("Python 的来源", interpreter.set_up) and checks.run("软件包", wheels.set_up)
    ):
        return False
    return checks.run("Wine", wine.set_up)


def conclude(checks: Checks, seconds: float) -> int:
    """Print the totals and return the exit code."""
    failed = checks.failed()
    used = f"用时 {seconds:.0f} 秒，{CACHE} 占用 {size(CACHE) / 1e9:.1f} GB（可随时删除）"
    print(f"共 {len(checks.outcomes)} 项，失败 {len(failed)} 项；{used}")
    return int(bool(failed))


def size(folder: Path) -> int:
    """Return the disk space of all files below a folder, in bytes."""
    names = (Path(place, name) for place, _, files in os.walk(folder) for name in files)
    return sum(name.lstat().st_blocks * 512 for name in names)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="dev.py wine", description=SUMMARY)
    made.add_argument("--window", action="store_true", help="再用 Debian 13 的 Wine 10 检查窗口、安装程序（须为 root）")
    made.add_argument("--tests", action="store_true", help="用 Debian 13 的 Wine 10 逐个运行测试文件（须为 root）")
    return made


if __name__ == "__main__":
    sys.exit(guarded(check, sys.argv[1:]))
