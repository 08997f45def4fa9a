"""Runs the self-check of the frozen program on a copy that gets no help from this computer.

The copy stands in another folder, under a name with a space and Chinese, is read-only and gets an empty environment.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bootstrap import BUILT, PROGRAM

SUMMARY = "对打包好的程序再做一次自检"


def prove(folder: Path) -> int:
    """Copy the program's folder, run the copy with `--self-check` and return its exit code."""
    with tempfile.TemporaryDirectory(prefix="自检 ") as place:
        copy = shutil.copytree(folder, Path(place, PROGRAM), symlinks=True)
        for path in (copy, *copy.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~0o222)
        program = copy / (f"{PROGRAM}-cli.exe" if os.name == "nt" else PROGRAM)  # the other one writes nothing there
        return subprocess.run([program, "--self-check"], cwd=place, env=bare(os.environ), check=False).returncode


def bare(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without home and language; Windows keeps what it itself and PySide6 (PATH) need."""
    kept = {name: environment[name] for name in ("SYSTEMROOT", "TEMP") if name in environment}
    path = {"PATH": rf"{kept['SYSTEMROOT']}\System32"} if "SYSTEMROOT" in kept else {}
    return {"LANG": "C", **kept, **path}


def main(words: list[str]) -> int:
    """Check the folder that is named, or the one `dev.py build` made."""
    parser = argparse.ArgumentParser(description=SUMMARY)
    parser.add_argument("folder", nargs="?", type=Path, default=BUILT, metavar="程序文件夹")
    return prove(parser.parse_args(words).folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
