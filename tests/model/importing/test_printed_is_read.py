"""Tests that every printed report is read again, and that damaged copies are refused or read without other errors."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.form.cell import Address, CellKind, Entry, Number
from model.form.format import Format
from model.report.report import Report
from tests.support.importing_cases import FORMATS, REPORTS, filled, outcome, printed, read_text

FORMS = [FORMATS.named(name) for name in ("2019", "2021", "2027")]
NUMBERS = {
    CellKind.COUNT: st.integers(0, 99999),
    CellKind.CHANGE: st.integers(-99, 99),
    CellKind.AMOUNT: st.decimals(0, 99999, places=4) | st.integers(0, 9999),
}


@st.composite
def reports(draw: st.DrawFn, form: Format) -> Report:
    cells: dict[Address, Number] = {a: draw(NUMBERS[form.column(a).kind]) for a in form.inputs}
    return filled(form, cells)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
@given(data=st.data(), seed=st.integers(0, 2**32))
@settings(deadline=None, max_examples=30)
def test_a_printed_report_is_read_again_with_spaces_in_labels_and_group_headings_lost(form, data, seed):
    report = data.draw(reports(form))
    again = read_text(printed(report, form, random.Random(seed))).report
    assert (again.format, again.year, again.agency) == (form.id, report.year, report.agency)
    assert again.cells == report.cells
    assert again.stated == report.stated
    assert not [note for note in again.notes if note.code.startswith(("row", "column", "table", "section"))]


def test_blank_and_unread_cells_come_back_as_they_were():
    form = FORMATS.named("2021")
    whole = filled(form)
    odd = dict.fromkeys(form.inputs[1::5], Entry()) | {form.inputs[8]: Entry(typed="不详")}
    cells = {address: entry for address, entry in {**whole.cells, **odd}.items() if not entry.blank}
    report = Report(whole.agency, whole.year, form.id, cells=cells, stated=whole.stated)
    again = read_text(printed(report, form)).report
    assert {a: e.shown() for a, e in again.cells.items()} == {a: e.shown() for a, e in cells.items()}


SPOILS = st.tuples(st.sampled_from(["lose", "swap", "double", "blank"]), st.integers(0, 999), st.integers(0, 999))


def spoiled(lines: list[str], spoil: tuple[str, int, int]) -> list[str]:
    """Return the lines with one removed, two swapped, one doubled, or one cell blanked."""
    what, first, second = spoil
    here, there = first % len(lines), second % len(lines)
    copy = list(lines)
    if what == "lose":
        del copy[here]
    elif what == "swap":
        copy[here], copy[there] = copy[there], copy[here]
    elif what == "double":
        copy.insert(there, copy[here])
    else:
        cells = copy[here].split("\t")
        cells[second % len(cells)] = ""
        copy[here] = "\t".join(cells)
    return copy


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
@given(spoils=st.lists(SPOILS, min_size=1, max_size=6))
@settings(deadline=None, max_examples=120)
def test_whatever_happens_to_lines_a_number_is_read_into_its_own_cell_or_into_none(form, spoils):
    report = filled(form, {address: 1000 + 7 * place for place, address in enumerate(form.inputs)})
    lines = printed(report, form).split("\n")
    for spoil in spoils:
        lines = spoiled(lines, spoil)
    found = outcome("\n".join(lines).encode(), f"{form.first_year}年")
    if not isinstance(found, str) and found.report.format == form.id:
        numbers = {address: entry for address, entry in found.report.cells.items() if entry.number is not None}
        assert numbers == {address: report.cells[address] for address in numbers}


FIXTURES = [path.read_bytes() for path in sorted(REPORTS.iterdir()) if path.is_file()]
BYTES = st.binary(max_size=6) | st.sampled_from([b"\t", b"\n", b"0\t", b"\xe4", b'"'])
CUTS = st.tuples(st.floats(0, 1), st.floats(0, 0.2), BYTES)


@given(data=st.sampled_from(FIXTURES), cuts=st.lists(CUTS, min_size=1, max_size=5))
@settings(deadline=None, max_examples=1500)
def test_a_torn_file_is_read_or_refused_in_one_sentence(data, cuts):
    for place, length, new in cuts:
        start = int(place * len(data))
        data = data[:start] + new + data[start + int(length * len(data)) :]
    found = outcome(data)
    if isinstance(found, str):
        assert "\n" not in found
        assert len(found) < 300
    else:
        form = FORMATS.named(found.report.format)
        assert set(found.report.cells) <= set(form.inputs)
        assert set(found.report.stated) <= set(form.totals)


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(deadline=None, max_examples=300)
def test_anything_else_is_refused(data):
    assert isinstance(outcome(data), str)


def test_amounts_are_kept_digit_by_digit():
    form = FORMATS.named("2021")
    fees = Address("proactive", "fees", "amount")
    report = filled(form, {a: Decimal("72701.2570") if a == fees else 0 for a in form.inputs})
    assert str(read_text(printed(report, form)).report.cells[fees].number) == "72701.2570"
