"""Tests that totals are computed exactly, and again only if their cells changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.form import loader
from model.form.cell import BLANK, Address, Entry, at, shown
from model.form.format import Format
from model.report.totals import Engine
from tests.support.helpers import FORM_2021, FORMS, LAW, REPORTS, complete, editing, lines, published, report

ENGINES = {form.id: Engine(form) for form in FORMS}
MANY = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
NUMBERS = st.one_of(st.none(), st.integers(0, 99), st.decimals(0, 99, places=2))
EDITS = st.lists(st.dictionaries(st.integers(0, 300), NUMBERS, min_size=1, max_size=4), min_size=1, max_size=8)


def cells(form: Format, edit: dict[int, int | Decimal | None]) -> dict[Address, Entry]:
    return {form.inputs[place % len(form.inputs)]: Entry(number) for place, number in edit.items()}


@MANY
@LAW
@given(EDITS)
def test_law_incremental_is_full(form: Format, edits):
    engine = ENGINES[form.id]
    values, now = engine.values(report(form, {})), report(form, {})
    for edit in edits:
        entries = cells(form, edit)
        now = report(form, {a: e.number for a, e in {**now.cells, **entries}.items() if e.number is not None})
        values, _ = engine.recompute(values, entries)
        assert {a: shown(n) for a, n in values.items()} == {a: shown(n) for a, n in engine.values(now).items()}


@MANY
@LAW
@given(EDITS)
def test_law_what_is_named_as_changed_is_exactly_what_is_written_differently(form: Format, edits):
    engine = ENGINES[form.id]
    values = engine.values(report(form, {}))
    for edit in edits:
        after, changed = engine.recompute(values, cells(form, edit))
        assert sorted(changed) == sorted(a for a in after if shown(after[a]) != shown(values[a]))
        values = after


@MANY
def test_every_cell_of_the_form_has_a_value_and_blanks_add_up_to_a_blank(form: Format):
    values = ENGINES[form.id].values(report(form, {}))
    assert set(values) == set(form.addresses)
    assert set(values.values()) == {None}


@MANY
def test_zeros_add_up_to_zero(form: Format):
    assert set(ENGINES[form.id].values(complete(form)).values()) == {0}


def test_a_total_over_one_number_and_blanks_is_that_number():
    values = editing(FORM_2021, lines(FORM_2021, "requests", "new_received 12 . . . . . .")).values
    assert values[at("requests/new_received/total")] == 12
    assert values[at("requests/carried_over/total")] is None


def test_one_cell_reaches_the_totals_of_its_row_and_its_column_and_the_one_of_both():
    form, cell = FORM_2021, at("requests/granted/business")
    _, changed = ENGINES["2021"].recompute(ENGINES["2021"].values(complete(form)), {cell: Entry(1)})
    assert set(changed) == {
        cell,
        at("requests/granted/total"),
        at("requests/results_total/business"),
        at("requests/results_total/total"),
    }


def test_a_cell_that_leaves_a_total_as_it_was_goes_no_further():
    form = FORM_2021
    before = ENGINES["2021"].values(complete(form, requests__granted__business=1))
    moved = {at("requests/granted/business"): Entry(0), at("requests/granted/research"): Entry(1)}
    _, changed = ENGINES["2021"].recompute(before, moved)
    assert at("requests/granted/total") not in changed
    assert at("requests/results_total/research") in changed


def test_emptying_a_cell_makes_its_totals_blank_again():
    engine, cell = ENGINES["2021"], at("disputes/review/upheld")
    full, _ = engine.recompute(engine.values(report(FORM_2021, {})), {cell: Entry(1)})
    empty, _ = engine.recompute(full, {cell: BLANK})
    assert empty == engine.values(report(FORM_2021, {}))


def test_amounts_add_up_to_the_last_digit(tmp_path):
    text = (REPORTS.parent / "formats" / "third.toml").read_text(encoding="utf-8")
    old = 'columns = [ { id = "amount", label = "金额（万元）", kind = "amount", unit = "万元" } ]'
    new = """columns = [
      { id = "first", label = "一", kind = "amount" }, { id = "second", label = "二", kind = "amount" },
      { id = "total", label = "计", kind = "amount", sum = "first + second" } ]"""
    assert old in text
    text = text.replace(old, new).replace("60, 30, 30", "60, 30, 30, 30")
    (tmp_path / "third.toml").write_text(text, encoding="utf-8")
    form = loader.load(tmp_path / "third.toml")
    desk = editing(form)
    desk.enter(at("proactive/fees/first"), "59237.2449")
    desk.enter(at("proactive/fees/second"), "0.000001")
    assert desk.values[at("proactive/fees/total")] == Decimal("59237.244901")


@pytest.mark.parametrize("name", ["suqian-2023", "suqian-2024", "shuyang-2025"])
def test_the_totals_of_a_published_report_are_those_that_it_prints(name):
    old = published(name)
    values = Engine(FORM_2021).values(old)
    assert {address: values[address] for address in old.stated} == dict(old.stated)
    assert len(old.stated) == len(FORM_2021.totals) == 34
