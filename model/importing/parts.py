"""Cuts a source into the sections of a form; headings wander, so each is known by its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.format import Format, Section
from model.importing.labels import fold, numbered_as_section, numbered_within, unnumbered
from model.importing.sources import RawTable, Source

MAX_HEADING = 60  # characters


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source: running text, or a row with its cells (then `text` joins what stands in them)."""

    text: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parts:
    """The lines of each section that was found, and those before the first."""

    before: tuple[Line, ...]
    sections: Mapping[str, tuple[Line, ...]]


def lines_of(source: Source) -> tuple[Line, ...]:
    """The whole source line by line."""
    return tuple(_lines(source))


def _lines(source: Source) -> Iterator[Line]:
    for block in source.blocks:
        if isinstance(block, RawTable):
            yield from (Line(" ".join(filter(None, row)), row) for row in block.rows)
        else:
            yield Line(block.text)


def cut(lines: Sequence[Line], form: Format) -> Parts:
    """Cut at the section headings; the report begins at the last heading of its first section.

    What stands before (a title page, a table of contents, a torn first copy) belongs to no section.
    """
    marks = _marks(lines, form)
    starts = [index for index, section in marks if section == form.sections[0]]
    marks = [mark for mark in marks if not starts or mark[0] >= starts[-1]]
    ends = [index for index, _ in marks[1:]] + [len(lines)]
    found: dict[str, tuple[Line, ...]] = {}
    for (index, section), end in zip(marks, ends, strict=True):
        found[section.id] = found.get(section.id, ()) + tuple(lines[index + 1 : end])
    before = lines[: marks[0][0]] if marks else lines
    return Parts(tuple(line for line in before if not _named(line, form)), found)


def _marks(lines: Sequence[Line], form: Format) -> list[tuple[int, Section]]:
    """Where sections begin; a heading without its number counts only where no numbered one does."""
    named = [(index, section) for index, line in enumerate(lines) if (section := _named(line, form))]
    with_number = {section.id for index, section in named if numbered_as_section(lines[index].text)}
    return [
        (index, section)
        for index, section in named
        if section.id not in with_number or numbered_as_section(lines[index].text)
    ]


def _named(line: Line, form: Format) -> Section | None:
    """The section whose heading this line is; （一） and 1. never number a section."""
    if len(line.text) > MAX_HEADING or numbered_within(line.text) or sum(map(bool, line.cells)) > 1:
        return None
    words = fold(unnumbered(line.text))
    return next((section for section in form.sections if words in _wordings(section)), None)


def _wordings(section: Section) -> set[str]:
    return {fold(unnumbered(title)) for title in (section.title, *section.variants)}


def count_headings(lines: Iterable[Line], form: Format) -> int:
    """How many different sections of the form have a heading here."""
    return len({section.id for line in lines if (section := _named(line, form))})


# -- running text -------------------------------------------------------------------------------------------------

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\u3007"
_COPY_SPACE = re.compile(rf"(?<=[0-9]) (?=[{_HAN}])|(?<=[{_HAN}]) (?=[0-9])")
_RUN_IN = re.compile(r"(?<=[。！？])[ \u3000]*(?=[（(][一二三四五六七八九十]{1,3}[）)])")


def paragraphs(lines: Iterable[Line]) -> str:
    """The text of a section, one paragraph a line, as it will be printed.

    A run-in （一） … （五） that begins a sentence begins a paragraph.  A single space between a digit and a Chinese
    character (`2020 年`) comes from copying and goes: GB/T 9704 and GB/T 15834 print none.  All else stays.
    """
    texts = (_COPY_SPACE.sub("", line.text.strip()) for line in lines)
    return "\n".join(_RUN_IN.sub("\n", text) for text in texts if text)
