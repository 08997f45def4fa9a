"""Generates paragraphs from a few fields: the preface and the sentence about 信息处理费.

They are plain text in the report.  A fact keeps the paragraph as generated, so that it can be regenerated while it is
unchanged; text that a user has typed or changed is never replaced.
"""

from __future__ import annotations

from collections.abc import Mapping

from model.form import CellKind, Entry, FeeWords, Format, read, shown
from model.report.facts import CONTACT_OFFICE, CONTACTS, FEES
from model.report.report import Report

_COUNTED = "零一二三四五六七八九十"


def preface(report: Report, form: Format) -> str:
    """Build the preface from the form's sentences, as one paragraph: basis, contents, period and contact."""
    titles = [section.title.partition("、")[2] for section in form.sections]
    said = "".join(form.preface).format(
        agency=report.agency,
        year=report.year,
        name=form.name,
        document=form.document,
        period=form.period.format(year=report.year),
        sections="、".join(titles),
        count=_COUNTED[len(titles)] if len(titles) < len(_COUNTED) else len(titles),
    )
    return said + _contact(report.facts, form)


def _contact(facts: Mapping[str, str], form: Format) -> str:
    """Build the closing sentence with the contact; "" when no field is filled in."""
    office = facts.get(CONTACT_OFFICE, "")
    fields = [f"{label}：{facts[name]}" for name, label in CONTACTS.items() if name != CONTACT_OFFICE and name in facts]
    if not office and not fields:
        return ""
    within = f"（{'；'.join(fields)}）" if fields else ""
    return form.contact.format(office=office or "本机关", details=within)


def fees(report: Report, words: FeeWords) -> str:
    """Build the sentence about 信息处理费; "" while it is not known: an empty field is no 0 beside a notice."""
    entries = fee_entries(report.facts)
    notices, *amounts = entries.values()
    if not any(name in report.facts for name in FEES) or (notices.number and any(one.blank for one in amounts)):
        return ""
    sent, noticed, received = (shown(entry.number or 0) for entry in entries.values())
    end = words.received.format(received=received) if received != "0" else words.none
    return words.says.format(year=report.year, notices=sent, noticed=noticed) + end


def fee_entries(facts: Mapping[str, str]) -> dict[str, Entry]:
    """Read the three fee fields as counts."""
    return {name: read(facts.get(name, ""), CellKind.COUNT) for name in FEES}


def fee_problem(facts: Mapping[str, str], step: int) -> str:
    """Return a message about the first inconsistency of the three fee fields; "" when there is none.

    Amounts are multiples of `step` yuan.
    """
    entries = fee_entries(facts)
    for name, entry in entries.items():
        if entry.unread:
            return f"{FEES[name]}：{entry.problem}"
    notices, *amounts = (entry.number or 0 for entry in entries.values())
    for (name, label), amount in zip(list(FEES.items())[1:], amounts, strict=True):
        if amount % step:
            return f"{label}填的是 {shown(entries[name].number)}；收费标准按件、按量都是 {step} 元的整数倍，请核对"
    if not notices and any(amounts):
        return "收费通知是 0 件而有金额，请核对"
    if notices and (blank := [name for name, entry in entries.items() if entry.blank]):
        return f"{FEES[blank[0]]}还没有填；没有发生的填 0"
    return ""


def placed(text: str, before: str, paragraph: str) -> str:
    """Replace the unchanged earlier paragraph `before` in `text` by `paragraph`; append it when that is not found."""
    lines = text.split("\n")
    if before and before in lines:
        return "\n".join(paragraph if line == before else line for line in lines).strip("\n")
    return "\n".join(filter(None, (text.rstrip(), paragraph)))
