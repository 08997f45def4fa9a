"""Tests of the annex of reasons, the 审签单 and the 检查报告."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from export.document.check_report import compose_verdict
from export.document.document import Approval, Heading, Paragraph, PrintedTable
from export.document.report_document import compose
from model.base.text import as_message
from model.base.version import VERSION
from model.checks.explanations import KINDS
from model.checks.last_year import LastYear
from model.editing.opener import Opener
from model.editing.rule_descriptions import pages
from model.editing.session import Editing
from model.form.cell import at
from model.form.loader import load_all
from model.prose.rule_loader import load_rules
from model.report.facts import WITH_APPROVAL, WITH_REASONS
from model.report.report import Report
from tests.support.helpers import FORM_2019, FORM_2021, FORMATS, ROOT, complete, published
from tests.support.narratives import RULES

TITLE = ("某某县应急管理局", "2021年政府信息公开工作年度报告")
OPENER = Opener(FORMATS, ROOT / "resources" / "rules")
FORM_TITLE = f"《{FORM_2021.name}》（{FORM_2021.document}）"
BALANCE = (
    "每一列：“一、本年新收政府信息公开申请数量”＋“二、上年结转政府信息公开申请数量”"
    "应等于“（七）总计”＋“四、结转下年度继续办理”"
)

ISSUED = "proactive__normative_documents__issued"
WORDS = "六件均于当年十二月底废止"


@pytest.fixture
def explained() -> Editing:
    editing = opened(complete(FORM_2021, **{ISSUED: 6}))
    editing.explain(editing.findings[0], KINDS[0], WORDS)
    return editing


def opened(report: Report) -> Editing:
    return OPENER.open(report)


def lines(blocks) -> list[str]:
    return [block.text for block in blocks if isinstance(block, (Heading, Paragraph))]


def table(editing: Editing) -> list[list[str]]:
    (grid,) = [block.grid for block in compose_verdict(editing.now).blocks if isinstance(block, PrintedTable)]
    return [[box.text for box in grid.boxes if box.row == row] for row in range(grid.rows)]


def test_reasons_are_printed_only_on_request(explained):
    plain = compose(explained.now)
    explained.note_fact(WITH_REASONS, "1")
    asked = compose(explained.now)
    assert lines(asked.blocks)[len(lines(plain.blocks)) :] == [
        "附：检查说明",
        f"1. “行政规范性文件”：现行有效 0 件，少于本年制发 6 件。说明（口径不同）：{WORDS}。",
    ]


def test_a_report_without_reasons_has_no_annex():
    report = replace(complete(FORM_2021), facts={WITH_REASONS: "1"})
    assert "附：检查说明" not in lines(compose(opened(report).now).blocks)


def annex(editing: Editing) -> list[str]:
    editing.note_fact(WITH_REASONS, "1")
    said = lines(compose(editing.now).blocks)
    return said[said.index("附：检查说明") + 1 :] if "附：检查说明" in said else []


def test_a_reason_whose_number_has_changed_says_so_on_paper(explained):
    explained.enter(at("proactive/normative_documents/issued"), 7)
    (line,) = annex(explained)
    assert line.startswith("1. “行政规范性文件”：现行有效 0 件，少于本年制发 7 件。")
    assert line.endswith(f"说明（口径不同）：{WORDS}。有关的数改过，说明请重新确认。")


def test_a_reason_whose_finding_is_gone_is_not_printed(explained):
    explained.enter(at("proactive/normative_documents/in_force"), 6)
    assert annex(explained) == []


def carried(*, last_year: bool = True) -> Editing:
    """Return a report that carries over more than last year carried forward, with a reason."""
    numbers = {"requests__carried_over__natural_person": 2, "requests__granted__natural_person": 2}
    before = replace(complete(FORM_2021), year=FORM_2021.first_year + 1)
    now = replace(complete(FORM_2021, **numbers), year=FORM_2021.first_year + 2)
    editing = OPENER.open(now, LastYear.of(before, FORM_2021))
    finding = next(finding for finding in editing.findings if finding.code == "year-carry")
    editing.explain(finding, KINDS[1], "上年报告已于三月作过更正")
    return editing if last_year else OPENER.open(editing.report)


@pytest.mark.parametrize("last_year", [True, False])
def test_a_reason_about_last_year_is_printed_though_its_report_is_not_at_hand(last_year: bool):
    (line,) = annex(carried(last_year=last_year))
    assert line.endswith("说明（上年报告更正）：上年报告已于三月作过更正。")


def test_the_approval_sheet_has_a_box_for_each_step_and_comes_last(explained):
    explained.note_fact(WITH_APPROVAL, "1")
    document = compose(explained.now)
    assert document.blocks[-1] == Approval((*TITLE, "审签单"), ("拟稿", "科室负责人", "分管领导", "主要领导"))


@pytest.mark.parametrize("form, counted", [(FORM_2021, "共 35 处"), (FORM_2019, "共 33 处")])
def test_what_adds_up_is_counted(form, counted):
    assert form.sums_hold == f"表内勾稽关系全部相符（{counted}）"


def test_a_sound_report_is_said_to_be_sound():
    said = lines(compose_verdict(opened(complete(FORM_2021)).now).blocks)
    assert said[:3] == ["结论", "可以定稿", "表内勾稽关系全部相符（共 35 处）"]
    assert not [line for line in said if line.startswith("须处理")]


def test_a_faulty_report_is_not_said_to_be_sound():
    editing = opened(complete(FORM_2021, requests__new_received__natural_person=3))
    said = lines(compose_verdict(editing.now).blocks)
    assert said[1] == "还有 1 处错误"
    assert not any("全部相符" in line for line in said)
    assert table(editing)[1:] == [[BALANCE, "错误", f"{FORM_TITLE}：表内注明的勾稽关系", "1 处", "0 处"]]


def test_each_rule_that_found_something_is_counted_with_what_was_explained(explained):
    explained.write("overview", "全年收到申请4件，又收到申请5件。截止2021年12月底，运行正常。")
    (figure, _) = [finding for finding in explained.findings if finding.code == "figure"]
    explained.explain(figure, KINDS[0], "含上年十二月收到的四件")
    assert table(explained) == [
        ["规则", "类别", "依据", "发现", "已说明"],
        ["“规章”“行政规范性文件”：“现行有效件数”应不少于“本年制发件数”", "须说明", "本软件提醒", "0 处", "1 处"],
        ["文中收到、办理、复议、诉讼的件数与表格不一致", "须说明", "本软件提醒", "1 处", "1 处"],
        [
            "总体情况未写到的方面",
            "须说明",
            f"{FORM_TITLE}：总体情况不能遗漏",
            "1 处",
            "0 处",
        ],
        ["时间点前未用“截至”", "提示", "《现代汉语词典》对“截止”“截至”的释义", "1 处", "0 处"],
    ]


def test_the_rules_that_found_nothing_and_those_that_could_not_be_asked_are_counted_by_group():
    said = lines(compose_verdict(opened(complete(FORM_2021)).now).blocks)
    place = said.index("各条规则的结果")
    kept, undecided = said[place + 1 : place + 3]
    known = pages(FORM_2021, RULES)
    counted = [int(number) for line in (kept, undecided) for number in re.findall(r"(\d+) 条：", line)]
    assert sum(counted) == len(known)
    assert counted[1] == 6
    assert undecided == "没有上年的报告，未能判断 6 条：与上年核对 5 条、文字与数字 1 条"
    assert kept.endswith("、个人信息 7 条")


def test_with_last_year_at_hand_every_rule_is_asked():
    said = lines(compose_verdict(carried().now).blocks)
    assert not [line for line in said if "没有上年的报告" in line]


def test_a_rule_about_other_units_is_not_counted_as_kept():
    report = replace(complete(FORM_2021), unit_kind="government")
    assert "不适用于本类单位 1 条：表内勾稽关系 1 条" in lines(compose_verdict(opened(report).now).blocks)


def test_numbers_in_the_text_are_counted_and_those_nobody_can_judge_are_listed():
    text = "全年受理申请19件，其中11件办结，部分公开2件。通过网络收到申请12件。2020年收到政府信息公开申请6件。"
    numbers = {"requests__new_received__natural_person": 19, "requests__granted__natural_person": 19}
    editing = opened(replace(complete(FORM_2021, **numbers), texts={"overview": text}))
    said = lines(compose_verdict(editing.now).blocks)
    place = said.index("文中数字")
    assert said[place + 1 : place + 6] == [
        "与表格符合 1 个，不符合 1 个，未能判断 3 个",
        "未能判断的，请对照表格人工核对：",
        "1. 一、总体情况：“11件办结”，可能只是其中一部分",
        "2. 一、总体情况：“收到申请12件”，可能只是其中一部分",
        "3. 一、总体情况：“收到政府信息公开申请6件”，没有上年的报告可以核对",
    ]


def test_what_the_report_was_checked_by_is_named():
    said = lines(compose_verdict(opened(complete(FORM_2021)).now).blocks)
    assert said[-2:] == [f"规则版本：{RULES.edition(FORM_2021)}", f"本软件版本：{VERSION}"]


@pytest.mark.parametrize(
    "make", [lambda: opened(published("suqian-2024")), carried, lambda: opened(Report("", 2025, "2021"))]
)
def test_only_lines_of_several_sentences_end_with_a_full_stop(make: Callable[[], Editing]):
    blocks = compose_verdict(make().now).blocks
    found = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert len(found) > 6
    assert [line for line in found if line != as_message(*line.split("。"))] == []
    assert [line for line in found if "。。" in line or "，。" in line] == []


@pytest.mark.parametrize("file", ["rules/text.toml", "rules/regions.toml", "formats/2021.toml"])
def test_another_word_in_any_file_of_rules_or_in_the_format_is_another_edition(file: str, tmp_path: Path):
    shutil.copytree(ROOT / "resources" / "rules", tmp_path / "rules")
    shutil.copytree(ROOT / "resources" / "formats", tmp_path / "formats")
    path = tmp_path / file
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert edition_of(tmp_path) == RULES.edition(FORM_2021)
    path.write_bytes(path.read_bytes() + b"# \n")
    assert edition_of(tmp_path) != RULES.edition(FORM_2021)


def edition_of(folder: Path) -> str:
    formats = load_all([folder / "formats"])
    return load_rules(folder / "rules", formats).edition(formats.named("2021"))


def test_the_reasons_stand_in_the_check_report(explained):
    assert any(WORDS in line for line in lines(compose_verdict(explained.now).blocks))
