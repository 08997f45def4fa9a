"""Summary of the findings by rule: open and explained ones, and the rules without findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from model.checks import ExplanationState, Finding, is_silenced, state_of
from model.editing.reviewed import Reviewed
from model.editing.rule_descriptions import ACROSS_YEARS, NOTES, pages
from model.form import Format, Severity
from model.prose import RulePage, RuleSet

_GROWTH = "growth"  # rule about texts that needs last year's numbers


@dataclass(frozen=True, slots=True)
class RuleResult:
    """A rule with findings: `open` counts those that need action, `explained` those with a valid reason."""

    name: str
    severity: Severity
    basis: str
    open: int
    explained: int


@dataclass(frozen=True)
class Results:
    """Summary of all rules.  `found`: strongest first.  The others are numbers of rules by group: `kept` found nothing;
    `undecided` need last year's report, which is missing; `idle` apply to other kinds of units.
    """

    found: tuple[RuleResult, ...]
    kept: dict[str, int]
    undecided: dict[str, int]
    idle: dict[str, int]


def results(reviewed: Reviewed, rules: RuleSet) -> Results:
    """Summarise all rules that apply to a report of this format, year and kind of unit."""
    known = pages(reviewed.form, rules)
    seen = [finding for finding in reviewed.findings if not is_silenced(reviewed.report, finding)]
    found = {finding.code if finding.code in known else NOTES for finding in seen}
    silenced = {finding.code for finding in reviewed.findings} - {finding.code for finding in seen}
    quiet = {code: page for code, page in known.items() if code not in found | silenced}
    idle = {code for code in quiet if _of_other_units(reviewed.form, reviewed.report.unit_kind, code)}
    undecided = {code for code, page in quiet.items() if reviewed.last is None and _needs_last_year(code, page)} - idle
    return Results(
        tuple(_found(reviewed, known, seen)),
        _grouped(page for code, page in quiet.items() if code not in undecided | idle),
        _grouped(quiet[code] for code in quiet if code in undecided),
        _grouped(quiet[code] for code in quiet if code in idle),
    )


def _found(reviewed: Reviewed, known: dict[str, RulePage], seen: list[Finding]) -> Iterator[RuleResult]:
    """Yield one result for each rule, severity and basis, in the order of the findings."""
    every: dict[tuple[str, Severity, str], Counter[bool]] = {}
    for finding in seen:
        page = known.get(finding.code, known[NOTES])
        explained = state_of(reviewed.report, finding) is ExplanationState.EXPLAINED
        every.setdefault((page.name, finding.severity, finding.basis), Counter())[explained] += 1
    for (name, severity, basis), counted in every.items():
        yield RuleResult(name, severity, basis, counted[False], counted[True])


def _needs_last_year(code: str, page: RulePage) -> bool:
    return page.group == ACROSS_YEARS or code == _GROWTH


def _of_other_units(form: Format, unit_kind: str, code: str) -> bool:
    checks = [check for table in form.tables for check in table.checks if check.code == code]
    return any(check.unit_kinds and unit_kind not in check.unit_kinds for check in checks)


def _grouped(found: Iterator[RulePage]) -> dict[str, int]:
    return dict(Counter(page.group for page in found))
