"""Rebuilds a drafts' file from a backup and salvaged rows, using only what checksums and the hash chain verify."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from secrets import token_hex

from model.base import files
from model.recovery.salvage import Salvage
from model.recovery.undecided_values import Undecided
from model.report import Change, Report, applied, difference
from model.storage import (
    IN_RECYCLE_BIN,
    PARTS,
    Gone,
    Mark,
    Part,
    Rows,
    StepWriter,
    StoredRow,
    VerifiedReader,
    VersionSet,
    database_file,
    link,
    row_codec,
    sums,
    together,
)

CAUSE = "恢复"
FEW, MANY = 3, 60  # versions of a draft: lost ones that are looked for, and those of a backup among which they are


@dataclass
class Rebuilt:
    """Content of a new file: `added` steps beyond the backup, `missing` ones, and values to be decided by the user.

    `versions`: number of versions not found again.  `perhaps_gone`: drafts of the backup that may have been deleted for
    ever since.  `mark`: the state of the new file.
    """

    last: int = 0
    drafts: int = 0
    added: int = 0
    missing: int = 0
    undecided: list[Undecided] = field(default_factory=list)
    versions: int = 0
    perhaps_gone: int = 0
    mark: Mark = field(default_factory=lambda: Mark("", 0))


def rebuild(target: Path, base: Path | None, found: Salvage, known: Mark, base_time: datetime | None = None) -> Rebuilt:
    """Write a new file `target` from the backup `base`, if any, made at `base_time`.

    `known` is the last save this computer remembers.
    """
    if base:
        files.copy_private(base, target)
    else:
        database_file.fill(target, found.uuid)
    database = database_file.open_existing(target)
    try:
        with database_file.immediate(database):
            database_file.apply_migrations(database)
            reader = VerifiedReader(database, target)
            rebuilt = _Builder(reader, found, base_time).build(known)
            rebuilt.mark = reader.mark()
        VerifiedReader(database, target).everything()
    finally:
        database.close()
    files.sync(target)
    return rebuilt


class _Builder:
    """Adds the verified content of a damaged file, and what this run has written, to the drafts of a backup."""

    def __init__(self, reader: VerifiedReader, found: Salvage, base_time: datetime | None) -> None:
        self._reader = reader
        self._step_writer = StepWriter(reader)
        self._found, self._run, self._base_time = found, found.run, base_time
        self._rebuilt = Rebuilt()
        self._is_later = found.writes > 0 and found.writes >= reader.mark().writes  # than the backup
        self._ids = {row["id"] for row in reader.database.table("journal").rows_where(select="id")}

    def build(self, known: Mark) -> Rebuilt:
        """Build all drafts and versions, and set the counters so that later steps get higher ids."""
        base = self._reader.count("head")
        purged = self._without_purged()
        heads = {head["number"]: head for head in self._reader.heads()}
        self._rebuilt.perhaps_gone = sum(self._may_be_purged(head) for head in heads.values())
        steps = {number: self._steps(number) for number in {*self._found.steps, *self._run.steps}}
        saved = {**self._found.heads, **self._run.heads}
        for number in sorted({*heads, *steps, *saved} - purged):
            if head := heads.get(number) or self._new_draft(number, steps.get(number, {}), saved.get(number)):
                heads[number] = self._with_salvaged_steps(head, steps.get(number, {}))
                self._rebuilt.added += heads[number]["steps"] - head["steps"]
        last = max(known.head or self._found.head, self._reader.count("head"))
        self._step_writer.set_count("head", last)  # steps added here get ids above all earlier ones
        for number, head in heads.items():
            self._collect_undecided(self._with_latest_state(head, saved.get(number)), head["steps"])
        self._versions()
        known_versions = max(known.versions, self._run.mark.versions if self._run.mark else 0)
        lost = known_versions - self._reader.database.table("version").count
        self._rebuilt.versions = max(self._rebuilt.versions, lost)
        self._complete(known)
        purged_steps = sum(len(steps.get(number, {})) for number in purged)
        self._rebuilt.missing = max(0, last - base - self._rebuilt.added - purged_steps)
        self._rebuilt.last, self._rebuilt.drafts = last - self._rebuilt.missing, len(heads)
        return self._rebuilt

    def _steps(self, number: int) -> dict[int, StoredRow]:
        return {**self._found.steps.get(number, {}), **self._run.steps.get(number, {})}

    # -- deleted for ever ----------------------------------------------------------------------------------------

    def _without_purged(self) -> set[int]:
        """Remove the drafts that were deleted for ever after the backup; return all numbers of such drafts."""
        gone: dict[int, Gone] = {}
        for number, one in (*self._reader.gone().items(), *self._found.gone.items(), *self._run.gone.items()):
            if one.at or number not in gone:  # a number that was lost there may be one deleted for ever here
                gone[number] = one
        for head in self._reader.heads():
            if (known := gone.get(head["number"])) and known.is_draft(head["created"]):
                self._step_writer.remove_draft(head, known.at)
        purged = {number for number, one in gone.items() if one.at} - {head["number"] for head in self._reader.heads()}
        for number in purged:
            self._step_writer.set_gone(number, gone[number])
        return purged

    def _may_be_purged(self, head: StoredRow) -> bool:
        """Return True for a draft without a trace in a readable file, if there was time to delete it for ever."""
        found, number = self._found, head["number"]
        if not (found.heads or found.steps) or any(number in part for part in (found.heads, found.steps, found.rows)):
            return False
        since = datetime.fromisoformat(head["deleted"]) if head["deleted"] else self._base_time
        return since is not None and datetime.now(UTC) - since >= IN_RECYCLE_BIN

    def _complete(self, known: Mark) -> None:
        """Record which numbers have no draft, and count this as one more write."""
        there = {head["number"] for head in self._reader.heads()}
        gone = self._reader.gone().keys()
        last = max(self._reader.count("drafts"), self._found.drafts, *there, *gone, 0)
        self._step_writer.set_count("drafts", last)
        for number in set(range(1, last + 1)) - there - gone:
            self._step_writer.set_gone(number, Gone("", ""))
        run = self._run.mark.writes if self._run.mark else 0
        self._step_writer.seal(max(known.writes, self._found.writes, run))

    # -- drafts --------------------------------------------------------------------------------------------------

    def _new_draft(self, number: int, steps: Mapping[int, StoredRow], saved: StoredRow | None) -> StoredRow | None:
        """Add an empty draft that the backup lacks; None when neither its first step nor its own row is verified."""
        first = steps.get(1)
        created = saved["created"] if saved else ""
        if first and first["chain"] == link("", first):
            return self._step_writer.add_draft(number, created or first["at"])
        return self._step_writer.add_draft(number, created) if saved else None

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
            rows.append(row | {"id": self._free_id(row["id"])})
        return self._step_writer.write(head, changes, rows) if rows else head

    def _free_id(self, number: int) -> int:
        """Return the id of a step, or the next free one if another copy of the file used it for another step."""
        number = number if number not in self._ids else max(self._ids) + 1
        self._ids.add(number)
        return number

    def _with_latest_state(self, head: StoredRow, saved: StoredRow | None) -> StoredRow:
        """Append one step to the latest state if the steps towards it are lost but its rows are verified."""
        number = head["number"]
        if number in self._run.heads:
            return self._with_state_of_run(head, self._run.heads[number])
        if saved is None or saved["steps"] < head["steps"]:
            return head
        rows, before = self._found.rows.get(number, {}), head["steps"]
        if saved["steps"] > before and together(sums(rows, number)) == saved["content"]:
            self._rebuilt.added += saved["steps"] - head["steps"]
            head = self._step(head, _report(saved, rows))
        elif head["steps"] == 0:  # keep at least agency, year, format and kind of unit
            head = self._step(head, _report(saved, {}))
        later = self._is_later or saved["steps"] > before
        return self._step_writer.set_head(head | {"deleted": saved["deleted"]}) if later else head

    def _with_state_of_run(self, head: StoredRow, saved: StoredRow) -> StoredRow:
        """Append one step to the state last saved by this run, unless its steps already led there."""
        chain, report = self._run.reports.get(head["number"], ("", None))
        if report is not None and chain != head["chain"]:
            self._rebuilt.added += max(0, saved["steps"] - head["steps"])
            if head["steps"] == 0 or not difference(self._reader.report(head), report, CAUSE).empty:
                head = self._step(head, report)
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

    # -- versions ------------------------------------------------------------------------------------------------

    def _versions(self) -> None:
        """Give each draft the versions that it had, as far as the backup or the damaged file holds them."""
        found = [*self._found.versions, *self._run.versions.values()]
        for head in self._reader.heads():
            number = head["number"]
            here = list(self._reader.database.table("version").rows_where("draft = ?", [number]))
            have = {row["sum"]: row for row in here}
            more = {row["sum"]: row for row in found if row["draft"] == number}
            wanted = self._wanted(number, have, more) - self._run.forgotten
            for checksum in have.keys() - wanted:
                self._step_writer.remove_version(have[checksum])
            for checksum in [one for one in more if one in wanted - have.keys()]:
                row = more[checksum]
                self._step_writer.add_version({name: row[name] for name in row if name not in {"number", "sum"}})

    def _wanted(self, number: int, have: Mapping[str, StoredRow], more: Mapping[str, StoredRow]) -> set[str]:
        """Return the checksums of a draft's versions: exactly those that the damaged file counted, or all there are."""
        known = self._found.version_sets.get(number) if self._is_later else None
        if known is None or any(row["draft"] == number for row in self._run.versions.values()):
            return {*have, *more}
        lost, others = known.count - len(more), [one for one in have if one not in more]
        if 0 <= lost <= FEW and len(others) <= MANY:
            for some in combinations(others, lost):
                if VersionSet.of_sums([*more, *some]) == known:
                    return {*more, *some}
        self._rebuilt.versions += max(0, known.count - len({*have, *more}))
        return {*have, *more}


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
