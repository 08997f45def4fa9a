"""Tests of the rules on wording: typing errors, outdated terms, required contents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.base.text import as_message
from model.base.trouble import Trouble
from model.checks.finding import Finding
from model.prose.rule_loader import load_rules
from tests.support.narratives import FORMATS, ROOT, RULES, findings, named, underlined

WHOLE = {"aspect-missing", "aspect-government", "no-number", "period-missing"}


def found(text: str, section: str = "overview", agency: str = "") -> list[tuple[str, str]]:
    """Return code and underlined words of the findings in a text of the small report of 2025."""
    base = named("small-2025")
    report = replace(base, texts={section: text}, agency=agency or base.agency)
    return [(f.code, underlined(f, text)) for f in findings(report) if f.code not in WHOLE]


def mended(text: str, finding: Finding) -> str:
    assert finding.fix
    for edit in reversed(finding.fix.texts):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.start + edit.span.length :]
    return text


@pytest.mark.parametrize(
    "text",
    [
        "较2024年增长。",
        "与2024年同期相比持平。",
        "2024年度结转2件。",
        "2026年，我局将加强培训。",
        "根据《条例》（2019年修订），自2008年施行以来运行平稳。",
        "发布2024年部门决算。",
        "及时公开2024年度政府信息公开年报。",
        "贯彻《2024年政务公开工作要点》。",
        "2024年收到12件，2025年收到34件有关咨询。",
        "主动公开信息12条，包括预算类2条、2024年信息公开年报1条。",
        "支出20242024年元",
    ],
)
def test_another_year_in_its_place_is_no_slip(text: str):
    assert [code for code, _ in found(text)] == []


@pytest.mark.parametrize(
    "text, year",
    [
        ("2024年，我局坚持依法公开。", "2024年"),
        ("2024 年全年主动公开信息。", "2024 年"),
        ("我局2024年主动公开信息512条。", "2024年"),
        ("截至2024年12月底，共发布512条。", "2024年"),
        ("现将2024年政府信息公开工作年度报告公布如下。", "2024年"),
        ("2026年，我局共发布信息512条。", "2026年"),
    ],
)
def test_a_year_left_in_is_found_and_mended(text: str, year: str):
    report = replace(named("small-2025"), texts={"overview": text})
    slips = [f for f in findings(report) if f.code == "wrong-year"]
    assert [underlined(f, text) for f in slips] == [year]
    assert mended(text, slips[0]) == text.replace(year[:4], "2025")


@pytest.mark.parametrize(
    "text, cured",
    [
        ("截止2025年12月底，运行正常。", "截至2025年12月底，运行正常。"),
        ("公开资金资金情况。", "公开资金情况。"),
        ("加强领导,落实责任;强化培训。", "加强领导，落实责任；强化培训。"),
        ("总体情况（宋体加粗小四号字）良好。", "总体情况良好。"),
        ("坚持公开为例外、不公开为常态。", "坚持公开为常态、不公开为例外。"),
        ("贯彻《中华人民共和国信息公开条例》。", "贯彻《中华人民共和国政府信息公开条例》。"),
        ("我镇高度重视。", "我局高度重视。"),
        ("统计期限为2024年1月1日至2024年12月31日。", "统计期限为2025年1月1日至2025年12月31日。"),
    ],
)
def test_what_has_one_cure_is_cured_by_one_click(text: str, cured: str):
    report = replace(named("small-2025"), texts={"preface": text})
    cures = [f for f in findings(report) if f.fix and f.fix.texts]
    assert [mended(text, f) for f in cures] == [cured]


@pytest.mark.parametrize(
    "text",
    [
        "公开网址：www.example.gov.cn，邮箱：xxgk@example.gov.cn。",
        "对某些领域、某一事项加强公开。",
        "不断提升信息公开公开栏建设水平。",
        "2025年年度报告已发布，2025年年底完成整改。",
        "二〇二五年，逐条逐条核对。",
        "征求意见截止时间为9月。",
        "集中公开现行有效的规范性文件。",
        "依申请公开件均按期答复。",
        "《条例》规定“以公开为常态、不公开为例外”。",
        "人均3.5,共1,204件。".replace(",共", "，共"),
        "杜绝先公开、后审查。",
        "学习借鉴宿迁市政府经验。",
        "国务院办公厅、省政府办公厅要求。",
        "我国、我省、我市高度重视，我局认真落实。",
    ],
)
def test_honest_wording_is_left_alone(text: str):
    assert found(text) == []


@pytest.mark.parametrize(
    "agency, text, words",
    [
        ("青石镇人民政府", "我局高度重视。", ["我局"]),
        ("某市发展和改革委员会", "我局高度重视，我委认真落实。", ["我局"]),
        ("沭阳县", "泗洪县坚持依法公开。", ["泗洪县"]),
        ("济源示范区应急管理局", "按照市财政局要求，教育局高度重视公开。", ["教育局"]),
        ("临江市市场监督管理局", "临江市市场监管局高度重视公开。", []),
        ("沭阳县", "沭阳县坚持依法公开，宿迁市坚持公开。", ["宿迁市"]),
        ("宿迁市", "合肥市政府坚持公开。", ["合肥市"]),
        ("宿迁市", "淮安市政府来函，赴合肥市政府考察。", []),
    ],
)
def test_anothers_name_is_found(agency: str, text: str, words: list[str]):
    found_names = [
        underlined_words for code, underlined_words in found(text, agency=agency) if code.startswith("other-")
    ]
    assert found_names == words


@pytest.mark.parametrize(
    "section, text, year, codes",
    [
        ("problems", "无。", 2025, ["measures-unstated", "problems-unstated"]),
        ("problems", "公开不够及时，下一步加强培训。", 2025, []),
        ("other_matters", "无其他需要报告的事项。", 2025, ["fee-unstated"]),
        ("other_matters", "无其他需要报告的事项。", 2020, []),
        ("other_matters", "本年度未收取信息处理费。", 2025, []),
    ],
)
def test_a_section_says_what_it_must(section: str, text: str, year: int, codes: list[str]):
    base = named("small-2025") if year == 2025 else named("jiyuan-2020")
    report = replace(base, texts={section: text})
    assert sorted(f.code for f in findings(report)) == codes


def test_a_preface_without_period_is_asked_for_it_unless_the_overview_has_it():
    base = named("small-2025")
    alone = replace(base, texts={"preface": "本报告由六部分组成。"})
    other = replace(base, texts={"preface": "本报告由六部分组成。", "overview": "统计期限为2025年1月1日至12月31日。"})
    assert "period-missing" in [f.code for f in findings(alone)]
    assert "period-missing" not in [f.code for f in findings(other)]


def test_messages_are_whole_sentences_for_a_clerk():
    for rule in RULES.rules.values():
        assert rule.says
        assert rule.advice
        assert rule.help == as_message(*rule.help.split("。"))
        assert not set("{}") & set(rule.advice) - set("{period}")


@pytest.mark.parametrize(
    "name, old, new, reason",
    [
        ("words.toml", 'find = "布署"', 'find = "布署("', "正则表达式"),
        ("words.toml", 'rule = "until-word"', 'rule = "until"', "until"),
        ("text.toml", 'severity = "hint"', 'severity = "fatal"', "fatal"),
        ("text.toml", "fires = [", 'fires = ["x", ', "部分"),
        (
            "text.toml",
            'fires = ["general"',
            'fires = ["overview"',
            r"rule\[1\].fires：.*其中之一：preface、general",
        ),
        ("words.toml", 'role = "fee"', 'role = "fees"', r"must\[3\].role：“fees”应是其中之一：general、"),
        ("words.toml", 'role = "fee"', 'section = "other_matters"', r"must\[3\].role：缺少这一项"),
        ("mentions.toml", 'table = "remedies"', 'table = "disputes"', r"subject\[2\]：没有哪个格式有“disputes”的表"),
        ("mentions.toml", 'table = "remedies"', 'table = "general"', r"subject\[2\]：没有哪个格式有“general”的表"),
        ("mentions.toml", 'rows = ["granted"]', 'rows = ["given"]', r"phrase\[\d+\]：没有哪个格式有“given”这一行"),
        (
            "mentions.toml",
            'columns = ["repealed"]',
            'columns = ["revoked"]',
            r"column\[\d+\]：没有哪个格式有“revoked”这一列",
        ),
        ("mentions.toml", '"decisions", "amount"', '"decision"', r"columns_alone：没有哪个格式有“decision”这一列"),
        ("mentions.toml", "carried_forward/total", "carried_on/total", r"all\[1\]：没有哪个格式有“carried_on”这一行"),
        ("mentions.toml", "carried_forward/total", "carried_forward", r"all\[1\]：没有哪个格式有“”这一列"),
        (
            "mentions.toml",
            "disclosure/fees/amount",
            "disclosure/fees/sum",
            r"fee\[1\].fees：.*“sum”这一列",
        ),
        (
            "mentions.toml",
            '["applications", "rem',
            '["requests", "rem',
            r"zero\[1\].tables：.*“requests”的表",
        ),
    ],
)
def test_a_mistake_in_a_rule_file_is_named(tmp_path, name: str, old: str, new: str, reason: str):
    for file in (ROOT / "resources" / "rules").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace(old, new, 1) if file.name == name else text, encoding="utf-8")
    with pytest.raises(Trouble, match=reason):
        load_rules(tmp_path, FORMATS)


@pytest.mark.parametrize(
    "kind, agency, asked",
    [
        ("government", "临江市人民政府", True),
        ("town", "临江市大湖镇人民政府", True),
        ("town", "临江市天坛街道办事处", False),
        ("town", "天坛街道", False),
        ("government", "临江高新技术产业开发区管委会", False),
        ("government", "临江新城", False),
        ("office", "临江经开区管理委员会", False),
        ("department", "临江市公安局", False),
    ],
)
def test_only_a_people_s_government_must_tell_its_assessment(kind: str, agency: str, asked: bool):
    report = replace(named("small-2025"), agency=agency, unit_kind=kind, texts={"overview": "全年主动公开信息512条。"})
    assert ("aspect-government" in {finding.code for finding in findings(report)}) == asked
