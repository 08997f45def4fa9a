"""Sets notes under a table, the 落款 with room for the seal, and the 审签单."""

from __future__ import annotations

from collections.abc import Sequence

from export.document import Approval, Signature, TableNote
from export.layout.page_builder import EDGE, PageBuilder, on_middle
from export.layout.title_block import set_title
from export.lines import Atom, AtomCache, PlacedRule, atoms, break_lines, break_title, place, place_line, width_of

_INSIDE = 8.0  # points between the frame of a 审签单 box and its text


def set_note(sheet: PageBuilder, block: TableNote) -> None:
    """Set a small line directly below the previous block."""
    looks = sheet.style.note
    found = sheet.cells(looks.font, looks.size, looks.size, block.text)
    for line in break_lines(found, sheet.width - looks.indent, sheet.width):
        sheet.turn_unless(looks.pitch)
        baseline = on_middle(sheet.top + looks.pitch / 2, looks.size)
        sheet.page.texts.extend(place_line(found, line, sheet.right - line.width, baseline, looks.size))
        sheet.y += looks.pitch


def signature_height(sheet: PageBuilder, block: Signature) -> float:
    """The height (pt) of a 落款 including the room for the seal."""
    return (sheet.style.signature.before_lines + len(_names(sheet, block)) + 1) * sheet.leading


def set_signature(sheet: PageBuilder, block: Signature) -> None:
    """Set the date four cells from the right with the agency centred on it; too wide a name stays in the margins."""
    looks, pitch, size = sheet.style.signature, sheet.style.page.pitch, sheet.style.body.size
    sheet.snap()
    sheet.turn_unless(signature_height(sheet, block))
    names = _names(sheet, block)
    dated = sheet.cells(looks.font, size, pitch, block.date_text)
    middle = sheet.right - looks.inset_cells * pitch - width_of(dated) / 2
    middle = min(middle, sheet.right - max(map(width_of, names), default=0.0) / 2)
    sheet.y += looks.before_lines * sheet.leading
    for line in (*names, dated):
        sheet.turn_unless(sheet.leading)
        sheet.page.texts.extend(place(line, middle - width_of(line) / 2, sheet.baseline(size), size))
        sheet.y += sheet.leading


def _names(sheet: PageBuilder, block: Signature) -> list[Sequence[Atom]]:
    """The agency's name in lines; a long one is broken by sense."""
    looks, pitch, size = sheet.style.signature, sheet.style.page.pitch, sheet.style.body.size

    def cells(text: str) -> list[Atom]:
        return sheet.cells(looks.font, size, pitch, text)

    lines = break_title([block.agency], lambda text: width_of(cells(text)), looks.width_cells * pitch, 2)
    return [cells(line) for line in lines]


def set_approval(sheet: PageBuilder, block: Approval) -> None:
    """Set the 审签单 on a page of its own: a title and one box for each step."""
    if not sheet.fresh:
        sheet.new_page()
    looks = sheet.style.approval
    set_title(sheet, block.parts, looks.title_after)
    height = min(looks.row_lines * sheet.leading, (sheet.room - EDGE) / max(1, len(block.steps)))
    for step in block.steps:
        _set_step(sheet, step, height)


def _set_step(sheet: PageBuilder, step: str, height: float) -> None:
    """Set one box: the step at the left, room for the opinion, signature and date at the bottom."""
    looks, top = sheet.style.approval, sheet.top
    book = sheet.book(looks.font, looks.size, looks.size)
    inner = looks.label_cells * sheet.style.page.pitch
    found = atoms([(book, step)], inner - 2 * _INSIDE)
    lines = break_lines(found, inner - 2 * _INSIDE, inner - 2 * _INSIDE)
    for number, line in enumerate(lines):
        middle = top + height / 2 + (number - (len(lines) - 1) / 2) * looks.size * 1.3
        sheet.centre(found[line.start : line.stop], looks.size, middle, sheet.left, inner)
    opinion, foot = _fixed(book, looks.opinion), _fixed(book, looks.sign + looks.date)
    x = sheet.left + inner
    sheet.page.texts.extend(place(opinion, x + _INSIDE, top + looks.size * 1.6, looks.size))
    end = sheet.right - _INSIDE - width_of(foot)
    sheet.page.texts.extend(place(foot, end, top + height - looks.size * 0.8, looks.size))
    _frame(sheet, (sheet.left, x, sheet.right), top, top + height)
    sheet.y += height


def _fixed(book: AtomCache, text: str) -> list[Atom]:
    """Atoms of a fixed text, with its full-width spaces as empty cells."""
    blank = Atom(" ", book.pitch, (), space=True)
    return [blank if character == "\u3000" else book[character] for character in text]


def _frame(sheet: PageBuilder, uprights: Sequence[float], top: float, bottom: float) -> None:
    width = sheet.style.table.rule
    for y in (top, bottom):
        sheet.page.rules.append(PlacedRule(uprights[0], y, uprights[-1], y, width))
    for x in uprights:
        sheet.page.rules.append(PlacedRule(x, top, x, bottom, width))
