"""Finds out whether the drafts' file is older than, or another copy of, the one saved last, and accepts such a file."""

from __future__ import annotations

from pathlib import Path

from model.storage import (
    FOLDER,
    Doubt,
    RunMemory,
    Store,
    StoreTrouble,
    backups,
    file_copy,
    progress,
)


def find_doubt(store: Store, run: RunMemory | None = None) -> Doubt | None:
    """Compare the file with the last save of this run and of this computer, and with the backups."""
    memory = progress.recall(store.path.parent)
    known = [run.mark if run else None, memory.last(), memory.mark(store.uuid)]
    doubts = [doubt for mark in known if mark and (doubt := store.doubt(mark))]
    return doubts[0] if doubts else _behind_backups(store, memory.left)


def _behind_backups(store: Store, left: int) -> Doubt | None:
    """Compare the file with the newest backup of it: the record of the last save may be lost or older, too."""
    last = store.last_step()
    for backup in backups.listed(store.path.parent / FOLDER):
        if backup.step <= max(last, left):
            return None
        try:
            with file_copy.reading(backup.path) as reader:
                if reader.mark().uuid == store.uuid:
                    return Doubt(f"比备份旧（少 {backup.step - last} 处修改）", backup.step - last)
        except StoreTrouble:
            continue  # a damaged backup, or one of another program
    return None


def question(doubt: Doubt, run: RunMemory | None = None) -> str:
    """Return the message that asks what to do with a file in doubt."""
    window = "放回窗口中的内容、" if run and run.heads else ""
    return f"这个草稿库{doubt.what}；请选择{window}使用较新的备份，或仍用此文件"


def leave_older(folder: Path) -> None:
    """Accept the present file as it is (仍用此文件): from now on it counts as the last save."""
    store = Store.open_for_reading(folder, "只读")
    try:
        newest = next(iter(backups.listed(folder / FOLDER)), None)
        progress.accept(folder, store.mark(), newest.step if newest else 0)
    finally:
        store.close()
