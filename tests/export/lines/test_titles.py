"""Tests of breaking titles by meaning, from 5 to 60 characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.lines.titles import break_title
from export.lines.tokens import NO_END, NO_START

REST = "2020年政府信息公开工作年度报告"
LIMIT = 442.2


def width(text: str) -> float:
    return sum(22.0 if character >= "\u2010" else 12.0 for character in text)


@pytest.mark.parametrize(
    "agency, lines",
    [
        ("应急管理局", ["应急管理局"]),
        ("中华人民共和国国家发展和改革委员会", ["中华人民共和国国家发展和改革委员会"]),
        (
            "新疆维吾尔自治区巴音郭楞蒙古自治州和静县巴音布鲁克镇人民政府",
            ["新疆维吾尔自治区巴音郭楞蒙古自治州", "和静县巴音布鲁克镇人民政府"],
        ),
        (
            "新疆生产建设兵团第十四师昆玉市自然资源和规划局（林业和草原局、水利局）国有资产监督管理委员会综合行政执法支队办公室",
            [
                "新疆生产建设兵团第十四师昆玉市",
                "自然资源和规划局（林业和草原局、水利局）",
                "国有资产监督管理委员会",
                "综合行政执法支队办公室",
            ],
        ),
    ],
)
def test_an_agency_stands_over_the_rest(agency: str, lines: list[str]) -> None:
    assert break_title((agency, REST), width, LIMIT, 3) == [*lines, REST]


def test_a_unit_of_the_title_has_a_line_of_its_own_however_long_the_agency_is() -> None:
    agency = "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县人力资源和社会保障局暨劳动人事争议仲裁委员会办公室"
    lines = break_title((agency, REST, "校验报告"), width, LIMIT, 3)
    assert lines[-2:] == [REST, "校验报告"]
    assert "委员会办公室" in lines[-3]


def test_a_short_title_stays_on_one_line() -> None:
    assert break_title(("某局", "2020年年度报告"), width, LIMIT, 3) == ["某局2020年年度报告"]


def test_an_agency_is_not_joined_to_half_of_the_next_words() -> None:
    title = "宿迁市人民政府政府信息公开工作年度报告审签单"
    assert break_title([title], width, LIMIT, 3) == ["宿迁市人民政府", "政府信息公开工作年度报告审签单"]


def test_no_title_has_no_lines() -> None:
    assert break_title((), width, LIMIT, 3) == []


@given(st.text(alphabet="市县局府委员会政民办公室（）、年的和应急管理2A", max_size=70))
def test_every_title_is_whole_and_fits(agency: str) -> None:
    lines = break_title((agency, REST), width, LIMIT, 3)
    assert "".join(lines) == agency + REST
    assert all(width(line) <= LIMIT for line in lines)
    assert all(len(line) > 1 for line in lines)


@given(st.text(alphabet="市县局府委员会政民应急管理", min_size=1, max_size=60))
def test_a_title_line_neither_begins_nor_ends_wrongly(name: str) -> None:
    lines = break_title((name + "（机关）", REST), width, LIMIT, 3)
    assert [line for line in lines if line[0] in NO_START or line[-1] in NO_END] == []
