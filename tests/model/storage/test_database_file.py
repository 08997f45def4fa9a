"""Tests of the database file: atomic creation, permissions, schema versions, one-sentence refusal of other files."""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from model.base.trouble import Trouble
from model.form.cell import Entry, at
from model.report.draft_counts import DraftCounts
from model.report.report import Change, Report
from model.storage import database_file, migrations, schema_check
from model.storage.counts import StoredCounts
from model.storage.database_file import PRAGMAS, StoreTrouble, TroubleKind
from model.storage.file_names import address
from model.storage.store import Store, new_uid
from model.storage.verified_rows import Checked
from tests.support.platforms import posix_only

ROOT = Path(__file__).resolve().parents[3]
REPORT = Report("应急管理局", 2023, "2021", cells={at("a/b/c"): Entry(12)})
WRITES_IN_0004 = 8
own_modes = posix_only("Windows keeps the profile's own access list")


@pytest.fixture
def folder(tmp_path):
    """A data folder with one draft."""
    store = Store.open(tmp_path / "数据")
    store.create(REPORT, "新建")
    store.close()
    return tmp_path / "数据"


def reopened(folder: Path) -> Report:
    store = Store.open(folder)
    try:
        return store.load(1)
    finally:
        store.close()


def execute(folder: Path, *statements: str) -> None:
    other = sqlite3.connect(folder / "reports.db")
    for statement in statements:
        other.execute(statement)
    other.commit()
    other.close()


# -- made and opened -------------------------------------------------------------------------------------------------


@own_modes
def test_folder_file_journal_and_backup_are_for_this_user_only(tmp_path):
    folder = tmp_path / "新" / "数据"
    umask = os.umask(0)
    try:
        store = Store.open(folder)
        store.create(REPORT, "新建")
        store.backup(folder / "备份")
        store.close()
    finally:
        os.umask(umask)
    modes = {path: oct(path.stat().st_mode & 0o777) for path in (folder, *folder.rglob("*"))}
    assert modes == {path: "0o700" if path.is_dir() else "0o600" for path in modes}
    assert {path.suffix for path in modes} == {"", ".db", ".db-journal", ".bak"}


@pytest.mark.parametrize("name", ["中文 文件夹", "a#b", "a?b", "a%20b", "100%", "a&b=c", "带'引号\"的", "e\u0301"])
def test_any_folder_name_will_do(tmp_path, name):
    if os.name == "nt" and set(name) & set('?"'):
        pytest.skip("no such name on Windows")
    store = Store.open(tmp_path / name)
    store.create(REPORT, "新建")
    store.close()
    assert reopened(tmp_path / name) == REPORT
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "path, expected",
    [
        (PurePosixPath("/数据/a#b?c%d.db"), "file:///%E6%95%B0%E6%8D%AE/a%23b%3Fc%25d.db?mode=rw"),
        (PureWindowsPath(r"C:\a b\r.db"), "file:///C%3A/a%20b/r.db?mode=rw"),
        (PureWindowsPath(r"\\server\share\r.db"), "file:////server/share/r.db?mode=rw"),
    ],
)
def test_paths_are_written_as_sqlite_reads_them(path, expected):
    assert address(path, "rw") == expected


@pytest.mark.parametrize("name, value", PRAGMAS.items())
def test_the_connection_is_set_as_promised(folder, name, value):
    store = Store.open(folder)
    assert store.database.execute(f"PRAGMA {name}").fetchone() == (value,)
    store.close()


def test_a_pragma_that_sqlite_refuses_is_a_mistake_of_ours_and_said(folder, monkeypatch):
    monkeypatch.setitem(PRAGMAS, "journal_mode", "sideways")
    with pytest.raises(RuntimeError, match="journal_mode=sideways was refused: delete"):
        Store.open(folder)


def test_two_windows_that_make_the_file_at_once_share_one(tmp_path, monkeypatch):
    make = database_file.fill

    def second_window_is_quicker(unfinished: Path) -> None:
        make(unfinished)
        monkeypatch.setattr(database_file, "fill", make)
        quicker = Store.open(tmp_path)
        quicker.create(REPORT, "新建")
        quicker.close()

    monkeypatch.setattr(database_file, "fill", second_window_is_quicker)
    assert reopened(tmp_path) == REPORT


def test_a_disk_without_hard_links_will_do(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    Store.open(tmp_path).close()
    assert sorted(path.name for path in tmp_path.iterdir()) in (["reports.db"], ["reports.db", "reports.db-journal"])


def test_what_a_killed_program_left_half_made_is_removed_after_a_day(tmp_path):
    old, young = tmp_path / "~reports.db.1.tmp", tmp_path / "~reports.db.2.tmp"
    for leftover in (old, young):
        leftover.touch()
    os.utime(old, (0, 0))
    Store.open(tmp_path).close()
    assert (old.exists(), young.exists()) == (False, True)


# -- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"", "是空的（0 字节）"),
        (b"\0" * 8192, "已损坏（文件开头不完整）"),
        (database_file.MAGIC + b"\x10\x00", "已损坏（文件开头不完整）"),
        ("一、总体情况\n".encode() * 50, "不是本软件的草稿库，文件未作任何改动"),
        (b"PK\x03\x04" + b"docx" * 50, "不是本软件的草稿库，文件未作任何改动"),
        (b"1", "不是本软件的草稿库"),
    ],
)
def test_a_file_that_is_no_database_of_ours_is_refused_and_left_alone(tmp_path, content, sentence):
    (tmp_path / "reports.db").write_bytes(content)
    with pytest.raises(Trouble, match=sentence):
        Store.open(tmp_path)
    assert (tmp_path / "reports.db").read_bytes() == content
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "statement, sentence",
    [
        (
            f"PRAGMA user_version={migrations.latest() + 1}",
            (
                f"由本软件的新版本保存（数据版本 {migrations.latest() + 1}，本软件只认识到 {migrations.latest()}），"
                "文件未作任何改动；请更新本软件"
            ),
        ),
        (f"PRAGMA user_version={migrations.latest() + 50}", "由本软件的新版本保存"),
        (f"PRAGMA user_version={migrations.latest() + 51}", "已损坏（文件开头被改动）"),
        ("PRAGMA user_version=-1", "已损坏（文件开头被改动）"),
        ("PRAGMA journal_mode=wal", "已损坏（文件开头被改动）"),
        ("PRAGMA application_id=7", "不是本软件的草稿库，文件未作任何改动"),
        ("PRAGMA user_version=0", "结构异常"),
        ("CREATE TRIGGER evil AFTER INSERT ON journal BEGIN UPDATE cell SET number = 1; END", "结构异常（evil）"),
        (
            "CREATE VIEW endless AS WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n FROM x) SELECT n FROM x",
            "（endl",
        ),
        ("CREATE TABLE more(a)", "结构异常（more）"),
        ("DROP TABLE fact", "结构异常（fact、"),
        ("ALTER TABLE cell ADD COLUMN more TEXT", "结构异常（cell）"),
        ("CREATE INDEX more ON cell(remark)", "结构异常（more）"),
    ],
)
def test_a_database_of_another_shape_is_refused_and_left_alone(folder, statement, sentence):
    execute(folder, statement)
    before = (folder / "reports.db").read_bytes()
    with pytest.raises(Trouble) as trouble:
        Store.open(folder)
    assert sentence in str(trouble.value)
    assert (folder / "reports.db").read_bytes() == before


def test_a_file_cut_short_is_damaged(folder):
    content = (folder / "reports.db").read_bytes()
    for size in (50, 100, 4096, len(content) // 2, len(content) - 4096):
        (folder / "reports.db").write_bytes(content[:size])
        with pytest.raises(Trouble, match="已损坏"):
            Store.open(folder)


def test_a_locked_file_is_named(folder, monkeypatch):
    monkeypatch.setattr(database_file, "BUSY_SECONDS", 0.05)
    store = Store.open(folder)
    other = sqlite3.connect(folder / "reports.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for use in (lambda: store.save(1, [Change("填写")], new_uid()), store.drafts, lambda: Store.open(folder)):
        with pytest.raises(Trouble, match=r"reports\.db”正被另一个程序占用，等了 0\.05 秒；请关闭那个程序后再试"):
            use()
    other.close()
    assert store.load(1) == REPORT
    store.close()


def test_a_file_that_cannot_be_written_is_said_at_opening(folder, monkeypatch):
    monkeypatch.setattr(database_file, "address", lambda path, _mode: address(path, "ro"))  # root may write anything
    with pytest.raises(Trouble, match=r"没有权限写入草稿库.*只读"):
        Store.open(folder)


@pytest.mark.parametrize("path", ["file", "file/below"])
def test_a_data_folder_that_is_a_file_is_said(tmp_path, path):
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="不是文件夹，不能存放数据"):
        Store.open(tmp_path / path)


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path):
    (tmp_path / "reports.db").mkdir()
    with pytest.raises(Trouble, match=r"无法使用|没有权限使用"):
        Store.open(tmp_path)


# -- old and new schemas ---------------------------------------------------------------------------------------------


def test_the_drafts_of_schema_1_open_and_are_edited(tmp_path):
    shutil.copy(ROOT / "tests" / "support" / "old_drafts" / "0001.db", tmp_path / "reports.db")
    store = Store.open(tmp_path)
    assert [(d.number, d.agency, d.year, d.format, d.unit_kind, d.steps) for d in store.drafts()] == [
        (1, "示例市应急管理局", 2020, "2019", "department", 3)
    ]
    report = store.load(1)
    assert report.entry(at("procurement/central/amount")).shown() == "104.1572"
    assert report.entry(at("requests/new_received/natural_person")) == Entry(22, remark="其中修订16件")
    assert report.entry(at("requests/new_received/total")).typed == "十二"
    assert report.stated == {at("requests/results_total/total"): 7}
    assert report.text("overview") == "一、总体情况。𬭎"
    assert report.facts == {"phone": "0391-0000000"}
    assert [note.message for note in report.notes] == ["一行有 16 个数字，应有 15 个"]
    assert [step.cause for step in store.journal(1)] == ["导入", "填写", "改写"]
    store.save(1, [Change("填写", cells={at("a/b/c"): (Entry(), Entry(1))})], new_uid())
    assert [(v.step, v.automatic) for v in store.versions(1)] == [(3, True)]  # as before the first step of the day
    assert store.verify() == Checked(drafts=2, steps=5, versions=1)
    assert [draft.agency for draft in store.drafts(deleted=True)] == ["示例乡"]
    store.close()


def test_the_drafts_of_schema_2_open_with_their_versions_and_their_undo(tmp_path):
    shutil.copy(ROOT / "tests" / "support" / "old_drafts" / "0002.db", tmp_path / "reports.db")
    store = Store.open(tmp_path)
    assert [(d.number, d.agency, d.steps) for d in store.drafts()] == [(1, "示例市应急管理局", 4)]
    assert store.load(1).entry(at("requests/new_received/natural_person")) == Entry(22, remark="其中修订16件")
    assert [(v.name, v.step, v.automatic) for v in store.versions(1)] == [("送审稿", 3, False)]
    assert store.version(1).entry(at("requests/new_received/natural_person")) == Entry(23)
    assert [(s.cause, s.undoes) for s in store.journal(1)] == [
        ("导入", None),
        ("改写", None),
        ("填写", None),
        ("撤销填写", 3),
    ]
    assert [change.texts for change in store.history(1).done] == [
        {"overview": ("一、总体情况。𬭎", "一、总体的情况。𬭎")},
    ]
    assert [change.cause for change in store.history(1).undone] == ["填写"]
    assert store.verify() == Checked(drafts=2, steps=5, versions=1)
    store.close()


def test_the_drafts_of_schema_3_open_with_their_counts(tmp_path):
    shutil.copy(ROOT / "tests" / "support" / "old_drafts" / "0003.db", tmp_path / "reports.db")
    store = Store.open(tmp_path)
    assert [(d.number, d.agency, d.steps) for d in store.drafts()] == [(1, "示例市应急管理局", 4)]
    assert store.load(1).entry(at("requests/new_received/natural_person")) == Entry(22, remark="其中修订16件")
    assert [change.cause for change in store.history(1).undone] == ["填写"]
    assert [(v.name, v.step) for v in store.versions(1)] == [("送审稿", 3)]
    counts = DraftCounts(errors=1, explain=2, cells=3, texts=4, filled=50, deadline=date(2021, 1, 31))
    assert store.counts() == {1: StoredCounts(counts, store.draft(1).chain, "0.1.0 8f3c21ab")}
    assert store.verify() == Checked(drafts=2, steps=5, versions=1)
    store.close()


def test_the_drafts_of_schema_4_open_with_what_must_be_there_and_what_is_gone(tmp_path):
    shutil.copy(ROOT / "tests" / "support" / "old_drafts" / "0004.db", tmp_path / "reports.db")
    store = Store.open(tmp_path)
    assert [(d.number, d.agency, d.steps) for d in store.drafts()] == [(1, "示例市应急管理局", 4)]
    assert [draft.number for draft in store.drafts(deleted=True)] == [2]
    assert [(v.name, v.step, v.kind) for v in store.versions(1)] == [("改前", 4, "before"), ("送审稿", 3, "named")]
    assert store.verify() == Checked(drafts=2, steps=5, versions=2)
    assert store.mark().writes == WRITES_IN_0004
    assert store.create(REPORT, "新建").number == 4  # 3 was deleted for ever
    store.close()


@pytest.fixture
def coming(monkeypatch):
    """Register migrations of a future release."""
    monkeypatch.setattr(migrations, "NAMES", list(migrations.NAMES))
    monkeypatch.setattr(migrations.migrations, "_migrations", list(migrations.migrations._migrations))
    yield migrations._migration
    schema_check.shape_of_version.cache_clear()


def test_a_coming_migration_adds_and_keeps_every_draft(folder, coming):
    def _9998_waivers(database):
        database.table("waiver").create({"number": int, "reason": str}, pk="number", strict=True)

    coming(_9998_waivers)
    assert reopened(folder) == REPORT
    assert reopened(folder) == REPORT
    store = Store.open(folder)
    assert store.database.execute("PRAGMA user_version").fetchone() == (migrations.latest(),)
    store.close()


def test_a_migration_that_changes_what_it_should_only_add_to_is_taken_back(folder, coming, monkeypatch):
    def _9999_changes(database):
        database.execute("UPDATE draft SET year = 2024")

    before = list(migrations.NAMES), list(migrations.migrations._migrations)
    coming(_9999_changes)
    with pytest.raises(Trouble, match="已损坏（草稿 1 的登记）"):
        Store.open(folder)
    monkeypatch.setattr(migrations, "NAMES", before[0])
    monkeypatch.setattr(migrations.migrations, "_migrations", before[1])
    assert reopened(folder) == REPORT


def test_before_a_migration_the_old_file_is_backed_up_and_opens_in_the_old_version(folder, coming, monkeypatch):
    before = list(migrations.NAMES), list(migrations.migrations._migrations)
    coming(lambda database: database.table("more").create({"number": int}, pk="number", strict=True))
    assert reopened(folder) == REPORT
    monkeypatch.setattr(migrations, "NAMES", before[0])
    monkeypatch.setattr(migrations.migrations, "_migrations", before[1])
    (copy,) = (folder / "备份").iterdir()
    copy.replace(folder / "reports.db")
    assert reopened(folder) == REPORT


def test_without_room_for_a_backup_nothing_is_migrated(folder, coming, monkeypatch):
    before = (folder / "reports.db").read_bytes()
    (folder / "备份").touch()
    coming(lambda database: database.table("more").create({"number": int}, pk="number", strict=True))
    with pytest.raises(StoreTrouble, match=r"升级前无法备份（需 0\.\d MB），数据未作任何改动，.*只读方式") as trouble:
        Store.open(folder)
    assert trouble.value.kind is TroubleKind.NO_BACKUP
    assert (folder / "reports.db").read_bytes() == before


def test_a_migration_that_fails_half_way_leaves_the_old_schema_whole(folder, coming, monkeypatch):
    def _9999_fails(database):
        database.table("waiver").create({"number": int}, pk="number", strict=True)
        raise ZeroDivisionError

    before = list(migrations.NAMES), list(migrations.migrations._migrations)
    coming(_9999_fails)
    with pytest.raises(ZeroDivisionError):
        Store.open(folder)
    monkeypatch.setattr(migrations, "NAMES", before[0])
    monkeypatch.setattr(migrations.migrations, "_migrations", before[1])
    assert reopened(folder) == REPORT


@pytest.mark.skipif(os.name == "nt", reason="names are UTF-16 on Windows")
def test_a_folder_whose_name_is_not_utf_8_holds_drafts(tmp_path):
    folder = tmp_path / os.fsdecode("数据".encode("gbk"))
    store = Store.open(folder)
    store.create(Report("示例局", 2025, "2021"), "新建")
    store.close()
    again = Store.open(folder)
    assert [draft.agency for draft in again.drafts()] == ["示例局"]
    again.close()
