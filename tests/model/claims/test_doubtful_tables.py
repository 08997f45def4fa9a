"""Tests of texts beside tables that are themselves in doubt: a printed total that is wrong, cells still blank."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.checks.finding import Finding
from model.editing.session import Editing
from model.form.cell import Address, Entry
from model.form.format import Severity
from model.narrative.all_rules import rule_context, text_rules
from tests.support.narratives import FORMATS, RULES, named

FORM = FORMATS.for_year(2025)
REVIEW = {"upheld": 3, "corrected": 0, "other": 1, "pending": 0}
TOTAL = Address("disputes", "review", "total")


def found(text: str, numbers: dict[Address, int | None], *, printed: int | None = None) -> tuple[Finding, ...]:
    """Return the findings of a report of zeros but for these numbers; `printed`: the total printed for 行政复议."""
    report = named("zero-2025")
    cells = {a: e for a, e in report.cells.items() if numbers.get(a, 0) is not None}
    cells |= {a: Entry(n) for a, n in numbers.items() if n is not None}
    stated = {} if printed is None else {TOTAL: printed}
    report = replace(report, cells=cells, stated=stated, texts={"overview": text})
    return Editing(report, FORM, None, text_rules(FORM, RULES), rule_context(FORM, RULES)).findings


def review(**numbers: int | None) -> dict[Address, int | None]:
    return {Address("disputes", "review", column): n for column, n in {**REVIEW, **numbers}.items()}


def about_words(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.code in {"figure", "all-words", "zero-words"}]


@pytest.mark.parametrize(
    "text, printed, count",
    [
        ("因政府信息公开被申请行政复议4件。", None, 0),
        ("因政府信息公开被申请行政复议4件。", 50, 0),  # the computed total
        ("因政府信息公开被申请行政复议50件。", 50, 0),  # one cause: the total has its finding
        ("因政府信息公开被申请行政复议7件。", 50, 1),
        ("因政府信息公开被申请行政复议7件。", None, 1),
    ],
)
def test_beside_a_wrong_printed_total_a_text_may_tell_the_sum(text: str, printed: int | None, count: int):
    assert len(about_words(found(text, review(), printed=printed))) == count


def test_no_text_is_to_take_over_a_number_in_doubt():
    (finding,) = about_words(found("因政府信息公开被申请行政复议7件。", review(), printed=50))
    assert finding.fix is None
    (finding,) = about_words(found("因政府信息公开被申请行政复议7件。", review()))
    assert finding.fix is not None


@pytest.mark.parametrize(
    "text, numbers, codes",
    [
        ("行政复议6件，均获维持。", review(other=None, pending=2), ["all-words"]),
        ("行政复议案件均获维持。", review(corrected=None, other=0, pending=0), []),
        ("行政复议案件均获维持。", review(corrected=1, other=None, pending=None), ["all-words"]),
        ("未发生行政复议。", review(upheld=None), ["zero-words"]),
        ("未发生行政复议。", review(upheld=None, other=0), []),
        ("被申请行政复议3件。", review(pending=None), ["figure"]),  # the cells filled already hold 4
        ("被申请行政复议5件。", review(pending=None), []),
    ],
)
def test_a_blank_hides_nothing_that_the_filled_cells_prove(
    text: str, numbers: dict[Address, int | None], codes: list[str]
):
    assert [finding.code for finding in about_words(found(text, numbers))] == codes
    assert any(finding.severity is Severity.ERROR and finding.code == "cell-open" for finding in found(text, numbers))
