"""Session on the open report: its values, findings and undo stacks, the only mutable state of a report.

Every operation returns an `Effect`, from which views and store are updated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from model.base import Trouble
from model.checks import (
    CellOrField,
    Finding,
    Fix,
    LastYear,
    Memo,
    Readiness,
    Rule,
    RuleInput,
    explanation_for,
    final_fact,
    find_all,
    flat,
    name_of,
    withdrawal,
)
from model.claims import NumberSummary, summarise_numbers
from model.editing.reviewed import Reviewed
from model.editing.run_rules import rules_for
from model.form import PREFACE, Address, Entry, Format, Number, read
from model.prose import RequiredStatement, RuleContext
from model.report import (
    FINAL,
    GOING_ON,
    SILENCED,
    WITHDRAWN,
    Change,
    DraftCounts,
    Report,
    applied,
    check_head,
    engine_of,
    facts_under,
    is_final,
    joined,
)


@dataclass(frozen=True)
class Effect:
    """Result of one step: the change, and the cells, texts and findings that it affected."""

    change: Change
    changed: tuple[Address, ...] = ()  # cells whose entry and totals whose number changed
    texts: tuple[str, ...] = ()  # ids of sections whose text changed
    appeared: tuple[Finding, ...] = ()
    cleared: tuple[Finding, ...] = ()


class Editing:
    """One open report. `report`, `values` and `findings` are immutable snapshots: callers may keep them."""

    def __init__(
        self,
        report: Report,
        form: Format,
        last: LastYear | None = None,
        more: tuple[Rule, ...] = (),
        context: RuleContext | None = None,
    ) -> None:
        """`more` are the rules about the texts and `context` is theirs; without them the texts are not checked."""
        self.form = form
        self.report = report
        self.last = last
        self._context = context
        self._engine = engine_of(form)
        self._memo = Memo()
        self._rules = rules_for(form, last, more)
        self.values: Mapping[Address, Number | None] = self._engine.values(report)
        self._state = RuleInput(report, self.values, self._memo)  # caches what several rules ask for
        self._found = find_all(self._rules, self._state)
        self._now: Reviewed | None = None  # the view of the present report, once it has been asked for
        self._done: list[Change] = []
        self._undone: list[Change] = []

    # -- reading -------------------------------------------------------------------------------------------------

    @property
    def now(self) -> Reviewed:
        """The present report as a view that later edits do not change; no rule is run for it."""
        if self._now is None:
            self._now = Reviewed(
                self.report, self.form, self.values, flat(self._found), self.last, self._context, self._memo.copy()
            )
        return self._now

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, strongest first, then in the order of the paper."""
        return self.now.findings

    def number_summary(self, section: str = "") -> NumberSummary:
        """Count the numbers as `Reviewed.number_summary` does, anew only in paragraphs that have changed."""
        return summarise_numbers(self._context, self._state, section)

    def required_in(self, section: str) -> tuple[RequiredStatement, ...]:
        """Return what a section's text must state; nothing where the texts are not checked."""
        return self._context.musts(section) if self._context else ()

    # -- operations ----------------------------------------------------------------------------------------------

    def enter(self, address: Address, typed: str | int, *, going_on: bool = False) -> Effect:
        """Set a cell to what the user typed; what cannot be read is kept as typed.

        `going_on`: continues the typing of the step before; both are undone as one step.

        Raises `KeyError` when the form has no such cell, `ValueError` for a computed total.
        """
        return self.enter_all(
            {address: read(str(typed), self.form.column(address).kind)}, _cause("填写", going_on=going_on)
        )

    def enter_all(self, entries: Mapping[Address, Entry], cause: str) -> Effect:
        """Set many cells in one step (paste, 其余填 0); raises as `enter` does."""
        if unknown := [address for address in entries if not self.form.has(address)]:
            raise KeyError(unknown[0])
        if computed := [address for address in entries if address in self.form.totals]:
            raise ValueError(f"a total is never typed: {computed[0]}")
        cells = {a: (self.report.entry(a), entry) for a, entry in entries.items() if self.report.entry(a) != entry}
        return self._do(Change(cause, cells=cells, stated=self._outdated(cells)))

    def write(
        self, section: str, text: str, facts: Mapping[str, str] | None = None, *, going_on: bool = False
    ) -> Effect:
        """Replace a section's text (or the preface), together with the facts that it was made from.

        Raises `KeyError` when the form has no such section, `TypeError` for what is no text.
        """
        if section != PREFACE and all(section != known.id for known in self.form.sections):
            raise KeyError(section)
        before, known = self.report.text(section), self.report.facts
        noted = {n: (known.get(n, ""), value) for n, value in (facts or {}).items() if known.get(n, "") != value}
        texts = {section: (before, text)} if before != text else {}
        return self._do(Change(_cause("改写", going_on=going_on), texts=texts, facts=noted))

    def note_fact(self, name: str, value: str, *, going_on: bool = False) -> Effect:
        """Set a fact of the cover; "" removes it."""
        return self._note(_cause("填写封面", going_on=going_on), name, value)

    def set_head(self, *, going_on: bool = False, **fields: object) -> Effect:
        """Set agency, year or unit_kind.  The format cannot change here: that is `derive`'s work.

        Raises `TypeError` or `ValueError`, naming the field, for what cannot stand there.
        """
        if unknown := fields.keys() - {"agency", "year", "unit_kind"}:
            raise ValueError(f"not to be set here: {min(unknown)}")
        head = {n: (getattr(self.report, n), value) for n, value in fields.items() if getattr(self.report, n) != value}
        return self._do(Change(_cause("修改封面", going_on=going_on), head=head))

    def go_back(self, change: Change) -> Effect:
        """Apply a change that leads back to an earlier version, as one step that can be undone."""
        return self._do(change)

    def apply(self, fix: Fix) -> Effect:
        """Apply the fix of a finding, as one step that can be undone."""
        cells = {a: (self.report.entry(a), entry) for a, entry in fix.cells if self.report.entry(a) != entry}
        accepted = {a: (self.report.stated[a], None) for a in fix.accept if a in self.report.stated}
        stated = {**self._outdated(cells), **accepted}
        notes = tuple(note for note in self.report.notes if note.message not in fix.dismiss)
        head = {"notes": (self.report.notes, notes)} if notes != self.report.notes else {}
        known = self.report.facts
        facts = {name: (known.get(name, ""), value) for name, value in fix.facts if known.get(name, "") != value}
        texts = self._mended(fix)
        return self._do(Change(fix.label, cells=cells, stated=stated, texts=texts, head=head, facts=facts))

    def _mended(self, fix: Fix) -> dict[str, tuple[str, str]]:
        """Return the texts before and after a fix; spans are replaced from last to first to keep offsets valid."""
        texts = {edit.span.section: self.report.text(edit.span.section) for edit in fix.texts}
        for edit in sorted(fix.texts, key=lambda edit: -edit.span.start):
            start, text = edit.span.start, texts[edit.span.section]
            texts[edit.span.section] = text[:start] + edit.replacement + text[start + edit.span.length :]
        return {s: (self.report.text(s), text) for s, text in texts.items() if text != self.report.text(s)}

    def _outdated(
        self, cells: Mapping[Address, tuple[Entry, Entry]]
    ) -> dict[Address, tuple[Number | None, Number | None]]:
        """Return the removal of printed totals that agreed until now: they say nothing about the new numbers."""
        entries = {address: after for address, (_, after) in cells.items()}
        _, changed = self._engine.recompute(self.values, entries)
        stated = self.report.stated
        return {a: (stated[a], None) for a in changed if a in stated and stated[a] == self.values.get(a)}

    # -- 说明 and 定稿 ----------------------------------------------------------------------------------------------

    @property
    def readiness(self) -> Readiness:
        """The findings, sorted by what they still require before 定稿."""
        return self.now.readiness

    @property
    def counts(self) -> DraftCounts:
        """The counts that the list of drafts shows of this report."""
        return self.now.counts

    @property
    def final(self) -> bool:
        """Tell whether the report is final (定稿): nothing else may change until that is withdrawn."""
        return is_final(self.report.facts)

    def explain(self, finding: Finding, kind: str, words: str) -> Effect:
        """Accept a finding with a written reason; raises `Trouble` for words that explain nothing."""
        try:
            name, value = explanation_for(self.report, finding, kind, words, self.findings)
        except ValueError as error:
            raise Trouble(str(error)) from error
        return self._note("写说明", name, value)

    def withdraw_reason(self, finding: Finding) -> Effect:
        """Take a reason back; an empty effect when none was given for this finding."""
        return self._note("删除说明", name_of(self.report, finding, self.findings), "")

    def silence(self, finding: Finding) -> Effect:
        """Hide the 提示 of this finding's rule in this unit's reports from now on."""
        return self._note("不再提示", SILENCED + finding.code, "1")

    @property
    def silenced(self) -> tuple[str, ...]:
        """The names of the facts that hide the 提示 of some rules for this unit."""
        return tuple(facts_under(self.report.facts, SILENCED))

    def unsilence(self) -> Effect:
        """Show all 提示 again."""
        return self._do(Change("恢复提示", facts={name: (self.report.facts[name], "") for name in self.silenced}))

    def finalise(self, at: datetime) -> Effect:
        """Finalise the report (定稿); raises `Trouble` while any finding prevents it."""
        if not self.readiness.ready:
            raise Trouble(f"不能定稿：{self.readiness.sentence()}，请先处理检查结果里的各项")
        return self._note("定稿", *final_fact(at))

    def withdraw(self, at: datetime, reason: str) -> Effect:
        """Withdraw 定稿 and record when and why; return an empty effect if the report is not final."""
        if not self.final:
            return Effect(Change("撤回定稿"))
        facts = self.report.facts
        trace = (facts.get(WITHDRAWN, ""), withdrawal(self.report, at, reason))
        return self._record(Change("撤回定稿", facts={FINAL: (facts[FINAL], ""), WITHDRAWN: trace}))

    def _note(self, cause: str, name: str, value: str) -> Effect:
        before = self.report.facts.get(name, "")
        return self._do(Change(cause, facts={name: (before, value)} if before != value else {}))

    def _refuse_if_final(self) -> None:
        if self.final:
            raise Trouble("报告已经定稿，不能修改；要修改，请先在“检查与导出”撤回定稿")

    # -- undo ----------------------------------------------------------------------------------------------------

    def remember(self, done: Sequence[Change], undone: Sequence[Change]) -> None:
        """Restore the undo and redo stacks of the session before, the next step last in each."""
        self._done, self._undone = list(done), list(undone)

    @property
    def can_undo(self) -> bool:
        """Tell whether there is a step to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Tell whether there is a step to redo."""
        return bool(self._undone)

    def undo(self) -> Effect:
        """Undo the last step; return an empty effect if there is none."""
        if not self._done:
            return Effect(Change("撤销"))
        self._refuse_if_final()
        change = self._done.pop()
        self._undone.append(change)
        return self._perform(replace(change.inverse(), cause=f"撤销{change.cause}"))

    def redo(self) -> Effect:
        """Redo the last undone step; return an empty effect if there is none."""
        if not self._undone:
            return Effect(Change("重做"))
        self._refuse_if_final()
        change = self._undone.pop()
        self._done.append(change)
        return self._perform(change)

    def _do(self, change: Change) -> Effect:
        if change.empty:
            return Effect(change)
        _refuse_nonsense(change)
        self._refuse_if_final()
        return self._record(change)

    def _record(self, change: Change) -> Effect:
        one = joined(self._done[-1], change) if self._done else None
        if one is None:  # it continues no earlier step
            change = replace(change, cause=change.cause.removeprefix(GOING_ON))
        self._done[-1 if one else len(self._done) :] = [one or change]
        self._undone.clear()
        return self._perform(change)

    # -- applying a change ---------------------------------------------------------------------------------------

    def _perform(self, change: Change) -> Effect:
        self.report = applied(self.report, change)
        entries = {address: after for address, (_, after) in change.cells.items()}
        self.values, settled = self._engine.recompute(self.values, entries)
        self._state = RuleInput(self.report, self.values, self._memo)
        self._now = None
        changed = tuple(dict.fromkeys((*change.cells, *settled)))
        appeared, cleared = self._check({*changed, *change.stated, *change.texts, *change.facts, *change.head})
        return Effect(change, changed, tuple(change.texts), appeared, cleared)

    def _check(self, touched: set[CellOrField]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Run the rules that read a touched place; return the findings that appeared and those that are gone."""
        appeared: list[Finding] = []
        cleared: list[Finding] = []
        for rule in self._rules:
            if rule.reads.isdisjoint(touched):
                continue
            before, after = self._found[rule.code], rule.find(self._state)
            self._found = {**self._found, rule.code: after}
            appeared += [finding for finding in after if finding not in before]
            cleared += [finding for finding in before if finding not in after]
        return tuple(appeared), tuple(cleared)

    def entry(self, address: Address) -> Entry:
        """Return the entry of a cell; of a total its computed number."""
        return self.now.entry(address)


def _refuse_nonsense(change: Change) -> None:
    """Raise `TypeError` or `ValueError` for a value that could not be saved or printed: a mistake of the program."""
    for field, (_, value) in change.head.items():
        check_head(field, value)
    for place, (_, text) in (*change.texts.items(), *change.facts.items()):
        if not isinstance(text, str):
            raise TypeError(f"{place} must be str, not {type(text).__name__}")


def _cause(cause: str, *, going_on: bool) -> str:
    return f"{GOING_ON}{cause}" if going_on else cause
