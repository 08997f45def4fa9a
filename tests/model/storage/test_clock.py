"""Tests that nothing is deleted by its age while the system's clock may be wrong."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.base.clock import DAY, PAUSE, ClockRecord, ahead
from model.report.report import Change, Report
from model.storage import backups, maintenance, step_writer
from model.storage.maintenance import Maintenance
from model.storage.store import AUTOMATIC_VERSIONS, DAILY, Store, new_uid

START = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
REPORT = Report("应急管理局", 2023, "2021")


class Clock:
    """System clock that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = START
        clock = self

        class Set(datetime):
            @classmethod
            def now(cls, tz=None):
                return clock.now.astimezone(tz)

        for module in (maintenance, step_writer, backups):
            monkeypatch.setattr(module, "datetime", Set)
        monkeypatch.setattr("model.storage.store.datetime", Set)
        monkeypatch.setattr("model.storage.file_copy.datetime", Set)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def start(folder: Path) -> tuple[list[int], int]:
    """Start the program, let it do what is due; return the drafts in the recycle bin and the number of backups."""
    store = Store.open(folder)
    Maintenance()(store)
    bin_ = [draft.number for draft in store.drafts(deleted=True)]
    store.close()
    return bin_, len(backups.listed(folder / backups.FOLDER))


@pytest.fixture
def folder(tmp_path, clock):
    """A folder with a deleted draft and 30 backups of one day."""
    store = Store.open(tmp_path)
    store.create(REPORT, "新建")
    store.create(REPORT, "新建")
    store.delete(2)
    for minute in range(30):
        clock.now = START + timedelta(minutes=minute)
        store.save(1, [Change("改写", texts={"overview": ("", f"{minute}")})], new_uid())
        store.backup()
    store.close()
    return tmp_path


@pytest.mark.parametrize("years", [1, -1, 30, -30])
def test_a_clock_that_is_wrong_for_a_day_of_use_deletes_nothing(folder, clock, years):
    for hours in (0, 0.1, 1, 5, 20, 23.9):
        clock.now = START + timedelta(days=365 * years, hours=hours)
        assert start(folder) == ([2], 30)
    clock.now = START + 2 * DAY
    assert start(folder)[0] == [2]


def test_who_comes_back_after_a_year_has_the_bin_emptied_from_the_second_day_on(folder, clock):
    clock.now = START + 365 * DAY
    assert start(folder) == ([2], 30)
    clock.now += DAY + HOUR / 60
    found, count = start(folder)
    assert found == []
    assert count < 30


def test_daily_use_empties_the_bin_after_thirty_days_and_not_before(folder, clock):
    gone = next(day for day in range(1, 40) if not _used(folder, clock, START + day * DAY))
    assert gone == 32


def _used(folder: Path, clock: Clock, now: datetime) -> list[int]:
    clock.now = now
    return start(folder)[0]


def test_a_draft_deleted_while_the_clock_was_behind_stays_thirty_days(folder, clock):
    for day in range(1, 4):
        _used(folder, clock, START + day * DAY)
    clock.now = START - 3650 * DAY
    store = Store.open(folder)
    Maintenance()(store)
    store.delete(1)
    store.close()
    for day in range(4, 30):
        assert 1 in _used(folder, clock, START + day * DAY)


def test_versions_of_days_that_never_were_remove_none(tmp_path, clock):
    store = Store.open(tmp_path)
    store.create(REPORT, "新建")
    for day in range(AUTOMATIC_VERSIONS + 5):
        clock.now = START + 10 * day * DAY
        store.keep_version(1, f"{day}", DAILY)
    assert len(store.versions(1)) == AUTOMATIC_VERSIONS + 5
    store.trusts_clock(clock.now)
    clock.now += DAY
    assert store.trusts_clock(clock.now)
    store.keep_version(1, "下一天", DAILY)
    assert len(store.versions(1)) == AUTOMATIC_VERSIONS
    store.close()


@pytest.mark.parametrize("text", ["", "{", "null", '{"since": 1}', '{"since": "2026-01-01"}', "[" * 100_000])
def test_a_damaged_record_trusts_no_clock(text):
    assert ClockRecord.of(text) == ClockRecord()
    assert not ClockRecord.of(text).trusted(START)


def test_a_record_is_read_as_it_was_written():
    record = ClockRecord(START, START + DAY, START + HOUR)
    assert ClockRecord.of(record.text()) == record


def test_the_list_and_the_maintenance_call_the_same_time_wrong():
    assert not ahead(START, START - DAY)
    assert ahead(START, START - DAY - HOUR)


# Hours since the last start by the true clock, and how many days the clock is wrong meanwhile.  Wrong clocks differ by
# more than a pause, else nobody could tell them from days of use.
STARTS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([0, 0, 0, 9, -9, 40, -40, 365, -365, 3650])), max_size=60
)


@settings(max_examples=400, deadline=None)
@given(starts=STARTS)
def test_a_draft_is_purged_only_after_thirty_true_days(starts):
    record, true, wrong_since = ClockRecord(), START, None
    for hours, days in starts:
        true += hours * HOUR
        wrong_since = None if not days else wrong_since or true
        if wrong_since and true - wrong_since >= DAY:
            wrong_since = None  # somebody has corrected it
        now = true + (days if wrong_since else 0) * DAY
        record = record.seen(now)
        if record.trusted(now) and now - START >= maintenance.IN_RECYCLE_BIN:
            assert true - START >= timedelta(days=30)


def test_a_pause_over_night_or_lunch_is_none():
    record = ClockRecord()
    for hours in (0, 8, 8 + 24, 8 + 24 + 36):
        record = record.seen(START + hours * HOUR)
    assert record.trusted(START + 68 * HOUR)
    assert not record.seen(START + 68 * HOUR + PAUSE + HOUR).trusted(START + 68 * HOUR + PAUSE + HOUR)


def test_the_record_is_kept_in_the_file():
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        assert not store.trusts_clock(START)
        assert store.trusts_clock(START + DAY)
        store.close()
        again = Store.open(Path(folder))
        assert again.trusts_clock(START + DAY + HOUR)
        again.close()
