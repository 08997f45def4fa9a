"""Tests of a drafts' file that goes back in time while it is open: no acknowledged save is lost without a word."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from model.form.cell import BLANK, Entry, at
from model.recovery import putting_back
from model.recovery.open_database import Opened, open_drafts
from model.recovery.recovered_file import recover
from model.report.report import Change, Report
from model.storage import progress
from model.storage.database_file import StoreTrouble, TroubleKind
from model.storage.progress import RunMemory
from model.storage.save_thread import SaveThread
from model.storage.store import DAILY, Store, new_uid
from tests.support.platforms import posix_only
from tests.support.recovering import REPORT, assert_matches, file_of

PLACES = [at(f"t/r{number}/c") for number in range(12)]
Work = Callable[[Store], object]
unmovable = posix_only("Windows lets nobody replace what is open")


def type_in(store: Store, number: int, draft: int = 1) -> None:
    store.save(draft, [Change("填写", cells={PLACES[number]: (BLANK, Entry(number))})], new_uid())


def in_place(path: Path, content: bytes) -> None:
    """Overwrite as a sync client does: the file stays the same one for whoever has it open."""
    with path.open("r+b") as file:
        file.write(content)
        file.truncate()


def renamed(path: Path, content: bytes) -> None:
    path.with_name("neu").write_bytes(content)
    path.with_name("neu").replace(path)


def kill(store: Store) -> None:
    """End as a killed program does: the lease stays in the file."""
    store.database.close()
    if store._lock:
        store._lock.release()


@pytest.fixture
def opened(tmp_path):
    """Open new drafts with one draft and one number, and keep what this run writes."""
    found = open_drafts(tmp_path / "数据", run=RunMemory())
    found.store.create(REPORT, "新建")
    type_in(found.store, 1)
    yield found
    kill(found.store)


def changes(store: Store) -> None:
    for number in range(2, 7):
        type_in(store, number)


def delete_for_ever(store: Store, number: int) -> None:
    store.delete(number)
    store.purge(datetime.now().astimezone() + timedelta(seconds=1))


LATER: dict[str, Work] = {
    "five steps": changes,
    "one step": lambda store: type_in(store, 2),
    "a new draft": lambda store: store.create(Report("新的", 2024, "2021"), "新建"),
    "a deleted draft": lambda store: store.delete(1),
    "a version": lambda store: store.keep_version(1, "送审稿"),
    "a version removed": lambda store: store.forget_version(store.keep_version(1, "一").number),
    "a draft deleted for ever": lambda store: delete_for_ever(store, 1),
}
WRITES: dict[str, Work] = {
    "a save": lambda store: type_in(store, 9),
    "a new draft": lambda store: store.create(REPORT, "新建"),
    "a deletion": lambda store: store.delete(1),
    "a version": lambda store: store.keep_version(1, "二"),
    "a list": lambda store: store.drafts(),
    "a backup": lambda store: store.backup(),
    "an emptied bin": lambda store: store.purge(datetime.now().astimezone()),
}


@pytest.mark.parametrize("put", [in_place, pytest.param(renamed, marks=unmovable)])
@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
def test_an_older_copy_takes_no_save_and_the_next_start_asks(opened: Opened, later: Work, put):
    path, store = opened.store.path, opened.store
    older = path.read_bytes()
    later(store)
    put(path, older)
    with pytest.raises(StoreTrouble) as trouble:
        store.create(REPORT, "新建")
    if put is in_place:
        assert trouble.value.kind is TroubleKind.OLDER
    assert trouble.value.reopen_required
    assert path.read_bytes() == older
    kill(store)
    again = open_drafts(path.parent)
    assert again.doubt
    assert "内容已完整保留" not in again.sentence
    assert again.store.refusal == again.sentence
    again.store.close()
    assert path.read_bytes() == older


@pytest.mark.parametrize("work", WRITES.values(), ids=WRITES)
def test_nothing_is_done_with_an_older_copy(opened: Opened, work: Work):
    path, store = opened.store.path, opened.store
    older = path.read_bytes()
    changes(store)
    in_place(path, older)
    with pytest.raises(StoreTrouble, match=r"比本机上次保存的旧（少 5 处修改），没有写入"):
        work(store)
    assert path.read_bytes() == older
    assert not list((path.parent / "备份").glob("*.bak"))


def test_the_whole_folder_may_go_back(opened: Opened):
    folder, store = opened.store.path.parent, opened.store
    older = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    changes(store)
    for path, content in older.items():
        in_place(path, content)
    with pytest.raises(StoreTrouble, match="少 5 处修改"):
        type_in(store, 9)
    kill(store)
    assert open_drafts(folder).behind == 5


def test_a_copy_that_was_changed_elsewhere_is_another_branch(opened: Opened, tmp_path):
    path, store = opened.store.path, opened.store
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    shutil.copy(path, elsewhere / "reports.db")
    type_in(store, 2)
    other = Store.open(elsewhere)
    for number in range(3, 7):
        type_in(other, number)
    other.close()
    in_place(path, file_of(elsewhere).read_bytes())
    with pytest.raises(StoreTrouble, match="在别处改过的另一份副本"):
        type_in(store, 9)
    kill(store)
    again = open_drafts(path.parent)
    assert_matches(
        "在别处改过的另一份副本，没有本机上次保存的修改；请选择使用较新的备份，或仍用此文件$", again.sentence
    )


@pytest.mark.parametrize("write", [lambda store: type_in(store, 2), lambda store: store.keep_version(1, "甲")])
def test_a_branch_with_as_many_writes_is_not_mixed_with_what_sqlite_remembers(opened: Opened, tmp_path, write: Work):
    path, store = opened.store.path, opened.store
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    shutil.copy(path, elsewhere / "reports.db")
    other = Store.open(elsewhere)
    write(store)
    write(other)
    other.close()
    in_place(path, branch := file_of(elsewhere).read_bytes())
    with pytest.raises(StoreTrouble, match="在别处改过的另一份副本"):
        type_in(store, 9)
    assert path.read_bytes() == branch


def test_another_drafts_file_in_the_place_is_asked_about(opened: Opened, tmp_path):
    path, store = opened.store.path, opened.store
    other = open_drafts(tmp_path / "另一处").store
    other.create(Report("另一个", 2020, "2019"), "新建")
    for number in range(9):
        type_in(other, number)
    other.close()
    in_place(path, file_of(tmp_path / "另一处").read_bytes())
    with pytest.raises(StoreTrouble, match="被换成了另一份"):
        type_in(store, 9)
    kill(store)
    again = open_drafts(path.parent)
    assert_matches("被换成了另一份.*；请选择使用较新的备份，或仍用此文件$", again.sentence)
    again.store.close()
    recover(path.parent, "改用较新的备份", instead=True)
    back = open_drafts(path.parent)
    assert [draft.agency for draft in back.store.drafts()] == []  # no backup was made of it
    back.store.close()


def test_the_newer_file_that_comes_back_is_written_again(opened: Opened):
    path, store = opened.store.path, opened.store
    older = path.read_bytes()
    changes(store)
    newer = path.read_bytes()
    in_place(path, older)
    with pytest.raises(StoreTrouble):
        type_in(store, 9)
    in_place(path, newer)
    type_in(store, 9)
    assert store.load(1).entry(PLACES[9]) == Entry(9)


def test_a_copy_from_before_this_start_is_old_and_not_taken_over_by_somebody(opened: Opened):
    folder, store = opened.store.path.parent, opened.store
    store.close()
    before = file_of(folder).read_bytes()
    store = open_drafts(folder).store
    type_in(store, 2)
    in_place(file_of(folder), before)
    with pytest.raises(StoreTrouble, match=r"比本机上次保存的旧（少 1 处修改）"):
        type_in(store, 3)
    kill(store)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.8])
def test_a_file_that_is_half_old_is_recovered_with_all_of_this_run(opened: Opened, part: float):
    path, store = opened.store.path, opened.store
    store.backup()
    older = path.read_bytes()
    changes(store)
    store.create(Report("新的", 2024, "2021"), "新建")
    expected = {draft.number: store.load(draft.number) for draft in store.drafts()}
    newer, cut = path.read_bytes(), int(part * len(older)) // 4096 * 4096
    in_place(path, older[:cut] + newer[cut:])
    run = store.run
    kill(store)
    again = open_drafts(path.parent, run=run)
    assert again.recovered
    assert again.recovered.missing == 0
    assert {draft.number: again.store.load(draft.number) for draft in again.store.drafts()} == expected
    again.store.close()


# -- putting back ----------------------------------------------------------------------------------------------------


def reopened(opened: Opened) -> Opened:
    kill(opened.store)
    return open_drafts(opened.store.path.parent, run=opened.store.run)


@pytest.mark.parametrize("backed_up", [False, True])
def test_all_that_this_run_saved_is_put_back_at_once(opened: Opened, backed_up: bool):
    path, store = opened.store.path, opened.store
    store.create(Report("要删的", 2021, "2021"), "新建")
    store.delete(2)
    older = path.read_bytes()
    store.purge(datetime.now().astimezone() + timedelta(seconds=1))
    changes(store)
    if backed_up:
        store.backup()
    store.create(Report("新的", 2024, "2021"), "新建")
    store.keep_version(1, "送审稿")
    store.delete(3)
    type_in(store, 7)
    journal, last = store.journal(1), store.last_step()
    in_place(path, older)
    doubtful = reopened(opened)
    assert_matches(r"（少 7 处修改）；请选择放回窗口中的内容、使用较新的备份，或仍用此文件$", doubtful.sentence)
    doubtful.store.close()
    said = putting_back.put_back(path.parent, store.run)
    assert_matches(r"^已把窗口中的内容放回草稿库（2 份草稿）。旧文件已保留为“reports\.db\.older-.*”。$", said)
    again = open_drafts(path.parent, run=store.run)
    assert (again.sentence, again.store.journal(1), again.store.last_step()) == ("", journal, last)
    assert [version.name for version in again.store.versions(1)] == ["送审稿"]
    assert [draft.number for draft in again.store.drafts(deleted=True)] == [3]
    again.store.verify()
    (kept,) = path.parent.glob("reports.db.older-*")
    assert kept.read_bytes() == older
    type_in(again.store, 8)
    in_place(path, older)  # and once more
    kill(again.store)
    putting_back.put_back(path.parent, store.run)
    once_more = open_drafts(path.parent, run=store.run)
    assert [once_more.store.load(1).entry(PLACES[number]) for number in (7, 8)] == [Entry(7), Entry(8)]
    once_more.store.close()


def test_a_run_is_put_back_into_a_branch_whose_ids_are_taken(opened: Opened, tmp_path):
    path, store = opened.store.path, opened.store
    store.create(Report("第二份", 2022, "2021"), "新建")
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    shutil.copy(path, elsewhere / "reports.db")
    changes(store)
    other = Store.open(elsewhere)
    for number in range(3, 9):
        type_in(other, number, draft=2)
    other.close()
    in_place(path, file_of(elsewhere).read_bytes())
    kill(store)
    putting_back.put_back(path.parent, store.run)
    again = open_drafts(path.parent, run=store.run)
    assert [again.store.load(1).entry(PLACES[number]) for number in range(2, 7)] == [Entry(n) for n in range(2, 7)]
    again.store.verify()
    again.store.close()


def test_a_draft_whose_steps_do_not_fit_is_put_back_by_one_step(opened: Opened):
    path, store = opened.store.path, opened.store
    oldest = path.read_bytes()
    changes(store)
    store.close()
    run = RunMemory()  # of a later start: it has not seen the steps 2 to 6
    store = open_drafts(path.parent, run=run).store
    type_in(store, 7)
    expected = store.load(1)
    in_place(path, oldest)
    kill(store)
    said = putting_back.put_back(path.parent, run)
    again = open_drafts(path.parent, run=run)
    assert again.store.load(1) == expected
    assert [step.cause for step in again.store.journal(1)][-1] == "恢复"
    assert_matches(r"^已把窗口中的内容放回草稿库（1 份草稿）", said)
    again.store.close()


def test_another_window_that_uses_the_file_is_not_disturbed(opened: Opened):
    second = opened.store  # holds the lock
    with pytest.raises(StoreTrouble, match="没有放回"):
        putting_back.put_back(second.path.parent, second.run)


def test_what_waits_is_saved_on_top_of_what_was_put_back(tmp_path):
    run, told = RunMemory(), list[str]()

    def opening() -> Store:
        found = open_drafts(tmp_path, run=run)
        told.append(found.sentence)
        return found.store

    writer = SaveThread(opening)
    writer.call(lambda store: store.create(REPORT, "新建"))
    older = file_of(tmp_path).read_bytes()
    writer.submit(1, Change("填写", cells={PLACES[1]: (BLANK, Entry(1))}))
    assert writer.flush(10)
    in_place(file_of(tmp_path), older)
    writer.submit(1, Change("填写", cells={PLACES[2]: (BLANK, Entry(2))}))
    assert not writer.flush(0.3)
    assert "放回窗口中的内容" in told[1]
    writer.reopen(lambda: putting_back.put_back(tmp_path, run))
    assert writer.flush(10)
    report = writer.call(lambda store: store.load(1))
    assert [report.entry(place) for place in PLACES[1:3]] == [Entry(1), Entry(2)]
    assert writer.close(10)


# -- the record outside ----------------------------------------------------------------------------------------------


def test_the_record_is_lowered_by_a_decision_only(opened: Opened):
    folder, store = opened.store.path.parent, opened.store
    mark = store.mark()
    type_in(store, 2)
    high = progress.recall(folder)
    progress.note_mark(folder, mark)
    assert progress.recall(folder) == high
    progress.accept(folder, mark)
    assert progress.recall(folder).mark(store.uuid) == mark
    assert (folder / progress.PROGRESS_FILE).stat().st_size == 512


def test_a_record_of_an_earlier_release_still_counts_steps(opened: Opened):
    folder, store = opened.store.path.parent, opened.store
    older, uuid = store.path.read_bytes(), store.uuid
    changes(store)
    store.close()
    (folder / progress.PROGRESS_FILE).write_text(json.dumps({"heads": {uuid: 7}, "hold": False}))
    in_place(file_of(folder), older)
    assert open_drafts(folder).behind == 5


def test_without_the_record_a_newer_backup_tells(opened: Opened):
    folder, store = opened.store.path.parent, opened.store
    older = store.path.read_bytes()
    changes(store)
    store.backup()
    store.close()
    (folder / progress.PROGRESS_FILE).unlink()
    in_place(file_of(folder), older)
    assert_matches("比备份旧（少 5 处修改）", open_drafts(folder).sentence)


def test_after_a_crash_without_a_record_nothing_is_promised(opened: Opened):
    folder = opened.store.path.parent
    kill(opened.store)
    (folder / progress.PROGRESS_FILE).unlink()
    again = open_drafts(folder)
    assert_matches("^本软件上次未正常退出，本机没有上次保存的记录，请核对最后的修改", again.sentence)
    again.store.close()


def test_a_run_remembers_what_was_committed_only(opened: Opened):
    store = opened.store
    before = dict(store.run.steps[1])

    def amid() -> None:
        with store.at_once():
            type_in(store, 2)
            store.keep_version(1, "一", DAILY)
            raise KeyError

    with pytest.raises(KeyError):
        amid()
    assert (store.run.steps[1], store.run.versions) == (before, {})
    type_in(store, 3)
    assert store.run.reports[1][1] == store.load(1)


def test_a_run_forgets_the_versions_of_what_was_deleted_for_ever(opened: Opened):
    store = opened.store
    other = store.create(store.load(1), "新建").number
    for number in (1, other):
        store.keep_version(number, f"第 {number} 份")
    store.delete(other)
    store.purge(datetime.now().astimezone() + timedelta(seconds=2))
    assert {row["draft"] for row in store.run.versions.values()} == {1}
    assert set(store.run.gone) == {other}
