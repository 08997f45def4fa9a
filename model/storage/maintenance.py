"""Periodic maintenance of the drafts: backups and their thinning, emptying of the recycle bin, lease renewal."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from model.base import PAUSE, location
from model.storage import backups, progress
from model.storage.store import Store

BACKUP_EVERY = 30 * 60.0  # seconds of editing
IN_RECYCLE_BIN = timedelta(days=30) + PAUSE  # 30 days even by a clock that is a little fast


class Maintenance:
    """Maintenance called with the store every 30 s; the first call backs up if a step is newer than the backups."""

    def __init__(self) -> None:
        self._backed_up: float | None = None  # monotonic time in seconds

    def __call__(self, store: Store) -> None:
        """Do what is due; raises `StoreTrouble` when that fails, and retries when it is due next."""
        if store.refusal:
            return
        folder = store.path.parent
        store.mark()  # notices a file that went back in time
        if location.on_network(folder):
            store.renew()
        if self._backed_up is not None and time.monotonic() - self._backed_up < BACKUP_EVERY:
            return
        self._backed_up = time.monotonic()
        now = datetime.now().astimezone()
        purge_recycle_bin(store, now)
        kept = backups.listed(folder / backups.FOLDER)
        if not kept or kept[0].step < store.last_step():
            store.backup()
        if store.trusts_clock(now) and not progress.recall(folder).hold:
            backups.thin(folder / backups.FOLDER, now)


def purge_recycle_bin(store: Store, now: datetime) -> tuple[int, ...]:
    """Delete for ever what has been in the recycle bin for 30 days, unless the clock may be wrong; return the numbers.

    A backup is made before and after: one with the drafts, and one that knows that they were deleted.
    """
    if store.refusal or not store.trusts_clock(now):
        return ()
    before = now - IN_RECYCLE_BIN
    if not any(draft.deleted and draft.deleted < before for draft in store.drafts(deleted=True)):
        return ()
    store.backup()
    purged = store.purge(before)
    store.backup()
    return purged
