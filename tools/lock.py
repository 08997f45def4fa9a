"""Writes the lock files from the `.in` files: every platform, with hashes, without the address of a package index."""

from __future__ import annotations

import re
import sys

from bootstrap import ROOT
from bootstrap.environment import PYTHON, pip
from bootstrap.process import Stop, call, guarded

SUMMARY = "重新锁定依赖的版本（--upgrade 表示升级）；参数原样交给 uv"

LOCKER = "uv==0.13.9"  # large and needed only here, so it is in no lock file
# pip comes with every .venv; sqlite-utils asks for it, but only to install its own plug-ins.
SHAPE = "--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-package pip"
LOCK_LINE = re.compile(r"[a-z0-9._-]+==[\w.!+]+( ; [\w. '=!<>()]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")


def lock(arguments: list[str]) -> int:
    """Write all lock files; packages that two of them share get the same version."""
    if pip("install", LOCKER):
        raise Stop("无法安装锁定版本所用的工具 uv，请检查网络后再次执行同一命令")
    compile_lock("requirements", arguments)
    compile_lock("requirements-dev", ["--constraint", "requirements.txt", *arguments])
    compile_lock("requirements-release", arguments)
    return 0


def compile_lock(name: str, arguments: list[str]) -> None:
    """Write NAME.txt from NAME.in; restore the old file and raise `Stop` if the result is unfit."""
    target = ROOT / f"{name}.txt"
    before = target.read_text(encoding="utf-8")
    code = call(PYTHON, "-m", "uv", "pip", "compile", "-q", *SHAPE.split(), *arguments, "-o", target.name, f"{name}.in")
    strange = strange_lock_lines(target.read_text(encoding="utf-8"))
    if code or strange:
        target.write_text(before, encoding="utf-8", newline="\n")
        raise Stop(f"未能锁定 {target.name}，原文件保持不变：{'；'.join(strange) or '原因见上面的输出'}")


def strange_lock_lines(text: str) -> list[str]:
    """Return the lines that are neither a pinned package nor a hash, such as the address of an index."""
    return [line for line in text.splitlines() if not LOCK_LINE.fullmatch(line)]


if __name__ == "__main__":
    sys.exit(guarded(lock, sys.argv[1:]))
