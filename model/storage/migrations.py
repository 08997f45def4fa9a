"""The schema of the drafts' database, grown by migrations that only add.

Nothing of the program is imported here: a released migration must mean the same for ever.  The number of
migrations is the database's `user_version`; one file of every released version stands in `tests/support/old_drafts`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import cast

from sqlite_utils import Database, Migrations

Migration = Callable[[Database], None]

migrations = Migrations("reports")
NAMES: list[str] = []


def _migration(function: Migration) -> Migration:
    """Register the next migration under its own name."""
    migrations(name=function.__name__.strip("_"))(function)
    NAMES.append(function.__name__.strip("_"))
    return function


def latest() -> int:
    """The schema version that this program writes."""
    return len(NAMES)


def apply(database: Database, version: int | None = None) -> None:
    """Apply what is missing, up to `version` (None: all).  The caller holds the transaction."""
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
    """A strict table: without STRICT, text goes into an INTEGER column unnoticed."""
    database.table(name).create(
        cast("dict[str, object]", dict(columns)),
        pk=pk,
        not_null=set(columns) - set(nullable),
        foreign_keys=[("draft", "draft", "number")] if of_draft else None,
        strict=True,
    )


@_migration
def _0001_drafts(database: Database) -> None:
    """Drafts as rows: one per cell, text, fact and note, each with its revision and sum, and the journal."""
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
    """`meta`: uuid, head (the last journal id), drafts (the last number given; numbers are never used twice)."""
    _create(database, "meta", {"key": str, "value": str}, "key", of_draft=False)
    who = {"number": int, "agency": str, "year": int, "format": str, "unit_kind": str}
    times = {"created": str, "saved": str, "deleted": str}
    # last: journal id of the last step (order of use, whatever the clock says) · chain: of that step · anchor: the
    # chain before the oldest kept step · content: all rows' sums together, so that a missing row is noticed.
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
    """A step says which one it takes back, so that 撤销 and 重做 go on after a restart; texts as what differs.

    From here on the journal writes a text as `[5, "was", "is", 9]`, which earlier programs could not read.
    """
    database.table("journal").add_column("undoes", int)
    database.table("version").create_index(["draft", "number"])
