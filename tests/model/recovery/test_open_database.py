"""Tests of opening the drafts database when it is damaged, empty, missing, older than last seen or of another kind."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from model.form.cell import Entry, at
from model.recovery import older_file, undecided_values
from model.recovery import rebuild as rebuild_module
from model.recovery.open_database import open_drafts
from model.recovery.recovered_file import recover
from model.recovery.undecided_values import confirmed
from model.report.report import Report
from model.storage import migrations, progress
from model.storage.database_file import StoreTrouble, TroubleKind
from model.storage.store import new_uid
from tests.support.recovering import (
    CELL,
    REPORT,
    assert_matches,
    crash_amid_a_save,
    enter,
    execute,
    file_of,
    fill,
    made,
    open_and_close,
    recovered_from,
    shown,
)

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path):
    return made(tmp_path / "数据")


# -- damaged, empty, missing ------------------------------------------------------------------------------------------


def test_an_ordinary_start_says_nothing(folder):
    assert shown(folder) == ("", 15)


@pytest.mark.parametrize(
    "damage, sentence, value",
    [
        (lambda path: path.write_bytes(b""), "草稿库是空的，已从 .* 的备份恢复.*未能找回 2 处", 13),
        (lambda path: path.unlink(), "草稿库不见了，已从 .* 的备份恢复.*未能找回 2 处", 13),
        (lambda path: path.write_bytes(bytes(8192)), "草稿库损坏，已从 .* 的备份恢复.*未能找回 2 处", 13),
        (
            lambda path: path.write_bytes(path.read_bytes().replace(b'["15"', b'["75"')),
            "草稿库损坏，.*恢复到第 5 处修改，找回其后 2 处；未能找回 0 处。损坏的文件已保留为",
            15,
        ),
        (
            lambda path: path.write_bytes(b"X" + path.read_bytes()[1:]),
            "草稿库损坏，.*找回其后 2 处；未能找回 0 处",
            15,
        ),
        (
            lambda path: path.write_bytes(bytes(4096) + path.read_bytes()[4096:]),
            "草稿库损坏，.*找回其后 2 处；未能找回 0 处",
            15,
        ),
        (
            lambda path: path.write_bytes(path.read_bytes().replace(b'CREATE TABLE "cell"', b'CREATE TABLE "\xb1ell"')),
            "草稿库损坏，.*找回其后 2 处；未能找回 0 处",
            15,
        ),
        (lambda path: path.write_bytes(path.read_bytes()[:-4096]), "草稿库损坏，已从 .* 的备份恢复", 15),
    ],
    ids=[
        "empty",
        "missing",
        "zeros",
        "a value in the journal",
        "the first byte",
        "the first page",
        "the schema",
        "cut short",
    ],
)
def test_what_is_damaged_comes_back_from_a_backup_and_what_the_file_proves(folder, damage, sentence, value):
    damage(file_of(folder))
    said, found = shown(folder)
    assert_matches(sentence, said)
    assert found == value
    assert shown(folder) == ("", value)


def test_the_damaged_file_is_kept_as_it_was(folder):
    file_of(folder).write_bytes(damaged := bytes(4096))
    kept = recovered_from(open_and_close(folder)).kept
    assert kept
    assert kept.read_bytes() == damaged
    assert list(folder.glob("~*")) == []


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
    assert_matches("没有可用的备份，无法恢复，已新建空的草稿库.*未能找回 5 处。损坏的文件已保留为", opened.sentence)
    assert opened.store.create(REPORT, "新建").number == 1
    opened.store.close()


def test_a_value_behind_a_gap_is_offered_not_shown(folder):
    other = at("requests/denied/total")
    opened = open_drafts(folder)
    enter(opened.store, 7, other)
    opened.store.close()
    execute(folder, "DELETE FROM journal WHERE step = 4", "UPDATE draft SET year = 2024 WHERE number = 1")
    opened = open_drafts(folder)
    assert_matches("找回其后 1 处；未能找回 2 处。有 2 处内容未能确认，请逐条核对", opened.sentence)
    assert opened.store.load(1).entry(CELL) == Entry(14)
    found = recovered_from(opened).undecided
    offered = {place: pair[1] for one in found for place, pair in one.change.cells.items()}
    assert offered == {CELL: Entry(15), other: Entry(7)}
    assert sorted(one.found for one in found) == ["15", "7"]
    opened.store.save(1, [confirmed(one, opened.store.load(1)) for one in found], new_uid())
    assert opened.store.load(1).entry(other) == Entry(7)
    opened.store.close()


def test_what_is_to_be_decided_stays_until_it_is_decided(folder):
    opened = open_drafts(folder)
    enter(opened.store, 7, at("requests/denied/total"))
    opened.store.close()
    execute(folder, "DELETE FROM journal WHERE step = 4", "UPDATE draft SET year = 2024 WHERE number = 1")
    open_and_close(folder)
    open_and_close(folder)
    first, second = undecided_values.kept(folder)
    assert {first.found, second.found} == {"15", "7"}
    undecided_values.decided(folder, first)
    assert undecided_values.kept(folder) == (second,)
    undecided_values.decided(folder, second)
    assert [undecided_values.kept(folder), (folder / undecided_values.NAME).exists()] == [(), False]


@pytest.mark.parametrize(
    "broken", ["", "{", "null", "[1]", '[{"draft": 1}]', '[{"origin": "x", "change": "{}"}]', "[" * 100_000]
)
def test_a_torn_list_of_what_is_to_be_decided_is_none(folder, broken):
    (folder / undecided_values.NAME).write_text(broken)
    assert undecided_values.kept(folder) == ()
    assert shown(folder) == ("", 15)


def test_a_lost_stretch_of_the_journal_costs_no_figure(folder):
    execute(folder, "DELETE FROM journal WHERE step = 4")
    assert shown(folder)[1] == 15
    opened = open_drafts(folder)
    assert [step.cause for step in opened.store.journal(1)] == ["新建", "填写", "填写", "恢复"]
    opened.store.close()


def test_the_first_page_of_a_recovered_file_is_not_needed_either(folder):
    opened = open_drafts(folder)
    opened.store.backup()
    opened.store.close()
    for _ in range(3):
        file_of(folder).write_bytes(bytes(4096) + file_of(folder).read_bytes()[4096:])
        opened = open_drafts(folder)
        assert recovered_from(opened).missing == 0
        assert recovered_from(opened).added == opened.store.last_step() - 5
        enter(opened.store, 15 + opened.store.last_step())
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
    assert_matches("草稿库结构异常，已从 .* 的备份恢复.*未能找回 0 处", said)
    assert value == 15


def test_a_planted_view_that_never_ends_ends(folder):
    endless = "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT n AS id FROM x"
    execute(folder, "ALTER TABLE journal RENAME TO hidden", f"CREATE VIEW journal AS {endless}")
    assert shown(folder)[1] in {13, 15}


# -- unchanged files --------------------------------------------------------------------------------------------------


def test_a_newer_file_is_left_alone(folder):
    execute(folder, "CREATE TABLE more(a)", f"PRAGMA user_version={migrations.latest() + 1}")
    before = file_of(folder).read_bytes()
    with pytest.raises(StoreTrouble, match="文件未作任何改动") as trouble:
        open_drafts(folder)
    assert (trouble.value.kind, file_of(folder).read_bytes()) == (TroubleKind.NEWER, before)


def test_an_older_file_is_not_taken_for_the_present_one_unasked(folder):
    (backup,) = (folder / "备份").iterdir()
    newer = file_of(folder).read_bytes()
    shutil.copy(backup, file_of(folder))
    opened = open_drafts(folder)
    assert_matches(r"比本机上次保存的旧（少 2 处修改）；请选择使用较新的备份，或仍用此文件", opened.sentence)
    with pytest.raises(StoreTrouble, match="少 2 处修改"):
        enter(opened.store, 1)
    opened.store.close()
    older_file.leave_older(folder)
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
    recovered = recover(folder, "草稿库较旧")
    assert (recovered.missing, shown(folder)) == (0, ("", 15))


@pytest.mark.parametrize(
    "broken", ["", "{", '{"heads": 1}', '{"heads": {"a": "b"}, "hold": true}', "null", "[" * 100_000]
)
def test_a_torn_memory_is_no_memory(folder, broken):
    (folder / progress.PROGRESS_FILE).write_text(broken)
    assert shown(folder) == ("", 15)


# -- journals that do not belong --------------------------------------------------------------------------------------


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
    said, value = shown(folder)
    assert_matches(r"^草稿库旁边有不属于它的文件“reports\.db-journal”，没有使用，已改名为“[^”]+”保留", said)
    assert (value, shown(folder)) == (15, ("", 15))
    assert [path.read_bytes() for path in folder.glob("*.foreign-*")] == [journal]


def test_a_crashed_file_without_its_journal_is_noticed_and_recovered(folder):
    crash_amid_a_save(folder)
    (folder / "reports.db-journal").unlink()
    said, value = shown(folder)
    assert "草稿库损坏" in said
    assert value == 15


def test_after_a_crash_one_sentence_says_that_all_is_there(folder):
    code = "import sys, os; from pathlib import Path; from model.recovery.open_database import open_drafts;"
    code += "open_drafts(Path(sys.argv[1])); os._exit(9)"
    subprocess.run([sys.executable, "-c", code, str(folder)], check=False, cwd=ROOT)
    said, value = shown(folder)
    assert_matches(r"^本软件上次未正常退出，内容已完整保留（最后保存 \d\d:\d\d:\d\d）$", said)
    assert (value, shown(folder)) == (15, ("", 15))


def test_a_new_file_that_does_not_prove_itself_never_takes_the_place(folder, monkeypatch):
    complete = rebuild_module._Builder._complete

    def spoil(builder, known):
        complete(builder, known)
        builder._reader.database.execute("UPDATE draft SET agency = '别的'")

    monkeypatch.setattr(rebuild_module._Builder, "_complete", spoil)
    file_of(folder).write_bytes(b"")
    with pytest.raises(StoreTrouble, match="已损坏"):
        open_drafts(folder)
    assert (file_of(folder).read_bytes(), list(folder.glob("*.damaged-*"))) == (b"", [])
