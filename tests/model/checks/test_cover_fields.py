"""Tests of the rules about the fields of the cover."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.editing.session import Editing
from model.form.format import Severity
from model.report.facts import MADE
from model.report.generated_text import preface
from tests.support.helpers import FORM_2021, complete

WHOLE = replace(complete(FORM_2021), year=2025)


def found(agency: str = "示例市应急管理局", **facts: str) -> list[tuple[str, str, str]]:
    """Return severity, code and field of the findings of a complete report with these fields."""
    report = replace(WHOLE, agency=agency, facts=facts)
    return [(f.severity.label, f.code, f.field) for f in Editing(report, FORM_2021).findings if f.section == "preface"]


@pytest.mark.parametrize("agency, wrong", [("", 1), ("  ", 1), ("31", 1), ("ABC", 1), ("甲局", 0), ("甲县第30局", 0)])
def test_a_report_has_the_name_of_its_agency(agency: str, wrong: int):
    assert found(agency) == [("错误", "agency-missing", "agency")] * wrong


@pytest.mark.parametrize(
    "typed, said",
    [
        ("2026-01-20", ""), ("2026.1.20", ""), ("二〇二六年一月二十日", ""), ("20260331", ""), ("", ""),
        ("31", "错误"), ("2026-02-30", "错误"), ("2026-13-45", "错误"), ("甲市人民政府办公室", "错误"),
        ("1月20日", "错误"),
        ("2025-01-20", "须说明"), ("2016-01-20", "须说明"), ("2025-12-31", "须说明"), ("2029-01-20", "须说明"),
    ],
)  # fmt: skip
def test_the_report_is_signed_on_a_day_after_its_year(typed: str, said: str):
    assert [severity for severity, _, field in found(signed_on=typed) if field == "signed_on"] == [said] * bool(said)


@pytest.mark.parametrize(
    "name, good, bad",
    [
        ("contact_postcode", ["223800", "000000"], ["0527-80000000", "22380", "2238000", "邮编"]),
        ("contact_phone", ["0527-80000000", "（0527）80000000", "80000000转8001", "80000000、80000001", "13800000000"],
         ["2026年3月31日", "8000", "见网站"]),
        ("contact_fax", ["0527-80000000"], ["无"]),
        ("contact_email", ["a@example.org", "xx.gk@a-b.gov.cn", "a@b.cn；c@d.cn"], ["example.org", "a@b", "a b@c.cn"]),
    ],
)  # fmt: skip
def test_a_contact_looks_like_one(name: str, good: list[str], bad: list[str]):
    assert [typed for typed in good if found(**{name: typed})] == []
    assert [found(**{name: typed}) for typed in bad] == [[("提示", "contact-shape", name)]] * len(bad)


def test_a_generated_preface_that_is_out_of_date_is_written_anew():
    before = replace(WHOLE, agency="甲市应急管理局", facts={"contact_phone": "0527-80000000"})
    made = preface(before, FORM_2021)
    facts = {"contact_phone": "0527-80000001", f"{MADE}preface": made}
    told = replace(before, agency="甲市第三局", facts=facts, texts={**before.texts, "preface": f"自己写的。\n{made}"})
    editing = Editing(told, FORM_2021)
    (finding,) = [f for f in editing.findings if f.code == "preface-stale"]
    assert finding.severity is Severity.EXPLAIN
    assert finding.fix
    editing.apply(finding.fix)
    assert "联系电话：0527-80000001" in editing.report.text("preface")
    assert editing.report.text("preface").startswith("自己写的。\n")
    assert [f.code for f in editing.findings if f.section == "preface"] == []
    editing.undo()
    assert editing.report == told
