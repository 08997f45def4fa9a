"""Tests of the texts generated from fields: the preface, the sentence about 信息处理费."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from model.editing.opener import Opener
from model.form.format import FeeWords
from model.report.facts import FEES, MADE
from model.report.generated_text import fee_problem, fees, placed, preface
from model.report.report import Report
from tests.support.helpers import FORM_2019, FORM_2021, FORMATS, FORMS, ROOT, complete, editing

FEE = cast(FeeWords, FORM_2021.fee)
CONTACT = {
    "contact_office": "泗阳县应急管理局办公室",
    "contact_phone": "0527-80000000",
    "contact_email": "a@example.org",
}


def test_the_preface_names_basis_contents_period_and_contact():
    report = Report("某某局", 2023, "2021", facts=CONTACT)
    assert preface(report, FORM_2021) == (
        "根据《中华人民共和国政府信息公开条例》和《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号），"
        "编制某某局2023年政府信息公开工作年度报告。本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、"
        "政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六个部分组成。"
        "本报告所列数据的统计期限为2023年1月1日至2023年12月31日。"
        "如对本报告有疑问，请与泗阳县应急管理局办公室联系（联系电话：0527-80000000；电子邮箱：a@example.org）。"
    )


@pytest.mark.parametrize("form", [FORM_2019, FORM_2021], ids=lambda form: form.id)
def test_the_rules_about_texts_have_nothing_to_say_about_the_preface(form):
    report = replace(complete(form), agency="泗阳县应急管理局")
    desk = Opener(FORMATS, ROOT / "resources" / "rules").open(report)
    before = desk.findings
    desk.write("preface", preface(Report(report.agency, report.year, form.id, facts=CONTACT), form))
    assert [f.message for f in desk.findings if f not in before] == []


def test_a_preface_without_contact_ends_with_the_period():
    assert preface(Report("某某局", 2020, "2019"), FORM_2019).endswith("2020年12月31日。")


@pytest.mark.parametrize(
    "given, end",
    [
        ((), ""),
        (("0",), "发出收费通知0件，通知总金额0元，没有收取信息处理费。"),
        (("2", "300", "300"), "发出收费通知2件，通知总金额300元，实际收取信息处理费300元。"),
        (("２", "1,300", "0"), "发出收费通知2件，通知总金额1300元，没有收取信息处理费。"),
        (("2", "1300", ""), ""),  # nobody knows yet what was received
        (("2", "", "300"), ""),
        (("0", "", ""), "发出收费通知0件，通知总金额0元，没有收取信息处理费。"),
    ],
)
def test_the_sentence_about_the_fee(given: tuple[str, ...], end: str):
    said = fees(Report("某某局", 2023, "2021", facts=dict(zip(FEES, given, strict=False))), FEE)
    assert said.endswith(end)
    assert bool(said) == bool(end)


@pytest.mark.parametrize(
    "given, said",
    [
        (("2", "300", "300"), ""),
        (("0", "0", "0"), ""),
        (("2", "305", "300"), "通知总金额（元）填的是 305；收费标准按件、按量都是 10 元的整数倍，请核对"),
        (("", "300", ""), "收费通知是 0 件而有金额，请核对"),
        (("两", "", ""), "收费通知件数"),
    ],
)
def test_fees_that_cannot_be_right_are_named(given: tuple[str, ...], said: str):
    found = fee_problem(dict(zip(FEES, given, strict=False)), FEE.step)
    assert found.startswith(said)
    assert bool(found) == bool(said)


@pytest.mark.parametrize(
    "text, before, now",
    [
        ("", "", "新"),
        ("自己写的。", "", "自己写的。\n新"),
        ("旧\n自己写的。", "旧", "新\n自己写的。"),
        ("旧，改过\n", "旧", "旧，改过\n新"),
    ],
)
def test_only_an_untouched_paragraph_is_replaced(text: str, before: str, now: str):
    assert placed(text, before, "新") == now


def test_text_and_facts_are_one_step():
    desk = editing(FORMS[1])
    desk.write("overview", "字", {MADE + "overview": "字"})
    assert desk.report.facts
    desk.undo()
    assert (desk.report.text("overview"), dict(desk.report.facts)) == ("", {})
