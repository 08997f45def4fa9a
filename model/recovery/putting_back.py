"""Puts what this run has saved back into the drafts' file, after an older or another copy took its place."""

from __future__ import annotations

from pathlib import Path

from model.base import as_message
from model.recovery.recovered_file import Recovered, recover
from model.storage import Holder, Lock, RunMemory, StoreTrouble, TroubleKind


def put_back(folder: Path, run: RunMemory) -> str:
    """Rebuild the file from the newest backup, the present file and all that this run has saved; return a message.

    The present file is kept under another name.  The store must be closed.
    """
    lock = Lock.take(folder, Holder())
    if lock is None:
        raise StoreTrouble("数据正被另一个窗口使用，没有放回；请关闭那个窗口后再试", kind=TroubleKind.BUSY)
    try:
        return _sentence(run, recover(folder, "放回窗口中的内容", run=run, instead=True))
    finally:
        lock.release()


def _sentence(run: RunMemory, recovered: Recovered) -> str:
    kept = f"旧文件已保留为“{recovered.kept.name}”" if recovered.kept else ""
    missing = f"更早的修改仍缺 {recovered.missing} 处，请核对" if recovered.missing else ""
    versions = f"有 {recovered.versions} 个保存的版本未能找回" if recovered.versions else ""
    undecided = f"有 {len(recovered.undecided)} 处内容未能确认，请逐条核对" if recovered.undecided else ""
    return as_message(f"已把窗口中的内容放回草稿库（{len(run.heads)} 份草稿）", missing, versions, undecided, kept)
