"""勾稽关系 and form: a list of rules, each of which reads some places and answers with findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.cell import Address, Entry, Number, shown
from model.format import Band, Check, Format, Section, Severity, Table
from model.relation import Linear, Relation, Values, evaluate, holds
from model.report import Report
from model.totals import along_column, along_row, columns_named, rows_named

Place = Address | str  # a cell, or the id of a section's text


@dataclass(frozen=True, slots=True)
class Fix:
    """What one click may do: new entries for cells, totals to accept as computed, notes to put away."""

    label: str
    cells: tuple[tuple[Address, Entry], ...] = ()
    accept: tuple[Address, ...] = ()
    dismiss: tuple[str, ...] = ()  # messages of notes


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be; `cells` are its places, the one to look at first."""

    code: str
    severity: Severity
    section: str
    message: str
    todo: str = ""
    basis: str = ""
    cells: tuple[Address, ...] = ()
    fix: Fix | None = None


@dataclass(frozen=True)
class State:
    """What the rules look at: the report, its computed values, and the values as believed.

    Believed is the total that an old report printed where it differs from the sum, else the sum.
    """

    report: Report
    values: Values

    def believed(self, address: Address) -> Number | None:
        return self.report.stated.get(address, self.values.get(address))


@dataclass(frozen=True)
class Rule:
    """One rule: where it looks, and what it finds there."""

    code: str
    reads: frozenset[Place]
    find: Callable[[State], tuple[Finding, ...]]


def rules_of(form: Format) -> tuple[Rule, ...]:
    """All rules of a format, in the order of the paper."""
    rules: list[Rule] = [_notes_rule()]
    for section in form.sections:
        if section.table:
            table = form.table(section.table)
            rules += [_unread_rule(form, section, table), _open_rule(form, section, table)]
            rules += _total_rules(form, section, table)
            rules += [_check_rule(form, section, table, check) for check in table.checks]
        else:
            rules.append(_text_rule(section))
    return tuple(rules)


def find_all(rules: Iterable[Rule], state: State) -> dict[str, tuple[Finding, ...]]:
    """The findings of every rule, by its code."""
    return {rule.code: rule.find(state) for rule in rules}


def flat(findings: Mapping[str, tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """All findings in one row, strongest first, otherwise in the order of the paper."""
    order = list(Severity)
    return tuple(sorted((f for found in findings.values() for f in found), key=lambda f: order.index(f.severity)))


# -- single cells and texts ---------------------------------------------------------------------------------------


def _notes_rule() -> Rule:
    """What was seen while the old report was read."""

    def find(state: State) -> tuple[Finding, ...]:
        return tuple(
            Finding(note.code, note.severity, note.section, note.message, "请与原文件核对，核对后点「知道了」",
                    "读取旧年报时的发现", fix=Fix("知道了", dismiss=(note.message,)))
            for note in state.report.notes
        )  # fmt: skip

    return Rule("notes", frozenset({"notes"}), find)


def _inputs(form: Format, table: Table) -> tuple[Address, ...]:
    return tuple(address for address in table.addresses() if address not in form.totals)


def _unread_rule(form: Format, section: Section, table: Table) -> Rule:
    cells = _inputs(form, table)

    def find(state: State) -> tuple[Finding, ...]:
        entries = [(a, state.report.entry(a)) for a in cells]
        return tuple(
            Finding("cell-unread", Severity.ERROR, section.id, f"{form.cell_name(a)}：{entry.problem}", "已按原样保留，请改成数字",
                    "单元格只能填数字", (a,))
            for a, entry in entries if entry.unread
        )  # fmt: skip

    return Rule(f"{table.id}-unread", frozenset(cells), find)


def _open_rule(form: Format, section: Section, table: Table) -> Rule:
    """One finding for all blank cells of a table; blank is not zero."""
    cells = _inputs(form, table)

    def find(state: State) -> tuple[Finding, ...]:
        blank = tuple(a for a in cells if state.report.entry(a).blank)
        if not blank:
            return ()
        message = f"还有 {len(blank)} 格未填" + (f"，如{form.cell_name(blank[0])}" if len(blank) < len(cells) else "")
        fix = Fix(f"其余 {len(blank)} 格填 0", cells=tuple((a, Entry(0)) for a in blank))
        basis = "定稿时各格不能空白，没有发生的填 0"
        return (Finding("cell-open", Severity.ERROR, section.id, message, "请填写；没有发生的填 0", basis, blank, fix),)

    return Rule(f"{table.id}-open", frozenset(cells), find)


def _text_rule(section: Section) -> Rule:
    def find(state: State) -> tuple[Finding, ...]:
        if state.report.text(section.id).strip():
            return ()
        message = f"「{section.title}」还没有内容"
        return (Finding("text-empty", Severity.EXPLAIN, section.id, message, section.help or "请填写", "年度报告应有六个部分"),)

    return Rule(f"{section.id}-empty", frozenset({section.id}), find)


# -- totals as an old report printed them -------------------------------------------------------------------------


def _total_rules(form: Format, section: Section, table: Table) -> Iterator[Rule]:
    """Printed totals against sums: down the columns first, then along the rows.

    A total cell is judged with the totals it adds up *as printed*, so that one slip is named once.
    """
    for band in table.bands:
        for row in band.rows:
            if row.total:
                sums = {Address(table.id, row.id, c.id): along_column(table, c.id, row.total) for c in band.columns}
                yield _stated_rule(form, section, f"{table.id}-{row.id}-stated", sums)
        for column in band.columns:
            if column.total:
                sums = {Address(table.id, r.id, column.id): along_row(table, band, r.id, column.total) for r in band.rows}
                yield _stated_rule(form, section, f"{table.id}-{column.id}-stated", sums)


def _stated_rule(form: Format, section: Section, code: str, sums: dict[Address, Linear[Address]]) -> Rule:
    reads = frozenset(sums) | {name for linear in sums.values() for name in linear.names()}
    totals = form.totals

    def find(state: State) -> tuple[Finding, ...]:
        believed = {name: state.believed(name) for name in reads}
        broken = [
            (address, evaluate(linear, believed))
            for address, linear in sums.items()
            if address in state.report.stated and evaluate(linear, believed) != believed[address]
        ]
        return tuple(
            _stated_finding(form, section, state, address, number)
            for address, number in _causes(broken, believed, totals)
        )

    return Rule(code, reads, find)


def _causes(
    broken: Sequence[tuple[Address, Number]], believed: Values, totals: Mapping[Address, Linear[Address]]
) -> list[tuple[Address, Number]]:
    """Leave out a broken total whose gap is just the sum of the gaps of the other broken ones in its own sum."""
    gaps = {address: number - (believed[address] or 0) for address, number in broken}
    return [
        (address, number)
        for address, number in broken
        if not (parts := [gaps[n] for n in totals[address].names() if n in gaps]) or sum(parts) != gaps[address]
    ]


def _stated_finding(form: Format, section: Section, state: State, address: Address, added: Number) -> Finding:
    stated, computed = state.report.stated[address], state.values.get(address)
    message = f"{form.cell_name(address)}：各项之和为 {shown(added)}，原报告所填总计为 {shown(stated)}，相差 {_apart(added, stated)}"
    cells = (address, *(n for n in form.totals[address].names() if n not in form.totals))
    fix = Fix(f"以计算结果 {shown(computed or 0)} 为准", accept=(address,))
    todo = "请核对各项和总计；各项无误的，以计算结果为准"
    return Finding("total-stated", Severity.ERROR, section.id, message, todo, "总计应等于各项之和", cells, fix)


# -- the form's own relations -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Case:
    """One relation of a check: for one column, or for one row."""

    name: str  # the column's (or row's) id
    label: str
    relation: Relation[Address]
    inputs: tuple[Address, ...]  # the cells it rests on; blank ones leave it undecided


def _check_rule(form: Format, section: Section, table: Table, check: Check) -> Rule:
    cases = [case for band in table.bands for case in _cases(form, table, band, check)]
    reads = frozenset(a for case in cases for a in (*case.relation.names(), *case.inputs))

    def find(state: State) -> tuple[Finding, ...]:
        if check.unit_kinds and state.report.unit_kind not in check.unit_kinds:
            return ()
        decided = [case for case in cases if not any(state.report.entry(a).number is None for a in case.inputs)]
        broken = [case for case in decided if not holds(case.relation, {a: state.believed(a) for a in case.relation.names()})]
        return tuple(_check_findings(form, section, table, check, broken, state))

    return Rule(check.code, reads | {"unit_kind"}, find)


def _cases(form: Format, table: Table, band: Band, check: Check) -> Iterator[_Case]:
    for item in band.columns if check.every == "column" else band.rows:
        if check.only and item.id not in check.only:
            continue
        bound = _bound(table, band, check, item.id)
        if bound.names():
            yield _Case(item.id, item.label, bound, tuple(_leaves(form, bound.names())))


def _bound(table: Table, band: Band, check: Check, item: str) -> Relation[Address]:
    """The check's relation for one column (or row), over addresses."""

    def place(linear: Linear[str]) -> Linear[Address]:
        if check.every == "column":
            return along_column(table, item, linear)
        return along_row(table, band, item, linear)

    return Relation(place(check.holds.left), check.holds.sign, place(check.holds.right))


def _leaves(form: Format, names: Iterable[Address]) -> Iterator[Address]:
    """The cells a clerk fills in on which these cells rest."""
    for name in names:
        if name in form.totals:
            yield from _leaves(form, form.totals[name].names())
        else:
            yield name


def _check_findings(form: Format, section: Section, table: Table, check: Check, broken: Sequence[_Case], state: State) -> Iterator[Finding]:
    """One finding for each cause: a total that is off by just what its parts are off is named with them."""
    sums = _sums_over(table, check)
    gaps = {case.name: _gap(case.relation, state) for case in broken}
    followers = [case for case in broken if _follows(case.name, gaps, sums)]
    for case in broken:
        if case not in followers:
            also = [follower.label for follower in followers if case.name in sums[follower.name]]
            yield _check_finding(form, section, check, case, state, also)


def _sums_over(table: Table, check: Check) -> dict[str, tuple[str, ...]]:
    """For each total column (or row) the names of what it adds up."""
    if check.every == "row":
        return {r.id: tuple(rows_named(table, r.total.names())) for r in table.rows if r.total}
    return {
        c.id: tuple(columns_named(table, band, c.total.names()))
        for band in table.bands
        for c in band.columns
        if c.total
    }


def _follows(name: str, gaps: Mapping[str, Number], sums: Mapping[str, tuple[str, ...]]) -> bool:
    parts = [gaps[part] for part in sums.get(name, ()) if part in gaps]
    return bool(parts) and sum(parts) == gaps[name]


def _gap(relation: Relation[Address], state: State) -> Number:
    left, right = _sides(relation, state)
    return left - right


def _sides(relation: Relation[Address], state: State) -> tuple[Number, Number]:
    believed = {a: state.believed(a) for a in relation.names()}
    return evaluate(relation.left, believed), evaluate(relation.right, believed)


def _apart(left: Number, right: Number) -> str:
    return shown(left - right if left > right else right - left)


def _check_finding(
    form: Format, section: Section, check: Check, case: _Case, state: State, also: Sequence[str]
) -> Finding:
    left, right = _sides(case.relation, state)
    message = check.says.format(
        row=case.label, column=case.label, left=shown(left), right=shown(right), gap=_apart(left, right)
    ) + "".join(f"（「{label}」随之不符）" for label in also)
    cure = _single_cure(form, case, state, left - right) if case.relation.sign == "=" else None
    if not cure:
        return Finding(check.code, check.severity, section.id, message, check.todo, check.basis, case.relation.names())
    address, number = cure
    now = shown(state.report.entry(address).number)
    todo = f"{check.todo}；若其他各格无误，{form.cell_name(address)}应填 {shown(number)}（现为 {now}）"
    fix = Fix(f"改为 {shown(number)}", cells=((address, Entry(number)),))
    cells = (address, *(a for a in case.relation.names() if a != address))
    return Finding(check.code, check.severity, section.id, message, todo, check.basis, cells, fix)


def _single_cure(form: Format, case: _Case, state: State, gap: Number) -> tuple[Address, Number] | None:
    """The one filled cell of the relation whose change alone would settle it, and the number it should hold.

    Cells inside a total are left out: there any of them could be wrong, and guessing one would mislead.
    """
    for address in case.relation.names():
        factor, number = case.relation.coefficient(address), state.report.entry(address).number
        if address not in form.totals and factor in (1, -1) and number and number - gap * factor > 0:
            return address, number - gap * factor
    return None
