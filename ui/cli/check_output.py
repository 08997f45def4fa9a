"""Output of the command `check`: text for people, JSON for scripts (documented in docs/check-json.md)."""

from __future__ import annotations

import json

from model.base import Trouble
from model.checks import ExplanationState, Finding, is_silenced, state_of
from model.editing import Reviewed
from model.form import Address, Severity
from model.report import Report

SCHEMA = "zwgk-check/1"


def errors(reviewed: Reviewed) -> int:
    """Count the 错误 still to be corrected; those overruled by a written reason are left out."""
    return len(reviewed.readiness.errors)


def as_text(reviewed: Reviewed) -> str:
    """Return the counts, then two lines (message, advice) for each finding that is not silenced."""
    report = reviewed.report
    lines = [f"{report.agency} {report.year} 年（{reviewed.form.document}）：{_counts(reviewed, '，')}"]
    for finding in reviewed.findings:
        if not is_silenced(report, finding):
            where = reviewed.form.place_name(finding.section)
            state = _STATES[state_of(report, finding)]
            lines += [f"{finding.severity.label}　{where}：{finding.message}{state}", f"　　　{finding.advice}"]
            lines += [f"　　　原文：{words}" for words in _words_around(report, finding)]
    if not reviewed.readiness.errors:
        lines.append(reviewed.form.sums_hold)
    return "\n".join(lines)


def _words_around(report: Report, finding: Finding) -> list[str]:
    """Return the first place of a finding in a text with the words around it: …全市共【收到2604件】，上年结转…."""
    if not finding.spans:
        return []
    span = finding.spans[0]
    text, start, end = report.text(span.section), span.start, span.start + span.length
    before, words, after = text[max(0, start - _AROUND) : start], text[start:end], text[end : end + _AROUND]
    begin, close = "…" if start > _AROUND else "", "…" if end + _AROUND < len(text) else ""
    return [" ".join(f"{begin}{before}【{words}】{after}{close}".split())]


_AROUND = 12  # characters of the text on each side of a finding
_STATES = {
    ExplanationState.OPEN: "",
    ExplanationState.EXPLAINED: "（已说明）",
    ExplanationState.RECONFIRM: "（说明请重新确认）",
}


def _counts(reviewed: Reviewed, between: str) -> str:
    """Count the open findings by strength; explained ones are left out."""
    found = reviewed.readiness.open
    return between.join(f"{severity.label} {len(found[severity])}" for severity in Severity)


def one_line(name: str, reviewed: Reviewed) -> str:
    """Return one tab-separated line for a report of a folder: file, agency, year, counts by strength."""
    return f"{name}\t{reviewed.report.agency}\t{reviewed.report.year}\t{_counts(reviewed, chr(9))}"


def as_data(reviewed: Reviewed) -> dict[str, object]:
    """Return the JSON object of a report: schema, agency, year, format, last_year, rules, errors, numbers, findings."""
    report = reviewed.report
    return {
        "schema": SCHEMA,
        "agency": report.agency,
        "year": report.year,
        "format": report.format,
        "last_year": reviewed.last.report.year if reviewed.last else None,
        "rules": _rules(reviewed),
        "errors": errors(reviewed),
        "numbers": _numbers(reviewed),
        "findings": [_finding(reviewed, finding) for finding in reviewed.findings],
    }


def _rules(reviewed: Reviewed) -> dict[str, str] | None:
    """Return version and digest of the rules; None when the texts were not checked."""
    context = reviewed.context
    return {"version": context.rules.version, "digest": context.rules.digest_with(reviewed.form)} if context else None


def _numbers(reviewed: Reviewed) -> dict[str, object]:
    """Count the numbers in the texts that refer to a table; `undecided` lists spans (section, start, length)."""
    told = reviewed.number_summary()
    spans = [[phrase.span.section, phrase.span.start, phrase.span.length] for phrase in told.open]
    return {"agree": told.agrees, "differ": told.differs, "undecided": spans}


def as_trouble(name: str, trouble: Trouble) -> dict[str, object]:
    """Return the JSON object of an unreadable file of a folder: only `schema`, `file` and `trouble`."""
    return {"schema": SCHEMA, "file": name, "trouble": str(trouble)}


def _finding(reviewed: Reviewed, finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "section": finding.section,
        "cells": [str(address) for address in finding.cells],
        "spans": [[span.section, span.start, span.length] for span in finding.spans],
        "values": {str(address): _value(reviewed, address) for address in finding.cells},
        "message": finding.message,
        "todo": finding.advice,
        "basis": finding.basis,
        "fix": finding.fix.label if finding.fix else None,
        "reason": state_of(reviewed.report, finding).value,
    }


def _value(reviewed: Reviewed, address: Address) -> str | None:
    """Return a cell's text as printed, not as a number, so that every digit is kept; None for a blank cell."""
    return reviewed.entry(address).shown() or None


def written(data: object) -> str:
    """Format as the JSON that the command prints: indented by 2, Chinese not escaped."""
    return json.dumps(data, ensure_ascii=False, indent=2)
