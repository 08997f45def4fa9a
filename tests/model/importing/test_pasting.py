"""Tests of placing a pasted block by its labels, or else at the cursor; totals confirm it, and nothing is guessed."""

from __future__ import annotations

import pytest

from model.form.cell import Entry, at
from model.form.format import Format
from model.importing import clipboard
from model.importing.pasting import Proposal, fitting, propose
from model.report.report import Report
from model.report.totals import Engine
from tests.support.importing_cases import FORMATS, filled, table_lines

FORM = FORMATS.for_year(2023)
START = at("requests/new_received/natural_person")

EXCEL_HTML = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><!--StartFragment-->
<table border=0><tr height=18><td rowspan=3>三、本年度办理结果</td><td colspan=2>（一）予以公开</td>
<td>290</td><td>1</td><td>0</td><td>0</td><td>3</td><td>0</td><td>294</td></tr>
<tr><td colspan=2>（二）部分公开（区分处理的，<br>只计这一情形，不计其他情形）</td>
<td>99</td><td>0</td><td>0</td><td>0</td><td>2</td><td>0</td><td>101</td></tr>
<tr><td>（三）不予公开</td><td>1.属于国家秘密</td><td>0</td><td>0</td><td>0</td><td>0</td><td>0</td><td>0</td><td>0</td></tr>
</table><!--EndFragment--></body></html>"""


def pasted(text: str, start: str, html: str = "", form: Format = FORM) -> Proposal:
    address = at(start)
    return propose(
        Report("示例局", 2023, form.id), form, form.table(address.table), clipboard.rows_of(text, html), address
    )


def numbers(proposal: Proposal) -> dict[str, object]:
    return {str(address): entry.number for address, entry in proposal.entries.items()}


# -- clipboard ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, rows",
    [
        ("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]]),
        ("1\n2\n3", [["1"], ["2"], ["3"]]),
        ('"本年\n新收"\t5\r\n', [["本年 新收", "5"]]),
        ('5"\t6', [['5"', "6"]]),
        ("１２\t1,204\t", [["１２", "1,204", ""]]),
        ("\r\n\r\n", []),
    ],
)
def test_tab_separated_text_becomes_rows(text: str, rows: list[list[str]]) -> None:
    assert clipboard.rows_of(text) == rows


def test_merged_cells_of_html_are_opened() -> None:
    rows = clipboard.rows_of("", EXCEL_HTML)
    assert rows[0][:4] == ["三、本年度办理结果", "（一）予以公开", "", "290"]
    assert rows[2][:4] == ["", "（三）不予公开", "1.属于国家秘密", "0"]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>1<td>2<tr><td>3<td>4</table>",
        "<p>前言</p><table><tbody><tr><th>1</th><th>2</th></tr><tr><td>3</td><td>4</td></tr></tbody></table>后文",
        "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4<table><tr><td></td></tr></table></td></tr></table>",
        "<!--<table><tr><td>9</table>--><style>td {x: '<table>'}</style><table><tr><td>1<td>2<tr><td>3<td>4</table>",
        "<TABLE><TR><TD x='a > <td>'>1</TD><TD>2</TD></TR><TR><TD>3</TD><TD><![if !x]>4<![endif]></TD></TR></TABLE>",
        "<table><tr><td>&#49;</td><td>&#x32;</td></tr><tr><td>3&nbsp;</td><td><script>5</script>4</td></tr></table>",
        '<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4<span title="never closed>',
    ],
)
def test_html_of_any_make_gives_the_cells_of_its_first_table(html: str) -> None:
    assert clipboard.rows_of("other\ttext", html) == [["1", "2"], ["3", "4"]]


def test_spans_beyond_reason_are_bounded() -> None:
    rows = clipboard.rows_of("", "<table><tr><td colspan=99999999 rowspan=99999999>1</td></tr></table>")
    assert [len(row) for row in rows] == [clipboard.MAX_COLUMNS]


@pytest.mark.parametrize(
    "html, rows",
    [
        ("<tr><td rowspan=2>1<td>2<tr><td>3", [["1", "2"], ["", "3"]]),
        ("<tr><td>1<td rowspan=2>2<td>3<tr><td>4<td>5", [["1", "2", "3"], ["4", "", "5"]]),
        ("<tr><td rowspan='3' colspan=\"2\">1<td>2<tr><td>3<tr><td>4", [["1", "", "2"], ["", "", "3"], ["", "", "4"]]),
        ("<tr><td data-colspan=2 colspan=0>1<td rowspan=-1>2<tr><td>3", [["1", "2"], ["3"]]),
    ],
)
def test_merged_cells_keep_their_places(html: str, rows: list[list[str]]) -> None:
    assert clipboard.rows_of("", f"<table>{html}</table>") == rows


@pytest.mark.parametrize("number", ["&#" + "9" * 5000 + ";", "&#x" + "f" * 5000 + ";", "&#99999999"])
def test_a_number_of_no_character_is_a_lost_one(number: str) -> None:
    """Python refuses to convert more than 4,300 digits."""
    assert clipboard.rows_of("", f"<table><tr><td>1{number}</td></tr></table>") == [["1\ufffd"]]


def test_what_is_copied_out_can_be_pasted_in() -> None:
    rows = [["规章", "0", "104.1572"], ["<b>", "-17", "=1+1"]]
    assert clipboard.rows_of(clipboard.as_text(rows)) == rows
    assert clipboard.rows_of("", clipboard.as_html(rows)) == rows


def test_text_is_marked_as_text_for_a_spreadsheet() -> None:
    assert "<td style=\"mso-number-format:'\\@'\">=1+1</td><td>-17</td>" in clipboard.as_html([["=1+1", "-17"]])


# -- where it goes ------------------------------------------------------------------------------------------------


def test_a_rectangle_goes_in_from_the_current_cell_on() -> None:
    proposal = pasted("705\t3\n36\t0\n", "requests/new_received/natural_person")
    assert numbers(proposal) == {
        "requests/new_received/natural_person": 705,
        "requests/new_received/business": 3,
        "requests/carried_over/natural_person": 36,
        "requests/carried_over/business": 0,
    }
    assert not proposal.by_label


def test_empty_cells_leave_what_stands_there() -> None:
    assert numbers(pasted("5\t\t7", "proactive/rules/issued")) == {
        "proactive/rules/issued": 5,
        "proactive/rules/in_force": 7,
    }


def test_a_row_with_its_label_goes_to_its_row_wherever_the_cursor_is() -> None:
    proposal = pasted("（一）予以公开\t290\t1\t0\t0\t3\t0\t294", "requests/carried_forward/other_org")
    assert numbers(proposal)["requests/granted/natural_person"] == 290
    assert [str(a) for a in proposal.proven] == ["requests/granted/total"]
    assert proposal.by_label


def test_a_table_with_merged_labels_goes_in_by_label() -> None:
    proposal = pasted("", "requests/new_received/natural_person", EXCEL_HTML)
    assert numbers(proposal)["requests/partly_granted/legal_service"] == 2
    assert len(proposal.entries) == 18
    assert proposal.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "27\t10\t9\t15\t61\t3\t0\t0\t0\t3\t8\t0\t1\t1\t10",
        "27\n10\n9\n15\n61\n3\n0\n0\n0\n3\n8\n0\n1\n1\n10",
        "27\t10\t9\t15\t3\t0\t0\t0\t8\t0\t1\t1",
    ],
    ids=["a row of 15", "a column of 15", "a row without its totals"],
)
def test_the_single_line_of_table_four_takes(text: str) -> None:
    proposal = pasted(text, "disputes/review/upheld")
    assert list(numbers(proposal).values()) == [27, 10, 9, 15, 3, 0, 0, 0, 8, 0, 1, 1]
    assert proposal.problems == ()


def test_a_row_of_sixteen_for_fifteen_is_named_and_not_cut() -> None:
    proposal = pasted("\t".join(["1"] * 16), "disputes/review/upheld")
    assert "超出" in proposal.problems[0]


@pytest.mark.parametrize(
    "text, said",
    [
        ("1\t2\t3\t4\t99", "粘贴的总计为 99，按各项计算为 10"),
        ("1\tabc", "“abc”无法识别"),
    ],
)
def test_what_does_not_fit_is_said(text: str, said: str) -> None:
    assert said in " ".join(pasted(text, "disputes/review/upheld").problems)


@pytest.mark.parametrize("year", [2020, 2023])
def test_table_three_copied_whole_comes_back_by_label(year: int) -> None:
    form = FORMATS.for_year(year)
    table = form.table("requests")
    entered = {a: Entry(number) for number, a in enumerate(form.inputs) if a.table == table.id}
    values, _ = Engine(form).recompute({}, entered)
    rows = [[row.label, *(str(values[a]) for a in table.addresses() if a.row == row.id)] for row in table.rows]
    proposal = pasted(clipboard.as_text(rows), str(START), form=form)
    assert proposal.entries == entered
    assert proposal.problems == ()
    assert len(proposal.proven) == len([a for a in form.totals if a.table == table.id])


def test_a_line_that_the_form_does_not_have_is_named() -> None:
    proposal = pasted("（一）予以公开\t1\t0\t0\t0\t0\t0\t1\n（九）另有说明\t2\t0\t0\t0\t0\t0\t2", str(START))
    assert "（九）另有说明" in " ".join(proposal.problems)


# -- a whole document ---------------------------------------------------------------------------------------------

INDEX = (
    "<table><tr><td>索引号</td><td>014319474/2021-00012</td></tr><tr><td>发文日期</td><td>2021-01-20</td></tr></table>"
)


@pytest.mark.parametrize("before", ["", INDEX, "<p>一、总体情况</p>"])
@pytest.mark.parametrize("name", ["proactive", "requests", "disputes"])
def test_of_a_whole_document_the_table_that_belongs_here_is_pasted(before: str, name: str):
    form = FORMATS.named("2021")
    report = filled(form)
    tables = [clipboard.rows_of("\n".join(table_lines(report, form, table))) for table in form.tables]
    html = before + "".join(clipboard.as_html(rows) for rows in tables)
    table = form.table(name)
    cells = fitting(form, table, clipboard.tables_of("", html))
    start = next(address for address in form.inputs if address.table == name)
    blank = Report(report.agency, report.year, form.id)
    found = propose(blank, form, table, cells, start)
    inputs = [address for address in form.inputs if address.table == name]
    assert {address: found.entries.get(address) for address in inputs} == {a: report.cells[a] for a in inputs}
