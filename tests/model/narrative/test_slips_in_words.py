"""Tests of the rules about dates, plans, ordinals, pairs, the own name, fixed facts, typos and placeholders.

Each row holds a text, and what the rule underlines in it; honest texts stand beside the slips they look like.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.narratives import findings, named, underlined


def told(code: str, text: str, section: str = "overview", report: str = "small-2025") -> list[str]:
    """Return the words that a rule underlines in a text."""
    return [
        underlined(finding, text)
        for finding in findings(replace(named(report), texts={section: text}))
        if finding.code == code
    ]


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("2204年，我局坚持公开为常态。", ["2204年"]),
        ("2025年2月30日印发方案。", ["2025年2月30日"]),
        ("2024年2月29日和2月29日都有可能。", []),
        ("2025年13月开展培训。", ["2025年13月"]),
        ("2026年7月，我局举办了培训班。", ["2026年7月"]),
        ("2026年7月底前完成改版。", []),
        ("2026年1月，我局召开了总结会。", []),
        ("争取2030年前实现碳达峰，1949年以来的文件均已归档。", []),
        ("连续24个月更新栏目，共12月份的数据。", []),
        ("2205年我局坚持公开为常态。", ["2205年"]),
        ("2052年，我局共收到申请3件。", ["2052年"]),
        ("2035年度全年发布信息12条。", ["2035年"]),
        ("为2060年前实现碳中和，我局公开减排信息。", []),
        ("2035年远景目标纲要已全文公开。", []),
        ("2035年，全县基本实现现代化的目标写入规划并公开。", []),
        ("到2049年的长远规划在网站公开。", []),
        ("许可证有效期至2056年。", []),
        ("公开《2021—2035年国土空间总体规划》。", []),
    ],
)
def test_a_date_that_cannot_be_is_found(text: str, wrong: list[str]):
    assert told("impossible-date", text) == wrong


@pytest.mark.parametrize(
    "section, text, wrong",
    [
        ("preface", "根据条例规定，公布2024年政府信息公开工作年度报告。", ["2024年"]),
        ("preface", "2024年政府信息公开工作年度报告由六部分组成，全文公开。", ["2024年"]),
        ("preface", "格式与去年公布的2024年政府信息公开工作年度报告一致。", []),
        ("preface", "公布2025年政府信息公开工作年度报告。", []),
        ("overview", "按时公布2024年政府信息公开工作年度报告。", []),
    ],
)
def test_the_preface_presents_this_years_report(section: str, text: str, wrong: list[str]):
    assert told("wrong-year", text, section) == wrong


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("培训不足。下一步，2025年我局将进一步加强培训。", ["2025年"]),
        ("培训不足。今后，2024年，我局计划举办两期。", ["2024年"]),
        ("培训不足。下一步，2026年我局将进一步加强培训。", []),
        ("2025年，我局将政务公开纳入考核。下一步，继续加强。", []),
    ],
)
def test_a_plan_for_a_past_year_is_found(text: str, wrong: list[str]):
    assert told("plan-year", text, "problems") == wrong


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("统计期限自2025年1月1日起至2025年6月30日止。", ["2025年1月1日起至2025年6月30日"]),
        ("统计期限为2025年2月1日至12月31日。", ["2025年2月1日至12月31日"]),
        ("统计期限自2025年1月1日起，至12月31日止。", []),
        ("我局于2025年3月1日至5月31日开展数据自查。", []),
    ],
)
def test_a_period_that_is_not_the_year_is_found(text: str, wrong: list[str]):
    assert told("period-wrong", text, "preface") == wrong


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("一是解读少；三是培训少。", ["三是"]),
        ("一是解读少；一是培训少。", ["一是"]),
        ("一是解读少；二是培训少。改进如下。一是多解读；二是多培训。", []),
        ("（一）解读\n一是图解；二是视频。\n（二）培训\n一是线上；二是线下。", []),
        ("（一）解读。\n（三）培训。", ["（三）"]),
        ("1.解读；2.培训；4.考核。", ["4."]),
        ("第一，解读；第二，培训。", []),
        ("公开3.5万条，第二十条第（一）项。", []),
    ],
)
def test_ordinals_that_jump_or_repeat_are_found(text: str, wrong: list[str]):
    assert told("ordinals", text) == wrong


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("坚持“公开为常态，不公开为例外。", ["“"]),
        ("印发《工作要点，明确任务。", ["《"]),
        ("公开指南）已更新。", ["）"]),
        ("1）解读；2）培训；一）考核。", []),
        ("印发《关于“放管服”的通知》（第3号）。", []),
        ("坚持“公开\n为常态”。", ["“", "”"]),
    ],
)
def test_a_mark_without_its_partner_is_found(text: str, wrong: list[str]):
    assert told("unpaired", text) == wrong


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("临江市住房和成乡建设局坚持公开。", ["临江市住房和成乡建设局"]),
        ("临江市住房和乡城建设局坚持公开。", ["临江市住房和乡城建设局"]),
        ("临江市住房和城乡建局坚持公开。", ["临江市住房和城乡建局"]),
        ("临江市住房和城城乡建设局坚持公开。", ["临江市住房和城城乡建设局"]),
        ("临江市住房和城乡建设局坚持公开，临江住房和城乡建设局同上。", []),
        ("镇江市住房和城乡建设局来访。", []),
    ],
)
def test_a_near_miss_of_the_own_name_is_found(text: str, wrong: list[str]):
    assert told("own-name", text) == wrong


@pytest.mark.parametrize(
    "text, wrong",
    [
        (
            "统计期限见后。根据《政府信息公开工作年度报告格式》（国办公开办函〔2012〕30号）编制。",
            ["国办公开办函〔2012〕30号"],
        ),
        ("统计期限见后。根据《政府信息公开工作年度报告格式》（国办公开办函[2021]30号）编制。", []),
        ("统计期限见后。根据《政府信息公开条例》（国务院令第171号）编制。", ["国务院令第171号"]),
        ("统计期限见后。根据《政府信息公开条例》（国务院令第711号）编制。", []),
        ("统计期限见后。本报告由五部分组成。", ["五部分"]),
        ("统计期限见后。本报告由总体情况等6个部分组成。", []),
    ],
)
def test_a_fixed_fact_that_is_misquoted_is_found(text: str, wrong: list[str]):
    assert told("form-fact", text, "preface") == wrong


@pytest.mark.parametrize(
    "code, text, wrong",
    [
        ("typo", "做好政府信息工开和行政复义工作。", ["信息工开", "行政复义"]),
        ("typo", "项目已开工，开展复查。", []),
        ("placeholder", "全年发布信息……条，培训N次，收费000元。", ["……", "N", "000"]),
        ("placeholder", "统计数据待补充。", ["数据待补充"]),
        ("placeholder", "共发布政策、动态等信息1000条……", []),
        ("doubled-word", "做好公开的的工作，问题存在在。", ["的的"]),
        ("doubled-word", "现在在网站公开，涉及及时性，可以以书面形式。", []),
        ("problems-denied", "我局工作不存在问题。", []),
    ],
)
def test_a_slip_in_wording_is_found(code: str, text: str, wrong: list[str]):
    assert told(code, text) == wrong


def test_a_fifth_part_may_not_deny_every_problem():
    assert told("problems-denied", "我局工作不存在问题，将继续加强。", "problems") == ["不存在问题"]
    assert told("problems-denied", "存在解读不多的问题，将继续加强。", "problems") == []


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("回应群众关切，便于市民查验，为群众解难题，村民周转房申请。", []),
        ("市民王小明来电反映情况。", ["王小明"]),
        ("申请人黄建国，对答复不满意。", ["黄建国"]),
        ("申请人张某某不服答复。", []),
    ],
)
def test_a_name_needs_a_second_sign_of_a_person(text: str, wrong: list[str]):
    assert told("privacy-name", text) == wrong


@pytest.mark.parametrize("number", ["138-1234-5678", "1381234 5678", "138.123.45678", "13 8123 45678"])
def test_a_mobile_number_is_found_in_any_grouping(number: str):
    assert told("privacy-mobile", f"来访群众（{number}）咨询政策。") == [number]
