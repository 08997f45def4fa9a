"""Composes the 检查报告: the rules checked, the findings, and the reasons given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from export.document.document import Block, Document, DocumentTitle, Heading, Paragraph, PrintedTable, Run
from export.document.report_document import dated, full_stop, reasons, title_of
from model.base import VERSION, in_quotes
from model.checks import Finding, ground_of
from model.claims import NumberSummary
from model.editing import Reviewed, RuleResult, reasons_given, results
from model.form import Box, Format, Grid, Role, Severity
from model.prose import RuleSet

SECTION = "verdict"
_HEADS = ("规则", "类别", "依据", "发现", "已说明")
_WIDTHS = (66.0, 16.0, 44.0, 15.0, 15.0)


def compose_verdict(reviewed: Reviewed) -> Document:
    """Compose the 检查报告 of a report with the report's own date.

    Raises `ValueError` for a report opened without the rules about texts.
    """
    if reviewed.context is None:
        raise ValueError("opened without the rules about texts")
    report, rules = reviewed.report, reviewed.context.rules
    title = DocumentTitle((*title_of(report, reviewed.form).parts, "检查报告"))
    return Document(title.text, report.agency, dated(report), (title, *_blocks(reviewed, rules)), draft=False)


def _blocks(reviewed: Reviewed, rules: RuleSet) -> Iterator[Block]:
    yield from _part("结论", _verdict(reviewed))
    yield Heading("各条规则的结果", SECTION)
    yield from _by_rule(reviewed, rules)
    yield from _part("文中数字", _numbers(reviewed, reviewed.number_summary()))
    left = reviewed.readiness.open
    open_ = (*left[Severity.ERROR], *left[Severity.EXPLAIN])
    yield from _part(
        "须处理的各项", [f"{number}. {_said(reviewed, finding)}" for number, finding in enumerate(open_, 1)]
    )
    yield from reasons(reasons_given(reviewed), Heading("已写的说明", SECTION))
    yield from _part("依据", _grounds(reviewed, rules))


def _said(reviewed: Reviewed, finding: Finding) -> str:
    where = reviewed.form.place_name(finding.section)
    message = finding.message.removeprefix(f"{in_quotes(where)}的")  # the section is named before the colon
    asked = finding.advice if finding.advice not in message else ""
    return f"{finding.severity.label}（{where}）：{full_stop(message)}{full_stop(asked) if asked else ''}"


def _part(title: str, lines: Sequence[str]) -> Iterator[Block]:
    """A heading with one paragraph per line; nothing if there are no lines."""
    if lines:
        yield Heading(title, SECTION)
    for number, line in enumerate(lines, 1):
        yield Paragraph((Run(line),), SECTION, number)


def _verdict(reviewed: Reviewed) -> list[str]:
    readiness = reviewed.readiness
    said = ["已定稿" if reviewed.final else readiness.sentence()]
    if not readiness.errors:
        said.append(reviewed.form.sums_hold)
    if reviewed.last:
        said.append(f"已与 {reviewed.last.report.year} 年的报告核对")
    return said


# -- by rule --------------------------------------------------------------------------------------------------------


def _by_rule(reviewed: Reviewed, rules: RuleSet) -> Iterator[Block]:
    """A table of the rules with findings; the rules without findings, undecided or not applicable in a line each."""
    came = results(reviewed, rules)
    if came.found:
        yield PrintedTable(_grid(came.found, reviewed.form), SECTION)
    lines = ("符合", came.kept), ("没有上年的报告，未能判断", came.undecided), ("不适用于本类单位", came.idle)
    said = [f"{what} {_counted(groups)}" for what, groups in lines if groups]
    yield from (Paragraph((Run(line),), SECTION, number) for number, line in enumerate(said, 1))


def _counted(groups: Mapping[str, int]) -> str:
    """Format counts as “41 条：表内勾稽关系 4 条、个人信息 7 条”."""
    return f"{sum(groups.values())} 条：{'、'.join(f'{group} {count} 条' for group, count in groups.items())}"


def _grid(found: Sequence[RuleResult], form: Format) -> Grid:
    """A line for each rule; a law has its full title in the first line that names it."""
    told: set[str] = set()
    boxes = [Box(0, column, 1, 1, Role.HEAD, text) for column, text in enumerate(_HEADS)]
    for row, result in enumerate(found, 1):
        basis = form.in_full(ground_of(result.basis)[1], told)
        words = (result.name, result.severity.label, basis)
        boxes += [Box(row, column, 1, 1, Role.LABEL, text) for column, text in enumerate(words)]
        counts = enumerate((result.open, result.explained), len(words))
        boxes += [Box(row, column, 1, 1, Role.VALUE, f"{count} 处") for column, count in counts]
    return Grid(len(found) + 1, len(_HEADS), tuple(boxes), 1, 1, _WIDTHS)


# -- the texts ------------------------------------------------------------------------------------------------------


def _numbers(reviewed: Reviewed, told: NumberSummary) -> list[str]:
    """The numbers in the texts, counted; those that could not be judged are listed for a check by hand."""
    if not (told.agrees or told.differs or told.open):
        return ["文中没有与表格有关的数字"]
    lines = [told.sentence()]
    if told.open:
        lines.append("未能判断的，请对照表格人工核对：")
    for number, phrase in enumerate(told.open, 1):
        lines.append(f"{number}. {reviewed.form.place_name(phrase.span.section)}：“{phrase.words}”，{phrase.why}")
    return lines


def _grounds(reviewed: Reviewed, rules: RuleSet) -> list[str]:
    return [
        f"格式：{reviewed.form.name}（{reviewed.form.document}）",
        f"规则版本：{rules.edition(reviewed.form)}",
        f"本软件版本：{VERSION}",
    ]
