"""Tests of what proves the drafts' file whole: schema versions, migrations, orphans, purging, restoring, settings."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from model.base.trouble import Trouble
from model.form.cell import BLANK, Entry, at
from model.form.format import Severity
from model.report.draft_counts import CountsAfter, DraftCounts
from model.report.report import Change, ReadingNote, Report
from model.storage import (
    backups,
    counts,
    database_file,
    file_copy,
    migrations,
    progress,
    row_codec,
    save_thread,
    schema_check,
)
from model.storage.database_file import StoreTrouble, TroubleKind
from model.storage.inventory import Mark
from model.storage.row_codec import Part, RowValues
from model.storage.save_thread import SaveThread
from model.storage.store import Store, new_uid
from model.storage.verified_rows import StoredRow, VerifiedReader, VerifiedStart, head_sum

CELL = at("requests/new_received/natural_person")
REPORT = Report("应急管理局", 2023, "2021", cells={CELL: Entry(12)}, texts={"overview": "总体情况"})


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path)
    store.create(REPORT, "新建")
    yield store
    store.close()


def enter(store: Store, number: int) -> None:
    change = Change("填写", cells={CELL: (store.load(1).entry(CELL), Entry(number))})
    store.save(1, [change], new_uid())


def execute(path: Path, *statements: str) -> None:
    other = sqlite3.connect(path)
    for statement in statements:
        other.execute(statement)
    other.commit()
    other.close()


# -- schema versions and migrations ----------------------------------------------------------------------------------


def test_a_file_of_the_very_next_version_is_not_written(store, tmp_path):
    store.close()
    execute(tmp_path / "reports.db", f"PRAGMA user_version={migrations.latest() + 1}")
    before = (tmp_path / "reports.db").read_bytes()
    with pytest.raises(StoreTrouble, match=f"由本软件的新版本保存（数据版本 {migrations.latest() + 1}，") as trouble:
        Store.open(tmp_path)
    assert trouble.value.kind is TroubleKind.NEWER
    assert (tmp_path / "reports.db").read_bytes() == before


def another_year_with_a_right_sum(database: Database) -> None:
    for row in list(database.table("draft").rows):
        changed = {**row, "year": row["year"] + 1}
        database.execute("UPDATE draft SET year = ?, sum = ?", [changed["year"], head_sum(changed)])


def a_cell_less(database: Database) -> None:
    database.execute("DELETE FROM cell")


def another_cause(database: Database) -> None:
    database.execute("UPDATE journal SET cause = cause || '。'")


@pytest.mark.parametrize(
    "changes, error",
    [(another_year_with_a_right_sum, RuntimeError), (a_cell_less, StoreTrouble), (another_cause, StoreTrouble)],
)
def test_a_migration_that_changes_drafts_is_taken_back(store, tmp_path, monkeypatch, changes, error):
    store.close()
    names, registered = list(migrations.NAMES), list(migrations.migrations._migrations)
    monkeypatch.setattr(migrations, "NAMES", [*names])
    monkeypatch.setattr(migrations.migrations, "_migrations", [*registered])
    migrations._migration(changes)
    with pytest.raises(error):
        Store.open(tmp_path)
    schema_check.shape_of_version.cache_clear()
    monkeypatch.undo()
    again = Store.open(tmp_path)
    assert again.load(1) == REPORT
    again.close()


# -- what is read again ----------------------------------------------------------------------------------------------


def test_of_a_journal_only_the_steps_of_another_window_are_read_again(store, tmp_path, monkeypatch):
    starts: list[int] = []
    changes = VerifiedReader.changes

    def reading(reader: VerifiedReader, head: StoredRow, start: VerifiedStart | None = None):
        starts.append(start.step if start else 0)
        return changes(reader, head, start)

    enter(store, 13)
    other = Store.open(tmp_path)
    enter(other, 14)
    other.close()
    monkeypatch.setattr(VerifiedReader, "changes", reading)
    assert [change.cells[CELL][1] for change in store.history(1).done] == [Entry(13), Entry(14)]
    assert starts == [2]


def test_the_history_after_a_save_that_was_taken_back_is_that_of_the_file(store, tmp_path, monkeypatch):
    def fails(*_: object) -> None:
        raise StoreTrouble("磁盘已满")

    monkeypatch.setattr(counts, "write_counts", fails)
    counted = CountsAfter(DraftCounts(0, 0, 0, 0, 0, date(2024, 1, 31)), 2, "")
    with pytest.raises(StoreTrouble):
        store.save(1, [Change("填写", cells={CELL: (Entry(12), Entry(77))})], new_uid(), counted)
    other = Store.open(tmp_path)
    enter(other, 13)
    other.close()
    assert [change.cells[CELL][1] for change in store.history(1).done] == [Entry(13)]


def test_a_printed_total_without_its_number_is_refused():
    head = {"agency": "示例局", "year": 2023, "format": "2021", "unit_kind": "department"}
    empty: dict[Part, dict[str, RowValues]] = {part: {} for part in row_codec.PARTS}
    assert row_codec.report_of(head, {**empty, row_codec.STATED: {str(CELL): ("7",)}}).stated == {CELL: 7}
    with pytest.raises(ValueError, match="without its number"):
        row_codec.report_of(head, {**empty, row_codec.STATED: {str(CELL): (None,)}})


@pytest.mark.parametrize("difference", ['[2,"丙","丁",1]', '[2,"丙丙","丁",2]', '[2,"丙","丁",9]', '[0,"","丁",0]'])
def test_a_changed_text_that_does_not_fit_the_text_before_it_is_refused(difference):
    with pytest.raises(ValueError, match="not there before"):
        row_codec.change_of("改写", f'{{"texts":{{"overview":{difference}}}}}', {"overview": "甲乙己戊"})


@pytest.mark.parametrize("after", ["甲丙乙", "甲乙乙乙", "乙", "甲乙", "丁甲乙乙", "甲乙乙丁"])
def test_a_changed_text_is_written_as_its_difference_and_read_back(after):
    change = Change("改写", texts={"overview": ("甲乙乙", after)})
    written = row_codec.change_json(change, {"overview": "甲乙乙"})
    assert row_codec.change_of("改写", written, {"overview": "甲乙乙"}) == change
    assert "甲乙乙" not in written


def test_of_the_files_last_saved_into_the_one_longest_ago_is_forgotten_first(tmp_path):
    for head, name in enumerate("abcdae"):
        progress.note_mark(tmp_path, Mark(name, head))
    assert progress.recall(tmp_path).heads == {"c": 2, "d": 3, "a": 4, "e": 5}


def test_no_save_can_stand_twice_in_the_journal(store):
    row = next(iter(store.database.table("journal").rows))
    with pytest.raises(sqlite3.IntegrityError, match=r"journal\.uid"):
        store.database.table("journal").insert(row | {"id": 9, "step": 9})
    with pytest.raises(sqlite3.IntegrityError, match=r"journal\.draft, journal\.step"):
        store.database.table("journal").insert(row | {"id": 9, "uid": "another"})


# -- rows without a draft --------------------------------------------------------------------------------------------


def test_steps_of_a_draft_whose_own_row_is_gone_are_missed(store, tmp_path):
    store.create(Report("示例乡", 2022, "2021"), "新建")  # without any cell or text
    enter(store, 13)
    store.close()
    execute(tmp_path / "reports.db", "DELETE FROM draft WHERE number = 2")
    again = Store.open(tmp_path)
    with pytest.raises(StoreTrouble, match="已损坏（修改记录不完整）"):
        again.verify()
    again.close()


# -- deleted for ever ------------------------------------------------------------------------------------------------


def test_of_a_draft_deleted_for_ever_no_word_stays_in_the_file(store, tmp_path):
    words = [f"canary-{where}" for where in ("agency", "text", "version", "remark", "fact", "note", "cause", "name")]
    agency, text, version, remark, fact, note, cause, name = words
    second = Report(
        agency,
        2023,
        "2021",
        cells={CELL: Entry(7, remark=remark)},
        texts={"overview": version},
        facts={"phone": fact},
        notes=(ReadingNote("import", Severity.HINT, "overview", note),),
    )
    number = store.create(second, cause).number
    store.keep_version(number, name)
    counted = CountsAfter(DraftCounts(1, 2, 3, 4, 5, date(2024, 1, 31)), 2, "edition")
    store.save(number, [Change("改写", texts={"overview": (version, text)})], new_uid(), counted)
    content = (tmp_path / "reports.db").read_bytes()
    assert [word for word in words if word.encode() not in content] == []
    store.delete(number)
    assert store.purge(datetime.now().astimezone() + timedelta(seconds=1)) == (number,)
    content = (tmp_path / "reports.db").read_bytes() + (tmp_path / "reports.db-journal").read_bytes()
    assert [word for word in words if word.encode() in content] == []
    assert [store.versions(number), number in store.counts()] == [(), False]


# -- before a restore ------------------------------------------------------------------------------------------------


def test_before_a_restore_the_present_state_is_backed_up(store, tmp_path):
    older = store.backup()
    enter(store, 13)
    assert backups.restore(store, older, [1]) == (1,)
    latest = backups.listed(tmp_path / "备份")[0]
    assert latest.path != older
    with file_copy.reading(latest.path) as reader:
        assert reader.report(reader.head(1)).entry(CELL) == Entry(13)


def test_of_backups_of_another_file_the_one_with_the_highest_step_is_used(store, tmp_path):
    store.backup()
    enter(store, 13)
    later = store.backup()
    newest = backups.newest(tmp_path / "备份", "another file")
    assert newest
    assert newest.path == later


# -- settings of the connection --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, value",
    [
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("mmap_size", 0),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("synchronous", 2),
        ("journal_mode", "truncate"),
    ],
)
def test_each_connection_has_every_setting_whatever_the_library_was_built_with(store, name, value):
    assert database_file.PRAGMAS[name] == value
    copy = store.backup()
    with file_copy.reading(copy) as reader:
        answers = [database.execute(f"PRAGMA {name}").fetchone() for database in (store.database, reader.database)]
    assert [answer for answer in answers if answer not in {(value,), None}] == []  # None: a build without mmap


@pytest.mark.parametrize(
    "planted, used",
    [
        ("CREATE VIEW planted AS SELECT spy() AS x", "SELECT x FROM planted"),
        ("CREATE TRIGGER planted AFTER INSERT ON meta BEGIN SELECT spy(); END", "INSERT INTO meta VALUES ('k', 'v')"),
    ],
)
def test_what_is_planted_in_the_schema_calls_no_function_of_ours(store, tmp_path, planted, used):
    store.close()
    execute(tmp_path / "reports.db", planted)
    called: list[int] = []
    database = database_file.connect(tmp_path / "reports.db")
    connection = database.conn
    connection.create_function("spy", 0, lambda: called.append(1))
    with pytest.raises(sqlite3.OperationalError, match=r"unsafe use of spy\(\)"):
        connection.execute(used).fetchall()
    assert called == []
    database.close()


def test_a_row_of_no_draft_cannot_be_written(store):
    row = {"draft": 9, "section": "overview", "body": "", "rev": 1, "sum": ""}
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        store.database.table("text").insert(row)


# -- repeated attempts -----------------------------------------------------------------------------------------------


def test_after_each_failure_the_next_attempt_waits_longer_up_to_the_last_step(tmp_path, monkeypatch):
    waits, again = list[float](), list[Callable[[], None]]()

    class Timer(threading.Timer):
        def __init__(self, interval, function, args=None) -> None:
            super().__init__(interval, function, args)
            self._again = (interval, lambda: function(*(args or ())))

        def start(self) -> None:
            waits.append(self._again[0])
            again.append(self._again[1])

    class Failing(Store):
        def save(self, *_: object) -> datetime:
            raise Trouble("磁盘已满")

    store = Store.open(tmp_path)
    store.create(REPORT, "新建")
    store.close()
    monkeypatch.setattr(threading, "Timer", Timer)
    writer = SaveThread(lambda: Failing.open(tmp_path))
    waits.clear()
    writer.submit(1, Change("填写", cells={CELL: (BLANK, Entry(1))}))
    for attempt in range(1, len(save_thread.RETRY_AFTER) + 3):
        writer.call(lambda _store: None)
        assert len(waits) == attempt
        again[-1]()
    assert tuple(waits) == (*save_thread.RETRY_AFTER, *[save_thread.RETRY_AFTER[-1]] * 2)
    assert list(save_thread.RETRY_AFTER) == sorted({*save_thread.RETRY_AFTER})
    writer.abandon()


def test_what_is_typed_while_an_attempt_is_awaited_makes_no_further_attempt(tmp_path, monkeypatch):
    class Failing(Store):
        attempts = 0

        def save(self, *_: object) -> datetime:
            Failing.attempts += 1
            raise Trouble("磁盘已满")

    monkeypatch.setattr(save_thread, "RETRY_AFTER", (60.0,))
    store = Store.open(tmp_path)
    store.create(REPORT, "新建")
    store.close()
    writer = SaveThread(lambda: Failing.open(tmp_path))
    for number in range(3):
        writer.submit(1, Change("填写", cells={CELL: (BLANK, Entry(number))}))
        writer.call(lambda _store: None)
    assert (Failing.attempts, writer.waiting(1)) == (1, 3)
    writer.abandon()


def test_who_gives_up_does_not_wait_for_a_disk_that_hangs(tmp_path):
    begun, released = threading.Event(), threading.Event()

    class Hanging(Store):
        def save(self, *arguments: Any) -> datetime:
            begun.set()
            released.wait(20)
            return super().save(*arguments)

    store = Store.open(tmp_path)
    store.create(REPORT, "新建")
    store.close()
    writer = SaveThread(lambda: Hanging.open(tmp_path))
    writer.submit(1, Change("填写", cells={CELL: (Entry(12), Entry(1))}))
    assert begun.wait(20)
    given_up = threading.Thread(target=writer.abandon)
    given_up.start()
    given_up.join(10)
    assert not given_up.is_alive()
    released.set()
