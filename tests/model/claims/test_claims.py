"""Tests of comparing sentences with tables, by cases with their expected findings."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any

import pytest

from model.claims.claim_check import Verdict
from model.form.cell import Address, Entry, at
from model.report.report import Report
from tests.support.narratives import RULES, SENTENCES, findings, last_year_of, named, read

# Contents required of a whole section are not required of a single sentence.
WHOLE = {rule.code for rule in RULES.rules.values() if rule.group == "应写的内容"} | {"period-missing"}
CASES: list[dict[str, Any]] = tomllib.loads((SENTENCES / "domain.toml").read_text(encoding="utf-8"))["case"]


def standing_in(case: dict[str, Any]) -> Report:
    base = named(case["report"])
    cells = {address(path): Entry(number) for path, number in case.get("cells", {}).items()}
    text = {case.get("section", "overview"): case["sentence"]}
    return replace(base, cells={**base.cells, **cells}, texts=text)


def address(path: str) -> Address:
    return at(path if path.count("/") == 2 else f"requests/{path}")


def numbers(report: Report, verdict: Verdict) -> list[object]:
    found = [reading for section in report.texts for reading in read(report, section)]
    return [reading.claim.amount.value for reading in found if reading.verdict is verdict]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["sentence"][:12])
def test_the_numbers_of_the_sentence_are_read_as_they_are_meant(case: dict[str, Any]):
    report = standing_in(case)
    assert numbers(report, Verdict.AGREES) == case.get("agrees", [])
    assert numbers(report, Verdict.UNDECIDED) == case.get("open", [])
    differing = [rule for rule, *_ in case.get("finds", []) if rule.startswith("figure")]
    assert len(numbers(report, Verdict.DIFFERS)) == len(differing)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["sentence"][:12])
def test_what_is_found_is_what_was_to_be_found(case: dict[str, Any]):
    told = [f for f in findings(standing_in(case), last_year_of(case["report"])) if f.code not in WHOLE]
    expected = case.get("finds", [])
    assert [[f.code, f.severity.value] for f in told] == [[code, severity] for code, severity, _ in expected]
    assert [words for f, (*_, words) in zip(told, expected, strict=True) if words not in f.message] == []
    assert all(f.spans and f.spans[0].length for f in told)
