"""Typed access to the stored drafts: the only way of windows, docks and pages to the drafts' file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from ui.draft.find_last_year import last_year_draft, readable_report

if TYPE_CHECKING:  # the first window must not wait for SQLite
    from model.recovery import Conflict, OtherFile
    from model.report import History, Report
    from model.storage import Backup, Checked, Difference, Draft, DraftInBackup, Store, StoredCounts, StoredRow, Version

Answer = TypeVar("Answer")


class Ask(Protocol):
    """Runs a function with the store in the writer's thread, after all queued changes."""

    def __call__(self, question: Callable[[Store], Answer]) -> Answer:
        """Return what `question` returns, raise what it raises."""


@dataclass(frozen=True)
class Listing:
    """Drafts shown in a list, with all drafts that are not in the recycle bin and the stored counts by draft."""

    drafts: tuple[Draft, ...]
    active: tuple[Draft, ...]
    counts: Mapping[int, StoredCounts]


@dataclass(frozen=True)
class Loaded:
    """A draft with its report; if another window wrote in between, the report is newer than the draft's own row."""

    draft: Draft
    report: Report
    last: Draft | None  # last year's draft of the same agency
    last_report: Report | None  # None also if it cannot be read


class Drafts:
    """The stored drafts.  Each method waits for queued changes, blocks, and may raise `Trouble`."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    # -- drafts --------------------------------------------------------------------------------------------------

    def list(self, *, deleted: bool = False) -> tuple[Draft, ...]:
        """Return the drafts, last used first; with `deleted` those in the recycle bin instead."""
        return self._ask(lambda store: store.drafts(deleted=deleted))

    def listing(self, *, deleted: bool = False) -> Listing:
        """Return the drafts, or those in the recycle bin, with what is stored about their counts."""

        def read(store: Store) -> Listing:
            active = store.drafts()
            return Listing(store.drafts(deleted=True) if deleted else active, active, store.counts())

        return self._ask(read)

    def last_saved(self) -> datetime | None:
        """Return the time of the last save of any draft; None without drafts."""
        return max((draft.saved for draft in self.list()), default=None)

    def load(self, number: int) -> Report:
        """Return the report as last saved."""
        return self._ask(lambda store: store.load(number))

    def load_to_edit(self, number: int) -> Loaded:
        """Return what opening a draft needs, with last year's report."""

        def read(store: Store) -> Loaded:
            draft = store.draft(number)  # before the report: its step must not be newer than the report
            last = last_year_draft(store.drafts(year=draft.year - 1), draft.agency, draft.year)
            last_report = readable_report(store, last) if last else None
            return Loaded(draft, store.load(number), last, last_report)

        return self._ask(read)

    def history(self, number: int) -> History:
        """Return the undo and redo history as it was when the draft was last open."""
        return self._ask(lambda store: store.history(number))

    def steps(self, number: int) -> int:
        """Return the number of steps in a draft's journal."""
        return self._ask(lambda store: store.draft(number).steps)

    def create(self, report: Report, cause: str) -> Draft:
        """Store a new draft."""
        return self._ask(lambda store: store.create(report, cause))

    def delete(self, number: int) -> None:
        """Put a draft into the recycle bin."""
        self._ask(lambda store: store.delete(number))

    def restore(self, number: int) -> None:
        """Take a draft out of the recycle bin."""
        self._ask(lambda store: store.restore(number))

    def purge(self) -> tuple[int, ...]:
        """Delete permanently what was deleted 30 days ago, unless the file is read-only or the clock may be wrong."""
        from model.storage import purge_recycle_bin

        return self._ask(lambda store: purge_recycle_bin(store, datetime.now().astimezone()))

    def set_counts(self, found: Mapping[int, StoredCounts]) -> None:
        """Store counts computed for the list; nothing if the file is read-only."""
        self._ask(lambda store: None if store.refusal else store.set_counts(found))

    def verify(self) -> Checked:
        """Check every row and every step of every draft."""
        return self._ask(lambda store: store.verify())

    # -- versions ------------------------------------------------------------------------------------------------

    def versions(self, number: int) -> tuple[Version, ...]:
        """Return the versions of a draft, newest first."""
        return self._ask(lambda store: store.versions(number))

    def version(self, version: int) -> Report:
        """Return the report as it was in a version."""
        return self._ask(lambda store: store.version(version))

    def keep_version(self, number: int, name: str) -> Version:
        """Keep the present state of a draft as a version with a name."""
        return self._ask(lambda store: store.keep_version(number, name))

    def keep_version_before(self, number: int, name: str) -> Version:
        """Keep the present state as an automatic version, before it is replaced."""
        from model.storage import BEFORE

        return self._ask(lambda store: store.keep_version(number, name, BEFORE))

    def keep_final(self, number: int) -> None:
        """Keep the state at 定稿 as a version, and back up the file."""
        self._ask(lambda store: (store.keep_version(number, "定稿"), store.backup()))

    def forget_version(self, version: int) -> StoredRow:
        """Remove a version and return it for `keep_version_again`."""
        return self._ask(lambda store: store.forget_version(version))

    def keep_version_again(self, forgotten: StoredRow) -> None:
        """Add a removed version again; it gets a new number."""
        self._ask(lambda store: store.keep_again(forgotten))

    # -- backups and other files ---------------------------------------------------------------------------------

    def backups(self) -> tuple[Backup, ...]:
        """Return the backups, the one with the highest step first."""
        from model.storage import backups

        return self._ask(lambda store: backups.listed(store.path.parent / backups.FOLDER))

    def differences(self, backup: Backup) -> tuple[Difference, ...]:
        """Return the drafts that differ from their state in a backup."""
        from model.storage import backups

        return self._ask(lambda store: backups.differences(store, backup.path))

    def lacking(self, backup: Backup) -> tuple[Draft, ...]:
        """Return the drafts that are not in a backup."""
        from model.storage import backups

        return self._ask(lambda store: backups.lacking(store, backup.path))

    def in_backup(self, backup: Backup, number: int) -> Report | None:
        """Return a draft's report as it is in a backup; None if the draft is not in it."""
        from model.storage import backups

        return self._ask(lambda store: backups.report_in(backup.path, store.draft(number)))

    def in_backups(self, number: int) -> tuple[tuple[Backup, DraftInBackup], ...]:
        """Return the backups, the one with the highest step first, each with what it holds of a draft."""
        from model.storage import backups

        def read(store: Store) -> tuple[tuple[Backup, DraftInBackup], ...]:
            draft, kept = store.draft(number), backups.listed(store.path.parent / backups.FOLDER)
            return tuple((backup, backups.held(backup.path, draft)) for backup in kept)

        return self._ask(read)

    def restore_backup(self, backup: Backup, numbers: Sequence[int]) -> tuple[int, ...]:
        """Restore drafts from a backup by steps that can be undone; return their numbers."""
        from model.storage import backups

        return self._ask(lambda store: backups.restore(store, backup.path, numbers))

    def look_into(self, path: Path) -> OtherFile:
        """Read the drafts of another drafts' file."""
        from model.recovery import look_into

        return self._ask(lambda store: look_into(path, store))

    def take_over(self, path: Path) -> tuple[int, ...]:
        """Add the drafts of another drafts' file under new numbers; return these."""
        from model.recovery import take_over

        return self._ask(lambda store: take_over(path, store))

    # -- after a recovery, beside another window -----------------------------------------------------------------

    def confirm_recovered(self) -> None:
        """Resume the thinning of backups after the user has confirmed recovered data."""
        from model.storage import hold_backups

        self._ask(lambda store: hold_backups(store.path.parent, hold=False))

    def conflicts(self, number: int, after: int) -> tuple[Draft, Report, tuple[Conflict, ...]]:
        """Return a draft with its report and the conflicting edits of another window after step `after`."""
        from model.recovery import conflicts

        return self._ask(
            lambda store: (store.draft(number), store.load(number), conflicts(store.journal(number), after))
        )
