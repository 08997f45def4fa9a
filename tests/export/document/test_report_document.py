"""Tests of the document's blocks and their order, without layout."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from export.document.document import (
    Block,
    Document,
    DocumentTitle,
    Heading,
    Paragraph,
    PrintedTable,
    Run,
    Signature,
    Voice,
)
from export.document.report_document import compose, paragraphs
from export.fonts.font_set import FontSet
from export.pdf import writer
from model.editing.run_rules import review
from model.editing.session import Editing
from model.form.cell import at
from model.form.format import Format
from model.report import exchange
from model.report.facts import FINAL
from model.report.report import Report
from tests.support.helpers import FORM_2019, FORM_2021, FORMS, ROOT, THIRD, complete, editing, published, report

MANY = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


def composed(desk: Editing) -> Document:
    return compose(desk.now)


def outline(document: Document) -> list[str]:
    """Describe every block in one short line."""
    return [line(block) for block in document.blocks]


def line(block: Block) -> str:
    match block:
        case DocumentTitle() | Heading() | Paragraph():
            return f"{type(block).__name__.lower().removeprefix('document')} {block.text}"
        case PrintedTable():
            return f"table {block.section}"
        case Signature():
            return f"signature {block.agency} {block.date_text}"
    return "?"


def box(document: Document, path: str) -> tuple[str, str]:
    """Return text and remark printed in one cell."""
    boxes = [block.grid.box_of(at(path)) for block in document.blocks if isinstance(block, PrintedTable)]
    (found,) = [one for one in boxes if one]
    return found.text, found.remark


def written(form: Format) -> Report:
    texts = {section.id: f"{section.id} 的话。" for section in form.sections}
    return replace(
        complete(form),
        texts={"preface": "根据条例编制。\n \n联系电话如下。", **texts},
        facts={"signed_on": "2022-01-20"},
    )


@pytest.mark.parametrize("form", [FORM_2019, FORM_2021], ids=lambda form: form.id)
def test_title_preface_six_sections_and_signature_follow_each_other(form: Format):
    assert outline(composed(Editing(written(form), form))) == [
        f"title 某某县应急管理局{form.first_year}年政府信息公开工作年度报告",
        "paragraph 根据条例编制。",
        "paragraph 联系电话如下。",
        "heading 一、总体情况",
        "paragraph overview 的话。",
        "heading 二、主动公开政府信息情况",
        "table proactive",
        "paragraph proactive 的话。",
        "heading 三、收到和处理政府信息公开申请情况",
        "table requests",
        "paragraph requests 的话。",
        "heading 四、政府信息公开行政复议、行政诉讼情况",
        "table disputes",
        "paragraph disputes 的话。",
        "heading 五、存在的主要问题及改进情况",
        "paragraph problems 的话。",
        "heading 六、其他需要报告的事项",
        "paragraph other_matters 的话。",
        "signature 某某县应急管理局 2022年1月20日",
    ]


@pytest.mark.parametrize(
    "form, agency, parts",
    [
        (FORM_2021, "宿迁市", ("宿迁市", "2021年政府信息公开工作年度报告")),
        (FORM_2021, "", ("2021年政府信息公开工作年度报告",)),
        (THIRD, "宿迁市", ("2027年宿迁市政府信息公开年报",)),
    ],
)
def test_the_title_breaks_between_agency_and_year_where_the_form_begins_so(
    form: Format, agency: str, parts: tuple[str]
):
    document = composed(editing(form, agency=agency))
    assert document.blocks[0] == DocumentTitle(parts)
    assert document.title == "".join(parts)


@pytest.mark.parametrize(
    "text, runs",
    [
        ("（一）主动公开情况。全年公开92条。", ["lead （一）主动公开情况。", "body 全年公开92条。"]),
        ("（十二）监督保障：加强领导。", ["lead （十二）监督保障：", "body 加强领导。"]),
        ("（二）平台建设", ["lead （二）平台建设"]),
        ("（一）主动公开，全年公开92条。", ["body （一）主动公开，全年公开92条。"]),
        ("1.加强领导。", ["body 1.加强领导。"]),
        ("全年（一）项。", ["body 全年（一）项。"]),
    ],
)
def test_a_short_heading_in_brackets_leads_its_paragraph(text: str, runs: list[str]):
    (paragraph,) = paragraphs(text, "overview")
    assert [f"{run.voice} {run.text}" for run in paragraph.runs] == runs


def test_paragraphs_are_numbered_without_the_empty_lines():
    found = list(paragraphs("  甲。\n\n　乙。\n", "problems"))
    assert found == [
        Paragraph((Run("甲。", Voice.BODY),), "problems", 1),
        Paragraph((Run("乙。", Voice.BODY),), "problems", 2),
    ]


# -- cells ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed, printed",
    [
        ("12", ("12", "")),
        ("１２３４", ("1234", "")),
        ("0", ("0", "")),
        ("", ("", "")),
        ("22（其中修订16件）", ("22", "其中修订16件")),
        ("约三件", ("约三件", "")),
        ("/", ("/", "")),
    ],
)
def test_a_cell_is_printed_as_read_or_as_typed(typed: str, printed: tuple[str, str]):
    desk = editing(FORM_2021)
    desk.enter(at("proactive/normative_documents/issued"), typed)
    assert box(composed(desk), "proactive/normative_documents/issued") == printed


def test_money_is_printed_digit_by_digit():
    desk = editing(FORM_2021)
    desk.enter(at("proactive/fees/amount"), "59237.2440")
    assert box(composed(desk), "proactive/fees/amount") == ("59237.2440", "")


def test_totals_are_printed_as_computed_not_as_an_old_report_had_them():
    desk = editing(FORM_2021, {at("disputes/review/upheld"): 1, at("disputes/review/total"): 99})
    assert box(composed(desk), "disputes/review/total") == ("1", "")


# -- the document as a whole ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts, wrong, draft",
    [({}, 0, True), ({FINAL: "2022-01-20T09:00:00"}, 0, False), ({FINAL: "2022-01-20T09:00:00"}, 3, True)],
)
def test_a_report_is_marked_as_a_draft_until_it_is_final_without_errors(facts: dict[str, str], wrong: int, draft: bool):
    whole = complete(FORM_2021, requests__new_received__natural_person=wrong)
    assert compose(review(replace(whole, facts=facts), FORM_2021)).draft is draft


def test_the_numbers_travel_inside():
    real = published("suqian-2023")
    assert exchange.loads(composed(Editing(real, FORM_2021)).data) == real


@pytest.mark.parametrize(
    "signed, day, printed",
    [
        ("2024-01-20", date(2024, 1, 20), ["signature 某某县应急管理局 2024年1月20日"]),
        ("二〇二四年一月", date(2022, 1, 31), ["signature 某某县应急管理局 二〇二四年一月"]),
        ("", date(2022, 1, 31), []),
    ],
)
def test_the_date_is_the_one_given_or_the_statutory_one(signed: str, day: date, printed: list[str]):
    document = composed(Editing(report(FORM_2021, {}, facts={"signed_on": signed}), FORM_2021))
    assert document.on == day
    assert [line for line in outline(document) if line.startswith("signature")] == printed


def test_a_form_that_no_code_knows_is_drafted_checked_and_printed():
    desk = editing(THIRD)
    desk.enter(at("requests/new_received/organisation"), 2)
    while fixes := [finding.fix for finding in desk.findings if finding.fix and finding.code == "cell-open"]:
        desk.apply(fixes[0])
    assert [finding.message for finding in desk.findings if finding.code == "requests-balance"] == [
        "单位：收到减未结为 2，办结为 0（“合计”随之不符）"
    ]
    document = composed(desk)
    headings = [line for line in outline(document) if line.startswith("heading")]
    assert headings == ["heading 一、基本情况", "heading 二、主动公开", "heading 三、依申请公开", "heading 四、争议"]
    assert writer.render(document, FontSet.load(ROOT / "resources")).startswith(b"%PDF-")
