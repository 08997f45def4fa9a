"""Tests of opening drafts that another window or computer uses, and in folders that are read-only or unsafe."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

import pytest

from model.base import files, location
from model.form.cell import Entry
from model.recovery.open_database import open_drafts
from model.report.report import Change
from model.storage import database_file, file_names, lock, step_writer
from model.storage import save_thread as writer_module
from model.storage.database_file import StoreTrouble
from model.storage.lock import Holder
from model.storage.maintenance import Maintenance
from model.storage.save_thread import SaveThread
from model.storage.store import Store, new_uid
from tests.support.platforms import posix_only
from tests.support.recovering import (
    CELL,
    REPORT,
    assert_matches,
    crash_amid_a_save,
    enter,
    file_of,
    holder_of,
    made,
    open_and_close,
    shown,
)

ROOT = Path(__file__).resolve().parents[3]
unmovable = posix_only("Windows lets nobody move what is open")


@pytest.fixture
def folder(tmp_path):
    return made(tmp_path / "数据")


# -- another window ---------------------------------------------------------------------------------------------------


def test_a_second_window_reads_and_names_the_first(folder, monkeypatch):
    first = open_drafts(folder)
    second = open_drafts(folder)
    assert_matches(r"^“.*”于 \d\d:\d\d 在“.*”打开了数据，您现在只能查看", second.sentence)
    assert (holder_of(second).here, second.store.load(1).entry(CELL)) == (True, Entry(15))
    for write in (
        lambda: enter(second.store, 1),
        lambda: second.store.delete(1),
        lambda: second.store.create(REPORT, ""),
    ):
        with pytest.raises(StoreTrouble, match="您现在只能查看"):
            write()
    enter(first.store, 16)
    assert second.store.load(1).entry(CELL) == Entry(16)
    second.store.close()
    first.store.close()
    assert shown(folder) == ("", 16)


def test_a_killed_holder_keeps_nobody_out(folder):
    code = "import sys, time; from pathlib import Path; from model.recovery.open_database import open_drafts;"
    code += "open_drafts(Path(sys.argv[1])); print('open', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline().strip() == b"open"
    assert open_and_close(folder).holder
    holder.kill()
    holder.wait()
    holder.stdout.close()
    opened = open_and_close(folder)
    assert (opened.holder, opened.store.refusal) == (None, "")


@pytest.fixture
def elsewhere(folder, monkeypatch):
    """Return a function that makes another computer the holder of the data, last renewed the given seconds ago."""

    def held(seconds: float) -> Holder:
        opened = open_drafts(folder)
        opened.store.close()
        then = datetime.now(UTC) - timedelta(seconds=seconds)
        holder = Holder(user="张三", host="PC-07", since=then, renewed=then)
        store = Store.open(folder)
        store.hold(holder, None)
        store.database.close()
        (folder / lock.LOCK_FILE).write_text(holder.text(), encoding="utf-8")
        monkeypatch.setattr(lock, "_lock", refuse)
        return holder

    return held


def refuse(_handle: int) -> None:
    raise BlockingIOError


def test_who_holds_the_data_on_another_computer_is_named(folder, elsewhere):
    elsewhere(10)
    opened = open_and_close(folder, take_over=True)
    assert_matches("^“张三”于 .* 在“PC-07”打开了数据，您现在只能查看", opened.sentence)


def test_data_held_by_a_dead_computer_can_be_taken_over(folder, elsewhere):
    elsewhere(200)
    assert_matches("那台电脑已超过 120 秒无响应；可以改在本机编辑", open_and_close(folder).sentence)
    opened = open_drafts(folder, take_over=True)
    enter(opened.store, 16)
    assert opened.store.load(1).entry(CELL) == Entry(16)
    opened.store.close()


def test_a_computer_that_wakes_after_being_taken_over_saves_no_more(folder, elsewhere):
    holder = elsewhere(200)
    woken = Store.open(folder)
    woken.hold(holder, None)
    taken = open_drafts(folder, take_over=True)
    with pytest.raises(StoreTrouble, match=r"草稿已改由“.*”在“.*”编辑，这里不能再保存；请把未保存的内容另存"):
        enter(woken, 1)
    enter(taken.store, 16)
    taken.store.close()
    woken.close()
    assert file_of(folder).exists()


def test_a_lock_that_another_computer_does_not_respect_is_backed_by_its_name(folder, elsewhere, monkeypatch):
    elsewhere(10)
    monkeypatch.setattr(lock, "_lock", lambda _handle: None)
    holder = holder_of(open_and_close(folder))
    assert (holder.user, holder.host) == ("张三", "PC-07")


@pytest.mark.parametrize("text", ["", "{}", "null", '{"user": 1}', '{"since": "gestern"}', "\0\0", "[" * 100_000])
def test_a_torn_name_is_no_name(text):
    assert Holder.of(text) is None


# -- where nothing can be written -------------------------------------------------------------------------------------


def test_a_folder_without_permission_is_looked_at_only(folder, monkeypatch):
    def no_permission(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(lock.Lock, "take", no_permission)
    opened = open_drafts(folder)
    assert_matches("^没有写入权限，只能查看", opened.sentence)
    assert opened.store.load(1).entry(CELL) == Entry(15)
    opened.store.close()


def test_a_file_without_permission_is_looked_at_only(folder, monkeypatch):
    real = file_names.address
    monkeypatch.setattr(database_file, "address", lambda path, _mode: real(path, "ro"))  # root may write anything
    opened = open_drafts(folder)
    assert_matches("^没有写入权限，只能查看，不能修改；没有权限写入草稿库", opened.sentence)
    assert opened.store.load(1).entry(CELL) == Entry(15)
    opened.store.close()


def test_on_a_full_disk_the_drafts_can_be_looked_at(folder, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lock.Lock, "take", full)
    opened = open_drafts(folder)
    assert_matches("^磁盘已满，只能查看，不能修改；磁盘已满，无法写入", opened.sentence)
    assert opened.store.load(1).entry(CELL) == Entry(15)
    opened.store.close()


def test_on_a_disk_that_fills_up_at_the_start_it_is_said_and_nothing_is_lost(folder, monkeypatch):
    def full(*_: object, **_how: object) -> None:
        raise OSError(28, "No space left on device")

    crash_amid_a_save(folder)
    monkeypatch.setattr(files, "create_private", full)
    monkeypatch.setattr(Path, "unlink", full)
    with pytest.raises(StoreTrouble, match="磁盘已满"):
        open_drafts(folder)
    monkeypatch.undo()
    assert shown(folder) == ("", 15)


def test_where_nothing_can_be_written_and_nothing_is_there_it_is_said(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lock.Lock, "take", full)
    with pytest.raises(StoreTrouble, match="磁盘已满，无法写入"):
        open_drafts(tmp_path)


def test_on_another_computer_drafts_are_only_looked_at_unless_told(folder, monkeypatch):
    monkeypatch.setattr(location, "on_network", lambda _folder: True)
    opened = open_drafts(folder)
    assert_matches("^只能查看，不能修改；数据在网络位置“.*”，编辑前需复制到本机$", opened.sentence)
    opened.store.close()
    opened = open_drafts(folder, allow_network=True)
    enter(opened.store, 16)
    Maintenance()(opened.store)
    opened.store.close()


def test_a_window_that_only_looked_on_saves_as_soon_as_it_may(folder):
    first = open_drafts(folder)
    writer = SaveThread(lambda: open_drafts(folder).store)
    writer.submit(1, Change("填写", cells={CELL: (Entry(15), Entry(16))}))
    assert not writer.flush(0.05)
    first.store.close()
    assert writer.flush(10)
    assert writer.close(10)
    assert shown(folder) == ("", 16)


def test_a_disk_that_fails_and_then_cannot_be_opened_for_a_while_loses_nothing(folder, monkeypatch):
    monkeypatch.setattr(writer_module, "RETRY_AFTER", (0.01,))
    answers = iter(["open", "fail", "fail", "open"])

    def opening() -> Store:
        if next(answers, "open") == "fail":
            raise StoreTrouble("打不开草稿库", reopen_required=True)
        return open_drafts(folder).store

    def failing(*_: object) -> None:
        monkeypatch.undo()
        raise StoreTrouble("读写草稿库时磁盘出错", reopen_required=True)

    told: list[str] = []
    writer = SaveThread(opening, on_failed=lambda _number, error, _waiting: told.append(str(error)))
    monkeypatch.setattr(Store, "save", failing)
    writer.submit(1, Change("填写", cells={CELL: (Entry(15), Entry(16))}))
    assert [writer.flush(10), writer.close(10)] == [True, True]
    assert told == ["读写草稿库时磁盘出错", "打不开草稿库", "打不开草稿库"]
    assert shown(folder) == ("", 16)


def test_without_room_for_a_backup_an_old_file_is_looked_at_only(tmp_path):
    shutil.copy(ROOT / "tests" / "support" / "old_drafts" / "0001.db", tmp_path / "reports.db")
    (tmp_path / "备份").touch()
    opened = open_drafts(tmp_path)
    assert_matches("升级前无法备份（需 0.1 MB），数据未作任何改动，暂以只读方式打开", opened.sentence)
    assert opened.store.load(1).agency == "示例市应急管理局"
    assert opened.store.verify().sentence() == "检查了 2 份草稿、4 处修改，全部完好"
    opened.store.close()
    assert not list(tmp_path.glob("~*"))


@unmovable
def test_a_folder_that_was_renamed_takes_no_save_and_comes_back(folder):
    opened = open_drafts(folder)
    away = folder.rename(folder.with_name("改名"))
    with pytest.raises(StoreTrouble):
        enter(opened.store, 16)
    away.rename(folder)
    opened.store.close()
    opened = open_drafts(folder)
    enter(opened.store, 16)
    opened.store.close()
    assert shown(folder) == ("", 16)


# -- places -----------------------------------------------------------------------------------------------------------


MOUNTS = "/dev/sda1 / ext4 rw 0 0\nserver:/x /mnt/net\\040share nfs4 rw 0 0\n//s/y /mnt/smb cifs rw 0 0\n"


@pytest.mark.parametrize(
    "folder, kind",
    [("/srv/a", "ext4"), ("/mnt/net share/a", "nfs4"), ("/mnt/smb", "cifs"), ("/mnt/smbx", "ext4"), ("relative", "")],
)
def test_a_network_folder_is_known_by_its_mount(folder, kind):
    assert location.file_system(Path(folder), MOUNTS) == kind


@pytest.mark.parametrize(
    "profile, folder, temporary",
    [
        (r"P:\Profiles\TEMP", "P:/Profiles/TEMP/AppData/Local/x", True),
        (r"P:\Profiles\TEMP.OFFICE.000", "P:/profiles/temp.office.000/x", True),
        (r"P:\Profiles\Temperley", "P:/Profiles/Temperley/x", False),
        (r"P:\Profiles\TEMP", "D:/x", False),
        ("", "/srv/a", False),
    ],
)
def test_a_profile_that_will_be_thrown_away_is_known_by_its_name(profile, folder, temporary):
    assert location.in_temporary_profile(PurePosixPath(folder), {"USERPROFILE": profile}) is temporary


def test_an_ordinary_place_is_not_worth_a_word(tmp_path):
    now = datetime.now().astimezone()
    assert location.warnings(tmp_path, now) == ()
    assert_matches("系统时间似乎不对", location.warnings(tmp_path, now + timedelta(days=300))[0])


def test_with_the_clock_set_back_the_order_stays(folder, monkeypatch):
    opened = open_drafts(folder)
    monkeypatch.setattr(step_writer, "stamp", (datetime.now(UTC) - timedelta(days=365)).isoformat)
    enter(opened.store, 16)
    opened.store.save(2, [Change("改写", texts={"overview": ("", "甲")})], new_uid())
    assert [draft.number for draft in opened.store.drafts()] == [2, 1]
    assert [step.change.cells[CELL][1].number for step in opened.store.journal(1)] == [12, 13, 14, 15, 16]
    opened.store.close()
    assert shown(folder) == ("", 16)
