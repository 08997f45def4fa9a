"""Makes a whole copy of a drafts' file whose header is damaged, or beside which a journal or a WAL lies.

Each way to read the file is tried on a private copy: alone, and with the file beside it that SQLite would apply. The
header is repaired, every row verified, and the content written anew, so that indexes and free pages are in order, too.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from model.base import files
from model.recovery import side_files
from model.recovery.salvage import repair, salvage
from model.recovery.side_files import remove, temporary
from model.storage import StoreTrouble, VerifiedReader, database_file, file_copy, file_names, migrations, schema_check


@dataclass(frozen=True)
class Whole:
    """Content of a whole copy: the id of the file, its last step, and the number of drafts."""

    uuid: str
    last: int
    drafts: int


def whole_copy(path: Path, target: Path) -> Whole | None:
    """Write the whole copy with the highest step to the new file `target`; None, and no file, when none is whole.

    Nothing at or beside `path` is changed. Raises `OSError` when the disk refuses a copy.
    """
    best: Whole | None = None
    for ending in ("", *side_files.usable(path)):
        trial = temporary(target)
        try:
            found = _tried(path, ending, trial)
            if found and (best is None or found.last > best.last):
                files.rename_over(trial, target)
                best = found
        finally:
            remove(trial)
    return best


def _tried(path: Path, ending: str, trial: Path) -> Whole | None:
    """Write a whole copy to `trial`, made with the file of this ending beside the original; None if it is not whole."""
    copy = temporary(trial)
    try:
        files.copy_private(path, copy)
        repair(copy, wal=ending == file_names.WAL)
        if ending:
            files.copy_private(file_names.beside(path, ending), file_names.beside(copy, ending))
        with suppress(StoreTrouble), database_file.opening(copy):  # not whole
            if ending:
                _apply(copy)
            return _written_anew(copy, trial)
        return None
    finally:
        remove(copy)


def _apply(copy: Path) -> None:
    """Have SQLite apply what lies beside a private copy, and leave WAL mode."""
    with closing(database_file.ClosingConnection.to(copy, "rw")) as connection:
        connection.execute("PRAGMA trusted_schema=0")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    repair(copy)


def _written_anew(copy: Path, trial: Path) -> Whole | None:
    database = database_file.connect_temporary(copy)
    try:
        version = _version(database)
        if not version:
            return None
        VerifiedReader(database, copy).everything()
        database.execute(f"PRAGMA user_version={version}")
        files.create_private(trial)
        database.execute("VACUUM INTO ?", [str(trial.absolute())])
    finally:
        database.close()
    files.sync(trial)
    with file_copy.reading(trial) as reader:
        drafts = reader.everything().drafts
        uuid = {row["key"]: str(row["value"]) for row in reader.database.table("meta").rows}.get("uuid", "")
        return Whole(uuid, reader.count("head"), drafts)


def _version(database: Database) -> int:
    """Return the schema version whose tables and migrations the file has; 0 for another schema."""
    select = "SELECT name FROM _sqlite_migrations WHERE migration_set = ?"
    shape = schema_check.shape(database)
    for number in range(migrations.latest(), 0, -1):
        if shape == schema_check.shape_of_version(number):  # which may be that of several versions
            applied = {name for (name,) in database.execute(select, [migrations.migrations.name]).fetchall()}
            if applied == set(migrations.NAMES[:number]):
                return number
    return 0


def in_memory(path: Path) -> Database | None:
    """Return a whole copy in memory, of the latest schema, to read without changing a file; None when none is whole."""
    with tempfile.TemporaryDirectory(prefix="zwgk-") as folder:
        copy = Path(folder) / file_names.DATABASE
        if whole_copy(path, copy) is None:
            return None
        memory = database_file.ClosingConnection.to(copy, "memory")
        with closing(database_file.ClosingConnection.to(copy, "ro&immutable=1")) as source:
            source.backup(memory)
    database = Database(memory, execute_plugins=False, recursive_triggers=False, strict=True)
    with database_file.immediate(database):
        database_file.apply_migrations(database)
    return database


def usable_backup(path: Path, target: Path) -> Path | None:
    """Return a backup itself if it is whole, else the new file `target` with a whole copy of it; None for neither."""
    with suppress(StoreTrouble):
        file_copy.verified(path)
        return path
    files.remove(target)
    return target if path.is_file() and whole_copy(path, target) else None


def is_ours(path: Path, backup: Path | None, uuids: set[str]) -> bool:
    """Tell whether the rows of a file prove that this version of the program wrote it, whatever its header says.

    `uuids`: the files that this computer remembers. A file that has tables or migrations of a newer version, and its
    number in the header, is newer even if the rows known here fit their checksums.
    """
    with path.open("rb") as file:
        number = int.from_bytes(file.read(64)[60:])
    version = schema_version(path)
    if migrations.may_be_newer(number) and version == 0:
        return False
    found = salvage(path, backup)
    return bool(version) or found.proven or found.uuid in uuids


def schema_version(path: Path) -> int | None:
    """Return the schema version that tables and migrations show, 0 for another schema, None for an unreadable one."""
    copy = temporary(path)
    try:
        files.copy_private(path, copy)
        repair(copy)
        database = database_file.connect_temporary(copy)
        try:
            return _version(database)
        finally:
            database.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        remove(copy)
