"""Tests of the comparison table of two years."""

from __future__ import annotations

from dataclasses import replace

from export.document.comparison_table import compose_comparison
from export.document.document import PrintedTable
from model.checks.last_year import LastYear
from model.editing.run_rules import review
from model.form.cell import Entry, at
from tests.support.helpers import FORM_2019, FORM_2021, complete, published


def compared(last, this, last_form=FORM_2021):
    return compose_comparison(review(this, FORM_2021, LastYear.of(last, last_form)))


def rows(document, section):
    """Return the texts of each line of a section's table; a merged label is in its first line."""
    (grid,) = [b.grid for b in document.blocks if isinstance(b, PrintedTable) and b.section == section]
    assert grid.tiles()
    return [[box.text for box in grid.boxes if box.row == row] for row in range(grid.rows)]


def test_both_years_stand_side_by_side_with_the_change():
    found = rows(compared(published("suqian-2023"), published("suqian-2024")), "disputes")
    assert found[:3] == [
        ["项目", "栏目", "上年", "本年", "增减"],
        ["行政复议", "结果维持", "309", "88", "-221"],
        ["结果纠正", "17", "18", "+1"],
    ]


def test_amounts_keep_every_digit():
    found = rows(compared(published("suqian-2023"), published("suqian-2024")), "proactive")
    assert found[-1] == ["行政事业性收费", "本年收费金额（单位：万元）", "59237.2449", "72701.2578", "+13464.0129"]


def test_what_is_zero_in_both_years_is_left_out():
    this = complete(FORM_2021, disputes__review__upheld=2)
    document = compared(replace(complete(FORM_2021), year=this.year - 1), this)
    assert [b.section for b in document.blocks if isinstance(b, PrintedTable)] == ["disputes"]


def test_a_cell_that_last_years_form_did_not_have_is_blank():
    this = complete(FORM_2021, proactive__normative_documents__in_force=5)
    last = complete(FORM_2019)
    last = replace(last, cells={**last.cells, at("proactive/normative_documents/total_disclosed"): Entry(9)})
    assert rows(compared(last, this, FORM_2019), "proactive")[1:] == [["行政规范性文件", "现行有效件数", "", "5", ""]]
