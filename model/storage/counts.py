"""Stores counts of findings beside the drafts: derived data, outside the checksums and the hash chain of the drafts.

A row holds for one state of one draft, identified by the chain of the draft's journal, and has a checksum of its own.
A row that is missing, damaged or about another state counts as missing; it never prevents reading the draft.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from sqlite_utils import Database

from model.report import DraftCounts
from model.storage.row_codec import digest

TABLE = "counts"
_FIELDS = {field.name for field in fields(DraftCounts)}


@dataclass(frozen=True)
class StoredCounts:
    """Counts of the state of a draft whose journal ends with the hash `chain`.

    `edition` identifies what they were computed with: program, rules, format and last year's report.
    """

    counts: DraftCounts
    chain: str
    edition: str


def read_counts(database: Database) -> dict[int, StoredCounts]:
    """Return the intact counts by draft; none from a read-only file of a schema without this table."""
    if not database.table(TABLE).exists():
        return {}
    # As bytes: sqlite3 raises for text that is no UTF-8, and would refuse all rows for one.
    columns = ", ".join(f"CAST({name} AS BLOB)" for name in ("chain", "edition", "body", "sum"))
    rows = database.execute(f"SELECT draft, {columns} FROM {TABLE}").fetchall()  # noqa: S608 - names of our own schema
    found = {draft: _counts_of(draft, *(_text(value) for value in values)) for draft, *values in rows}
    return {draft: counts for draft, counts in found.items() if counts}


def write_counts(database: Database, draft: int, counted: StoredCounts) -> None:
    """Write the counts of a draft; the caller opens the transaction and compares the chain."""
    plain = {name: getattr(counted.counts, name) for name in sorted(_FIELDS)}
    body = json.dumps(plain | {"deadline": counted.counts.deadline.isoformat()})
    row = {"draft": draft, "chain": counted.chain, "edition": counted.edition, "body": body}
    row["sum"] = digest(TABLE, *row.values())
    database.table(TABLE).insert(row, replace=True)


def _counts_of(draft: int, chain: str, edition: str, body: str, checksum: str) -> StoredCounts | None:
    if checksum != digest(TABLE, draft, chain, edition, body):
        return None
    plain: Mapping[str, int | str] = json.loads(body)
    if plain.keys() != _FIELDS:  # written by another version of the program
        return None
    numbers = {name: int(value) for name, value in plain.items() if name != "deadline"}
    return StoredCounts(DraftCounts(**numbers, deadline=date.fromisoformat(str(plain["deadline"]))), chain, edition)


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
