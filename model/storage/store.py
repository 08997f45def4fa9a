"""Drafts in one SQLite file: a row per cell and text, and a journal of every step.

A save is one transaction of rows, journal and checksums; it carries an id, so that it can be repeated.  SQLite does not
detect a wrong byte in a value, so every row has a checksum and every step a hash over itself and the one before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from model.base import ClockRecord, clock
from model.report import Change, CountsAfter, History, Report, applied, difference
from model.storage import counts, database_file, file_copy, file_names, row_codec
from model.storage.counts import StoredCounts
from model.storage.database_file import StoreTrouble
from model.storage.held_file import HeldFile
from model.storage.step_writer import stamp
from model.storage.verified_rows import Checked, StoredRow, VerifiedReader

NOTHING = Report("", 0, "", unit_kind="")  # state before the first step of every journal

NAMED, BEFORE, DAILY = "named", "before", "daily"  # kinds of versions; the last two are made automatically
AUTOMATIC_VERSIONS = 20  # kept per draft; named versions are all kept


@dataclass(frozen=True)
class Draft:
    """Entry of the list of drafts; times are local; `deleted`: time of the move to the recycle bin, or None.

    `chain`: hash over all steps of the journal, which identifies the state of the report.
    """

    number: int
    agency: str
    year: int
    format: str
    unit_kind: str
    created: datetime
    saved: datetime
    steps: int
    deleted: datetime | None
    chain: str


@dataclass(frozen=True)
class JournalStep:
    """Step of a draft's journal; step 1 creates the draft from `NOTHING`.  `undoes`: the step it takes back."""

    number: int
    at: datetime
    cause: str
    change: Change
    undoes: int | None = None


@dataclass(frozen=True)
class Version:
    """Named state of a draft after `step`, kept at time `at`; `kind` is `NAMED`, `BEFORE` or `DAILY`."""

    number: int
    draft: int
    step: int
    at: datetime
    kind: str
    name: str

    @property
    def automatic(self) -> bool:
        """Return True if the program made the version by itself."""
        return self.kind != NAMED


def new_uid() -> str:
    """Create an id for a save, before the first attempt; all repetitions use the same."""
    return token_hex(16)


class Store(HeldFile):
    """The drafts' database.  Call its methods in the thread that opened it; each may raise `StoreTrouble`."""

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open `reports.db` in the data folder, making both when missing (0700, 0600)."""
        path = folder / file_names.DATABASE
        database = database_file.open_file(
            path, lambda database, apply_migrations: file_copy.migrate(database, path, apply_migrations)
        )
        return cls(VerifiedReader(database, path))

    @classmethod
    def open_for_reading(cls, folder: Path, refusal: str) -> Store:
        """Open an existing `reports.db` read-only; `refusal` is the message of an attempt to save."""
        path = folder / file_names.DATABASE
        with database_file.troubles(path):
            return cls(VerifiedReader(database_file.open_existing(path, writable=False), path), refusal=refusal)

    # -- reading -------------------------------------------------------------------------------------------------

    def drafts(self, *, deleted: bool = False, year: int | None = None) -> tuple[Draft, ...]:
        """The drafts (of a year), last used first; with `deleted` those in the recycle bin instead."""
        with self._reading():
            where = f"deleted IS {'NOT ' if deleted else ''}NULL" + ("" if year is None else f" AND year = {year:d}")
            return tuple(_draft(row) for row in self._reader.heads(where, order_by="last DESC"))

    def draft(self, number: int) -> Draft:
        """The draft of this number, deleted or not."""
        with self._reading():
            return _draft(self._reader.head(number))

    def load(self, number: int) -> Report:
        """Return the report as last saved; raises `StoreTrouble` when any checksum of it does not match."""
        with self._reading():
            return self._reader.report(self._reader.head(number))

    def counts(self) -> dict[int, StoredCounts]:
        """Return the stored counts by draft; compare `chain` with the draft's own before showing them."""
        with self._reading():
            return counts.read_counts(self.database)

    def journal(self, number: int) -> tuple[JournalStep, ...]:
        """Return all steps of a draft, oldest first; raises `StoreTrouble` when one is altered or missing."""
        with self._reading():
            changes = self._reader.changes(self._reader.head(number))
        return tuple(
            JournalStep(row["step"], _time(row["at"]), row["cause"], it, row.get("undoes")) for row, it in changes
        )

    def history(self, number: int) -> History:
        """Return the undo and redo history as it was when the draft was last open."""
        with self._reading():
            return self._step_writer.stacks(self._reader.head(number)).history()

    def last_step(self) -> int:
        """Return the journal id of the last step of any draft; it only grows, independent of the clock."""
        with self._reading():
            return self._reader.count("head")

    def verify(self) -> Checked:
        """Check every row and every step of every draft."""
        with self._reading():
            return self._reader.everything()

    @property
    def uuid(self) -> str:
        """The unique id of the file."""
        with self._reading():
            return str(self._reader.meta("uuid").get("uuid", ""))

    # -- writing -------------------------------------------------------------------------------------------------

    def create(self, report: Report, cause: str, uid: str = "") -> Draft:
        """Add a draft under a number that was never used before; repeated with the same `uid` it adds nothing."""
        uid = uid or new_uid()
        with self._writing():
            number = self._draft_saved_as(uid)
            if number is None:
                head = self._step_writer.add_draft()
                number = self._step_writer.append(head, [difference(NOTHING, report, cause)], uid)["number"]
        return self.draft(number)

    def save(self, number: int, changes: Sequence[Change], uid: str, counted: CountsAfter | None = None) -> datetime:
        """Apply the changes in one transaction, one journal step each; return the time after COMMIT.

        `counted` is stored in the same transaction, if the draft is then at the step that was counted: it is not when
        another window has written meanwhile.

        Repeated with the same `uid` it changes nothing: after some disk faults COMMIT reports an error though all is
        saved.  Before the first save of a day the state of the day before is kept as a version.
        """
        with self._writing():
            if changes and self._draft_saved_as(uid) is None:
                head = self._reader.head(number)
                if (last := _time(head["saved"])).date() < datetime.now().astimezone().date():
                    self._add_version(head, DAILY, f"{last:%Y-%m-%d} 结束时")
                head = self._step_writer.append(head, changes, uid)
                if counted and counted.step == head["steps"]:
                    now = StoredCounts(counted.counts, head["chain"], counted.edition)
                    counts.write_counts(self.database, number, now)
        return datetime.now().astimezone()

    def set_counts(self, found: Mapping[int, StoredCounts]) -> None:
        """Store counts computed later; those of drafts that have changed or gone meanwhile are dropped."""
        with self._writing():
            for number, counted in found.items():
                if self.database.table("draft").count_where("number = ? AND chain = ?", [number, counted.chain]):
                    counts.write_counts(self.database, number, counted)

    def delete(self, number: int) -> None:
        """Put a draft into the recycle bin."""
        with self._writing():
            head = self._reader.head(number)
            # With the clock set back, the time of what came before: a wrong time in the past would be purged at once.
            reached = clock.highest(self._clock(), head["created"], head["saved"], stamp())
            self._step_writer.set_head(head | {"deleted": reached})

    def restore(self, number: int) -> None:
        """Take a draft out of the recycle bin."""
        with self._writing():
            self._step_writer.set_head(self._reader.head(number) | {"deleted": None})

    def purge(self, before: datetime) -> tuple[int, ...]:
        """Delete permanently the drafts moved to the recycle bin before this time; return their numbers."""
        with self._writing():
            heads = [row for row in self._reader.heads("deleted IS NOT NULL") if _time(row["deleted"]) < before]
            for head in heads:
                self._step_writer.remove_draft(head, stamp())
        return tuple(head["number"] for head in heads)

    def backup(self, folder: Path | None = None) -> Path:
        """Write a verified copy of the file into `folder` (default: `备份` beside the file) and return its path."""
        self._check_beside()
        with self._reading():
            pass  # not of a file that went back in time: its backup would have the newest name
        return file_copy.back_up(self.database, folder or self.path.parent / file_names.FOLDER)

    # -- clock ---------------------------------------------------------------------------------------------------

    def trusts_clock(self, now: datetime) -> bool:
        """Record that the program runs at `now`, by the system's clock; return True if this can be the true time."""
        with self._reading():
            known = self._clock()
        if (found := known.seen(now)).differs(known):
            with self._writing():
                self._set_meta("clock", found.text())
        return found.trusted(now)

    def _clock(self) -> ClockRecord:
        return ClockRecord.of(str(self._reader.meta("clock").get("clock", "")))

    # -- versions ------------------------------------------------------------------------------------------------

    def keep_version(self, number: int, name: str, kind: str = NAMED) -> Version:
        """Keep the present state as a version; delete automatic ones beyond `AUTOMATIC_VERSIONS`, oldest first."""
        with self._writing():
            kept = self._add_version(self._reader.head(number), kind, name)
        return next(version for version in self.versions(number) if version.number == kept)

    def versions(self, number: int) -> tuple[Version, ...]:
        """The versions of a draft, newest first."""
        with self._reading():
            found = [_version(self._reader.version(row)) for row in self._version_rows(number)]
        return tuple(sorted(found, key=lambda version: (version.step, version.number), reverse=True))

    def version(self, version: int) -> Report:
        """Return the report as it was in a version."""
        with self._reading():
            for row in self.database.table("version").rows_where("number = ?", [version]):
                return applied(NOTHING, row_codec.change_of("", self._reader.version(row)["report"]))
        raise StoreTrouble(f"没有编号为 {version} 的版本；请在版本列表中核对")

    def forget_version(self, version: int) -> StoredRow:
        """Remove a version and return it for `keep_again`; the draft and its journal stay as they are."""
        with self._writing():
            rows = self.database.table("version").rows_where("number = ?", [version])
            found = [self._reader.version(row) for row in rows]
            if not found:
                raise StoreTrouble(f"没有编号为 {version} 的版本；请在版本列表中核对")
            self._step_writer.remove_version(found[0])
        return found[0]

    def keep_again(self, forgotten: StoredRow) -> None:
        """Add a removed version again; it gets a new number."""
        with self._writing():
            self._step_writer.add_version(
                {name: value for name, value in forgotten.items() if name not in {"number", "sum"}}
            )

    def _add_version(self, head: StoredRow, kind: str, name: str) -> int:
        report = row_codec.change_json(difference(NOTHING, self._reader.report(head), ""))
        row: StoredRow = {"draft": head["number"], "step": head["steps"], "at": stamp(), "kind": kind}
        number = self._step_writer.add_version(row | {"name": row_codec.storable(name), "report": report})
        automatic = [row for row in self._version_rows(head["number"]) if row["kind"] != NAMED]
        if kind != DAILY or self._clock().trusted(datetime.now(UTC)):  # a clock that jumps makes days that never were
            for old in automatic[AUTOMATIC_VERSIONS:]:
                self._step_writer.remove_version(old)
        return number

    def _version_rows(self, number: int) -> list[StoredRow]:
        return list(self.database.table("version").rows_where("draft = ?", [number], order_by="number DESC"))

    def _draft_saved_as(self, uid: str) -> int | None:
        """Return the draft into which the save `uid` already went, if any."""
        for row in self.database.table("journal").rows_where("uid = ?", [f"{uid}/1"], select="draft"):
            return int(row["draft"])
        return None


def _draft(row: StoredRow) -> Draft:
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
        chain=row["chain"],
    )


def _version(row: StoredRow) -> Version:
    return Version(row["number"], row["draft"], row["step"], _time(row["at"]), row["kind"], row["name"])


def _time(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).astimezone()
