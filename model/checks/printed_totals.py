"""Findings about totals printed in an old report that differ from their sums, and the cell that explains them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from model.base import in_quotes
from model.checks.equations import balances, leaves_of
from model.checks.finding import OWN_RULE, Finding, Fix, RuleInput
from model.checks.mixups import mixed_findings, settled_by
from model.checks.relation_gaps import also_off, gap_of, gap_size, is_broken, is_undecided
from model.form import (
    Address,
    Case,
    Entry,
    Format,
    Number,
    Relation,
    Section,
    Severity,
    Table,
    columns_named,
    rows_named,
    shown,
)
from model.report import Report

_FEW = 5  # most cells that a message names as possibly wrong


def printed_total_findings(
    form: Format, section: Section, firm: Sequence[Case], state: RuleInput
) -> tuple[Finding, ...]:
    """Report printed totals that differ from their sums, one finding for each cause.

    A grand total that is off by as much as the totals in its column, or those in its row, are off together only
    follows from them: it has no finding of its own, and is accepted with them.
    """
    table = form.table(section.table)
    gaps = printed_gaps(form, table, state)
    if not gaps and not any(is_broken(form, case, state) for case in firm):  # the usual case, at every keystroke
        return ()
    mixed = state.mixups(form, table)
    gaps = {address: gap for address, gap in gaps.items() if address not in settled_by(mixed)}
    lines = {address: _lines_through(form, address, gaps) for address in gaps}
    following = [
        a for a, parts in lines.items() if any(line and sum(gaps[p] for p in line) == gaps[a] for line in parts)
    ]
    findings = list(mixed_findings(form, section, state.report, mixed))
    for wrong in wrong_cells(form, table, state, gaps):
        findings.append(_wrong_cell_finding(form, section, state, wrong))
        gaps = {a: gap for a, gap in gaps.items() if a not in wrong.totals and a not in following}
    for address in gaps:
        if address not in following:
            group = [address]
            for other in following:  # in the order of the paper, so that the parts of a total come before it
                if any(part in group for line in lines[other] for part in line):
                    group.append(other)
            findings.append(_stated_finding(form, section, state, group))
    return tuple(findings)


def printed_gaps(form: Format, table: Table, state: RuleInput) -> dict[Address, Number]:
    """Return computed - printed for each total that is off whatever its blanks may hold, in the order of the paper."""
    gaps: dict[Address, Number] = {}
    for address in _totals_in(form, table):
        if (stated := state.report.stated.get(address)) is not None:
            gap = (state.values.get(address) or 0) - stated
            if gap and not is_undecided(form, state.report, gap, leaves_of(form, 1, address, {})):
                gaps[address] = gap
    return gaps


@lru_cache(maxsize=64)
def _totals_in(form: Format, table: Table) -> tuple[Address, ...]:
    return tuple(address for address in table.addresses() if address in form.totals)


def _lines_through(form: Format, address: Address, gaps: Mapping[Address, Number]) -> tuple[list[Address], ...]:
    """Return the totals in `gaps` among those that a total adds up: along its row, and down its column."""
    table = form.table(address.table)
    row, column = table.row(address.row), form.column(address)
    across = columns_named(table, table.band(address.row), column.total.names()) if column.total else ()
    down = rows_named(table, row.total.names()) if row.total else ()
    lines = [address._replace(column=name) for name in across], [address._replace(row=name) for name in down]
    return tuple([cell for cell in line if cell in gaps] for line in lines)


@dataclass(frozen=True, slots=True)
class _WrongCell:
    """The cell that explains why several relations are off by `gap`; `totals` are the totals among them."""

    cell: Address
    gap: Number
    totals: tuple[Address, ...]


def wrong_cells(form: Format, table: Table, state: RuleInput, gaps: Mapping[Address, Number]) -> tuple[_WrongCell, ...]:
    """Find cells whose row and column (or balance) are off by the same, where no other cell explains it as well.

    `gaps` is the result of `printed_gaps` for the same table.
    """
    relations = [relation for _, relation in balances(table)]
    found: dict[Address, _WrongCell] = {}
    for total, gap in gaps.items():
        if form.column(total).total is None or table.row(total.row).total is not None:
            continue  # only totals of typed rows are examined; columns and balances confirm them
        candidates = [
            _WrongCell(cell, gap, (total, *(a for a in gaps if a != total and _counts(form, a, cell))))
            for _, cell in leaves_of(form, 1, total, {})
            if (state.report.entry(cell).number or 0) >= gap and _confirmed(form, state, gaps, relations, total, cell)
        ]
        if len(candidates) == 1:
            found[candidates[0].cell] = candidates[0]
    return tuple(found.values())


def _counts(form: Format, total: Address, cell: Address) -> bool:
    return any(leaf == cell for _, leaf in leaves_of(form, 1, total, {}))


def _confirmed(
    form: Format,
    state: RuleInput,
    gaps: Mapping[Address, Number],
    relations: Sequence[Relation[Address]],
    total: Address,
    cell: Address,
) -> bool:
    """Return True if the cell's column total, or its balance, is off by as much as its row's total."""
    gap = gaps[total]
    columns = [a for a in gaps if a.column == cell.column and _counts(form, a, cell)]
    if any(gaps[a] == gap for a in columns):
        return True
    mine = [(relation, factor) for relation in relations if (factor := relation.coefficient(cell))]
    return any(gap_of(relation, state.printed_values) == factor * gap for relation, factor in mine)


def _wrong_cell_finding(form: Format, section: Section, state: RuleInput, wrong: _WrongCell) -> Finding:
    number = state.report.entry(wrong.cell).number or 0
    right = number - wrong.gap
    name = form.cell_name(wrong.cell)
    message = f"{name}：现为 {shown(number)}，所在的行和列都相差 {gap_size(wrong.gap)}，改为 {shown(right)} 后全部相符"
    advice = f"请核对{name}；确是 {shown(right)} 的，请改正"
    fix = Fix(f"改为 {shown(right)}", cells=((wrong.cell, Entry(right)),))
    cells = (wrong.cell, *wrong.totals)
    return Finding("cell-culprit", Severity.ERROR, section.id, message, advice, OWN_RULE, cells, fix)


def _stated_finding(form: Format, section: Section, state: RuleInput, accept: Sequence[Address]) -> Finding:
    address = accept[0]
    stated, added = state.report.stated[address], state.values.get(address) or 0
    message = (
        f"{form.cell_name(address)}：各项之和为 {shown(added)}，原报告所填总计为 {shown(stated)}，"
        f"相差 {gap_size(added - stated)}{also_off(form.cell_name(a) for a in accept[1:])}"
    )
    cells = (address, *(leaf for _, leaf in leaves_of(form, 1, address, {})))
    fix = Fix(f"以计算结果 {shown(added)} 为准", accept=tuple(accept))
    advice = (
        f"请核对各项和总计；各项无误的，以计算结果为准{_possible_causes(form, state.report, address, added - stated)}"
    )
    return Finding("total-stated", Severity.ERROR, section.id, message, advice, OWN_RULE, cells, fix)


def _possible_causes(form: Format, report: Report, total: Address, gap: Number) -> str:
    """Name the parts that would explain why a total is off, where they are few, each with the number it should hold.

    A zero is taken to be intended, as everywhere.
    """
    filled = [(cell, number) for _, cell in leaves_of(form, 1, total, {}) if (number := report.entry(cell).number)]
    causes = [
        f"{in_quotes(_name_within(form, total, cell))}{shown(number)} 应为 {shown(number - gap)}"
        for cell, number in filled
        if number >= gap
    ]
    return f"；总计无误的，可能是其中一格填错：{'，或'.join(causes)}" if 0 < len(causes) <= _FEW else ""


def _name_within(form: Format, total: Address, cell: Address) -> str:
    """Return the name that distinguishes a cell among the parts of a total: its column's, or its row's."""
    return form.column(cell).label if cell.row == total.row else form.row_name(cell)
