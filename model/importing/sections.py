"""Splits a source into the sections of a form by the wording of their headings, whose numbering varies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from model.form import Format
from model.importing.labels import fold, numbered_as_section, numbered_within, unnumbered
from model.importing.readers import Cell, RawTable, Source, SourcePicture

MAX_HEADING = 60  # characters


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A numbered line of a source: running text, or a table row with its cells (`text` joins the filled ones).

    `placed` rows come from a file that says which cells are merged: those covered by others are listed by index in
    `covered`, and any other empty cell is a blank one.  `picture` marks a picture in place of a line.
    """

    number: int
    text: str
    cells: tuple[str, ...] = ()
    covered: frozenset[int] = frozenset()
    placed: bool = False
    picture: bool = False


@dataclass(frozen=True)
class Parts:
    """The lines of each section found, and those before the first."""

    before: tuple[SourceLine, ...]
    sections: Mapping[str, tuple[SourceLine, ...]]


def lines_of(source: Source) -> tuple[SourceLine, ...]:
    """All lines of a source, numbered from 0."""
    return tuple(replace(line, number=number) for number, line in enumerate(_lines(source)))


def _lines(source: Source) -> Iterator[SourceLine]:
    for block in source.blocks:
        if isinstance(block, RawTable):
            yield from (_row_line(row, placed=block.placed) for row in block.rows)
        elif isinstance(block, SourcePicture):
            yield SourceLine(0, "", picture=True)
        else:
            yield SourceLine(0, block.text)


def _row_line(row: Sequence[Cell], *, placed: bool) -> SourceLine:
    covered = frozenset(place for place, cell in enumerate(row) if cell is None)
    return SourceLine(0, " ".join(filter(None, row)), tuple(cell or "" for cell in row), covered, placed)


class Outline:
    """An index of the sections of a form by the wordings of their headings."""

    def __init__(self, form: Format) -> None:
        self._first = form.sections[0].id
        self._by_wording = {
            fold(unnumbered(wording)): section.id
            for section in reversed(form.sections)
            for wording in (section.title, *section.variants)
        }

    def named(self, line: SourceLine) -> str:
        """The id of the section whose heading this line is, or ""; （一） and 1. never number a section."""
        if len(line.text) > MAX_HEADING or numbered_within(line.text) or sum(map(bool, line.cells)) > 1:
            return ""
        return self._by_wording.get(fold(unnumbered(line.text)), "")

    def cut(self, lines: Sequence[SourceLine]) -> Parts:
        """Split at the section headings; the report begins at the last heading of its first section.

        Lines before it (title page, table of contents, an incomplete first copy) belong to no section.
        """
        marks = self._marks(lines)
        starts = [place for place, section in marks if section == self._first]
        marks = [mark for mark in marks if not starts or mark[0] >= starts[-1]]
        ends = [*(place for place, _ in marks[1:]), len(lines)]
        found: dict[str, list[SourceLine]] = {section: [] for _, section in marks}
        for (place, section), end in zip(marks, ends, strict=False):
            found[section] += lines[place + 1 : end]
        before = lines[: marks[0][0]] if marks else lines
        sections = {section: tuple(part) for section, part in found.items()}
        return Parts(tuple(line for line in before if not self.named(line)), sections)

    def _marks(self, lines: Sequence[SourceLine]) -> list[tuple[int, str]]:
        """The start and id of each section; an unnumbered heading counts only if that section has no numbered one."""
        named = [(place, section) for place, line in enumerate(lines) if (section := self.named(line))]
        numbered = {section for place, section in named if numbered_as_section(lines[place].text)}
        return [
            (place, section)
            for place, section in named
            if section not in numbered or numbered_as_section(lines[place].text)
        ]


# -- running text -------------------------------------------------------------------------------------------------

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\u3007"
_COPY_SPACE = re.compile(rf"(?<=[0-9]) (?=[{_HAN}])|(?<=[{_HAN}]) (?=[0-9])")
_RUN_IN = re.compile(r"(?<=[。！？])[ \u3000]*(?=[（(][一二三四五六七八九十]{1,3}[）)])")


def paragraphs(lines: Iterable[SourceLine]) -> str:
    """The text of a section as it will be printed, one paragraph a line.

    （一） … （五） that begins a sentence within a line begins a new paragraph. A single space between a digit and a
    Chinese character (`2020 年`) comes from copying and is removed: GB/T 9704 and GB/T 15834 print none.
    """
    texts = (_COPY_SPACE.sub("", line.text.strip()) for line in lines)
    return "\n".join(_RUN_IN.sub("\n", text) for text in texts if text)
