"""Compares numbers that were inserted into a text from a table with the present values of their cells.

An inserted number is plain text; a fact records the section, the characters before the number and the cell.  While
these characters are found, the number behind them is compared; once a user rewrites them, the record is ignored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from model.checks.finding import OWN_RULE, Finding, Fix, RuleInput, Span, TextEdit
from model.checks.rules import Rule
from model.form import PREFACE, Address, Format, Severity, at, shown
from model.report import QUOTE, Report, facts_under

_CONTEXT = 12  # characters before the number
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Quote:
    """Record of a number in a text: the characters before it and the cell it came from."""

    section: str
    before: str
    cell: Address


def quote_fact(report: Report, section: str, text: str, place: int, cell: Address) -> tuple[str, str]:
    """Return the fact (name, value) that records a number inserted from `cell` into `text` at index `place`."""
    taken = facts_under(report.facts, QUOTE)
    name = next(name for n in range(len(taken) + 1) if (name := f"{QUOTE}{n + 1}") not in taken)
    value = [section, text[max(0, place - _CONTEXT) : place], str(cell)]
    return name, json.dumps(value, ensure_ascii=False)


def quotes(report: Report) -> Iterator[Quote]:
    """Yield every record that can be read."""
    for value in facts_under(report.facts, QUOTE).values():
        if quote := _read(value):
            yield quote


def _read(value: str) -> Quote | None:
    try:
        section, before, cell = json.loads(value)
        return Quote(str(section), str(before), at(str(cell)))
    except (ValueError, TypeError, RecursionError):  # not written by us
        return None


@lru_cache(maxsize=16)
def quote_rules(form: Format) -> tuple[Rule, ...]:
    """Return the rule that compares the inserted numbers in the texts with their cells."""
    sections = {PREFACE, *(section.id for section in form.sections)}
    return (Rule("quotes:", frozenset({*form.addresses, *sections}), partial(_changed, form)),)


def _changed(form: Format, state: RuleInput) -> tuple[Finding, ...]:
    found = (_finding(form, quote, state) for quote in quotes(state.report) if form.has(quote.cell))
    return tuple(dict.fromkeys(finding for finding in found if finding))


def _finding(form: Format, quote: Quote, state: RuleInput) -> Finding | None:
    text, number = state.report.text(quote.section), state.values.get(quote.cell)
    place = text.find(quote.before)
    written = _NUMBER.match(text, place + len(quote.before)) if place >= 0 else None
    if number is None or not written or written.group() == shown(number):
        return None
    span = Span(quote.section, written.start(), len(written.group()))
    message = f"文中引用的 {written.group()}，{form.cell_name(quote.cell)}现在是 {shown(number)}"
    return Finding(
        "quote-changed", Severity.HINT, quote.section, message, "请核对文中的数", OWN_RULE,
        spans=(span,), fix=Fix(f"改为 {shown(number)}", texts=(TextEdit(span, shown(number)),)),
    )  # fmt: skip
