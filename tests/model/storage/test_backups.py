"""Tests of backups: thinning, restoring, and saving to another place when the data folder cannot be written."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.base.trouble import Trouble
from model.form.cell import BLANK, Entry, at
from model.recovery import emergency_copy
from model.report import exchange
from model.report.report import Change, Report
from model.storage import backups, progress
from model.storage.backups import Backup, backups_to_keep
from model.storage.database_file import StoreTrouble
from model.storage.inventory import Mark
from model.storage.store import Store, new_uid

CELL = at("requests/new_received/natural_person")
REPORT = Report("应急管理局", 2023, "2021", cells={CELL: Entry(12)}, texts={"overview": "总体情况"})
NO_PROOF = {"a": Mark("a", 4).proof()}
NOW = datetime(2026, 1, 15, 9, 30).astimezone()


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path)
    yield store
    store.close()


def enter(number: int, before: Entry = BLANK) -> Change:
    return Change("填写", cells={CELL: (before, Entry(number))})


# -- thinning --------------------------------------------------------------------------------------------------------


def at_hours_ago(*hours: float, size: int = 100) -> list[Backup]:
    return [Backup(Path(f"{n}"), NOW - timedelta(hours=h), 10_000 - n, size) for n, h in enumerate(hours)]


@pytest.mark.parametrize(
    "made, kept",
    [
        ([], 0),
        (at_hours_ago(*[24 * 400 * n for n in range(1, 6)]), 5),  # one a month at most, and there are twelve months
        (at_hours_ago(*[n / 10 for n in range(30)]), 20),
        (at_hours_ago(*[24 * n for n in range(14)]), 14),
        (at_hours_ago(*[24 * n for n in range(60)]), 14 + 6 + 1),  # days, then weeks, then months
        (at_hours_ago(1, 2, 3, 4, 5, size=200 * 2**20), 3),
        (at_hours_ago(1, 2, 3, size=600 * 2**20), 3),
    ],
    ids=["none", "years", "an afternoon", "two weeks", "two months", "large", "three huge ones"],
)
def test_so_many_backups_are_worth_keeping(made, kept):
    assert abs(len(backups_to_keep(made, NOW)) - kept) <= (made != [] and len(made) == 60)


@given(hours=st.lists(st.floats(-10_000, 100_000), max_size=80))
def test_the_latest_three_are_always_kept_and_never_more_than_the_rule_says(hours):
    made = at_hours_ago(*hours)
    kept = backups_to_keep(made, NOW)
    latest = sorted(made, key=lambda backup: (backup.at, backup.step), reverse=True)[:3]
    assert set(latest) <= kept
    assert len(kept) <= 20 + 14 + 8 + 12 + 3


def test_only_finished_backups_of_ours_are_thinned(tmp_path):
    names = [f"2020-01-{day:02} 0930 第{day}步.bak" for day in range(1, 29)]
    for name in (*names, "~reports.db.1.tmp", "重要.bak", "2020-13-45 9999 第1步.bak"):
        (tmp_path / name).touch()
    gone = backups.thin(tmp_path, NOW)
    left = {path.name for path in tmp_path.iterdir()}
    assert {"~reports.db.1.tmp", "重要.bak", "2020-13-45 9999 第1步.bak"} < left
    assert len(left) == 31 - len(gone)
    assert {backup.step for backup in backups.listed(tmp_path)} >= {28, 27, 26}


def test_backups_are_listed_by_how_far_they_have_come_whatever_the_clock_said(tmp_path):
    for name in ("2026-01-15 0930 第3步.bak", "2020-01-15 0930 第9步.bak"):
        (tmp_path / name).touch()
    assert [backup.step for backup in backups.listed(tmp_path)] == [9, 3]


def test_the_newest_whole_backup_is_found_past_a_damaged_one(store, tmp_path):
    store.create(REPORT, "新建")
    good = store.backup()
    store.save(1, [enter(13)], new_uid())
    bad = store.backup()
    bad.write_bytes(bad.read_bytes().replace(b'["12"', b'["72"'))
    found = backups.newest(tmp_path / "备份")
    assert found
    assert found.path == good


# -- restoring -------------------------------------------------------------------------------------------------------


def test_what_differs_is_listed_and_only_what_is_chosen_comes_back_as_a_step_that_can_be_undone(store):
    for agency in ("甲", "乙", "丙"):
        store.create(Report(agency, 2023, "2021"), "新建")
    backup = store.backup()
    for number in (1, 2):
        store.save(number, [enter(13)], new_uid())
    found = backups.differences(store, backup)
    assert [(one.number, dict(one.change.cells), one.new) for one in found] == [
        (1, {CELL: (Entry(13), BLANK)}, False),
        (2, {CELL: (Entry(13), BLANK)}, False),
    ]
    assert backups.restore(store, backup, [2]) == (2,)
    assert (store.load(1).entry(CELL), store.load(2).entry(CELL)) == (Entry(13), BLANK)
    assert store.history(2).done[-1].inverse().cells == {CELL: (BLANK, Entry(13))}
    assert [version.name for version in store.versions(2)] == ["恢复备份前"]
    assert backups.restore(store, backup, [2]) == ()


def test_a_draft_that_is_gone_comes_back_under_a_new_number(store):
    store.create(REPORT, "新建")
    backup = store.backup()
    store.delete(1)
    store.purge(datetime.now().astimezone() + timedelta(seconds=1))
    store.create(Report("另一份", 2024, "2021"), "新建")
    (found,) = backups.differences(store, backup)
    assert found.new
    assert backups.restore(store, backup, [1]) == (3,)
    assert store.load(3) == REPORT


def test_a_damaged_backup_is_not_restored(store):
    store.create(REPORT, "新建")
    backup = store.backup()
    backup.write_bytes(backup.read_bytes().replace(b'["12"', b'["72"'))
    with pytest.raises(StoreTrouble, match="已损坏"):
        backups.restore(store, backup, [1])
    assert store.load(1) == REPORT


def test_a_full_disk_under_a_backup_leaves_the_old_ones_and_the_drafts_alone(store, tmp_path, monkeypatch):
    store.create(REPORT, "新建")
    store.backup()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreTrouble, match="磁盘已满"):
        store.backup()
    monkeypatch.undo()
    assert [path.suffix for path in (tmp_path / "备份").iterdir()] == [".bak"]
    assert store.load(1) == REPORT


def test_after_a_recovery_nothing_is_thinned_until_the_clerk_agrees(tmp_path):
    progress.note_mark(tmp_path, Mark("a", 3))
    progress.hold_backups(tmp_path, hold=True)
    progress.note_mark(tmp_path, Mark("a", 4))
    assert progress.recall(tmp_path) == progress.Memory({"a": 4}, hold=True, proofs=NO_PROOF)
    progress.hold_backups(tmp_path, hold=False)
    assert progress.recall(tmp_path) == progress.Memory({"a": 4}, hold=False, proofs=NO_PROOF)


def test_of_many_files_the_last_are_remembered(tmp_path):
    for number in range(9):
        progress.note_mark(tmp_path, Mark(f"{number:032}", number))
    assert list(progress.recall(tmp_path).heads.values()) == [5, 6, 7, 8]
    assert (tmp_path / progress.PROGRESS_FILE).stat().st_size == 512


def test_a_memory_that_cannot_be_written_stops_nothing(tmp_path):
    (tmp_path / progress.PROGRESS_FILE).mkdir()
    assert progress.remember(tmp_path, progress.Memory({"a": 1})) is False


# -- another place ---------------------------------------------------------------------------------------------------


def test_a_report_is_saved_elsewhere_as_an_exchange_file(tmp_path):
    emergency_copy.save_elsewhere(REPORT, tmp_path / "另存.json")
    assert exchange.loads((tmp_path / "另存.json").read_bytes()) == REPORT


def test_saving_elsewhere_never_replaces_a_file(tmp_path):
    (tmp_path / "x.json").write_text("别人的")
    with pytest.raises(Trouble, match=r"x\.json”已经存在，没有覆盖"):
        emergency_copy.save_elsewhere(REPORT, tmp_path / "x.json")
    assert (tmp_path / "x.json").read_text() == "别人的"


def test_a_place_that_will_not_take_it_either_is_left_clean(tmp_path, monkeypatch):
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Trouble, match=r"^另存失败：磁盘空间不足，请清理磁盘或换一个位置保存$"):
        emergency_copy.save_elsewhere(REPORT, tmp_path / "x.json")
    assert list(tmp_path.iterdir()) == []


def test_a_draft_is_known_in_a_backup_by_its_number_and_its_creation(store):
    draft = store.create(Report("甲局", 2023, "2021"), "新建")
    backup = store.backup()
    another = replace(draft, created=draft.created - timedelta(days=1))
    assert backups.held(backup, draft).steps == draft.steps
    assert (backups.held(backup, another).steps, backups.report_in(backup, another)) == (None, None)
    assert backups.held(backup, another).other == f"“{draft.agency}”{draft.year} 年"
