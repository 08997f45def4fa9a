"""Tests of 检查数据 and of what maintenance does by itself: the recycle bin, thinning, and whose backups it keeps."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest

from model.recovery import integrity, other_files
from model.recovery.open_database import open_drafts
from model.storage import maintenance, progress
from model.storage.database_file import StoreTrouble
from model.storage.maintenance import Maintenance
from model.storage.store import Store
from tests.support.recovering import enter, execute, file_of, made


@pytest.fixture
def folder(tmp_path):
    return made(tmp_path / "数据")


@pytest.fixture
def store(folder):
    opened = open_drafts(folder)
    yield opened.store
    opened.store.close()


# -- maintenance -----------------------------------------------------------------------------------------------------


@pytest.fixture
def trusted(monkeypatch):
    """Let the clock count as known; the rule itself is tested in storage/test_clock.py."""
    monkeypatch.setattr(Store, "trusts_clock", lambda _store, _now: True)


@pytest.mark.parametrize("days, left", [(29, [2]), (31, [2]), (32, [])])
def test_the_recycle_bin_is_emptied_after_thirty_days_by_itself(store, monkeypatch, trusted, days, left):
    store.delete(2)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(days=days)

    monkeypatch.setattr(maintenance, "datetime", Later)
    Maintenance()(store)
    assert [draft.number for draft in store.drafts(deleted=True)] == left
    assert [draft.number for draft in store.drafts()] == [1]


@pytest.mark.parametrize("hold, left", [(True, 28), (False, 3)])
def test_old_backups_are_thinned_by_itself_unless_they_are_held(store, folder, trusted, hold, left):
    for day in range(1, 29):
        (folder / "备份" / f"2020-01-{day:02} 0930 第1步.bak").touch()
    progress.hold_backups(folder, hold=hold)
    Maintenance()(store)
    kept = [path for path in (folder / "备份").iterdir() if path.name.startswith("2020")]
    assert (len(kept) == left) if hold else (0 < len(kept) < 28)


def test_what_is_backed_up_already_is_not_backed_up_again(store):
    backup = store.backup()
    before = backup.stat().st_ino, backup.stat().st_mtime_ns
    Maintenance()(store)
    assert (backup.stat().st_ino, backup.stat().st_mtime_ns) == before


@pytest.mark.parametrize("minutes, count", [(29.9, 2), (30.1, 3)])
def test_half_an_hour_after_a_backup_comes_the_next_one(store, folder, monkeypatch, minutes, count):
    upkeep = Maintenance()
    upkeep(store)
    monkeypatch.setattr(upkeep, "_backed_up", time.monotonic() - 60 * minutes)
    enter(store, 16)
    upkeep(store)
    assert len(list((folder / "备份").iterdir())) == count


# -- 检查数据 ---------------------------------------------------------------------------------------------------------


def test_without_a_backup_it_is_said_when_there_will_be_one(tmp_path):
    opened = open_drafts(tmp_path)
    assert integrity.check(opened.store).sentence() == (
        "检查了 0 份草稿、0 处修改，全部完好。还没有备份，修改后半小时内会自动备份。"
    )
    opened.store.close()


@pytest.mark.parametrize("more", [0, 1, 3, 4])
def test_damaged_backups_are_counted_and_three_of_them_named(store, folder, more):
    good = next((folder / "备份").iterdir())
    content = good.read_bytes()
    for day in range(more):
        bad = folder / "备份" / f"2020-01-{day + 1:02} 0930 第{day + 1}步.bak"
        bad.write_bytes(content.replace(b'["13"', b'["73"'))
    said = integrity.check(store).sentence()
    assert said.startswith("检查了 2 份草稿、5 处修改，全部完好。")
    if not more:
        assert f"检查了 1 份备份，全部完好，最近一份是 {datetime.now():%m月%d日} " in said
        return
    assert f"检查了 {more + 1} 份备份，其中 {more} 份已损坏（“2020-01-" in said
    assert (said.count(".bak”"), " 等" in said) == (min(more, 3), more > 3)


def test_a_damaged_database_is_an_error_and_no_count(store, folder):
    execute(folder, "UPDATE text SET body = '假'")
    with pytest.raises(StoreTrouble, match="已损坏"):
        integrity.check(store)
    assert file_of(folder).exists()


# -- files from elsewhere --------------------------------------------------------------------------------------------


def test_a_file_too_large_to_be_ours_is_not_even_copied(store, tmp_path):
    large = tmp_path / "大.db"
    with large.open("wb") as file:
        file.truncate(500 * 2**20 + 1)
    before = set(tmp_path.rglob("*"))
    with pytest.raises(StoreTrouble, match=r"大\.db”太大，不像是本软件的草稿库；请核对所选的文件"):
        other_files.look_into(large, store)
    assert set(tmp_path.rglob("*")) == before
    enter(store, 16)
