"""Reports for the tests of the rules about texts, from `sentences` and `reports`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from model.checks.finding import Finding, RuleInput
from model.checks.rules import find_all, flat
from model.claims.claim_check import ClaimReading, claim_readings
from model.form.cell import Address, Entry, Number
from model.form.format import Format
from model.form.loader import load_all
from model.narrative.all_rules import rule_context, text_rules
from model.prose.context import Passage
from model.prose.rule_loader import load_rules
from model.report.report import Report
from model.report.totals import Engine

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = ROOT / "tests" / "support" / "sentences"
FORMATS = load_all([ROOT / "resources" / "formats"])
RULES = load_rules(ROOT / "resources" / "rules", FORMATS)


@cache
def described() -> dict[str, dict[str, Any]]:
    return tomllib.loads((SENTENCES / "reports.toml").read_text(encoding="utf-8"))


def cases(name: str, key: str = "sentences") -> list[list[str]]:
    found: list[list[str]] = tomllib.loads((SENTENCES / f"{name}.toml").read_text(encoding="utf-8"))[key]
    return found


@cache
def named(name: str) -> Report:
    """Return a report by its name: a real one from `reports`, or one made from sentences/reports.toml."""
    path = ROOT / "tests" / "support" / "reports" / f"{name}.json"
    facts = described().get(name, {})
    if path.exists():
        return replace(real(json.loads(path.read_text(encoding="utf-8"))), unit_kind=facts["unit_kind"])
    form = FORMATS.for_year(facts["year"])
    cells: dict[Address, Entry] = dict.fromkeys(form.inputs, Entry(0))
    cells |= entries(form, {table: facts.get(table, {}) for table in ("proactive", "requests", "disputes")})
    return Report(facts["agency"], facts["year"], form.id, facts["unit_kind"], cells)


def real(data: Mapping[str, Any]) -> Report:
    """Read a report in the notation of tests/support/reports/*.json."""
    form = FORMATS.for_year(data["year"])
    columns = data["table3_columns"]
    requests = {row: dict(zip(columns, numbers, strict=True)) for row, numbers in data["table3"].items()}
    tables = {"proactive": data["table2"], "requests": requests, "disputes": data["table4"]}
    return Report(data["agency"], data["year"], form.id, "government", entries(form, tables), texts=data["texts"])


def entries(form: Format, tables: Mapping[str, Mapping[str, Mapping[str, int | str]]]) -> dict[Address, Entry]:
    return {
        Address(table, row, column): Entry(Decimal(number) if isinstance(number, str) else number)
        for table, rows in tables.items()
        for row, numbers in rows.items()
        for column, number in numbers.items()
        if Address(table, row, column) in form.inputs
    }


def with_cells(report: Report, **totals: int) -> Report:
    """Return the report with these numbers in the first column of the rows named, and 0 in their other cells."""
    form = FORMATS.for_year(report.year)
    cells = dict(report.cells)
    for row, number in totals.items():
        own = [address for address in form.inputs if address.row == row]
        cells |= {address: Entry(number if address == own[0] else 0) for address in own}
    return replace(report, cells=cells)


def state(report: Report) -> RuleInput:
    return RuleInput(report, Engine(FORMATS.for_year(report.year)).values(report))


def last_year_of(name: str) -> Mapping[Address, Number | None] | None:
    before = described().get(name, {}).get("last_year")
    return state(named(before)).values if before else None


def findings(report: Report, last_year: Mapping[Address, Number | None] | None = None) -> tuple[Finding, ...]:
    """Return the findings of the text rules in a report, most severe first."""
    return flat(find_all(text_rules(FORMATS.for_year(report.year), RULES, last_year), state(report)))


def about(name: str, section: str, text: str) -> tuple[Finding, ...]:
    """Return the findings in one text, put into a section of a report."""
    return findings(replace(named(name), texts={section: text}), last_year_of(name))


def read(report: Report, section: str) -> tuple[ClaimReading, ...]:
    return claim_readings(Passage(rule_context(FORMATS.for_year(report.year), RULES), section, state(report)))


def underlined(finding: Finding, text: str) -> str:
    span = finding.spans[0] if finding.spans else None
    return text[span.start : span.start + span.length] if span else ""
