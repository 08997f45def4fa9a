"""Writes an error of the program itself into the folder `crash` of the data folder, without any typed content."""

from __future__ import annotations

import traceback
from datetime import datetime
from pathlib import Path
from types import TracebackType

from model.base import files
from model.base.trouble import Trouble

FOLDER = "crash"
CRASHES = 50  # reports that are kept: an error in painting writes many


def crash_text(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return time, type and positions of an error; its message may quote what the user typed, so it is left out."""
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return "\n".join([f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {kind.__name__}", *places, ""])


def write_crash_report(data: Path, text: str) -> Path:
    """Write the text into a file of its own, whose path is returned; raises `Trouble` or `OSError`.

    Never creates the data folder: one that was renamed while its drafts are open must not reappear.
    """
    if not data.is_dir():
        raise Trouble(f"错误记录没有写成：找不到数据文件夹“{data}”")
    folder = data / FOLDER
    if folder.is_symlink():  # to where another user wants files written and removed
        raise Trouble(f"错误记录没有写成：“{folder}”是链接，不是文件夹，请把它移走")
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"{datetime.now().astimezone():%Y%m%d-%H%M%S}.txt"
    path = files.write_new(folder / name, text.encode(), purpose=files.CRASH_REPORT)
    for older in sorted(folder.glob("*.txt"))[:-CRASHES]:
        older.unlink(missing_ok=True)
    return path
