"""Tests of opening data files from other places, and of automatic maintenance of one's own."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from model.base.trouble import Trouble
from model.form.cell import BLANK, Entry
from model.recovery import other_files
from model.recovery.open_database import open_drafts
from model.report.report import Change, Report, applied
from model.storage import backups, database_file, file_names, migrations
from model.storage.database_file import StoreTrouble
from model.storage.maintenance import Maintenance
from tests.support.recovering import CELL, REPORT, assert_matches, crash_amid_a_save, enter, file_of, made


@pytest.fixture
def folder(tmp_path):
    return made(tmp_path / "数据")


# -- files from elsewhere ---------------------------------------------------------------------------------------------


@pytest.fixture
def mine(tmp_path):
    opened = open_drafts(tmp_path / "本机")
    yield opened.store
    opened.store.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path, mine):
    os.mkfifo(tmp_path / "管道")
    for path in (tmp_path / "管道", Path("/dev/zero"), tmp_path):
        with pytest.raises(Trouble, match="不是文件"):
            other_files.look_into(path, mine)
    assert not list(mine.path.parent.glob("~*"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_the_place_of_the_drafts_or_of_a_backup_is_not_waited_for(tmp_path, mine):
    mine.backup()
    backup = backups.listed(mine.path.parent / file_names.FOLDER)
    os.mkfifo(mine.path.parent / file_names.FOLDER / "2026-01-02 0304 第9步.bak")
    assert backups.listed(mine.path.parent / file_names.FOLDER) == backup
    os.mkfifo(tmp_path / "reports.db")
    with pytest.raises(StoreTrouble, match="不是文件"):
        database_file.check_header(tmp_path / "reports.db")


def test_the_drafts_of_a_file_from_elsewhere_come_under_new_numbers_and_leave_it_as_it_was(folder, mine):
    mine.create(Report("本机", 2024, "2021"), "新建")
    before = file_of(folder).read_bytes()
    assert other_files.look_into(file_of(folder), mine).sentence() == (
        "文件中有 2 份草稿，将作为新草稿加入，原文件不作改动"
    )
    assert other_files.take_over(file_of(folder), mine) == (2, 3)
    assert mine.load(2) == applied(REPORT, Change("", cells={CELL: (BLANK, Entry(15))}))
    assert file_of(folder).read_bytes() == before
    assert not list(mine.path.parent.glob("~*"))


def test_a_crashed_copy_with_its_journal_is_whole_and_without_it_proved_as_far_as_it_goes(folder, mine, tmp_path):
    crash_amid_a_save(folder)
    assert [report.entry(CELL).number for report in other_files.look_into(file_of(folder), mine).reports] == [15, None]
    assert (folder / "reports.db-journal").stat().st_size > 0
    shutil.copy(file_of(folder), tmp_path / "副本.db")
    torn = other_files.look_into(tmp_path / "副本.db", mine)
    assert [report.entry(CELL).number for report in torn.reports] == [15, None]


def test_an_old_copy_of_the_own_file_is_known(folder):
    opened = open_drafts(folder)
    (backup,) = (folder / "备份").iterdir()
    assert_matches(
        r"^这是同一份数据的旧副本（少 2 处修改）。文件中有 2 份草稿",
        other_files.look_into(backup, opened.store).sentence(),
    )
    opened.store.close()


@pytest.mark.parametrize(
    "statement, sentence",
    [
        ("CREATE TRIGGER evil AFTER INSERT ON journal BEGIN UPDATE cell SET number = '1'; END", "结构异常（evil）"),
        (f"CREATE TABLE more(a); PRAGMA user_version={migrations.latest() + 1}", "由本软件的新版本保存"),
    ],
)
def test_a_file_from_elsewhere_of_another_shape_is_refused(folder, mine, statement, sentence):
    with closing(sqlite3.connect(file_of(folder))) as other:
        other.executescript(statement)
    with pytest.raises(StoreTrouble, match=sentence):
        other_files.take_over(file_of(folder), mine)
    assert mine.drafts() == ()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(9000), "一、总体情况".encode() * 99])
def test_what_is_no_file_of_ours_is_refused(tmp_path, mine, content):
    (tmp_path / "x.db").write_bytes(content)
    with pytest.raises(StoreTrouble, match=r"不是本软件的草稿库|是空的"):
        other_files.look_into(tmp_path / "x.db", mine)


# -- maintenance ------------------------------------------------------------------------------------------------------


def test_what_is_newer_than_the_last_backup_is_backed_up_at_the_start_and_then_every_half_hour(folder, monkeypatch):
    opened, maintenance = open_drafts(folder), Maintenance()
    maintenance(opened.store)
    enter(opened.store, 16)
    maintenance(opened.store)
    assert sorted(path.name[-8:] for path in (folder / "备份").iterdir()) == [" 第3步.bak"[-8:], " 第5步.bak"[-8:]]
    monkeypatch.setattr(maintenance, "_backed_up", time.monotonic() - 1801)
    maintenance(opened.store)
    maintenance(opened.store)
    assert len(list((folder / "备份").iterdir())) == 3
    opened.store.close()


def test_after_thirty_days_in_the_recycle_bin_a_draft_is_gone_for_good(folder):
    opened = open_drafts(folder)
    opened.store.delete(2)
    assert opened.store.purge(datetime.now().astimezone() - timedelta(days=30)) == ()
    assert opened.store.purge(datetime.now().astimezone() + timedelta(seconds=1)) == (2,)
    assert opened.store.verify().drafts == 1
    assert "示例乡".encode() not in file_of(folder).read_bytes()
    assert opened.store.create(REPORT, "新建").number == 3
    opened.store.close()


def test_what_only_looks_on_keeps_nothing_up(folder):
    first, second = open_drafts(folder), open_drafts(folder)
    Maintenance()(second.store)
    assert len(list((folder / "备份").iterdir())) == 1
    second.store.close()
    first.store.close()


def test_the_sign_of_life_is_renewed(folder):
    opened = open_drafts(folder)
    before = opened.store.held_by()
    opened.store.renew()
    after = opened.store.held_by()
    assert before
    assert after
    assert (after.renewed > before.renewed, replace(after, renewed=before.renewed)) == (True, before)
    opened.store.close()
