"""Tests that a text is read whatever its tables look like in it, and that nothing around the report gets into it."""

from __future__ import annotations

import re

import pytest

from model.base.text import clean
from model.form.cell import shown
from model.importing.reading_result import Reading
from tests.support.importing_cases import FORMATS, codes, filled, note, outcome, printed, read_text

FORM = FORMATS.named("2021")
REPORT = filled(FORM)
PLAIN = printed(REPORT, FORM)
HEADS = "\t\t\t\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t"


def replaced(old: str, new: str, times: int = 1) -> str:
    assert old in PLAIN, old
    return PLAIN.replace(old, new, times)


def barred(front: str, end: str, bar: str = " | ") -> str:
    """Return the report with bars between cells in place of tabs."""
    lines = PLAIN.split("\n")
    return "\n".join(f"{front}{bar.join(line.split(chr(9)))}{end}" if "\t" in line else line for line in lines)


def one_cell_a_line() -> str:
    """Return the report as a browser copies it: every cell on a line of its own, merged cells once."""
    lines = []
    for line in PLAIN.split("\n"):
        cells = [cell for cell in line.split("\t") if cell] if "\t" in line else [line]
        lines += cells
    return "\n".join(lines)


SHAPES = {
    "tabs": PLAIN,
    "bars between cells and at the end": barred("", " |"),
    "bars at both ends": barred("| ", " |"),
    "bars between cells only": barred("", ""),
    "bars in front only": barred("| ", ""),
    "full-width bars": barred("｜", "｜", "｜"),
    "drawn bars": barred("│ ", " │", " │ "),
    "spaces": "\n".join(" ".join(line.split()) if "\t" in line else line for line in PLAIN.split("\n")),
    "one cell a line": one_cell_a_line(),
    "one cell a line, an empty line behind each": one_cell_a_line().replace("\n", "\n\n"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_a_table_is_read_whole(shape: str):
    found = read_text(SHAPES[shape]).report
    assert found.cells == REPORT.cells
    assert found.stated == REPORT.stated


# -- headings that deviate ----------------------------------------------------------------------------------------

HEADINGS = {
    "broken over lines": (HEADS, "商业\n企业\t科研\n机构\t社会公益组织\t法律服务机构\t其他"),
    "a column in other words": ("社会公益组织", "社会公益团体"),
    "two columns in other words": ("社会公益组织\t法律服务机构", "社会团体\t律师事务所"),
    "rubbish": (HEADS, "甲乙\t丙丁\t戊己"),
    "one of three in other words": ("现行有效件数", "目前仍然有效的"),
}


@pytest.mark.parametrize("case", HEADINGS)
def test_rows_that_fit_are_read_below_headings_that_deviate_and_these_are_named(case: str):
    found = read_text(replaced(*HEADINGS[case]))
    assert (found.report.cells, found.report.stated) == (REPORT.cells, REPORT.stated)
    assert note(found, "column-heads").severity.value == "explain"


@pytest.mark.parametrize(
    "old, new",
    [
        ("商业企业\t科研机构", "科研机构\t商业企业"),  # sums do not show that columns changed places
        ("本年制发件数\t本年废止件数", "本年废止件数\t本年制发件数"),
        ("本年制发件数\t本年废止件数", "本年新公开\t对外公开"),
    ],
)
def test_numbers_below_other_columns_stay_out_and_are_listed(old: str, new: str):
    found = read_text(replaced(old, new))
    assert note(found, "column-heads").severity.value == "error"
    assert found.left_over


# -- headings of sections -----------------------------------------------------------------------------------------

TEXTS = replaced("一、总体情况\n\n", "一、总体情况\n\n总的说明。\n").replace(
    "五、存在的主要问题及改进情况\n", "五、存在的主要问题及改进情况\n问题和改进。\n"
)


@pytest.mark.parametrize(
    "old, new",
    [
        ("五、存在的主要问题及改进情况", "五、存在的主要问题\n及改进情况"),
        ("五、存在的主要问题及改进情况", "五、\n存在的主要问题及\n改进情况"),
        ("五、存在的主要问题及改进情况", "五、主要问题和改进措施"),
        ("五、存在的主要问题及改进情况", "第五部分 存在的主要问题及改进情况"),
        ("一、总体情况", "⼀、总体情况"),  # a radical, as browsers write it into PDFs
    ],
)
def test_a_heading_of_a_section_is_known_broken_or_in_other_words(old: str, new: str):
    texts = read_text(TEXTS.replace(old, new)).report.texts
    assert (texts["overview"], texts["problems"]) == ("总的说明。", "问题和改进。")


def test_a_heading_in_other_words_is_named():
    found = note(read_text(TEXTS.replace("五、存在的主要问题及改进情况", "五、主要问题和改进措施")), "section-similar")
    assert "五、主要问题和改进措施" in found.message


# -- the cover ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", ["２０21", "20２1", "２０２１", "二〇二一", "二O二一", "二0二一"])
def test_a_year_in_digits_of_any_kind_is_read(year: str):
    assert read_text(replaced("2021年政府信息公开", f"{year}年政府信息公开"), "报表.txt").report.year == 2021


# -- around the report --------------------------------------------------------------------------------------------

BEFORE = "无障碍 适老模式\n发布时间:2026-01-19 来源:县政务公开办\n字体：【大 中 小】 打印\n"
LIST = "某某县应急管理局2019年政府信息公开工作年度报告\n某某县应急管理局2020年政府信息公开工作年度报告\n"
AFTER = (
    "\n分享到：\n打印本页 关闭窗口\n主办:甲县人民政府办公室 冀ICP备00000000号-1 网站标识码0000000000\n地址：人民路1号\n"
)


def with_texts(first: str, last: str) -> str:
    title, _, rest = PLAIN.partition("\n")
    return f"{title}\n{first}{rest}{last}"


@pytest.mark.parametrize(
    "text",
    [
        BEFORE + with_texts("根据条例编制。\n", "无其他事项。\n" + AFTER),
        LIST + with_texts(BEFORE + "根据条例编制。\n", "无其他事项。\n" + AFTER),
        "首页\n" * 60 + with_texts("根据条例编制。\n", "无其他事项。\n" + AFTER + LIST),
    ],
)
def test_what_surrounds_a_report_is_not_taken_into_it_and_is_listed(text: str):
    found = read_text(text)
    assert (found.report.agency, found.report.year) == (REPORT.agency, REPORT.year)
    assert (found.report.text("preface"), found.report.text("other_matters")) == ("根据条例编制。", "无其他事项。")
    assert "冀ICP备00000000号-1" in " ".join(note.message for note in found.report.notes if note.code == "left-over")


@pytest.mark.parametrize(
    "text",
    ["无。", "无", "本机关通过微信公众号公开信息12条。", "收取信息处理费80元\n某某县应急管理局\n2022年1月20日"],
)
def test_the_last_section_keeps_its_own_lines(text: str):
    found = read_text(with_texts("", text + "\n")).report
    assert found.text("other_matters") == text


# -- no row is lost in silence ------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ["行政确认\t12", "合计\t92", "行政确认\t一百二十"])
@pytest.mark.parametrize("after", ["行政许可", "行政强制", "行政处罚", "行政规范性文件"])
def test_a_row_that_the_form_does_not_have_is_named_wherever_it_stands(row: str, after: str):
    line = next(line for line in PLAIN.split("\n") if line.startswith(after))
    found = read_text(replaced(line, f"{line}\n{row}"))
    said = " ".join(note.message for note in found.report.notes)
    assert found.report.cells == REPORT.cells
    assert not re.search(r"\d", row) or row.replace("\t", " ") in said


def test_numbers_of_every_line_are_in_the_draft_or_listed():
    lines = PLAIN.split("\n")
    for place in range(1, len(lines)):
        text = "\n".join([*lines[:place], "附注\t4711\t4712", *lines[place:]])
        found = read_text(text)
        assert [number for number in ("4711", "4712") if number not in _all_words(found)] == [], lines[place]


def _all_words(found: Reading) -> str:
    report = found.report
    words = [entry.shown() for entry in report.cells.values()] + [shown(it) for it in report.stated.values()]
    return " ".join([*words, *report.texts.values(), *found.left_over])


def test_a_missing_table_is_a_picture_only_where_there_is_one():
    rows = [line for line in PLAIN.split("\n") if not re.match("行政|规章|信息内容|第二十条", line)]
    found = note(read_text("\n".join(rows)), "table-missing")
    assert "没有找到" in found.message
    assert "图片" not in found.message


# -- look-alike characters ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "seen, meant",
    [
        ("我局⼯作⼈员", "我局工作人员"),
        ("⻓⻋⻛⻚⺠", "长车风页民"),
        ("国办公开办函﹝2021﹞30号", "国办公开办函〔2021〕30号"),
    ],
)
def test_characters_that_only_look_right_are_replaced(seen: str, meant: str):
    assert clean(seen) == meant


def test_a_text_that_is_no_report_is_still_refused():
    assert isinstance(outcome("姓名 | 工资 |\n张三 | 5000 |\n".encode() * 30), str)
    assert codes(read_text(PLAIN)) == []
