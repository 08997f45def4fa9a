"""Tests of the store: draft numbers, recycle bin, repeated saves, two windows, backups, damaged content."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from model.base.trouble import Trouble
from model.form.cell import BLANK, Entry, at
from model.report.report import Change, Report
from model.storage.database_file import StoreTrouble
from model.storage.store import Store, new_uid
from model.storage.verified_rows import Checked

PERSON = at("requests/new_received/natural_person")
TOTAL = at("requests/new_received/total")
CELLS = {PERSON: Entry(12), at("procurement/central/amount"): Entry(Decimal("104.1572"))}
REPORT = Report("应急管理局", 2023, "2021", cells=CELLS, texts={"overview": "总体情况"})


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path)
    yield store
    store.close()


def enter(number: int, before: Entry = BLANK, address=PERSON) -> Change:
    return Change("填写", cells={address: (before, Entry(number))})


def in_file(store: Store, sql: str) -> None:
    """Write to the file as another program may."""
    with sqlite3.connect(store.path) as other:
        other.execute("PRAGMA journal_mode = TRUNCATE")  # Windows deletes no journal that the program has open
        other.execute(sql)
    other.close()


def test_drafts_are_numbered_from_one_and_listed_last_used_first(store):
    first, second = (store.create(Report(agency, 2023, "2021"), "新建") for agency in "甲乙")
    assert (first.number, second.number, first.agency, first.steps, first.deleted) == (1, 2, "甲", 1, None)
    store.save(1, [enter(3)], new_uid())
    assert [draft.number for draft in store.drafts()] == [1, 2]


def test_a_number_is_never_used_again_even_when_the_draft_is_gone_from_the_file(store):
    store.create(Report("甲", 2023, "2021"), "新建")
    store.delete(1)
    assert store.purge(datetime.now().astimezone() + timedelta(seconds=1)) == (1,)
    assert store.create(REPORT, "新建").number == 2


def test_a_draft_is_found_again_after_reopening(store, tmp_path):
    number = store.create(REPORT, "导入").number
    again = Store.open(tmp_path)
    assert again.load(number) == REPORT
    assert again.draft(number) == store.draft(number)
    again.close()


def test_head_fields_follow_the_changes(store):
    number = store.create(REPORT, "新建").number
    store.save(number, [Change("填写封面", head={"agency": ("应急管理局", "应急局"), "year": (2023, 2024)})], new_uid())
    assert (store.draft(number).agency, store.draft(number).year) == ("应急局", 2024)


def test_a_deleted_draft_stands_in_the_recycle_bin_and_comes_back(store):
    number = store.create(REPORT, "新建").number
    store.delete(number)
    assert (store.drafts(), [draft.number for draft in store.drafts(deleted=True)]) == ((), [number])
    assert store.draft(number).deleted is not None
    store.restore(number)
    assert [draft.number for draft in store.drafts()] == [number]
    assert store.load(number) == REPORT


@pytest.mark.parametrize("use", [Store.draft, Store.load, Store.journal, Store.delete])
def test_a_draft_that_is_not_there_is_named(store, use):
    with pytest.raises(Trouble, match="没有编号为 7 的草稿"):
        use(store, 7)


def test_a_save_repeated_with_its_id_adds_nothing(store):
    number, uid = store.create(REPORT, "新建").number, new_uid()
    for _ in range(3):
        store.save(number, [enter(13), enter(14)], uid)
    assert [step.number for step in store.journal(number)] == [1, 2, 3]


def test_a_creation_repeated_with_its_id_adds_nothing(store):
    uid = new_uid()
    assert store.create(REPORT, "新建", uid) == store.create(REPORT, "新建", uid)
    assert len(store.drafts()) == 1


def test_a_save_that_fails_half_way_leaves_everything_as_it_was(store, monkeypatch):
    number = store.create(REPORT, "新建").number
    monkeypatch.setattr(store._step_writer, "set_count", lambda *_: in_the_middle())
    with pytest.raises(InTheMiddleError):
        store.save(number, [enter(13)], new_uid())
    monkeypatch.undo()
    assert store.load(number) == REPORT
    assert store.verify() == Checked(drafts=1, steps=1)
    store.save(number, [enter(13)], new_uid())
    assert store.load(number).entry(PERSON) == Entry(13)


class InTheMiddleError(Exception):
    pass


def in_the_middle() -> None:
    raise InTheMiddleError


def test_two_windows_in_one_cell_leave_the_later_value_and_both_in_the_journal(store, tmp_path):
    number, other = store.create(REPORT, "新建").number, Store.open(tmp_path)
    store.save(number, [enter(13, Entry(12))], new_uid())
    other.save(number, [enter(14, Entry(12))], new_uid())
    assert store.load(number).entry(PERSON) == Entry(14)
    assert [step.change.cells[PERSON][1] for step in store.journal(number)[1:]] == [Entry(13), Entry(14)]
    other.close()


def test_a_backup_is_a_whole_draft_file_under_time_and_step(store, tmp_path):
    number = store.create(REPORT, "新建").number
    store.save(number, [enter(13)], new_uid())
    path = store.backup(tmp_path / "备份")
    assert path.name.endswith(" 第2步.bak")
    assert list(path.parent.iterdir()) == [path]
    elsewhere = tmp_path / "另一台电脑"
    elsewhere.mkdir()
    path.rename(elsewhere / "reports.db")
    copy = Store.open(elsewhere)
    assert (copy.load(number), copy.verify()) == (store.load(number), Checked(drafts=1, steps=2))
    copy.close()


def test_a_backup_that_does_not_read_back_gets_no_name(store, tmp_path):
    store.create(REPORT, "新建")
    in_file(store, "UPDATE cell SET number = '21' WHERE number = '12'")
    with pytest.raises(Trouble, match="已损坏"):
        store.backup(tmp_path / "备份")
    assert list((tmp_path / "备份").iterdir()) == []


def test_one_wrong_byte_in_a_value_is_noticed_and_other_drafts_stay_readable(store, tmp_path):
    good, bad = store.create(Report("甲", 2023, "2021"), "新建"), store.create(REPORT, "新建")
    store.close()
    file = tmp_path / "reports.db"
    content = file.read_bytes()
    assert content.count(b"104.1572") == 2  # in the cell and in the journal
    file.write_bytes(content.replace(b"104.1572", b"104.1573"))
    again = Store.open(tmp_path)
    with pytest.raises(StoreTrouble, match="已损坏（草稿 2 的一处内容），为避免显示错误的数字"):
        again.load(bad.number)
    with pytest.raises(StoreTrouble, match="已损坏（草稿 2 的第 1 处修改记录）"):
        again.journal(bad.number)
    assert again.load(good.number).agency == "甲"
    again.close()


@pytest.mark.parametrize(
    "sql, what",
    [
        ("DELETE FROM cell WHERE number = '13'", "内容有缺失"),
        ("DELETE FROM text", "内容有缺失"),
        ("UPDATE text SET body = body || '。'", "一处内容"),
        ("UPDATE text SET body = CAST(x'ff' AS TEXT)", "文字无法解读"),
        ("UPDATE cell SET address = 'requests/denied/total' WHERE number = '13'", "一处内容"),
        ("UPDATE cell SET rev = rev - 1", "一处内容"),
        ("UPDATE draft SET year = 2024", "的登记"),
        ("DELETE FROM journal WHERE step = 2", "修改记录"),
        ("DELETE FROM journal WHERE step = 3", "修改记录"),
        ("UPDATE journal SET cause = '粘贴' WHERE step = 2", "第 2 处修改记录"),
        ("UPDATE journal SET step = step + 5", "修改记录"),
        ("UPDATE meta SET value = '1' WHERE key = 'head'", "计数"),
        ("UPDATE meta SET value = '' WHERE key = 'head'", "计数"),
    ],
)
def test_what_is_altered_or_missing_in_the_file_is_never_taken_for_good(store, sql, what):
    number = store.create(REPORT, "新建").number
    store.save(number, [enter(13, Entry(12))], new_uid())
    store.save(number, [enter(1, address=TOTAL)], new_uid())
    in_file(store, sql)
    with pytest.raises(StoreTrouble, match=f"已损坏.*{what}"):
        store.verify()


def test_an_old_row_that_came_back_is_noticed(store):
    number = store.create(REPORT, "新建").number
    old = list(store.database.table("cell").rows_where("number = '12'"))
    store.save(number, [enter(13, Entry(12))], new_uid())
    store.database.table("cell").insert_all(old, replace=True)
    with pytest.raises(StoreTrouble, match="内容有缺失"):
        store.load(number)
