"""The rules of a format about its tables and empty sections: unread and open cells, printed totals, relations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from model.base import in_quotes
from model.checks.cover_fields import READS, cover_findings
from model.checks.equations import balances, leaves_of
from model.checks.finding import OWN_RULE, CellOrField, Finding, Fix, RuleInput
from model.checks.printed_totals import printed_total_findings
from model.checks.relations import check_findings
from model.form import Address, Case, Entry, Format, Section, Severity, Table, cases

LEAST_ALIKE = 3  # cells with a sign for "none" that are reported together
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
    rules.append(Rule("cover:", READS, partial(cover_findings, form)))
    for section in form.sections:
        if section.table:
            rules += _table_rules(form, section, form.table(section.table))
        else:
            rules.append(Rule(f"text:{section.id}", frozenset({section.id}), partial(_text, form, section)))
    return tuple(rules)


def _table_rules(form: Format, section: Section, table: Table) -> Iterator[Rule]:
    every = frozenset(table.addresses())
    inputs = tuple(address for address in table.addresses() if address not in form.totals)
    yield Rule(f"unread:{table.id}", frozenset(inputs), partial(_unread, form, section, inputs))
    yield Rule(f"open:{table.id}", frozenset(inputs), partial(_open, form, section, inputs))
    checked = [(check, tuple(cases(table, check))) for check in table.checks]
    firm = [case for check, found in checked for case in found if (check.code, case.item) in dict(balances(table))]
    yield Rule(f"stated:{table.id}", every, partial(printed_total_findings, form, section, firm))
    for check, found in checked:
        yield Rule(check.code, _reads(form, found), partial(check_findings, form, section, table, check, found))


def _reads(form: Format, found: Iterable[Case]) -> frozenset[CellOrField]:
    relations = [relation for case in found for relation in (case.holds, case.when) if relation]
    names = {name for relation in relations for name in relation.names()}
    return frozenset(
        {"unit_kind", "agency", "year", *names, *(leaf for name in names for _, leaf in leaves_of(form, 1, name, {}))}
    )


def find_all(rules: Iterable[Rule], state: RuleInput) -> dict[str, tuple[Finding, ...]]:
    """Run the rules; return the findings of each by its code."""
    return {rule.code: rule.find(state) for rule in rules}


def flat(findings: Mapping[str, tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """Return all findings as one tuple, strongest first, otherwise in the order of the paper.

    A finding about a text offers no number of the tables that has a finding of its own.
    """
    order = list(Severity)
    every = [finding for found in findings.values() for finding in found]
    doubtful = {cell for finding in every if _doubts_cells(finding) for cell in finding.cells}
    safe = (_without_doubtful_fix(finding, doubtful) for finding in every)
    return tuple(sorted(safe, key=lambda finding: order.index(finding.severity)))


def _doubts_cells(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.code != CELL_OPEN and not finding.spans


def _without_doubtful_fix(finding: Finding, doubtful: set[Address]) -> Finding:
    from_table = finding.fix and finding.fix.texts and not doubtful.isdisjoint(finding.cells)
    return replace(finding, fix=None) if from_table else finding


# -- single cells and texts ---------------------------------------------------------------------------------------


def _notes(state: RuleInput) -> tuple[Finding, ...]:
    """Report the notes made while an old report was imported."""
    advice, basis = "请与原文件核对", OWN_RULE
    return tuple(
        Finding(n.code, n.severity, n.section, n.message, advice, basis, fix=Fix("已核对", dismiss=(n.message,)))
        for n in state.report.notes
    )


def _unread(form: Format, section: Section, inputs: Sequence[Address], state: RuleInput) -> tuple[Finding, ...]:
    """Report each cell that holds something other than a number."""
    advice, basis = "已按原样保留，请改成数字", OWN_RULE
    cells = state.report.cells
    unread = [(a, e) for a in inputs if (e := cells.get(a)) is not None and e.unread]
    nothing = [(a, e) for a, e in unread if e.says_nothing]
    together = nothing if len(nothing) >= LEAST_ALIKE else []
    alike = _signs_for_none(form, section, [a for a, _ in together], {e.typed.strip() for _, e in together})
    return alike + tuple(
        Finding("cell-unread", Severity.ERROR, section.id, f"{form.cell_name(a)}：{e.problem}", advice, basis, (a,))
        for a, e in unread
        if not together or not e.says_nothing
    )


def _signs_for_none(form: Format, section: Section, cells: Sequence[Address], signs: set[str]) -> tuple[Finding, ...]:
    """Report all cells with signs such as / as one finding, which a click turns into zeros."""
    if not cells:
        return ()
    said = "、".join(in_quotes(sign) for sign in sorted(signs))
    message = f"{len(cells)} 格写的是{said}，如{form.cell_name(cells[0])}"
    advice, basis = "没有发生的请填 0，暂时不知道的请留空", "单元格只能填数字"
    fix = Fix(f"这 {len(cells)} 格改为 0", cells=tuple((a, Entry(0)) for a in cells))
    return (Finding("cell-unread", Severity.ERROR, section.id, message, advice, basis, tuple(cells), fix),)


def _open(form: Format, section: Section, inputs: Sequence[Address], state: RuleInput) -> tuple[Finding, ...]:
    """Report all blank cells of a table as one finding; blank is not zero."""
    cells = state.report.cells
    blank = tuple(address for address in inputs if (entry := cells.get(address)) is None or entry.blank)
    if not blank:
        return ()
    message = f"还有 {len(blank)} 格未填" + (f"，如{form.cell_name(blank[0])}" if len(blank) < len(inputs) else "")
    fix = Fix(f"其余 {len(blank)} 格填 0", cells=tuple((a, Entry(0)) for a in blank))
    return (Finding(CELL_OPEN, Severity.ERROR, section.id, message, "请填写；没有发生的填 0", OWN_RULE, blank, fix),)


def _text(form: Format, section: Section, state: RuleInput) -> tuple[Finding, ...]:
    """Report a section without text."""
    if state.report.text(section.id).strip():
        return ()
    message, basis = f"“{section.title}”还没有内容", form.in_full("《条例》第五十条；《年度报告格式》")
    return (Finding(TEXT_EMPTY, Severity.EXPLAIN, section.id, message, section.help or "请填写", basis),)
