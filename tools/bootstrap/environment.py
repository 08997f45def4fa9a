"""Makes the virtual environment `.venv` and installs the locked packages into it.

A stamp in `.venv` holds the digests of the lock files that were installed: the second call returns at once, and after
an interrupted set-up, which leaves no stamp, `.venv` is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from bootstrap import ROOT
from bootstrap.process import Stop, call, say
from bootstrap.system import need_packages

OLD_LINUX = ROOT / ".release"  # the Python compiled for old Linux systems, with packages of its own
OWN_PYTHON = OLD_LINUX / "python" / "bin" / "python3.11"
PLACE = OLD_LINUX if OLD_LINUX in Path(sys.base_prefix).parents else ROOT
VENV = PLACE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed"
WHEELHOUSE = PLACE / "wheelhouse"

RUNTIME = ("requirements.txt",)
DEVELOPER = ("requirements.txt", "requirements-dev.txt")
RELEASER = (*DEVELOPER, "requirements-release.txt")

# PySide6 below 6.10 (see requirements.in) is built for Python up to 3.13.
OLDEST, NEWEST = (3, 11), (3, 13)


def python_trouble(version: tuple[int, int], largest_int: int) -> str | None:
    """Return a sentence that tells why this Python cannot be used, or None."""
    if not OLDEST <= version <= NEWEST:
        found = ".".join(map(str, version))
        return f"需要 Python 3.11、3.12 或 3.13，当前是 {found}，请安装后再执行（Windows：py -3.11 dev.py …）"
    if largest_int < 2**32:
        return "需要 64 位的 Python，当前是 32 位，请安装 64 位版本后再执行"
    return None


def digest(lock: bytes, version: tuple[int, int]) -> str:
    """Return SHA-256 of a Python version and a lock file; line ends, which git may change, do not count."""
    python = f"{version[0]}.{version[1]}\n".encode()
    return hashlib.sha256(python + lock.replace(b"\r\n", b"\n")).hexdigest()


def installed() -> list[str]:
    """Return the digests of the lock files that were installed completely, in the order of installation."""
    if PYTHON.exists() and STAMP.exists():
        return STAMP.read_text(encoding="ascii").split()
    return []


def set_up(locks: tuple[str, ...]) -> None:
    """Install the packages of the lock files into `.venv`; return at once if that was done before."""
    wanted = [digest((ROOT / lock).read_bytes(), sys.version_info[:2]) for lock in locks]
    if installed()[: len(wanted)] == wanted:
        return
    with one_at_a_time():
        there = installed()  # read again: the set-up that was waited for may have installed the same
        if there[: len(wanted)] == wanted:
            return
        STAMP.unlink(missing_ok=True)
        if not there or there != wanted[: len(there)]:
            there = []
            make_venv()
        install(locks[len(there) :])
        STAMP.write_text("\n".join(wanted), encoding="ascii")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold a lock on the project's folder; wait while another set-up holds it."""
    try:
        file = (PLACE / ".venv.lock").open("w")
    except OSError as error:
        raise Stop(f"无法写入文件夹 {PLACE}，请把它复制到有写入权限的位置（如主文件夹）后再执行") from error
    with file:
        while not try_lock(file.fileno()):
            say("另一个窗口正在安装，请稍候……")
            time.sleep(5)
        yield


def try_lock(handle: int) -> bool:
    """Lock an open file until it is closed or the process ends; return False if another process holds the lock."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 (exists on Windows only)

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 (does not exist on Windows)

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def make_venv() -> None:
    """Make an empty `.venv`, replacing an existing one."""
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
        need_packages([f"python3.{sys.version_info[1]}-venv"], "缺少建立 .venv 所需的 Python 组件")
    say("正在建立 .venv……")
    # Not sys.executable: that may be the Python of the very .venv that is about to be cleared.
    base = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run([base, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if done.returncode:
        say(done.stdout + done.stderr)
        raise Stop("无法建立 .venv，请关闭正在使用它的程序、删除这个文件夹后再次执行同一命令")


def install(locks: Iterable[str]) -> None:
    """Install exactly the packages of the lock files."""
    local = WHEELHOUSE.is_dir()
    say("正在从 wheelhouse 安装软件包……" if local else "正在下载并安装软件包，第一次约需一两分钟……")
    if pip("install", *locked(locks)):
        raise Stop("安装软件包失败，请检查网络和磁盘空间后再次执行同一命令（不能上网时，可把安装包放进 wheelhouse）")


def locked(locks: Iterable[str]) -> list[str]:
    """Return pip's options for the packages of the lock files, taken from `wheelhouse/` if that folder exists."""
    source = ["--no-index", "--find-links", str(WHEELHOUSE)] if WHEELHOUSE.is_dir() else []
    return ["--no-deps", "--require-hashes", *source, *(f"--requirement={ROOT / lock}" for lock in locks)]


def pip(command: str, *arguments: str) -> int:
    """Run pip of `.venv` and return its exit code; wheels only, because building from source needs a compiler."""
    quiet = ("--disable-pip-version-check", "--no-input", "-qq", "--only-binary=:all:")
    return call(PYTHON, "-m", "pip", command, *quiet, *arguments)
