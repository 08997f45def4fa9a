"""Opens the drafts database, recovering it from backups when it is damaged, altered, empty or missing.

The damaged file is kept, verified values are restored, unverified ones are offered to the user, missing steps are
counted.  A file older than last seen on this computer is opened read-only until the user decides.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from model.base import as_message, files, location
from model.recovery.rebuild import Rebuilt, rebuild
from model.recovery.salvage import salvage
from model.recovery.undecided_values import Undecided, keep
from model.storage import (
    DATABASE,
    Holder,
    Lock,
    Store,
    StoreTrouble,
    TroubleKind,
    backups,
    damaged,
    database_file,
    file_copy,
    file_names,
    holder_of,
    migrations,
    progress,
    troubles,
)

SETTLE_SECONDS = 0.5  # a journal that exists longer has no running program


@dataclass(frozen=True)
class Recovered:
    """Result of a recovery.  `kept`: the damaged file; `base`: the backup that was used."""

    why: str
    base: backups.Backup | None
    drafts: int
    added: int  # steps found in the damaged file beyond the backup
    missing: int  # steps not found again
    undecided: tuple[Undecided, ...]
    kept: Path | None
    last: int

    def sentence(self) -> str:
        """Build the message to the user, shown before the list of `undecided` values."""
        from_backup = f"已从 {self.base.at:%m月%d日 %H:%M} 的备份恢复" if self.base else "已自动恢复"
        if not self.drafts:
            from_backup = "没有可用的备份，无法恢复，已新建空的数据文件"
        kept = f"损坏的文件已保留为“{self.kept.name}”" if self.kept else ""
        undecided = f"有 {len(self.undecided)} 处内容未能确认，请逐条核对" if self.undecided else ""
        steps = f"恢复到第 {self.last} 步，找回其后 {self.added} 步；未能找回：{self.missing} 步修改"
        return as_message(f"{self.why}，{from_backup}", steps, undecided, kept)


@dataclass(frozen=True)
class Opened:
    """The opened drafts with a message to the user (`sentence`, "" for none).

    `holder`: another program is saving, so this store is read-only; may be taken over when `holder.stale()`.
    `behind`: number of steps by which the file is older than the last save of this computer; above 0 it is read-only.
    """

    store: Store
    sentence: str = ""
    recovered: Recovered | None = None
    holder: Holder | None = None
    behind: int = 0


def open_drafts(folder: Path, *, take_over: bool = False, allow_network: bool = False, patience: float = 0.0) -> Opened:
    """Open the drafts in the data folder as their only writer, or read-only when that is impossible.

    `take_over`: become the writer although a stale holder on another computer never released the drafts.
    `allow_network`: edit although the folder is on another computer.  `patience`: seconds to wait for a command that is
    using the drafts.  Raises `StoreTrouble` for a file of another program or of a newer version of this one, which is
    left unchanged, and when nothing can be read either.
    """
    me, lock = Holder(), None
    try:
        with troubles(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not allow_network and location.on_network(folder):
                raise StoreTrouble(f"数据在网络位置“{folder}”，编辑前需复制到本机", kind=TroubleKind.NETWORK)
            lock = _lock(folder, me, patience)
            if lock is None and not (take_over and (holder := holder_of(folder)) and holder.stale()):
                return _beside_holder(folder, holder_of(folder))
            return _as_writer(folder, me, lock, take_over=take_over)
    except BaseException as error:
        if lock:
            lock.release()
        if isinstance(error, StoreTrouble) and error.kind in _READ_ONLY_KINDS:
            return _read_only(folder, error)
        raise


def open_to_read(folder: Path) -> Opened:
    """Open the drafts for a read-only command: without a lock if the file is in order, else as `open_drafts`."""
    with suppress(StoreTrouble):  # `open_drafts` meets the same fault, and recovers or reports it
        store = Store.open_for_reading(folder, "只能查看，不能修改")
        if _is_intact(store):
            return Opened(store)
        store.close()
    return open_drafts(folder)


def _is_intact(store: Store) -> bool:
    try:
        store.verify()
        ours = progress.recall(store.path.parent).heads.get(store.uuid, 0) <= store.last_step()
        return ours and database_file.version(store.database) == migrations.latest()
    except BaseException:
        store.close()
        raise


def _lock(folder: Path, me: Holder, patience: float) -> Lock | None:
    end = time.monotonic() + patience
    while (lock := Lock.take(folder, me)) is None and time.monotonic() < end:
        time.sleep(0.05)
    return lock


# Faults that prevent writing but not reading, with the beginning of the message.
_READ_ONLY_KINDS = {
    TroubleKind.READ_ONLY: "没有写入权限，",
    TroubleKind.FULL: "磁盘已满，",
    TroubleKind.NO_BACKUP: "",
    TroubleKind.NETWORK: "",
}


def _read_only(folder: Path, trouble: StoreTrouble) -> Opened:
    sentence = f"{_READ_ONLY_KINDS[trouble.kind]}只能查看，不能修改；{trouble}"
    try:
        return Opened(Store.open_for_reading(folder, sentence), sentence)
    except StoreTrouble:  # no file, or an unfinished save that only a writer can roll back
        raise trouble from None


def _beside_holder(folder: Path, holder: Holder | None) -> Opened:
    sentence = holder.sentence() if holder else "数据正被另一个窗口使用，您现在只能查看；请关闭那个窗口后再试一次"
    return Opened(Store.open_for_reading(folder, sentence), sentence, holder=holder)


def _as_writer(folder: Path, me: Holder, lock: Lock | None, *, take_over: bool) -> Opened:
    for place in (folder, folder / file_names.FOLDER):
        files.remove_leftovers(place)
    store, recovered = _open_or_recover(folder)
    try:
        return _with_lease(Opened(store, recovered=recovered), me, lock, take_over=take_over)
    except BaseException:
        store.close()
        raise


def _with_lease(opened: Opened, me: Holder, lock: Lock | None, *, take_over: bool) -> Opened:
    """Acquire the write lease, unless another computer holds it or the file is older than last seen here."""
    store, folder = opened.store, opened.store.path.parent
    other = store.held_by()
    behind = progress.recall(folder).heads.get(store.uuid, 0) - store.last_step()
    if behind > 0 or (other and not other.here and not other.stale() and not take_over):
        store.close()
        if lock:
            lock.release()
        sentence = f"这个数据文件比本机上次保存的旧（少 {behind} 步）；请选择使用较新的备份，或就用这个文件"
        sentence = sentence if behind > 0 else other.sentence() if other else ""
        reading = Store.open_for_reading(folder, sentence)
        return Opened(reading, sentence, holder=None if behind > 0 else other, behind=max(0, behind))
    crashed = store.hold(me, lock)
    if opened.recovered:
        return replace(opened, sentence=opened.recovered.sentence())
    return replace(opened, sentence=_after_crash(store) if crashed else "")


def _after_crash(store: Store) -> str:
    last = max((draft.saved for draft in store.drafts()), default=None)
    when = f"（最后保存 {last:%H:%M:%S}）" if last else ""
    return f"本软件上次未正常退出，内容已完整保留{when}"


def leave_older(folder: Path) -> None:
    """Accept a file older than the last save of this computer (就用这个文件), by forgetting the remembered steps."""
    progress.remember(folder, progress.Memory({}, progress.recall(folder).hold))


# -- opening, or recovering ------------------------------------------------------------------------------------------


def _open_or_recover(folder: Path) -> tuple[Store, Recovered | None]:
    """Open the drafts and check every row; recover them first when necessary."""
    path = folder / DATABASE
    if not path.exists() and backups.listed(folder / file_names.FOLDER):
        recovered = recover(folder, "数据文件不见了")
        return Store.open(folder), recovered
    try:
        _check_journal(folder)
        return _open_verified(folder), None
    except StoreTrouble as trouble:
        if trouble.kind not in {TroubleKind.DAMAGED, TroubleKind.ALTERED, TroubleKind.EMPTY}:
            raise
        reasons = {TroubleKind.EMPTY: "数据文件是空的", TroubleKind.ALTERED: "数据文件结构异常"}
        recovered = recover(folder, reasons.get(trouble.kind, "数据文件损坏"))
        return _open_verified(folder), recovered


def _open_verified(folder: Path) -> Store:
    store = Store.open(folder)
    try:
        store.verify()
    except BaseException:
        store.close()
        raise
    return store


def recover(folder: Path, why: str, base: Path | None = None) -> Recovered:
    """Rebuild the drafts' file from a backup (`base`, or the newest intact one) and what is verified in the old file.

    No other program may have the file open.  Nothing is removed before the verified new file is in its place; the
    old one is kept under another name.
    """
    path, memory = folder / DATABASE, progress.recall(folder)
    with troubles(path):
        latest = next(iter(backups.listed(folder / file_names.FOLDER)), None)
        found = salvage(path, latest.path if latest else None)
        uuid = found.uuid or next(reversed(memory.heads), "")
        backup = backups.backup_at(base) if base else backups.newest(folder / file_names.FOLDER, uuid)
        target = path.with_name(f"~{DATABASE}.{token_hex(4)}.tmp")
        try:
            rebuilt = rebuild(target, backup.path if backup else None, found, memory.heads.get(uuid, 0))
            keep(folder, rebuilt.undecided)
            kept = _keep_damaged(path)
            files.rename_over(target, path)
        finally:
            _remove(target)
        files.sync_folder(folder)
    progress.hold_backups(folder, hold=True)
    return _recovered(why, backup, rebuilt, kept)


def _recovered(why: str, backup: backups.Backup | None, rebuilt: Rebuilt, kept: Path | None) -> Recovered:
    undecided = tuple(rebuilt.undecided)
    return Recovered(why, backup, rebuilt.drafts, rebuilt.added, rebuilt.missing, undecided, kept, rebuilt.last)


def _keep_damaged(path: Path) -> Path | None:
    """Give the file and its journal a second name; remove the journal, which must not be applied to the new file."""
    kept = path.with_name(f"{DATABASE}.damaged-{datetime.now().astimezone():%Y-%m-%d %H%M%S} {token_hex(2)}")
    journal = _journal(path)
    for old, new in ((path, kept), (journal, kept.with_name(f"{kept.name}-journal"))):
        if old.exists() and old.stat().st_size:
            files.second_name(old, new)
    journal.unlink(missing_ok=True)
    files.sync_folder(path.parent)
    return kept if kept.exists() else None


# -- a journal that was left behind ----------------------------------------------------------------------------------


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _check_journal(folder: Path) -> None:
    """Check on a copy that a journal left by a crash belongs to the file, before SQLite rolls it back.

    SQLite applies any journal of the right name: one of another file turned 400 rows into 102, without an error.  Such
    a journal is renamed; raises `StoreTrouble` when the file is intact neither with the journal nor without it.
    """
    path = folder / DATABASE
    journal = _journal(path)
    if not path.exists() or not _left_behind(journal):
        return
    with_journal, alone = _last_step(path, journal), _last_step(path, None)
    known = max(progress.recall(folder).heads.values(), default=0)
    if with_journal is not None and (alone is None or with_journal >= min(known, alone)):
        return
    if alone is None:
        raise damaged(path, "上次未写完，且无法还原")
    files.rename_over(journal, journal.with_name(f"{journal.name}.foreign-{token_hex(4)}"))


def _left_behind(journal: Path) -> bool:
    """Return True for a journal that still exists after `SETTLE_SECONDS`: no program is writing it."""
    end = time.monotonic() + SETTLE_SECONDS
    while journal.exists() and journal.stat().st_size:
        if time.monotonic() >= end:
            return True
        time.sleep(0.02)
    return False


def _last_step(path: Path, journal: Path | None) -> int | None:
    """Return the last step in a copy of the file after SQLite applied the journal; None when the copy is damaged."""
    copy = path.with_name(f"~{DATABASE}.{token_hex(4)}.tmp")
    try:
        files.copy_private(path, copy)
        if journal:
            files.copy_private(journal, _journal(copy))
        with suppress(StoreTrouble), troubles(copy):  # a damaged copy means a damaged file
            database_file.open_existing(copy).close()
            return file_copy.verified(copy)[1]
        return None
    finally:
        _remove(copy)


def _remove(path: Path) -> None:
    for leftover in (path, _journal(path)):
        leftover.unlink(missing_ok=True)
