"""Tests of journals that would take the drafts back, of files behind by one step, and of what a recovery refuses."""

from __future__ import annotations

import os
import shutil
import struct
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from model.base import files
from model.form.cell import Entry
from model.recovery import other_files
from model.recovery.open_database import open_drafts
from model.recovery.salvage import Salvage, salvage
from model.recovery.undecided_values import Undecided, confirmed
from model.recovery.window_conflicts import conflicts
from model.report.report import Change, Report
from model.storage import progress
from model.storage.store import JournalStep, Store
from tests.support.recovering import (
    CELL,
    REPORT,
    assert_matches,
    enter,
    execute,
    file_of,
    made,
    open_and_close,
    recovered_from,
    shown,
)

PAGE, SECTOR = 4096, 512
MAGIC = bytes.fromhex("d9d505f920a163d7")


@pytest.fixture
def folder(tmp_path):
    return made(tmp_path / "数据")


def journal_to(content: bytes) -> bytes:
    """Return a valid rollback journal that turns any file into `content` (SQLite, Database File Format, 3)."""
    pages = [content[at : at + PAGE] for at in range(0, len(content), PAGE)]
    head = MAGIC + struct.pack(">5I", len(pages), 0, len(pages), SECTOR, PAGE)
    records = (
        struct.pack(">I", number) + page + struct.pack(">I", sum(page[PAGE - 200 : 0 : -200]))
        for number, page in enumerate(pages, 1)
    )
    return head.ljust(SECTOR, b"\0") + b"".join(records)


def journal_of(folder: Path) -> Path:
    return folder / "reports.db-journal"


def save_once_more(folder: Path, number: int) -> None:
    opened = open_drafts(folder)
    enter(opened.store, number)
    opened.store.close()


# -- journals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("later", [1, 2])
def test_a_journal_that_leads_to_an_older_whole_file_is_put_aside(folder, later):
    older = file_of(folder).read_bytes()
    for step in range(later):
        save_once_more(folder, 16 + step)
    journal_of(folder).write_bytes(journal_to(older))
    said, number = shown(folder)
    assert ("“reports.db-journal”，没有使用" in said, number) == (True, 15 + later)
    assert [path.read_bytes() for path in folder.glob("*.foreign-*")] == [journal_to(older)]


def test_a_journal_that_leads_to_a_file_no_older_than_known_is_applied(folder):
    now = file_of(folder).read_bytes()
    journal_of(folder).write_bytes(journal_to(now))
    assert shown(folder) == ("", 15)
    assert list(folder.glob("*.foreign-*")) == []


def test_a_journal_of_a_file_that_is_behind_itself_is_not_blamed_for_it(folder):
    older = file_of(folder).read_bytes()
    save_once_more(folder, 16)
    file_of(folder).write_bytes(older)
    journal_of(folder).write_bytes(journal_to(older))
    assert open_and_close(folder).behind == 1
    assert list(folder.glob("*.foreign-*")) == []


def test_a_journal_that_makes_a_torn_file_whole_is_applied(folder):
    whole = file_of(folder).read_bytes()
    file_of(folder).write_bytes(whole.replace(b'["15"', b'["75"'))
    journal_of(folder).write_bytes(journal_to(whole))
    assert shown(folder) == ("", 15)
    assert list(folder.glob("*.damaged-*")) == []


def test_the_journal_of_a_damaged_file_never_meets_the_recovered_one(folder):
    torn = bytes(PAGE) + file_of(folder).read_bytes()[PAGE:].replace(b'["14"', b'["74"')
    file_of(folder).write_bytes(torn)
    journal_of(folder).write_bytes(journal_to(torn))
    opened = open_drafts(folder)
    value, kept = opened.store.load(1).entry(CELL), recovered_from(opened).kept
    opened.store.close()
    assert value.number is not None
    assert kept
    assert kept.read_bytes() == torn
    assert kept.with_name(f"{kept.name}-journal").read_bytes() == journal_to(torn)
    assert shown(folder) == ("", value.number)


# -- behind by one step ----------------------------------------------------------------------------------------------


def test_a_file_behind_by_one_step_is_not_taken_for_the_present_one_unasked(folder):
    older = file_of(folder).read_bytes()
    save_once_more(folder, 16)
    file_of(folder).write_bytes(older)
    opened = open_and_close(folder)
    assert_matches(r"^这个草稿库比本机上次保存的旧（少 1 处修改）", opened.sentence)
    assert opened.behind == 1
    assert opened.holder is None


def test_a_copy_behind_by_one_step_is_known_as_an_old_one(folder, tmp_path):
    shutil.copy(file_of(folder), tmp_path / "副本.db")
    opened = open_drafts(folder)
    same = other_files.look_into(tmp_path / "副本.db", opened.store)
    enter(opened.store, 16)
    older = other_files.look_into(tmp_path / "副本.db", opened.store)
    opened.store.close()
    assert [(it.own, it.behind) for it in (same, older)] == [(True, 0), (True, 1)]
    assert ["旧副本" in it.sentence() for it in (same, older)] == [False, True]
    assert older.sentence().startswith("这是同一份数据的旧副本（少 1 处修改）")


# -- recovery --------------------------------------------------------------------------------------------------------


def test_after_a_recovery_all_backups_are_kept_until_the_clerk_agrees(folder):
    assert not progress.recall(folder).hold
    file_of(folder).write_bytes(bytes(8192))
    open_and_close(folder)
    assert progress.recall(folder).hold


@pytest.mark.parametrize("remembered", [True, False])
def test_the_lost_steps_are_counted_even_if_this_computer_remembers_none(folder, remembered):
    execute(folder, "DELETE FROM journal WHERE draft = 1 AND step = 4", "UPDATE draft SET year = 2024 WHERE number = 1")
    if not remembered:
        (folder / progress.PROGRESS_FILE).unlink()
    recovered = recovered_from(open_and_close(folder))
    assert (recovered.added, recovered.missing, recovered.last) == (1, 1, 4)


def test_values_of_a_damaged_file_older_than_the_backup_are_not_offered_again(folder):
    older = file_of(folder).read_bytes()
    opened = open_drafts(folder)
    enter(opened.store, 16)
    opened.store.backup()
    opened.store.close()
    file_of(folder).write_bytes(older.replace(b'["15"', b'["75"'))
    opened = open_drafts(folder)
    recovered = recovered_from(opened)
    assert (recovered.undecided, recovered.missing, opened.store.load(1).entry(CELL)) == ((), 0, Entry(16))
    opened.store.close()


@pytest.mark.parametrize(
    "change", ["name = '假'", "report = replace(report, '15', '75')", "kind = 'daily'", "step = 2", "at = '2020-01-01'"]
)
def test_a_version_that_was_changed_is_not_taken_into_a_recovered_file(folder, change):
    opened = open_drafts(folder)
    opened.store.keep_version(1, "送审稿")
    opened.store.keep_version(1, "定稿前")
    opened.store.close()
    execute(folder, f"UPDATE version SET {change} WHERE name = '送审稿'")
    opened = open_drafts(folder)
    assert opened.recovered
    assert [version.name for version in opened.store.versions(1)] == ["定稿前"]
    opened.store.close()


# -- two windows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after, places", [(0, [3, 4]), (2, [3, 4]), (3, [4]), (4, [])])
def test_only_steps_after_the_one_last_seen_can_conflict(after, places):
    steps = [
        JournalStep(number, datetime.now(), "填写", Change("填写", cells={CELL: (Entry(was), Entry(now))}))
        for number, was, now in ((1, 0, 1), (2, 1, 2), (3, 1, 3), (4, 1, 4))
    ]
    assert [(it.step, it.mine) for it in conflicts(steps, after)] == [(step, Entry(step)) for step in places]


# -- values to decide on ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        Change("恢复", cells={CELL: (Entry(1), Entry(12))}),
        Change("恢复", texts={"overview": ("甲", "总体情况")}),
        Change("恢复", facts={"phone": ("", "1")}),
    ],
)
def test_a_value_that_is_there_already_changes_nothing_when_it_is_taken(change):
    report = replace(REPORT, facts={"phone": "1"})
    assert confirmed(Undecided(1, "应急管理局", 2023, change), report).empty
    assert not confirmed(Undecided(1, "应急管理局", 2023, change.inverse()), report).empty


# -- files from elsewhere --------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the profile's own access list")
def test_the_copy_of_a_file_from_elsewhere_is_for_this_user_only(folder, tmp_path, monkeypatch):
    modes: list[str] = []
    copy = files.copy_private

    def copying(source: Path, target: Path) -> None:
        copy(source, target)
        modes.extend(oct(path.stat().st_mode & 0o777) for path in (target.parent, target))

    mine = Store.open(tmp_path / "本机")
    monkeypatch.setattr(files, "copy_private", copying)
    umask = os.umask(0)
    try:
        other_files.look_into(file_of(folder), mine)
    finally:
        os.umask(umask)
        mine.close()
    assert modes[:2] == ["0o700", "0o600"]


@pytest.mark.parametrize(
    "damage, sentence",
    [
        ("DELETE FROM draft WHERE number = 2", "^文件中有 2 份草稿"),  # its steps prove it
        ("UPDATE journal SET cause = '假' WHERE draft = 1 AND step = 4", "文件中有 2 份草稿"),
        ("DELETE FROM journal WHERE draft = 2", "文件中有 2 份草稿"),
        ("UPDATE meta SET value = '1' WHERE key = 'head'", "文件中有 2 份草稿"),
    ],
)
def test_a_damaged_file_from_elsewhere_is_not_read_as_whole(folder, tmp_path, damage, sentence, monkeypatch):
    mine = Store.open(tmp_path / "本机")
    execute(folder, damage)
    salvaged: list[Path] = []

    def salvaging(path: Path) -> Salvage:
        salvaged.append(path)
        return salvage(path)

    monkeypatch.setattr("model.recovery.other_files.salvage", salvaging)
    found = other_files.look_into(file_of(folder), mine)
    mine.close()
    assert len(salvaged) == 1
    assert_matches(sentence, found.sentence())
    assert [report.entry(CELL) for report in found.reports][:1] == [Entry(15)]
    assert [type(report) for report in found.reports] == [Report, Report]
