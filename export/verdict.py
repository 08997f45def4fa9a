"""校验报告: a page that says what was checked, what was found, and which reasons were given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from export.compose import dated, reasons
from export.document import Block, Document, Heading, Paragraph, Run, Title
from model.editing import Editing
from model.format import Severity
from model.version import VERSION

SECTION = "verdict"


def compose_verdict(editing: Editing) -> Document:
    """The 校验报告 of a report, dated and marked like the report itself."""
    report = editing.report
    title = Title((report.agency, f"{report.year}年政府信息公开工作年度报告", "校验报告"))
    return Document(title.text, report.agency, dated(report), (title, *_blocks(editing)), draft=False)


def _blocks(editing: Editing) -> Iterator[Block]:
    yield Heading("结论", SECTION)
    yield from _paragraphs(_verdict(editing))
    yield Heading("各项结果", SECTION)
    yield from _paragraphs(_counts(editing))
    left = editing.standing.open
    open_ = (*left[Severity.ERROR], *left[Severity.EXPLAIN])
    if open_:
        yield Heading("须处理的各项", SECTION)
        yield from _paragraphs([f"{n}. {f.severity.label}：{f.message}。{f.todo}" for n, f in enumerate(open_, 1)])
    yield from reasons(editing.report)
    yield Heading("依据", SECTION)
    yield from _paragraphs([f"格式：{editing.form.name}（{editing.form.document}）。", f"规则：本软件 {VERSION}。"])


def _paragraphs(lines: list[str]) -> Iterator[Paragraph]:
    for number, line in enumerate(lines, 1):
        yield Paragraph((Run(line),), SECTION, number)


def _verdict(editing: Editing) -> list[str]:
    standing = editing.standing
    said = [f"{'已定稿' if editing.final else standing.sentence()}。"]
    if not standing.errors:
        said.append(f"表内勾稽关系 {editing.form.sums}全部相符。")
    if editing.last:
        said.append(f"已与 {editing.last.report.year} 年的报告核对。")
    return said


def _counts(editing: Editing) -> list[str]:
    """How often something was found, by what it rests on; a rule that found nothing is 符合."""
    order = list(Severity)
    explained = Counter((order.index(f.severity), f.basis) for f in editing.standing.explained)
    found = Counter((order.index(f.severity), f.basis) for f in editing.findings)
    lines = [
        f"{order[kind[0]].label}（{kind[1]}）：{count} 处"
        + (f"，其中 {explained[kind]} 处已说明。" if explained[kind] else "。")
        for kind, count in sorted(found.items())
    ]
    return [*lines, f"符合：{'其余' if lines else '全部'} {editing.kept_rules} 条规则。"]
