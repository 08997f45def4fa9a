"""Compares every number claimed in a text with the cells that it may stand for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial

from model.checks import Finding, Fix, RuleInput, leaves_of
from model.claims.claim_reader import claims
from model.claims.claims_together import Claim
from model.form import Address, Entry, Number, shown
from model.prose import Meaning, Passage, mend, own_names, rows_under


class Verdict(StrEnum):
    """The result of comparing a claim with the cells."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNDECIDED = "undecided"

    @property
    def label(self) -> str:
        """The result in Chinese, as shown to the user."""
        return {"agrees": "符合", "differs": "不符合", "undecided": "未能判断"}[self.value]


@dataclass(frozen=True, slots=True)
class ClaimReading:
    """A claim, its verdict, and its meanings with their numbers (件 or 元; None: not known), the nearest first."""

    claim: Claim
    verdict: Verdict
    numbers: tuple[tuple[Meaning, Number | None], ...]


def claim_readings(passage: Passage) -> tuple[ClaimReading, ...]:
    """The claims of a passage, each compared with the tables; cached per report state."""
    return passage.state.once((passage.ground, passage.section, passage.piece), lambda: _readings(passage))


def _readings(passage: Passage) -> tuple[ClaimReading, ...]:
    report = passage.state.report
    found = claims(passage.typed, passage.ground.words, report.year, own_names(report.agency))
    blank = passage.state.blank_rows if found else frozenset()
    return tuple(_reading(passage, claim, blank) for claim in found)


def _reading(passage: Passage, claim: Claim, blank: frozenset[tuple[str, str]]) -> ClaimReading:
    """Compare a claim with the printed numbers and, where a printed total is in doubt, with the computed ones."""
    if claim.last_year:
        return _compared(passage, claim, passage.ground.last_year or {}, frozenset())
    reading = _compared(passage, claim, passage.state.printed_values, blank)
    if reading.verdict is Verdict.DIFFERS and passage.state.report.stated:
        computed = _compared(passage, claim, passage.state.values, blank)
        return computed if computed.verdict is Verdict.AGREES else reading
    return reading


def _compared(
    passage: Passage, claim: Claim, values: Mapping[Address, Number | None], blank: frozenset[tuple[str, str]]
) -> ClaimReading:
    words = passage.ground.words
    known = {
        meaning: _known(claim, meaning, values, bool(rows_under(words, meaning) & blank)) for meaning in claim.meanings
    }
    numbers = tuple(sorted(known.items(), key=lambda item: _distance(claim, item[1])))
    if any(number is not None and claim.amount.near(number) for number in known.values()):
        return ClaimReading(claim, Verdict.AGREES, numbers)
    if not claim.strict or claim.last_year or any(number is None for number in known.values()):
        return ClaimReading(claim, Verdict.UNDECIDED, numbers)
    return ClaimReading(claim, Verdict.DIFFERS, numbers)


def _known(claim: Claim, meaning: Meaning, values: Mapping[Address, Number | None], open_cells: bool) -> Number | None:
    """The number of the cells; None while some are blank, unless those filled already hold more than the text says."""
    number = meaning.value(values)
    return number if not open_cells or (number is not None and number > claim.amount.value) else None


def _distance(claim: Claim, number: Number | None) -> float:
    return math.inf if number is None else abs(float(number) - float(claim.amount.value))


def find(passage: Passage) -> Iterator[Finding]:
    """Yield one finding for each claim that agrees with none of its meanings."""
    for reading in claim_readings(passage):
        if reading.verdict is Verdict.DIFFERS:
            yield _finding(passage, reading)


def _finding(passage: Passage, reading: ClaimReading) -> Finding:
    claim = reading.claim
    span = passage.span(claim.start, claim.end)
    number = passage.quoted(passage.span(claim.amount.start, claim.amount.end))
    found = partial(passage.found, passage.ground.words.subjects[claim.table].rule, [span], number=number)
    cells = dict.fromkeys(name for meaning, _ in reading.numbers for name in meaning.linear.names())
    if wrong := _borne_out(passage, reading):
        cell, total = wrong
        right = shown(claim.amount.value)
        cells = {cell: None, total: None} | cells
        words = f"{said(reading.numbers)}；表中改为 {right}，{passage.ground.form.cell_name(total)}即与各项之和相符"
        return found(cells=tuple(cells), fix=Fix(f"表中改为 {right}", ((cell, Entry(int(right))),)), cells_said=words)
    return found(cells=tuple(cells), fix=_fix(passage, reading), cells_said=said(reading.numbers))


def _borne_out(passage: Passage, reading: ClaimReading) -> tuple[Address, Address] | None:
    """The cell that is wrong instead of the text, with the printed total that proves it.

    With the text's number in the cell, the sum equals that total. None if no printed total supports the text.
    """
    form, amount = passage.ground.form, reading.claim.amount
    if not (amount.exact and amount.count):
        return None
    for meaning, number in reading.numbers:
        (cell, *others) = meaning.linear.names()
        if not others and number is not None and cell not in form.totals:
            for total, gap in _gaps(passage.state):
                if number - amount.value == gap and cell in {leaf for _, leaf in leaves_of(form, 1, total, {})}:
                    return cell, total
    return None


def _gaps(state: RuleInput) -> Iterator[tuple[Address, Number]]:
    """Each printed total that differs from the computed sum, with the difference (sum − total)."""
    for total, stated in state.report.stated.items():
        added = state.values.get(total)
        if added is not None and added != stated:
            yield total, added - stated


def said(numbers: tuple[tuple[Meaning, Number | None], ...]) -> str:
    """The cells with their numbers, in the form's words; of several sums with one value the first."""
    first = {number: (meaning, number) for meaning, number in reversed(numbers)}
    told = [one for one in numbers if one[1] is None or first[one[1]] == one]
    return "；".join(f"表中{meaning.name}为 {shown_as(meaning, number)}" for meaning, number in told)


def shown_as(meaning: Meaning, number: Number | None) -> str:
    """A number as its cell shows it: money in 万元, an unknown number as 空白."""
    if number is None:
        return "空白"
    return f"{_in_ten_thousands(number)} 万元" if meaning.money else shown(number)


def _in_ten_thousands(number: Number) -> str:
    digits = shown(Decimal(number) / 10_000)
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _fix(passage: Passage, reading: ClaimReading) -> Fix | None:
    """Build 改为表中数 with the number of the nearest meaning, if it can replace the digits; else None."""
    amount, (meaning, number) = reading.claim.amount, reading.numbers[0]
    if number is None or not ((amount.exact and amount.count) or amount.unit == "万元"):
        return None
    digits = _in_ten_thousands(number) if meaning.money else shown(number)
    return mend(f"改为表中数 {digits}", (passage.span(amount.start, amount.digits_end), digits))
