"""Opens the drafts database, recovering it from backups when it is damaged, altered, empty or missing.

The damaged file is kept, verified values are restored, unverified ones are offered to the user, missing steps are
counted.  A file older than last seen on this computer is opened read-only until the user decides.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from model.base import as_message, files, location
from model.recovery import side_files
from model.recovery.older_file import find_doubt, question
from model.recovery.recovered_file import Recovered, recover
from model.recovery.undecided_values import kept
from model.recovery.whole_copy import in_memory, is_ours
from model.storage import (
    DATABASE,
    Doubt,
    Holder,
    Lock,
    RunMemory,
    Store,
    StoreTrouble,
    TroubleKind,
    VerifiedReader,
    backups,
    damaged,
    database_file,
    file_names,
    holder_of,
    migrations,
    progress,
    troubles,
)

SETTLE_SECONDS = 0.5  # a journal that exists longer has no running program


@dataclass(frozen=True)
class Opened:
    """The opened drafts with a message to the user (`sentence`, "" for none).

    `holder`: another program is saving, so this store is read-only; may be taken over when `holder.stale()`.
    `doubt`: why the file may not be the one saved last; it is then read-only.  `aside`: files of another database that
    lay beside it, under their new names.
    """

    store: Store
    sentence: str = ""
    recovered: Recovered | None = None
    holder: Holder | None = None
    doubt: Doubt | None = None
    aside: tuple[Path, ...] = ()

    @property
    def behind(self) -> int:
        """Number of steps by which the file is older than the last save."""
        return self.doubt.steps if self.doubt else 0


def open_drafts(
    folder: Path,
    *,
    take_over: bool = False,
    allow_network: bool = False,
    patience: float = 0.0,
    run: RunMemory | None = None,
) -> Opened:
    """Open the drafts in the data folder as their only writer, or read-only when that is impossible.

    `take_over`: become the writer although a stale holder on another computer never released the drafts.
    `allow_network`: edit although the folder is on another computer.  `patience`: seconds to wait for a command that is
    using the drafts.  `run`: what this program has already written into the file; a damaged file gets it back, and an
    older one is noticed.  Raises `StoreTrouble` for a file of another program or of a newer version of this one, which
    is left unchanged, and when nothing can be read either.
    """
    me, lock = Holder(), None
    kept(folder)  # a damaged list of values to be decided is put aside and reported at the start
    try:
        with troubles(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not allow_network and location.on_network(folder):
                raise StoreTrouble(f"数据在网络位置“{folder}”，编辑前需复制到本机", kind=TroubleKind.NETWORK)
            lock = _lock(folder, me, patience)
            if lock is None and not (take_over and (holder := holder_of(folder)) and holder.stale()):
                return _beside_holder(folder, holder_of(folder))
            return _as_writer(folder, me, lock, take_over=take_over, run=run)
    except BaseException as error:
        if lock:
            lock.release()
        if isinstance(error, StoreTrouble) and error.kind in _READ_ONLY_KINDS:
            return _read_only(folder, error)
        raise


def open_to_read(folder: Path) -> Opened:
    """Open the drafts for a read-only command: without a lock if the file is in order, else as `open_drafts`."""
    kept(folder)  # as in `open_drafts`
    with suppress(StoreTrouble):  # `open_drafts` meets the same fault, and recovers or reports it
        store = _open_for_reading(folder, "只能查看，不能修改")
        if _is_intact(store):
            return Opened(store)
        store.close()
    return open_drafts(folder)


def _open_for_reading(folder: Path, refusal: str) -> Store:
    """Open the drafts read-only without changing anything in the folder.

    If SQLite cannot read the file as it is, or would apply what lies beside it, a whole copy in memory is read.
    """
    path, trouble = folder / DATABASE, None
    try:
        if not path.is_file() or not side_files.foreign_files(path):
            return Store.open_for_reading(folder, refusal)
    except (StoreTrouble, OSError) as error:
        if not path.is_file() or (isinstance(error, StoreTrouble) and error.kind is TroubleKind.BUSY):
            raise
        trouble = error
    with troubles(path):
        if copy := in_memory(path):
            return Store(VerifiedReader(copy, path), refusal=refusal, in_memory=True)
        raise trouble or damaged(path, "旁边有不属于它的文件")


def _is_intact(store: Store) -> bool:
    try:
        store.verify()
        return find_doubt(store) is None and database_file.version(store.database) == migrations.latest()
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
        return Opened(_open_for_reading(folder, sentence), sentence)
    except StoreTrouble:  # no file, or an unfinished save that only a writer can roll back
        raise trouble from None


def _beside_holder(folder: Path, holder: Holder | None) -> Opened:
    sentence = holder.sentence() if holder else "数据正被另一个窗口使用，您现在只能查看；请关闭那个窗口后再试一次"
    return Opened(_open_for_reading(folder, sentence), sentence, holder=holder)


def _as_writer(folder: Path, me: Holder, lock: Lock | None, *, take_over: bool, run: RunMemory | None) -> Opened:
    for place in (folder, folder / file_names.FOLDER):
        files.remove_leftovers(place)
        if lock:  # then no other program makes copies of the drafts' file here
            files.remove_leftovers(place, f"~{DATABASE}.*.tmp*", age=0)
    store, recovered, aside = _open_or_recover(folder, run)
    try:
        opened = _with_lease(Opened(store, recovered=recovered), me, lock, take_over=take_over, run=run)
        return replace(opened, sentence=as_message(opened.sentence, side_files.sentence(aside)), aside=aside)
    except BaseException:
        store.close()
        raise


def _with_lease(opened: Opened, me: Holder, lock: Lock | None, *, take_over: bool, run: RunMemory | None) -> Opened:
    """Acquire the write lease, unless another computer holds it or the file is not the one saved last."""
    store, folder = opened.store, opened.store.path.parent
    other = store.held_by()
    rebuilt = opened.recovered and not opened.recovered.whole  # from the last save known, which it records
    doubt = None if rebuilt else find_doubt(store, run)
    if doubt or (other and not other.here and not other.stale() and not take_over):
        store.close()
        if lock:
            lock.release()
        sentence = question(doubt, run) if doubt else other.sentence() if other else ""
        reading = _open_for_reading(folder, sentence)
        return Opened(reading, sentence, holder=None if doubt else other, doubt=doubt)
    known = progress.recall(folder).mark(store.uuid) is not None
    again = run is not None and run.mark is not None  # opened before by this program: the lease is its own
    if run:
        run.mark = None if opened.recovered else run.mark
        store.continue_run(run)
    crashed = store.hold(me, lock)
    if opened.recovered:
        return replace(opened, sentence=opened.recovered.sentence())
    return replace(opened, sentence=_after_crash(store, known=known) if crashed and not again else "")


def _after_crash(store: Store, *, known: bool) -> str:
    """Return the message after a crash; `known`: the file is at least at the last save of this computer."""
    last = max((draft.saved for draft in store.drafts()), default=None)
    when = f"（最后保存 {last:%H:%M:%S}）" if last else ""
    if not known:
        return f"本软件上次未正常退出，本机没有上次保存的记录，请核对最后的修改{when}"
    return f"本软件上次未正常退出，内容已完整保留{when}"


# -- opening, or recovering ------------------------------------------------------------------------------------------


def _open_or_recover(folder: Path, run: RunMemory | None) -> tuple[Store, Recovered | None, tuple[Path, ...]]:
    """Open the drafts and check every row; recover them first when necessary.  Returns what was put aside, too."""
    path, aside = folder / DATABASE, tuple[Path, ...]()
    try:
        if path.exists():
            database_file.check_header(path)  # beside a file of another program everything stays as it is
        aside = side_files.put_aside(path)
        known = max(progress.recall(folder).heads.values(), default=0)
        aside += side_files.check_journal(path, known, SETTLE_SECONDS)
        if path.exists() or not (backups.listed(folder / file_names.FOLDER) or (run and run.heads)):
            return _open_verified(folder), None, aside
        why = "草稿库不见了"
    except StoreTrouble as trouble:
        why = _why(folder, trouble)
        if not why:
            raise
    recovered = recover(folder, why, run=run)  # here no exception refers to the damaged file any more
    return _open_verified(folder), recovered, aside


_DAMAGES = {
    TroubleKind.DAMAGED: "草稿库损坏",
    TroubleKind.EMPTY: "草稿库是空的",
    TroubleKind.ALTERED: "草稿库结构异常",
}


def _why(folder: Path, trouble: StoreTrouble) -> str:
    """Return the reason for a recovery, as the message gives it; "" when the file must be left alone."""
    if trouble.kind in {TroubleKind.FOREIGN, TroubleKind.NEWER}:
        latest = next(iter(backups.listed(folder / file_names.FOLDER)), None)
        uuids = set(progress.recall(folder).heads)
        if is_ours(folder / DATABASE, latest.path if latest else None, uuids):
            return _DAMAGES[TroubleKind.DAMAGED]
    return _DAMAGES.get(trouble.kind, "")


def _open_verified(folder: Path) -> Store:
    with database_file.opening(folder / DATABASE):
        store = Store.open(folder)
        try:
            store.verify()
        except BaseException:
            store.close()
            raise
        return store
