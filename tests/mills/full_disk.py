"""Fault test: fills a real disk before a save, a backup and an export; each reports it, and saving resumes.

`python -m tests.mills.full_disk`.  Existing files must stay intact.  Mounts a tmpfs of 3 MB; needs Linux and root.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from model.base.files import write_atomic
from model.base.trouble import Trouble
from model.form.cell import BLANK, Entry, at
from model.recovery import emergency_copy
from model.recovery.open_database import open_drafts
from model.report.report import Change, Report
from model.storage import file_names
from model.storage import save_thread as writer_module
from model.storage.save_thread import SaveThread
from model.storage.store import Store

REPORT = Report("应急管理局", 2023, "2021")
OLD = b"the report of last year"


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def available() -> bool:
    """Tell whether such a disk can be mounted."""
    refusals = (OSError, subprocess.CalledProcessError)
    with tempfile.TemporaryDirectory() as folder, suppress(*refusals), small_disk(Path(folder)):
        return True
    return False


def fill(file: Path) -> None:
    """Write to a file until the disk is full to the last byte."""
    with suppress(OSError), file.open("wb", buffering=0) as full:
        for size in (65536, 1):
            with suppress(OSError):
                while full.write(bytes(size)):
                    pass


def refused(act: Callable[[], object]) -> str:
    """Return the message of the `Trouble` that `act` raises; raises `AssertionError` if it succeeds."""
    try:
        act()
    except Trouble as trouble:
        return str(trouble)
    raise AssertionError("a full disk took it")


def change(number: int) -> Change:
    text = "主动公开" * 2000
    return Change("填写", cells={at(f"t/r{number}/c"): (BLANK, Entry(number))}, texts={"overview": ("", text * number)})


def mill(folder: Path) -> list[str]:
    """Return the messages, in order, of the save, the backup, the export and the copy on the same disk."""
    writer_module.RETRY_AFTER = (0.2,) * 5
    told: list[str] = []
    writer = SaveThread(
        lambda: open_drafts(folder).store, on_failed=lambda _number, error, _waiting: told.append(str(error))
    )
    number = writer.call(lambda store: store.create(REPORT, "新建")).number
    kept = writer.call(lambda store: store.backup()).read_bytes()
    target = folder / "年报.pdf"
    target.write_bytes(OLD)
    fill(folder / "filler")
    for one in range(1, 6):
        writer.submit(number, change(one))
    if writer.flush(1.0) or writer.waiting(number) != 5:
        raise AssertionError("a full disk took the changes")
    said = [told[0]]
    said.append(refused(lambda: writer.call(lambda store: store.backup())))
    said.append(refused(lambda: write_atomic(target, b"new" * 99_999)))
    said.append(refused(lambda: emergency_copy.save_elsewhere(REPORT, folder / "别处.json")))
    (folder / "filler").unlink()
    if not writer.flush(10.0):
        raise AssertionError("saving did not resume")
    writer.close(10.0)
    prove(folder, number, kept, target)
    return said


def prove(folder: Path, number: int, kept: bytes, target: Path) -> None:
    """Check that all changes are saved, old files are unchanged and no temporary file is left."""
    store = Store.open(folder)
    try:
        store.verify()
        if [store.load(number).entry(at(f"t/r{one}/c")).number for one in range(1, 6)] != [1, 2, 3, 4, 5]:
            raise AssertionError("a change is lost")
    finally:
        store.close()
    backups = [path.read_bytes() for path in (folder / file_names.FOLDER).iterdir()]
    left = [path.name for path in folder.rglob("~*")] + [path.name for path in folder.glob("别处*")]
    if backups != [kept] or target.read_bytes() != OLD or left:
        raise AssertionError(f"not as it was: {len(backups)} backups, {left}")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="full-") as base, small_disk(Path(base)):
        said = mill(Path(base))
    print("\n".join(said))
    if not all("磁盘" in sentence and "空间" in sentence for sentence in said):
        print("not said that the disk is full", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
