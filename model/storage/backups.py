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
from model.storage.store import BEFORE, Store, new_uid

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


def listed(folder: Path) -> tuple[Backup, ...]:
    """Return the backups in a folder, the one with the highest step first."""
    found = [backup for path in folder.glob("*.bak") if (backup := backup_at(path))]
    return tuple(sorted(found, key=lambda backup: (backup.step, backup.at), reverse=True))


def backup_at(path: Path) -> Backup | None:
    """Read time and step from the name of a backup; None for a file of another name."""
    name = _NAME.fullmatch(path.name)
    if not name:
        return None
    try:
        at = datetime.strptime(name[1], "%Y-%m-%d %H%M").astimezone()
    except ValueError:  # digits that are no date: a name given by hand
        return None
    return Backup(path, at, int(name[2]), path.stat().st_size)


def newest(folder: Path, uuid: str = "") -> Backup | None:
    """Return the backup with the highest step that passes full verification, preferring those of the file `uuid`."""
    unknown = []
    for backup in listed(folder):
        try:
            with file_copy.reading(backup.path) as reader:
                reader.everything()
                known = {row["key"]: row["value"] for row in reader.database.table("meta").rows}
        except StoreTrouble:
            continue  # damaged, or a file of another program
        if not uuid or known.get("uuid") == uuid:
            return backup
        unknown.append(backup)
    return unknown[0] if unknown else None


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
    """Restore drafts from a backup, each by one step that can be undone; return their numbers.

    Before that the database is backed up, and the present state of each draft is kept as a version. A draft that no
    longer exists gets a new number.
    """
    wanted = [difference for difference in differences(store, backup) if difference.number in numbers]
    store.backup()
    restored = []
    for one in wanted:
        if one.new:
            restored.append(store.create(one.report, one.change.cause).number)
            continue
        store.keep_version(one.number, "恢复备份前", BEFORE)
        store.save(one.number, [one.change], new_uid())
        restored.append(one.number)
    return tuple(restored)
