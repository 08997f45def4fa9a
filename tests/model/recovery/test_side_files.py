"""Tests of files beside the drafts' file that SQLite would apply although they belong to another database."""

from __future__ import annotations

import os
import shutil

import pytest

from model.form.cell import Entry
from model.recovery import other_files
from model.recovery.open_database import open_drafts, open_to_read
from model.storage import backups, file_copy
from model.storage.database_file import StoreTrouble
from model.storage.lock import Holder, Lock
from tests.support.platforms import posix_only, symbolic_links
from tests.support.recovering import (
    CELL,
    assert_matches,
    crash_amid_a_save,
    enter,
    file_of,
    fill,
    made,
    open_and_close,
    recovered_from,
    shown,
)
from tests.support.side_files import fingerprints, kept_from, of_another_database, put_beside, saved_in_wal, value_in


@pytest.fixture
def folder(tmp_path):
    return made(tmp_path / "数据")


@pytest.fixture(scope="module")
def foreign():
    return of_another_database()


NAMES_SUPER_JOURNAL = b"x\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
STRANGERS = {
    "another wal": lambda foreign: {"-wal": foreign["-wal"]},
    "another shm": lambda foreign: {"-shm": foreign["-shm"]},
    "another wal and shm": lambda foreign: {"-wal": foreign["-wal"], "-shm": foreign["-shm"]},
    "half a wal": lambda foreign: {"-wal": foreign["-wal"][:5000]},
    "the head of a wal": lambda foreign: {"-wal": foreign["-wal"][:32]},
    "an empty wal": lambda _: {"-wal": b""},
    "noise as wal": lambda _: {"-wal": bytes(range(256)) * 99},
    "a folder as wal": lambda _: {"-wal": None},
    "a folder as shm": lambda _: {"-shm": None},
    "a link to nothing as wal": lambda _: {"-wal": "nowhere"},
    "a link as wal": lambda _: {"-wal": "state.json"},
    "a folder as journal": lambda _: {"-journal": None},
    "a link as journal": lambda _: {"-journal": "state.json"},
    "a super-journal": lambda _: {"-mj0123ABCD9": b"/etc/hosts-journal\0"},
    "another journal": lambda foreign: {"-journal": foreign["-journal"]},
    "a journal that names a super-journal": lambda foreign: {"-journal": foreign["-journal"] + NAMES_SUPER_JOURNAL},
    "everything": lambda foreign: {**foreign, "-mj1": b"x"},
}


PARAMS = [pytest.param(name, marks=symbolic_links if "a link" in name else ()) for name in STRANGERS]


@pytest.fixture(params=PARAMS)
def foreign_files(request, folder, foreign):
    """Contents put beside the file, by name."""
    contents = STRANGERS[request.param](foreign)
    if "-journal" in contents:
        fill(folder)  # so that the journal's pages are pages of this file, too
        file_of(folder).with_name("reports.db-journal").unlink()
    return {put_beside(file_of(folder), ending, content).name: content for ending, content in contents.items()}


def test_a_foreign_file_is_put_aside_named_and_costs_nothing(folder, foreign_files):
    before = file_of(folder).read_bytes()
    opened = open_drafts(folder)
    for name in foreign_files:
        assert_matches(f"“{name}”", opened.sentence)
    assert "。" not in opened.sentence
    assert opened.recovered is None
    enter(opened.store, 16)
    assert value_in(opened) == 16
    aside = {path.name.split(".foreign-")[0] for path in folder.glob("*.foreign-*")}
    assert (aside, shown(folder)) == (set(foreign_files), ("", 16))
    assert before[:24] == file_of(folder).read_bytes()[:24]


def test_reading_beside_a_foreign_file_changes_no_byte_and_no_name(folder, foreign_files, tmp_path):
    before = fingerprints(folder)
    opened = open_to_read(folder)
    assert value_in(opened) == 15
    assert fingerprints(folder) == before
    assert foreign_files
    assert list(tmp_path.iterdir()) == [folder]


def test_a_second_window_beside_a_foreign_file_changes_nothing(folder, foreign_files):
    lock = Lock.take(folder, Holder())
    assert lock
    before = fingerprints(folder)
    opened = open_drafts(folder)
    assert opened.holder
    assert value_in(opened) == 15
    assert fingerprints(folder) == before
    lock.release()


def test_a_folder_that_may_only_be_read_is_read_beside_a_foreign_file(folder, foreign_files, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Lock, "take", refuse)
    before = fingerprints(folder)
    opened = open_drafts(folder)
    assert_matches("没有写入权限，只能查看", opened.sentence)
    assert value_in(opened) == 15
    assert fingerprints(folder) == before


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_foreign_file_beside_the_file_that_a_link_leads_to_is_put_aside_there(folder, foreign, tmp_path, ending):
    fill(folder)
    real = tmp_path / "别处" / "数据.db"
    real.parent.mkdir()
    file_of(folder).rename(real)
    file_of(folder).symlink_to(real)
    put_beside(real, ending, foreign[ending])
    before = fingerprints(tmp_path)
    assert value_in(open_to_read(folder)) == 15
    assert fingerprints(tmp_path) == before
    opened = open_drafts(folder)
    assert_matches(f"“数据.db{ending}”", opened.sentence)
    assert value_in(opened) == 15
    assert [path.name.split(".foreign-")[0] for path in real.parent.glob("*.foreign-*")] == [f"数据.db{ending}"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files in a folder")
@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal", "-mj1"])
def test_a_pipe_is_not_waited_for(folder, ending):
    pipe = folder / f"reports.db{ending}"
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    if ending:
        assert value_in(open_to_read(folder)) == 15
        opened = open_drafts(folder)
        assert_matches(f"“reports.db{ending}”", opened.sentence)
        assert value_in(opened) == 15
        return
    for use in (open_drafts, open_to_read):
        with pytest.raises(StoreTrouble, match=r"无法使用“.*reports\.db”，它不是文件；请把它移到别处后再试"):
            use(folder)


def test_what_a_crash_left_half_done_is_read_without_taking_it_back(folder):
    crash_amid_a_save(folder)
    before = fingerprints(folder)
    assert value_in(open_to_read(folder)) == 15
    assert fingerprints(folder) == before


def test_a_foreign_file_beside_a_missing_file_does_not_become_the_new_one(tmp_path, foreign):
    folder = tmp_path / "数据"
    folder.mkdir()
    put_beside(file_of(folder), "-wal", foreign["-wal"])
    opened = open_drafts(folder)
    assert_matches("“reports.db-wal”", opened.sentence)
    assert opened.store.drafts() == ()
    opened.store.close()


def test_beside_a_missing_file_the_backup_is_taken_without_the_foreign_file(folder, foreign):
    file_of(folder).unlink()
    put_beside(file_of(folder), "-wal", foreign["-wal"])
    opened = open_drafts(folder)
    assert_matches("草稿库不见了，已从 .*的备份恢复.*“reports.db-wal”", opened.sentence)
    assert value_in(opened) == 13


# -- a foreign file that comes while the drafts are open ---------------------------------------------------------------


@pytest.mark.parametrize(
    "ending", ["-wal", pytest.param("-journal", marks=posix_only("Windows lets nobody remove the open journal"))]
)
def test_a_foreign_file_that_comes_while_the_drafts_are_open_is_not_applied(folder, foreign, ending):
    fill(folder)
    opened = open_drafts(folder)
    (folder / f"reports.db{ending}").unlink(missing_ok=True)
    put_beside(file_of(folder), ending, foreign[ending])
    for use in (lambda: enter(opened.store, 16), opened.store.drafts, opened.store.backup, opened.store.verify):
        with pytest.raises(StoreTrouble, match=f"不属于它的文件“reports.db{ending}”") as trouble:
            use()
        assert trouble.value.reopen_required
    opened.store.close()
    again = open_drafts(folder)
    assert_matches(f"“reports.db{ending}”", again.sentence)
    assert value_in(again) == 15


# -- WAL mode ---------------------------------------------------------------------------------------------------------


def test_a_file_that_another_program_left_in_wal_mode_is_taken_with_its_own_wal(folder):
    saved_in_wal(folder, 16)
    before = file_of(folder).read_bytes()
    opened = open_drafts(folder)
    assert recovered_from(opened).missing == 0
    assert kept_from(opened) == before
    assert value_in(opened) == 16
    assert file_of(folder).read_bytes()[18:20] == b"\1\1"
    assert not (folder / "reports.db-wal").exists()
    assert shown(folder) == ("", 16)


def test_a_file_in_wal_mode_is_read_without_changing_it(folder):
    saved_in_wal(folder, 16)
    before = fingerprints(folder)
    assert value_in(open_to_read(folder)) == 16
    assert fingerprints(folder) == before


def test_a_file_in_wal_mode_beside_another_wal_loses_nothing(folder, foreign):
    content = bytearray(file_of(folder).read_bytes())
    content[18:20] = b"\2\2"
    file_of(folder).write_bytes(content)
    put_beside(file_of(folder), "-wal", foreign["-wal"])
    opened = open_drafts(folder)
    assert (recovered_from(opened).missing, kept_from(opened)) == (0, bytes(content))
    assert_matches("“reports.db-wal", opened.sentence)
    assert value_in(opened) == 15
    assert shown(folder) == ("", 15)


# -- backups and files from elsewhere ---------------------------------------------------------------------------------


def test_a_foreign_file_beside_a_backup_neither_spoils_nor_changes_it(folder, foreign):
    (backup,) = (folder / "备份").glob("*.bak")
    for ending, content in foreign.items():
        put_beside(backup, ending, content)
    before = fingerprints(folder / "备份")
    assert file_copy.verified(backup)[1] == 3
    opened = open_drafts(folder)
    assert [one.number for one in backups.differences(opened.store, backup)] == [1]
    opened.store.close()
    file_of(folder).write_bytes(b"")
    assert shown(folder)[1] == 13
    assert fingerprints(folder / "备份") == before


@pytest.fixture
def mine(tmp_path):
    opened = open_drafts(tmp_path / "本机")
    yield opened.store
    opened.store.close()


def entries(found: other_files.OtherFile) -> list[Entry]:
    return [report.entry(CELL) for report in found.reports]


def test_a_file_from_elsewhere_is_read_beside_a_foreign_file(folder, foreign_files, mine):
    before = fingerprints(folder)
    assert entries(other_files.look_into(file_of(folder), mine))[0] == Entry(15)
    assert fingerprints(folder) == before


def test_a_file_from_elsewhere_in_wal_mode_is_read_with_its_wal(folder, mine, tmp_path):
    saved_in_wal(folder, 16)
    before = fingerprints(folder)
    assert entries(other_files.look_into(file_of(folder), mine))[0] == Entry(16)
    assert fingerprints(folder) == before
    shutil.copy(file_of(folder), tmp_path / "副本.db")
    assert entries(other_files.look_into(tmp_path / "副本.db", mine))[0] == Entry(15)


# -- leftovers --------------------------------------------------------------------------------------------------------


def test_what_a_killed_start_left_is_removed_at_the_next_one_under_the_lock(folder):
    for name in ("~reports.db.1.tmp", "~reports.db.1.tmp-journal", "~reports.db.1.tmp-wal", "备份/~reports.db.2.tmp"):
        (folder / name).write_bytes(b"x")
    lock = Lock.take(folder, Holder())
    assert lock
    open_and_close(folder)
    assert len(list(folder.rglob("~reports.db.*"))) == 4
    lock.release()
    open_and_close(folder)
    assert list(folder.rglob("~reports.db.*")) == []
