"""Runs the self-check of the frozen program on a copy that gets no help from this computer, and its commands.

The copy stands in another folder, under a name with a space and Chinese, is read-only and gets an empty environment.
Each command then runs in a copy without the modules that it may not load (`bootstrap/loading.py`).
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

from bootstrap import BUILT, PROGRAM, ROOT
from bootstrap.loading import MAY_LOAD, SLOW, Loading

SUMMARY = "对打包好的程序再做一次自检"
REPORT = ROOT / "tests" / "support" / "reports" / "suqian-2023.json"
LAYERS = ("model", "export", "ui")


def prove(folder: Path) -> int:
    """Copy the program's folder, run the copy with `--self-check` and return its exit code."""
    with tempfile.TemporaryDirectory(prefix="自检 ") as place:
        copy = shutil.copytree(folder, Path(place, PROGRAM), symlinks=True)
        for path in (copy, *copy.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~0o222)
        return subprocess.run([_program(copy), "--self-check"], cwd=place, env=bare(os.environ), check=False).returncode


def _program(folder: Path) -> Path:
    """Return the program of the command line; on Windows the other one writes nothing there."""
    return folder / (f"{PROGRAM}-cli.exe" if os.name == "nt" else PROGRAM)


def prove_loading(folder: Path) -> int:
    """Run each command in a copy without the modules it may not load; return 1 and name those that miss one."""
    codes = [_runs_without(folder, words, loading) for words, loading in MAY_LOAD.items()]
    return max(codes)


def _runs_without(folder: Path, words: str, loading: Loading) -> int:
    with tempfile.TemporaryDirectory(prefix="缺件 ", dir=folder.parent) as place:
        copy = shutil.copytree(folder, Path(place, PROGRAM), symlinks=True, copy_function=os.link)
        removed = _remove_others(copy / "_internal", loading)
        files = {
            "FILE": REPORT,
            "NONE": Path(place, "没有"),
            "JSON": Path(place, "a.json"),
            "PDF": Path(place, "a.pdf"),
        }
        command = [str(files.get(word, word)) for word in words.split()]
        data = [] if "--data" in command else ["--data", str(Path(place, "数据"))]
        done = subprocess.run([_program(copy), *data, *command], cwd=place, capture_output=True, check=False)
        said = done.stderr.decode("utf-8", "replace")
        failed = not removed or done.returncode not in (0, 1) or "Traceback" in said or "出错" in said
        if failed:
            print(f"{words} 装入了不需要的模块：{said}", file=sys.stderr)
        return int(failed)


def _remove_others(modules: Path, loading: Loading) -> int:
    """Remove the rooms and slow libraries that a command may not load; return how many."""
    rooms = [one for layer in LAYERS for one in (modules / layer).iterdir() if one.name != "__init__.pyc"]
    others = [one for one in rooms if f"{one.parent.name}.{one.name.partition('.')[0]}" not in loading.rooms]
    others += [
        one for name in SLOW - loading.libraries for one in (modules / name, modules / f"{name}.pyc") if one.exists()
    ]
    for one in others:
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    return len(others)


def bare(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without home and language; Windows keeps what it itself and PySide6 (PATH) need."""
    kept = {name: environment[name] for name in ("SYSTEMROOT", "TEMP") if name in environment}
    path = {"PATH": rf"{kept['SYSTEMROOT']}\System32"} if "SYSTEMROOT" in kept else {}
    return {"LANG": "C", **kept, **path}


def main(words: list[str]) -> int:
    """Check the folder that is named, or the one `dev.py build` made."""
    parser = argparse.ArgumentParser(description=SUMMARY)
    parser.add_argument("folder", nargs="?", type=Path, default=BUILT, metavar="程序文件夹")
    folder = parser.parse_args(words).folder
    return prove(folder) or prove_loading(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
