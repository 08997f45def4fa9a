"""Documents and font metrics shared by the tests of layout and PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import cycle
from pathlib import Path

from export.document.document import (
    Block,
    Document,
    DocumentTitle,
    Heading,
    Paragraph,
    PrintedTable,
    Run,
    Signature,
    Voice,
)
from export.fonts import style
from export.fonts.font_set import FontSet
from export.lines.metrics import Glyph
from model.form import loader, table_grid
from model.form.cell import Address
from model.form.format import Format
from model.form.grid import Grid, Role

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "resources"
STYLE = style.load(RESOURCES / "styles" / "gbt9704.toml")

# A sentence with everything that is hard to break; shifted by 0 … 27 characters each part reaches a line end.
TORTURE = (
    "应急管理局坚持“以公开为常态、不公开为例外”的原则，采购总金额104.1572万元（同比增长12.5%）；电话0391-6633878，"
    "依据《中华人民共和国政府信息公开条例》：查找不足！详见https://www.gov.cn/zwgk——截至2020年12月31日……"
    "其中Windows版CPU占比8‰？“三安全一稳定”〔2020〕12号文，邮箱zwgk@jiyuan.gov.cn。"
)


class _Square(dict[str, Glyph]):
    def __init__(self, role: str) -> None:
        super().__init__()
        self.role = role

    def __missing__(self, character: str) -> Glyph:
        return Glyph(self.role, 1.0 if character >= "\u2010" else 0.5, found=character != "\U0001f600")


class Squares:
    """Metrics without fonts: Chinese is one em wide, Latin half; every role is its own font; 😀 is in none."""

    def glyphs(self, role: str) -> Mapping[str, Glyph]:
        return _Square(role)


@cache
def press() -> FontSet:
    """Load fonts and styles once for all tests."""
    return FontSet.load(RESOURCES)


@cache
def form(number: str = "2021") -> Format:
    return loader.load(RESOURCES / "formats" / f"{number}.toml")


def grid(table: str, numbers: tuple[str, ...] = ("0",), number: str = "2021") -> Grid:
    """Return the grid of a table of the form, filled with these numbers repeated."""
    texts = cycle(numbers)

    def written(_: Address) -> tuple[str, str]:
        text, _bar, remark = next(texts).partition("|")
        return text, remark

    return table_grid.build(form(number), form(number).table(table), written)


def relabelled(table: Grid, factor: int) -> Grid:
    """Return the grid with each label repeated so many times."""
    boxes = (replace(box, text=box.text * factor) if box.role is Role.LABEL else box for box in table.boxes)
    return replace(table, boxes=tuple(boxes))


def paragraph(text: str, section: str = "overview", number: int = 1, lead: str = "") -> Paragraph:
    runs = (Run(lead, Voice.LEAD),) if lead else ()
    return Paragraph((*runs, Run(text)), section, number)


def document(*blocks: Block, draft: bool = False, data: bytes = b"") -> Document:
    return Document(
        "济源示范区应急管理局2020年政府信息公开工作年度报告",
        "济源示范区应急管理局",
        date(2021, 1, 20),
        blocks,
        draft,
        data,
    )


def whole(numbers: tuple[str, ...] = ("0", "12", "3511"), *, draft: bool = False, data: bytes = b"") -> Document:
    """Return a report with every optional part."""
    sections = {section.id: section for section in form().sections}
    blocks: list[Block] = [DocumentTitle(("济源示范区应急管理局", "2020年政府信息公开工作年度报告"))]
    blocks.append(paragraph("统计期限为2020年1月1日至2020年12月31日。" * 3, "preface"))
    for section in sections.values():
        blocks.append(Heading(section.title, section.id))
        if section.table:
            blocks.append(PrintedTable(grid(section.table, numbers), section.id))
        else:
            blocks += [paragraph(TORTURE, section.id, number, lead="（一）主动公开。") for number in (1, 2)]
    blocks.append(Signature("济源示范区应急管理局", "2021年1月20日"))
    return document(*blocks, draft=draft, data=data)
