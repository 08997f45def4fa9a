"""Tests of a damaged file header: bytes that make the file look like another program's, a newer one's or unreadable."""

from __future__ import annotations

import shutil

import pytest

from model.form.cell import Entry
from model.recovery import other_files
from model.recovery.open_database import open_drafts, open_to_read
from model.storage import backups, migrations, progress
from model.storage.database_file import StoreTrouble, TroubleKind
from tests.support.recovering import (
    CELL,
    assert_matches,
    crash_amid_a_save,
    enter,
    execute,
    file_of,
    made,
    recovered_from,
    shown,
)
from tests.support.side_files import fingerprints, kept_from, of_another_database, put_beside, value_in


@pytest.fixture
def folder(tmp_path):
    return made(tmp_path / "数据")


def overwrite(path, at, new):
    content = bytearray(path.read_bytes())
    content[at : at + len(new)] = new
    path.write_bytes(content)


FIELDS = {
    "application id": (68, b"\x00\x00\x00\x07"),
    "one bit of the application id": (68, b"\x07"),
    "no application id": (68, bytes(4)),
    "version 16777218": (60, b"\x01\x00\x00\x02"),
    "the next version": (60, (migrations.latest() + 1).to_bytes(4)),
    "the version of one flipped bit": (63, bytes([migrations.latest() | 16])),
    "version 99": (60, (99).to_bytes(4)),
    "no version": (60, bytes(4)),
    "a negative version": (60, b"\xff\xff\xff\xff"),
    "schema format 5": (47, b"\x05"),
    "schema format 255": (44, b"\xff\xff\xff\xff"),
    "text in UTF-16": (59, b"\x02"),
    "text in UTF-16, big end first": (56, b"\x00\x00\x00\x03"),
    "no such encoding": (56, b"\x70\x00\x00\x00"),
    "page size": (16, b"\x02\x00"),
    "page size 0": (16, b"\x00\x00"),
    "write version": (18, b"\x03"),
    "read version": (19, b"\xff"),
    "WAL mode": (18, b"\x02\x02"),
    "half WAL mode": (18, b"\x02"),
    "reserved bytes": (20, b"\x20"),
    "fractions": (21, b"\x00\x00\x00"),
    "size": (28, b"\x00\x00\x00\x03"),
    "size beyond the file": (28, b"\x0f\xff\xff\xff"),
    "freelist": (32, b"\x00\x00\x00\x05\x00\x00\x00\x01"),
    "vacuum": (52, b"\x00\x00\x00\x04\x00\x00\x00\x01"),
    "application id and version": (60, b"\x00\x00\x00\x63\x00\x00\x00\x00\x00\x00\x00\x01"),
    "all after the magic": (16, b"\xa5" * 84),
    "noise": (0, bytes(range(100))),
    "another magic": (0, b"PK\x03\x04"),
    "another magic and no application id": (0, b"SQLite format 4\x00" + bytes(84)),
}
fields = pytest.mark.parametrize("at, new", FIELDS.values(), ids=FIELDS)


@fields
def test_a_damaged_header_costs_nothing(folder, at, new):
    overwrite(file_of(folder), at, new)
    damaged = file_of(folder).read_bytes()
    opened = open_drafts(folder)
    if opened.recovered:
        assert kept_from(opened) == damaged
        assert opened.recovered.missing == 0
    assert [draft.agency for draft in opened.store.drafts()] == ["应急管理局", "示例乡"]
    enter(opened.store, 16)
    assert value_in(opened) == 16
    assert shown(folder) == ("", 16)


@fields
def test_without_a_backup_and_without_a_memory_neither(folder, at, new):
    shutil.rmtree(folder / "备份")
    (folder / progress.PROGRESS_FILE).unlink()
    overwrite(file_of(folder), at, new)
    assert value_in(open_drafts(folder)) == 15
    assert shown(folder) == ("", 15)


@fields
def test_reading_alone_shows_all_and_changes_nothing(folder, at, new):
    overwrite(file_of(folder), at, new)
    before = fingerprints(folder)
    assert value_in(open_to_read(folder)) == 15
    assert fingerprints(folder) == before


@fields
def test_a_moved_file_with_a_damaged_header_can_be_read_in(folder, tmp_path, at, new):
    overwrite(file_of(folder), at, new)
    before = fingerprints(folder)
    opened = open_drafts(tmp_path / "本机")
    found = other_files.look_into(file_of(folder), opened.store)
    assert (found.reports[0].entry(CELL), found.missing) == (Entry(15), 0)
    assert fingerprints(folder) == before
    opened.store.close()


@fields
def test_a_backup_with_a_damaged_header_is_used(folder, at, new):
    (backup,) = (folder / "备份").glob("*.bak")
    overwrite(backup, at, new)
    before = backup.read_bytes()
    file_of(folder).write_bytes(bytes(9000))
    opened = open_drafts(folder)
    assert recovered_from(opened).base == backups.backup_at(backup)
    assert value_in(opened) == 13
    assert backup.read_bytes() == before


def test_with_no_draft_the_memory_of_the_file_proves_it(tmp_path):
    folder = tmp_path / "数据"
    open_drafts(folder).store.close()
    overwrite(file_of(folder), 68, bytes(4))
    opened = open_drafts(folder)
    assert opened.store.drafts() == ()
    assert_matches("草稿库损坏，已自动恢复", opened.sentence)
    opened.store.close()


def test_a_damaged_header_and_a_damaged_row_cost_that_row_alone(folder):
    overwrite(file_of(folder), 68, b"\x00\x00\x00\x07")
    file_of(folder).write_bytes(file_of(folder).read_bytes().replace(b'["15"', b'["75"'))
    assert value_in(open_drafts(folder)) == 15


@pytest.mark.parametrize("at, new", [FIELDS["application id"], FIELDS["WAL mode"], FIELDS["schema format 5"]])
def test_a_damaged_header_and_a_crash_amid_a_save_cost_nothing(folder, at, new):
    crash_amid_a_save(folder)
    overwrite(file_of(folder), at, new)
    before = fingerprints(folder)
    assert value_in(open_to_read(folder)) == 15
    assert fingerprints(folder) == before
    opened = open_drafts(folder)
    assert recovered_from(opened).missing == 0
    assert value_in(opened) == 15


# -- what is truly of others -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [migrations.latest() + 1, migrations.latest() + 50])
@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE more(a)"],
        ["ALTER TABLE cell ADD COLUMN more TEXT"],
        ["INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES('reports', '0099_more', '2030')"],
    ],
    ids=["a table", "a column", "a migration"],
)
def test_a_newer_file_is_left_alone(folder, version, statements, tmp_path):
    execute(folder, *statements, f"PRAGMA user_version={version}")
    before = file_of(folder).read_bytes()
    opened = open_drafts(tmp_path / "本机")
    for use in (open_drafts, open_to_read, lambda folder: other_files.look_into(file_of(folder), opened.store)):
        with pytest.raises(StoreTrouble, match=r"由本软件的新版本保存.*文件未作任何改动") as trouble:
            use(folder)
        assert (trouble.value.kind, file_of(folder).read_bytes()) == (TroubleKind.NEWER, before)
    assert list(folder.glob("*.damaged-*")) == []
    opened.store.close()


@pytest.mark.parametrize("mode", ["delete", "wal"])
@pytest.mark.parametrize("application", [0, 7])
def test_another_program_s_file_is_left_alone(folder, mode, application, tmp_path):
    file_of(folder).unlink()
    execute(
        folder,
        f"PRAGMA journal_mode={mode}",
        f"PRAGMA application_id={application}",
        "CREATE TABLE draft(number, agency, year, sum)",
        "INSERT INTO draft VALUES(1, '甲', 2020, 'x')",
        "CREATE TABLE journal(id, draft, step, uid, at, cause, change, chain)",
        "INSERT INTO journal VALUES(1, 1, 1, 'u', 't', 'c', '{}', 'no')",
        "CREATE TABLE meta(key, value)",
        "INSERT INTO meta VALUES('uuid', 'another')",
    )
    left_alone(folder, tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04" + bytes(9000), "一、总体情况".encode() * 999, bytes(range(256)) * 64],
    ids=["zip", "text", "noise"],
)
def test_no_database_at_all_is_left_alone(folder, content, tmp_path):
    file_of(folder).write_bytes(content)
    left_alone(folder, tmp_path)


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal", "-mj1"])
def test_what_lies_beside_another_program_s_file_is_left_alone_too(folder, ending, tmp_path):
    file_of(folder).unlink()
    execute(folder, "CREATE TABLE things(a)")
    file_of(folder).with_name("reports.db-journal").unlink(missing_ok=True)
    put_beside(file_of(folder), ending, of_another_database().get(ending, b"x"))
    left_alone(folder, tmp_path)


def left_alone(folder, tmp_path):
    lock = folder / "reports.db.lock"
    before = fingerprints(folder)
    opened = open_drafts(tmp_path / "本机")
    for use in (open_drafts, open_to_read, lambda folder: other_files.look_into(file_of(folder), opened.store)):
        with pytest.raises(StoreTrouble, match="不是本软件的草稿库") as trouble:
            use(folder)
        assert trouble.value.kind is TroubleKind.FOREIGN
        assert {**fingerprints(folder), str(lock): ""} == {**before, str(lock): ""}
    opened.store.close()


def test_a_damaged_header_of_an_older_copy_does_not_hide_its_age(folder):
    older = bytearray(file_of(folder).read_bytes())
    opened = open_drafts(folder)
    opened.store.delete(1)  # a write without a step
    opened.store.close()
    older[68:72] = bytes(4)
    file_of(folder).write_bytes(older)
    opened = open_drafts(folder)
    assert opened.doubt
    assert opened.store.refusal == opened.sentence
    opened.store.close()
