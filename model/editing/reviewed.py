"""Read-only view of one report with everything that the rules say about it, for output, lists and scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from model.checks import (
    Finding,
    LastYear,
    Memo,
    Readiness,
    Rule,
    RuleInput,
    find_all,
    flat,
    is_final,
    quote_rules,
    readiness,
    rules_of,
    year_rules,
)
from model.form import Address, Entry, Format, Values
from model.narrative import NumberSummary, RuleContext, summarise_numbers
from model.report import DraftCounts, Report, deadline_of, engine_of


@dataclass(frozen=True)
class Reviewed:
    """A report with its form, totals and findings; later edits do not change it, so any thread may read it.

    `findings` are ordered strongest first, then as on paper.  `last` and `context` are None where the report was not
    compared with last year's and where its texts were not checked.
    """

    report: Report
    form: Format
    values: Values
    findings: tuple[Finding, ...]
    last: LastYear | None = None
    context: RuleContext | None = None
    memo: Memo = field(default_factory=Memo, compare=False, repr=False)  # a copy: the session's own follows the edits

    @cached_property
    def readiness(self) -> Readiness:
        """The findings, sorted by what they still require before 定稿."""
        return readiness(self.report, self.findings)

    @property
    def counts(self) -> DraftCounts:
        """The counts that the list of drafts shows of this report."""
        return counts_of(self.report, self.form, self.readiness)

    @property
    def final(self) -> bool:
        """Tell whether the report is final (定稿)."""
        return is_final(self.report)

    def entry(self, address: Address) -> Entry:
        """Return the entry of a cell; of a total its computed number."""
        return Entry(self.values.get(address)) if address in self.form.totals else self.report.entry(address)

    def number_summary(self, section: str = "") -> NumberSummary:
        """Count the numbers that refer to a table by how they agree with it, in all texts or in one section's."""
        return count_numbers(self.context, RuleInput(self.report, self.values, self.memo), section)


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


def counts_of(report: Report, form: Format, left: Readiness) -> DraftCounts:
    """Return the counts of a report: its findings, and what is filled in."""
    texts = [section.id for section in form.sections if not section.table]
    filled = len(report.cells) + sum(bool(report.text(section).strip()) for section in texts)
    return DraftCounts(
        errors=len(left.wrong),
        explain=len(left.unresolved),
        cells=left.open_cells,
        texts=left.empty_texts,
        filled=100 * filled // (len(form.inputs) + len(texts)),
        deadline=deadline_of(report),
    )


def rules_for(form: Format, last: LastYear | None, more: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules of the form, those that compare with last year's report if it is known, and `more`."""
    return (*rules_of(form), *(year_rules(form, last) if last else ()), *quote_rules(form), *more)


def count_numbers(context: RuleContext | None, state: RuleInput, section: str = "") -> NumberSummary:
    """Count the numbers in all texts or in one section's; none where the texts were not checked."""
    if context is None:
        return NumberSummary()
    return summarise_numbers(context, state, (section,) if section else context.sections)
