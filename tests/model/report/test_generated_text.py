"""Tests of the texts generated from fields: the preface, the sentence about 信息处理费."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest

from model.editing.opener import Opener
from model.form.cell import Entry, at
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
    "contact_website": "泗阳县人民政府网站（www.example.org）",
}


def test_the_preface_names_basis_contents_period_and_contact():
    report = Report("某某局", 2023, "2021", facts=CONTACT)
    assert preface(report, FORM_2021) == (
        "根据《中华人民共和国政府信息公开条例》（以下简称《条例》）和《中华人民共和国政府信息公开工作年度报告格式》"
        "（国办公开办函〔2021〕30号）要求，编制本报告。本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、"
        "政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项等六部分组成。"
        "本报告所列数据的统计期限为2023年1月1日至2023年12月31日。"
        "本报告电子版可在泗阳县人民政府网站（www.example.org）下载。"
        "如对本报告有疑问，请与泗阳县应急管理局办公室联系（联系电话：0527-80000000；电子邮箱：a@example.org）。"
    )


@pytest.mark.parametrize("form", [FORM_2019, FORM_2021], ids=lambda form: form.id)
def test_the_preface_lists_as_many_parts_as_it_counts(form):
    said = preface(Report("某某局", form.first_year, form.id), form)
    listed = said.partition("本报告由")[2].partition("等六部分组成")[0]
    assert len(listed.split("、")) == len(form.sections) == 6


def test_a_preface_without_a_website_does_not_tell_where_the_report_is_published():
    assert "电子版" not in preface(Report("某某局", 2023, "2021"), FORM_2021)


@pytest.mark.parametrize("form", [FORM_2019, FORM_2021], ids=lambda form: form.id)
def test_the_rules_about_texts_have_nothing_to_say_about_the_preface(form):
    report = replace(complete(form), agency="泗阳县应急管理局")
    desk = Opener(FORMATS, ROOT / "resources" / "rules").open(report)
    before = desk.findings
    desk.write("preface", preface(Report(report.agency, report.year, form.id, facts=CONTACT), form))
    assert [f.message for f in desk.findings if f not in before] == []


def test_a_preface_without_contact_ends_with_the_period():
    assert preface(Report("某某局", 2020, "2019"), FORM_2019).endswith("2020年12月31日。")


NONE = "2023年本机关没有发出收费通知，没有收取信息处理费。"


@pytest.mark.parametrize(
    "given, end",
    [
        (("0", "0", "0"), NONE),
        (("2", "300", "300"), "本机关发出收费通知2件，通知总金额300元，实际收取信息处理费300元。"),
        (("２", "1,300", "0"), "本机关发出收费通知2件，通知总金额1300元，没有收取信息处理费。"),
        (("0", "0", "200"), "通知总金额0元，实际收取信息处理费200元。"),  # paid this year for a notice of last year
        (("2", "300", "500"), "通知总金额300元，实际收取信息处理费500元。"),
    ],
)
def test_the_sentence_about_the_fee(given: tuple[str, ...], end: str):
    assert fees(Report("某某局", 2023, "2021", facts=dict(zip(FEES, given, strict=True))), FEE).endswith(end)


@pytest.mark.parametrize("given", sorted({*itertools.product(("", "2", "0", "两"), repeat=3)} - {("2", "2", "2")}))
def test_nothing_is_written_about_the_fee_before_all_three_are_known(given: tuple[str, ...]):
    facts = dict(zip(FEES, given, strict=True))
    told = fees(Report("某某局", 2023, "2021", facts=facts), FEE)
    known = all(number in ("0", "2") for number in given) and (given[0] == "0") == (given[1] == "0")
    assert bool(told) == known
    assert known or any(given) == bool(fee_problem(facts, 1))


def test_a_government_that_reports_for_its_bureaus_does_not_say_this_agency():
    report = Report("泗阳县人民政府", 2023, "2021", "government", facts=dict.fromkeys(FEES, "0"))
    assert fees(report, FEE) == "2023年没有发出收费通知，没有收取信息处理费。"


@pytest.mark.parametrize("given", [("0", "0", "0"), ("2", "300", "300"), ("2", "300", "0")])
def test_the_rules_about_texts_have_nothing_to_say_about_the_fee(given: tuple[str, ...]):
    received = at("proactive/fees/amount"), Entry(Decimal(given[2]) / 10_000)
    report = complete(FORM_2021)
    report = replace(report, cells={**report.cells, received[0]: received[1]})
    desk = Opener(FORMATS, ROOT / "resources" / "rules").open(report)
    before = desk.findings
    facts = dict(zip(FEES, given, strict=True))
    desk.write("other_matters", fees(replace(report, facts=facts), FEE))
    assert [f.message for f in desk.findings if f not in before] == []


@pytest.mark.parametrize(
    "given, said",
    [
        (("", "", ""), ""),
        (("2", "300", "300"), ""),
        (("0", "0", "0"), ""),
        (("2", "305", "300"), "通知总金额（元）填的是 305；收费标准按件、按量都是 10 元的整数倍，请核对"),
        (("", "300", ""), "请填写收费通知件数；没有发出的填 0"),
        (("2", "", "300"), "请填写通知总金额（元）；没有发出通知的填 0"),
        (("2", "300", ""), "请填写实收总金额（元）；没有收到的填 0"),
        (("0", "300", "0"), "收费通知为 0 件而通知总金额为 300 元，请核对"),
        (("1", "0", "0"), "收费通知 1 件而通知总金额为 0，请核对"),
        (("2", "300", "500"), "实收 500 元多于通知 300 元：含上年通知、本年缴纳的请写明，否则请核对"),
        (("0", "0", "200"), "实收 200 元多于通知 0 元：含上年通知、本年缴纳的请写明，否则请核对"),
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
