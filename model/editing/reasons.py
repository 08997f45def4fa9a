"""Collects the written reasons (说明) printed with a report: those whose finding still exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from model.checks import Explanation, ExplanationState, all_explanations, base_of, explanation_of, key_of, state_of
from model.editing.reviewed import Reviewed
from model.form import Format

_REPEATS = "text-repeats"


@dataclass(frozen=True, slots=True)
class Reason:
    """A finding's message and the reason given; `again`: a number has changed since, so it must be confirmed again."""

    about: str
    explanation: Explanation
    again: bool = False


def reasons_given(reviewed: Reviewed) -> tuple[Reason, ...]:
    """Return the reasons in the order of the findings, without those whose finding no longer exists.

    Rules that need last year's report find nothing while it is not loaded: reasons given to them are kept.
    """
    return (*_standing(reviewed), *_unseen(reviewed))


def _standing(reviewed: Reviewed) -> Iterator[Reason]:
    for finding in reviewed.findings:
        if explanation := explanation_of(reviewed.report, finding):
            again = state_of(reviewed.report, finding) is ExplanationState.RECONFIRM
            yield Reason(finding.message, explanation, again)


def _unseen(reviewed: Reviewed) -> Iterator[Reason]:
    if reviewed.last is None:
        years = _year_codes(reviewed.form)
        seen = {key_of(finding) for finding in reviewed.findings}
        for key, explanation in all_explanations(reviewed.report):
            if explanation.code in years and base_of(key) not in seen:
                yield Reason(explanation.about, explanation)


def _year_codes(form: Format) -> set[str]:
    return {_REPEATS, *(check.code for table in form.tables for check in table.year_checks)}
