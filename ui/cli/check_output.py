"""Output of the command `check`: text for people, JSON for scripts (documented in docs/check-json.md)."""

from __future__ import annotations

import json

from model.base import Trouble
from model.checks import ExplanationState, Finding, is_silenced, state_of
from model.editing import Editing
from model.form import Address, Severity

SCHEMA = "zwgk-check/1"


def errors(editing: Editing) -> int:
    """Count the 错误 still to be corrected; those overruled by a written reason are left out."""
    return len(editing.readiness.errors)


def as_text(editing: Editing) -> str:
    """Return the counts, then two lines (message, advice) for each finding that is not silenced."""
    report = editing.report
    lines = [f"{report.agency} {report.year} 年（{editing.form.document}）：{_counts(editing, '，')}"]
    for finding in editing.findings:
        if not is_silenced(report, finding):
            where = editing.form.place_name(finding.section)
            state = _STATES[state_of(report, finding)]
            lines += [f"{finding.severity.label}　{where}：{finding.message}{state}", f"　　　{finding.advice}"]
    if not editing.readiness.errors:
        lines.append(f"{editing.form.sums}全部相符")
    return "\n".join(lines)


_STATES = {
    ExplanationState.OPEN: "",
    ExplanationState.EXPLAINED: "（已说明）",
    ExplanationState.RECONFIRM: "（请重新确认说明）",
}


def _counts(editing: Editing, between: str) -> str:
    """Count the open findings by strength; explained ones are left out."""
    found = editing.readiness.open
    return between.join(f"{severity.label} {len(found[severity])}" for severity in Severity)


def one_line(name: str, editing: Editing) -> str:
    """Return one tab-separated line for a report of a folder: file, agency, year, counts by strength."""
    return f"{name}\t{editing.report.agency}\t{editing.report.year}\t{_counts(editing, chr(9))}"


def as_data(editing: Editing) -> dict[str, object]:
    """Return the JSON object of a report: schema, agency, year, format, last_year, rules, errors, numbers, findings."""
    report = editing.report
    return {
        "schema": SCHEMA,
        "agency": report.agency,
        "year": report.year,
        "format": report.format,
        "last_year": editing.last.report.year if editing.last else None,
        "rules": _rules(editing),
        "errors": errors(editing),
        "numbers": _numbers(editing),
        "findings": [_finding(editing, finding) for finding in editing.findings],
    }


def _rules(editing: Editing) -> dict[str, str] | None:
    """Return version and digest of the rules; None when the texts were not checked."""
    ground = editing.ground
    return {"version": ground.rules.version, "digest": ground.rules.digest_with(editing.form)} if ground else None


def _numbers(editing: Editing) -> dict[str, object]:
    """Count the numbers in the texts that refer to a table; `undecided` lists spans (section, start, length)."""
    tally = editing.tally()
    spans = [[phrase.span.section, phrase.span.start, phrase.span.length] for phrase in tally.open]
    return {"agree": tally.agrees, "differ": tally.differs, "undecided": spans}


def as_trouble(name: str, trouble: Trouble) -> dict[str, object]:
    """Return the JSON object of an unreadable file of a folder: only `schema`, `file` and `trouble`."""
    return {"schema": SCHEMA, "file": name, "trouble": str(trouble)}


def _finding(editing: Editing, finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "section": finding.section,
        "cells": [str(address) for address in finding.cells],
        "spans": [[span.section, span.start, span.length] for span in finding.spans],
        "values": {str(address): _value(editing, address) for address in finding.cells},
        "message": finding.message,
        "todo": finding.advice,
        "basis": finding.basis,
        "fix": finding.fix.label if finding.fix else None,
        "reason": state_of(editing.report, finding).value,
    }


def _value(editing: Editing, address: Address) -> str | None:
    """Return a cell's text as printed, not as a number, so that every digit is kept; None for a blank cell."""
    return editing.entry(address).shown() or None


def written(data: object) -> str:
    """Format as the JSON that the command prints: indented by 2, Chinese not escaped."""
    return json.dumps(data, ensure_ascii=False, indent=2)
