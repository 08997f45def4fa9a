"""Parses a plain text into headings, paragraphs and raw tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from model.base import clean
from model.importing.containers import (
    MAX_CELLS,
    NO_NUMBERS,
    PAGE_NUMBER,
    RawTable,
    Source,
    SourceBlock,
    SourceHeading,
    SourceParagraph,
    made_source,
)


def text_source(name: str, text: str) -> Source:
    """Parse a text: `#` headings, rows of cells parted by tabs or `|`, every other line a paragraph.

    Neighbouring rows make one table, across blank lines too, because page ends interrupt tables.
    """
    lines = clean(text).translate(_BARS).split("\n")
    return made_source(name, _blocks(_lone_cells(lines) if _one_cell_a_line(lines) else map(_row_or_line, lines)))


def _blocks(lines: Iterable[str | tuple[str, ...]]) -> Iterator[SourceBlock]:
    """Gather rows into tables; drop empty lines, drawn rules and page numbers."""
    rows: list[tuple[str, ...]] = []
    for line in lines:
        cells = line if isinstance(line, tuple) else (line.strip(),)
        if _drawn(cells) or PAGE_NUMBER.fullmatch(cells[0]):
            continue
        if isinstance(line, tuple):
            rows.append(line)
            continue
        yield from _closed(rows)
        yield _text_block(line.strip())
    yield from _closed(rows)


_HEADING = re.compile(r"(#{1,6})[ \t\u3000]*([^#].*)")
_DRAWN = frozenset("-=_*—－:+")
_BARS = str.maketrans("｜│┃║", "||||")
_NUMBER = re.compile(r"[+-]?[0-9０-９][0-9０-９,，.．]{0,20}")


def _row_or_line(line: str) -> str | tuple[str, ...]:
    bare = line.strip()
    if bare.startswith("#") or not ("|" in bare or "\t" in line.lstrip()):
        return line
    parts = _between_bars(bare) if "|" in bare else line.split("\t")
    return tuple(part.strip() for part in parts[:MAX_CELLS]) if parts else line


def _between_bars(bare: str) -> list[str]:
    """The cells of a line with bars between them and perhaps at its ends; [] for a sentence with a bar in it."""
    parts = bare.removeprefix("|").removesuffix("|").split("|")
    framed = len(parts) < bare.count("|") + 1 and bare != "|"
    return parts if framed or len(parts) > 2 or _NUMBER.fullmatch(parts[-1].strip()) else []


# -- one cell a line ----------------------------------------------------------------------------------------------

_LONE = 20  # lines that are a number alone; no text of a report has so many


def _one_cell_a_line(lines: Sequence[str]) -> bool:
    """Tell whether tables were written without anything between the cells of a row, as browsers copy them."""
    rows = sum("\t" in line.strip() or "|" in line for line in lines)
    return sum(bool(_NUMBER.fullmatch(line.strip())) for line in lines) >= max(_LONE, 3 * rows)


def _lone_cells(lines: Sequence[str]) -> Iterator[str | tuple[str, ...]]:
    """Join the numbers that follow a label, with the empty lines between them, to a row with that label."""
    label: str | None = None
    values: list[str] = []
    for line in _single_spaced([line.strip() for line in lines]):
        if _NUMBER.fullmatch(line) or line in NO_NUMBERS or (values and not line):
            values.append(line)
        elif line:
            yield from _lone_row(label, values)
            label, values = line, []
    yield from _lone_row(label, values)


def _single_spaced(lines: Sequence[str]) -> Sequence[str]:
    """The lines without the empty line behind each, where there is one behind nearly all."""
    spaced = sum(bool(line) and not behind for line, behind in pairwise(lines))
    if spaced < 0.9 * sum(map(bool, lines)):
        return lines
    return "\n".join(lines).replace("\n\n", "\n").split("\n")


def _lone_row(label: str | None, values: Sequence[str]) -> Iterator[str | tuple[str, ...]]:
    filled = [place for place, value in enumerate(values, 1) if value]
    if filled:
        yield (label or "", *values[: min(filled[-1], MAX_CELLS)])
    elif label:
        yield label


def _drawn(cells: Iterable[str]) -> bool:
    """Return True for an empty line or a rule drawn with characters; one or two dashes stand for an empty value."""
    return all(not cell or (len(cell) > 2 and _DRAWN.issuperset(cell)) for cell in cells)


def _closed(rows: list[tuple[str, ...]]) -> Iterator[RawTable]:
    if rows:
        yield RawTable(tuple(rows))
        rows.clear()


def _text_block(line: str) -> SourceBlock:
    heading = _HEADING.fullmatch(line)
    return SourceHeading(heading[2].strip(), len(heading[1])) if heading else SourceParagraph(line)
