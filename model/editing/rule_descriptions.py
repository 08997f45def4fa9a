"""Help pages about rules: the check, its legal basis, a case that triggers it and one that does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from model.base import as_message, in_quotes
from model.checks import LAST, Finding
from model.form import (
    Address,
    Check,
    Column,
    Every,
    Format,
    Linear,
    Relation,
    Row,
    Table,
    YearCheck,
    at,
    columns_named,
    rows_named,
)
from model.prose import RulePage, RuleSet, TextRule

IN_TABLES, ACROSS_YEARS = "表内勾稽关系", "与上年核对"  # groups of rules
NOTES = "notes"  # code of the page for all notes of an import
_COMPARED = {"=": "等于", ">=": "不少于", "<=": "不多于"}


def page_of(form: Format, rules: RuleSet, finding: Finding) -> RulePage:
    """Return the page of the rule that a finding comes from."""
    for table, check in _relations(form):
        if check.code == finding.code:
            return _RelationPage(form, table, check).page()
    if rule := rules.rules.get(finding.code):
        return _text_page(form, rules, rule)
    return _in_full(form, rules.pages.get(finding.code) or rules.pages[NOTES])


def pages(form: Format, rules: RuleSet) -> dict[str, RulePage]:
    """Return the pages of all rules by code: relations of the form, then rules about tables, then about texts."""
    found = {check.code: _RelationPage(form, table, check).page() for table, check in _relations(form)}
    others = {code: _in_full(form, page) for code, page in rules.pages.items()}
    return {**found, **others, **{code: _text_page(form, rules, rule) for code, rule in rules.rules.items()}}


def relation_words(form: Format, table: Table, check: Check | YearCheck) -> str:
    """Return a relation in the form's words, with the condition under which it is checked."""
    return _RelationPage(form, table, check).page().what


def relations_at(form: Format, address: Address) -> Iterator[Check | YearCheck]:
    """Yield the relations in which a cell stands."""
    table = form.table(address.table)
    checks: tuple[Check | YearCheck, ...] = (*table.checks, *table.year_checks)
    return (check for check in checks if _stands_in(table, check, address))


def _stands_in(table: Table, check: Check | YearCheck, address: Address) -> bool:
    """Tell whether a relation names this cell, a group of it, or a total that it is a part of."""
    conditions = (check.holds, check.when) if isinstance(check, Check) else (check.holds,)
    names = [name.removeprefix(LAST) for relation in conditions if relation for name in relation.names()]
    if check.every is Every.REPORT:
        return any((cell.table, cell.row) == (address.table, address.row) for cell in map(at, names))
    across = check.every is Every.ROW
    named, kept = (address.column, address.row) if across else (address.row, address.column)
    items: Sequence[Row | Column] = table.columns(address.row) if across else table.rows
    totals = {item.id: item.total.names() for item in items if item.total}
    meant = [*names, *(part for name in names for part in totals.get(name, ()))]
    inside = columns_named(table, table.band(address.row), meant) if across else rows_named(table, meant)
    return named in inside and (not check.only or kept in check.only)


def _in_full(form: Format, page: RulePage) -> RulePage:
    return replace(page, basis=form.in_full(page.basis))


def _relations(form: Format) -> Iterator[tuple[Table, Check | YearCheck]]:
    for table in form.tables:
        checks: tuple[Check | YearCheck, ...] = (*table.checks, *table.year_checks)
        yield from ((table, check) for check in checks)


def _text_page(form: Format, rules: RuleSet, rule: TextRule) -> RulePage:
    cases = _quoted(rules.as_shown(rule.fires.text)), _quoted(rules.as_shown(rule.quiet.text))
    return RulePage(rule.name, rule.group, rule.help, form.in_full(rule.basis), *cases, rules.as_shown(rules.sample))


def _quoted(text: str) -> str:
    return in_quotes(text) if text else ""


@dataclass(frozen=True)
class _RelationPage:
    """Builds the page of a relation of the form from the labels of the form."""

    form: Format
    table: Table
    check: Check | YearCheck

    def page(self) -> RulePage:
        kept, broken = example(self.check.holds)
        only = self.check.unit_kinds if isinstance(self.check, Check) else ()
        name, group = f"{self._each()}{self._relation(self.check.holds, '应')}", self._group()
        when = only_for = ""
        if isinstance(self.check, Check) and self.check.when:
            when = f"在{self._relation(self.check.when, '')}时检查"
        if only:
            only_for = f"单位类别为{'、'.join(self.form.unit_kinds[kind] for kind in only)}的才检查"
        what = as_message(name, when, only_for)
        return RulePage(
            name, group, what, self.form.in_full(self.check.basis), self._numbers(broken), self._numbers(kept)
        )

    def _group(self) -> str:
        return IN_TABLES if isinstance(self.check, Check) else ACROSS_YEARS

    def _each(self) -> str:
        if self.check.only:
            items = self._columns() if self.check.every is Every.COLUMN else self._rows()
            return "".join(in_quotes(label) for name, label in items if name in self.check.only) + "："
        return {Every.COLUMN: "每一列：", Every.ROW: "每一行：", Every.REPORT: ""}[self.check.every]

    def _relation(self, relation: Relation[str], should: str) -> str:
        return f"{self._sum(relation.left)}{should}{_COMPARED[relation.sign]}{self._sum(relation.right)}"

    def _sum(self, linear: Linear[str]) -> str:
        words = "".join(f"{'－' if factor < 0 else '＋'}{self._name(name)}" for factor, name in linear.terms)
        if linear.constant or not words:
            words += f"＋ {linear.constant}"
        return words.removeprefix("＋")

    def _numbers(self, numbers: Mapping[str, int]) -> str:
        return "，".join(f"{self._name(name)}为 {number}" for name, number in numbers.items())

    def _name(self, name: str) -> str:
        if name.startswith(LAST):
            return f"上年{self._name(name.removeprefix(LAST))}"
        return self.form.cell_name(at(name)) if self.check.every is Every.REPORT else in_quotes(self._labels[name])

    @cached_property
    def _labels(self) -> dict[str, str]:
        return dict(self._rows() if self.check.every is Every.COLUMN else self._columns())

    def _rows(self) -> Iterator[tuple[str, str]]:
        yield from ((row.id, row.label) for row in self.table.rows)
        yield from ((group.id, group.label) for group in self.table.row_groups)

    def _columns(self) -> Iterator[tuple[str, str]]:
        yield from ((column.id, column.label) for band in self.table.bands for column in band.columns)
        yield from ((group.id, group.label) for group in self.table.column_groups)


def example(relation: Relation[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return small numbers that just satisfy a relation, and the same with one of them 1 too large or too small."""
    *free, solved = dict.fromkeys(relation.names())
    kept = {name: 3 * place + 2 for place, name in enumerate(reversed(free), 1)}
    if _solution(relation, kept, solved) < 0:
        kept = dict.fromkeys(free, 0)
    kept = {name: kept[name] for name in free} | {solved: _solution(relation, kept, solved)}
    step = {"=": 1, ">=": -1, "<=": 1}[relation.sign] * (1 if relation.sign == "=" else relation.coefficient(solved))
    return kept, {**kept, solved: kept[solved] + step}


def _solution(relation: Relation[str], numbers: Mapping[str, int], name: str) -> int:
    """Solve for `name`, with the other numbers as given, so that both sides are equal."""
    rest = relation.left.constant - relation.right.constant
    rest += sum(relation.coefficient(other) * number for other, number in numbers.items())
    return -rest // relation.coefficient(name)
