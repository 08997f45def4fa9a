"""Installs what the operating system has to provide (Debian packages), or tells the user the line to type."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path

from bootstrap.process import Stop, say

# Libraries that Qt links against and a bare Debian 12 lacks: first for widgets, then for a window under X11.
QT_PACKAGES = (
    *("libegl1", "libgl1", "libdbus-1-3", "libfontconfig1", "libglib2.0-0", "libxkbcommon0"),
    *("libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-randr0", "libxcb-shape0", "libxcb-xkb1"),
    "libxkbcommon-x11-0",
)
# Commands that some tests use (X server, key events, second PDF reader, message bus, system call trace, installer
# compiler, linker), with their packages.
TEST_TOOLS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "xdotool": "xdotool",
    "pdftotext": "poppler-utils",
    "dbus-daemon": "dbus-daemon",
    "strace": "strace",
    "makensis": "nsis",
    "ld": "binutils",
}

# Run by the Python of .venv: only loading shows what is missing, and it must not happen in this process.
LOAD_QT = """
import ctypes, importlib.util, pathlib
qt = pathlib.Path(importlib.util.find_spec("PySide6").origin).parent / "Qt"
for name in ("lib/libQt6Widgets.so.6", "plugins/platforms/libqoffscreen.so", "plugins/platforms/libqxcb.so"):
    try:
        ctypes.CDLL(qt / name)
    except OSError as error:
        print(str(error).split(":")[0])
"""


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Tell whether Qt can open a window, or was told to draw elsewhere."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return platform != "linux" or any(environment.get(name) for name in names)


def apt_line(packages: Iterable[str]) -> str:
    """Return the command that installs Debian packages."""
    return "apt-get install -y --no-install-recommends " + " ".join(packages)


def may_apt() -> bool:
    """Tell whether this is root on a system of the Debian family."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt(packages: Iterable[str]) -> bool:
    """Install Debian packages as root; return False, with apt-get's output printed, if that failed."""
    say("正在安装系统软件包：" + " ".join(packages) + " ……")
    quietly("apt-get update")  # may fail on one source of many; the packages may be there all the same
    done = quietly(apt_line(packages))
    if done.returncode:
        say(done.stdout + done.stderr)
    return not done.returncode


def quietly(line: str) -> subprocess.CompletedProcess[str]:
    """Run apt-get without questions and capture its output; wait up to 120 s for another installation."""
    command = [*line.split(), "-o", "DPkg::Lock::Timeout=120"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    silent = subprocess.DEVNULL
    return subprocess.run(command, env=environment, stdin=silent, capture_output=True, text=True, check=False)


def need_packages(packages: Iterable[str], why: str) -> None:
    """Install Debian packages, or raise `Stop` with the line to type."""
    if shutil.which("apt-get") is None:
        raise Stop(f"{why}，请用系统的软件管理工具安装（Debian 中的名称：{' '.join(packages)}）")
    if not may_apt() or not apt(packages):
        raise Stop(f"{why}，请先执行下面这一行，再重试：\n    sudo apt-get update && sudo {apt_line(packages)}")


def need_commands(packages: Mapping[str, str], why: str) -> None:
    """Install the packages of missing commands (command → package), or raise `Stop`."""
    missing = missing_commands(packages)
    if missing:
        need_packages(missing, why)


def missing_commands(packages: Mapping[str, str]) -> list[str]:
    """Return the packages of the commands that are not installed."""
    return [package for command, package in packages.items() if shutil.which(command) is None]


def require_qt(python: Path) -> None:
    """Install the system libraries that Qt needs; `python` is that of `.venv`, which remembers the success."""
    stamp = python.parent.parent / "qt-loads"
    if sys.platform != "linux" or stamp.exists():
        return
    missing = missing_qt_libraries(python)
    if missing:
        need_packages(QT_PACKAGES, f"缺少图形界面所需的系统库（{'、'.join(missing)}）")
        missing = missing_qt_libraries(python)
    if missing:
        raise Stop(f"图形界面所需的系统库仍然缺少：{'、'.join(missing)}，请联系系统管理员安装")
    stamp.touch()


def missing_qt_libraries(python: Path) -> list[str]:
    """Return the names of the system libraries that Qt cannot load."""
    found = subprocess.run([python, "-c", LOAD_QT], capture_output=True, text=True, check=True)
    return sorted(set(found.stdout.split()))


def offer_test_tools() -> None:
    """Install the commands that some tests use if that is possible; otherwise these tests are skipped with a reason."""
    missing = missing_commands(TEST_TOOLS)
    if missing and may_apt() and not apt(missing):
        say("未能安装这些测试工具，用到它们的测试将被跳过")


def require_build_tools() -> None:
    """Install objdump and the shared library of Python, which PyInstaller needs and Debian packages separately."""
    if sys.platform != "linux":
        return
    missing = missing_commands({"objdump": "binutils"})
    if not has_shared_python():
        missing.append(f"libpython3.{sys.version_info[1]}")
    if missing:
        need_packages(missing, "缺少打包所需的系统组件")


def has_shared_python() -> bool:
    """Tell whether libpython stands where this Python finds it."""
    names = ("LIBDIR", "MULTIARCH", "INSTSONAME")
    folder, machine, name = (str(sysconfig.get_config_var(variable) or "") for variable in names)
    places = (Path(folder), Path(folder) / machine, Path(sys.base_prefix) / "lib")  # the last where it was moved
    return any((place / name).is_file() for place in places if name)
