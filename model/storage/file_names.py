"""Names of the files in the data folder; imports no SQLite, so that a command can look for them without it."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from urllib.parse import quote

DATABASE = "reports.db"
FOLDER = "备份"  # of backups, in the data folder
JOURNAL, WAL, SHARED_MEMORY = "-journal", "-wal", "-shm"  # endings of the files that SQLite looks for beside a database
SUPER_JOURNAL = "-mj"  # beginning of the ending; ours have only a journal, without one of these


def beside(path: Path, ending: str) -> Path:
    """Return the path of a file beside a database; SQLite looks beside the file to which a link leads."""
    real = path.resolve() if path.is_symlink() else path
    return real.with_name(real.name + ending)


def foreign_file(path: Path, *, alone: bool) -> Path | None:
    """Return the file that came beside the drafts' file and that SQLite would apply to it at the next transaction.

    `alone`: no other program saves, so that between two transactions a journal with content is none of ours either.
    """
    if os.path.lexists(wal := beside(path, WAL)):
        return wal
    journal = beside(path, JOURNAL)
    return journal if alone and os.path.lexists(journal) and journal.lstat().st_size else None


def address(path: PurePath, mode: str) -> str:
    """Return the path as a URI for SQLite, with its characters escaped: `file:///C:/数据%23/reports.db?mode=rw`."""
    plain = path.as_posix()
    name = quote(plain.encode("utf-8", "surrogateescape"))  # a folder name in GBK is decoded to lone surrogates
    return f"file://{'' if plain.startswith('/') else '/'}{name}?mode={mode}"
