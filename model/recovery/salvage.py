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
from typing import Any

from model.base import files
from model.storage import (
    HEAD_COLUMNS,
    PARTS,
    STEP_COLUMNS,
    VERSION_COLUMNS,
    Gone,
    Part,
    Rows,
    RowValues,
    RunMemory,
    StoredRow,
    VersionSet,
    database_file,
    file_names,
    head_sum,
    inventory,
    link,
    row_sum,
    version_sum,
)

SECONDS = 5.0  # time limit: a planted view that never ends must not block the start
_PROBED = 50_000  # row ids of a table tried one by one when even the highest one cannot be read
_PAGE = 4096  # bytes; SQLite's default page size for a new file
_LONGEST = 2**26  # bytes; a greater length in the header of a small file is itself damaged
_SCHEMA_FORMAT, _UTF_8 = 4, 1  # numbers in the header
_UNREADABLE = (sqlite3.Error, ValueError, OverflowError)


@dataclass(frozen=True)
class Salvage:
    """Salvaged rows.  Only `steps`, by draft and number, `uuid` and `head` are not verified."""

    heads: Mapping[int, StoredRow] = field(default_factory=dict)
    rows: Mapping[int, Mapping[Part, Rows]] = field(default_factory=dict)
    steps: Mapping[int, Mapping[int, StoredRow]] = field(default_factory=dict)
    versions: tuple[StoredRow, ...] = ()
    uuid: str = ""
    head: int = 0  # id of the last step according to the file
    drafts: int = 0  # last number of a draft, 0 if it cannot be verified
    writes: int = 0  # number of the last write, 0 if it cannot be verified
    version_sets: Mapping[int, VersionSet] = field(default_factory=dict)
    gone: Mapping[int, Gone] = field(default_factory=dict)
    run: RunMemory = field(default_factory=RunMemory)  # what the program that found the damage had written itself

    @property
    def proven(self) -> bool:
        """Tell whether any row fits its checksum, which no other program writes."""
        first = [steps[1] for steps in self.steps.values() if 1 in steps]
        return bool(self.heads or self.rows or self.versions) or any(one["chain"] == link("", one) for one in first)


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
            repair(copy, first_page())
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


def repair(copy: Path, first_page: bytes = b"", *, wal: bool = False) -> None:
    """Repair a private copy: the header of 100 bytes, after replacing the first page by `first_page` if there is one.

    `wal`: a WAL lies beside the copy, which SQLite then applies. A file that was cut short gets zeros up to its length
    in the header, since SQLite refuses a table that begins behind the end.
    """
    size = copy.stat().st_size
    if not size:
        return
    with copy.open("rb+") as file:
        page = file.read(_PAGE)
        found = (first_page or page).ljust(_PAGE, b"\0")
        known = int.from_bytes(page[28:32]) if page[16:18] == _PAGE.to_bytes(2) else 0
        pages = max(-(-size // _PAGE), known if known * _PAGE <= max(_LONGEST, 4 * size) else 0)
        file.seek(0)
        file.write(_header(found[:100], pages, 2 if wal else 1) + found[100:])
        file.truncate(pages * _PAGE)


def _header(found: bytes, pages: int, mode: int) -> bytes:
    """Return the header as SQLite writes it into our files, without free pages; counters and version stay as found."""
    size, counter = _PAGE.to_bytes(2), found[24:28]
    start = database_file.MAGIC + size + bytes([mode, mode, 0, 64, 32, 32]) + counter + pages.to_bytes(4)
    schema = bytes(8) + found[40:44] + _SCHEMA_FORMAT.to_bytes(4) + bytes(8) + _UTF_8.to_bytes(4)
    end = found[60:64] + bytes(4) + database_file.APPLICATION.to_bytes(4) + bytes(20) + counter + found[96:100]
    return start + schema + end


def _read(path: Path) -> Salvage:
    connection = database_file.ClosingConnection.to(path, "ro&immutable=1")  # immutable: SQLite looks for no journal
    end = time.monotonic() + SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    try:
        meta = {row["key"]: row["value"] for row in _rows(connection, "meta", {"key", "value"})}
        return Salvage(
            heads=_heads(connection),
            rows=_contents(connection),
            steps=_steps(connection),
            versions=tuple(_versions(connection)),
            uuid=uuid if isinstance(uuid := meta.get("uuid"), str) else "",
            head=_number(meta.get("head")),
            **_inventory(meta),
        )
    finally:
        connection.close()


def _number(value: object) -> int:
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 12 else 0


def _inventory(meta: Mapping[str, object]) -> dict[str, Any]:
    written = inventory.sealed(meta)
    sets = {n: inventory.version_set_of(n, text) for n, text in inventory.numbered(meta, inventory.VERSIONS)}
    gone = {n: inventory.gone_of(n, text) for n, text in inventory.numbered(meta, inventory.GONE)}
    return {
        "drafts": _number(meta.get("drafts")) if written and written[0] else 0,
        "writes": written[0] if written else 0,
        "version_sets": {number: known for number, known in sets.items() if known},
        "gone": {number: one for number, one in gone.items() if one},
    }


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
