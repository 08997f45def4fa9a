"""Lists the files of a folder that a command was given in place of one report."""

from __future__ import annotations

from pathlib import Path

from model.base import Trouble, is_folder


def files_of(folder: Path) -> list[Path]:
    """Return the files of a folder in the order of their names; raises `Trouble` if there is none."""
    paths = sorted(path for path in folder.iterdir() if not is_folder(path))
    if not paths:
        raise Trouble(f"文件夹“{folder.name or folder}”里没有文件，请选择放有年度报告的文件夹")
    return paths
