"""Tests that new, copied and recovered files are on the disk before their name is, and their name before the answer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from model.recovery import open_database
from model.recovery.open_database import open_drafts
from model.storage.store import Store
from tests.support.recovering import file_of, made

FLUSHED, NAMED = "flushed", "named"


class Disk:
    """Records which files and folders were flushed and which names changed, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.events: list[tuple[str, object]] = []
        fsync, replace, link = os.fsync, Path.replace, os.link

        def flush(handle: int) -> None:
            fsync(handle)
            self.events.append((FLUSHED, os.fstat(handle).st_ino))

        def rename(source: Path, target: Path) -> Path:
            self.events.append((NAMED, target.name))
            return replace(source, target)

        def second(source: Path, target: Path) -> None:
            self.events.append((NAMED, target.name))
            link(source, target)

        monkeypatch.setattr(os, "fsync", flush)
        monkeypatch.setattr(os, "link", second)
        monkeypatch.setattr(Path, "replace", rename)

    def after(self, name: str) -> list[tuple[str, object]]:
        """Return what happened after a file got this name."""
        return self.events[self._named(name) + 1 :]

    def before(self, name: str) -> list[tuple[str, object]]:
        """Return what happened before that."""
        return self.events[: self._named(name)]

    def _named(self, name: str) -> int:
        assert (NAMED, name) in self.events, self.events
        return max(place for place, event in enumerate(self.events) if event == (NAMED, name))


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


def of_file(path: Path) -> tuple[str, object]:
    """Return the event of flushing a file or folder."""
    return FLUSHED, path.stat().st_ino


def folder_is_flushed(events: list[tuple[str, object]], folder: Path) -> bool:
    return os.name == "nt" or of_file(folder) in events  # Windows flushes names by itself


def test_the_name_of_a_new_file_is_flushed(tmp_path, disk):
    Store.open(tmp_path).close()
    assert folder_is_flushed(disk.after("reports.db"), tmp_path)


def test_a_backup_is_flushed_before_it_gets_its_name_and_its_name_is_flushed_too(tmp_path, disk):
    store = Store.open(tmp_path)
    backup = store.backup()
    store.close()
    assert of_file(backup) in disk.before(backup.name)
    assert folder_is_flushed(disk.after(backup.name), backup.parent)


def test_a_recovered_file_is_flushed_before_it_takes_the_place_of_the_damaged_one(tmp_path, monkeypatch):
    monkeypatch.setattr(open_database, "SETTLE_SECONDS", 0.0)
    folder = made(tmp_path / "数据")
    file_of(folder).write_bytes(b"X" + file_of(folder).read_bytes()[1:])
    disk = Disk(monkeypatch)
    open_drafts(folder).store.close()
    assert of_file(file_of(folder)) in disk.before("reports.db")
    assert folder_is_flushed(disk.after("reports.db"), folder)


def test_the_second_name_of_a_damaged_file_is_flushed_before_the_first_is_given_away(tmp_path, monkeypatch):
    monkeypatch.setattr(open_database, "SETTLE_SECONDS", 0.0)
    folder = made(tmp_path / "数据")
    file_of(folder).write_bytes(bytes(8192))
    disk = Disk(monkeypatch)
    recovered = open_drafts(folder)
    recovered.store.close()
    assert recovered.recovered
    assert recovered.recovered.kept
    events = disk.before("reports.db")
    assert folder_is_flushed(events[events.index((NAMED, recovered.recovered.kept.name)) :], folder)
