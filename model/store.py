"""Drafts in one SQLite file: a row per cell and text, and a journal of every step.

A save is one transaction of rows, journal and proof; it may be repeated, since it carries an id.  SQLite does not
notice a wrong byte in a value, so every row has a sum and every step a chain to the one before.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table

from model import store_file, store_rows
from model.report import Change, Report, difference
from model.store_file import StoreTrouble, damaged
from model.store_rows import PARTS, Part, Rows, Values, digest, row_sum, together

Row = dict[str, Any]

NOTHING = Report("", 0, "", unit_kind="")  # what the first step of every journal starts from

# What the sum of a draft's own row covers, in this order.
PROVED = (
    "number", "agency", "year", "format", "unit_kind", "created", "saved", "deleted",
    "steps", "last", "chain", "anchor", "content",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """One line of the list of drafts; times are local, `deleted` says since when it is in the recycle bin."""

    number: int
    agency: str
    year: int
    format: str
    unit_kind: str
    created: datetime
    saved: datetime
    steps: int
    deleted: datetime | None


@dataclass(frozen=True)
class Step:
    """One step of a draft's journal; step 1 makes the draft out of `NOTHING`."""

    number: int
    at: datetime
    cause: str
    change: Change


@dataclass(frozen=True)
class Checked:
    """What a full check looked at and found whole."""

    drafts: int
    steps: int


def new_uid() -> str:
    """An id for a save, made before the first attempt and kept for all repetitions."""
    return token_hex(16)


class Store:
    """The drafts' database.  All methods from the thread that opened it; each may raise `StoreTrouble`."""

    def __init__(self, database: Database, path: Path) -> None:
        self.database = database
        self.path = path

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open `reports.db` in the data folder, making both when missing (0700, 0600)."""
        path = folder / store_file.NAME
        return cls(store_file.open_file(path), path)

    def close(self) -> None:
        """Close the file; the store cannot be used any more."""
        self.database.close()

    # -- reading -------------------------------------------------------------------------------------------------

    def drafts(self, *, deleted: bool = False) -> tuple[Draft, ...]:
        """The drafts, last used first; with `deleted` those in the recycle bin instead."""
        with self._reading():
            rows = self._table("draft").rows_where(f"deleted IS {'NOT ' if deleted else ''}NULL", order_by="last DESC")
            return tuple(_draft(self._proved(row)) for row in rows)

    def draft(self, number: int) -> Draft:
        """The draft of this number, deleted or not."""
        with self._reading():
            return _draft(self._head(number))

    def load(self, number: int) -> Report:
        """The report as last saved; `StoreTrouble` when any value of it cannot be trusted."""
        with self._reading():
            return self._report(self._head(number))

    def journal(self, number: int) -> tuple[Step, ...]:
        """All steps of a draft, oldest first; `StoreTrouble` when one is altered or missing."""
        with self._reading():
            rows = self._steps(self._head(number))
        return tuple(
            Step(row["step"], _time(row["at"]), row["cause"], store_rows.change_of(row["cause"], row["change"]))
            for row in rows
        )

    def last_step(self) -> int:
        """The number of the last step of any draft; it only grows, whatever the clock says."""
        with self._reading():
            return self._count("head")

    def verify(self) -> Checked:
        """Check every row and every step of every draft."""
        with self._reading():
            heads = [self._proved(row) for row in self._table("draft").rows]
            for head in heads:
                self._report(head)
                self._steps(head)
            if max((head["last"] for head in heads), default=0) > self._count("head"):
                raise damaged(self.path, "修改记录不完整")
            return Checked(len(heads), sum(head["steps"] for head in heads))

    # -- writing -------------------------------------------------------------------------------------------------

    def create(self, report: Report, cause: str, uid: str = "") -> Draft:
        """Add a draft under a number that was never used before; repeated with the same `uid` it adds nothing."""
        uid = uid or new_uid()
        with self._writing():
            number = self._draft_saved_as(uid)
            if number is None:
                number = self._add_draft()
                self._append(self._head(number), [difference(NOTHING, report, cause)], uid)
        return self.draft(number)

    def save(self, number: int, changes: Sequence[Change], uid: str) -> datetime:
        """Apply the changes in one transaction, a step of the journal each; return the time after COMMIT.

        Repeated with the same `uid` it changes nothing: in 2 to 3 % of disk faults COMMIT reports an error though all
        is saved.
        """
        with self._writing():
            if changes and self._draft_saved_as(uid) is None:
                self._append(self._head(number), changes, uid)
        return datetime.now().astimezone()

    def delete(self, number: int) -> None:
        """Put a draft into the recycle bin."""
        self._set_deleted(number, _stamp())

    def restore(self, number: int) -> None:
        """Take a draft out of the recycle bin."""
        self._set_deleted(number, None)

    def backup(self, folder: Path) -> Path:
        """Write a checked copy of the whole file into `folder`, named by time and step, and return its path.

        The copy gets its name only after it was read back; a failure leaves nothing behind.
        """
        unfinished = folder / f"~{store_file.NAME}.{token_hex(4)}.tmp"
        with store_file.troubles(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                store_file.reserve(unfinished)
                # The library's own `vacuum()` has no INTO, which copies and compacts in one read transaction.
                self.database.execute("VACUUM INTO ?", [str(unfinished.absolute())])
                last = _verified(unfinished)
                final = folder / f"{datetime.now().astimezone():%Y-%m-%d %H%M} 第{last}步.bak"
                _sync(unfinished)
                unfinished.replace(final)
            finally:
                unfinished.unlink(missing_ok=True)
            store_file.sync_folder(folder)
        return final

    # -- transactions --------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One view of the file: what another window saves meanwhile is seen wholly or not at all."""
        with store_file.troubles(self.path), self.database.atomic():
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with store_file.troubles(self.path), store_file.immediate(self.database):
            yield

    def _table(self, name: str) -> Table:
        return self.database.table(name)

    # -- rows, proved --------------------------------------------------------------------------------------------

    def _head(self, number: int) -> Row:
        """The draft's own row."""
        for row in self._table("draft").rows_where("number = ?", [number]):
            return self._proved(row)
        raise StoreTrouble(f"没有编号为 {number} 的草稿；请在草稿列表中核对编号")

    def _proved(self, row: Row) -> Row:
        if row["sum"] != _head_sum(row):
            raise damaged(self.path, f"草稿 {row['number']} 的登记")
        return row

    def _report(self, head: Row) -> Report:
        parts = {part: self._rows(part, head["number"]) for part in PARTS}
        if together(_sums(parts, head["number"])) != head["content"]:
            raise damaged(self.path, f"草稿 {head['number']} 的内容有缺失")
        values = {part: {key: value for key, (value, _) in rows.items()} for part, rows in parts.items()}
        return store_rows.report_of(head, values)

    def _rows(self, part: Part, draft: int, keys: Iterable[str] | None = None) -> Rows:
        """The rows of a part of a draft (of these keys only), every one of them proved by its sum."""
        where, arguments = "draft = ?", list[int | str]([draft])
        if keys is not None:
            arguments += keys
            where += f" AND {part.key} IN ({','.join('?' * (len(arguments) - 1))})"
        rows: Rows = {}
        for row in self._table(part.table).rows_where(where, arguments):
            values: Values = tuple(row[column] for column in part.columns)
            if row["sum"] != row_sum(part, draft, row[part.key], values, row["rev"]):
                raise damaged(self.path, f"草稿 {draft} 的一处内容")
            rows[row[part.key]] = (values, row["rev"])
        return rows

    def _steps(self, head: Row) -> list[Row]:
        """The journal rows of a draft, proved by their chain from the anchor to the draft's own row."""
        rows = list(self._table("journal").rows_where("draft = ?", [head["number"]], order_by="step"))
        chain, expected = head["anchor"], head["steps"] - len(rows)
        for row in rows:
            chain, expected = _link(chain, row), expected + 1
            if row["chain"] != chain or row["step"] != expected:
                raise damaged(self.path, f"草稿 {head['number']} 的第 {expected} 步修改记录")
        if chain != head["chain"]:
            raise damaged(self.path, f"草稿 {head['number']} 的修改记录有缺失")
        return rows

    # -- rows, written -------------------------------------------------------------------------------------------

    def _draft_saved_as(self, uid: str) -> int | None:
        """The draft that this save already went into."""
        for row in self._table("journal").rows_where("uid = ?", [f"{uid}/1"], select="draft"):
            return int(row["draft"])
        return None

    def _add_draft(self) -> int:
        """An empty draft with the next number."""
        taken = max((row["number"] for row in self._table("draft").rows_where(select="number")), default=0)
        number, now = max(taken, self._count("drafts")) + 1, _stamp()
        row = dict.fromkeys(PROVED, "") | {"number": number, "year": 0, "created": now, "saved": now, "deleted": None}
        row |= {"steps": 0, "last": 0, "content": together(())}
        self._table("draft").insert(row | {"sum": _head_sum(row)})
        self._set_count("drafts", number)
        return number

    def _append(self, head: Row, changes: Sequence[Change], uid: str) -> None:
        """Write the changes: rows, journal, and the draft's own row which proves both."""
        content = head["content"]
        for part, after in store_rows.rows_after(changes, head["steps"] + 1).items():
            content = together(self._put(part, head["number"], after), content)
        steps = self._journal_rows(head, changes, uid)
        self._table("journal").insert_all(steps)
        last = steps[-1]
        new = {name: change.head[name][1] for change in changes for name in store_rows.HEAD if name in change.head}
        row = head | new | {"saved": last["at"], "steps": last["step"], "last": last["id"], "chain": last["chain"]}
        self._set_head(row | {"content": content})
        self._set_count("head", last["id"])

    def _journal_rows(self, head: Row, changes: Sequence[Change], uid: str) -> list[Row]:
        now, last, chain = _stamp(), self._count("head"), head["chain"]
        rows = []
        for index, change in enumerate(changes, 1):
            row = {"id": last + index, "draft": head["number"], "step": head["steps"] + index, "uid": f"{uid}/{index}"}
            row |= {"at": now, "cause": store_rows.storable(change.cause), "change": store_rows.change_json(change)}
            chain = _link(chain, row)
            rows.append(row | {"chain": chain})
        return rows

    def _put(self, part: Part, draft: int, after: Mapping[str, tuple[Values | None, int]]) -> list[str]:
        """Write a part's rows; return the sums that go and the sums that come."""
        before = self._rows(part, draft, None if part.whole else after)
        new = {key: (values, rev) for key, (values, rev) in after.items() if values is not None}
        table = self._table(part.table)
        for key in before.keys() - new.keys():
            table.delete((draft, key))
        # Not `upsert`: that makes and drops a table in the file on first use, to see what SQLite can do.
        table.insert_all((_row(part, draft, key, *place) for key, place in new.items()), replace=True)
        return [*_sums({part: before}, draft), *_sums({part: new}, draft)]

    def _set_deleted(self, number: int, at: str | None) -> None:
        with self._writing():
            self._set_head(self._head(number) | {"deleted": at})

    def _set_head(self, row: Row) -> None:
        self._table("draft").update(row["number"], row | {"sum": _head_sum(row)})

    def _count(self, key: str) -> int:
        for row in self._table("meta").rows_where("key = ?", [key]):
            if str(row["value"]).isdecimal():
                return int(row["value"])
        raise damaged(self.path, "计数")

    def _set_count(self, key: str, count: int) -> None:
        self._table("meta").update(key, {"value": str(count)})


def _row(part: Part, draft: int, key: str, values: Values, rev: int) -> Row:
    row = {"draft": draft, part.key: key, **dict(zip(part.columns, values, strict=True)), "rev": rev}
    return row | {"sum": row_sum(part, draft, key, values, rev)}


def _sums(parts: Mapping[Part, Rows], draft: int) -> Iterator[str]:
    for part, rows in parts.items():
        for key, (values, rev) in rows.items():
            yield row_sum(part, draft, key, values, rev)


def _head_sum(row: Mapping[str, Any]) -> str:
    return digest(*(row[name] for name in PROVED))


def _link(chain: str, row: Mapping[str, Any]) -> str:
    """The chain after a step: it proves the step itself and all before it."""
    return digest(chain, *(row[name] for name in ("draft", "step", "uid", "at", "cause", "change")))


def _draft(row: Row) -> Draft:
    return Draft(
        number=row["number"],
        agency=row["agency"],
        year=row["year"],
        format=row["format"],
        unit_kind=row["unit_kind"],
        created=_time(row["created"]),
        saved=_time(row["saved"]),
        steps=row["steps"],
        deleted=_time(row["deleted"]) if row["deleted"] else None,
    )


def _stamp() -> str:
    return datetime.now(UTC).isoformat()


def _time(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).astimezone()


def _verified(path: Path) -> int:
    """Read a finished copy as if it were the only one left; return the number of its last step."""
    copy = Store(store_file.look_over(path, writable=False), path)
    try:
        copy.verify()
        return copy.last_step()
    finally:
        copy.close()


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
