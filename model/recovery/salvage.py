"""Reads what is left of a damaged SQLite file, row by row around the damage.

Python's sqlite3 has no recovery tool.  Rows are kept only if they match their checksum; steps of the journal are
returned unverified, for the caller to check by the hash chain.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from secrets import token_hex

from model.base import files
from model.storage import (
    HEAD_COLUMNS,
    PARTS,
    STEP_COLUMNS,
    VERSION_COLUMNS,
    Part,
    Rows,
    RowValues,
    StoredRow,
    database_file,
    file_names,
    head_sum,
    row_sum,
    version_sum,
)

SECONDS = 5.0  # time limit: a planted view that never ends must not block the start
_PROBED = 50_000  # row ids of a table tried one by one when even the highest one cannot be read
_PAGE = 4096  # bytes; SQLite's default page size for a new file
_LONGEST = 2**30  # bytes; a greater length in the header is itself damaged
_UNREADABLE = (sqlite3.Error, ValueError, OverflowError)


@dataclass(frozen=True)
class Salvage:
    """Salvaged rows.  `heads`, `rows` and `versions` are verified; `steps`, by draft and number, are not."""

    heads: Mapping[int, StoredRow] = field(default_factory=dict)
    rows: Mapping[int, Mapping[Part, Rows]] = field(default_factory=dict)
    steps: Mapping[int, Mapping[int, StoredRow]] = field(default_factory=dict)
    versions: tuple[StoredRow, ...] = ()
    uuid: str = ""
    head: int = 0  # id of the last step according to the file


def salvage(path: Path, backup: Path | None = None) -> Salvage:
    """Read what is left of a file; nothing when it is missing.  Raises `OSError` when the disk refuses a copy.

    If the first page, which tells where every table begins, is lost, it is taken from a new file or from the backup
    `backup`: tables begin at the same pages there, and a row read from a wrong page does not match its checksum.
    """
    if not path.exists():
        return Salvage()
    copy = path.with_name(f"~{file_names.DATABASE}.{token_hex(4)}.tmp")
    try:
        files.copy_private(path, copy)
        first_pages: tuple[Callable[[], bytes], ...] = (
            bytes,
            partial(_new_first_page, path),
            partial(_first_page, backup),
        )
        for first_page in first_pages:
            _repair(copy, first_page())
            if (found := _read(copy)).heads or found.steps:
                return found
        return Salvage()
    finally:
        copy.unlink(missing_ok=True)


def _first_page(path: Path | None) -> bytes:
    if path is None:
        return b""
    with path.open("rb") as file:
        return file.read(_PAGE)


def _new_first_page(path: Path) -> bytes:
    new = path.with_name(f"~{file_names.DATABASE}.{token_hex(4)}.tmp")
    try:
        database_file.fill(new)
        return _first_page(new)
    finally:
        new.unlink(missing_ok=True)


def _repair(copy: Path, first_page: bytes) -> None:
    """Repair what SQLite requires: the first 16 bytes and the file length, or the whole first page."""
    pages = copy.stat().st_size // _PAGE
    with copy.open("rb+") as file:
        head = file.read(100)
        if len(head) < 100:
            return
        file.seek(0)
        if first_page:
            file.write(first_page[:28] + pages.to_bytes(4) + first_page[32:])
            return
        file.write(database_file.MAGIC)
        length = int.from_bytes(head[16:18]) * int.from_bytes(head[28:32])
        if copy.stat().st_size < length < _LONGEST:
            file.truncate(length)


def _read(path: Path) -> Salvage:
    address = f"{database_file.address(path.absolute(), 'ro')}&immutable=1"  # immutable: SQLite looks for no journal
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    end = time.monotonic() + SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    try:
        meta = {row["key"]: row["value"] for row in _rows(connection, "meta", {"key", "value"})}
        head = meta.get("head")
        return Salvage(
            heads=_heads(connection),
            rows=_contents(connection),
            steps=_steps(connection),
            versions=tuple(_versions(connection)),
            uuid=uuid if isinstance(uuid := meta.get("uuid"), str) else "",
            head=int(head) if isinstance(head, str) and head.isdecimal() and len(head) < 12 else 0,
        )
    finally:
        connection.close()


def _heads(connection: sqlite3.Connection) -> dict[int, StoredRow]:
    rows = _rows(connection, "draft", {*HEAD_COLUMNS, "sum"})
    return {row["number"]: row for row in rows if row["sum"] == head_sum(row)}


def _contents(connection: sqlite3.Connection) -> dict[int, dict[Part, Rows]]:
    contents: dict[int, dict[Part, Rows]] = {}
    for part in PARTS:
        for row in _rows(connection, part.table, {"draft", part.key, *part.columns, "rev", "sum"}):
            values: RowValues = tuple(row[column] for column in part.columns)
            if row["sum"] == row_sum(part, row["draft"], row[part.key], values, row["rev"]):
                contents.setdefault(row["draft"], {}).setdefault(part, {})[row[part.key]] = (values, row["rev"])
    return contents


def _steps(connection: sqlite3.Connection) -> dict[int, dict[int, StoredRow]]:
    steps: dict[int, dict[int, StoredRow]] = {}
    for row in _rows(connection, "journal", {*STEP_COLUMNS, "id", "chain"}):
        if all(type(row[name]) is int for name in ("id", "draft", "step")):
            steps.setdefault(row["draft"], {})[row["step"]] = row
    return steps


def _versions(connection: sqlite3.Connection) -> Iterator[StoredRow]:
    for row in _rows(connection, "version", {*VERSION_COLUMNS, "sum"}):
        if row["sum"] == version_sum(row):
            yield row


def _rows(connection: sqlite3.Connection, table: str, columns: set[str]) -> list[StoredRow]:
    """Return the readable rows of a table; none if the table lacks one of the columns."""
    try:
        cursor = connection.execute(f"SELECT * FROM {table} NOT INDEXED")  # noqa: S608 - names of our own schema
        names = [column[0] for column in cursor.description]
    except _UNREADABLE:
        return []
    if not columns <= set(names):
        return []
    try:
        found = cursor.fetchall()
    except _UNREADABLE:
        found = list(_one_by_one(connection, table))
    return [dict(zip(names, row, strict=True)) for row in found]


def _one_by_one(connection: sqlite3.Connection, table: str) -> Iterator[tuple[object, ...]]:
    last = _PROBED
    with suppress(*_UNREADABLE):  # if max(rowid) cannot be read, `_PROBED` ids are tried
        [(last,)] = connection.execute(f"SELECT max(rowid) FROM {table} NOT INDEXED")  # noqa: S608
    select = f"SELECT * FROM {table} NOT INDEXED WHERE rowid = ?"  # noqa: S608
    for number in range(1, min(last or 0, 4 * _PROBED) + 1):
        try:
            yield from connection.execute(select, [number]).fetchall()
        except _UNREADABLE:
            continue  # this row cannot be read
