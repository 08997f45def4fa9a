"""Checks of build.spec and of the frozen program, built under Wine into `.wine/dist` and never meant to be shipped."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

from bootstrap import PROGRAM, ROOT
from wine_check import CACHE
from wine_check.checks import Checks, Failed, expect, expect_in
from wine_check.prefix import Wine
from wine_check.programs import RUNS, SAMPLE, Program, here

FROZEN = CACHE / "dist" / PROGRAM
WINDOWED = FROZEN / f"{PROGRAM}.exe"
COMMAND_LINE = FROZEN / f"{PROGRAM}-cli.exe"
GUI, CONSOLE = 2, 3  # subsystem of a PE file: Windows opens a console for the second only


def run(checks: Checks, wine: Wine) -> None:
    """Build the program and check the result."""
    if checks.run("打包（build.spec）", lambda: build(wine)):
        checks.run("打包后的自检", lambda: self_check(wine))
        checks.run("两个程序文件", lambda: executables(wine))
        checks.run("打包后的导出与 Linux 一致", lambda: same_output(wine))


def build(wine: Wine) -> str:
    """Freeze the program as `dev.py build` does on Windows."""
    shutil.rmtree(FROZEN.parent, ignore_errors=True)
    places = ("--distpath", FROZEN.parent, "--workpath", CACHE / "build")
    done = wine.python("-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *places, "build.spec")
    if done.code or not WINDOWED.is_file():
        raise Failed(f"退出码 {done.code}：{done.text.strip()[-1000:]}")
    files = [path for path in FROZEN.rglob("*") if path.is_file()]
    return f"{len(files)} 个文件，{sum(path.stat().st_size for path in files) / 1e6:.0f} MB"


def self_check(wine: Wine) -> str:
    """Check that the read-only copy of the program passes its self-check in an empty environment."""
    done = wine.python(ROOT / "tools" / "frozen_check.py", FROZEN, PYTHONIOENCODING="utf-8")
    expect_in("自检通过，共 12 项", done.text, "自检的输出")
    return "12 项，只读的副本，环境为空"


def executables(wine: Wine) -> str:
    """Check that the window's program has no console and bears its Chinese name, and that the other one answers."""
    expect(subsystem(WINDOWED.read_bytes()), GUI, f"{WINDOWED.name} 的子系统")
    expect(subsystem(COMMAND_LINE.read_bytes()), CONSOLE, f"{COMMAND_LINE.name} 的子系统")
    expect_in("政府信息公开工作年度报告", WINDOWED.read_bytes().decode("utf-16-le", "replace"), "版本资源")
    expect_in("编制程序", Program((COMMAND_LINE,), wine).must("--version"), "命令行程序的版本")
    return "窗口程序不属于控制台，有中文名称；命令行程序在控制台中回答"


def subsystem(program: bytes) -> int:
    """Return the field Subsystem of a PE file (Microsoft, "PE Format")."""
    (head,) = struct.unpack_from("<I", program, 0x3C)
    (found,) = struct.unpack_from("<H", program, head + 24 + 68)
    return int(found)


def same_output(wine: Wine) -> str:
    """Check that the frozen program exports the bytes that the source exports on Linux."""
    program, folder = Program((COMMAND_LINE,), wine), wine.home / "runs"
    for name in ("打包 年报.pdf", "打包 年报.json"):
        compare(program, folder / name, RUNS / name)
    return "PDF 和数据文件逐字节相同"


def compare(program: Program, windows: Path, linux: Path) -> None:
    """Export the sample under Wine and on Linux; raise `Failed` if the two files differ."""
    program.must("export", SAMPLE, "-o", windows, data=windows.parent / "export")
    here().must("export", SAMPLE, "-o", linux, data=linux.parent / "export")
    if windows.read_bytes() != linux.read_bytes():
        raise Failed(f"{windows.name} 与 Linux 上的不同，两份文件在 {windows.parent} 和 {linux.parent} 中")
