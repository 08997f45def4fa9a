"""The way to the drafts, whatever has happened to their file: one sentence, nothing wrong, never a dead end."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

import pytest

from model import foreign, lock, recovery, state, store_file, store_write, surroundings
from model.cell import BLANK, Entry, at
from model.lock import Holder
from model.recovery import open_drafts
from model.report import Change, Report, applied
from model.store import Store, new_uid
from model.store_file import Kind, StoreTrouble
from model.upkeep import Upkeep
from model.writer import Writer

ROOT = Path(__file__).parents[1]
CELL = at("requests/new_received/natural_person")
REPORT = Report("应急管理局", 2023, "2021", cells={CELL: Entry(12)}, texts={"overview": "总体情况"})
posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody move what is open")


@pytest.fixture(autouse=True)
def no_wait(monkeypatch):
    monkeypatch.setattr(recovery, "SETTLE_SECONDS", 0.0)


@pytest.fixture
def folder(tmp_path):
    """A data folder with two drafts, a backup after step 3 and two steps more."""
    folder = tmp_path / "数据"
    opened = open_drafts(folder)
    assert opened.sentence == ""
    store = opened.store
    store.create(REPORT, "新建")
    store.create(Report("示例乡", 2022, "2021"), "新建")
    enter(store, 13)
    store.backup()
    enter(store, 14)
    enter(store, 15)
    store.close()
    return folder


def enter(store: Store, number: int, place=CELL) -> None:
    before = store.load(1).entry(place)
    store.save(1, [Change("填写", cells={place: (before, Entry(number))})], new_uid())


def file_of(folder: Path) -> Path:
    return folder / "reports.db"


def execute(folder: Path, *statements: str) -> None:
    other = sqlite3.connect(file_of(folder))
    for statement in statements:
        other.execute(statement)
    other.commit()
    other.close()


def shown(folder: Path) -> tuple[str, object]:
    """The sentence of an opening, and what the cell then holds."""
    opened = open_drafts(folder)
    try:
        opened.store.verify()
        return opened.sentence, opened.store.load(1).entry(CELL).number
    finally:
        opened.store.close()


# -- damaged, empty, missing -----------------------------------------------------------------------------------------


def test_an_ordinary_start_says_nothing(folder):
    assert shown(folder) == ("", 15)


@pytest.mark.parametrize(
    "damage, sentence, value",
    [
        (lambda path: path.write_bytes(b""), "数据文件是空的，已从 .* 的备份恢复.*未能找回：2 步修改", 13),
        (lambda path: path.unlink(), "数据文件不见了，已从 .* 的备份恢复.*未能找回：2 步修改", 13),
        (lambda path: path.write_bytes(bytes(8192)), "数据文件损坏，已从 .* 的备份恢复.*未能找回：2 步修改", 13),
        (
            lambda path: path.write_bytes(path.read_bytes().replace(b'["15"', b'["75"')),
            "数据文件损坏，.*恢复到第 5 步，找回其后 2 步；未能找回：0 步修改。损坏的文件已保留为",
            15,
        ),
        (
            lambda path: path.write_bytes(b"X" + path.read_bytes()[1:]),
            "数据文件损坏，.*找回其后 2 步；未能找回：0 步",
            15,
        ),
        (lambda path: path.write_bytes(path.read_bytes()[:-4096]), "数据文件损坏，已从 .* 的备份恢复", 15),
    ],
    ids=["empty", "missing", "zeros", "a value in the journal", "the first byte", "cut short"],
)
def test_what_is_damaged_comes_back_from_a_backup_and_what_the_file_proves(folder, damage, sentence, value):
    damage(file_of(folder))
    said, found = shown(folder)
    assert_matches(sentence, said)
    assert found == value
    assert shown(folder) == ("", value)


def recovered_from(opened: recovery.Opened) -> recovery.Recovered:
    assert opened.recovered
    return opened.recovered


def holder_of(opened: recovery.Opened) -> Holder:
    assert opened.holder
    return opened.holder


def assert_matches(pattern: str, text: str) -> None:
    assert re.search(pattern, text), text


def test_the_damaged_file_is_kept_as_it_was(folder):
    file_of(folder).write_bytes(damaged := bytes(4096))
    kept = recovered_from(open_and_close(folder)).kept
    assert kept
    assert kept.read_bytes() == damaged
    assert list(folder.glob("~*")) == []


def open_and_close(folder: Path, **how: bool) -> recovery.Opened:
    opened = open_drafts(folder, **how)
    opened.store.close()
    return opened


def test_without_a_backup_the_journal_alone_brings_everything_back(folder):
    shutil.rmtree(folder / "备份")
    execute(folder, "UPDATE cell SET number = '75'")
    opened = open_drafts(folder)
    assert (opened.store.load(1).entry(CELL), opened.store.load(1).text("overview")) == (Entry(15), "总体情况")
    assert [draft.agency for draft in opened.store.drafts()] == ["应急管理局", "示例乡"]
    assert recovered_from(opened).missing == 0
    opened.store.close()


def test_with_nothing_left_work_goes_on_in_a_new_file(folder):
    shutil.rmtree(folder / "备份")
    file_of(folder).write_bytes(bytes(8192))
    opened = open_drafts(folder)
    assert_matches(
        "没有可用的备份，无法恢复，已新建空的数据文件.*未能找回：5 步修改。损坏的文件已保留为", opened.sentence
    )
    assert opened.store.create(REPORT, "新建").number == 1
    opened.store.close()


def test_a_value_behind_a_gap_is_offered_not_shown(folder):
    other = at("requests/denied/total")
    opened = open_drafts(folder)
    enter(opened.store, 7, other)
    opened.store.close()
    execute(folder, "DELETE FROM journal WHERE step = 4", "UPDATE draft SET year = 2024 WHERE number = 1")
    opened = open_drafts(folder)
    assert_matches("找回其后 1 步；未能找回：2 步修改。有 2 处内容未能确认，请逐条核对", opened.sentence)
    assert opened.store.load(1).entry(CELL) == Entry(14)
    unsure = recovered_from(opened).unsure
    offered = {place: pair[1] for one in unsure for place, pair in one.change.cells.items()}
    assert offered == {CELL: Entry(15), other: Entry(7)}
    opened.store.save(1, [recovery.confirmed(one) for one in unsure], new_uid())
    assert opened.store.load(1).entry(other) == Entry(7)
    opened.store.close()


def test_a_lost_stretch_of_the_journal_costs_no_figure(folder):
    execute(folder, "DELETE FROM journal WHERE step = 4")
    assert shown(folder)[1] == 15
    opened = open_drafts(folder)
    assert [step.cause for step in opened.store.journal(1)] == ["新建", "填写", "填写", "恢复"]
    opened.store.close()


def test_versions_and_the_recycle_bin_survive_a_recovery(folder):
    opened = open_drafts(folder)
    opened.store.keep_version(1, "送审稿")
    opened.store.delete(2)
    opened.store.close()
    execute(folder, "DELETE FROM fact", "UPDATE text SET body = '假'")
    opened = open_drafts(folder)
    assert opened.recovered
    assert [version.name for version in opened.store.versions(1)] == ["送审稿"]
    assert [draft.number for draft in opened.store.drafts(deleted=True)] == [2]
    opened.store.close()


def test_a_planted_trigger_does_not_come_along(folder):
    execute(folder, "CREATE TRIGGER evil AFTER INSERT ON journal BEGIN UPDATE cell SET number = '1'; END")
    said, value = shown(folder)
    assert_matches("数据文件结构异常，已从 .* 的备份恢复.*未能找回：0 步", said)
    assert value == 15


def test_a_planted_view_that_never_ends_ends(folder):
    endless = "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT n AS id FROM x"
    execute(folder, "ALTER TABLE journal RENAME TO hidden", f"CREATE VIEW journal AS {endless}")
    began = time.monotonic()
    assert shown(folder)[1] in {13, 15}
    assert time.monotonic() - began < 60


# -- left alone ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement, kind", [("PRAGMA user_version=99", Kind.NEWER), ("PRAGMA application_id=7", Kind.FOREIGN)]
)
def test_a_newer_file_and_a_stranger_s_are_left_alone(folder, statement, kind):
    execute(folder, statement)
    before = file_of(folder).read_bytes()
    with pytest.raises(StoreTrouble, match="文件未作任何改动") as trouble:
        open_drafts(folder)
    assert (trouble.value.kind, file_of(folder).read_bytes()) == (kind, before)


def test_an_older_file_is_not_taken_for_the_present_one_unasked(folder):
    (backup,) = (folder / "备份").iterdir()
    newer = file_of(folder).read_bytes()
    shutil.copy(backup, file_of(folder))
    opened = open_drafts(folder)
    assert_matches(r"比本机上次保存的旧（少 2 步）；请选择使用较新的备份，或就用这个文件", opened.sentence)
    with pytest.raises(StoreTrouble, match="少 2 步"):
        enter(opened.store, 1)
    opened.store.close()
    recovery.leave_older(folder)
    assert shown(folder) == ("", 13)
    file_of(folder).write_bytes(newer)
    assert shown(folder) == ("", 15)


def test_instead_of_an_older_file_the_newest_backup_can_be_used(folder):
    (older,) = (folder / "备份").iterdir()
    opened = open_drafts(folder)
    opened.store.backup()
    opened.store.close()
    shutil.copy(older, file_of(folder))
    assert open_and_close(folder).behind == 2
    recovered = recovery.recover(folder, "数据文件较旧")
    assert (recovered.missing, shown(folder)) == (0, ("", 15))


@pytest.mark.parametrize("broken", ["", "{", '{"heads": 1}', '{"heads": {"a": "b"}, "hold": true}', "null"])
def test_a_torn_memory_is_no_memory(folder, broken):
    (folder / state.NAME).write_text(broken)
    assert shown(folder) == ("", 15)


# -- journals that do not belong -------------------------------------------------------------------------------------


def fill(folder: Path) -> None:
    opened = open_drafts(folder)
    cells = {at(f"many/row_{n}/cell"): (BLANK, Entry(n, remark="甲" * 60)) for n in range(900)}
    opened.store.save(1, [Change("粘贴", cells=cells)], new_uid())
    opened.store.close()


def crash_amid_a_save(folder: Path) -> bytes:
    """Leave the folder as a program killed in a large transaction does; return its journal."""
    fill(folder)
    code = (
        "import sqlite3, os, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "db.execute('PRAGMA cache_size=1'); db.execute('PRAGMA journal_mode=TRUNCATE'); db.execute('BEGIN IMMEDIATE');"
        "db.execute(\"UPDATE cell SET remark = '乙' || remark\"); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(file_of(folder))], check=False)
    journal = (folder / "reports.db-journal").read_bytes()
    assert journal
    return journal


def test_what_a_crash_left_half_done_is_taken_back(folder):
    crash_amid_a_save(folder)
    assert shown(folder) == ("", 15)


def test_the_journal_of_another_file_does_not_destroy_a_good_one(folder, tmp_path):
    other = tmp_path / "另一处"
    opened = open_drafts(other)
    opened.store.create(Report("别处", 2020, "2019"), "新建")
    opened.store.close()
    journal = crash_amid_a_save(other)
    fill(folder)
    (folder / "reports.db-journal").write_bytes(journal)
    assert shown(folder) == ("", 15)
    assert [path.read_bytes() for path in folder.glob("*.foreign-*")] == [journal]


def test_a_crashed_file_without_its_journal_is_noticed_and_recovered(folder):
    crash_amid_a_save(folder)
    (folder / "reports.db-journal").unlink()
    said, value = shown(folder)
    assert "数据文件损坏" in said
    assert value == 15


def test_after_a_crash_one_sentence_says_that_all_is_there(folder):
    code = "import sys, os; from pathlib import Path; from model.recovery import open_drafts;"
    code += "open_drafts(Path(sys.argv[1])); os._exit(9)"
    subprocess.run([sys.executable, "-c", code, str(folder)], check=False, cwd=ROOT)
    said, value = shown(folder)
    assert_matches(r"^上次程序未正常退出，内容已完整保留（最后保存 \d\d:\d\d:\d\d）。$", said)
    assert (value, shown(folder)) == (15, ("", 15))


# -- somebody else ---------------------------------------------------------------------------------------------------


def test_a_second_window_reads_and_names_the_first(folder, monkeypatch):
    first = open_drafts(folder)
    second = open_drafts(folder)
    assert_matches(r"^「.*」于 \d\d:\d\d 在「.*」打开了数据，您现在只能查看", second.sentence)
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
    code = "import sys, time; from pathlib import Path; from model.recovery import open_drafts;"
    code += "open_drafts(Path(sys.argv[1])); print('open', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline() == b"open\n"
    assert open_and_close(folder).holder
    holder.kill()
    holder.wait()
    holder.stdout.close()
    opened = open_and_close(folder)
    assert (opened.holder, opened.store.refusal) == (None, "")


@pytest.fixture
def elsewhere(folder, monkeypatch):
    """The data are held by a computer that was last heard of so many seconds ago."""

    def held(seconds: float) -> Holder:
        opened = open_drafts(folder)
        opened.store.close()
        then = datetime.now(UTC) - timedelta(seconds=seconds)
        holder = Holder(user="张三", host="PC-07", since=then, renewed=then)
        store = Store.open(folder)
        store.hold(holder, None)
        store.database.close()
        (folder / lock.NAME).write_text(holder.text(), encoding="utf-8")
        monkeypatch.setattr(lock, "_lock", refuse)
        return holder

    return held


def refuse(_handle: int) -> None:
    raise BlockingIOError


def test_who_holds_the_data_on_another_computer_is_named(folder, elsewhere):
    elsewhere(10)
    opened = open_and_close(folder, take_over=True)
    assert_matches("^「张三」于 .* 在「PC-07」打开了数据，您现在只能查看", opened.sentence)


def test_data_held_by_a_dead_computer_can_be_taken_over(folder, elsewhere):
    elsewhere(200)
    assert_matches("那台电脑已超过 120 秒无响应；可以接管", open_and_close(folder).sentence)
    opened = open_drafts(folder, take_over=True)
    enter(opened.store, 16)
    assert opened.store.load(1).entry(CELL) == Entry(16)
    opened.store.close()


def test_a_computer_that_wakes_after_being_taken_over_saves_no_more(folder, elsewhere):
    holder = elsewhere(200)
    woken = Store.open(folder)
    woken.hold(holder, None)
    taken = open_drafts(folder, take_over=True)
    with pytest.raises(StoreTrouble, match=r"数据已由「.*」在「.*」接管，这里不能再保存；请把未保存的内容另存"):
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


@pytest.mark.parametrize("text", ["", "{}", "null", '{"user": 1}', '{"since": "gestern"}', "\0\0"])
def test_a_torn_name_is_no_name(text):
    assert Holder.of(text) is None


# -- where nothing can be written ------------------------------------------------------------------------------------


def test_a_folder_without_permission_is_looked_at_only(folder, monkeypatch):
    def no_permission(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(lock.Lock, "take", no_permission)
    opened = open_drafts(folder)
    assert_matches("^没有写入权限，只能查看", opened.sentence)
    assert opened.store.load(1).entry(CELL) == Entry(15)
    opened.store.close()


def test_a_file_without_permission_is_looked_at_only(folder, monkeypatch):
    real = store_file.address
    monkeypatch.setattr(store_file, "address", lambda path, _mode: real(path, "ro"))  # root may write anything
    opened = open_drafts(folder)
    assert_matches("^没有写入权限，只能查看，不能修改；没有权限写入数据文件", opened.sentence)
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


def test_where_nothing_can_be_written_and_nothing_is_there_it_is_said(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lock.Lock, "take", full)
    with pytest.raises(StoreTrouble, match="磁盘已满，无法写入"):
        open_drafts(tmp_path)


def test_on_another_computer_drafts_are_only_looked_at_unless_told(folder, monkeypatch):
    monkeypatch.setattr(surroundings, "on_network", lambda _folder: True)
    opened = open_drafts(folder)
    assert_matches("^只能查看，不能修改；数据在网络位置「.*」，编辑前需复制到本机$", opened.sentence)
    opened.store.close()
    opened = open_drafts(folder, allow_network=True)
    enter(opened.store, 16)
    Upkeep()(opened.store)
    opened.store.close()


def test_a_window_that_only_looked_on_saves_as_soon_as_it_may(folder):
    first = open_drafts(folder)
    writer = Writer(lambda: open_drafts(folder).store)
    writer.submit(1, Change("填写", cells={CELL: (Entry(15), Entry(16))}))
    assert not writer.flush(0.05)
    first.store.close()
    assert writer.flush(10)
    assert writer.close(10)
    assert shown(folder) == ("", 16)


def test_without_room_for_a_backup_an_old_file_is_looked_at_only(tmp_path):
    shutil.copy(ROOT / "tests" / "old_drafts" / "0001.db", tmp_path / "reports.db")
    (tmp_path / "备份").touch()
    opened = open_drafts(tmp_path)
    assert_matches("升级前无法备份（需 0.1 MB），数据未作任何改动，暂以只读方式打开", opened.sentence)
    assert opened.store.load(1).agency == "示例市应急管理局"
    assert opened.store.verify().sentence() == "检查了 2 份草稿、4 步修改，全部完好。"
    opened.store.close()
    assert not list(tmp_path.glob("~*"))


@posix_only
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


# -- places ----------------------------------------------------------------------------------------------------------

MOUNTS = "/dev/sda1 / ext4 rw 0 0\nserver:/x /mnt/net\\040share nfs4 rw 0 0\n//s/y /mnt/smb cifs rw 0 0\n"


@pytest.mark.parametrize(
    "folder, kind",
    [("/home/a", "ext4"), ("/mnt/net share/a", "nfs4"), ("/mnt/smb", "cifs"), ("/mnt/smbx", "ext4"), ("relative", "")],
)
def test_a_network_folder_is_known_by_its_mount(folder, kind):
    assert surroundings.file_system(Path(folder), MOUNTS) == kind


@pytest.mark.parametrize(
    "profile, folder, temporary",
    [
        (r"C:\Users\TEMP", "C:/Users/TEMP/AppData/Local/x", True),
        (r"C:\Users\TEMP.OFFICE.000", "C:/users/temp.office.000/x", True),
        (r"C:\Users\Temperley", "C:/Users/Temperley/x", False),
        (r"C:\Users\TEMP", "D:/x", False),
        ("", "/home/a", False),
    ],
)
def test_a_profile_that_will_be_thrown_away_is_known_by_its_name(profile, folder, temporary):
    assert surroundings.in_temporary_profile(PurePosixPath(folder), {"USERPROFILE": profile}) is temporary


def test_an_ordinary_place_is_not_worth_a_word(tmp_path):
    now = datetime.now().astimezone()
    assert surroundings.warnings(tmp_path, now) == ()
    assert_matches("系统时间似乎不对", surroundings.warnings(tmp_path, now + timedelta(days=300))[0])


def test_with_the_clock_set_back_the_order_stays(folder, monkeypatch):
    opened = open_drafts(folder)
    monkeypatch.setattr(store_write, "stamp", (datetime.now(UTC) - timedelta(days=365)).isoformat)
    enter(opened.store, 16)
    opened.store.save(2, [Change("改写", texts={"overview": ("", "甲")})], new_uid())
    assert [draft.number for draft in opened.store.drafts()] == [2, 1]
    assert [step.change.cells[CELL][1].number for step in opened.store.journal(1)] == [12, 13, 14, 15, 16]
    opened.store.close()
    assert shown(folder) == ("", 16)


# -- files from elsewhere --------------------------------------------------------------------------------------------


@pytest.fixture
def mine(tmp_path):
    opened = open_drafts(tmp_path / "本机")
    yield opened.store
    opened.store.close()


def test_the_drafts_of_a_file_from_elsewhere_come_under_new_numbers_and_leave_it_as_it_was(folder, mine):
    mine.create(Report("本机", 2024, "2021"), "新建")
    before = file_of(folder).read_bytes()
    assert foreign.look_into(file_of(folder), mine).sentence() == (
        "文件中有 2 份草稿，将作为新草稿加入，原文件不作改动。"
    )
    assert foreign.take_over(file_of(folder), mine) == (2, 3)
    assert mine.load(2) == applied(REPORT, Change("", cells={CELL: (BLANK, Entry(15))}))
    assert file_of(folder).read_bytes() == before
    assert not list(mine.path.parent.glob("~*"))


def test_a_crashed_copy_with_its_journal_is_whole_and_without_it_proved_as_far_as_it_goes(folder, mine, tmp_path):
    crash_amid_a_save(folder)
    assert [report.entry(CELL).number for report in foreign.look_into(file_of(folder), mine).reports] == [15, None]
    assert (folder / "reports.db-journal").stat().st_size > 0
    shutil.copy(file_of(folder), tmp_path / "副本.db")
    torn = foreign.look_into(tmp_path / "副本.db", mine)
    assert [report.entry(CELL).number for report in torn.reports] == [15, None]


def test_an_old_copy_of_the_own_file_is_known(folder):
    opened = open_drafts(folder)
    (backup,) = (folder / "备份").iterdir()
    assert_matches(
        r"^这是同一份数据的旧副本（少 2 步）。文件中有 2 份草稿", foreign.look_into(backup, opened.store).sentence()
    )
    opened.store.close()


@pytest.mark.parametrize(
    "statement, sentence",
    [
        ("CREATE TRIGGER evil AFTER INSERT ON journal BEGIN UPDATE cell SET number = '1'; END", "结构异常（evil）"),
        ("PRAGMA user_version=99", "由新版软件保存"),
        ("PRAGMA application_id=7", "不是本软件的数据文件"),
    ],
)
def test_a_file_from_elsewhere_of_another_shape_is_refused(folder, mine, statement, sentence):
    execute(folder, statement)
    with pytest.raises(StoreTrouble, match=sentence):
        foreign.take_over(file_of(folder), mine)
    assert mine.drafts() == ()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(9000), "一、总体情况".encode() * 99])
def test_what_is_no_file_of_ours_is_refused(tmp_path, mine, content):
    (tmp_path / "x.db").write_bytes(content)
    with pytest.raises(StoreTrouble, match=r"不是本软件的数据文件|是空的"):
        foreign.look_into(tmp_path / "x.db", mine)


# -- upkeep ----------------------------------------------------------------------------------------------------------


def test_what_is_newer_than_the_last_backup_is_backed_up_at_the_start_and_then_every_half_hour(folder, monkeypatch):
    opened, upkeep = open_drafts(folder), Upkeep()
    upkeep(opened.store)
    enter(opened.store, 16)
    upkeep(opened.store)
    assert sorted(path.name[-8:] for path in (folder / "备份").iterdir()) == [" 第3步.bak"[-8:], " 第5步.bak"[-8:]]
    monkeypatch.setattr(upkeep, "_backed_up", time.monotonic() - 1801)
    upkeep(opened.store)
    upkeep(opened.store)
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
    Upkeep()(second.store)
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
