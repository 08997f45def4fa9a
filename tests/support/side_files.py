"""Files that SQLite looks for beside a database, written by other databases, and fingerprints of a folder."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from model.recovery.open_database import Opened, open_drafts
from model.report.report import Report
from tests.support.recovering import CELL, crash_amid_a_save, file_of, recovered_from

ROOT = Path(__file__).resolve().parents[2]


def of_another_database() -> dict[str, bytes]:
    """Return the `-wal`, `-shm` and `-journal` of another program's database in use, by their ending."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "other.db"
        other = sqlite3.connect(path)
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE things(a)")
        other.executemany("INSERT INTO things VALUES(?)", [("x" * 300,)] * 200)
        other.commit()
        endings = ("-wal", "-shm")
        found = {ending: path.with_name(f"other.db{ending}").read_bytes() for ending in endings}
        other.close()
        opened = open_drafts(Path(folder) / "数据")
        opened.store.create(Report("别处", 2020, "2019"), "新建")
        opened.store.close()
        return found | {"-journal": crash_amid_a_save(Path(folder) / "数据")}


def put_beside(path: Path, ending: str, content: bytes | str | None) -> Path:
    """Put a file (bytes), a link to somewhere (text) or a folder (None) beside a database."""
    beside = path.with_name(path.name + ending)
    if content is None:
        beside.mkdir()
        (beside / "x").write_bytes(b"x")
    elif isinstance(content, str):
        beside.symlink_to(content)
    else:
        beside.write_bytes(content)
    return beside


def saved_in_wal(folder: Path, number: int) -> None:
    """Leave the file in WAL mode with a save that is only in the `-wal`, as if its program had been killed then."""
    code = (
        "import sys, os; from pathlib import Path; from model.storage import database_file;"
        "database_file.PRAGMAS['journal_mode'] = 'wal';"
        "from model.storage.store import Store; Store._check_beside = lambda store: None;"
        "from tests.support.recovering import enter;"
        "store = Store.open(Path(sys.argv[1])); store.database.execute('PRAGMA wal_autocheckpoint=0');"
        "enter(store, int(sys.argv[2])); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(folder), str(number)], check=True, cwd=ROOT)
    assert file_of(folder).read_bytes()[18:20] == b"\2\2"
    assert file_of(folder).with_name("reports.db-wal").stat().st_size


def fingerprints(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file, the target of each link and the name of each folder, by path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path)] = str(path.readlink())
        else:
            found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
    return found


def kept_from(opened: Opened) -> bytes:
    """Return the content of the file that a recovery kept."""
    kept = recovered_from(opened).kept
    assert kept
    return kept.read_bytes()


def value_in(opened: Opened) -> object:
    """Return the content of the cell after verifying all, and close the file."""
    try:
        opened.store.verify()
        return opened.store.load(1).entry(CELL).number
    finally:
        opened.store.close()
