"""Composes the 两年对比表: every number of this year beside last year's."""

from __future__ import annotations

from collections.abc import Iterator

from export.document.document import Block, Document, DocumentTitle, Heading, PrintedTable, TableNote
from export.document.report_document import dated
from model.base import Trouble
from model.checks import changes
from model.editing import Reviewed
from model.form import Address, Box, Format, Grid, Number, Role, shown

_HEADS = ("项目", "栏目", "上年", "本年", "增减")
_WIDTHS = (58.0, 38.0, 20.0, 20.0, 20.0)
ComparedRow = tuple[Address, Number | None, Number | None]


def compose_comparison(reviewed: Reviewed) -> Document:
    """Compose the table cell by cell; a row that is 0 or blank in both years is left out.

    Raises `Trouble` if last year's report is not known.
    """
    report, last = reviewed.report, reviewed.last
    if last is None:
        raise Trouble("没有上年的报告，无法对比；请先把上年的年度报告读入为草稿（编制机关相同）")
    title = DocumentTitle((report.agency, f"{last.report.year}年与{report.year}年年度报告", "数据对比表"))
    lines = [line for line in changes(reviewed.form, last, reviewed.values) if line[1] or line[2]]
    return Document(title.text, report.agency, dated(report), (title, *_blocks(reviewed.form, lines)), draft=False)


def _blocks(form: Format, lines: list[ComparedRow]) -> Iterator[Block]:
    for section in form.sections:
        own = [line for line in lines if line[0].table == section.table]
        if own:
            yield Heading(section.title, section.id)
            yield PrintedTable(_grid(form, own), section.id)
    yield TableNote("两年均为 0 或未填的栏目未列出；格式改变、含义不同的栏目上年为空", "comparison")


def _grid(form: Format, lines: list[ComparedRow]) -> Grid:
    boxes = [Box(0, column, 1, 1, Role.HEAD, text) for column, text in enumerate(_HEADS)]
    start = 1
    while start <= len(lines):
        row = lines[start - 1][0].row
        height = sum(address.row == row for address, _, _ in lines)
        boxes.append(Box(start, 0, height, 1, Role.LABEL, form.row_name(lines[start - 1][0])))
        start += height
    for number, (address, was, now) in enumerate(lines, 1):
        boxes.append(Box(number, 1, 1, 1, Role.LABEL, form.column(address).label))
        for column, text in enumerate((shown(was), shown(now), _change(was, now)), 2):
            boxes.append(Box(number, column, 1, 1, Role.VALUE, text))
    boxes.sort(key=lambda box: (box.row, box.column))
    return Grid(len(lines) + 1, len(_HEADS), tuple(boxes), 1, 1, _WIDTHS)


def _change(was: Number | None, now: Number | None) -> str:
    """The difference as “+12”, “-3” or “0”; "" if one of the years has no number."""
    if was is None or now is None:
        return ""
    gap = now - was
    return f"+{shown(gap)}" if gap > 0 else shown(gap)
