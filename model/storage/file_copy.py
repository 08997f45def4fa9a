"""Copies the drafts' file; a copy gets its final name only after it was read back and verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from sqlite_utils import Database

from model.base import files
from model.storage import database_file
from model.storage.database_file import StoreTrouble, TroubleKind
from model.storage.file_names import DATABASE, FOLDER
from model.storage.verified_rows import Checked, VerifiedReader


def back_up(database: Database, folder: Path) -> Path:
    """Write a verified copy of the whole file into `folder`, named by time and step; a failure leaves no file."""
    with database_file.troubles(folder):
        folder.mkdir(mode=0o700, exist_ok=True)  # without parents: a data folder that is away must not reappear
        unfinished = folder / f"~{DATABASE}.{token_hex(4)}.tmp"
        try:
            files.create_private(unfinished)
            # The library's own `vacuum()` has no INTO, which copies and compacts in one read transaction.
            database.execute("VACUUM INTO ?", [str(unfinished.absolute())])
            _forget_holder(unfinished)
            _, last = verified(unfinished)
            files.sync(unfinished)
            final = folder / f"{datetime.now().astimezone():%Y-%m-%d %H%M} 第{last}步.bak"
            files.rename_over(unfinished, final)
        finally:
            unfinished.unlink(missing_ok=True)
        files.sync_folder(folder)
    return final


def _forget_holder(path: Path) -> None:
    """Remove the write lease from a copy: the holder in the original must not lock others out of the copy."""
    database = database_file.connect_temporary(path)
    try:
        with database_file.immediate(database):
            database.table("meta").delete_where("key = ?", ["lease"])
    finally:
        database.close()


def verified(path: Path) -> tuple[Checked, int]:
    """Verify a whole file; return the counts of what it holds and the id of its last step."""
    with reading(path) as reader:
        return reader.everything(), reader.count("head")


@contextmanager
def reading(path: Path, *, checked: bool = True) -> Iterator[VerifiedReader]:
    """Open a backup, or another copy that nobody writes, while the context lasts; what lies beside it is ignored.

    Without `checked`, its pages are not read through.
    """
    with database_file.opening(path):
        if checked:
            database = database_file.open_existing(path, finished=True)
        else:
            database_file.check_header(path)
            database = database_file.connect(path, "ro&immutable=1")
        try:
            yield VerifiedReader(database, path)
        finally:
            database.close()


def migrate(database: Database, path: Path, apply_migrations: Callable[[], None]) -> None:
    """Back up, then migrate the schema in one transaction that verifies every row before COMMIT."""
    try:
        back_up(database, path.parent / FOLDER)
    except StoreTrouble as trouble:
        if trouble.kind in {TroubleKind.DAMAGED, TroubleKind.ALTERED}:
            raise
        size = path.stat().st_size / 2**20
        raise StoreTrouble(
            f"升级前无法备份（需 {size:.1f} MB），数据未作任何改动，暂以只读方式打开；{trouble}",
            kind=TroubleKind.NO_BACKUP,
        ) from trouble
    with database_file.immediate(database):
        reader = VerifiedReader(database, path)
        before = reader.heads()
        apply_migrations()
        if reader.heads() != before:
            raise RuntimeError("a migration changed what it should only add to")
        reader.everything()
