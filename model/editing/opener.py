"""Opens a report for editing or reviews it, with its format, the rules about texts and last year's report."""

from __future__ import annotations

from pathlib import Path

from model.base import VERSION
from model.checks import LastYear, Rule
from model.editing.reviewed import Reviewed
from model.editing.run_rules import review
from model.editing.session import Editing
from model.form import Format, Formats
from model.narrative import rule_context, rules_on
from model.prose import RuleContext, RuleSet, load_rules
from model.report import Report


class Opener:
    """Opens and reviews reports with formats and rules read once; raises `Trouble` for a format not installed."""

    def __init__(self, formats: Formats, rules: Path) -> None:
        self.formats = formats
        self._folder = rules
        self._rules: RuleSet | None = None
        self._made: dict[str, tuple[RuleContext, tuple[Rule, ...]]] = {}

    def open(self, report: Report, last: LastYear | None = None) -> Editing:
        """Return an editing session for the report; `last` is the report of the year before."""
        form = self.formats.named(report.format)
        context, rules = self._rules_about_texts(form, last)
        return Editing(report, form, last, rules, context)

    def review(self, report: Report, last: LastYear | None = None) -> Reviewed:
        """Run all rules on a report that is not edited; `last` is the report of the year before."""
        form = self.formats.named(report.format)
        context, rules = self._rules_about_texts(form, last)
        return review(report, form, last, rules, context)

    def _rules_about_texts(self, form: Format, last: LastYear | None) -> tuple[RuleContext, tuple[Rule, ...]]:
        if last:
            context = rule_context(form, self.rules, last.own_values)
            return context, rules_on(context)
        if form.id not in self._made:
            context = rule_context(form, self.rules)
            self._made[form.id] = context, rules_on(context)
        return self._made[form.id]

    def last_year(self, report: Report) -> LastYear:
        """Return a report as last year's, to be given to `open`."""
        return LastYear.of(report, self.formats.named(report.format))

    def edition(self, identifier: str) -> str:
        """Identify the program, the rules and a format by version and digest: other ones may find other things."""
        known = [form for form in self.formats if form.id == identifier]
        return f"{VERSION} {self.rules.digest_with(known[0])}" if known else "-"

    @property
    def rules(self) -> RuleSet:
        """The rules about texts and the help pages about all rules; read at first use."""
        if self._rules is None:
            self._rules = load_rules(self._folder, self.formats)
        return self._rules
