"""Findings of rules with their places and fixes, and the state of the report that rules read."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from model.checks.equations import Mixup, mixups
from model.checks.paragraph_memo import Memo, Placed, cut
from model.form import Address, Entry, Format, Severity, Table, Values
from model.report import Report

Made = TypeVar("Made")
OWN_RULE = "性质：本软件提醒"  # in place of a basis: a reminder of the program that no document prescribes
CellOrField = Address | str  # a cell, the id of a section's text, a fact or a field of the report's head


@dataclass(frozen=True, slots=True)
class Span:
    """A range of a section's text (or the preface's): `length` Python characters from `start` on."""

    section: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class TextEdit:
    """A range of text and its replacement."""

    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change offered as a button: cells and facts to set, totals to accept, notes to dismiss, texts to correct."""

    label: str
    cells: tuple[tuple[Address, Entry], ...] = ()
    accept: tuple[Address, ...] = ()
    dismiss: tuple[str, ...] = ()  # messages of notes
    texts: tuple[TextEdit, ...] = ()  # of one section, in the order of the text, without overlap
    facts: tuple[tuple[str, str], ...] = ()  # set together with the rest


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem that a rule found; `cells` are its places, the most relevant first."""

    code: str
    severity: Severity
    section: str
    message: str
    advice: str = ""
    basis: str = ""
    cells: tuple[Address, ...] = ()
    fix: Fix | None = None
    spans: tuple[Span, ...] = ()  # ranges to underline in the texts
    overrulable: bool = False  # an 错误 that may stay with a written reason
    field: str = ""  # the field of the cover that it is about: a fact or `agency`


def ground_of(basis: str) -> tuple[str, str]:
    """Return a basis with its heading: (依据, …) for laws and documents, (性质, 本软件提醒) where there are none."""
    head, _, words = OWN_RULE.partition("：")
    return (head, words) if basis == OWN_RULE else ("依据", basis)


@dataclass(frozen=True)
class RuleInput:
    """Input of the rules: the report and its computed values."""

    report: Report
    values: Values
    memo: Memo = field(default_factory=Memo, compare=False, repr=False)  # shared with the states of later edits

    @cached_property
    def numbers(self) -> tuple[object, ...]:
        """All numbers as written, with totals and printed totals: a key for answers that depend on numbers only."""
        stated = self.report.stated
        written = [tuple(map(str, part.values())) for part in (self.values, stated)]
        return (tuple(self.values), tuple(stated), *written)

    def pieces(self, section: str) -> tuple[Placed, ...]:
        """Return the paragraphs of a section's text."""
        return self.once(("pieces", section), lambda: cut(self.report.text(section)))

    @cached_property
    def printed_values(self) -> Values:
        """The values, with printed totals in place of computed ones where the old report had them."""
        return {**self.values, **self.report.stated}

    @cached_property
    def _kept(self) -> dict[Hashable, Any]:
        return {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the result cached under `key`, calling `make` on first use; for what several rules need."""
        if key not in self._kept:
            self._kept[key] = make()
        made: Made = self._kept[key]
        return made

    def mixups(self, form: Format, table: Table) -> tuple[Mixup, ...]:
        """Return the possible interchanges of numbers in a table."""
        return self.once(("mixups", table.id), lambda: mixups(form, table, self.report, self.values))

    @cached_property
    def blank_rows(self) -> frozenset[tuple[str, str]]:
        """The rows (table, row) in which a cell is still without a number."""
        return frozenset((a.table, a.row) for a, number in self.values.items() if number is None)
