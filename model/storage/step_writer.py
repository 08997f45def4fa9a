"""Writes a step: its rows, its row in the journal, and the draft's own row with the checksums of both.

The caller opens the transaction, which is rolled back when a write fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from secrets import token_hex

from model.report import Change, Stacks
from model.storage import counts, inventory, row_codec
from model.storage.inventory import Gone, VersionSet
from model.storage.progress import RunMemory
from model.storage.row_codec import Part, Rows, RowValues, row_sum, together
from model.storage.verified_rows import (
    HEAD_COLUMNS,
    StoredRow,
    VerifiedReader,
    VerifiedStart,
    head_sum,
    link,
    sums,
    version_sum,
)


def stamp() -> str:
    """Return the present time as the file stores it: UTC in ISO 8601."""
    return datetime.now(UTC).isoformat()


class StepWriter:
    """Writes into the drafts' file and caches the undo stacks of the drafts."""

    def __init__(self, reader: VerifiedReader) -> None:
        self._reader = reader
        self._database = reader.database
        self._stacks: dict[int, tuple[VerifiedStart, Stacks]] = {}  # undo stacks, with the step after which they apply
        self.run = RunMemory()

    def add_draft(self, number: int = 0, at: str = "") -> StoredRow:
        """Add an empty draft under `number`, or under the next number never used before, and return its row."""
        drafts = self._database.table("draft")
        taken = max((row["number"] for row in drafts.rows_where(select="number")), default=0)
        highest = max(taken, self._reader.count("drafts"))
        number, at = number or highest + 1, at or stamp()
        row: StoredRow = dict.fromkeys(HEAD_COLUMNS, "") | {"number": number, "year": 0, "created": at, "saved": at}
        row |= {"deleted": None, "steps": 0, "last": 0, "content": together(())}
        row["sum"] = head_sum(row)
        drafts.insert(row)
        self.set_count("drafts", max(highest, number))
        self._set_meta(f"{inventory.GONE} {number}", None)
        self._set_version_set(number, VersionSet.of_sums(()))
        return row

    def append(self, head: StoredRow, changes: Sequence[Change], uid: str) -> StoredRow:
        """Add one step per change to a draft, with ids made from `uid`; return the draft's new row."""
        stacks = self.stacks(head)
        texts = self._stacks[head["number"]][0].texts
        rows: list[StoredRow] = []
        now, last, chain = stamp(), self._reader.count("head"), head["chain"]
        for index, change in enumerate(changes, 1):
            row: StoredRow = {"id": last + index, "draft": head["number"], "step": head["steps"] + index}
            row |= {"uid": f"{uid}/{index}", "at": now, "cause": row_codec.storable(change.cause)}
            row |= {"change": row_codec.change_json(change, texts), "undoes": stacks.undoes(change)}
            chain = row["chain"] = link(chain, row)
            texts = row_codec.texts_after(texts, change)
            stacks = stacks.after(row["step"], change, row["undoes"]) if row["step"] > 1 else stacks
            rows.append(row)
        self._stacks[head["number"]] = (VerifiedStart(rows[-1]["step"], chain, texts), stacks)
        return self.write(head, changes, rows)

    def write(self, head: StoredRow, changes: Sequence[Change], steps: Sequence[StoredRow]) -> StoredRow:
        """Write the changes with the given rows of the journal; return the draft's new row."""
        content = head["content"]
        for part, after in row_codec.rows_after(changes, head["steps"] + 1).items():
            content = together(self._put(part, head["number"], after), content)
        self._database.table("journal").insert_all(steps)
        last = steps[-1]
        new = {name: change.head[name][1] for change in changes for name in row_codec.HEAD if name in change.head}
        row = head | new | {"saved": last["at"], "steps": last["step"], "last": last["id"], "chain": last["chain"]}
        self.set_count("head", max(last["id"], self._reader.count("head")))
        row = self.set_head(row | {"content": content})
        self.run.note_steps(head, row, changes, steps, lambda: self._reader.report(row))
        return row

    def stacks(self, head: StoredRow) -> Stacks:
        """Return the undo stacks of a draft; they are cached, so that only steps of another window have to be read."""
        start, stacks = self._stacks.get(head["number"], (VerifiedStart(0, head["anchor"], {}), Stacks()))
        if start.chain == head["chain"] and start.step == head["steps"]:
            self._stacks[head["number"]] = (start, stacks)
            return stacks
        if start.step and not self._is_current(head["number"], start):
            start, stacks = VerifiedStart(0, head["anchor"], {}), Stacks()
        for row, change in self._reader.changes(head, start):
            stacks = stacks.after(row["step"], change, row.get("undoes")) if row["step"] > 1 else stacks
            start = VerifiedStart(row["step"], row["chain"], row_codec.texts_after(start.texts, change))
        self._stacks[head["number"]] = (start, stacks)
        return stacks

    def _is_current(self, draft: int, start: VerifiedStart) -> bool:
        """Return False for a cached step that was rolled back since."""
        where = "draft = ? AND step = ? AND chain = ?"
        return self._database.table("journal").count_where(where, [draft, start.step, start.chain]) == 1

    def _put(self, part: Part, draft: int, after: Mapping[str, tuple[RowValues | None, int]]) -> list[str]:
        """Write a part's rows; return the checksums removed and those added."""
        before = self._reader.rows(part, draft, None if part.whole else after)
        new: Rows = {key: (values, rev) for key, (values, rev) in after.items() if values is not None}
        table = self._database.table(part.table)
        for key in before.keys() - new.keys():
            table.delete((draft, key))
        # Not `upsert`: on first use it creates and drops a table in the file, to detect the features of SQLite.
        table.insert_all((_row(part, draft, key, *place) for key, place in new.items()), replace=True)
        return [*sums({part: before}, draft), *sums({part: new}, draft)]

    def set_head(self, row: StoredRow) -> StoredRow:
        """Replace the draft's own row, with a new checksum, and return it."""
        row = row | {"sum": head_sum(row)}
        self._database.table("draft").update(row["number"], row)
        self.run.note_head(row)
        return row

    def set_count(self, key: str, count: int) -> None:
        """Set a counter of the file."""
        self._database.table("meta").update(key, {"value": str(count)})

    # -- versions and inventory ----------------------------------------------------------------------------------

    def add_version(self, row: StoredRow) -> int:
        """Write a version under the next number and return the number."""
        table = self._database.table("version")
        number = max((found["number"] for found in table.rows_where(select="number")), default=0) + 1
        row = {"number": number, **row, "sum": version_sum(row)}
        table.insert(row)
        self._count_version(row, 1)
        self.run.note_version(row)
        return number

    def remove_version(self, row: StoredRow) -> None:
        """Remove a version."""
        self._database.table("version").delete(row["number"])
        self._count_version(row, -1)
        self.run.forget_version(row)

    def _count_version(self, row: StoredRow, more: int) -> None:
        known = self._reader.version_set(row["draft"])
        content = together([row["sum"]], known.content)
        self._set_version_set(row["draft"], VersionSet(known.count + more, content))

    def remove_draft(self, head: StoredRow, at: str) -> None:
        """Delete a draft for ever with its journal, versions and counts; `at` "" records it as lost instead."""
        number = head["number"]
        for table in (*(part.table for part in row_codec.PARTS), counts.TABLE, "journal", "version", "draft"):
            of_draft = "number" if table == "draft" else "draft"
            self._database.table(table).delete_where(f"{of_draft} = ?", [number])
        self._set_meta(f"{inventory.VERSIONS} {number}", None)
        self.set_gone(number, Gone(head["created"], at))

    def set_gone(self, number: int, gone: Gone) -> None:
        """Record that a number has no draft."""
        self._set_meta(f"{inventory.GONE} {number}", inventory.gone_text(number, gone))
        self.run.note_gone(number, gone)

    def _set_version_set(self, draft: int, known: VersionSet) -> None:
        self._set_meta(f"{inventory.VERSIONS} {draft}", inventory.version_set_text(draft, known))

    def seal(self, beyond: int = 0) -> None:
        """Count this write, from `beyond` if that is more; called before every COMMIT."""
        meta = self._reader.meta(*inventory.COUNTERS, inventory.WRITES)
        number = str(meta.get(inventory.WRITES, "0")).partition(" ")[0]
        more = max(int(number) if number.isdecimal() else 0, beyond) + 1
        self._set_meta(inventory.WRITES, inventory.writes_text(more, token_hex(4), meta))

    def _set_meta(self, key: str, value: str | None) -> None:
        if value is None:
            self._database.table("meta").delete_where("key = ?", [key])
        else:
            self._database.table("meta").insert({"key": key, "value": value}, replace=True)


def _row(part: Part, draft: int, key: str, values: RowValues, rev: int) -> StoredRow:
    row = {"draft": draft, part.key: key, **dict(zip(part.columns, values, strict=True)), "rev": rev}
    return row | {"sum": row_sum(part, draft, key, values, rev)}
