"""The pure layout step: a `Document` set on pages, every piece of text at its place, in points.

Body lines stand on the grid of GB/T 9704 (22 lines of 28 cells); after a title, table or note the text goes
on at the next grid line.  Nothing here knows of PDF.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from export import tables
from export.breaking import Line, break_lines
from export.document import Approval, Block, Document, Heading, Note, Paragraph, Signature, Table, Title, Voice
from export.metrics import Metrics
from export.placed import Entry, Mark, Page, Rule, Text
from export.placing import place, place_line
from export.style import Style
from export.titles import break_title
from export.tokens import Atom, Book, atoms

_EDGE = 0.01  # points: what rounding may add


def lay_out(document: Document, style: Style, metrics: Metrics) -> tuple[Page, ...]:
    """Set a document; at least one page comes back."""
    flow = _Flow(document, style, metrics)
    flow.run()
    for page in flow.pages:
        _number(page, style, metrics)
        if document.draft:
            _mark(page, style, metrics)
    return tuple(flow.pages)


@dataclass(frozen=True, slots=True)
class _Broken:
    """A paragraph or heading broken into lines."""

    atoms: Sequence[Atom]
    lines: Sequence[Line]


class _Flow:
    """Fills one page after the other; `y` is the distance from the top of the type area."""

    def __init__(self, document: Document, style: Style, metrics: Metrics) -> None:
        self.blocks = document.blocks
        self.style = style
        self.page_style = style.page
        self.metrics = metrics
        self.leading = style.page.leading
        self.setter = tables.Setter(metrics, style.table)
        self.pages: list[Page] = []
        self.y = 0.0
        self._books: dict[tuple[str, float, float], Book] = {}
        self._broken: dict[int, _Broken] = {}
        self._measured: dict[int, tables.Measured] = {}
        self.new_page()

    # -- the page ---------------------------------------------------------------------------------------------

    @property
    def page(self) -> Page:
        """The page that is being filled."""
        return self.pages[-1]

    @property
    def room(self) -> float:
        """Height that is left on the page."""
        return self.page_style.area_height - self.y + _EDGE

    def new_page(self) -> None:
        """Go on at the top of a new page."""
        self.pages.append(Page(len(self.pages) + 1))
        self.y = 0.0

    def fresh(self) -> bool:
        """True at the top of a page."""
        return self.y < _EDGE

    def turn_unless(self, height: float) -> None:
        """Start a new page unless so much height is left, or the page is new anyway."""
        if self.room < height and not self.fresh():
            self.new_page()

    def snap(self) -> None:
        """Go down to the next line of the grid."""
        self.y = math.ceil((self.y - _EDGE) / self.leading) * self.leading

    def book(self, role: str, size: float, pitch: float) -> Book:
        """Atoms of one font role and size, kept while the document is laid out."""
        key = (role, size, pitch)
        if key not in self._books:
            self._books[key] = Book(self.metrics, *key)
        return self._books[key]

    # -- blocks -----------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Set every block in turn."""
        setters: dict[type, Callable[[int], None]] = {
            Title: self._title,
            Heading: self._heading,
            Paragraph: self._paragraph,
            Table: self._table,
            Note: self._note,
            Signature: self._signature,
            Approval: self._approval,
        }
        for index, block in enumerate(self.blocks):
            setters[type(block)](index)

    def _block(self, index: int) -> Block | None:
        return self.blocks[index] if index < len(self.blocks) else None

    def _title(self, index: int) -> None:
        block = self.blocks[index]
        assert isinstance(block, Title)
        looks = self.style.title
        lines = self._centred_lines(block.parts, looks.font, looks.size, self.page_style.area_width, looks.lines)
        height = len(lines) * looks.pitch + looks.after
        self.turn_unless(height)
        for number, line in enumerate(lines):
            middle = self.page_style.top + self.y + (number + 0.5) * looks.pitch
            self._centre(line, looks.size, middle, self.page_style.left, self.page_style.area_width)
        self.y += height
        self.snap()

    def _centred_lines(
        self, parts: Sequence[str], font: str, size: float, width: float, lines: int
    ) -> list[Sequence[Atom]]:
        book = self.book(font, size, size)

        def cells(text: str) -> list[Atom]:
            return atoms([(book, text)], width)

        broken = break_title(parts, lambda text: _width(cells(text)), width, lines)
        return [cells(line) for line in broken]

    def _centre(self, found: Sequence[Atom], size: float, middle: float, left: float, width: float) -> None:
        x = left + (width - _width(found)) / 2
        self.page.texts.extend(place(found, x, middle + 0.38 * size, size))

    def _heading(self, index: int) -> None:
        block = self.blocks[index]
        assert isinstance(block, Heading)
        self.snap()
        self.turn_unless(self._height_kept(index))
        broken = self._break(index)
        self.page.entries.append(Entry(block.text, self.page_style.top + self.y))
        self._lines(broken, 0, len(broken.lines))

    def _height_kept(self, index: int) -> float:
        """Height of a heading with what must stand under it on the same page."""
        height = len(self._break(index).lines) * self.leading
        follower = self._block(index + 1)
        if isinstance(follower, Paragraph):
            return height + self._first_part(index + 1) * self.leading
        if isinstance(follower, Table):
            return height + self._table_kept(index + 1, self.page_style.area_height - height)
        if isinstance(follower, Heading):
            return height + self._height_kept(index + 1)
        return height

    def _first_part(self, index: int) -> int:
        """How many lines of a paragraph must stand together at its start."""
        count = len(self._break(index).lines)
        keep = self.style.heading.keep_lines
        return count if count <= keep + 1 else keep

    def _paragraph(self, index: int) -> None:
        self.snap()
        broken = self._break(index)
        start, count = 0, len(broken.lines)
        tail = self._tail(index)
        while start < count:
            take = self._taken(start, count, tail)
            if not take:
                self.new_page()
                continue
            self._lines(broken, start, start + take)
            start += take
            if start < count:
                self.new_page()

    def _taken(self, start: int, count: int, tail: float) -> int:
        """How many lines go on this page: never one line of a paragraph alone, and the tail stays with two lines."""
        left = count - start
        fit = int(self.room / self.leading)
        if left * self.leading + tail <= self.room:
            return left
        take = min(fit, left - 2) if left > 2 else 0
        if not start and take < 2:
            take = 0
        return max(take, min(fit, left) if self.fresh() else 0)

    def _tail(self, index: int) -> float:
        """Height that must follow a paragraph's last two lines on their page: the signature's."""
        follower = self._block(index + 1)
        return self._signature_height(follower) if isinstance(follower, Signature) else 0.0

    def _break(self, index: int) -> _Broken:
        """Break a paragraph or heading, once."""
        if index not in self._broken:
            width, pitch = self.page_style.area_width, self.page_style.pitch
            found = atoms(self._runs(self.blocks[index]), width)
            indent = self._indent(self.blocks[index])
            self._broken[index] = _Broken(found, break_lines(found, width - indent * pitch, width))
        return self._broken[index]

    def _runs(self, block: Block) -> list[tuple[Book, str]]:
        size, pitch = self.style.body.size, self.page_style.pitch
        if isinstance(block, Paragraph):
            fonts = {Voice.BODY: self.style.body.font, Voice.LEAD: self.style.body.lead_font}
            return [(self.book(fonts[run.voice], size, pitch), run.text) for run in block.runs]
        assert isinstance(block, Heading)
        return [(self.book(self.style.heading.font, size, pitch), block.text)]

    def _indent(self, block: Block) -> int:
        return self.style.heading.indent_cells if isinstance(block, Heading) else self.style.body.indent_cells

    def _lines(self, broken: _Broken, start: int, stop: int) -> None:
        """Set lines on the grid of the page."""
        size = self.style.body.size
        right = self.page_style.left + self.page_style.area_width
        for line in broken.lines[start:stop]:
            x = right - line.width
            self.page.texts.extend(place_line(broken.atoms, line, x, self._baseline(size), size))
            self.y += self.leading

    def _baseline(self, size: float) -> float:
        """The baseline of text set in the middle of the grid line that starts at `y`."""
        return self.page_style.top + self.y + self.leading / 2 + 0.38 * size

    # -- tables -----------------------------------------------------------------------------------------------

    def _measure(self, index: int, height: float) -> tables.Measured:
        """Measure a table: comfortable rows where they fit a page of this height, else tight ones."""
        if index not in self._measured:
            block = self.blocks[index]
            assert isinstance(block, Table)
            width = self.page_style.area_width
            measured = tables.measure(block.grid, self.setter, width)
            if measured.height > height + _EDGE:
                measured = tables.measure(block.grid, self.setter, width, tight=True)
            self._measured[index] = measured
        return self._measured[index]

    def _table_kept(self, index: int, height: float) -> float:
        """Height that must be left for a table: all of it when it fits a page of this height, else its beginning."""
        table = self._measure(index, height)
        if table.height <= height + _EDGE:
            return table.height
        return table.rows[min(table.grid.rows, table.grid.head_rows + self.style.heading.keep_rows)]

    def _table(self, index: int) -> None:
        self.turn_unless(self._table_kept(index, self.page_style.area_height - self.y if self.y else math.inf))
        table = self._measure(index, self.room)
        if table.height <= self.room:
            self._set_table(table)
        else:
            self._split_table(table)
        self.y += self.style.table.after
        self.snap()

    def _split_table(self, table: tables.Measured) -> None:
        """Set a table over several pages, its head again on each."""
        start, rows = table.grid.head_rows, table.grid.rows
        width = self.page_style.area_width
        while start < rows:
            part, stop = tables.cut(table, self.setter, start, self.room, width)
            if not self.fresh() and part.height > self.room:
                self.new_page()
                continue
            self._set_table(part)
            start = stop
            if start < rows:
                self.new_page()

    def _set_table(self, table: tables.Measured) -> None:
        tables.set_table(table, self.setter, self.page, self.page_style.left, self.page_style.top + self.y)
        self.y += table.height

    # -- small things -----------------------------------------------------------------------------------------

    def _note(self, index: int) -> None:
        block = self.blocks[index]
        assert isinstance(block, Note)
        looks, width = self.style.note, self.page_style.area_width
        found = atoms([(self.book(looks.font, looks.size, looks.size), block.text)], width)
        for line in break_lines(found, width - looks.indent, width):
            self.turn_unless(looks.pitch)
            middle = self.page_style.top + self.y + looks.pitch / 2
            x = self.page_style.left + width - line.width
            self.page.texts.extend(place_line(found, line, x, middle + 0.38 * looks.size, looks.size))
            self.y += looks.pitch
        follower = self._block(index + 1)
        if not isinstance(follower, Note):
            self.snap()

    def _signature(self, index: int) -> None:
        block = self.blocks[index]
        assert isinstance(block, Signature)
        self.snap()
        self.turn_unless(self._signature_height(block))
        looks, pitch, size = self.style.signature, self.page_style.pitch, self.style.body.size
        dated = atoms([(self.book(looks.font, size, pitch), block.date_text)], self.page_style.area_width)
        right = self.page_style.left + self.page_style.area_width
        block_width = looks.width_cells * pitch
        # The agency stands centred over the date; a name too wide for that keeps to the margin.
        names = self._agency_lines(block)
        middle = right - looks.inset_cells * pitch - _width(dated) / 2
        widest = max(map(_width, names), default=0.0)
        middle = min(middle, right - widest / 2)
        self.y += looks.before_lines * self.leading
        for line in (*names, dated):
            baseline = self._baseline(size)
            self.page.texts.extend(place(line, middle - _width(line) / 2, baseline, size))
            self.y += self.leading
        assert block_width > 0

    def _agency_lines(self, block: Signature) -> list[Sequence[Atom]]:
        looks, pitch = self.style.signature, self.page_style.pitch
        book = self.book(looks.font, self.style.body.size, pitch)
        width = looks.width_cells * pitch
        broken = break_title([block.agency], lambda text: _width(atoms([(book, text)], width)), width, 2)
        return [atoms([(book, line)], width) for line in broken]

    def _signature_height(self, block: Signature) -> float:
        return (self.style.signature.before_lines + len(self._agency_lines(block)) + 1) * self.leading

    def _approval(self, index: int) -> None:
        """审签单: a title and one box for each step, on a page of its own."""
        block = self.blocks[index]
        assert isinstance(block, Approval)
        if not self.fresh():
            self.new_page()
        title, looks = self.style.title, self.style.approval
        for line in self._centred_lines([block.title], title.font, title.size, self.page_style.area_width, 2):
            middle = self.page_style.top + self.y + title.pitch / 2
            self._centre(line, title.size, middle, self.page_style.left, self.page_style.area_width)
            self.y += title.pitch
        self.y += looks.title_after
        fitting = (self.room - _EDGE) / max(1, len(block.steps))
        height = min(looks.row_lines * self.leading, fitting)
        for step in block.steps:
            self._approval_row(step, height)

    def _approval_row(self, step: str, height: float) -> None:
        looks, rule = self.style.approval, self.style.table.rule
        left, right = self.page_style.left, self.page_style.left + self.page_style.area_width
        top = self.page_style.top + self.y
        middle = left + looks.label_cells * self.page_style.pitch
        book = self.book(looks.font, looks.size, looks.size)
        label = atoms([(book, step)], middle - left)
        lines = break_lines(label, middle - left - 8, middle - left - 8)
        for number, line in enumerate(lines):
            shown = label[line.start : line.stop]
            y = top + height / 2 + (number - (len(lines) - 1) / 2) * looks.size * 1.3
            self._centre(shown, looks.size, y, left, middle - left)
        self._say(book, looks.opinion, middle + 8, top + looks.size * 1.6)
        foot = book_text(book, looks.sign + looks.date)
        self._say(book, looks.sign + looks.date, right - 8 - _width(foot), top + height - looks.size * 0.8)
        for y in (top, top + height):
            self.page.rules.append(Rule(left, y, right, y, rule))
        for x in (left, middle, right):
            self.page.rules.append(Rule(x, top, x, top + height, rule))
        self.y += height

    def _say(self, book: Book, text: str, x: float, y: float) -> None:
        self.page.texts.extend(place(book_text(book, text), x, y, book.size))


def book_text(book: Book, text: str) -> list[Atom]:
    """Atoms of a fixed text, its full-width spaces kept as empty cells."""
    blank = Atom(" ", book.pitch, (), space=True)
    return [blank if character == "\u3000" else book[character] for character in text]


def _width(found: Sequence[Atom]) -> float:
    return sum(atom.width for atom in found)


def _number(page: Page, style: Style, metrics: Metrics) -> None:
    """— 1 — below the type area: odd pages right, even pages left, one character in."""
    looks, area = style.page_number, style.page
    text = looks.pattern.format(number=page.number)
    found = [Book(metrics, looks.font, looks.size, looks.size)[c] for c in text]
    # Half-width: dashes one cell, digits and spaces as wide as they are.
    width = _width(found)
    inset = looks.inset_cells * looks.size
    x = area.left + area.area_width - inset - width if page.number % 2 else area.left + inset
    y = area.top + area.area_height + looks.below_mm * 72 / 25.4 + 0.8 * looks.size
    page.texts.extend(place(found, x, y, looks.size))


def _mark(page: Page, style: Style, metrics: Metrics) -> None:
    """草稿 from corner to corner, its middle in the middle of the paper."""
    looks, area = style.draft, style.page
    glyphs = metrics.glyphs(looks.font)
    spacing = looks.spread * looks.size
    length = sum(glyphs[c].advance * looks.size + spacing for c in looks.text) - spacing
    angle = math.radians(looks.angle)
    along, across = length / 2, 0.38 * looks.size
    x = area.width / 2 - along * math.cos(angle) + across * math.sin(angle)
    y = area.height / 2 + along * math.sin(angle) + across * math.cos(angle)
    font = glyphs[looks.text[0]].font
    page.marks.append(Mark(x, y, font, looks.size, looks.text, spacing, looks.angle, looks.grey))


def texts_of(page: Page) -> list[Text]:
    """The page's text in reading order."""
    return page.texts
