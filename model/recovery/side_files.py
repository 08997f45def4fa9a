"""Files beside a drafts' file that SQLite would apply to it: a journal that a crash left, or those of another database.

SQLite asks only for the name: a journal or WAL of another database turned good files into others, without an error.
"""

from __future__ import annotations

import glob
import os
import time
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from model.base import files
from model.storage import StoreTrouble, damaged, database_file, file_copy, file_names, troubles

JOURNAL, WAL, SHARED_MEMORY = file_names.JOURNAL, file_names.WAL, file_names.SHARED_MEMORY
ASIDE = ".foreign-"  # in the names of what was put aside
MOST_BYTES = 500 * 2**20  # a larger file beside the drafts is not tried: none of ours is as large
_NAMES_SUPER_JOURNAL = bytes.fromhex("d9d505f920a163d7")  # end of a journal that several databases share


def in_wal_mode(path: Path) -> bool:
    """Tell whether the header of a file says that a WAL belongs to it; ours never does, unless others changed it."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return 2 in file.read(20)[18:]


def foreign_files(path: Path) -> tuple[Path, ...]:
    """Return what lies beside a drafts' file under a name that SQLite would use, and is none of our journals."""
    names = [
        one for one in (file_names.beside(path, WAL), file_names.beside(path, SHARED_MEMORY)) if os.path.lexists(one)
    ]
    supers = file_names.beside(path, file_names.SUPER_JOURNAL)
    more = sorted(supers.parent.glob(f"{glob.escape(supers.name)}*"))
    names += [one for one in more if ASIDE not in one.name]
    journal = file_names.beside(path, JOURNAL)
    return (*names, journal) if os.path.lexists(journal) and not is_plain(journal) else tuple(names)


def is_plain(journal: Path) -> bool:
    """Tell whether a journal or WAL is a regular file that names no super-journal, which SQLite would delete."""
    if journal.is_symlink() or not journal.is_file():
        return False
    with journal.open("rb") as file:
        file.seek(max(0, journal.stat().st_size - len(_NAMES_SUPER_JOURNAL)))
        return file.read() != _NAMES_SUPER_JOURNAL


def usable(path: Path) -> tuple[str, ...]:
    """Return the endings of the files beside a drafts' file that may belong to it and are worth a trial."""
    endings = (JOURNAL, WAL) if in_wal_mode(path) else (JOURNAL,)
    return tuple(ending for ending in endings if _has_content(file_names.beside(path, ending)))


def _has_content(path: Path) -> bool:
    return os.path.lexists(path) and is_plain(path) and 0 < path.stat().st_size <= MOST_BYTES


def put_aside(path: Path) -> tuple[Path, ...]:
    """Rename the foreign files beside a drafts' file, before any connection to it; return their new paths."""
    return tuple(_renamed(foreign) for foreign in foreign_files(path))


def _renamed(foreign: Path) -> Path:
    aside = foreign.with_name(f"{foreign.name}{ASIDE}{token_hex(4)}")
    files.rename_over(foreign, aside)
    return aside


def sentence(aside: tuple[Path, ...]) -> str:
    """Return the message that names the files put aside; "" for none."""
    if not aside:
        return ""
    names = "、".join(f"“{path.name.rpartition(ASIDE)[0]}”" for path in aside)
    kept = "、".join(f"“{path.name}”" for path in aside)
    return f"草稿库旁边有不属于它的文件{names}，没有使用，已改名为{kept}保留，草稿不受影响"


# -- a journal that was left behind ----------------------------------------------------------------------------------


def check_journal(path: Path, known: int, settle: float) -> tuple[Path, ...]:
    """Check on a copy that a journal left by a crash belongs to the file, before SQLite rolls it back.

    A foreign journal is renamed; returns its new path. `known`: last step that this computer remembers. `settle`:
    seconds after which a journal has no running program. Raises `StoreTrouble` when the file is intact neither with
    the journal nor without it.
    """
    journal = file_names.beside(path, JOURNAL)
    if not left_behind(journal, settle):
        return ()
    if not path.exists():
        return (_renamed(journal),)
    with_journal = _last_step(path, journal) if _has_content(journal) else None
    alone = _last_step(path, None)
    # Without a memory only the higher one of two whole states is sure to hold all that was acknowledged.
    if with_journal is not None and (alone is None or with_journal >= (min(known, alone) if known else alone)):
        return ()
    if alone is None:
        raise damaged(path, "上次未写完，且无法还原")
    return (_renamed(journal),)


def left_behind(journal: Path, settle: float) -> bool:
    """Return True for a journal that still has content after `settle` seconds: no program is writing it."""
    end = time.monotonic() + settle
    while journal.exists() and journal.stat().st_size:
        if time.monotonic() >= end:
            return True
        time.sleep(0.02)
    return False


def _last_step(path: Path, journal: Path | None) -> int | None:
    """Return the last step in a copy of the file after SQLite applied the journal; None when the copy is damaged."""
    copy = temporary(path)
    try:
        files.copy_private(path, copy)
        if journal:
            files.copy_private(journal, file_names.beside(copy, JOURNAL))
        with suppress(StoreTrouble), troubles(copy):  # a damaged copy means a damaged file
            database_file.open_existing(copy).close()
            return file_copy.verified(copy)[1]
        return None
    finally:
        remove(copy)


def temporary(path: Path) -> Path:
    """Return a new name beside a file for a private copy."""
    return path.with_name(f"~{file_names.DATABASE}.{token_hex(4)}.tmp")


def remove(copy: Path) -> None:
    """Remove a private copy with all that SQLite made beside it."""
    for ending in ("", JOURNAL, WAL, SHARED_MEMORY):
        files.remove(file_names.beside(copy, ending))
