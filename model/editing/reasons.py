"""Collects the written reasons (说明) printed with a report: those whose finding still exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from model.checks import Explanation, ExplanationState, all_explanations, base_of, explanation_of, key_of, state_of
from model.editing.session import Editing
from model.form import Format

_REPEATS = "text-repeats"


@dataclass(frozen=True, slots=True)
class Reason:
    """A finding's message and the reason given; `again`: a number has changed since, so it must be confirmed again."""

    about: str
    explanation: Explanation
    again: bool = False


def reasons_given(editing: Editing) -> tuple[Reason, ...]:
    """Return the reasons in the order of the findings, without those whose finding no longer exists.

    Rules that need last year's report find nothing while it is not loaded: reasons given to them are kept.
    """
    return (*_standing(editing), *_unseen(editing))


def _standing(editing: Editing) -> Iterator[Reason]:
    for finding in editing.findings:
        if explanation := explanation_of(editing.report, finding):
            again = state_of(editing.report, finding) is ExplanationState.RECONFIRM
            yield Reason(finding.message, explanation, again)


def _unseen(editing: Editing) -> Iterator[Reason]:
    if editing.last is None:
        years = _year_codes(editing.form)
        seen = {key_of(finding) for finding in editing.findings}
        for key, explanation in all_explanations(editing.report):
            if explanation.code in years and base_of(key) not in seen:
                yield Reason(explanation.about, explanation)


def _year_codes(form: Format) -> set[str]:
    return {_REPEATS, *(check.code for table in form.tables for check in table.year_checks)}
