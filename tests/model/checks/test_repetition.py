"""Tests of 雷同: sentences that are identical in last year's report are marked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.checks.last_year import LastYear
from model.checks.repetition import compare
from model.editing.session import Editing
from tests.support.helpers import FORM_2021, complete

OLD = (
    "全年主动公开政府信息92条，涵盖政策法规等方面。及时修订完善依申请公开制度和公开指南。"
    "局微信公众号全年发布各类信息423条。"
)
NEW = "今年建成统一的信息公开平台，栏目由八个增加到十二个。首次开展公开审查的交叉检查。"


@pytest.mark.parametrize(
    "text, percent, count",
    [
        (OLD, 100, 3),
        (OLD.replace("92", "126").replace("423", "88"), 100, 3),
        (NEW, 0, 0),
        ("", 0, 0),
        (NEW + "及时修订完善依申请公开制度和公开指南。", 32, 1),
        ("加强学习。", 0, 0),
    ],
    ids=["the same", "only the numbers differ", "new", "blank", "one old sentence", "too short to tell"],
)
def test_what_is_repeated_is_measured_by_length(text, percent, count):
    found = compare(text, OLD)
    assert (found.percent, len(found.places)) == (percent, count)


def test_a_repeated_sentence_is_found_where_it_stands():
    ((start, length),) = compare(NEW + "及时修订完善依申请公开制度和公开指南。", OLD).places
    assert (NEW + "及时修订完善依申请公开制度和公开指南。")[
        start : start + length
    ] == "及时修订完善依申请公开制度和公开指南。"


@pytest.mark.parametrize(
    "text, said",
    [
        (OLD, [("explain", "与 2024 年的报告相比，有 3 句相同，约占 100%")]),
        (NEW + OLD, [("hint", "与 2024 年的报告相比，有 3 句相同，约占 61%")]),
        (NEW, []),
    ],
)
def test_the_clerk_is_told_by_section(text, said):
    last = replace(complete(FORM_2021), year=2024, texts={"overview": OLD})
    this = replace(complete(FORM_2021), year=2025, texts={"overview": text})
    found = [f for f in Editing(this, FORM_2021, LastYear.of(last, FORM_2021)).findings if f.code == "text-repeats"]
    assert [(f.severity.value, f.message) for f in found] == said
    assert all(f.section == "overview" and f.spans for f in found)


def test_long_texts_are_compared_in_a_moment():
    text = "".join(f"第{n}项工作按照要求扎实推进并取得了明显成效。" for n in range(8000))
    assert compare(text, text).percent == 100
