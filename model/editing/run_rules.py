"""Runs the rules of a form, of the narrative and of last year's report over one report."""

from __future__ import annotations

from model.checks import LastYear, Rule, RuleInput, find_all, flat, quote_rules, rules_of, year_rules
from model.editing.reviewed import Reviewed
from model.form import Format
from model.prose import RuleContext
from model.report import Report, engine_of


def review(
    report: Report,
    form: Format,
    last: LastYear | None = None,
    more: tuple[Rule, ...] = (),
    context: RuleContext | None = None,
) -> Reviewed:
    """Run all rules once, for a report that is not edited; parameters as for `Editing`."""
    state = RuleInput(report, engine_of(form).values(report))
    findings = flat(find_all(rules_for(form, last, more), state))
    return Reviewed(report, form, state.values, findings, last, context, state.memo)


def rules_for(form: Format, last: LastYear | None, more: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules of the form, those that compare with last year's report if it is known, and `more`."""
    return (*rules_of(form), *(year_rules(form, last) if last else ()), *quote_rules(form), *more)
