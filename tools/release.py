"""Builds and packages the program for old Linux systems, with a Python that needs no newer glibc than they have."""

from __future__ import annotations

import sys

import glibc_check
import package
import release_python
from bootstrap import BUILT
from bootstrap.environment import DEVELOPER, OLD_LINUX, OWN_PYTHON, RELEASER, locked, pip, set_up
from bootstrap.process import Stop, call, guarded
from bootstrap.system import need_commands

SUMMARY = "同 package，但能在旧的 Linux（glibc 2.28）上运行；在 Debian 12 上执行，第一次约需十分钟"

# Commands that the compilation needs besides zig, with their packages.
COMPILE_TOOLS = {"dpkg-source": "dpkg-dev", "make": "make", "tclsh": "tcl"}


def release(arguments: list[str]) -> int:
    """Make the Python if needed, build with it, check the result and package it; `arguments` are PyInstaller's."""
    if sys.platform != "linux":
        raise Stop("release 只用于 Linux；在本系统上请执行 package", code=2)
    set_up(RELEASER)
    if not OWN_PYTHON.exists():
        make_own_python()
    fetch_wheels()
    if call(OWN_PYTHON, "dev.py", "build", *arguments):
        raise Stop("打包失败，原因见上面的输出")
    if glibc_check.main([str(BUILT)]):
        raise Stop("打包的程序不能在旧的系统上运行，不可发布")
    return package.make_packages(BUILT, BUILT.parent)


def make_own_python() -> None:
    """Compile the Python for old systems."""
    need_commands(COMPILE_TOOLS, "缺少编译所需的系统组件")
    if release_python.main([str(OWN_PYTHON.parent.parent)]):
        raise Stop("没有做成发布用的 Python，原因见上面的输出")


def fetch_wheels() -> None:
    """Download the packages for the new Python, which has no TLS, into its own `wheelhouse/`."""
    wheels = OLD_LINUX / "wheelhouse"
    wheels.mkdir(exist_ok=True)
    shape = ("--python-version", "3.11", "--exists-action", "i", "--dest", str(wheels))
    if pip("download", *shape, *locked(DEVELOPER)):
        raise Stop("下载软件包失败，请检查网络和磁盘空间后再次执行同一命令")


if __name__ == "__main__":
    sys.exit(guarded(release, sys.argv[1:]))
