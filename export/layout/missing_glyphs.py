"""Finds characters that no font has, before anything is written, and replaces them by □ on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from export.document import (
    Approval,
    Block,
    Document,
    DocumentTitle,
    Heading,
    Paragraph,
    PrintedTable,
    Run,
    Signature,
    TableNote,
    Voice,
)
from export.fonts import Style
from export.layout.tables import box_style
from export.lines import Metrics
from model.base import Trouble
from model.form import Grid

BOX = "□"


class NoGlyph(Trouble):
    """Raised for a character that no font has; the user may have □ printed instead."""


class Missing(NamedTuple):
    """A character that no font has, with its position: section “第五部分”, place “第2段”."""

    section: str
    place: str
    character: str

    def __str__(self) -> str:
        return f"{self.section}{self.place}{self.quoted}"

    @property
    def quoted(self) -> str:
        """The character in quotation marks, or its code if it is not printable."""
        code = f"U+{ord(self.character):04X}"
        return f"“{self.character}”" if self.character.isprintable() else f"一个不可显示的字符（{code}）"


def missing_characters(document: Document, metrics: Metrics, style: Style) -> tuple[Missing, ...]:
    """Every character that no font has, once per place, in reading order."""
    if not _any_missing(document, metrics, style):  # the usual case
        return ()
    found: dict[Missing, None] = {}
    for section, place, role, text in _texts(document, style):
        glyphs = metrics.glyphs(role)
        for character in dict.fromkeys(text):
            if not character.isspace() and not glyphs[character].found:
                found[Missing(section, place, character)] = None
    return tuple(found)


def _any_missing(document: Document, metrics: Metrics, style: Style) -> bool:
    used: dict[str, set[str]] = {}
    for _, _, role, text in _texts(document, style):
        used.setdefault(role, set()).update(text)
    return any(
        not glyphs[character].found and not character.isspace()
        for role, characters in used.items()
        for glyphs in (metrics.glyphs(role),)
        for character in characters
    )


def boxed(document: Document, missing: tuple[Missing, ...]) -> Document:
    """Replace the characters by □ in the whole document."""
    table = {ord(each.character): BOX for each in missing}
    if not table:
        return document
    return replace(
        document, blocks=tuple(_mapped(block, lambda text: text.translate(table)) for block in document.blocks)
    )


def sentence(missing: tuple[Missing, ...]) -> str:
    """The message to the user."""
    first = missing[0]
    others = f"（另有 {len(missing) - 1} 处）" if len(missing) > 1 else ""
    return f"{first}字库中没有{others}，将无法印出，请改写或选择以{BOX}代替"


def _texts(document: Document, style: Style) -> Iterator[tuple[str, str, str, str]]:
    """Section, place, font role and text of everything printed."""
    sections = _sections(document)
    for block in document.blocks:
        section = sections.get(getattr(block, "section", ""), "前言")
        if isinstance(block, DocumentTitle):
            yield "", "标题", style.title.font, block.text
        elif isinstance(block, Heading):
            yield section, "标题", style.heading.font, block.text
        elif isinstance(block, Paragraph):
            for run in block.runs:
                font = style.body.lead_font if run.voice is Voice.LEAD else style.body.font
                yield section, f"第{block.number}段", font, run.text
        elif isinstance(block, PrintedTable):
            yield from _table_texts(block.grid, section, style)
        elif isinstance(block, TableNote):
            yield section, "说明", style.note.font, block.text
        elif isinstance(block, Signature):
            yield "", "落款", style.signature.font, block.agency + block.date_text
        else:
            yield "", "审签单", style.approval.font, "".join(block.steps)
            yield "", "审签单", style.title.font, "".join(block.parts)
    yield "", "页码", style.page_number.font, style.page_number.pattern


def _table_texts(grid: Grid, section: str, style: Style) -> Iterator[tuple[str, str, str, str]]:
    look = style.table.look(grid.columns)
    for box in grid.boxes:
        font = box_style(box.role, look).font
        yield section, f"表格第{box.row + 1}行第{box.column + 1}列", font, box.text + box.remark


def _sections(document: Document) -> dict[str, str]:
    """Map section ids to names such as 第五部分, from the numerals of the headings."""
    found = {}
    for block in document.blocks:
        if isinstance(block, Heading):
            numeral, comma, _ = block.text.partition("、")
            found[block.section] = f"第{numeral}部分" if comma and len(numeral) <= 3 else f"“{block.text}”部分"
    return found


def _mapped(block: Block, new: Callable[[str], str]) -> Block:
    """Apply `new` to every text of a block."""
    if isinstance(block, DocumentTitle):
        return DocumentTitle(tuple(map(new, block.parts)))
    if isinstance(block, Heading | TableNote):
        return replace(block, text=new(block.text))
    if isinstance(block, Paragraph):
        return replace(block, runs=tuple(Run(new(run.text), run.voice) for run in block.runs))
    if isinstance(block, Signature):
        return Signature(new(block.agency), new(block.date_text))
    if isinstance(block, Approval):
        return Approval(tuple(map(new, block.parts)), tuple(map(new, block.steps)))
    boxes = tuple(replace(box, text=new(box.text), remark=new(box.remark)) for box in block.grid.boxes)
    return replace(block, grid=replace(block.grid, boxes=boxes))
