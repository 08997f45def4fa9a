"""What `check` answers, as text for a person and as JSON for a script (documented in docs/check-json.md)."""

from __future__ import annotations

import json

from model.base.trouble import Trouble
from model.checks.explanations import State, is_silenced, state_of
from model.checks.rules import Finding
from model.editing.session import Editing
from model.form.cell import Address
from model.form.format import Severity

SCHEMA = "zwgk-check/1"


def errors(editing: Editing) -> int:
    """How many 错误 stand."""
    return len(editing.standing.errors)


def as_text(editing: Editing) -> str:
    """The verdict, then two lines for each finding."""
    report = editing.report
    lines = [f"{report.agency} {report.year} 年（{editing.form.document}）：{_counts(editing, '，')}"]
    for finding in editing.findings:
        if not is_silenced(report, finding):
            where = editing.form.place_name(finding.section)
            state = _STATES[state_of(report, finding)]
            lines += [f"{finding.severity.label}　{where}：{finding.message}{state}", f"　　　{finding.todo}"]
    if not editing.standing.errors:
        lines.append(f"{editing.form.sums}全部相符")
    return "\n".join(lines)


_STATES = {State.OPEN: "", State.EXPLAINED: "（已说明）", State.RECONFIRM: "（请重新确认说明）"}


def _counts(editing: Editing, between: str) -> str:
    """What is still open, by strength; what is explained is no longer."""
    found = editing.standing.open
    return between.join(f"{severity.label} {len(found[severity])}" for severity in Severity)


def one_line(name: str, editing: Editing) -> str:
    """One report of many: its file, whose it is, and the counts."""
    return f"{name}\t{editing.report.agency}\t{editing.report.year}\t{_counts(editing, chr(9))}"


def as_data(editing: Editing) -> dict[str, object]:
    """One object: schema, agency, year, format, last_year, errors, and `findings`, each as `_finding` makes it."""
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
    """What the report was checked by; None when its texts were not."""
    ground = editing.ground
    return {"version": ground.rules.version, "digest": ground.rules.digest_with(editing.form)} if ground else None


def _numbers(editing: Editing) -> dict[str, object]:
    """What came of the numbers in the texts that speak of a table."""
    tally = editing.tally()
    spans = [[phrase.span.section, phrase.span.start, phrase.span.length] for phrase in tally.open]
    return {"agree": tally.agrees, "differ": tally.differs, "undecided": spans}


def as_trouble(name: str, trouble: Trouble) -> dict[str, object]:
    """A file of many that could not be read: only `file` and `trouble`."""
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
        "todo": finding.todo,
        "basis": finding.basis,
        "fix": finding.fix.label if finding.fix else None,
        "reason": state_of(editing.report, finding).value,
    }


def _value(editing: Editing, address: Address) -> str | None:
    """A cell's text, the way it is printed; numbers as text keep every digit."""
    return editing.entry(address).shown() or None


def written(data: object) -> str:
    """JSON as the command prints it."""
    return json.dumps(data, ensure_ascii=False, indent=2)
