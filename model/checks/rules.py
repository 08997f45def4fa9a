"""Rules of a format about its tables (勾稽关系, totals, open cells) and empty sections; each returns findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from model.checks.equations import balances, leaves_of
from model.checks.finding import CellOrField, Finding, Fix, RuleInput
from model.checks.mixups import mixed_findings, settled_by
from model.form import (
    Address,
    Case,
    CellKind,
    Check,
    Entry,
    Every,
    Format,
    Number,
    Relation,
    Section,
    Severity,
    Table,
    Values,
    cases,
    columns_named,
    evaluate,
    holds,
    rows_named,
    shown,
)
from model.report import Report

_FEW = 5  # most cells that a message names as possibly wrong
CELL_OPEN, TEXT_EMPTY = "cell-open", "text-empty"  # no mistake, only not filled in yet


@dataclass(frozen=True)
class Rule:
    """One rule: the places it reads and its function; its code is unique (a check of the form has no colon)."""

    code: str
    reads: frozenset[CellOrField]
    find: Callable[[RuleInput], tuple[Finding, ...]]


@lru_cache(maxsize=16)
def rules_of(form: Format) -> tuple[Rule, ...]:
    """Return all rules of a format, in the order of the paper."""
    rules: list[Rule] = [Rule("notes:", frozenset({"notes"}), _notes)]
    for section in form.sections:
        if section.table:
            rules += _table_rules(form, section, form.table(section.table))
        else:
            rules.append(Rule(f"text:{section.id}", frozenset({section.id}), partial(_text, section)))
    return tuple(rules)


def _table_rules(form: Format, section: Section, table: Table) -> Iterator[Rule]:
    every = frozenset(table.addresses())
    inputs = tuple(address for address in table.addresses() if address not in form.totals)
    yield Rule(f"unread:{table.id}", frozenset(inputs), partial(_unread, form, section, inputs))
    yield Rule(f"open:{table.id}", frozenset(inputs), partial(_open, form, section, inputs))
    checked = [(check, tuple(cases(table, check))) for check in table.checks]
    firm = [case for check, found in checked for case in found if (check.code, case.item) in dict(balances(table))]
    yield Rule(f"stated:{table.id}", every, partial(_stated, form, section, firm))
    for check, found in checked:
        yield Rule(check.code, _reads(form, found), partial(_broken_check, form, section, table, check, found))


def _reads(form: Format, found: Iterable[Case]) -> frozenset[CellOrField]:
    relations = [relation for case in found for relation in (case.holds, case.when) if relation]
    names = {name for relation in relations for name in relation.names()}
    return frozenset({"unit_kind", *names, *(leaf for name in names for _, leaf in leaves_of(form, 1, name, {}))})


def find_all(rules: Iterable[Rule], state: RuleInput) -> dict[str, tuple[Finding, ...]]:
    """Run the rules; return the findings of each by its code."""
    return {rule.code: rule.find(state) for rule in rules}


def flat(findings: Mapping[str, tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """Return all findings as one tuple, strongest first, otherwise in the order of the paper."""
    order = list(Severity)
    return tuple(sorted((f for found in findings.values() for f in found), key=lambda f: order.index(f.severity)))


# -- single cells and texts ---------------------------------------------------------------------------------------


def _notes(state: RuleInput) -> tuple[Finding, ...]:
    """Report the notes made while an old report was imported."""
    advice, basis = "请与原文件核对，核对后点「知道了」", "读取旧年报时的发现"
    return tuple(
        Finding(n.code, n.severity, n.section, n.message, advice, basis, fix=Fix("知道了", dismiss=(n.message,)))
        for n in state.report.notes
    )


def _unread(form: Format, section: Section, inputs: Sequence[Address], state: RuleInput) -> tuple[Finding, ...]:
    """Report each cell that holds something other than a number."""
    advice, basis = "已按原样保留，请改成数字", "单元格只能填数字"
    cells = state.report.cells
    return tuple(
        Finding("cell-unread", Severity.ERROR, section.id, f"{form.cell_name(a)}：{e.problem}", advice, basis, (a,))
        for a in inputs
        if (e := cells.get(a)) is not None and e.unread
    )


def _open(form: Format, section: Section, inputs: Sequence[Address], state: RuleInput) -> tuple[Finding, ...]:
    """Report all blank cells of a table as one finding; blank is not zero."""
    cells = state.report.cells
    blank = tuple(address for address in inputs if (entry := cells.get(address)) is None or entry.blank)
    if not blank:
        return ()
    message = f"还有 {len(blank)} 格未填" + (f"，如{form.cell_name(blank[0])}" if len(blank) < len(inputs) else "")
    fix = Fix(f"其余 {len(blank)} 格填 0", cells=tuple((a, Entry(0)) for a in blank))
    basis = "定稿时各格不能空白，没有发生的填 0"
    return (Finding(CELL_OPEN, Severity.ERROR, section.id, message, "请填写；没有发生的填 0", basis, blank, fix),)


def _text(section: Section, state: RuleInput) -> tuple[Finding, ...]:
    """Report a section without text."""
    if state.report.text(section.id).strip():
        return ()
    message, basis = f"「{section.title}」还没有内容", "年度报告格式规定的部分"
    return (Finding(TEXT_EMPTY, Severity.EXPLAIN, section.id, message, section.help or "请填写", basis),)


# -- blanks ---------------------------------------------------------------------------------------------------------


def _undecided(form: Format, report: Report, gap: Number, leaves: Iterable[tuple[int, Address]]) -> bool:
    """Return True if filling a cell that has no number yet could still close the gap (numbers only grow from 0)."""
    blank = [(factor, address) for factor, address in leaves if report.entry(address).number is None]
    return any(factor * gap < 0 or form.column(address).kind is CellKind.CHANGE for factor, address in blank)


# -- totals as an old report printed them -------------------------------------------------------------------------


def _stated(form: Format, section: Section, firm: Sequence[Case], state: RuleInput) -> tuple[Finding, ...]:
    """Report printed totals that differ from their sums, one finding for each cause.

    A grand total that is off by as much as the totals in its column, or those in its row, are off together only
    follows from them: it has no finding of its own, and is accepted with them.
    """
    table = form.table(section.table)
    gaps = _stated_gaps(form, table, state)
    if not gaps and not any(_broken(form, case, state) for case in firm):  # the usual case, at every keystroke
        return ()
    mixed = state.mixups(form, table)
    gaps = {address: gap for address, gap in gaps.items() if address not in settled_by(mixed)}
    lines = {address: _lines_through(form, address, gaps) for address in gaps}
    following = [
        a for a, parts in lines.items() if any(line and sum(gaps[p] for p in line) == gaps[a] for line in parts)
    ]
    findings = list(mixed_findings(form, section, state.report, mixed))
    for wrong in _wrong_cells(form, table, state, gaps):
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


def _stated_gaps(form: Format, table: Table, state: RuleInput) -> dict[Address, Number]:
    """Return computed - printed for each total that is off whatever its blanks may hold, in the order of the paper."""
    gaps: dict[Address, Number] = {}
    for address in _totals_in(form, table):
        if (stated := state.report.stated.get(address)) is not None:
            gap = (state.values.get(address) or 0) - stated
            if gap and not _undecided(form, state.report, gap, leaves_of(form, 1, address, {})):
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


def _wrong_cells(
    form: Format, table: Table, state: RuleInput, gaps: Mapping[Address, Number]
) -> tuple[_WrongCell, ...]:
    """Find cells whose row and column (or balance) are off by the same, where no other cell explains it as well.

    `gaps` is the result of `_stated_gaps` for the same table.
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
    return any(_gap(relation, state.printed_values) == factor * gap for relation, factor in mine)


def _wrong_cell_finding(form: Format, section: Section, state: RuleInput, wrong: _WrongCell) -> Finding:
    number = state.report.entry(wrong.cell).number or 0
    right = number - wrong.gap
    name = form.cell_name(wrong.cell)
    message = f"{name}：现为 {shown(number)}，所在的行和列都相差 {_size(wrong.gap)}，改为 {shown(right)} 后全部相符"
    advice = f"请核对{name}；确是 {shown(right)} 的，按下面的按钮改正"
    fix = Fix(f"改为 {shown(right)}", cells=((wrong.cell, Entry(right)),))
    cells = (wrong.cell, *wrong.totals)
    return Finding("cell-culprit", Severity.ERROR, section.id, message, advice, "总计应等于各项之和", cells, fix)


def _stated_finding(form: Format, section: Section, state: RuleInput, accept: Sequence[Address]) -> Finding:
    address = accept[0]
    stated, added = state.report.stated[address], state.values.get(address) or 0
    message = (
        f"{form.cell_name(address)}：各项之和为 {shown(added)}，原报告所填总计为 {shown(stated)}，"
        f"相差 {_size(added - stated)}{_following(form.cell_name(a) for a in accept[1:])}"
    )
    cells = (address, *(leaf for _, leaf in leaves_of(form, 1, address, {})))
    fix = Fix(f"以计算结果 {shown(added)} 为准", accept=tuple(accept))
    advice = (
        f"请核对各项和总计；各项无误的，以计算结果为准{_possible_causes(form, state.report, address, added - stated)}"
    )
    return Finding("total-stated", Severity.ERROR, section.id, message, advice, "总计应等于各项之和", cells, fix)


def _possible_causes(form: Format, report: Report, total: Address, gap: Number) -> str:
    """Name the parts that would explain why a total is off, where they are few, each with the number it should hold.

    A zero is taken to be intended, as everywhere.
    """
    filled = [(cell, number) for _, cell in leaves_of(form, 1, total, {}) if (number := report.entry(cell).number)]
    causes = [
        f"「{_name_within(form, total, cell)}」{shown(number)} 应为 {shown(number - gap)}"
        for cell, number in filled
        if number >= gap
    ]
    return f"；总计无误的，可能是其中一格填错：{'，或'.join(causes)}" if 0 < len(causes) <= _FEW else ""


def _name_within(form: Format, total: Address, cell: Address) -> str:
    """Return the name that distinguishes a cell among the parts of a total: its column's, or its row's."""
    return form.column(cell).label if cell.row == total.row else form.row_name(cell)


def _size(gap: Number) -> str:
    return shown(gap if gap > 0 else -gap)


def _following(names: Iterable[str]) -> str:
    return "".join(f"（{name}随之不符）" for name in names)


# -- the form's own relations -------------------------------------------------------------------------------------


def _broken_check(
    form: Format, section: Section, table: Table, check: Check, found: Sequence[Case], state: RuleInput
) -> tuple[Finding, ...]:
    """Report one finding for each cause: a total that is off by as much as its parts together is named with them."""
    if check.unit_kinds and state.report.unit_kind not in check.unit_kinds:
        return ()
    broken = [case for case in found if _broken(form, case, state)]
    if not broken:  # the usual case, at every keystroke: looking for the cause takes a walk over the whole table
        return ()
    wrong_cells = _wrong_cells(form, table, state, _stated_gaps(form, table, state))
    gap_of_cell = {wrong.cell: wrong.gap for wrong in wrong_cells}
    settled = settled_by(state.mixups(form, table))
    broken = [c for c in broken if (check.code, c.item) not in settled and not _explained(c, state, gap_of_cell)]
    gaps = {case.item: _gap(case.holds, state.printed_values) for case in broken}
    sums = _sums_over(table, check)
    followers = [case for case in broken if _follows(case.item, gaps, sums)]
    return tuple(
        _check_finding(form, section, check, case, state, [f.label for f in followers if case.item in sums[f.item]])
        for case in broken
        if case not in followers
    )


def _broken(form: Format, case: Case, state: RuleInput) -> bool:
    """Return True if a relation cannot hold any more, neither with the totals as printed nor as computed.

    Where the two differ, the total itself has a finding, and a second one for its consequence would mislead.
    """
    printed_values, stated = state.printed_values, state.report.stated
    if case.when and not holds(case.when, printed_values):
        return False
    if holds(case.holds, printed_values) or holds(case.holds, state.values):
        return False
    terms = (*case.holds.left.terms, *((-factor, name) for factor, name in case.holds.right.terms))
    leaves = [leaf for factor, name in terms for leaf in leaves_of(form, factor, name, stated)]
    return not _undecided(form, state.report, _gap(case.holds, printed_values), leaves)


def _explained(case: Case, state: RuleInput, gap_of_cell: Mapping[Address, Number]) -> bool:
    """Return True if a cell that has a finding of its own accounts for the whole gap of this relation."""
    gap = _gap(case.holds, state.printed_values)
    return any(case.holds.coefficient(cell) * off == gap for cell, off in gap_of_cell.items())


def _gap(relation: Relation[Address], values: Values) -> Number:
    return evaluate(relation.left, values) - evaluate(relation.right, values)


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
    numbers = {"left": shown(left), "right": shown(right), "gap": _size(left - right)}
    message = check.says.format(row=case.label, column=case.label, **numbers)
    message += _following(f"「{label}」" for label in also)
    found = partial(Finding, check.code, check.severity, section.id, message)
    correction = _single_correction(form, case.holds, state.report, left - right)
    if not correction:
        return found(check.advice, check.basis, case.holds.names())
    address, number = correction
    now = shown(state.report.entry(address).number)
    advice = f"{check.advice}；若其他各格无误，{form.cell_name(address)}应填 {shown(number)}（现为 {now}）"
    cells = (address, *(a for a in case.holds.names() if a != address))
    return found(advice, check.basis, cells, Fix(f"改为 {shown(number)}", cells=((address, Entry(number)),)))


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
