"""Read-only view of one report with everything that the rules say about it, for output, lists and scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from model.form import Address, Entry, Format, Values
from model.report import DraftCounts, Report, deadline_of, engine_of, is_final

if TYPE_CHECKING:  # a draft is exported without loading a rule
    from model.checks import Finding, LastYear, Memo, Readiness
    from model.claims import NumberSummary
    from model.prose import RuleContext


def _new_memo() -> Memo:
    from model.checks import Memo

    return Memo()


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
    # A copy: the session's own follows the edits.
    memo: Memo = field(default_factory=_new_memo, compare=False, repr=False)

    @cached_property
    def readiness(self) -> Readiness:
        """The findings, sorted by what they still require before 定稿."""
        from model.checks import readiness

        return readiness(self.report, self.findings)

    @property
    def title(self) -> str:
        """The report's title as printed, on one line."""
        return self.form.title.format(agency=self.report.agency, year=self.report.year)

    @property
    def counts(self) -> DraftCounts:
        """The counts that the list of drafts shows of this report."""
        return counts_of(self.report, self.form, self.readiness)

    @property
    def final(self) -> bool:
        """Tell whether the report is final (定稿)."""
        return is_final(self.report.facts)

    def entry(self, address: Address) -> Entry:
        """Return the entry of a cell; of a total its computed number."""
        return Entry(self.values.get(address)) if address in self.form.totals else self.report.entry(address)

    def number_summary(self, section: str = "") -> NumberSummary:
        """Count the numbers that refer to a table by how they agree with it, in all texts or in one section's."""
        from model.checks import RuleInput
        from model.claims import summarise_numbers

        return summarise_numbers(self.context, RuleInput(self.report, self.values, self.memo), section)


def unchecked(report: Report, form: Format) -> Reviewed:
    """Return a report with its totals and no findings, for printing a draft, which shows none."""
    return Reviewed(report, form, engine_of(form).values(report), ())


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
