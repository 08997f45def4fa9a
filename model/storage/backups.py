"""Lists and thins out backups of the drafts database, and restores drafts from one by steps that can be undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from model.report import Change, Report, difference
from model.storage import file_copy
from model.storage.database_file import StoreTrouble, troubles
from model.storage.file_names import FOLDER as FOLDER  # noqa: PLC0414 — re-exported: `backups.FOLDER`
from model.storage.store import BEFORE, Draft, Store, new_uid
from model.storage.verified_rows import StoredRow

RECENT = timedelta(hours=48)
MOST_RECENT, DAYS, WEEKS, MONTHS, LEAST = 20, 14, 8, 12, 3
MOST_BYTES = 500 * 2**20

_NAME = re.compile(r"(\d{4}-\d\d-\d\d \d{4}) 第(\d+)步\.bak")


@dataclass(frozen=True)
class Backup:
    """A finished backup: time of creation, last step of the journal in it, size in bytes."""

    path: Path
    at: datetime
    step: int
    size: int


@dataclass(frozen=True)
class Difference:
    """The change that restoring one draft from a backup would make; `new`: the draft no longer exists."""

    number: int
    report: Report
    change: Change
    new: bool


@dataclass(frozen=True)
class DraftInBackup:
    """Content of a backup about one draft: its own number of steps there, None if it is not in it.

    `other`: agency and year of another draft that had the same number then, "" for none.  `damaged`: nothing is known.
    """

    steps: int | None = None
    other: str = ""
    damaged: bool = False


def listed(folder: Path) -> tuple[Backup, ...]:
    """Return the backups in a folder, the one with the highest step first."""
    found = [backup for path in folder.glob("*.bak") if (backup := backup_at(path))]
    return tuple(sorted(found, key=lambda backup: (backup.step, backup.at), reverse=True))


def backup_at(path: Path) -> Backup | None:
    """Read time and step from the name of a backup; None for a file of another name."""
    name = _NAME.fullmatch(path.name)
    if not name or not path.is_file():
        return None
    try:
        at = datetime.strptime(name[1], "%Y-%m-%d %H%M").astimezone()
    except ValueError:  # digits that are no date: a name given by hand
        return None
    return Backup(path, at, int(name[2]), path.stat().st_size)


def newest(folder: Path, uuid: str = "", usable: Callable[[Path], Path | None] = lambda path: path) -> Backup | None:
    """Return the backup with the highest step that passes full verification, preferring those of the file `uuid`.

    `usable` returns the copy to verify in place of a backup, for one with a repaired header; None for none.
    """
    unknown = []
    for backup in listed(folder):
        try:
            copy = usable(backup.path)
            found = copy and _verified_uuid(copy)
        except StoreTrouble:
            continue  # damaged, or a file of another program
        if found is None:
            continue
        if not uuid or found == uuid:
            return backup
        unknown.append(backup)
    return unknown[0] if unknown else None


def _verified_uuid(path: Path) -> str:
    with file_copy.reading(path) as reader:
        reader.everything()
        return {row["key"]: str(row["value"]) for row in reader.database.table("meta").rows}.get("uuid", "")


# -- thinning --------------------------------------------------------------------------------------------------------


def thin(folder: Path, now: datetime) -> tuple[Path, ...]:
    """Delete the backups that `backups_to_keep` leaves out; return their paths."""
    backups = listed(folder)
    kept = backups_to_keep(backups, now)
    removed = [backup.path for backup in backups if backup not in kept]
    with troubles(folder):
        for path in removed:
            path.unlink(missing_ok=True)
    return tuple(removed)


def backups_to_keep(backups: Collection[Backup], now: datetime) -> set[Backup]:
    """Select the backups to keep: at least the 3 newest, otherwise at most 500 MiB.

    All of the last 48 hours (20 at most), and the last of each of 14 days, 8 weeks and 12 months.
    """
    latest = sorted(backups, key=lambda backup: (backup.at, backup.step), reverse=True)
    kept = {*latest[:LEAST], *[backup for backup in latest if now - backup.at <= RECENT][:MOST_RECENT]}
    periods: list[tuple[Callable[[datetime], object], int]] = [
        (lambda at: at.date(), DAYS),
        (lambda at: at.isocalendar()[:2], WEEKS),
        (lambda at: (at.year, at.month), MONTHS),
    ]
    for period, count in periods:
        kept |= set(islice(_first_of_each(latest, period), count))
    room = MOST_BYTES
    for number, backup in enumerate(backup for backup in latest if backup in kept):
        room -= backup.size
        if room < 0 and number >= LEAST:
            kept.discard(backup)
    return kept


def _first_of_each(latest: list[Backup], period: Callable[[datetime], object]) -> Iterator[Backup]:
    seen = set[object]()
    for backup in latest:
        if (one := period(backup.at)) not in seen:
            seen.add(one)
            yield backup


# -- one draft ------------------------------------------------------------------------------------------------------


def _same(head: StoredRow, draft: Draft) -> bool:
    """Tell whether a row of a backup is this draft: a number alone may have been given to another one."""
    return head["number"] == draft.number and datetime.fromisoformat(head["created"]).astimezone() == draft.created


def held(backup: Path, draft: Draft) -> DraftInBackup:
    """Look up a draft in a backup by its own row, without reading the rest."""
    try:
        with file_copy.reading(backup, checked=False) as reader:
            heads = reader.heads(f"number = {draft.number:d}")
    except StoreTrouble:
        return DraftInBackup(damaged=True)
    if not heads:
        return DraftInBackup()
    if _same(heads[0], draft):
        return DraftInBackup(heads[0]["steps"])
    return DraftInBackup(other=f"“{heads[0]['agency']}”{heads[0]['year']} 年")


def report_in(backup: Path, draft: Draft) -> Report | None:
    """Return a draft's report as it is in a backup, None if the draft is not in it; verifies the whole backup."""
    with file_copy.reading(backup) as reader:
        reader.everything()
        return next((reader.report(head) for head in reader.heads() if _same(head, draft)), None)


def lacking(store: Store, backup: Path) -> tuple[Draft, ...]:
    """Return the present drafts, those in the recycle bin left out, that a backup does not hold."""
    with file_copy.reading(backup, checked=False) as reader:
        heads = reader.heads()
    return tuple(draft for draft in store.drafts() if not any(_same(head, draft) for head in heads))


# -- restoring -------------------------------------------------------------------------------------------------------


def differences(store: Store, backup: Path) -> tuple[Difference, ...]:
    """Return the drafts that differ from their state in a backup; drafts created since are left out."""
    now = {(draft.number, draft.created): draft for deleted in (False, True) for draft in store.drafts(deleted=deleted)}
    cause = f"恢复备份 {backup.stem}"
    found = []
    with file_copy.reading(backup) as reader:
        reader.everything()
        for head in reader.heads():
            report = reader.report(head)
            draft = now.get((head["number"], datetime.fromisoformat(head["created"]).astimezone()))
            before = store.load(draft.number) if draft else report
            change = difference(before, report, cause)
            if draft is None or not change.empty:
                found.append(Difference(head["number"], report, change, new=draft is None))
    return tuple(found)


def restore(store: Store, backup: Path, numbers: Collection[int]) -> tuple[int, ...]:
    """Restore drafts from a backup in one transaction, each by a step that can be undone; return their numbers.

    Before that the database is backed up, and the present state of each draft is kept as a version. A draft that no
    longer exists gets a new number.
    """
    wanted = [difference for difference in differences(store, backup) if difference.number in numbers]
    store.backup()
    with store.at_once():
        return tuple(_restored(store, one) for one in wanted)


def _restored(store: Store, one: Difference) -> int:
    if one.new:
        return store.create(one.report, one.change.cause).number
    store.keep_version(one.number, "恢复备份前", BEFORE)
    store.save(one.number, [one.change], new_uid())
    return one.number
