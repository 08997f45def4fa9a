"""Composes a `Document` from a report: decides the printed content, not its layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from export.document.document import (
    Approval,
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
from model.base import day_in_words, read_day
from model.editing import Reviewed
from model.form import PREFACE, Address, Format, Values, shown, table_grid
from model.report import SIGNED_ON, WITH_APPROVAL, WITH_REASONS, Report, dumps, fact_date

if TYPE_CHECKING:
    from model.editing import Reason

# A heading run into its paragraph, （一）主动公开政府信息情况。: short, up to a full stop, colon or line end.
_LEAD = re.compile(r"（[一二三四五六七八九十]{1,3}）[^。，；：\n]{1,30}(?:[。：]|$)")
REASONS, REASONS_TITLE = "reasons", "附：检查说明"


def compose(reviewed: Reviewed) -> Document:
    """Compose the report with its annexes."""
    report, title = reviewed.report, title_of(reviewed.report, reviewed.form)
    blocks = (title, *_body(report, reviewed.form, reviewed.values), *_annexes(reviewed, title))
    return Document(title.text, report.agency, dated(report), blocks, is_draft(reviewed), dumps(report))


def is_draft(reviewed: Reviewed) -> bool:
    """Tell whether 草稿 is printed across each page: until 定稿, and while a 错误 remains."""
    return not reviewed.final or bool(reviewed.readiness.errors)


def title_of(report: Report, form: Format) -> DocumentTitle:
    """The title in sense units: the agency and the rest; one unit if the form's title begins otherwise."""
    whole = form.title.format(agency=report.agency, year=report.year)
    rest = whole.removeprefix(report.agency)
    begins = report.agency and rest and form.title.startswith("{agency}")
    return DocumentTitle((report.agency, rest) if begins else (whole,))


def dated(report: Report) -> date:
    """The date for the file's metadata: the report's own, else the statutory due date (31 January).

    A date in words is printed as typed; only the metadata use the due date then.
    """
    return fact_date(report.facts, SIGNED_ON) or date(report.year + 1, 1, 31)


def _body(report: Report, form: Format, values: Values) -> Iterator[Block]:
    yield from paragraphs(report.text(PREFACE), PREFACE)
    for section in form.sections:
        yield Heading(section.title, section.id)
        if section.table:
            table = form.table(section.table)
            yield PrintedTable(table_grid.build(form, table, lambda a: _written(report, values, a)), section.id)
        yield from paragraphs(report.text(section.id), section.id)
    if signed := report.facts.get(SIGNED_ON):
        yield Signature(report.agency, _in_words(signed))


def _annexes(reviewed: Reviewed, title: DocumentTitle) -> Iterator[Block]:
    """The annexes printed after the report on request."""
    facts = reviewed.report.facts
    if facts.get(WITH_REASONS):
        from model.editing import reasons_given

        yield from reasons(reasons_given(reviewed), Heading(REASONS_TITLE, REASONS, new_page=True))
    if facts.get(WITH_APPROVAL):
        approval = reviewed.form.approval
        yield Approval((*title.parts, approval.title), approval.steps)


def reasons(given: Sequence[Reason], heading: Heading) -> Iterator[Block]:
    """A heading and one paragraph for each finding with its reason; nothing if no reason was given."""
    if given:
        yield heading
    for number, reason in enumerate(given, 1):
        again = "有关的数改过，说明请重新确认。" if reason.again else ""
        given_reason = f"说明（{reason.explanation.kind}）：{full_stop(reason.explanation.words)}"
        words = f"{number}. {full_stop(reason.about)}{given_reason}{again}"
        yield Paragraph((Run(words),), REASONS, number)


def full_stop(words: str) -> str:
    """End a text with exactly one full stop."""
    return words if words.endswith(("。", "！", "？")) else f"{words.rstrip('，；：.')}。"


def _in_words(signed: str) -> str:
    """Format a day as 2021年1月20日, however it was typed; return any other text as typed."""
    day = read_day(signed)
    return day_in_words(day) if day else signed


def _written(report: Report, values: Values, address: Address) -> tuple[str, str]:
    """The printed text and remark of a cell: the number (a total as computed), or unreadable input as typed."""
    entry = report.entry(address)
    if entry.unread:
        return entry.typed, ""
    return shown(values.get(address)), entry.remark


def paragraphs(text: str, section: str) -> Iterator[Paragraph]:
    """One paragraph for each non-empty line, numbered from 1."""
    lines = [line.strip() for line in text.split("\n")]
    for number, line in enumerate((line for line in lines if line), 1):
        yield Paragraph(tuple(_runs(line)), section, number)


def _runs(line: str) -> Iterator[Run]:
    lead = _LEAD.match(line)
    if lead:
        yield Run(lead.group(), Voice.LEAD)
    if rest := line[lead.end() if lead else 0 :]:
        yield Run(rest)
