"""Findings about the small fields of a report: agency, dates, contact, and the preface made from them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from model.base import day_in_words, in_quotes, read_day
from model.checks.finding import CellOrField, Finding, Fix, RuleInput, Span, TextEdit
from model.form import PREFACE, Format, Severity
from model.report import (
    CONTACT_EMAIL,
    CONTACT_FAX,
    CONTACT_PHONE,
    CONTACT_POSTCODE,
    COVER,
    DEADLINE,
    MADE,
    SIGNED_ON,
    Report,
    preface,
)

AGENCY = "agency"
READS: frozenset[CellOrField] = frozenset({AGENCY, "year", PREFACE, *COVER, MADE})
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_PHONE = re.compile(r"(?=(?:\D*\d){7})[\d\-—()（）+、/，,;； 转]+")
_MAIL = re.compile(r"[^\s@，]+@[^\s@，]+\.[A-Za-z]{2,}(?:[、，；; ]+[^\s@]+@\S+)*")
# What each field of the contact must look like, and how to say so.
_SHAPES = {
    CONTACT_POSTCODE: (re.compile(r"\d{6}"), "应是 6 位数字，如 223800"),
    CONTACT_PHONE: (_PHONE, "不像电话号码，如 0527-80000000"),
    CONTACT_FAX: (_PHONE, "不像传真号码，如 0527-80000000"),
    CONTACT_EMAIL: (_MAIL, "不像电子邮箱，如 xxgk@example.org"),
}


def cover_findings(form: Format, state: RuleInput) -> tuple[Finding, ...]:
    """Return the findings about the cover's fields, in the order of the screen."""
    report = state.report
    return (*_agency(report), *_days(report), *_contact(report), *_preface(form, report))


def _found(code: str, severity: Severity, message: str, advice: str, field: str, basis: str = "") -> Finding:
    return Finding(code, severity, PREFACE, message, advice, basis or "性质：本软件提醒", field=field)


def _agency(report: Report) -> Iterator[Finding]:
    if not report.agency.strip():
        message = "没有填写编制机关，标题和落款都缺少名称"
        yield _found("agency-missing", Severity.ERROR, message, "请填写编制机关的全称", AGENCY)
    elif not _CHINESE.search(report.agency):
        message = f"编制机关{in_quotes(report.agency)}不像机关的名称"
        yield _found("agency-missing", Severity.ERROR, message, "请填写编制机关的全称", AGENCY)


def _days(report: Report) -> Iterator[Finding]:
    for name in (SIGNED_ON, DEADLINE):
        if (typed := report.facts.get(name, "")) and read_day(typed) is None:
            message = f"{COVER[name]}{in_quotes(typed)}不是日期"
            yield _found("date-unread", Severity.ERROR, message, "请填写年月日，如 2026年1月20日", name)
    if day := read_day(report.facts.get(SIGNED_ON, "")):
        if day.year <= report.year:
            message = f"落款日期 {day_in_words(day)} 不在 {report.year} 年之后，而报告写的是全年的情况"
            yield _found("date-odd", Severity.EXPLAIN, message, "请核对落款日期和报告年度", SIGNED_ON)
        elif day.year > report.year + 2:
            message = f"落款日期 {day_in_words(day)} 比报告年度晚了 {day.year - report.year} 年"
            yield _found("date-odd", Severity.EXPLAIN, message, "请核对落款日期和报告年度", SIGNED_ON)


def _contact(report: Report) -> Iterator[Finding]:
    for name, (shape, says) in _SHAPES.items():
        typed = report.facts.get(name, "").strip()
        if typed and not shape.fullmatch(typed):
            message = f"{COVER[name]}{in_quotes(typed)}{says}"
            yield _found("contact-shape", Severity.HINT, message, "请核对", name)


def _preface(form: Format, report: Report) -> Iterator[Finding]:
    """Report a generated preface that no longer says what the fields say, with the new one as its fix."""
    made, text = report.facts.get(MADE + PREFACE, ""), report.text(PREFACE)
    start = text.find(made) if made else -1
    now = preface(report, form)
    if start >= 0 and made != now:
        span = Span(PREFACE, start, len(made))
        fix = Fix("重写前言", texts=(TextEdit(span, now),), facts=((MADE + PREFACE, now),))
        message = "前言是按以前的名称、年度或联系方式写的，与上面各项不一致"
        advice, basis = "请重写前言，或改正上面各项", "性质：本软件提醒"
        yield Finding("preface-stale", Severity.EXPLAIN, PREFACE, message, advice, basis, fix=fix, spans=(span,))
