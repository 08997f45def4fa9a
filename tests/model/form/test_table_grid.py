"""Tests of each table's geometry: as on the printed form, also when divided over pages."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.form import table_grid
from model.form.cell import at
from model.form.format import Format, Layout
from model.form.grid import CONTINUED, Box, Grid, Role
from tests.support.helpers import FORM_2019, FORM_2021, FORMS, LAW, THIRD

TABLES = [(form, table) for form in FORMS for table in form.tables]
EVERY = pytest.mark.parametrize("form, table", TABLES, ids=[f"{form.id}-{table.id}" for form, table in TABLES])
BOTH = pytest.mark.parametrize("form", [FORM_2019, FORM_2021], ids=lambda form: form.id)


def grid(form: Format, table: str) -> Grid:
    return table_grid.build(form, form.table(table))


def places(grid: Grid, role: Role) -> dict[str, tuple[int, int, int, int]]:
    """Return row, column, height and width of the boxes of one role by their text; the last one where texts repeat."""
    return {box.text: (box.row, box.column, box.rows, box.columns) for box in grid.boxes if box.role is role}


# -- every table ----------------------------------------------------------------------------------------------------


@EVERY
def test_every_table_tiles_its_rectangle(form, table):
    assert table_grid.build(form, table).tiles()


@EVERY
def test_every_cell_of_the_form_has_exactly_one_box_and_totals_are_marked(form, table):
    roles = [(box.address, box.role) for box in table_grid.build(form, table).boxes if box.address]
    assert sorted(roles) == sorted((a, Role.TOTAL if a in form.totals else Role.VALUE) for a in table.addresses())


@EVERY
def test_boxes_come_in_reading_order(form, table):
    order = [(box.row, box.column) for box in table_grid.build(form, table).boxes]
    assert order == sorted(order)


@EVERY
def test_texts_and_remarks_stand_in_their_boxes(form, table):
    built = table_grid.build(form, table, lambda address: (str(address), address.row))
    for address in table.addresses():
        box = built.box_of(address)
        assert box
        assert (box.text, box.remark) == (str(address), address.row)
        assert built.owner(box.row, box.column) is box


@EVERY
def test_widths_are_given_for_every_column_or_for_none(form, table):
    built = table_grid.build(form, table)
    assert len(built.widths) in {0, built.columns}


# -- as on paper ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form, rows, bands", [(FORM_2019, 18, 5), (FORM_2021, 14, 4)])
def test_table_two_has_full_width_bands_over_four_columns(form, rows, bands):
    table = grid(form, "proactive")
    assert (table.rows, table.columns) == (rows, 4)
    widths = [box.columns for box in table.boxes if box.role is Role.BAND]
    assert widths == [4] * bands


@pytest.mark.parametrize(
    "form, path, columns",
    [
        (FORM_2021, "proactive/rules/in_force", 1),
        (FORM_2021, "proactive/licence/decisions", 3),
        (FORM_2021, "proactive/fees/amount", 3),
        (FORM_2019, "proactive/licence/decisions", 1),
        (FORM_2019, "proactive/fees/items_last_year", 1),
        (FORM_2019, "proactive/fees/items_change", 2),
        (FORM_2019, "proactive/procurement/amount", 2),
    ],
)
def test_the_last_value_of_a_band_takes_what_is_left_of_the_line(form, path, columns):
    box = grid(form, "proactive").box_of(at(path))
    assert box
    assert (box.columns, box.column + box.columns == 4) == (columns, path.split("/")[2] != "items_last_year")


@pytest.mark.parametrize("form, rows, span", [(FORM_2019, 23, 20), (FORM_2021, 25, 22)])
def test_the_rows_of_table_three_span_as_on_paper(form, rows, span):
    table = grid(form, "requests")
    assert (table.rows, table.columns, table.head_rows, table.label_columns) == (3 + rows, 10, 3, 3)
    labels = places(table, Role.LABEL)
    assert labels["一、本年新收政府信息公开申请数量"] == (3, 0, 1, 3)
    assert labels["二、上年结转政府信息公开申请数量"] == (4, 0, 1, 3)
    assert labels["三、本年度办理结果"] == (5, 0, span, 1)
    assert labels["（一）予以公开"] == (5, 1, 1, 2)
    assert labels["（三）不予公开"] == (7, 1, 8, 1)
    assert labels["1.属于国家秘密"] == (7, 2, 1, 1)
    assert labels["（四）无法提供"] == (15, 1, 3, 1)
    assert labels["（五）不予处理"] == (18, 1, 5, 1)
    assert labels["（七）总计"] == (4 + span, 1, 1, 2)
    assert labels["四、结转下年度继续办理"] == (5 + span, 0, 1, 3)


def test_other_handling_is_one_row_in_2019_and_a_group_of_three_since():
    assert places(grid(FORM_2019, "requests"), Role.LABEL)["（六）其他处理"] == (23, 1, 1, 2)
    assert places(grid(FORM_2021, "requests"), Role.LABEL)["（六）其他处理"] == (23, 1, 3, 1)


@BOTH
def test_the_head_of_table_three_spans_as_on_paper(form: Format):
    table = grid(form, "requests")
    assert places(table, Role.CORNER) == {table.owner(0, 0).text: (0, 0, 3, 3)}
    assert places(table, Role.HEAD) == {
        "申请人情况": (0, 3, 1, 7),
        "自然人": (1, 3, 2, 1),
        "法人或其他组织": (1, 4, 1, 5),
        "商业企业": (2, 4, 1, 1),
        "科研机构": (2, 5, 1, 1),
        "社会公益组织": (2, 6, 1, 1),
        "法律服务机构": (2, 7, 1, 1),
        "其他": (2, 8, 1, 1),
        "总计": (1, 9, 2, 1),
    }


@BOTH
def test_table_four_is_one_line_under_a_head_of_three(form: Format):
    table = grid(form, "disputes")
    assert (table.rows, table.columns, table.head_rows, table.label_columns) == (4, 15, 3, 0)
    heads = places(table, Role.HEAD)
    assert heads["行政复议"] == (0, 0, 1, 5)
    assert heads["行政诉讼"] == (0, 5, 1, 10)
    assert heads["未经复议直接起诉"] == (1, 5, 1, 5)
    assert heads["复议后起诉"] == (1, 10, 1, 5)
    results = [(box.text, box.row, box.rows) for box in table.boxes if box.role is Role.HEAD and box.columns == 1]
    words = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    assert results == [(word, 1, 2) for word in words] + [(word, 2, 1) for word in words] * 2


def test_a_made_up_form_has_its_own_head_and_groups():
    table = grid(THIRD, "requests")
    assert (table.head_rows, table.label_columns) == (2, 3)
    labels = places(table, Role.LABEL)
    assert labels["办结"] == (4, 0, 10, 1)
    assert labels["撤回"] == (10, 1, 2, 1)
    assert labels["未给予小计"] == (12, 1, 1, 2)


# -- cutting --------------------------------------------------------------------------------------------------------


def pieces(whole: Grid, cuts: set[int]) -> list[Grid]:
    inner = sorted(place for place in cuts if whole.head_rows < place < whole.rows)
    return [whole.cut(start, stop) for start, stop in itertools.pairwise([whole.head_rows, *inner, whole.rows])]


def body(piece: Grid) -> list[Box]:
    return [box for box in piece.boxes if box.row >= piece.head_rows]


@EVERY
@LAW
@given(cuts=st.sets(st.integers(1, 30), max_size=5))
def test_law_cutting_anywhere_loses_nothing(form, table, cuts):
    whole = table_grid.build(form, table, lambda address: (str(address), ""))
    parts = pieces(whole, cuts)
    assert all(part.tiles() for part in parts)
    assert all(head(part) == head(whole) for part in parts)
    assert [address for part in parts for address in addresses(part)] == addresses(whole)
    texts = {box.text.removesuffix(CONTINUED) for part in parts for box in body(part)}
    assert texts == {box.text for box in body(whole)}
    assert sum(part.rows - part.head_rows for part in parts) == whole.rows - whole.head_rows


def head(whole: Grid) -> list[Box]:
    return [box for box in whole.boxes if box.row < whole.head_rows]


def addresses(whole: Grid) -> list[object]:
    return [box.address for box in body(whole) if box.address]


def test_a_cut_through_the_results_opens_them_anew_on_the_next_page():
    first, second = pieces(grid(FORM_2021, "requests"), {10})
    assert places(first, Role.LABEL)["三、本年度办理结果"] == (5, 0, 5, 1)
    assert places(first, Role.LABEL)["（三）不予公开"] == (7, 1, 3, 1)
    labels = places(second, Role.LABEL)
    assert labels["三、本年度办理结果（续）"] == (3, 0, 17, 1)
    assert labels["（三）不予公开（续）"] == (3, 1, 5, 1)
    assert labels["4.保护第三方合法权益"] == (3, 2, 1, 1)
    assert labels["（四）无法提供"] == (8, 1, 3, 1)


def test_a_cut_between_groups_continues_only_what_goes_on():
    _, second = pieces(grid(FORM_2021, "requests"), {15})
    assert [text for text in places(second, Role.LABEL) if text.endswith(CONTINUED)] == ["三、本年度办理结果（续）"]


def test_what_is_cut_twice_is_continued_once():
    _, rest = pieces(grid(FORM_2021, "requests"), {8})
    _, last = pieces(rest, {5})
    assert "三、本年度办理结果（续）" in places(last, Role.LABEL)
    assert not [box for box in last.boxes if box.text.count(CONTINUED) > 1]


def test_only_known_layouts_are_drawn():
    assert {table.layout for _, table in TABLES} == set(Layout)
