"""The annex of reasons, the 审签单 and the 校验报告."""

from __future__ import annotations

from dataclasses import replace

import pytest

from export.compose import WITH_APPROVAL, WITH_REASONS, compose
from export.document import Approval, Heading, Paragraph
from export.verdict import compose_verdict
from model.editing import Editing
from model.waivers import KINDS

from .helpers import FORM_2019, FORM_2021, complete

ISSUED = "proactive__normative_documents__issued"
WORDS = "六件均于当年十二月底废止"


@pytest.fixture
def explained() -> Editing:
    editing = Editing(complete(FORM_2021, **{ISSUED: 6}), FORM_2021)
    editing.explain(editing.findings[0], KINDS[0], WORDS)
    return editing


def lines(blocks) -> list[str]:
    return [block.text for block in blocks if isinstance(block, (Heading, Paragraph))]


def test_reasons_are_printed_only_on_request(explained):
    plain = compose(explained.report, explained.form, explained.values, draft=True)
    explained.note_fact(WITH_REASONS, "1")
    asked = compose(explained.report, explained.form, explained.values, draft=True)
    assert lines(asked.blocks)[len(lines(plain.blocks)) :] == [
        "附：校验说明",
        f"1. 「行政规范性文件」：现行有效 0 件，少于本年制发 6 件。说明（口径不同）：{WORDS}",
    ]


def test_a_report_without_reasons_has_no_annex():
    report = replace(complete(FORM_2021), facts={WITH_REASONS: "1"})
    editing = Editing(report, FORM_2021)
    assert "附：校验说明" not in lines(compose(report, FORM_2021, editing.values, draft=True).blocks)


def test_the_approval_sheet_has_a_box_for_each_step_and_comes_last(explained):
    explained.note_fact(WITH_APPROVAL, "1")
    document = compose(explained.report, explained.form, explained.values, draft=True)
    assert document.blocks[-1] == Approval("审签单", ("拟稿", "科室负责人", "分管领导", "主要领导"))


@pytest.mark.parametrize("form, counted", [(FORM_2021, "25 行、7 列、3 组"), (FORM_2019, "23 行、7 列、3 组")])
def test_what_adds_up_is_counted(form, counted):
    assert form.sums == counted


def test_a_sound_report_is_said_to_be_sound():
    editing = Editing(complete(FORM_2021), FORM_2021)
    said = lines(compose_verdict(editing).blocks)
    assert said[:3] == ["结论", "可以定稿。", "表内勾稽关系 25 行、7 列、3 组全部相符。"]
    assert f"符合：全部 {editing.kept_rules} 条规则。" in said


def test_a_faulty_report_is_not_said_to_be_sound():
    editing = Editing(complete(FORM_2021, requests__new_received__natural_person=3), FORM_2021)
    said = lines(compose_verdict(editing).blocks)
    assert said[1] == "还有 1 处错误。"
    assert not any("全部相符" in line for line in said)
    assert "错误（表内注明的勾稽关系）：1 处。" in said


def test_the_reasons_stand_in_the_check_report(explained):
    assert any(WORDS in line for line in lines(compose_verdict(explained).blocks))
