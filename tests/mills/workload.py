"""Deterministic workload of the fault tests (save n is always the same) and the check of its result."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

from model.base.trouble import Trouble
from model.form.cell import Address, Entry
from model.recovery import open_database
from model.recovery.open_database import Opened, open_drafts
from model.report.draft_counts import CountsAfter, DraftCounts
from model.report.report import Change, Report, applied
from model.storage import backups, file_names
from model.storage.store import Store

EMPTY = Report("应急管理局", 2023, "2021")
BACKUP_EVERY, RESTORE_EVERY = 20, 50  # saves

open_database.SETTLE_SECONDS = 0.0  # the writer has ended: no journal is in use

Acknowledge = Callable[[int], None]


class Wrong(Exception):
    """Raised if a folder does not contain what was saved."""


def change(number: int) -> Change:
    """Return the change of save `number`: some cells and, at times, a long text."""
    rnd = random.Random(number)
    places = [Address("t", f"r{rnd.randrange(25)}", f"c{rnd.randrange(7)}") for _ in range(rnd.randrange(1, 6))]
    text = f"第{number}次保存：" + "主动公开" * rnd.choice([1, 5, 40, 900])
    return Change("填写", cells={place: (Entry(), Entry(number)) for place in places}, texts={"overview": ("", text)})


def counted(number: int) -> CountsAfter:
    """Return the counts of save `number`, which makes the step after it."""
    return CountsAfter(DraftCounts(number, 0, 0, 0, 0, date(2024, 1, 31)), number + 1, "")


def save(store: Store, number: int, acknowledge: Acknowledge) -> None:
    """Perform save `number`, with the backup or restore that is due."""
    if number % RESTORE_EVERY == 0 and (kept := backups.listed(store.path.parent / file_names.FOLDER)):
        if not backups.restore(store, kept[0].path, [1]):
            store.save(1, [change(number)], f"save {number}", counted(number))
    else:
        store.save(1, [change(number)], f"save {number}", counted(number))
    acknowledge(number)
    if number % BACKUP_EVERY == 0:
        store.backup()


def begin(folder: Path) -> Opened:
    """Open the drafts as the program does and create the first one if there is none."""
    opened = open_drafts(folder)
    try:
        if not opened.store.drafts():
            opened.store.create(EMPTY, "新建", uid="first")
    except BaseException:
        opened.store.close()
        raise
    return opened


def saves(store: Store) -> int:
    """Return the number of saves in the store; step 1 created the draft."""
    return store.draft(1).steps - 1


def found(folder: Path) -> int:
    """Return the number of saves in the folder; raises `Wrong` if they are not exactly the first ones."""
    opened = open_drafts(folder)
    try:
        if opened.recovered:
            raise Wrong(opened.recovered.sentence())
        opened.store.verify()
        return _verified_head(opened.store) if opened.store.drafts() else 0
    finally:
        opened.store.close()


def _verified_head(store: Store) -> int:
    states = [EMPTY]
    for step in store.journal(1)[1:]:
        kept = re.fullmatch(r"恢复备份 .* 第(\d+)步", step.cause)
        states.append(states[int(kept[1]) - 1] if kept else applied(states[-1], change(step.number - 1)))
    if store.load(1) != states[-1]:
        raise Wrong(f"what is saved is not save 1 to {len(states) - 1}")
    counts, last = store.counts().get(1), store.journal(1)[-1]
    whose = counts.counts.errors if counts and counts.chain == store.draft(1).chain else None
    if whose != (None if last.number == 1 or last.cause != "填写" else len(states) - 1):
        raise Wrong(f"the counts are those of save {whose}, not {len(states) - 1}")
    return len(states) - 1


def found_or_wrong(folder: Path) -> tuple[int, str]:
    """Return `found` and an error text; errors of the store and an unexpected recovery are returned, not raised."""
    try:
        return found(folder), ""
    except (Trouble, Wrong, sqlite3.Error, OSError, ValueError, KeyError) as error:
        return 0, f"{type(error).__name__}: {error}"
