"""Tests that a vanished version or draft is noticed, that what was deleted for ever stays so, and leaves no text."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from model.form.cell import BLANK, Entry, at
from model.recovery import open_database
from model.recovery.open_database import open_drafts
from model.report.report import Change, Report
from model.storage import backups, file_copy, migrations, row_codec, verified_rows
from model.storage.database_file import StoreTrouble
from model.storage.store import BEFORE, DAILY, Store, new_uid

ROOT = Path(__file__).resolve().parents[3]
CELL = at("requests/new_received/natural_person")
CANARY = "金丝雀某某410102"
OLD = ("0001.db", "0002.db", "0003.db")


@pytest.fixture(autouse=True)
def no_wait(monkeypatch):
    monkeypatch.setattr(open_database, "SETTLE_SECONDS", 0.0)


@pytest.fixture
def store(tmp_path):
    store = open_drafts(tmp_path).store
    for agency in ("甲局", "乙局", "丙局"):
        store.create(Report(agency, 2023, "2021", texts={"overview": agency}), "新建")
    yield store
    store.close()


def soon() -> datetime:
    return datetime.now().astimezone() + timedelta(seconds=1)


def in_file(folder: Path, *statements: str) -> None:
    other = sqlite3.connect(folder / "reports.db")
    for statement in statements:
        other.execute(statement)
    other.commit()
    other.close()


def numbers(store: Store) -> list[int]:
    return sorted(draft.number for deleted in (False, True) for draft in store.drafts(deleted=deleted))


# -- counted ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM version",
        "DELETE FROM version WHERE number = 2",
        "INSERT INTO version SELECT 9, draft, step, at, kind, name, report, sum FROM version WHERE number = 1",
        "UPDATE version SET draft = 2 WHERE number = 1",
        "DELETE FROM meta WHERE key = 'versions 1'",
        "DELETE FROM meta WHERE key = 'versions 2'",
        "UPDATE meta SET value = '0 00000000000000000000 ' || substr(value, 24) WHERE key = 'versions 1'",
        "DELETE FROM meta WHERE key = 'writes'",
        "UPDATE meta SET value = '9' || value WHERE key = 'writes'",
        "UPDATE meta SET value = '2' WHERE key = 'drafts'",
        "UPDATE meta SET value = '30' WHERE key = 'drafts'",
        "UPDATE meta SET value = 'x' || value WHERE key = 'uuid'",
    ],
)
def test_a_version_or_count_that_is_wrong_is_damage_and_comes_back_from_the_backup(store, tmp_path, statement):
    kept = [store.keep_version(1, name) for name in ("一", "二")]
    store.backup()
    store.close()
    in_file(tmp_path, statement)
    checked = Store.open(tmp_path)
    with pytest.raises(StoreTrouble, match="已损坏"):
        checked.verify()
    checked.close()
    opened = open_drafts(tmp_path)
    assert opened.recovered
    assert (opened.recovered.missing, opened.recovered.versions) == (0, 0)
    found = opened.store.versions(1)
    assert sorted(version.name for version in found) == sorted(version.name for version in kept)
    assert {opened.store.version(version.number).agency for version in found} == {"甲局"}
    opened.store.close()
    assert not open_drafts(tmp_path).recovered


def test_a_draft_that_vanished_with_all_its_traces_is_missed(store, tmp_path):
    store.backup()
    store.close()
    parts = [f"DELETE FROM {part.table} WHERE draft = 2" for part in row_codec.PARTS]
    gone = "DELETE FROM meta WHERE key = 'versions 2'"
    in_file(tmp_path, *parts, "DELETE FROM journal WHERE draft = 2", "DELETE FROM draft WHERE number = 2", gone)
    opened = open_drafts(tmp_path)
    assert opened.recovered
    assert opened.store.load(2).agency == "乙局"
    opened.store.close()


def test_a_version_that_is_in_no_backup_is_said_to_be_missing(store, tmp_path):
    store.backup()
    store.keep_version(1, "一")
    store.keep_version(2, "二")
    store.close()
    in_file(tmp_path, "DELETE FROM version WHERE draft = 1")
    opened = open_drafts(tmp_path)
    assert "有 1 个保存的版本未能找回" in opened.sentence
    assert [version.name for version in opened.store.versions(2)] == ["二"]
    opened.store.close()
    assert not open_drafts(tmp_path).recovered


def test_a_version_that_was_removed_does_not_return_with_another(store, tmp_path):
    removed, kept = (store.keep_version(1, name) for name in ("删去的", "留下的"))
    store.backup()
    store.forget_version(removed.number)
    store.close()
    in_file(tmp_path, "DELETE FROM version")
    opened = open_drafts(tmp_path)
    assert [version.name for version in opened.store.versions(1)] == [kept.name]
    opened.store.close()


def test_versions_are_counted_through_all_that_changes_them(store):
    for name in range(25):
        store.keep_version(1, f"{name}", BEFORE)
    forgotten = store.forget_version(store.versions(1)[0].number)
    store.verify()
    store.keep_again(forgotten)
    store.keep_version(2, "x", DAILY)
    assert store.verify().versions == 21


@pytest.mark.parametrize("name", OLD)
def test_an_old_file_gets_its_counts(tmp_path, name):
    shutil.copy(ROOT / "tests" / "support" / "old_drafts" / name, tmp_path / "reports.db")
    store = Store.open(tmp_path)
    store.verify()
    assert store.mark().writes > 0
    number = store.keep_version(1, "新").number
    store.verify()
    store.close()
    in_file(tmp_path, f"DELETE FROM version WHERE number = {number}")
    again = Store.open(tmp_path)
    with pytest.raises(StoreTrouble, match="草稿 1 的版本有缺失"):
        again.verify()
    again.close()


def test_a_migration_knows_which_drafts_were_deleted_for_ever_before(tmp_path):
    shutil.copy(ROOT / "tests" / "support" / "old_drafts" / "0003.db", tmp_path / "reports.db")
    in_file(tmp_path, "UPDATE meta SET value = '4' WHERE key = 'drafts'")
    store = Store.open(tmp_path)
    store.verify()
    assert [row["key"] for row in store.database.table("meta").rows_where("key LIKE 'gone%'")] == ["gone 3", "gone 4"]
    assert store.create(Report("新", 2024, "2021"), "新建").number == 5
    store.close()


@pytest.mark.parametrize("damage", ["UPDATE draft SET year = year + 1, sum = 'x'", "UPDATE version SET name = 'x'"])
def test_a_migration_of_a_damaged_file_is_taken_back(tmp_path, monkeypatch, damage):
    shutil.copy(ROOT / "tests" / "support" / "old_drafts" / "0003.db", tmp_path / "reports.db")
    real = migrations.apply

    def apply(database, version=None):
        real(database, version)
        database.execute(damage)

    monkeypatch.setattr(migrations, "apply", apply)
    before = Store.open_for_reading(tmp_path, "只读").drafts()
    with pytest.raises((StoreTrouble, RuntimeError)):
        Store.open(tmp_path)
    monkeypatch.undo()
    store = Store.open(tmp_path)
    assert store.drafts() == before
    store.close()


def test_a_migration_that_changes_a_draft_with_its_checksum_is_taken_back(tmp_path, monkeypatch):
    shutil.copy(ROOT / "tests" / "support" / "old_drafts" / "0003.db", tmp_path / "reports.db")
    real = migrations.apply

    def apply(database, version=None):
        real(database, version)
        for row in list(database.table("draft").rows):
            changed = row | {"saved": "2020-01-01T00:00:00+00:00"}
            database.table("draft").update(row["number"], changed | {"sum": verified_rows.head_sum(changed)})

    monkeypatch.setattr(migrations, "apply", apply)
    with pytest.raises(RuntimeError, match="changed what it should only add to"):
        Store.open(tmp_path)


# -- deleted for ever ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["a row", "a page", "the first page", "nothing left but the backup"])
def test_what_was_deleted_for_ever_does_not_return_from_an_older_backup(store, tmp_path, wrong):
    store.backup()
    store.delete(2)
    store.purge(soon())
    if wrong == "nothing left but the backup":
        store.backup()
    store.save(1, [Change("填写", cells={CELL: (BLANK, Entry(1))})], new_uid())
    store.close()
    path = tmp_path / "reports.db"
    content = path.read_bytes()
    if wrong == "a row":
        in_file(tmp_path, "UPDATE text SET body = '假'")
    elif wrong == "nothing left but the backup":
        path.write_bytes(b"")
    else:
        page = 0 if wrong == "the first page" else content.find("甲局".encode()) // 4096 * 4096
        path.write_bytes(content[:page] + bytes(4096) + content[page + 4096 :])
    opened = open_drafts(tmp_path)
    assert opened.recovered
    assert numbers(opened.store) == [1, 3]
    assert opened.store.create(Report("新", 2024, "2021"), "新建").number == 4
    opened.store.close()


def test_what_may_have_been_deleted_for_ever_is_said(store, tmp_path):
    kept = store.backup()
    long_ago = f"{datetime.now() - timedelta(days=40):%Y-%m-%d %H%M} 第{store.last_step()}步.bak"
    kept.rename(kept.with_name(long_ago))
    store.delete(2)
    store.purge(soon())
    store.save(1, [Change("填写", cells={CELL: (BLANK, Entry(1))})], new_uid())
    store.close()
    in_file(tmp_path, "DELETE FROM meta WHERE key = 'gone 2'", "UPDATE meta SET value = '3 x x' WHERE key = 'writes'")
    (tmp_path / "state.json").unlink()
    opened = open_drafts(tmp_path)
    assert numbers(opened.store) == [1, 2, 3]
    assert "备份中有 1 份草稿可能已在本机彻底删除，请核对" in opened.sentence
    opened.store.close()


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b""), Path.unlink])
def test_what_was_deleted_for_ever_is_remembered_beside_a_file_that_is_lost(store, tmp_path, spoil):
    store.backup()
    store.delete(2)
    store.purge(soon())
    store.close()
    spoil(tmp_path / "reports.db")
    opened = open_drafts(tmp_path)
    assert numbers(opened.store) == [1, 3]
    opened.store.close()


def test_a_draft_deleted_for_ever_leaves_no_text_in_the_file(store, tmp_path):
    long = "".join(f"{CANARY}{number}" for number in range(4000))
    number = store.create(
        Report(CANARY, 2023, "2021", texts={"overview": long}, facts={"phone": CANARY}), CANARY
    ).number
    for step in range(40):
        cells = {at(f"t/r{row}/c"): (BLANK, Entry(row, remark=f"{CANARY}{step}")) for row in range(10)}
        store.save(number, [Change(CANARY, cells=cells)], new_uid())
        store.save(1, [Change("改写", texts={"overview": ("", f"{step}" * 300)})], new_uid())
    store.keep_version(number, CANARY)
    store.keep_version(number, CANARY, BEFORE)
    assert CANARY.encode() in (tmp_path / "reports.db").read_bytes()
    store.delete(number)
    store.purge(soon())
    for path in tmp_path.iterdir():
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path.name
    assert store.verify().drafts == 3


# -- all or nothing --------------------------------------------------------------------------------------------------


def test_of_several_drafts_all_are_restored_or_none(store, tmp_path, monkeypatch):
    backup = store.backup()
    for number in (1, 2, 3):
        store.save(number, [Change("填写", cells={CELL: (BLANK, Entry(number))})], new_uid())
    before, saves, real = store.last_step(), [], Store.save

    def fails(self, *arguments, **more):
        saves.append(1)
        if len(saves) == 3:
            raise StoreTrouble("磁盘已满")
        return real(self, *arguments, **more)

    monkeypatch.setattr(Store, "save", fails)
    with pytest.raises(StoreTrouble, match="磁盘已满"):
        backups.restore(store, backup, [1, 2, 3])
    monkeypatch.undo()
    assert (store.last_step(), [store.versions(number) for number in (1, 2, 3)]) == (before, [(), (), ()])
    assert [store.load(number).entry(CELL) for number in (1, 2, 3)] == [Entry(1), Entry(2), Entry(3)]
    assert backups.restore(store, backup, [1, 2, 3]) == (1, 2, 3)
    assert [version.name for number in (1, 2, 3) for version in store.versions(number)] == ["恢复备份前"] * 3
    store.verify()


@pytest.mark.skipif(os.name == "nt", reason="os._exit amid a transaction")
def test_a_kill_amid_a_restore_leaves_all_or_nothing(store, tmp_path):
    backup = store.backup()
    for number in (1, 2, 3):
        store.save(number, [Change("填写", cells={CELL: (BLANK, Entry(number))})], new_uid())
    store.close()
    code = (
        "import os, sys; from pathlib import Path; from model.storage import backups;"
        "from model.storage.store import Store;"
        "store = Store.open(Path(sys.argv[1])); real, done = Store.save, []\n"
        "def save(*a, **k):\n done.append(1)\n if len(done) == 3: os._exit(9)\n return real(*a, **k)\n"
        "Store.save = save; backups.restore(store, Path(sys.argv[2]), [1, 2, 3])"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path), str(backup)], check=False, cwd=ROOT)
    assert ended.returncode == 9
    again = Store.open(tmp_path)
    assert [again.load(number).entry(CELL) for number in (1, 2, 3)] == [Entry(1), Entry(2), Entry(3)]
    again.close()


def test_before_a_restore_there_is_a_backup(store, tmp_path):
    backup = store.backup()
    store.save(1, [Change("填写", cells={CELL: (BLANK, Entry(1))})], new_uid())
    backups.restore(store, backup, [1])
    newest = backups.listed(tmp_path / "备份")[0]
    with file_copy.reading(newest.path) as reader:
        assert reader.report(reader.head(1)).entry(CELL) == Entry(1)
