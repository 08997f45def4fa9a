"""Fault test: kills the program while it migrates an old file, which must be intact in its old or new version.

`python -m tests.mills.migration_kills --kills 1000`.  Each kill hits a fresh copy of the oldest released file.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from model.recovery import open_database
from model.recovery.open_database import open_drafts
from model.report.report import Report
from model.storage import file_names, migrations
from model.storage.store import Store

OLDEST = Path(__file__).parents[1] / "support" / "old_drafts" / "0001.db"

open_database.SETTLE_SECONDS = 0.0


def open_and_wait(folder: Path) -> None:
    """Open and migrate the file, then wait; runs in the child process that is killed."""
    open_drafts(folder)
    time.sleep(60)


def reports(store: Store) -> dict[int, Report]:
    drafts = (*store.drafts(), *store.drafts(deleted=True))
    return {draft.number: store.load(draft.number) for draft in drafts}


def version(path: Path) -> int:
    """Return the schema version of a file not in use; the query rolls back an unfinished transaction."""
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def once(folder: Path, seconds: float, expected: dict[int, Report]) -> str:
    """Kill once; return whether the file was then old or new, and whether amid a transaction."""
    folder.mkdir()
    path = folder / file_names.DATABASE
    shutil.copy(OLDEST, path)
    victim = multiprocessing.get_context("fork").Process(target=open_and_wait, args=(folder,))
    victim.start()
    time.sleep(seconds)
    victim.kill()
    victim.join()
    if victim.exitcode != -signal.SIGKILL:
        return "WRONG: the victim ended by itself"
    journal = path.with_name(f"{path.name}-journal")
    amid = ", amid a transaction" if journal.exists() and journal.stat().st_size else ""
    found = version(path)
    if found not in {1, migrations.latest()}:
        return f"WRONG: version {found}"
    for backup in (folder / "备份").glob("*.bak"):
        if version(backup) != 1:
            return "WRONG: the backup is not of the old version"
    opened = open_drafts(folder)
    try:
        opened.store.verify()
        if opened.recovered or reports(opened.store) != expected:
            return "WRONG: not what it was"
    finally:
        opened.store.close()
    return f"{'old' if found == 1 else 'new'}{amid}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=0.06, help="seconds a victim may live")
    parser.add_argument("--folder", type=Path, help="where to work: a real disk, or /dev/shm for speed")
    arguments = parser.parse_args()
    rnd, answers = random.Random(arguments.seed), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="migration-", dir=arguments.folder) as base:
        first = Path(base) / "first"
        first.mkdir()
        shutil.copy(OLDEST, first / file_names.DATABASE)
        opened = open_drafts(first)
        expected = reports(opened.store)
        opened.store.close()
        for kill in range(arguments.kills):
            folder = Path(base) / str(kill)
            answers[once(folder, rnd.uniform(0, arguments.longest), expected)] += 1
            shutil.rmtree(folder)
    print(f"{arguments.kills} kills: {', '.join(f'{count} {answer}' for answer, count in answers.most_common())}")
    return 1 if any(answer.startswith("WRONG") for answer in answers) else 0


if __name__ == "__main__":
    sys.exit(main())
