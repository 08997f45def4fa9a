"""Rules that compare a report with last year's: carried numbers, relations between the years, unusual jumps.

The relations are `[[table.year_check]]` of the format file; a name with `last.` before it means last year's cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from model.base import in_quotes, nested
from model.checks.finding import OWN_RULE, Finding, Fix, RuleInput
from model.checks.repetition import repetition_rules
from model.checks.rules import Rule
from model.form import (
    Address,
    Band,
    CellKind,
    Entry,
    Every,
    Format,
    Number,
    Relation,
    Section,
    Severity,
    Table,
    Values,
    YearCheck,
    cells_named,
    evaluate,
    holds,
    shown,
)
from model.report import Report, engine_of

LAST = "last."  # before a name in a relation, and before the table in the address of a cell of last year

JUMP, LARGE = 5, 50  # a count is reported if it is 5 times last year's or more and above 50, or fell from above 50 to 0
SLIP = 8  # a number that many times larger or smaller than last year's: a digit too many or too few, 元 for 万元
STABLE = 500  # a count from which on it does not fall to an eighth by chance; small ones do
SAME = 4  # numbers other than 0 from which on a table equal to last year's is reported


@dataclass(frozen=True)
class LastYear:
    """Last year's report with its totals; `values` by address, with `last.` before the id of the table."""

    report: Report
    values: Values

    @property
    def own_values(self) -> Values:
        """The same numbers by their addresses in last year's report."""
        return {a._replace(table=a.table.removeprefix(LAST)): number for a, number in self.values.items()}

    @classmethod
    def of(cls, report: Report, form: Format) -> LastYear:
        """Build it from a report and the format of the report."""
        values = {**engine_of(form).values(report), **report.stated}
        return cls(report, {_past(address): number for address, number in values.items()})


def _past(address: Address) -> Address:
    return address._replace(table=LAST + address.table)


def year_rules(form: Format, last: LastYear) -> Iterator[Rule]:
    """Yield the rules that compare with last year's report, in the order of the form."""
    for section in form.sections:
        if section.table:
            table = form.table(section.table)
            yield from _check_rules(form, section, table, last)
            cells = frozenset(table.addresses())
            yield Rule(f"jump:{table.id}", cells, partial(_jumps, form, section, table, last))
            yield Rule(f"same:{table.id}", cells, partial(_same, form, section, table, last))
    yield from repetition_rules(form, dict(last.report.texts), last.report.year)


def _check_rules(form: Format, section: Section, table: Table, last: LastYear) -> Iterator[Rule]:
    for check in table.year_checks:
        cases = tuple(_cases(table, check))
        reads = frozenset(name for _, relation in cases for name in relation.names() if not _is_past(name))
        yield Rule(check.code, reads, partial(_broken, form, section, check, cases, last))


def _is_past(address: Address) -> bool:
    return address.table.startswith(LAST)


def _cases(table: Table, check: YearCheck) -> Iterator[tuple[str, Relation[Address]]]:
    """Yield the check for each column (or row) that has cells for its names of this year."""
    for band in table.bands:
        for item in band.columns if check.every is Every.COLUMN else band.rows:
            if check.only and item.id not in check.only:
                continue
            relation = check.holds.bind(partial(_place, table, band, check.every, item.id))
            if any(not _is_past(name) for name in relation.names()):
                yield item.label, relation


def _place(table: Table, band: Band, every: Every, item: str, name: str) -> Iterator[Address]:
    if not name.startswith(LAST):
        yield from cells_named(table, band, every, item, name)
    elif every is Every.COLUMN:
        yield Address(LAST + table.id, name.removeprefix(LAST), item)
    else:
        yield Address(LAST + table.id, item, name.removeprefix(LAST))


def _broken(
    form: Format,
    section: Section,
    check: YearCheck,
    cases: Sequence[tuple[str, Relation[Address]]],
    last: LastYear,
    state: RuleInput,
) -> tuple[Finding, ...]:
    values = {**state.values, **last.values}
    decided = [(label, r) for label, r in cases if all(values.get(name) is not None for name in r.names())]
    broken = [(label, r) for label, r in decided if not holds(r, values)]
    inputs = [(label, r) for label, r in broken if not _rests_on_total(form, r)]
    return tuple(_finding(form, section, check, label, r, values) for label, r in inputs or broken)


def _rests_on_total(form: Format, relation: Relation[Address]) -> bool:
    """Return True for a relation over totals: it fails because of a column that is off and needs no own message."""
    return any(name in form.totals for name in relation.names())


def _finding(
    form: Format, section: Section, check: YearCheck, label: str, relation: Relation[Address], values: Values
) -> Finding:
    left, right = evaluate(relation.left, values), evaluate(relation.right, values)
    gap = shown(left - right if left > right else right - left)
    message = check.says.format(row=nested(label), column=nested(label), left=shown(left), right=shown(right), gap=gap)
    cells = tuple(name for name in relation.names() if not _is_past(name))
    return Finding(
        check.code, check.severity, section.id, message, check.advice, form.in_full(check.basis), cells,
        _cure(form, relation, right), overrulable=check.overrulable,
    )  # fmt: skip


def _cure(form: Format, relation: Relation[Address], number: Number) -> Fix | None:
    """Build a fix if the relation determines the cell: one cell of this year = numbers of last year; else None."""
    here = relation.left.names()
    outright = relation.sign == "=" and len(here) == 1 and all(map(_is_past, relation.right.names()))
    if not outright or here[0] in form.totals or number < 0:
        return None
    return Fix(f"按上年报告改为 {shown(number)}", cells=((here[0], Entry(number)),))


def carried_from(form: Format, last: LastYear, address: Address) -> str:
    """Return one sentence on the source of a carried number; "" for a cell without a source in last year's report."""
    table = form.table(address.table)
    for carry in table.carries:
        number = last.values.get(_past(address._replace(row=carry.source)))
        if carry.row == address.row and number is not None:
            return f"{last.report.year} 年报告的{in_quotes(table.row(carry.source).label)}为 {shown(number)}"
    return ""


# -- jumps --------------------------------------------------------------------------------------------------------


def _jumps(form: Format, section: Section, table: Table, last: LastYear, state: RuleInput) -> tuple[Finding, ...]:
    """Return one 提示 for all numbers of a table that have changed unusually since last year."""
    found = [
        (address, was, now)
        for address in table.addresses()
        if (was := last.values.get(_past(address))) is not None
        and (now := state.values.get(address)) is not None
        and _jumped(form.column(address).kind, was, now)
    ]
    if not found:
        return ()
    named = [f"{form.cell_name(a)}上年 {shown(was)}，本年 {shown(now)}" for a, was, now in found[:3]]
    more = f"等 {len(found)} 处" if len(found) > 3 else ""
    message = f"与上年相比变动很大：{'；'.join(named)}{more}"
    cells = tuple(address for address, _, _ in found)
    return (Finding("year-jump", Severity.HINT, section.id, message, "请核对是否填错位置或单位", OWN_RULE, cells),)


def _jumped(kind: CellKind, was: Number, now: Number) -> bool:
    if kind is CellKind.CHANGE:
        return False
    large, small = Decimal(max(was, now)), Decimal(min(was, now))
    slipped = small > 0 and large >= SLIP * small
    if kind is CellKind.AMOUNT:
        return slipped
    grown, shrunk = was > 0 and now >= JUMP * was and now > LARGE, was > LARGE and now == 0
    return bool(grown or shrunk or (slipped and large >= STABLE))


def _same(form: Format, section: Section, table: Table, last: LastYear, state: RuleInput) -> tuple[Finding, ...]:
    """Return a 提示 for a table with the numbers of last year's report: perhaps nobody has filled it in anew."""
    cells = [a for a in table.addresses() if a not in form.totals]
    pairs = [(last.values.get(_past(a)), state.values.get(a)) for a in cells]
    filled = [now for was, now in pairs if now]
    if len(filled) < SAME or any(was != now for was, now in pairs):
        return ()
    message = f"全表 {len(filled)} 个不是 0 的数都与 {last.report.year} 年的报告相同"
    advice = "请核对是否还是上年的数；确实相同的，不用修改"
    return (Finding("year-same", Severity.HINT, section.id, message, advice, OWN_RULE),)


def changes(form: Format, last: LastYear, values: Values) -> list[tuple[Address, Number | None, Number | None]]:
    """Return every cell with last year's and this year's number, for the table that compares two years."""
    return [(a, last.values.get(_past(a)), values.get(a)) for a in form.addresses]
