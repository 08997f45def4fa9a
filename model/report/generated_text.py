"""Generates paragraphs from a few fields: the preface and the sentence about 信息处理费.

They are plain text in the report.  A fact keeps the paragraph as generated, so that it can be regenerated while it is
unchanged; text that a user has typed or changed is never replaced.
"""

from __future__ import annotations

from collections.abc import Mapping

from model.form import CellKind, Entry, Format, read, shown
from model.report.facts import CONTACT_OFFICE, CONTACTS, FEES
from model.report.report import Report

FEES_SINCE = 2021  # 国办函〔2020〕109号 came into force on 1 January 2021
FEE_SECTION = "other_matters"
FEE_STEP = 10  # yuan: all fees of 国办函〔2020〕109号 are multiples of it
_COUNTED = "零一二三四五六七八九十"


def preface(report: Report, form: Format) -> str:
    """Build the preface: legal basis, contents, statistical period and contact, as one paragraph."""
    period, contents = form.period.format(year=report.year), _contents(form)
    said = (
        f"根据《中华人民共和国政府信息公开条例》和《{form.name}》（{form.document}），"
        f"编制{report.agency}{report.year}年政府信息公开工作年度报告。{contents}"
        f"本报告所列数据的统计期限为{period}。"
    )
    return said + _contact(report.facts)


def _contents(form: Format) -> str:
    titles = [section.title.partition("、")[2] for section in form.sections]
    number = _COUNTED[len(titles)] if len(titles) < len(_COUNTED) else str(len(titles))
    return f"本报告由{'、'.join(titles)}{number}个部分组成。"


def _contact(facts: Mapping[str, str]) -> str:
    """Build the closing sentence with the contact; "" when no field is filled in."""
    office = facts.get(CONTACT_OFFICE, "")
    fields = [f"{label}：{facts[name]}" for name, label in CONTACTS.items() if name != CONTACT_OFFICE and name in facts]
    if not office and not fields:
        return ""
    within = f"（{'；'.join(fields)}）" if fields else ""
    return f"如对本报告有疑问，请与{office or '本机关'}联系{within}。"


def fees(report: Report) -> str:
    """Build the sentence about 信息处理费; an empty field counts as 0; "" while all are empty."""
    entries = fee_entries(report.facts)
    if not any(name in report.facts for name in FEES):
        return ""
    notices, noticed, received = (shown(entry.number or 0) for entry in entries.values())
    end = f"实际收取信息处理费{received}元。" if received != "0" else "没有收取信息处理费。"
    return (
        f"按照《政府信息公开信息处理费管理办法》（国办函〔2020〕109号），{report.year}年本机关发出收费通知{notices}件，"
        f"通知总金额{noticed}元，{end}"
    )


def fee_entries(facts: Mapping[str, str]) -> dict[str, Entry]:
    """Read the three fee fields as counts."""
    return {name: read(facts.get(name, ""), CellKind.COUNT) for name in FEES}


def fee_problem(facts: Mapping[str, str]) -> str:
    """Return a message about the first inconsistency of the three fee fields; "" when there is none."""
    entries = fee_entries(facts)
    for name, entry in entries.items():
        if entry.unread:
            return f"{FEES[name]}：{entry.problem}"
    notices, *amounts = (entry.number or 0 for entry in entries.values())
    for (name, label), amount in zip(list(FEES.items())[1:], amounts, strict=True):
        if amount % FEE_STEP:
            return f"{label}填的是 {shown(entries[name].number)}；收费标准按件、按量都是 10 元的整数倍，请核对"
    if not notices and any(amounts):
        return "收费通知是 0 件而有金额，请核对"
    return ""


def placed(text: str, before: str, paragraph: str) -> str:
    """Replace the unchanged earlier paragraph `before` in `text` by `paragraph`; append it when that is not found."""
    lines = text.split("\n")
    if before and before in lines:
        return "\n".join(paragraph if line == before else line for line in lines).strip("\n")
    return "\n".join(filter(None, (text.rstrip(), paragraph)))
