"""Tests of other offices named as author, contact or publisher, of plans for past years, and of shares over 100 %."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.narratives import findings, named

OWN = "临江市住房和城乡建设局"  # of small-2025


def codes(text: str) -> list[str]:
    found = findings(replace(named("small-2025"), texts={"overview": text}))
    return [
        f.code for f in found if f.code in {"other-agency", "plan-year", "share-sum", "impossible-date", "form-fact"}
    ]


@pytest.mark.parametrize(
    "text, found",
    [
        ("由清江市财政局编制本年度报告。", ["other-agency"]),
        ("如有疑问，请与柳河区民政局办公室联系。", ["other-agency"]),
        ("特向社会公布安福县应急管理局2025年度政府信息公开工作年度报告。", ["other-agency"]),
        (f"由{OWN}编制本年度报告。", []),
        ("由市住房和城乡建设局编制，可向临江市人民政府反映。", []),
        ("与市财政局联合开展检查，同市水务局会商。", []),
        ("计划于2019年上半年修订信息公开指南。", ["plan-year"]),
        ("今后，我局拟在2024年增加专职人员1名。", ["plan-year"]),
        ("计划于2026年上半年修订信息公开指南。", []),
        ("原计划于2024年完成的改造已经完成。", []),
        ("按照计划，2025年完成平台改造。", []),
        ("信息来源分三类，分别占45%、35%、30%。", ["share-sum"]),
        ("自然人占72%，法人或其他组织占38%。", ["share-sum"]),
        ("自然人占88.2%，法人或其他组织占11.8%。", []),
        ("自然人占88%，予以公开的占57%。", []),
        ("动态占66.7%、公告占33.4%。", []),
        ("《条例》自2019年5月1日起施行。", ["form-fact"]),
        ("《条例》自2019年5月15日起施行以来，我局认真学习。", []),
        ("自2029年5月起施行以来，我局认真学习。", ["impossible-date"]),
        ("2035年6月前建成全市统一平台。", []),
    ],
)
def test_what_cannot_be_is_found_and_what_may_be_is_not(text: str, found: list[str]):
    assert codes(text) == found
