"""The report as a value: who, which year, the numbers, the texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar

from model.cell import BLANK, Address, Entry, Number
from model.format import Severity

Key = TypeVar("Key")
Value = TypeVar("Value")


def _frozen(mapping: Mapping[Key, Value]) -> Mapping[Key, Value]:
    return MappingProxyType(dict(mapping))


UNIT_KINDS = MappingProxyType({"department": "部门", "government": "人民政府", "town": "乡镇（街道）", "office": "其他机构"})


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
        for name in ("cells", "stated", "texts", "facts"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))

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
        return Change(self.cause, *(_swapped(part) for part in (self.cells, self.stated, self.texts, self.facts, self.head)))


def _swapped(part: Mapping[Key, tuple[Value, Value]]) -> dict[Key, tuple[Value, Value]]:
    return {key: (after, before) for key, (before, after) in part.items()}


def applied(report: Report, change: Change) -> Report:
    """The report after a change."""
    return replace(
        report,
        cells=_merged(report.cells, change.cells, BLANK),
        stated=_merged(report.stated, change.stated, None),
        texts=_merged(report.texts, change.texts, ""),
        facts=_merged(report.facts, change.facts, ""),
        **{name: after for name, (_, after) in change.head.items()},  # type: ignore[arg-type]  # names are Report's own
    )


def _merged(
    old: Mapping[Key, Value], part: Mapping[Key, tuple[object, Value | None]], nothing: Value | None
) -> Mapping[Key, Value]:
    """`old` with the new values put in; `nothing` takes the key out, so that equal reports compare equal."""
    if not part:
        return old
    merged = {**old, **{key: after for key, (_, after) in part.items()}}
    return {key: value for key, value in merged.items() if value is not None and value != nothing}


def difference(old: Report, new: Report, cause: str) -> Change:
    """The change that makes `new` out of `old`."""
    head_names = ("agency", "year", "format", "unit_kind", "notes")
    return Change(
        cause,
        cells=_differences(old.cells, new.cells, BLANK),
        stated=_differences(old.stated, new.stated, None),
        texts=_differences(old.texts, new.texts, ""),
        facts=_differences(old.facts, new.facts, ""),
        head={n: (getattr(old, n), getattr(new, n)) for n in head_names if getattr(old, n) != getattr(new, n)},
    )


def _differences(
    old: Mapping[Key, Value], new: Mapping[Key, Value], nothing: Value
) -> dict[Key, tuple[Value, Value]]:
    keys = dict.fromkeys((*old, *new))
    pairs = {key: (old.get(key, nothing), new.get(key, nothing)) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
