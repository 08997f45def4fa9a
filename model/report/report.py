"""Immutable value of a report (agency, year, numbers, texts) and the changes between two reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from model.form import BLANK, UNIT_KINDS, Address, Entry, Number, Severity

Key = TypeVar("Key")
Value = TypeVar("Value")
Nothing = TypeVar("Nothing")

# Fields that are compared as a whole; the other fields are mappings, compared by key.
HEAD = ("agency", "year", "format", "unit_kind", "notes")

MAX_AGENCY = 32_767  # characters: the limit of an input line
YEARS = range(1950, 9999)

# Default of a missing key, by field.
_NOTHING: Mapping[str, object] = MappingProxyType({"cells": BLANK, "stated": None, "texts": "", "facts": ""})


def check_type(name: str, value: object) -> None:
    """Raise `TypeError`, naming the field of the head, for a value of another type."""
    wanted = {"year": int, "notes": tuple}.get(name, str)
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise TypeError(f"{name} must be {wanted.__name__}, not {type(value).__name__}")


def check_head(name: str, value: object) -> None:
    """Raise `TypeError` or `ValueError`, naming the field of the head, for what a clerk's report cannot have there."""
    check_type(name, value)
    if name == "year" and value not in YEARS:
        raise ValueError(f"year must be from {YEARS[0]} to {YEARS[-1]}, not {value}")
    if name == "unit_kind" and value not in UNIT_KINDS:
        raise ValueError(f"unit_kind must be one of {', '.join(UNIT_KINDS)}, not {value!r}")
    if name == "agency" and len(str(value)) > MAX_AGENCY:
        raise ValueError(f"agency must have at most {MAX_AGENCY} characters")


def _says(value: object, nothing: object) -> bool:
    """Return False for an empty value; an entry with a number is known without the slower comparison of entries."""
    if isinstance(value, Entry) and value.number is not None:
        return True
    return value is not None and value != nothing


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """Remark made while an old report was imported; kept until the user dismisses it."""

    code: str
    severity: Severity
    section: str
    message: str


@dataclass(frozen=True)
class Report:
    """年度报告: the report of one agency for one year in one format; immutable.

    `cells` holds the filled-in cells (a missing address is a blank cell), `stated` the totals as printed in an old
    report, `texts` the narrative by section id (and `preface`), `facts` small fields such as those of the cover.
    """

    agency: str
    year: int
    format: str
    unit_kind: str = "department"
    cells: Mapping[Address, Entry] = field(default_factory=dict)
    stated: Mapping[Address, Number] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[ReadingNote, ...] = ()

    def __post_init__(self) -> None:
        """Freeze the parts and leave out what says nothing, so that equal reports compare equal.

        Raises `TypeError` for a field of the head that is of another type; years and kinds are checked where they
        come in (`check_head`), since the journal of a draft begins with a report of year 0.
        """
        for name in HEAD:
            check_type(name, getattr(self, name))
        for name, nothing in _NOTHING.items():
            part = {key: value for key, value in getattr(self, name).items() if _says(value, nothing)}
            object.__setattr__(self, name, MappingProxyType(part))

    def entry(self, address: Address) -> Entry:
        """Return the entry of a cell; `BLANK` when it is empty."""
        return self.cells.get(address, BLANK)

    def text(self, section: str) -> str:
        """Return a section's narrative; "" when nothing is written yet."""
        return self.texts.get(section, "")


@dataclass(frozen=True)
class Change:
    """One step of editing: the value before and after for each changed place; BLANK, None or "" after removes it.

    `head` holds changed fields of the report itself (agency, year, format, unit_kind, notes).
    """

    cause: str
    cells: Mapping[Address, tuple[Entry, Entry]] = field(default_factory=dict)
    stated: Mapping[Address, tuple[Number | None, Number | None]] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    facts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    head: Mapping[str, tuple[object, object]] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Return True if nothing would change."""
        return not (self.cells or self.stated or self.texts or self.facts or self.head)

    def inverse(self) -> Change:
        """Return the change that takes this one back."""
        return Change(
            self.cause, *(_swapped(part) for part in (self.cells, self.stated, self.texts, self.facts, self.head))
        )


def _swapped(part: Mapping[Key, tuple[Value, Value]]) -> dict[Key, tuple[Value, Value]]:
    return {key: (after, before) for key, (before, after) in part.items()}


def applied(report: Report, change: Change) -> Report:
    """Return the report after a change."""
    fields: dict[str, Any] = {n: {**getattr(report, n), **_afters(getattr(change, n))} for n in _NOTHING}
    return replace(report, **fields, **_afters(change.head))


def _afters(part: Mapping[Key, tuple[Any, Any]]) -> dict[Key, Any]:
    return {key: after for key, (_, after) in part.items()}


def difference(old: Report, new: Report, cause: str) -> Change:
    """Return the change that turns `old` into `new`."""
    head = {name: (getattr(old, name), getattr(new, name)) for name in HEAD}
    return Change(
        cause,
        cells=_differences(old.cells, new.cells, BLANK),
        stated=_differences(old.stated, new.stated, None),
        texts=_differences(old.texts, new.texts, ""),
        facts=_differences(old.facts, new.facts, ""),
        head={name: pair for name, pair in head.items() if pair[0] != pair[1]},
    )


def _differences(
    old: Mapping[Key, Value], new: Mapping[Key, Value], nothing: Nothing
) -> dict[Key, tuple[Value | Nothing, Value | Nothing]]:
    pairs = {key: (old.get(key, nothing), new.get(key, nothing)) for key in {**old, **new}}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
