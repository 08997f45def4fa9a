"""Creates, opens and checks the drafts' SQLite file, and turns errors about it into `StoreTrouble`.

SQLite opens a file of zero bytes, creates a missing one, reads another program's and runs a foreign trigger, all
without an error; so everything is checked here before a single row is read.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from secrets import token_hex
from typing import Any
from weakref import WeakSet

from sqlite_utils import Database

from model.base import HeldError, Trouble, files, wait_for
from model.storage import inventory, migrations, schema_check
from model.storage.file_names import DATABASE, JOURNAL, address, beside

APPLICATION = 0x47494152  # "GIAR", Government Information Annual Report
SQLITE = sqlite3.sqlite_version  # shown in 关于
MAGIC = b"SQLite format 3\x00"
BUSY_SECONDS = 5.0

# TRUNCATE + FULL lost nothing in simulated power cuts; WAL with NORMAL, and DELETE, lost acknowledged saves.
PRAGMAS: dict[str, int | str] = {
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
    "secure_delete": 1,
    "foreign_keys": 1,
    "synchronous": 2,
    "journal_mode": "truncate",
}


class TroubleKind(StrEnum):
    """Kind of trouble with the drafts' file."""

    OTHER = "other"
    DAMAGED = "damaged"  # written by this program, but changed since
    ALTERED = "altered"  # written by this program, but tables, triggers or views differ from its schema
    EMPTY = "empty"
    FOREIGN = "foreign"
    NEWER = "newer"
    READ_ONLY = "read-only"
    FULL = "full"
    BUSY = "busy"
    NETWORK = "network"
    OLDER = "older"  # an older or another copy of the file took its place while it was open
    NO_BACKUP = "no-backup"  # the schema was not migrated, because no backup could be made


class StoreTrouble(Trouble):
    """Trouble with the drafts' file.  `reopen_required`: the connection must be closed and the file checked again."""

    def __init__(self, sentence: str, *, kind: TroubleKind = TroubleKind.OTHER, reopen_required: bool = False) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.reopen_required = reopen_required


# -- errors ----------------------------------------------------------------------------------------------------------


def damaged(path: Path, what: str) -> StoreTrouble:
    """Build the error about a file with damaged content; `what` names the place in it."""
    return StoreTrouble(
        f"草稿库“{path}”已损坏（{what}），为避免显示错误的数字，没有读入；请保留此文件，从备份恢复",
        kind=TroubleKind.DAMAGED,
        reopen_required=True,
    )


def folder_gone(folder: Path) -> StoreTrouble:
    """Build the error about a folder that was renamed, or its disk unplugged, while the drafts were open."""
    sentence = f"找不到数据文件夹“{folder}”；请把它放回原处，或重新连接它所在的磁盘"
    return StoreTrouble(sentence, reopen_required=True)  # a folder that comes back may be another one


@contextmanager
def troubles(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and the system about the file into `StoreTrouble`; programming errors pass unchanged."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if trouble := _of_sqlite(error, path):
            raise trouble from error
        raise
    except UnicodeDecodeError as error:  # SQLite quotes a damaged schema in its own error
        raise damaged(path, "文字无法解读") from error
    except OSError as error:
        raise _of_system(error, path) from error


_DAMAGE = {
    "SQLITE_CORRUPT": "数据库结构不完整",
    "SQLITE_NOTADB": "数据库结构不完整",
    "SQLITE_CONSTRAINT_UNIQUE": "同一条记录有两份",  # a part of the file is older than the other
    "SQLITE_CONSTRAINT_PRIMARYKEY": "同一条记录有两份",
}


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """As `troubles`; any other error of SQLite is damage, too, since while opening only the file can be its reason."""
    with troubles(path):
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise _of_sqlite(error, path) or damaged(path, "数据库结构不完整") from error


def _of_sqlite(error: sqlite3.DatabaseError, path: Path) -> StoreTrouble | None:
    name = getattr(error, "sqlite_errorname", "")
    if not name and "decode" in str(error):  # text that is no longer UTF-8; the message quotes it, so it is dropped
        return damaged(path, "文字无法解读")
    sentences = {
        "SQLITE_BUSY": f"草稿库“{path}”正被另一个程序占用，等了 {BUSY_SECONDS:g} 秒；请关闭那个程序后再试",
        "SQLITE_FULL": f"磁盘已满，无法写入草稿库“{path}”；请清理磁盘空间后再试",
        "SQLITE_READONLY": f"没有权限写入草稿库“{path}”；请取消它和所在文件夹的只读属性后再试",
        "SQLITE_CANTOPEN": f"打不开草稿库“{path}”，应为可读写的文件；请检查它是否还在、所在文件夹是否可写",
        "SQLITE_IOERR": f"读写草稿库“{path}”时磁盘出错；请检查磁盘或 U 盘是否仍然连接后再试",
    }
    moved = name == "SQLITE_READONLY_DBMOVED"
    if (moved or name.startswith("SQLITE_CANTOPEN")) and not path.parent.exists():
        return folder_gone(path.parent)
    if moved:
        return StoreTrouble(f"草稿库“{path}”在使用中被移走或替换；请把它放回原处", reopen_required=True)
    if kind := next((kind for kind in _DAMAGE if name.startswith(kind)), ""):
        return damaged(path, _DAMAGE[kind])
    kinds = {
        "SQLITE_BUSY": TroubleKind.BUSY,
        "SQLITE_FULL": TroubleKind.FULL,
        "SQLITE_READONLY": TroubleKind.READ_ONLY,
    }
    key = next((key for key in sentences if name.startswith(key)), "")
    if not key:
        return None
    return StoreTrouble(sentences[key], kind=kinds.get(key, TroubleKind.OTHER), reopen_required=key == "SQLITE_IOERR")


def _of_system(error: OSError, path: Path) -> StoreTrouble:
    where = error.filename or path
    if isinstance(error, FileNotFoundError) and not path.parent.exists():
        return folder_gone(path.parent)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StoreTrouble(f"磁盘已满，无法写入“{where}”；请清理磁盘空间后再试", kind=TroubleKind.FULL)
    if isinstance(error, HeldError):
        return StoreTrouble(f"“{where}”正被另一个程序占用；请关闭那个程序后再试", kind=TroubleKind.BUSY)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        sentence = f"没有权限使用“{where}”；请换一个可以写入的数据文件夹，或取消只读属性后再试"
        return StoreTrouble(sentence, kind=TroubleKind.READ_ONLY)
    if isinstance(error, (NotADirectoryError, FileExistsError)):
        return StoreTrouble(f"“{where}”不是文件夹，不能存放数据；请换一个数据文件夹")
    return StoreTrouble(f"无法使用“{where}”（系统提示：{error.strerror}）；请检查磁盘是否仍然连接后再试")


# -- opening ---------------------------------------------------------------------------------------------------------


def open_file(path: Path, while_migrating: Callable[[Database, Callable[[], None]], None]) -> Database:
    """Open the drafts' file, creating it when it is missing, and migrate its schema.

    `while_migrating` gets the database of an older version and the function that migrates it, which it must call.

    Raises `StoreTrouble` for a file that is empty, foreign, newer, damaged, altered, locked or not writable; such a
    file is left unchanged.
    """
    with troubles(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        database = open_existing(path)
        try:
            _check_writable(database)
            if version(database) < migrations.latest():
                while_migrating(database, lambda: apply_migrations(database))
        except BaseException:
            database.close()
            raise
        return database


def open_existing(path: Path, *, writable: bool = True, finished: bool = False) -> Database:
    """Open an existing file and check its header, its schema and its structure.

    `finished`: nobody writes the file any more, as a backup; SQLite then ignores what lies beside it and takes no lock.
    """
    with opening(path):
        check_header(path)
        database = connect(path, "ro&immutable=1" if finished else "rw" if writable else "ro")
        try:
            if names := schema_check.unknown(database, version(database)):
                raise StoreTrouble(
                    f"草稿库“{path}”结构异常（{'、'.join(names)[:80]}），已拒绝打开，文件未作任何改动；请从备份恢复",
                    kind=TroubleKind.ALTERED,
                )
            check_structure(database, path)
        except BaseException:
            database.close()
            raise
        return database


def check_structure(database: Database, path: Path) -> None:
    """Run SQLite's integrity check over every page; raises `StoreTrouble` when it reports an error."""
    with troubles(path):
        if (answer := _pragma(database, "integrity_check(1)")) != "ok":
            raise damaged(path, str(answer)[:60])


def check_header(path: Path) -> None:
    """Check the first 100 bytes without SQLite: connecting could already roll back or alter another program's file."""
    if path.exists() and not path.is_file():  # reading from a pipe would wait for ever
        raise StoreTrouble(f"无法使用“{path}”，它不是文件；请把它移到别处后再试")
    wait_for(path, beside(path, JOURNAL))
    with path.open("rb") as file:
        head = file.read(100)
    if not head:
        sentence = f"草稿库“{path}”是空的（0 字节），应有草稿；请从备份恢复，或把它移走后重新打开"
        raise StoreTrouble(sentence, kind=TroubleKind.EMPTY)
    if (len(head) < 100 and MAGIC.startswith(head[:16])) or not any(head):
        raise damaged(path, "文件开头不完整")
    known = head.startswith(MAGIC), int.from_bytes(head[68:72]) == APPLICATION
    if known == (False, True):
        raise damaged(path, "文件开头被改动")
    if not all(known):
        sentence = f"“{path}”不是本软件的草稿库，文件未作任何改动；请把它移到别处后重新打开本软件"
        raise StoreTrouble(sentence, kind=TroubleKind.FOREIGN)
    if migrations.may_be_newer(number := int.from_bytes(head[60:64])):
        raise StoreTrouble(
            f"草稿库“{path}”由本软件的新版本保存（数据版本 {number}，本软件只认识到 {migrations.latest()}），"
            "文件未作任何改动；请更新本软件后再打开",
            kind=TroubleKind.NEWER,
        )
    if number > migrations.latest() or head[18:20] != bytes([1, 1]):  # WAL mode, which ours are never in, is 2, 2
        raise damaged(path, "文件开头被改动")


class ClosingConnection(sqlite3.Connection):
    """Connection that closes its cursors with itself: one held by a traceback would keep the file open.

    Windows refuses to replace or remove an open file.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._cursors = WeakSet[sqlite3.Cursor]()

    @classmethod
    def to(cls, path: Path, mode: str) -> ClosingConnection:
        """Connect to a file by SQLite's `mode`, for one `ro`; each statement is its own transaction."""
        uri = address(path.absolute(), mode)
        return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS, factory=cls)

    def cursor(self, *arguments: Any) -> sqlite3.Cursor:  # type: ignore[override]
        """Create a cursor, which `execute` and `executemany` below do without calling this."""
        return self._noted(super().cursor(*arguments))

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """Execute a statement."""
        return self._noted(super().execute(*arguments))

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        """Execute a statement for each of many rows."""
        return self._noted(super().executemany(*arguments))

    def _noted(self, cursor: sqlite3.Cursor) -> sqlite3.Cursor:
        self._cursors.add(cursor)
        return cursor

    def close(self) -> None:
        """Close all cursors, then the file."""
        for cursor in list(self._cursors):
            cursor.close()
        super().close()


def connect(path: Path, mode: str = "rw") -> Database:
    """Connect with `PRAGMAS`; with `mode=rw`, since plain `connect` would create a missing file."""
    connection = ClosingConnection.to(path, mode)
    database = Database(connection, execute_plugins=False, recursive_triggers=False, strict=True)
    try:
        _set_pragmas(database)
    except BaseException:
        database.close()
        raise
    return database


def _set_pragmas(database: Database) -> None:
    """Set the pragmas (the library sets only WAL) and read each back: SQLite does not report a refusal."""
    for name, value in PRAGMAS.items():
        database.execute(f"PRAGMA {name}={value}")
        if (answer := _pragma(database, name)) != value:
            raise RuntimeError(f"PRAGMA {name}={value} was refused: {answer}")


def _pragma(database: Database, name: str) -> object:
    row = database.execute(f"PRAGMA {name}").fetchone()
    return row[0] if row else PRAGMAS.get(name)  # a build without mmap returns no row


def version(database: Database) -> int:
    """The number of the last migration that was applied."""
    number = _pragma(database, "user_version")
    assert isinstance(number, int)
    return number


def apply_migrations(database: Database) -> None:
    """Apply the missing migrations; call it in a transaction, since another window may have applied them meanwhile."""
    if version(database) < migrations.latest():
        migrations.apply(database)
        database.execute(f"PRAGMA user_version={migrations.latest()}")


def _check_writable(database: Database) -> None:
    """Write and roll back, so that a file that cannot be written is reported at opening, not at the first save."""
    same = version(database)
    database.execute("BEGIN IMMEDIATE")
    try:
        database.execute(f"PRAGMA user_version={same}")
    finally:
        database.rollback()


@contextmanager
def immediate(database: Database) -> Iterator[None]:
    """Open a write transaction; commit at the end, roll back after an exception.

    `BEGIN IMMEDIATE` is executed directly: the library's `atomic()` begins a read transaction, and SQLite refuses at
    once, without waiting, to let two of them become writers.  The library's own writes nest inside as savepoints.
    """
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        database.rollback()
        raise


# -- creating --------------------------------------------------------------------------------------------------------


def _make(path: Path) -> None:
    """Create a database without drafts under a temporary name and rename it once complete."""
    files.remove_leftovers(path.parent)
    unfinished = path.with_name(f"~{DATABASE}.{token_hex(4)}.tmp")
    try:
        fill(unfinished)
        with suppress(FileExistsError):  # another window was quicker: its file is used
            files.rename_new(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    files.sync_folder(path.parent)


def connect_temporary(path: Path) -> Database:
    """Connect to a file that still has a temporary name.

    The journal is kept in memory: after a crash the file is discarded anyway, and no journal is left beside it.
    """
    connection = ClosingConnection.to(path, "rw")
    database = Database(connection, execute_plugins=False, recursive_triggers=False, strict=True)
    try:
        for pragma in ("journal_mode=MEMORY", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF"):
            database.execute(f"PRAGMA {pragma}")
    except BaseException:
        database.close()
        raise
    return database


def fill(path: Path, uuid: str = "") -> None:
    """Create a database file without drafts; `uuid` "" makes a new id."""
    files.create_private(path)
    database = connect_temporary(path)
    try:
        with immediate(database):
            apply_migrations(database)
            meta: dict[str, str] = {"uuid": uuid or token_hex(16), "head": "0", "drafts": "0"}
            meta |= {inventory.WRITES: inventory.writes_text(1, token_hex(4), meta)}
            database.table("meta").insert_all({"key": key, "value": value} for key, value in meta.items())
            database.execute(f"PRAGMA application_id={APPLICATION}")
    finally:
        database.close()
