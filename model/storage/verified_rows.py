"""Reads and verifies the drafts' file: each row by its checksum, all rows by their XOR, each step by a hash chain.

SQLite does not detect a wrong byte in a value, so nothing is returned unverified.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from model.report import Change, Report
from model.storage import inventory, row_codec
from model.storage.database_file import StoreTrouble, damaged, version
from model.storage.inventory import Gone, Mark, VersionSet
from model.storage.row_codec import PARTS, Part, Rows, RowValues, digest, row_sum, together

StoredRow = dict[str, Any]
INVENTORY = 4  # schema version from which on drafts and versions are counted

# Columns covered by the checksum of a draft's own row, in this order.
HEAD_COLUMNS = (
    "number", "agency", "year", "format", "unit_kind", "created", "saved", "deleted",
    "steps", "last", "chain", "anchor", "content",
)  # fmt: skip
STEP_COLUMNS = (
    "draft",
    "step",
    "uid",
    "at",
    "cause",
    "change",
)  # covered by the chain, as is `undoes` if set
VERSION_COLUMNS = ("draft", "step", "at", "kind", "name", "report")


@dataclass(frozen=True)
class Checked:
    """Numbers of drafts, steps and versions that a full check verified."""

    drafts: int
    steps: int
    versions: int = 0

    def sentence(self) -> str:
        """Build the message of 检查数据."""
        versions = f"、{self.versions} 个版本" if self.versions else ""
        return f"检查了 {self.drafts} 份草稿、{self.steps} 处修改{versions}，全部完好"


@dataclass(frozen=True)
class VerifiedStart:
    """Step up to which a draft's journal was verified, the chain at that step and the texts after it."""

    step: int
    chain: str
    texts: Mapping[str, str]


def head_sum(row: Mapping[str, Any]) -> str:
    """Compute the checksum of a draft's own row."""
    return digest(*[row[name] for name in HEAD_COLUMNS])


def link(chain: str, row: Mapping[str, Any]) -> str:
    """Compute the chain after a step: a hash that covers the step itself and all before it."""
    undoes = row.get("undoes")
    return digest(chain, *[row[name] for name in STEP_COLUMNS], *([] if undoes is None else [undoes]))


def version_sum(row: Mapping[str, Any]) -> str:
    """Compute the checksum of a version."""
    return digest("version", *[row[name] for name in VERSION_COLUMNS])


def sums(parts: Mapping[Part, Rows], draft: int) -> Iterator[str]:
    """Yield the checksums of rows."""
    for part, rows in parts.items():
        for key, (values, rev) in rows.items():
            yield row_sum(part, draft, key, values, rev)


class VerifiedReader:
    """Reads the drafts' file; raises `StoreTrouble` for everything whose checksum does not match."""

    def __init__(self, database: Database, path: Path) -> None:
        self.database = database
        self.path = path

    # -- one draft -----------------------------------------------------------------------------------------------

    def head(self, number: int) -> StoredRow:
        """The draft's own row."""
        for row in self.database.table("draft").rows_where("number = ?", [number]):
            return self._verified_head(row)
        raise StoreTrouble(f"没有编号为 {number} 的草稿；请在草稿列表中核对编号")

    def heads(self, where: str | None = None, order_by: str | None = None) -> list[StoredRow]:
        """The drafts' own rows."""
        return [self._verified_head(row) for row in self.database.table("draft").rows_where(where, order_by=order_by)]

    def _verified_head(self, row: StoredRow) -> StoredRow:
        if row["sum"] != head_sum(row):
            raise damaged(self.path, f"草稿 {row['number']} 的登记")
        return row

    def report(self, head: StoredRow) -> Report:
        """The report as last saved."""
        parts = {part: self.rows(part, head["number"]) for part in PARTS}
        if together(sums(parts, head["number"])) != head["content"]:
            raise damaged(self.path, f"草稿 {head['number']} 的内容有缺失")
        values = {part: {key: value for key, (value, _) in rows.items()} for part, rows in parts.items()}
        return row_codec.report_of(head, values)

    def rows(self, part: Part, draft: int, keys: Iterable[str] | None = None) -> Rows:
        """Return the rows of a part of a draft (None: all, else of these keys only)."""
        where, arguments = "draft = ?", list[int | str]([draft])
        if keys is not None:
            arguments += keys
            where += f" AND {part.key} IN ({','.join('?' * (len(arguments) - 1))})"
        rows: Rows = {}
        for _, key, value, _ in self._part(part, where, arguments):
            rows[key] = value
        return rows

    def _part(
        self, part: Part, where: str, arguments: Iterable[int | str] = ()
    ) -> Iterator[tuple[int, str, tuple[RowValues, int], str]]:
        """Yield draft, key, values with revision, and checksum of each row.

        Reads tuples instead of the slower `rows_where`, since every start of the program reads all rows.
        """
        columns = ", ".join(f'"{name}"' for name in ("draft", part.key, "rev", "sum", *part.columns))
        select = f"SELECT {columns} FROM {part.table} WHERE {where}"  # noqa: S608 - names of our own schema
        for row in self.database.execute(select, list(arguments)):
            draft, key, rev, found = row[:4]
            if found != row_sum(part, draft, key, row[4:], rev):
                raise damaged(self.path, f"草稿 {draft} 的一处内容")
            yield draft, key, (row[4:], rev), found

    def steps(self, head: StoredRow, start: VerifiedStart | None = None) -> list[StoredRow]:
        """Return the journal rows of a draft, verified from `start` (None: the anchor) up to the draft's own row."""
        where, arguments = "draft = ? AND step > ?", [head["number"], start.step if start else 0]
        rows = list(self.database.table("journal").rows_where(where, arguments, order_by="step"))
        self._verify_steps(head, rows, start.chain if start else head["anchor"])
        return rows

    def _verify_steps(self, head: StoredRow, rows: list[StoredRow], chain: str) -> None:
        expected = head["steps"] - len(rows)
        for row in rows:
            chain, expected = link(chain, row), expected + 1
            if row["chain"] != chain or row["step"] != expected:
                raise damaged(self.path, f"草稿 {head['number']} 的第 {expected} 处修改记录")
        if chain != head["chain"]:
            raise damaged(self.path, f"草稿 {head['number']} 的修改记录有缺失")

    def changes(self, head: StoredRow, start: VerifiedStart | None = None) -> list[tuple[StoredRow, Change]]:
        """Return the journal rows of a draft after `start`, each with its change."""
        texts = start.texts if start else {}
        changes = []
        for row in self.steps(head, start):
            change = row_codec.change_of(row["cause"], row["change"], texts)
            texts = row_codec.texts_after(texts, change)
            changes.append((row, change))
        return changes

    def version(self, row: StoredRow) -> StoredRow:
        """Return a row of the version table after verifying it."""
        if row["sum"] != version_sum(row):
            raise damaged(self.path, f"草稿 {row['draft']} 的版本 {row['number']}")
        return row

    def count(self, key: str) -> int:
        """A counter of the file: `head`, the last step of any draft, or `drafts`, the last number given."""
        for row in self.database.table("meta").rows_where("key = ?", [key]):
            if str(row["value"]).isdecimal():
                return int(row["value"])
        raise damaged(self.path, "计数")

    # -- inventory -----------------------------------------------------------------------------------------------

    def meta(self, *keys: str) -> dict[str, object]:
        """Return rows of the table `meta` (none given: all)."""
        where = f"key IN ({','.join('?' * len(keys))})" if keys else None
        return {row["key"]: row["value"] for row in self.database.table("meta").rows_where(where, keys)}

    def mark(self) -> Mark:
        """Return the identity of the present state of the file."""
        meta = self.meta(*inventory.COUNTERS, inventory.WRITES)
        if (written := inventory.sealed(meta)) is None:
            raise damaged(self.path, "计数")
        head = self.count("head")
        last = list(self.database.table("journal").rows_where("id = ?", [head], select="draft, chain"))
        draft, chain = (last[0]["draft"], last[0]["chain"]) if last else (0, "")
        return Mark(str(meta.get("uuid", "")), head, draft, chain, *written, self.database.table("version").count)

    def chain_at(self, step: int) -> str:
        """Return the chain of the step with this id of the journal; "" if there is none."""
        rows = list(self.database.table("journal").rows_where("id = ?", [step], select="chain"))
        return str(rows[0]["chain"]) if rows else ""

    def version_set(self, draft: int) -> VersionSet:
        """Return which versions a draft must have."""
        text = self.meta(f"{inventory.VERSIONS} {draft}").get(f"{inventory.VERSIONS} {draft}", "")
        if (known := inventory.version_set_of(draft, str(text))) is None:
            raise damaged(self.path, f"草稿 {draft} 的版本登记")
        return known

    def gone(self) -> dict[int, Gone]:
        """Return the numbers without a draft."""
        found = {}
        for draft, text in inventory.numbered(self.meta(), inventory.GONE):
            if (gone := inventory.gone_of(draft, text)) is None:
                raise damaged(self.path, f"草稿 {draft} 的删除登记")
            found[draft] = gone
        return found

    # -- everything ----------------------------------------------------------------------------------------------

    def everything(self) -> Checked:
        """Check every row, step and version of every draft."""
        heads = self.heads()
        self._verify_contents(heads)
        steps = self._steps_by_draft()
        for head in heads:
            self._verify_steps(head, steps.pop(head["number"], []), head["anchor"])
        if steps or max((head["last"] for head in heads), default=0) > self.count("head"):
            raise damaged(self.path, "修改记录不完整")
        versions = [self.version(row) for row in self.database.table("version").rows]
        if version(self.database) >= INVENTORY:
            self._verify_inventory({head["number"] for head in heads}, versions)
        return Checked(len(heads), sum(head["steps"] for head in heads), len(versions))

    def _verify_inventory(self, drafts: set[int], versions: list[StoredRow]) -> None:
        """Check that no draft and no version is missing or too many."""
        if not self.mark().writes:
            raise damaged(self.path, "计数")
        if drafts ^ self.gone().keys() != set(range(1, self.count("drafts") + 1)):
            raise damaged(self.path, "草稿的登记有缺失")
        sums: dict[int, list[str]] = {draft: [] for draft in drafts}
        for row in versions:
            sums.setdefault(row["draft"], []).append(row["sum"])
        for draft, found in sums.items():
            if self.version_set(draft) != VersionSet.of_sums(found):
                raise damaged(self.path, f"草稿 {draft} 的版本有缺失")

    def _verify_contents(self, heads: list[StoredRow]) -> None:
        totals = {head["number"]: 0 for head in heads}
        for part in PARTS:
            for draft, _, _, one in self._part(part, "1"):
                if draft not in totals:
                    raise damaged(self.path, f"草稿 {draft} 的登记有缺失")
                totals[draft] ^= int(one, 16)
        for head in heads:
            if f"{totals[head['number']]:020x}" != head["content"]:
                raise damaged(self.path, f"草稿 {head['number']} 的内容有缺失")

    def _steps_by_draft(self) -> dict[int, list[StoredRow]]:
        steps: dict[int, list[StoredRow]] = {}
        for row in self.database.table("journal").rows_where(order_by="draft, step"):
            steps.setdefault(row["draft"], []).append(row)
        return steps
