"""Database schema of the drafts, changed only by migrations that add.

No module of the program is imported: a released migration must never change its meaning.  The number of
migrations is the database's `user_version`; `tests/support/old_drafts` has one file of every released version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from secrets import token_hex
from typing import cast

from sqlite_utils import Database, Migrations

Migration = Callable[[Database], None]

migrations = Migrations("reports")
NAMES: list[str] = []
_NEWEST = 50  # versions after the latest one that a newer program may have written; a higher one is damage


def _migration(function: Migration) -> Migration:
    """Register the next migration under its own name."""
    migrations(name=function.__name__.strip("_"))(function)
    NAMES.append(function.__name__.strip("_"))
    return function


def latest() -> int:
    """The schema version that this program writes."""
    return len(NAMES)


def apply(database: Database, version: int | None = None) -> None:
    """Apply the missing migrations up to `version` (None: all); the caller opens the transaction."""
    beyond = NAMES[version:] if version is not None else []
    migrations.apply(database, stop_before=beyond[:1])


def _create(
    database: Database,
    name: str,
    columns: Mapping[str, type],
    pk: str | tuple[str, ...],
    nullable: Collection[str] = (),
    *,
    of_draft: bool = True,
) -> None:
    """Create a STRICT table: without STRICT, SQLite accepts text in an INTEGER column."""
    database.table(name).create(
        cast("dict[str, object]", dict(columns)),
        pk=pk,
        not_null=set(columns) - set(nullable),
        foreign_keys=[("draft", "draft", "number")] if of_draft else None,
        strict=True,
    )


@_migration
def _0001_drafts(database: Database) -> None:
    """Create drafts as rows (one per cell, text, fact and note, with revision and checksum) and the journal."""
    _meta_and_draft(database)
    row = {"draft": int}
    end = {"rev": int, "sum": str}
    entry = {"number": str, "remark": str, "typed": str, "problem": str}
    _create(database, "cell", {**row, "address": str, **entry, **end}, ("draft", "address"), {"number"})
    _create(database, "stated", {**row, "address": str, "number": str, **end}, ("draft", "address"))
    _create(database, "text", {**row, "section": str, "body": str, **end}, ("draft", "section"))
    _create(database, "fact", {**row, "name": str, "value": str, **end}, ("draft", "name"))
    note = {"code": str, "severity": str, "section": str, "message": str}
    _create(database, "note", {**row, "position": str, **note, **end}, ("draft", "position"))
    _journal_and_version(database)


def _meta_and_draft(database: Database) -> None:
    """Create `draft` and `meta`: uuid, head (last journal id), drafts (last number given; numbers are never reused)."""
    _create(database, "meta", {"key": str, "value": str}, "key", of_draft=False)
    who = {"number": int, "agency": str, "year": int, "format": str, "unit_kind": str}
    times = {"created": str, "saved": str, "deleted": str}
    # last: journal id of the last step (order of use, independent of the clock) · chain: hash chain at that step ·
    # anchor: chain before the oldest kept step · content: XOR of all rows' checksums, which reveals a missing row.
    proof = {"steps": int, "last": int, "chain": str, "anchor": str, "content": str, "sum": str}
    _create(database, "draft", {**who, **times, **proof}, "number", {"deleted"}, of_draft=False)


def _journal_and_version(database: Database) -> None:
    step = {"draft": int, "step": int, "uid": str, "at": str, "cause": str, "change": str, "chain": str}
    _create(database, "journal", {"id": int, **step}, "id")
    database.table("journal").create_index(["uid"], unique=True)
    database.table("journal").create_index(["draft", "step"], unique=True)
    version = {"draft": int, "step": int, "at": str, "kind": str, "name": str, "report": str, "sum": str}
    _create(database, "version", {"number": int, **version}, "number")


@_migration
def _0002_undone(database: Database) -> None:
    """Add `undoes`, the step that a step takes back, so that 撤销 and 重做 continue after a restart.

    From this version on the journal writes a changed text as `[5, "was", "is", 9]`, which earlier programs cannot read.
    """
    database.table("journal").add_column("undoes", int)
    database.table("version").create_index(["draft", "number"])


@_migration
def _0003_counts(database: Database) -> None:
    """Add the counts that the list of drafts shows; not tied to `draft`, so that damage here concerns no draft.

    `chain`: of the draft's journal at the state counted · `edition`: of program, rules, format and last year's report ·
    `body`: JSON.  Few columns, since the schema must fit on the first page of the file for `recovery.salvage`.
    """
    row = {"draft": int, "chain": str, "edition": str, "body": str, "sum": str}
    _create(database, "counts", row, "draft", of_draft=False)


@_migration
def _0004_inventory(database: Database) -> None:
    """Add to `meta` which versions and drafts there must be, and the number of the last write; no table changes.

    From this version on a version or a draft that vanished is noticed, and what was deleted for ever is known.
    """
    meta = {row["key"]: row["value"] for row in database.table("meta").rows}
    if "drafts" not in meta:  # a file that is being made
        return
    drafts = {row["number"] for row in database.table("draft").rows_where(select="number")}
    rows = {}
    for draft in drafts:
        sums = [row["sum"] for row in database.table("version").rows_where("draft = ?", [draft], select="sum")]
        content = _xor(sums)
        rows[f"versions {draft}"] = f"{len(sums)} {content} {_digest('versions', draft, len(sums), content)}"
    given = str(meta["drafts"])
    last = int(given) if given.isdecimal() and len(given) < 6 else max(drafts, default=0)  # damage: no draft is missing
    for number in range(1, last + 1):
        if number not in drafts:
            rows[f"gone {number}"] = f" - {_digest('gone', number, '', '-')}"
    salt, counters = token_hex(4), [meta[key] for key in ("uuid", "head", "drafts")]
    rows["writes"] = f"1 {salt} {_digest('writes', 1, salt, *counters)}"
    database.table("meta").insert_all({"key": key, "value": value} for key, value in rows.items())


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()[:20]


def _xor(sums: Iterable[str]) -> str:
    total = 0
    for one in sums:
        total ^= int(one, 16)
    return f"{total:020x}"


def may_be_newer(number: int) -> bool:
    """Tell whether a newer version of the program may have written this number of migrations."""
    return latest() < number <= latest() + _NEWEST
