"""Lays out a `Document` on pages: the position of every text in points, independent of PDF.

Body lines are set on the grid of GB/T 9704 (22 lines of 28 cells); after a title, table or note the text continues
on the next grid line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from export.document import (
    Approval,
    Block,
    Document,
    DocumentTitle,
    Heading,
    Paragraph,
    PrintedTable,
    Signature,
    TableNote,
    Voice,
)
from export.fonts import Style
from export.layout import end_matter, furniture, tables
from export.layout.page_builder import EDGE, PageBuilder
from export.layout.title_block import set_title
from export.lines import (
    Atom,
    BrokenLine,
    Metrics,
    OutlineEntry,
    PlacedPage,
    atom_cache,
    atoms,
    break_lines,
    longest_token,
    place_line,
)


def lay_out(document: Document, style: Style, metrics: Metrics) -> tuple[PlacedPage, ...]:
    """Lay out a document; the result has at least one page."""
    flow = _LayoutPass(document, PageBuilder(style, metrics))
    flow.run()
    for page in flow.sheet.pages:
        furniture.number(page, style, metrics)
        if document.draft:
            furniture.mark(page, style, metrics)
    return tuple(flow.sheet.pages)


_KEPT_LENGTH = 2_000  # characters of a paragraph whose lines are kept


class _Broken(NamedTuple):
    """A paragraph or heading broken into lines."""

    atoms: Sequence[Atom]
    lines: Sequence[BrokenLine]


class _Width(NamedTuple):
    """Width of the first and of the other lines, size and pitch of the characters, in points."""

    first: float
    others: float
    size: float
    pitch: float


@lru_cache(maxsize=256)  # a report has about 40 paragraphs, of which an edit changes one
def _broken(metrics: Metrics, runs: tuple[tuple[str, str], ...], width: _Width) -> _Broken:
    """Break runs of font role and text into lines."""
    books = [(atom_cache(metrics, role, width.size, width.pitch), text) for role, text in runs]
    found = atoms(books, longest_token(width.first, width.others))
    return _Broken(found, break_lines(found, width.first, width.others))


class _LayoutPass:
    """Sets one block after the other, looking ahead for blocks that must stay together."""

    def __init__(self, document: Document, sheet: PageBuilder) -> None:
        self.blocks = document.blocks
        self.sheet = sheet
        self.style = sheet.style
        self.setter = tables.setter(sheet.metrics, sheet.style.table)
        self._broken: dict[int, _Broken] = {}
        self._measured: dict[int, tables.Measured] = {}

    def run(self) -> None:
        """Set all blocks in order."""
        setters: dict[type, Callable[[int], None]] = {
            DocumentTitle: self._title,
            Heading: self._heading,
            Paragraph: self._paragraph,
            PrintedTable: self._table,
            TableNote: self._note,
            Signature: self._signature,
            Approval: self._approval,
        }
        for index, block in enumerate(self.blocks):
            setters[type(block)](index)

    def _follower(self, index: int) -> Block | None:
        return self.blocks[index + 1] if index + 1 < len(self.blocks) else None

    # -- text ---------------------------------------------------------------------------------------------------

    def _title(self, index: int) -> None:
        block = self.blocks[index]
        assert isinstance(block, DocumentTitle)
        set_title(self.sheet, block.parts, self.style.title.after_lines * self.sheet.leading)

    def _heading(self, index: int) -> None:
        block = self.blocks[index]
        assert isinstance(block, Heading)
        if block.new_page and not self.sheet.fresh:
            self.sheet.new_page()
        self.sheet.snap()
        self.sheet.turn_unless(self._height_kept(index))
        broken = self._break(index)
        self.sheet.page.entries.append(OutlineEntry(block.text, self.sheet.top))
        self._lines(broken, 0, len(broken.lines))

    def _height_kept(self, index: int) -> float:
        """The height (pt) of a heading with the part of the next block that must be on the same page."""
        height = len(self._break(index).lines) * self.sheet.leading
        follower = self._follower(index)
        if isinstance(follower, Paragraph):
            return height + self._first_part(index + 1) * self.sheet.leading
        if isinstance(follower, PrintedTable):
            height += self.style.table.before
            return height + self._table_kept(index + 1, self.sheet.height - height)
        if isinstance(follower, Signature):
            return height + end_matter.signature_height(self.sheet, follower)
        if isinstance(follower, Heading):
            return height + self._height_kept(index + 1)
        return height

    def _first_part(self, index: int) -> int:
        """The number of lines of a paragraph that must stay together at its start."""
        count = len(self._break(index).lines)
        keep = self.style.heading.keep_lines
        return count if count <= keep + 1 else keep

    def _paragraph(self, index: int) -> None:
        sheet = self.sheet
        sheet.snap()
        broken = self._break(index)
        start, count = 0, len(broken.lines)
        follower = self._follower(index)
        tail = end_matter.signature_height(sheet, follower) if isinstance(follower, Signature) else 0.0
        while start < count:
            take = self._taken(start, count, tail)
            self._lines(broken, start, start + take)
            start += take
            if start < count:
                sheet.new_page()

    def _taken(self, start: int, count: int, tail: float) -> int:
        """The number of lines for this page: no single line of a paragraph; `tail` (pt) stays with the last two."""
        left, leading = count - start, self.sheet.leading
        fit = int(self.sheet.room / leading)
        if left * leading + tail <= self.sheet.room:
            return left
        take = min(fit, left - 2)
        if take < 2 and not start:
            take = 0
        return min(fit, left) if take <= 0 and self.sheet.fresh else max(take, 0)

    def _break(self, index: int) -> _Broken:
        """Break a paragraph or heading into lines; kept, unless it is long, for the next document, too."""
        if index not in self._broken:
            block, pitch = self.blocks[index], self.style.page.pitch
            looks = self.style.heading if isinstance(block, Heading) else self.style.body
            width = _Width(self.sheet.width - looks.indent_cells * pitch, self.sheet.width, self.style.body.size, pitch)
            runs = self._runs(block)
            short = sum(len(text) for _, text in runs) <= _KEPT_LENGTH
            self._broken[index] = (_broken if short else _broken.__wrapped__)(self.sheet.metrics, runs, width)
        return self._broken[index]

    def _runs(self, block: Block) -> tuple[tuple[str, str], ...]:
        """Return font role and text of each run."""
        if isinstance(block, Paragraph):
            fonts = {Voice.BODY: self.style.body.font, Voice.LEAD: self.style.body.lead_font}
            return tuple((fonts[run.voice], run.text) for run in block.runs)
        assert isinstance(block, Heading)
        return ((self.style.heading.font, block.text),)

    def _lines(self, broken: _Broken, start: int, stop: int) -> None:
        """Set lines on the grid of the page."""
        sheet, size = self.sheet, self.style.body.size
        for line in broken.lines[start:stop]:
            sheet.turn_unless(sheet.leading)  # for a heading longer than a page
            x = sheet.right - line.width
            sheet.page.texts.extend(place_line(broken.atoms, line, x, sheet.baseline(size), size))
            sheet.y += sheet.leading

    # -- tables -------------------------------------------------------------------------------------------------

    def _measure(self, index: int, height: float) -> tables.Measured:
        """Measure a table (cached) with the most comfortable rows and largest numbers that fit `height` points."""
        if index not in self._measured:
            block = self.blocks[index]
            assert isinstance(block, PrintedTable)
            ways = (
                tables.measure(block.grid, self.setter, self.sheet.width, tight=tight, grow=grow)
                for tight, grow in ((False, 1.0), (True, 1.0), (True, 0.6), (True, 0.3), (True, 0.0))
            )
            fitting = (way for way in ways if way.height <= height + EDGE)
            self._measured[index] = next(fitting, None) or tables.measure(
                block.grid, self.setter, self.sheet.width, tight=True
            )
        return self._measured[index]

    def _table_kept(self, index: int, height: float) -> float:
        """The height (pt) to keep for a table: all of it if it fits `height`, else its head and first rows."""
        table = self._measure(index, height)
        if table.height <= height + EDGE:
            return table.height
        head, rows = table.grid.head_rows, table.grid.rows
        whole = table.rows[tables.ends(table.grid, head)[0]]  # of a table with bands: the whole first band
        return max(table.rows[min(rows, head + self.style.heading.keep_rows)], whole if whole <= height else 0.0)

    def _table(self, index: int) -> None:
        sheet, before = self.sheet, self.style.table.before
        sheet.turn_unless(before + self._table_kept(index, sheet.height - before))
        if not sheet.fresh:
            sheet.y += before
        table = self._measure(index, sheet.height)
        if table.height <= sheet.room:
            self._set_table(table)
        else:
            self._split_table(table)
        sheet.y += self.style.table.after
        if not isinstance(self._follower(index), TableNote):
            sheet.snap()

    def _split_table(self, table: tables.Measured) -> None:
        """Set a table over several pages, with its head repeated on each."""
        start, rows, sheet = table.grid.head_rows, table.grid.rows, self.sheet
        while start < rows:
            part, stop = tables.cut(table, self.setter, start, sheet.room, sheet.height)
            if part.height > sheet.room and not sheet.fresh:
                sheet.new_page()
                continue
            self._set_table(part)
            start = stop
            if start < rows:
                sheet.new_page()

    def _set_table(self, table: tables.Measured) -> None:
        tables.set_table(table, self.setter, self.sheet.page, self.sheet.left, self.sheet.top)
        self.sheet.y += table.height

    # -- end of a section or of the report ------------------------------------------------------------------------

    def _note(self, index: int) -> None:
        block = self.blocks[index]
        assert isinstance(block, TableNote)
        end_matter.set_note(self.sheet, block)
        if not isinstance(self._follower(index), TableNote):
            self.sheet.snap()

    def _signature(self, index: int) -> None:
        block = self.blocks[index]
        assert isinstance(block, Signature)
        end_matter.set_signature(self.sheet, block)

    def _approval(self, index: int) -> None:
        block = self.blocks[index]
        assert isinstance(block, Approval)
        end_matter.set_approval(self.sheet, block)
