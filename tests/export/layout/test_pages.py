"""Tests of the positions of all blocks on the pages, without making a PDF."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.document.document import (
    Approval,
    Block,
    Document,
    DocumentTitle,
    Heading,
    PrintedTable,
    Signature,
    TableNote,
)
from export.layout import tables
from export.layout.pages import _broken, lay_out
from export.lines.placed import PlacedPage, PlacedText
from model.form.grid import CONTINUED, Role
from tests.support.printing import STYLE, TORTURE, Squares, document, grid, paragraph, relabelled, whole

PAGE = STYLE.page
BOTTOM = PAGE.top + PAGE.area_height


def pages(*blocks: Block, draft: bool = False) -> tuple[PlacedPage, ...]:
    return lay_out(document(*blocks, draft=draft), STYLE, Squares())


def laid(report: Document) -> tuple[PlacedPage, ...]:
    return lay_out(report, STYLE, Squares())


def inside(page: PlacedPage) -> list[PlacedText]:
    """Return the texts of a page without its number."""
    return [text for text in page.texts if text.y < BOTTOM]


def lines(page: PlacedPage) -> list[str]:
    """Return the page's lines of text from top to bottom, without the page number."""
    rows: dict[float, list[PlacedText]] = defaultdict(list)
    for text in inside(page):
        rows[round(text.y, 1)].append(text)
    return ["".join(text.text for text in sorted(row)) for _, row in sorted(rows.items())]


def said(page: PlacedPage) -> str:
    return "".join(text.text for text in page.texts)


def body(page: PlacedPage) -> list[PlacedText]:
    return [text for text in page.texts if text.font in {"body", "kai", "hei"} and text.size == STYLE.body.size]


HEADING = Heading("一、总体情况", "overview")


def test_a_full_page_has_22_lines_of_28_characters() -> None:
    page = pages(paragraph("政" * 2000))[1]
    assert [len(line) for line in lines(page)] == [28] * 22


def test_body_lines_stand_on_the_grid_after_whatever_stands_above() -> None:
    made = laid(whole())
    first = PAGE.top + PAGE.leading / 2 + 0.38 * STYLE.body.size
    places = [(text.y - first) / PAGE.leading for page in made for text in body(page)]
    assert all(abs(place - round(place)) < 0.001 for place in places)


def test_nothing_leaves_the_type_area() -> None:
    right = PAGE.left + PAGE.area_width
    for page in laid(whole(("123456789012", "59237.2449", "22|其中修订16件"))):
        assert all(PAGE.left - 4 < text.x < right for text in page.texts)
        assert len(page.texts) - len(inside(page)) == 3
        assert all(rule.x1 <= right + 0.01 and rule.y1 <= BOTTOM + 0.01 for rule in page.rules)


def test_the_first_line_is_indented_by_two_cells() -> None:
    first, second = (text.x for text in pages(paragraph("政" * 40))[0].texts[:2])
    assert (first - PAGE.left, second - PAGE.left) == pytest.approx((2 * PAGE.pitch, 0))


def test_a_lead_is_set_in_kai_and_runs_into_the_paragraph() -> None:
    texts = pages(paragraph("加强信息公开。", lead="（一）主动公开。"))[0].texts
    assert [text.font for text in texts[:2]] == ["kai", "body"]
    assert texts[0].y == texts[1].y


@pytest.mark.parametrize("number, edge", [(1, "right"), (2, "left"), (3, "right")])
def test_page_numbers_stand_outside(number: int, edge: str) -> None:
    page = pages(paragraph("政" * 2500))[number - 1]
    text = page.texts[-3:]
    assert [piece.text for piece in text] == ["—", str(number), "—"]
    left, right = text[0].x - PAGE.left, PAGE.left + PAGE.area_width - text[-1].x - 14
    assert (right if edge == "right" else left) == pytest.approx(14)
    assert text[0].y == pytest.approx(PAGE.top + PAGE.area_height + 7 * 72 / 25.4 + 0.8 * 14)


@pytest.mark.parametrize("before", range(16, 23))
@pytest.mark.parametrize("following", [1, 2, 3, 5])
def test_a_heading_keeps_two_lines_and_no_line_is_alone(before: int, following: int) -> None:
    text = "政" * (26 + 28 * (following - 1))
    made = pages(*[paragraph("前" * 20)] * before, HEADING, paragraph(text))
    for page in made:
        alone = [line for line in lines(page) if set(line) == {"政"}]
        assert len(alone) != 1 or following == 1
        if HEADING.text in lines(page):
            assert lines(page).index(HEADING.text) + min(2, following) < len(lines(page))


@pytest.mark.parametrize("before", range(1, 22))
def test_table_three_is_whole_with_its_heading_whatever_stands_before(before: int) -> None:
    made = pages(*[paragraph("前" * 20)] * before, HEADING, PrintedTable(grid("requests"), "requests"))
    page = next(page for page in made if "申请人情况" in said(page))
    assert HEADING.text in lines(page)
    assert "四、结转下年度继续办理" in said(page)


@pytest.mark.parametrize("table", ["proactive", "requests", "disputes"])
@pytest.mark.parametrize("number", ["2019", "2021"])
def test_each_table_fits_one_page_with_its_heading(table: str, number: str) -> None:
    assert len(pages(HEADING, PrintedTable(grid(table, number=number), table))) == 1


def test_a_table_too_long_repeats_its_head_and_opens_its_groups_again() -> None:
    long = relabelled(grid("requests"), 4)
    made = pages(PrintedTable(long, "requests"))
    assert len(made) > 1
    assert all("申请人情况" in said(page) for page in made)
    assert CONTINUED.strip("（）") in said(made[1])


def test_no_label_is_cut_when_a_table_is_split() -> None:
    long = relabelled(grid("requests"), 4)
    made = pages(PrintedTable(long, "requests"))
    joined = "".join(map(said, made))
    labels = {box.text for box in long.boxes if box.role is Role.LABEL and box.rows == 1}
    assert [label for label in labels if label not in joined] == []
    for page in made:
        bottom = max(rule.y1 for rule in page.rules)
        assert max(text.y for text in inside(page)) < bottom


def test_a_split_table_loses_no_number() -> None:
    numbers = tuple(str(1000 + n) for n in range(175))
    long = relabelled(grid("requests", numbers), 3)
    made = pages(PrintedTable(long, "requests"))
    assert [number for number in numbers if number not in [t.text for page in made for t in page.texts]] == []


@pytest.mark.parametrize("before", [0, 9, 15, 20])
def test_the_bands_table_is_cut_only_before_a_band(before: int) -> None:
    long = relabelled(grid("proactive"), 12)
    made = pages(*[paragraph("前" * 20)] * before, HEADING, PrintedTable(long, "proactive"))
    parts = [page for page in made if page.rules]
    assert len(parts) > 1
    for page in parts:
        top = min(rule.y0 for rule in page.rules)
        assert top in [fill.y for fill in page.fills]
    assert HEADING.text in lines(parts[0])


def test_columns_grow_for_long_numbers() -> None:
    made = pages(PrintedTable(grid("requests", ("0", "0", "0", "0", "0", "1234567890", "123456789012")), "requests"))
    sizes = {round(text.size, 1) for page in made for text in page.texts if text.text == "123456789012"}
    assert len(made) == 1
    assert min(sizes) >= 7.9


def test_columns_grow_only_as_far_as_the_table_stays_whole() -> None:
    made = pages(HEADING, PrintedTable(grid("requests", ("123456789012",)), "requests"))
    assert len(made) == 1


def test_one_long_number_grows_one_column() -> None:
    numbers = ("123456789012", *["0"] * 174)
    edges = sorted({rule.x0 for rule in pages(PrintedTable(grid("requests", numbers), "requests"))[0].rules})
    widths = [round(b - a, 1) for a, b in pairwise(edges)]
    plain = sorted({rule.x0 for rule in pages(PrintedTable(grid("requests"), "requests"))[0].rules})
    before = [round(b - a, 1) for a, b in pairwise(plain)]
    assert [own > old for own, old in zip(widths, before, strict=True)].count(True) == 1


@pytest.mark.parametrize("number", ["0", "-17", "+1036", "104.1572", "59237.2449", "11398889", "123456789012"])
def test_a_number_fits_its_cell_on_one_line(number: str) -> None:
    made = pages(PrintedTable(grid("requests", (number,)), "requests"))
    texts = [text for page in made for text in page.texts if text.text == number]
    assert len(texts) == 175
    edges = sorted({rule.x0 for page in made for rule in page.rules if rule.x0 == rule.x1})
    for text in texts:
        right = next(edge for edge in edges if edge > text.x)
        assert text.x + len(number) * 0.5 * text.size * text.stretch < right


def test_a_remark_stands_smaller_under_its_number() -> None:
    texts = pages(PrintedTable(grid("proactive", ("22|其中修订16件",)), "proactive"))[0].texts
    number = next(text for text in texts if text.text == "22")
    remark = next(text for text in texts if text.text.startswith("其中"))
    assert remark.size < number.size
    assert remark.y > number.y


def test_a_blank_cell_stays_blank() -> None:
    texts = [text.text for text in inside(pages(PrintedTable(grid("disputes", ("",)), "disputes"))[0])]
    assert not any(text.isdigit() for text in texts)


def test_merged_boxes_have_no_rule_through_them() -> None:
    page = pages(PrintedTable(grid("disputes"), "disputes"))[0]
    uprights = sorted({round(rule.x0, 1) for rule in page.rules if rule.x0 == rule.x1})
    assert len(uprights) == 16
    top = min(rule.y0 for rule in page.rules)
    assert sum(rule.y0 == top for rule in page.rules if rule.x0 == rule.x1) == 3


def test_bands_are_light_blue() -> None:
    fills = pages(PrintedTable(grid("proactive"), "proactive"))[0].fills
    assert [fill.colour for fill in fills] == ["C6D9F1"] * 4
    assert all(fill.width == pytest.approx(PAGE.area_width) for fill in fills)


@pytest.mark.parametrize(
    "label, lines",
    [
        ("三、本年度办理结果", ["三、", "本年度", "办理", "结果"]),
        ("（三）不予公开", ["（三）", "不予公开"]),
        ("自然人", ["自然人"]),
        ("社会公益组织", ["社会", "公益", "组织"]),
        ("法律服务机构", ["法律", "服务", "机构"]),
        ("商业企业", ["商业", "企业"]),
    ],
)
def test_labels_wrap_by_phrase(label: str, lines: list[str]) -> None:
    table = tables.measure(grid("requests"), setter := tables.Setter(Squares(), STYLE.table), PAGE.area_width)
    box = next(box for box in table.grid.boxes if box.text == label)
    made = setter.lines(box, table.width_of(box), table.look)
    assert ["".join(atom.text for atom in line.atoms) for line in made] == lines


@given(st.text(alphabet="政府信息公开（）、，。1A", min_size=1, max_size=40), st.floats(12, 200))
def test_a_label_is_whole_and_never_wider_than_its_box(text: str, width: float) -> None:
    setter = tables.Setter(Squares(), STYLE.table)
    box = replace(grid("requests").boxes[0], text=text, role=Role.LABEL)
    look = STYLE.table.look(10)
    made = setter.lines(box, width, look)
    assert "".join(atom.text for line in made for atom in line.atoms) == text
    assert all(line.width <= width - 2 * look.pad + 0.1 for line in made)


def test_the_seal_has_room_and_the_signature_keeps_two_lines_of_text() -> None:
    for count in range(15, 23):
        made = pages(
            *[paragraph("前" * 20)] * (count - 4), paragraph("政" * 100), Signature("应急管理局", "2021年1月20日")
        )
        last = lines(made[-1])
        assert last[-2:] == ["应急管理局", "2021年1月20日"]
        assert len(last) > 3


@pytest.mark.parametrize("before", range(14, 22))
def test_a_heading_without_text_stays_with_the_signature(before: int) -> None:
    made = pages(*[paragraph("前" * 20)] * before, HEADING, Signature("应急管理局", "2021年1月20日"))
    assert HEADING.text in said(next(page for page in made if "2021年1月20日" in said(page)))


def test_the_date_stands_four_characters_in_with_the_agency_centred_over_it() -> None:
    agency, day = inside(pages(paragraph("政"), Signature("应急管理局", "二〇二一年一月二十日"))[0])[-2:]
    assert PAGE.left + PAGE.area_width - day.x - 10 * PAGE.pitch == pytest.approx(4 * PAGE.pitch)
    assert agency.x + 2.5 * PAGE.pitch == pytest.approx(day.x + 5 * PAGE.pitch)
    assert day.y - agency.y == pytest.approx(PAGE.leading)


def test_an_approval_sheet_is_a_page_of_its_own_with_a_box_for_each_step() -> None:
    made = pages(paragraph("政"), Approval(("年度报告", "审签单"), ("拟稿", "科室负责人", "分管领导", "主要领导")))
    assert len(made) == 2
    assert all(word in said(made[1]) for word in ("审签单", "科室负责人", "签名", "月"))
    assert len({round(rule.y0, 3) for rule in made[1].rules}) == 5


def test_an_annex_begins_a_page_but_for_an_empty_one() -> None:
    annex = Heading("附：检查说明", "reasons", new_page=True)
    made = pages(paragraph("政"), annex, paragraph("说明"))
    assert ["附：检查说明" in said(page) for page in made] == [False, True]
    assert len(pages(annex, paragraph("说明"))) == 1


def test_a_note_stands_small_right_under_its_table() -> None:
    page = pages(PrintedTable(grid("disputes"), "disputes"), TableNote("单位：件", "disputes"))[0]
    note = next(text for text in page.texts if text.text.startswith("单位"))
    assert note.size == STYLE.note.size
    assert 0 < note.y - max(rule.y1 for rule in page.rules) < 2 * STYLE.note.pitch


def test_headings_are_the_outline() -> None:
    entries = [entry.text for page in laid(whole()) for entry in page.entries]
    assert [text[0] for text in entries] == list("一二三四五六")


@pytest.mark.parametrize("draft", [True, False])
def test_only_a_draft_is_marked_on_every_page(draft: bool) -> None:
    made = laid(whole(draft=draft))
    assert [[mark.text for mark in page.marks] for page in made] == [["草稿"] * draft] * len(made)


def test_the_title_leaves_one_blank_line() -> None:
    made = pages(DocumentTitle(("应急管理局", "2020年政府信息公开工作年度报告")), HEADING, paragraph("政"))[0]
    last = max(text.y for text in made.texts if text.font == "title")
    heading = next(text for text in made.texts if text.font == "hei")
    assert PAGE.leading < heading.y - last < 3 * PAGE.leading


def test_an_empty_document_has_one_page() -> None:
    assert len(pages()) == 1


@pytest.mark.parametrize(
    "block",
    [
        paragraph("政" * 40000),
        paragraph("x" * 5000),
        paragraph("（" * 3000),
        Heading("一、" + "政" * 3000, "overview"),
        DocumentTitle(("局" * 1500,)),
        TableNote("政" * 5000, "overview"),
        Signature("局" * 1500, "2021年1月20日"),
        Approval(("审签单",), ("领导" * 6,) * 12),
        PrintedTable(grid("requests", ("12|" + "其中修订" * 500,)), "requests"),
        PrintedTable(grid("proactive", ("约" * 3000,)), "proactive"),
        paragraph(TORTURE * 50),
    ],
)
def test_hostile_lengths_are_laid_out(block: Block) -> None:
    made = pages(block)
    assert all(len(page.texts) - len(inside(page)) == 3 for page in made)


def test_an_edit_breaks_only_its_own_paragraph_anew():
    metrics = Squares()
    before = [paragraph(f"第{number}段的文字。" * 9, number=number) for number in range(1, 6)]
    lay_out(document(*before), STYLE, metrics)
    known = _broken.cache_info()
    lay_out(document(*before[:2], paragraph("改过的一段。", number=3), *before[3:]), STYLE, metrics)
    assert (_broken.cache_info().misses - known.misses, _broken.cache_info().hits - known.hits) == (1, 4)


def test_the_lines_of_a_long_paragraph_are_not_kept():
    known = _broken.cache_info()
    pages(paragraph("长" * 2_001))
    assert _broken.cache_info() == known
