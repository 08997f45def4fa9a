"""Installs the locked packages, as wheels for Windows, into the interpreter that runs under Wine."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path

from bootstrap import ROOT
from bootstrap.environment import DEVELOPER, pip
from bootstrap.process import Stop
from wine_check import CACHE, interpreter

WHEELS = CACHE / "wheels"
STAMP = interpreter.PYTHON / "installed"
WINDOWS_ONLY = re.compile(r" ; sys_platform == 'win32'(?= )")


def for_windows(lock: str) -> str:
    """Return a lock file whose packages for Windows are no longer left out by a pip that runs on Linux."""
    return WINDOWS_ONLY.sub("", lock)


def wanted() -> str:
    """Return the digest of the lock files and the interpreter."""
    parts = [interpreter.DIGEST.encode(), *((ROOT / lock).read_bytes() for lock in DEVELOPER)]
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def installed() -> bool:
    """Tell whether interpreter and packages are those wanted."""
    return STAMP.is_file() and STAMP.read_text("ascii") == wanted()


def set_up() -> str:
    """Download the wheels with their hashes checked and unpack them; return how many."""
    found = fetch()
    for wheel in found:
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(interpreter.PYTHON / "Lib" / "site-packages")
    # Qt warns at every start without this folder; the tests count a warning as a fault.
    (interpreter.PYTHON / "Lib" / "site-packages" / "PySide6" / "lib" / "fonts").mkdir(parents=True, exist_ok=True)
    STAMP.write_text(wanted(), "ascii")
    return f"{len(found)} 个软件包，散列值与 requirements*.txt 一致"


def fetch() -> list[Path]:
    """Download the wheels that are missing; return all of them."""
    WHEELS.mkdir(parents=True, exist_ok=True)
    locks = []
    for lock in DEVELOPER:
        path = WHEELS / lock
        path.write_text(for_windows((ROOT / lock).read_text("utf-8")), "utf-8")
        locks.append(f"--requirement={path}")
    machine = ("--platform=win_amd64", "--python-version=3.11", "--no-deps", "--require-hashes", "--exists-action=w")
    for old in WHEELS.glob("*.whl"):
        old.unlink()
    if pip("download", *machine, f"--dest={WHEELS}", *locks):
        raise Stop("下载 Windows 的软件包失败，请检查网络和磁盘空间后再次执行同一命令")
    return sorted(WHEELS.glob("*.whl"))
