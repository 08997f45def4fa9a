"""Saves a report as a file elsewhere when the drafts database cannot be written (另存到其他位置)."""

from __future__ import annotations

import os
from pathlib import Path

from model.base import Trouble
from model.report import Report, exchange
from model.storage import reserve, troubles


def save_elsewhere(report: Report, path: Path) -> None:
    """Write the report as an exchange file and read it back to verify it.

    An existing file is never overwritten. Raises `Trouble`, leaving no new file, when this place fails as well.
    """
    content = exchange.dumps(report)
    with troubles(path):
        try:
            reserve(path)
        except FileExistsError as error:
            raise Trouble(f"「{path}」已经存在，没有覆盖；请换一个文件名") from error
        try:
            _write(path, content)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _write(path: Path, content: bytes) -> None:
    with path.open("rb+") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if path.read_bytes() != content:
        raise Trouble(f"写到「{path}」的内容与原文不符；请换一个磁盘再试")
