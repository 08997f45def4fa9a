"""Rebuilds a drafts' file from a backup and salvaged rows, using only what checksums and the hash chain verify."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex

from model.base import files
from model.recovery.salvage import Salvage
from model.recovery.undecided_values import Undecided
from model.report import Change, Report, applied, difference
from model.storage import (
    PARTS,
    Part,
    Rows,
    StepWriter,
    StoredRow,
    VerifiedReader,
    database_file,
    link,
    row_codec,
    sums,
    together,
)

CAUSE = "恢复"


@dataclass
class Rebuilt:
    """Content of a new file: `added` steps beyond the backup, `missing` ones, and values to be decided by the user."""

    last: int = 0
    drafts: int = 0
    added: int = 0
    missing: int = 0
    undecided: list[Undecided] = field(default_factory=list)


def rebuild(target: Path, base: Path | None, found: Salvage, known: int) -> Rebuilt:
    """Write a new file `target` from the backup `base`, if any; `known` is the last step this computer remembers."""
    if base:
        files.copy_private(base, target)
    else:
        database_file.fill(target, found.uuid)
    database = database_file.open_existing(target)
    try:
        with database_file.immediate(database):
            database_file.apply_migrations(database)
            rebuilt = _Builder(VerifiedReader(database, target), found).build(known)
        VerifiedReader(database, target).everything()
    finally:
        database.close()
    files.sync(target)
    return rebuilt


class _Builder:
    """Adds the verified content of a damaged file to the drafts of a backup."""

    def __init__(self, reader: VerifiedReader, found: Salvage) -> None:
        self._reader = reader
        self._step_writer = StepWriter(reader)
        self._found = found
        self._rebuilt = Rebuilt()

    def build(self, known: int) -> Rebuilt:
        """Build all drafts and versions, and set the counters so that later steps get higher ids."""
        base = self._reader.count("head")
        heads = {head["number"]: head for head in self._reader.heads()}
        for number in sorted({*heads, *self._found.steps, *self._found.heads}):
            if head := heads.get(number) or self._new_draft(number):
                heads[number] = self._with_salvaged_steps(head, self._found.steps.get(number, {}))
                self._rebuilt.added += heads[number]["steps"] - head["steps"]
        known = max(known or self._found.head, self._reader.count("head"))
        self._step_writer.set_count("head", known)  # steps added here get ids above all earlier ones
        for number, head in heads.items():
            self._collect_undecided(self._with_latest_state(head, self._found.heads.get(number)), head["steps"])
        self._versions()
        self._rebuilt.missing = max(0, known - base - self._rebuilt.added)
        self._rebuilt.last, self._rebuilt.drafts = known - self._rebuilt.missing, len(heads)
        return self._rebuilt

    def _new_draft(self, number: int) -> StoredRow | None:
        """Add an empty draft that the backup lacks; None when neither its first step nor its own row is verified."""
        first, saved = self._found.steps.get(number, {}).get(1), self._found.heads.get(number)
        if first and first["chain"] == link("", first):
            return self._step_writer.add_draft(number, first["at"])
        return self._step_writer.add_draft(number, saved["created"]) if saved else None

    def _with_salvaged_steps(self, head: StoredRow, steps: Mapping[int, StoredRow]) -> StoredRow:
        """Append the salvaged steps that the hash chain verifies as the next ones."""
        texts = dict(self._reader.report(head).texts) if head["steps"] else {}
        chain, rows, changes = head["chain"], list[StoredRow](), list[Change]()
        for step in range(head["steps"] + 1, head["steps"] + len(steps) + 1):
            row = steps.get(step)
            if row is None or row["chain"] != link(chain, row):
                break
            change = row_codec.change_of(row["cause"], row["change"], texts)
            chain, texts = row["chain"], row_codec.texts_after(texts, change)
            changes.append(change)
            rows.append(row)
        return self._step_writer.write(head, changes, rows) if rows else head

    def _with_latest_state(self, head: StoredRow, saved: StoredRow | None) -> StoredRow:
        """Append one step to the latest state if the steps towards it are lost but its rows are verified."""
        if saved is None or saved["steps"] < head["steps"]:
            return head
        rows = self._found.rows.get(head["number"], {})
        if saved["steps"] > head["steps"] and together(sums(rows, head["number"])) == saved["content"]:
            self._rebuilt.added += saved["steps"] - head["steps"]
            head = self._step(head, _report(saved, rows))
        elif head["steps"] == 0:  # keep at least agency, year, format and kind of unit
            head = self._step(head, _report(saved, {}))
        return self._step_writer.set_head(head | {"deleted": saved["deleted"]})

    def _step(self, head: StoredRow, report: Report) -> StoredRow:
        now = self._reader.report(head) if head["steps"] else Report("", 0, "", unit_kind="")
        change = difference(now, report, CAUSE)
        return self._step_writer.append(head, [change], f"{CAUSE} {token_hex(8)}")

    def _collect_undecided(self, head: StoredRow, verified_step: int) -> None:
        """Collect rows newer than the step `verified_step` as `Undecided` values, for the user to decide on each."""
        rows = self._found.rows.get(head["number"], {})
        now = self._reader.report(head)
        later = {part: {k: row for k, row in rows.get(part, {}).items() if row[1] > verified_step} for part in PARTS}
        for change in _single(now, _report(head, later)):
            self._rebuilt.undecided.append(Undecided(head["number"], now.agency, now.year, change))

    def _versions(self) -> None:
        drafts = {head["number"] for head in self._reader.heads()}
        have = {row["sum"] for row in self._reader.database.table("version").rows}
        for row in self._found.versions:
            if row["sum"] not in have and row["draft"] in drafts:
                self._step_writer.add_version(
                    {name: value for name, value in row.items() if name not in {"number", "sum"}}
                )


def _report(head: StoredRow, rows: Mapping[Part, Rows]) -> Report:
    return row_codec.report_of(
        head, {part: {key: values for key, (values, _) in rows.get(part, {}).items()} for part in PARTS}
    )


def _single(now: Report, found: Report) -> Iterator[Change]:
    """Yield one change for each place in `found` that differs from `now`."""
    both = replace(
        applied(now, Change("", cells={a: (now.entry(a), entry) for a, entry in found.cells.items()})),
        texts={**now.texts, **found.texts},
        facts={**now.facts, **found.facts},
    )
    whole = difference(now, both, CAUSE)
    for address, pair in whole.cells.items():
        yield Change(CAUSE, cells={address: pair})
    for section, texts in whole.texts.items():
        yield Change(CAUSE, texts={section: texts})
    for name, facts in whole.facts.items():
        yield Change(CAUSE, facts={name: facts})
