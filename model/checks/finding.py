"""What a rule answers: findings with their places and cures; and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from model.checks.equations import Mixup, mixups
from model.checks.paragraph_memo import Memo, Placed, cut
from model.form.cell import Address, Entry
from model.form.format import Format, Severity, Table
from model.form.relation import Values
from model.report.report import Report

Made = TypeVar("Made")
Place = Address | str  # a cell, or the id of a section's text


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a section's text (or the preface's): `length` Python characters from `start` on."""

    section: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class TextEdit:
    """A stretch of text and what should stand there instead."""

    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What one click may do: new entries for cells, totals to accept as computed, notes to put away, texts to mend."""

    label: str
    cells: tuple[tuple[Address, Entry], ...] = ()
    accept: tuple[Address, ...] = ()
    dismiss: tuple[str, ...] = ()  # messages of notes
    texts: tuple[TextEdit, ...] = ()  # of one section, in the order of the text, none over another


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be; `cells` are its places, the one to look at first."""

    code: str
    severity: Severity
    section: str
    message: str
    todo: str = ""
    basis: str = ""
    cells: tuple[Address, ...] = ()
    fix: Fix | None = None
    spans: tuple[Span, ...] = ()  # what to underline in the texts
    overrulable: bool = False  # an 错误 that may stay with a written reason


@dataclass(frozen=True)
class State:
    """What the rules look at: the report and its computed values."""

    report: Report
    values: Values
    memo: Memo = field(default_factory=Memo, compare=False, repr=False)  # goes on from one state to the next

    @cached_property
    def numbers(self) -> tuple[object, ...]:
        """All numbers as they are written, totals and printed totals too: two states with the same say the same."""
        stated = self.report.stated
        written = [tuple(map(str, part.values())) for part in (self.values, stated)]
        return (tuple(self.values), tuple(stated), *written)

    def pieces(self, section: str) -> tuple[Placed, ...]:
        """The paragraphs of a section's text."""
        return self.once(("pieces", section), lambda: cut(self.report.text(section)))

    @cached_property
    def believed(self) -> Values:
        """The values, with each total as the old report printed it where it did."""
        return {**self.values, **self.report.stated}

    @cached_property
    def _kept(self) -> dict[Hashable, Any]:
        return {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What several rules ask of the same report, made for the first of them."""
        if key not in self._kept:
            self._kept[key] = make()
        made: Made = self._kept[key]
        return made

    def mixups(self, form: Format, table: Table) -> tuple[Mixup, ...]:
        """What may have been mixed up in a table."""
        return self.once(("mixups", table.id), lambda: mixups(form, table, self.report, self.values))

    @cached_property
    def blank_rows(self) -> frozenset[tuple[str, str]]:
        """The rows (table, row) in which a cell is still without a number."""
        return frozenset((a.table, a.row) for a, number in self.values.items() if number is None)
