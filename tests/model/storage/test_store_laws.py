"""Tests that any saved edits are read back, and that replaying the journal gives the same report."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.form.cell import BLANK, Address, Entry
from model.form.format import Severity
from model.report.report import Change, ReadingNote, Report, applied, difference
from model.storage.row_codec import change_json, change_of, number_of, number_text
from model.storage.store import NOTHING, Store, new_uid

slugs = st.sampled_from(["requests", "new_received", "natural_person", "total", "x"])
addresses = st.builds(Address, slugs, slugs, slugs)
texts = st.text(max_size=30)
numbers = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
entries = st.builds(Entry, numbers, remark=texts) | st.builds(Entry, st.none(), typed=texts, problem=texts)
notes = st.builds(ReadingNote, texts, st.sampled_from(Severity), texts, texts)
reports = st.builds(
    Report,
    agency=texts,
    year=st.integers(2000, 2100),
    format=st.sampled_from(["2019", "2021"]),
    unit_kind=st.sampled_from(["department", "town"]),
    cells=st.dictionaries(addresses, entries.filter(lambda entry: entry != BLANK), max_size=6),
    stated=st.dictionaries(addresses, numbers, max_size=3),
    texts=st.dictionaries(slugs, texts.filter(bool), max_size=3),
    facts=st.dictionaries(slugs, texts.filter(bool), max_size=3),
    notes=st.lists(notes, max_size=3).map(tuple),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = Store.open(tmp_path_factory.mktemp("数据"))
    yield store
    store.close()


@given(states=st.lists(reports, min_size=1, max_size=5), at_once=st.integers(1, 3))
@settings(deadline=None, max_examples=60)
def test_what_was_saved_is_loaded_and_the_journal_replays_to_it(store, states, at_once):
    number = store.create(states[0], "新建").number
    changes = [difference(old, new, f"第{i}步") for i, (old, new) in enumerate(pairwise(states))]
    for first in range(0, len(changes), at_once):
        store.save(number, changes[first : first + at_once], new_uid())
    loaded = store.load(number)
    assert loaded == states[-1]
    assert exact(loaded) == exact(states[-1])
    journal = store.journal(number)
    assert [step.change for step in journal[1:]] == changes
    replayed = NOTHING
    for step in journal:
        replayed = applied(replayed, step.change)
    assert replayed == states[-1]
    store.verify()


@given(old=reports, new=reports)
@settings(deadline=None, max_examples=30)
def test_a_change_saved_and_taken_back_leaves_what_was(store, old, new):
    number = store.create(old, "新建").number
    change = difference(old, new, "填写")
    store.save(number, [change, change.inverse()], new_uid())
    assert store.load(number) == old


@given(old=reports, new=reports)
def test_a_change_written_as_json_is_read_back(old, new):
    change = difference(old, new, "填写")
    assert change_of("填写", change_json(change)) == change


@pytest.mark.parametrize(
    "head", ['{"year":[2023,"soon"]}', '{"agency":[null,"局"]}', '{"nothing":["",""]}', '{"notes":["",[]]}']
)
def test_a_head_that_no_report_has_is_not_read(head: str):
    with pytest.raises(ValueError, match=r"year|agency|nothing|notes"):
        change_of("填写", f'{{"head":{head}}}')


@given(number=numbers)
def test_a_number_is_written_digit_by_digit(number):
    read = number_of(number_text(number))
    assert (read, type(read), str(read)) == (number, type(number), str(number))


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_number_is_not_written(number):
    with pytest.raises(ValueError, match="not a number"):
        number_text(number)


def test_half_a_character_becomes_a_mark_and_stops_nothing(store):
    number = store.create(Report("局", 2023, "2021"), "新建").number
    store.save(number, [Change("改写", texts={"overview": ("", "甲\ud83d乙\ud83d\ude00")})], new_uid())
    assert store.load(number).text("overview") == "甲\ufffd乙\U0001f600"


def exact(report: Report) -> dict[Address, str]:
    """Return the numbers as written: 1.0 and 1.00 are equal, but not the same."""
    return {address: repr(entry.number) for address, entry in report.cells.items()}
