"""Generates paragraphs from a few fields: the preface and the sentence about 信息处理费.

They are plain text in the report.  A fact keeps the paragraph as generated, so that it can be regenerated while it is
unchanged; text that a user has typed or changed is never replaced.
"""

from __future__ import annotations

from collections.abc import Mapping

from model.form import CellKind, Entry, FeeWords, Format, Number, read, shown
from model.report.facts import CONTACT_OFFICE, CONTACT_WEBSITE, CONTACTS, FEE_NOTICED, FEE_NOTICES, FEE_RECEIVED, FEES
from model.report.report import Report

_COUNTED = "零一二三四五六七八九十"
_IF_NONE = {FEE_NOTICES: "没有发出的", FEE_NOTICED: "没有发出通知的", FEE_RECEIVED: "没有收到的"}


def preface(report: Report, form: Format) -> str:
    """Build the preface from the form's sentences, as one paragraph: basis, contents, period, website and contact."""
    titles = [_in_a_list(section.title.partition("、")[2]) for section in form.sections]
    said = "".join(form.preface).format(
        agency=report.agency,
        year=report.year,
        name=form.name,
        document=form.document,
        period=form.period.format(year=report.year),
        sections="、".join(titles),
        count=_COUNTED[len(titles)] if len(titles) < len(_COUNTED) else len(titles),
    )
    website = report.facts.get(CONTACT_WEBSITE, "")
    return said + (form.published.format(website=website) if website else "") + _contact(report.facts, form)


def _in_a_list(title: str) -> str:
    """Return a title without 、 of its own, which would count as one more item of a list."""
    return title.replace("、", "和")


def _contact(facts: Mapping[str, str], form: Format) -> str:
    """Build the closing sentence with the contact; "" when no field is filled in."""
    office = facts.get(CONTACT_OFFICE, "")
    named = (CONTACT_OFFICE, CONTACT_WEBSITE)  # elsewhere in the preface
    fields = [f"{label}：{facts[name]}" for name, label in CONTACTS.items() if name not in named and name in facts]
    if not office and not fields:
        return ""
    within = f"（{'；'.join(fields)}）" if fields else ""
    return form.contact.format(office=office or "本机关", details=within)


def fees(report: Report, words: FeeWords) -> str:
    """Build the sentence about 信息处理费; "" unless all three fields are known and notices and amount agree."""
    numbers = [entry.number for entry in fee_entries(report.facts).values()]
    if None in numbers or bool(numbers[0]) != bool(numbers[1]):
        return ""
    notices, noticed, received = (shown(number or 0) for number in numbers)
    head = {"year": report.year, "subject": words.subjects[report.unit_kind]}
    if not any(numbers):
        return words.none.format(**head)
    end = words.received.format(received=received) if numbers[2] else words.unpaid
    return words.says.format(**head, notices=notices, noticed=noticed) + end


def fee_entries(facts: Mapping[str, str]) -> dict[str, Entry]:
    """Read the three fee fields as counts."""
    return {name: read(facts.get(name, ""), CellKind.COUNT) for name in FEES}


def fee_problem(facts: Mapping[str, str], step: int) -> str:
    """Return a message about the first inconsistency of the three fee fields; "" when there is none.

    Amounts are multiples of `step` yuan; no field or all three are filled in.
    """
    entries = fee_entries(facts)
    for name, entry in entries.items():
        if entry.unread:
            return f"{FEES[name]}：{entry.problem}"
    for name, entry in list(entries.items())[1:]:
        if (entry.number or 0) % step:
            return f"{FEES[name]}填的是 {shown(entry.number)}；收费标准按件、按量都是 {step} 元的整数倍，请核对"
    blank = [name for name, entry in entries.items() if entry.number is None]
    if blank:
        return f"请填写{FEES[blank[0]]}；{_IF_NONE[blank[0]]}填 0" if len(blank) < len(entries) else ""
    return _fee_contradiction(*(entry.number or 0 for entry in entries.values()))


def _fee_contradiction(notices: Number, noticed: Number, received: Number) -> str:
    """Return a message about fee numbers (件, yuan, yuan) that cannot all be right without an explanation; else ""."""
    if noticed and not notices:
        return f"收费通知为 0 件而通知总金额为 {shown(noticed)} 元，请核对"
    if notices and not noticed:
        return f"收费通知 {shown(notices)} 件而通知总金额为 0，请核对"
    if received > noticed:
        return f"实收 {shown(received)} 元多于通知 {shown(noticed)} 元：含上年通知、本年缴纳的请写明，否则请核对"
    return ""


def placed(text: str, before: str, paragraph: str) -> str:
    """Replace the unchanged earlier paragraph `before` in `text` by `paragraph`; append it when that is not found."""
    lines = text.split("\n")
    if before and before in lines:
        return "\n".join(paragraph if line == before else line for line in lines).strip("\n")
    return "\n".join(filter(None, (text.rstrip(), paragraph)))
