"""The report as a value: who, which year, the numbers, the texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from model.form.cell import BLANK, Address, Entry, Number
from model.form.format import Severity

Key = TypeVar("Key")
Value = TypeVar("Value")
Nothing = TypeVar("Nothing")

# The fields that say what report it is; the rest are its parts.
HEAD = ("agency", "year", "format", "unit_kind", "notes")

UNIT_KINDS = MappingProxyType(
    {"department": "部门", "government": "人民政府", "town": "乡镇（街道）", "office": "其他机构"}
)

# What a part of a report holds where nothing stands.
_NOTHING: Mapping[str, object] = MappingProxyType({"cells": BLANK, "stated": None, "texts": "", "facts": ""})


def _says(value: object, nothing: object) -> bool:
    """False for what stands for nothing; a cell with a number is told at once, for entries are compared in writing."""
    if isinstance(value, Entry) and value.number is not None:
        return True
    return value is not None and value != nothing


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was seen while an old report was read; it stays until the clerk takes note of it."""

    code: str
    severity: Severity
    section: str
    message: str


@dataclass(frozen=True)
class Report:
    """年度报告: one agency's report of one year in one format.  Never changed, only replaced.

    `cells` holds what is filled in (a missing address is a blank cell), `stated` the totals as an old
    report printed them, `texts` the narrative by section id (and `preface`), `facts` the small fields of the cover.
    """

    agency: str
    year: int
    format: str
    unit_kind: str = "department"
    cells: Mapping[Address, Entry] = field(default_factory=dict)
    stated: Mapping[Address, Number] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        """Freeze the parts and leave out what says nothing, so that equal reports compare equal."""
        for name, nothing in _NOTHING.items():
            part = {key: value for key, value in getattr(self, name).items() if _says(value, nothing)}
            object.__setattr__(self, name, MappingProxyType(part))

    def entry(self, address: Address) -> Entry:
        """What stands in a cell; `BLANK` when nothing does."""
        return self.cells.get(address, BLANK)

    def text(self, section: str) -> str:
        """A section's narrative; "" when nothing is written yet."""
        return self.texts.get(section, "")


@dataclass(frozen=True)
class Change:
    """What one step replaced: for each place the value before and after; None removes it.

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
        """True when nothing would change."""
        return not (self.cells or self.stated or self.texts or self.facts or self.head)

    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(
            self.cause, *(_swapped(part) for part in (self.cells, self.stated, self.texts, self.facts, self.head))
        )


def _swapped(part: Mapping[Key, tuple[Value, Value]]) -> dict[Key, tuple[Value, Value]]:
    return {key: (after, before) for key, (before, after) in part.items()}


def applied(report: Report, change: Change) -> Report:
    """The report after a change."""
    fields: dict[str, Any] = {n: {**getattr(report, n), **_afters(getattr(change, n))} for n in _NOTHING}
    return replace(report, **fields, **_afters(change.head))


def _afters(part: Mapping[Key, tuple[Any, Any]]) -> dict[Key, Any]:
    return {key: after for key, (_, after) in part.items()}


def difference(old: Report, new: Report, cause: str) -> Change:
    """The change that makes `new` out of `old`."""
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
