"""Tests of 说明: a written reason lets a 须说明 stay while the numbers it was given for are unchanged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.checks.explanations import (
    KINDS,
    ExplanationState,
    all_explanations,
    explanation_for,
    explanation_of,
    fingerprint,
    is_silenced,
    key_of,
    name_of,
    objection,
    state_of,
)
from model.checks.finalising import final_fact, readiness, withdrawal
from model.checks.finding import Finding, Fix
from model.editing.opener import Opener
from model.editing.reasons import reasons_given
from model.form.cell import Entry, at
from model.form.format import Severity
from model.report.facts import FINAL, SILENCED, is_final
from model.report.report import Report
from tests.support.helpers import FORM_2021, FORMATS, ROOT, complete

REPORT = Report("示例局", 2025, "2021")
CELL = at("proactive/normative_documents/in_force")
FINDING = Finding(
    "proactive-in-force",
    Severity.EXPLAIN,
    "proactive",
    "“行政规范性文件”：现行有效 5 件，少于本年制发 6 件",
    cells=(CELL,),
)
WORDS = "其中一件本年制发又在本年失效"


def explained(finding: Finding, words: str = WORDS) -> Report:
    name, value = explanation_for(REPORT, finding, KINDS[0], words)
    return replace(REPORT, facts={**REPORT.facts, name: value})


def test_a_finding_is_open_until_a_reason_is_given():
    assert state_of(REPORT, FINDING) is ExplanationState.OPEN
    assert state_of(explained(FINDING), FINDING) is ExplanationState.EXPLAINED
    assert explanation_of(explained(FINDING), FINDING) == dict(all_explanations(explained(FINDING)))[key_of(FINDING)]


@pytest.mark.parametrize(
    "change",
    [
        {"advice": "别的话"},
        {"fix": Fix("改")},
        {"basis": "别的依据"},
    ],
)
def test_a_reason_survives_what_is_no_number(change):
    assert state_of(explained(FINDING), replace(FINDING, **change)) is ExplanationState.EXPLAINED


def test_a_changed_number_asks_for_confirmation():
    moved = replace(FINDING, message=FINDING.message.replace("5 件", "4 件"))
    assert state_of(explained(FINDING), moved) is ExplanationState.RECONFIRM


@pytest.mark.parametrize(
    "other",
    [
        {"code": "other"},
        {"cells": (at("proactive/rules/in_force"),)},
        {"message": "“规章”：现行有效 5 件，少于本年制发 6 件"},
    ],
)
def test_a_reason_speaks_for_its_own_finding_only(other):
    assert state_of(explained(FINDING), replace(FINDING, **other)) is ExplanationState.OPEN


@pytest.mark.parametrize(
    "words",
    [
        "",
        "无",
        "核实无误",
        "经核实无误。",
        "已核对",
        "没有问题"[:2],
        "情况属实",
        "同上",
        "略",
        "已确认无误，情况属实",
        "好的",
        "经核对数据准确无误",
        "已核实，与实际情况一致",
        "确认无误，请审核",
        "啊啊啊啊啊啊",
        "1234567",
    ],
)
def test_words_that_explain_nothing_are_refused(words):
    assert objection(KINDS[0], words)
    with pytest.raises(ValueError, match=r"说明|核实"):
        explanation_for(REPORT, FINDING, KINDS[0], words)


@pytest.mark.parametrize(
    "words", ["统计口径不同", "其中含上年结转2件", "上年报告已更正", "该数据由法院提供，与本表口径不一致"]
)
def test_words_that_say_why_are_taken(words):
    assert objection(KINDS[0], words) == ""


def test_words_without_end_are_judged_at_once():
    assert objection(KINDS[0], "已经无误" * 5000 + "甲")  # four characters without content, and one more


def test_a_number_of_the_relation_that_its_sentence_does_not_show_asks_for_confirmation():
    """Check with 3＋5 and 4＋4, which are both 8: the sentence is the same, the cells are not."""
    finding = replace(FINDING, cells=(CELL, at("proactive/rules/in_force")))
    numbers = {CELL: Entry(3), at("proactive/rules/in_force"): Entry(5)}
    base = replace(REPORT, cells=numbers)
    name, value = explanation_for(base, finding, KINDS[0], WORDS)
    same = replace(base, facts={name: value})
    moved = replace(same, cells={address: Entry(4) for address in numbers})
    assert [state_of(report, finding) for report in (same, moved)] == [
        ExplanationState.EXPLAINED,
        ExplanationState.RECONFIRM,
    ]


def test_a_reason_of_an_earlier_version_still_holds():
    name, value = explanation_for(REPORT, FINDING, KINDS[0], WORDS)
    known = {key: word for key, word in json.loads(value).items() if key != "cells"}
    report = replace(REPORT, facts={name: json.dumps(known)}, cells={CELL: Entry(5)})
    assert state_of(report, FINDING) is ExplanationState.EXPLAINED


def test_a_kind_must_be_chosen():
    assert "口径不同" in objection("", WORDS)


def test_an_error_cannot_be_explained_away_unless_it_may_be_overruled():
    error = replace(FINDING, severity=Severity.ERROR)
    with pytest.raises(ValueError, match="错误必须改正"):
        explanation_for(REPORT, error, KINDS[0], WORDS)
    assert explanation_for(REPORT, replace(error, overrulable=True), KINDS[1], "上年报告公布后更正过结转数")


def test_a_damaged_reason_counts_as_none():
    name, _ = explanation_for(REPORT, FINDING, KINDS[0], WORDS)
    numbers = json.dumps({"kind": 1, "words": 2, "about": 3, "bound": 4})
    for value in ("{", "[]", '{"kind": 1}', "1", numbers, "[" * 100_000):
        damaged = replace(REPORT, facts={name: value})
        assert (state_of(damaged, FINDING), list(all_explanations(damaged))) == (ExplanationState.OPEN, [])


def test_reasons_are_listed_for_the_annex():
    assert [(w.kind, w.words, w.about) for _, w in all_explanations(explained(FINDING))] == [
        (KINDS[0], WORDS, FINDING.message)
    ]


@pytest.mark.parametrize(
    "severity, silenced", [(Severity.HINT, True), (Severity.EXPLAIN, False), (Severity.ERROR, False)]
)
def test_only_a_hint_can_be_silenced(severity, silenced):
    report = replace(REPORT, facts={SILENCED + FINDING.code: "1"})
    assert is_silenced(report, replace(FINDING, severity=severity)) is silenced


ERROR = replace(FINDING, code="e", severity=Severity.ERROR)
HINT = replace(FINDING, code="h", severity=Severity.HINT)


@pytest.mark.parametrize(
    "findings, ready, sentence",
    [
        ([], True, "可以定稿"),
        ([HINT], True, "可以定稿"),
        ([FINDING], False, "还有 1 处须说明"),
        ([ERROR, FINDING, HINT], False, "还有 1 处错误、1 处须说明"),
    ],
)
def test_what_still_stands_before_finalising(findings, ready, sentence):
    found = readiness(REPORT, findings)
    assert (found.ready, found.sentence()) == (ready, sentence)


def test_an_explained_finding_no_longer_stands_in_the_way():
    assert readiness(explained(FINDING), [FINDING]).ready
    moved = replace(FINDING, message=FINDING.message.replace("5", "4"))
    assert readiness(explained(FINDING), [moved]).sentence() == "还有 1 处说明请重新确认"


def test_taking_back_leaves_a_trace_for_each_time():
    name, value = final_fact(datetime(2026, 1, 20, 9, 30))
    final = replace(REPORT, facts={name: value})
    assert (name, is_final(final.facts)) == (FINAL, True)
    first = withdrawal(final, datetime(2026, 1, 21, 8), "上级要求补充")
    again = withdrawal(replace(final, facts={**final.facts, "withdrawn": first}), datetime(2026, 1, 22, 8), "")
    assert again.splitlines() == [
        "2026-01-21 08:00:00 撤回定稿（定稿于 2026-01-20T09:30:00）：上级要求补充",
        "2026-01-22 08:00:00 撤回定稿（定稿于 2026-01-20T09:30:00）：未写原因",
    ]


# -- several findings of one rule ---------------------------------------------------------------------------------


def found(numbers: list[int]) -> tuple[Finding, ...]:
    """Return a rule's findings on one cell, whose sentences differ in a number only."""
    return tuple(replace(FINDING, message=f"“收到申请{number}件”与表格不一致，表中为 0") for number in numbers)


def explain(report: Report, finding: Finding, readiness: Sequence[Finding]) -> Report:
    name, value = explanation_for(report, finding, KINDS[0], f"这是另一口径的件数：{finding.message}", readiness)
    return replace(report, facts={**report.facts, name: value})


def withdraw(report: Report, finding: Finding, readiness: Sequence[Finding]) -> Report:
    name = name_of(report, finding, readiness)
    return replace(report, facts={key: value for key, value in report.facts.items() if key != name})


NUMBERS = st.lists(st.integers(0, 10**6), min_size=1, max_size=6, unique=True)


@given(NUMBERS, st.randoms())
def test_every_finding_keeps_a_reason_of_its_own(numbers: list[int], order: Random):
    findings, report = found(numbers), REPORT
    for finding in order.sample(findings, len(findings)):
        report = explain(report, finding, findings)
    assert {state_of(report, finding) for finding in findings} == {ExplanationState.EXPLAINED}
    assert all(finding.message in explanation_of(report, finding).words for finding in findings)  # type: ignore[union-attr]
    assert len(list(all_explanations(report))) == len(findings)


@given(NUMBERS, st.integers(0, 5))
def test_a_reason_taken_back_leaves_those_of_the_others(numbers: list[int], which: int):
    findings, report = found(numbers), REPORT
    for finding in findings:
        report = explain(report, finding, findings)
    gone = findings[which % len(findings)]
    report = withdraw(report, gone, findings)
    assert [f for f in findings if state_of(report, f) is not ExplanationState.EXPLAINED] == [gone]
    assert withdraw(report, gone, findings) == report


@given(NUMBERS, NUMBERS)
def test_confirming_again_needs_no_more_room_than_there_are_findings(before: list[int], after: list[int]):
    report = REPORT
    for numbers in (before, after, before, after):
        for finding in found(numbers):
            report = explain(report, finding, found(numbers))
        assert {state_of(report, finding) for finding in found(numbers)} == {ExplanationState.EXPLAINED}
    assert len(list(all_explanations(report))) <= max(len(before), len(after))


def test_a_number_that_changes_takes_no_words_from_the_others():
    first, second = found([12, 13])
    report = explain(REPORT, first, [first, second])
    moved = found([14])[0]
    report = explain(report, second, [moved, second])
    assert [explanation.about for _, explanation in all_explanations(report)] == [first.message, second.message]
    assert state_of(report, moved) is ExplanationState.RECONFIRM


def test_reasons_of_earlier_versions_keep_their_meaning():
    """Check that their facts are named by `key_of`, without a number behind."""
    name, value = explanation_for(REPORT, FINDING, KINDS[0], WORDS)
    assert name == key_of(FINDING)
    old = replace(REPORT, facts={key_of(FINDING): value})
    assert state_of(old, FINDING) is ExplanationState.EXPLAINED
    assert name_of(old, FINDING, [FINDING]) == key_of(FINDING)
    assert key_of(FINDING) == "waiver/debb53a8f7b1218c2865"
    assert fingerprint(FINDING) == "9e73587084261bebfa8b"


def test_two_sentences_that_differ_in_a_number_can_both_be_explained():
    text = "本年收到政府信息公开申请 12 件。本年收到政府信息公开申请 13 件。"
    opener = Opener(FORMATS, ROOT / "resources" / "rules")
    open_report = opener.open(replace(complete(FORM_2021), texts={"overview": text}))
    both = [f for f in open_report.findings if f.code == "figure"]
    assert len({key_of(finding) for finding in both}) == 1 < len(both)
    for finding in both:
        open_report.explain(finding, KINDS[0], "两个数的统计口径不同，含上级转办件")
    assert [state_of(open_report.report, finding) for finding in both] == [ExplanationState.EXPLAINED] * len(both)
    assert [reason.again for reason in reasons_given(open_report.now)] == [False] * len(both)
    open_report.withdraw_reason(both[0])
    assert state_of(open_report.report, both[1]) is ExplanationState.EXPLAINED


@pytest.mark.parametrize(
    "then, now",
    [
        ("好像没有写到：监督保障", "未见：监督保障"),
        ("“公开条”前后好像漏了数字", "“公开条”前后可能漏了数字"),
        ("“2024年”：本报告是 2025 年的年报", "“2024年”：本报告是 2025 年的年度报告"),
    ],
)
def test_a_reason_survives_a_new_wording_of_the_message(then: str, now: str):
    given = explained(replace(FINDING, message=then))
    assert state_of(given, replace(FINDING, message=now)) is ExplanationState.EXPLAINED
