"""The counts of the list are written with a save, hold for one state only, and are never worth refusing a draft."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.editing.session import Editing
from model.form.cell import Entry, at
from model.recovery.open_database import open_drafts
from model.report.draft_counts import CountsAfter, DraftCounts
from model.report.report import Change, Report
from model.storage import backups
from model.storage.counts import StoredCounts
from model.storage.save_thread import SaveThread
from model.storage.store import Store, new_uid
from tests.support.helpers import FORMS, LAW, ROOT, STEP, do, started

REPORT = Report("应急管理局", 2023, "2021", cells={at("a/b/c"): Entry(12)})
COUNTS = DraftCounts(errors=2, explain=1, cells=3, texts=4, filled=55, deadline=date(2024, 1, 31))
OTHER = replace(COUNTS, errors=7)


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path)
    store.create(REPORT, "新建")
    yield store
    store.close()


def typed(number: int, before: int | None = None) -> Change:
    was = Entry() if before is None else Entry(before)
    return Change("填写", cells={at("x/y/z"): (was, Entry(number))})


def after(step: int, counts: DraftCounts = COUNTS) -> CountsAfter:
    return CountsAfter(counts, step, "0.1.0 abc")


def current(store: Store) -> dict[int, DraftCounts]:
    """Counts that the list may show: those of the present state of a draft."""
    stored = store.counts()
    return {d.number: stored[d.number].counts for d in store.drafts() if stored.get(d.number, NONE).chain == d.chain}


NONE = StoredCounts(COUNTS, "no chain", "")


def test_counts_are_stored_with_the_save_that_they_are_about(store):
    store.save(1, [typed(1), typed(2, 1)], new_uid(), after(3))
    assert store.counts() == {1: StoredCounts(COUNTS, store.draft(1).chain, "0.1.0 abc")}


def test_a_draft_that_was_saved_without_counts_has_none(store):
    assert current(store) == {}
    store.save(1, [typed(1)], new_uid(), after(2))
    store.save(1, [typed(2, 1)], new_uid())
    assert current(store) == {}


def test_counts_by_a_window_that_has_not_seen_the_step_of_another_are_dropped(store, tmp_path):
    other = Store.open(tmp_path)
    other.save(1, [typed(1)], new_uid(), after(2))
    store.save(1, [Change("填写", texts={"overview": ("", "文")})], new_uid(), after(2, OTHER))
    assert current(store) == {}
    other.close()


def test_a_save_that_is_repeated_stores_its_counts_once(store):
    uid = new_uid()
    for _ in range(2):
        store.save(1, [typed(1)], uid, after(2))
    assert current(store) == {1: COUNTS}


@pytest.mark.parametrize("failing", ["journal", "draft", "counts"])
def test_a_save_that_fails_leaves_draft_and_counts_of_before(store, failing):
    store.save(1, [typed(1)], new_uid(), after(2))
    before = store.load(1)

    def forbid(action: int, table: str | None, *_: object) -> int:
        writes = action in {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE} and table == failing
        return sqlite3.SQLITE_DENY if writes else sqlite3.SQLITE_OK

    store.database.conn.set_authorizer(forbid)
    with pytest.raises(sqlite3.DatabaseError):
        store.save(1, [typed(2, 1)], new_uid(), after(3, OTHER))
    store.database.conn.set_authorizer(None)
    assert (store.load(1), current(store)) == (before, {1: COUNTS})


def test_counts_computed_later_are_stored_for_the_state_that_was_counted_only(store):
    chain = store.draft(1).chain
    store.set_counts({1: StoredCounts(COUNTS, chain, "e"), 9: StoredCounts(COUNTS, chain, "e")})
    assert store.counts() == {1: StoredCounts(COUNTS, chain, "e")}
    store.save(1, [typed(1)], new_uid())
    store.set_counts({1: StoredCounts(OTHER, chain, "e")})
    assert current(store) == {}
    assert store.counts()[1].counts == COUNTS


def test_the_recycle_bin_keeps_counts_and_purging_removes_them(store):
    store.save(1, [typed(1)], new_uid(), after(2))
    store.delete(1)
    assert 1 in store.counts()
    deleted = store.draft(1).deleted
    assert deleted
    assert store.purge(deleted.replace(year=deleted.year + 1)) == (1,)
    assert store.counts() == {}


# -- derived data ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE counts SET body = replace(body, '2', '3')",
        "UPDATE counts SET body = 'no JSON'",
        "UPDATE counts SET body = CAST(x'ff00fe' AS TEXT)",
        "UPDATE counts SET chain = 'x'",
        "UPDATE counts SET edition = ''",
        "UPDATE counts SET sum = ''",
        "UPDATE counts SET draft = 77",
        "DELETE FROM counts",
    ],
)
def test_damaged_counts_are_missing_counts_and_nothing_else(tmp_path, statement):
    opened = open_drafts(tmp_path)
    opened.store.create(REPORT, "新建")
    opened.store.create(replace(REPORT, agency="乙局"), "新建")
    opened.store.save(2, [typed(1)], new_uid(), after(2, OTHER))
    opened.store.close()
    other = sqlite3.connect(tmp_path / "reports.db")
    other.execute(statement)
    other.commit()
    other.close()
    again = open_drafts(tmp_path)
    assert (again.sentence, again.recovered) == ("", None)
    assert current(again.store) == {}
    assert again.store.load(2).entry(at("x/y/z")) == Entry(1)
    again.store.set_counts({2: StoredCounts(COUNTS, again.store.draft(2).chain, "e")})
    assert current(again.store) == {2: COUNTS}
    again.store.close()


def test_counts_of_other_fields_by_another_version_are_missing_counts(store, monkeypatch):
    monkeypatch.setattr("model.storage.counts._FIELDS", {"errors", "deadline"})
    store.save(1, [typed(1)], new_uid(), after(2))
    monkeypatch.undo()
    assert store.counts() == {}


def test_a_draft_restored_from_a_backup_has_no_counts_of_a_later_state(store, tmp_path):
    store.save(1, [typed(1)], new_uid(), after(2))
    backup = store.backup()
    store.save(1, [typed(2, 1)], new_uid(), after(3, OTHER))
    backups.restore(store, backup, [1])
    assert store.load(1).entry(at("x/y/z")) == Entry(1)
    assert current(store) == {}


@pytest.mark.parametrize("name", ["0001.db", "0002.db"])
def test_an_old_file_that_is_only_read_has_no_counts(tmp_path, name):
    shutil.copy(ROOT / "tests" / "support" / "old_drafts" / name, tmp_path / "reports.db")
    store = Store.open_for_reading(tmp_path, "只能查看")
    assert store.counts() == {}
    assert store.drafts()
    store.close()


def test_the_schema_still_fits_on_the_first_page(tmp_path):
    """Otherwise `recovery.salvage` could not replace a damaged first page by that of a new file."""
    for number, source in enumerate(["", "0001.db", "0002.db", "0003.db", "0004.db"]):
        folder = tmp_path / str(number)
        folder.mkdir()
        if source:
            shutil.copy(ROOT / "tests" / "support" / "old_drafts" / source, folder / "reports.db")
        Store.open(folder).close()
        leaf_of_a_table = 13
        assert (folder / "reports.db").read_bytes()[100] == leaf_of_a_table


# -- a law ----------------------------------------------------------------------------------------------------------


@settings(LAW, max_examples=15)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
@given(st.dictionaries(st.integers(0, 99), st.integers(0, 9), max_size=3), st.lists(STEP, min_size=1, max_size=10))
def test_stored_counts_are_those_of_a_fresh_check(form, stated, steps):
    desk = started(form, stated)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        saved = store.create(desk.report, "新建").steps
        for step in steps:
            change = do(desk, step).change
            if not change.empty:
                saved += 1
                store.save(1, [change], new_uid(), after(saved, desk.counts))
                assert current(store) == {1: Editing(store.load(1), form).counts}
        store.close()


# -- the thread -----------------------------------------------------------------------------------------------------


def test_the_thread_stores_the_counts_of_the_last_change_of_a_batch(tmp_path: Path):
    Store.open(tmp_path).close()
    writer = SaveThread(lambda: Store.open(tmp_path))
    writer.call(lambda store: store.create(REPORT, "新建"))
    for number in range(1, 6):
        writer.submit(1, typed(number, number - 1 or None), after(number + 1, replace(COUNTS, errors=number)))
    assert writer.flush(10)
    assert writer.call(current)[1].errors == 5
    writer.submit(1, typed(6, 5))
    assert writer.flush(10)
    assert writer.call(current) == {}
    assert writer.close(10)
