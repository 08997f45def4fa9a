"""Finds the reports in a file that may contain several, and chooses one by its year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from model.base import Trouble
from model.form import Format
from model.importing.cover import CoverTitle, find_title, year_in
from model.importing.sections import Outline, SourceLine


class SeveralReports(Trouble):
    """Error for a file with several reports; `years` are theirs, as far as they are known."""

    def __init__(self, message: str, years: Sequence[int]) -> None:
        super().__init__(message)
        self.years = tuple(years)


@dataclass(frozen=True, slots=True)
class _Part:
    """The lines of one report of a file, from its title on."""

    lines: Sequence[SourceLine]
    title: CoverTitle | None
    year: int | None

    @property
    def name(self) -> str:
        agency = self.title.agency if self.title else ""
        return f"{agency} {self.year} 年".strip() if self.year else agency or "未写明年度的一份"


def title_of(lines: Sequence[SourceLine], forms: Iterable[Format]) -> CoverTitle | None:
    """The title of a report: the last one before its first section, else the first of the file."""
    known = list(forms)
    start = max((Outline(form).start(lines) for form in known), default=0)
    return find_title(lines[:start], known, last=True) or find_title(lines, known)


def split(lines: Sequence[SourceLine], forms: Iterable[Format]) -> list[_Part]:
    """The reports of a file, each from the title before its first section to that of the next."""
    known = list(forms)
    starts = max((_with_rows(Outline(form).starts(lines), lines) for form in known), key=len)
    cuts: list[int] = []
    for before, start in zip([0, *starts], starts, strict=False):
        title = find_title(lines[before:start], known, last=True)
        named = [line.number for line in lines[before:start] if title and line.text in title.lines]
        cuts.append(named[-len(title.lines) :][0] if title and named else start)
    if cuts:
        cuts[0] = 0
    cuts = cuts or [0]
    ends = [*cuts[1:], len(lines)]
    return [_part(lines[cut:end], known) for cut, end in zip(cuts, ends, strict=True)]


def _with_rows(starts: Sequence[int], lines: Sequence[SourceLine]) -> list[int]:
    """The starts that are followed by a table before the next one: others are those of a table of contents."""
    ends = [*starts[1:], len(lines)]
    return [
        start
        for start, end in zip(starts, ends, strict=False)
        if any(len(list(filter(None, line.cells))) > 1 for line in lines[start:end])
    ]


def _part(lines: Sequence[SourceLine], forms: Sequence[Format]) -> _Part:
    title = title_of(lines, forms)
    return _Part(lines, title, title.year if title else year_in(lines, forms, ""))


def chosen(name: str, parts: Sequence[_Part], copies: int, year: int | None) -> Sequence[SourceLine]:
    """The lines of the report of this year; raises `SeveralReports` if none or several are of it."""
    fitting = [part for part in parts if part.year == year]
    if year and len(fitting) == 1:
        return fitting[0].lines
    names = "、".join(part.name for part in parts[:_LISTED])
    if year and not fitting:
        raise Trouble(f"文件“{name}”里没有 {year} 年的报告，只有{names}的，请核对年度")
    count, listed = max(len(parts), copies), f"（{names}）" if len(parts) > 1 else ""
    message = f"文件“{name}”里有 {count} 份报告{listed}，请分别存成单独的文件后再读取"
    raise SeveralReports(message, [part.year for part in parts if part.year])


_LISTED = 8  # reports that a message names
