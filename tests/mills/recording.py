"""Compiles the recorder of disk changes (`recorder.c`) and restarts the program with it preloaded (`LD_PRELOAD`)."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_name("recorder.c")
LOADED = "ZWGK_RECORDER"


def available() -> bool:
    """Tell whether the recorder can be compiled and loaded."""
    return sys.platform == "linux" and shutil.which("gcc") is not None


def recorder() -> ctypes.CDLL:
    """Return the recorder that this process was started with."""
    return ctypes.CDLL(os.environ[LOADED])


def start_with_recorder(module: str) -> None:
    """Restart this program with the recorder preloaded and exit with its code; returns if it is loaded already."""
    if LOADED in os.environ:
        return
    if not available():
        sys.exit("this mill needs Linux and gcc")
    with tempfile.TemporaryDirectory(prefix="recorder-") as folder:
        library = Path(folder) / "recorder.so"
        compiler = ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-o", str(library), str(SOURCE), "-ldl"]
        subprocess.run(compiler, check=True)
        surroundings = {**os.environ, "LD_PRELOAD": str(library), LOADED: str(library)}
        command = [sys.executable, "-m", module, *sys.argv[1:]]
        sys.exit(subprocess.run(command, check=False, env=surroundings).returncode)
