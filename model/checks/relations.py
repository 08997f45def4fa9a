"""Findings about the relations of a form (勾稽关系): broken equations and the cell that would settle them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from model.base import in_quotes, nested
from model.checks.finding import Finding, Fix, RuleInput
from model.checks.mixups import settled_by
from model.checks.printed_totals import printed_gaps, wrong_cells
from model.checks.relation_gaps import also_off, gap_of, gap_size, is_broken
from model.form import (
    Address,
    Case,
    Check,
    Entry,
    Every,
    Format,
    Number,
    Relation,
    Section,
    Table,
    columns_named,
    evaluate,
    rows_named,
    shown,
)
from model.report import Report


def check_findings(
    form: Format, section: Section, table: Table, check: Check, found: Sequence[Case], state: RuleInput
) -> tuple[Finding, ...]:
    """Report one finding for each cause: a total that is off by as much as its parts together is named with them."""
    if not _applies(check, state.report):
        return ()
    broken = [case for case in found if is_broken(form, case, state)]
    if not broken:  # the usual case, at every keystroke: looking for the cause takes a walk over the whole table
        return ()
    wrong = wrong_cells(form, table, state, printed_gaps(form, table, state))
    gap_of_cell = {it.cell: it.gap for it in wrong}
    settled = settled_by(state.mixups(form, table))
    broken = [c for c in broken if (check.code, c.item) not in settled and not _explained(c, state, gap_of_cell)]
    gaps = {case.item: gap_of(case.holds, state.printed_values) for case in broken}
    sums = _sums_over(table, check)
    followers = [case for case in broken if _follows(case.item, gaps, sums)]
    return tuple(
        _check_finding(form, section, check, case, state, [f.label for f in followers if case.item in sums[f.item]])
        for case in broken
        if case not in followers
    )


def _applies(check: Check, report: Report) -> bool:
    spared = check.spares and check.spares.search(report.agency)
    concerned = not check.unit_kinds or report.unit_kind in check.unit_kinds
    return not spared and concerned and report.year >= check.first_year


def _explained(case: Case, state: RuleInput, gap_of_cell: Mapping[Address, Number]) -> bool:
    """Return True if a cell that has a finding of its own accounts for the whole gap of this relation."""
    gap = gap_of(case.holds, state.printed_values)
    return any(case.holds.coefficient(cell) * off == gap for cell, off in gap_of_cell.items())


def _sums_over(table: Table, check: Check) -> dict[str, tuple[str, ...]]:
    """Return for each total column (or row) the names of what it adds up."""
    if check.every is Every.ROW:
        return {r.id: tuple(rows_named(table, r.total.names())) for r in table.rows if r.total}
    totals = [(band, column.id, column.total) for band in table.bands for column in band.columns if column.total]
    return {name: tuple(columns_named(table, band, total.names())) for band, name, total in totals}


def _follows(name: str, gaps: Mapping[str, Number], sums: Mapping[str, tuple[str, ...]]) -> bool:
    parts = [gaps[part] for part in sums.get(name, ()) if part in gaps]
    return bool(parts) and sum(parts) == gaps[name]


def _check_finding(
    form: Format, section: Section, check: Check, case: Case, state: RuleInput, also: Sequence[str]
) -> Finding:
    printed_values = state.printed_values
    left, right = evaluate(case.holds.left, printed_values), evaluate(case.holds.right, printed_values)
    numbers = {"left": shown(left), "right": shown(right), "gap": gap_size(left - right)}
    label = nested(case.label)
    message = check.says.format(row=label, column=label, **numbers)
    message += also_off(map(in_quotes, also))
    found = partial(Finding, check.code, check.severity, section.id, message)
    basis = form.in_full(check.basis)
    correction = _single_correction(form, case.holds, state.report, left - right)
    if not correction:
        return found(check.advice, basis, case.holds.names())
    address, number = correction
    now = shown(state.report.entry(address).number)
    advice = f"{check.advice}；若其他各格无误，{form.cell_name(address)}应填 {shown(number)}（现为 {now}）"
    cells = (address, *(a for a in case.holds.names() if a != address))
    return found(advice, basis, cells, Fix(f"改为 {shown(number)}", cells=((address, Entry(number)),)))


def _single_correction(
    form: Format, relation: Relation[Address], report: Report, gap: Number
) -> tuple[Address, Number] | None:
    """Return the only filled cell of an equation whose change would settle it, and the number it should then hold.

    A zero is taken to be intended, and cells inside a total are left out: any of them could be wrong. Where two
    cells could settle it, proposing one of them would mislead.
    """
    corrections = [
        (address, number - gap * factor)
        for address in dict.fromkeys(relation.names())
        if address not in form.totals
        and (number := report.entry(address).number)
        and (factor := relation.coefficient(address)) in (1, -1)
        and number - gap * factor > 0
    ]
    return corrections[0] if relation.sign == "=" and len(corrections) == 1 else None
