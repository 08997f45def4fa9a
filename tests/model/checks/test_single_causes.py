"""Tests that a rule accuses a cell, proposes a cure or leaves a total out only if nothing else explains the numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from model.checks.equations import balances
from model.editing.session import Editing
from model.form import loader
from model.form.cell import Address, Entry, at
from model.form.format import Format, Severity
from tests.model.checks.test_equations import errors, printed
from tests.support.helpers import FORM_2021, ROOT, complete, editing, lines, messages, texts, zeros


def changed(folder: Path, *changes: tuple[str, str]) -> Format:
    """Return the format with other words in each place."""
    text = (ROOT / "resources" / "formats" / "2021.toml").read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1
        text = text.replace(before, after)
    (folder / "2021.toml").write_text(text, encoding="utf-8")
    return loader.load(folder / "2021.toml")


@pytest.fixture
def twice(tmp_path) -> Format:
    """Return the format with a made-up inequality that only one of its two cells could settle."""
    return changed(tmp_path, ('"in_force >= issued"', '"in_force >= issued + issued"'))


# -- one wrong cell --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [["natural_person"], ["natural_person", "business"]])
def test_of_two_cells_that_explain_the_printed_totals_alike_none_is_accused(columns):
    report = printed("suqian-2023")
    totals = [at("requests/granted/total"), *(at(f"requests/results_total/{column}") for column in columns)]
    wrong = replace(report, stated={**report.stated, **{total: int(report.stated[total]) + 1 for total in totals}})
    accused = [finding.cells[0] for finding in errors(Editing(wrong, FORM_2021)) if finding.code == "cell-culprit"]
    assert accused == ([at("requests/granted/natural_person")] if len(columns) == 1 else [])


STRONG = ('code = "proactive-in-force"\nseverity = "explain"', 'code = "proactive-in-force"\nseverity = "error"')


@pytest.mark.parametrize(
    "holds, counts",
    [
        ('holds = "in_force = issued"', 2),
        ('holds = "in_force >= issued"', 0),
        ('when = "issued >= 1"\nholds = "in_force = issued"', 0),
    ],
)
def test_only_equations_that_always_hold_confirm_a_suspicion(tmp_path, holds, counts):
    form = changed(tmp_path, STRONG, ('holds = "in_force >= issued"', holds))
    assert len(balances(form.table("proactive"))) == counts


def test_rows_moved_up_go_back_as_a_circle_where_no_column_total_tells_what_the_last_one_held():
    right = printed("suqian-2023")
    stated = {address: number for address, number in right.stated.items() if address.row != "results_total"}
    right = replace(right, stated=stated)
    rows = ["granted", "partly_granted", "denied_secret", "denied_by_law"]
    columns = [column.id for column in FORM_2021.table("requests").columns("granted") if column.total is None]
    moved = {
        Address("requests", row, column): right.entry(Address("requests", source, column))
        for row, source in zip(rows, [rows[-1], *rows[:-1]], strict=True)
        for column in columns
    }
    desk = Editing(replace(right, cells={**right.cells, **moved}), FORM_2021)
    (finding,) = errors(desk)
    assert finding.code == "rows-shifted"
    desk.apply(finding.fix)
    assert desk.report.cells == right.cells


# -- a cure ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("issued, in_force, found", [(5, 3, 1), (5, 9, 1), (5, 10, 0), (5, 11, 0)])
def test_for_an_inequality_no_number_is_proposed(twice, issued, in_force, found):
    numbers = {"proactive__rules__issued": issued, "proactive__rules__in_force": in_force}
    findings = [f for f in Editing(complete(twice, **numbers), twice).findings if f.code == "proactive-in-force"]
    assert [finding.fix for finding in findings] == [None] * found


@pytest.mark.parametrize(
    "numbers, proposed",
    [
        ({"new_received": 1, "carried_forward": 5}, None),  # one cell on each side: either may be wrong
        ({"new_received": 1, "granted": 5}, ("new_received", 5)),  # parts of a total are left out
        ({"new_received": 5, "carried_over": 3, "carried_forward": 2}, ("carried_forward", 8)),
        ({"new_received": 5, "carried_over": 3, "carried_forward": 9}, None),
        ({"new_received": 5}, None),  # the only cell would become 0
        ({"carried_forward": 5}, None),
    ],
)
def test_a_number_is_proposed_for_the_only_cell_of_a_balance_that_could_be_wrong(numbers, proposed):
    cells = {f"requests__{row}__natural_person": number for row, number in numbers.items()}
    findings = [f for f in Editing(complete(FORM_2021, **cells), FORM_2021).findings if f.code == "requests-balance"]
    said = [
        (cell.row, entry.number) for finding in findings for cell, entry in (finding.fix.cells if finding.fix else ())
    ]
    assert findings
    assert said[:1] == ([proposed] if proposed else [])


# -- totals that follow ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "persons, total, said",
    [
        (61, 61, ["“自然人”列：第一项加第二项为 60，第三项加第四项为 61，相差 1（“总计”随之不符）"]),
        (
            61,
            63,
            [
                "“自然人”列：第一项加第二项为 60，第三项加第四项为 61，相差 1",
                "“总计”列：第一项加第二项为 60，第三项加第四项为 63，相差 3",
            ],
        ),
        (60, 60, []),
    ],
)
def test_a_total_follows_from_its_parts_only_if_it_is_off_by_as_much(persons, total, said):
    numbers = zeros(FORM_2021, requests__new_received__natural_person=60)
    stated = lines(FORM_2021, "requests", f"new_received . . . . . . 60\nresults_total {persons} 0 0 0 0 0 {total}")
    desk = editing(FORM_2021, numbers | stated, texts=texts(FORM_2021))
    assert messages(desk.findings, "requests-balance") == said
    assert all(f.severity is Severity.ERROR for f in desk.findings)
    assert desk.report.entry(at("requests/new_received/natural_person")) == Entry(60)
