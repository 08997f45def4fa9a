"""Data folder to recover: two drafts, a backup after step 3, two more steps; and operations on it."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

from model.form.cell import BLANK, Entry, at
from model.recovery.open_database import Opened, open_drafts
from model.recovery.recovered_file import Recovered
from model.report.report import Change, Report
from model.storage.lock import Holder
from model.storage.store import Store, new_uid

CELL = at("requests/new_received/natural_person")
REPORT = Report("应急管理局", 2023, "2021", cells={CELL: Entry(12)}, texts={"overview": "总体情况"})


def made(folder: Path) -> Path:
    """Create the data folder."""
    opened = open_drafts(folder)
    assert opened.sentence == ""
    store = opened.store
    store.create(REPORT, "新建")
    store.create(Report("示例乡", 2022, "2021"), "新建")
    enter(store, 13)
    store.backup()
    enter(store, 14)
    enter(store, 15)
    store.close()
    return folder


def enter(store: Store, number: int, place=CELL) -> None:
    before = store.load(1).entry(place)
    store.save(1, [Change("填写", cells={place: (before, Entry(number))})], new_uid())


def file_of(folder: Path) -> Path:
    return folder / "reports.db"


def execute(folder: Path, *statements: str) -> None:
    other = sqlite3.connect(file_of(folder))
    other.execute("PRAGMA journal_mode = TRUNCATE")  # Windows deletes no journal that the program has open
    for statement in statements:
        other.execute(statement)
    other.commit()
    other.close()


def shown(folder: Path) -> tuple[str, object]:
    """Return the sentence shown on opening, and the content of the cell."""
    opened = open_drafts(folder)
    try:
        opened.store.verify()
        return opened.sentence, opened.store.load(1).entry(CELL).number
    finally:
        opened.store.close()


def recovered_from(opened: Opened) -> Recovered:
    assert opened.recovered
    return opened.recovered


def holder_of(opened: Opened) -> Holder:
    assert opened.holder
    return opened.holder


def assert_matches(pattern: str, text: str) -> None:
    assert re.search(pattern, text), text


def open_and_close(folder: Path, *, take_over: bool = False) -> Opened:
    opened = open_drafts(folder, take_over=take_over)
    opened.store.close()
    return opened


def fill(folder: Path) -> None:
    opened = open_drafts(folder)
    cells = {at(f"many/row_{n}/cell"): (BLANK, Entry(n, remark="甲" * 60)) for n in range(900)}
    opened.store.save(1, [Change("粘贴", cells=cells)], new_uid())
    opened.store.close()


def crash_amid_a_save(folder: Path) -> bytes:
    """Leave the folder as a program killed in a large transaction does; returns its journal."""
    fill(folder)
    code = (
        "import sqlite3, os, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "db.execute('PRAGMA cache_size=1'); db.execute('PRAGMA journal_mode=TRUNCATE'); db.execute('BEGIN IMMEDIATE');"
        "db.execute(\"UPDATE cell SET remark = '乙' || remark\"); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(file_of(folder))], check=False)
    journal = (folder / "reports.db-journal").read_bytes()
    assert journal
    return journal
