"""Tests of recognising names of other places, down to counties, and never the agency's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.prose.gazetteer import Home
from tests.support.narratives import RULES, findings, named, underlined

OWN = "沭阳县"


def places(text: str, agency: str = OWN, **facts: str) -> list[str]:
    report = replace(named("shuyang-2025"), agency=agency, texts={"overview": text}, facts=facts)
    return [underlined(finding, text) for finding in findings(report) if finding.code == "other-place"]


@pytest.mark.parametrize(
    "text, found",
    [
        ("按照绵阳市人民政府统一部署，推进公开。", ["绵阳市"]),
        ("按照长兴县委、县政府要求，推进公开。", ["长兴县"]),
        ("岳麓区政府高度重视政务公开。", ["岳麓区"]),
        ("延边州政府、青龙县政府转发了通知。", ["延边州", "青龙县"]),
        ("按照凤县县委、凤县政府部署，推进公开。", ["凤县", "凤县"]),
        ("按照徐州市政府部署，推进公开。", ["徐州市"]),  # a neighbouring city does not lead this county
        ("徐州市政府转发了文件。", []),
        ("按照宿迁市委、江苏省政府部署，推进公开。", []),  # city and province of the county
        ("泗阳县政府、宿城区政府与我县共同办理。", []),  # a county and a district of the same city
        ("市政府和县政府要求，各区县政府落实。", []),  # 和县 in 安徽 is no word here
        ("推进新城区政府服务中心、老城区政务公开专区建设。", []),
        ("我县委托第三方评估，各省市委派人员参加。", []),
        ("赴绵阳市政府学习考察，与南京市鼓楼区政府合作。", []),
        ("鼓楼区政府来函。", []),  # four cities have one, two of them in this province
        ("国家市场监督管理总局、国务院办公厅印发通知。", []),
    ],
)
def test_a_place_is_foreign_when_the_agency_does_not_lie_there(text: str, found: list[str]):
    assert places(text) == found


@pytest.mark.parametrize(
    "agency, facts, found",
    [
        ("北京市朝阳区教育局", {}, ["绵阳市"]),
        ("绵阳市游仙区教育局", {}, []),
        ("绵阳高新技术产业开发区管理委员会", {}, []),  # without its 市
        ("青石镇人民政府", {"contact_address": "四川省绵阳市三台县青石镇人民路1号"}, []),
        ("青石镇人民政府", {"contact_address": "江苏省宿迁市青石镇人民路1号"}, ["绵阳市"]),
        ("青石镇人民政府", {}, []),  # it names no other place: the street may be in this one
    ],
)
def test_where_the_agency_lies_stands_in_its_name_or_on_the_cover(agency: str, facts: dict[str, str], found: list[str]):
    assert places("绵阳市政府要求加强公开。", agency, **facts) == found


@pytest.mark.parametrize(
    "words, homes",
    [
        ("北京市朝阳区", {Home("北京市", "北京市")}),
        ("长春市朝阳区", {Home("吉林省", "长春市")}),
        ("朝阳区", {Home("北京市", "北京市"), Home("吉林省", "长春市")}),
        ("济源示范区", {Home("河南省", "河南省")}),
        ("渝北区", {Home("重庆市", "重庆市")}),  # abolished in 2025, but correct in reports of earlier years
        ("和康县", {Home("新疆维吾尔自治区", "和田地区")}),  # new in 2024
        ("示例市", set()),
    ],
)
def test_the_gazetteer_knows_where_a_place_is(words: str, homes: set[Home]):
    assert RULES.places.gazetteer.of(words) == homes


def test_a_line_of_the_gazetteer_holds_more_than_two_thousand_eight_hundred_counties():
    names = [name for lines in RULES.places.gazetteer.provinces.values() for name in lines.split()]
    assert len(set(names)) > 2800
