"""Tests of the readers one by one: what a kind of file hides, merges, repeats or leaves unfinished."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
import zlib
from collections.abc import Sequence
from subprocess import run
from time import process_time

import pytest

from model.base.trouble import Trouble
from model.importing.containers.source import RawTable, SourceParagraph, SourcePicture
from model.importing.containers.zip_parts import MAX_PART
from model.importing.readers.kinds import read_foreign
from model.importing.readers.page_geometry import Page, PageGlyph, PageTable
from model.importing.readers.spreadsheet import shown_number
from tests.support.helpers import ROOT
from tests.support.importing_cases import outcome

Rows = list[tuple[str | None, ...]]
W = 'xmlns:w="w"'
OFFICE = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office" xmlns:table="t" xmlns:text="x" xmlns:style="s"'


def read(data: bytes) -> tuple[Rows, list[str], int]:
    """Return the rows of all tables, the paragraphs, and the number of pictures."""
    source = read_foreign("年报", data, lambda content: content.decode("utf-8"))
    assert source is not None
    rows = [row for block in source.blocks if isinstance(block, RawTable) for row in block.rows]
    lines = [block.text for block in source.blocks if isinstance(block, SourceParagraph)]
    return rows, lines, sum(isinstance(block, SourcePicture) for block in source.blocks)


def refusal(data: bytes) -> str:
    with pytest.raises(Trouble) as refused:
        read(data)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def packed(**parts: str | bytes) -> bytes:
    """Return a zip file; `__` in a name stands for /, `_xml` for .xml."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


# -- Word's XML -----------------------------------------------------------------------------------------------------


def docx(body: str) -> bytes:
    return packed(word__document_xml=f"<w:document {W}><w:body>{body}</w:body></w:document>")


def run_of(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{run_of(text)}</w:p></w:tc>"


@pytest.mark.parametrize(
    "inner, text",
    [
        (f"<w:del>{run_of('3')}</w:del><w:ins>{run_of('12')}</w:ins>", "12"),
        (run_of("12") + run_of("34", "<w:vanish/>"), "12"),
        (run_of("1") + run_of("2", '<w:vanish w:val="0"/>'), "12"),
        (f"<w:hyperlink>{run_of('12')}</w:hyperlink>", "12"),
        (f"<w:sdt><w:sdtPr><w:t>9</w:t></w:sdtPr><w:sdtContent>{run_of('12')}</w:sdtContent></w:sdt>", "12"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>" + run_of("12"), "12"),
        ("<w:r><w:t>12</w:t><w:br/><w:t>34</w:t></w:r>", "12\n34"),
    ],
)
def test_only_what_word_shows_is_text(inner: str, text: str):
    row = f"<w:tr>{cell('a')}<w:tc><w:p>{inner}</w:p></w:tc></w:tr>"
    assert read(docx(f"<w:tbl>{row}</w:tbl>"))[0] == [("a", text)]


def test_merged_cells_are_marked_and_blank_ones_are_not():
    merged, wide = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'
    first = f"<w:tr>{cell('a', merged)}{cell('b', wide)}{cell('')}</w:tr>"
    second = f"<w:tr>{cell('', '<w:vMerge/>')}{cell('')}{cell('1')}{cell('2')}</w:tr>"
    assert read(docx(f"<w:tbl>{first}{second}</w:tbl>"))[0] == [("a", "b", None, ""), (None, "", "1", "2")]


def test_a_table_within_a_table_is_read_as_a_table_and_a_frame_as_paragraphs():
    inner = f"<w:tbl><w:tr>{cell('规章')}{cell('1')}</w:tr></w:tbl>"
    rows, lines, _ = read(docx(f"<w:tbl><w:tr><w:tc><w:p>{run_of('前')}</w:p>{inner}</w:tc></w:tr></w:tbl>"))
    assert (rows, lines) == ([("规章", "1")], ["前"])
    assert read(docx(f"<w:tbl><w:tr>{cell('只有一格')}</w:tr></w:tbl>"))[1] == ["只有一格"]


def test_a_deleted_row_is_no_row():
    row = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('a')}{cell('9')}</w:tr><w:tr>{cell('a')}{cell('1')}</w:tr>"
    assert read(docx(f"<w:tbl>{row}</w:tbl>"))[0] == [("a", "1")]


@pytest.mark.parametrize("wide, count", [(5_000_000, 1), (300_000, 0)])
def test_a_picture_as_wide_as_a_table_is_seen(wide: int, count: int):
    drawing = f'<w:r><w:drawing><w:extent cx="{wide}"/><w:blip/></w:drawing></w:r>'
    assert read(docx(f"<w:p>{drawing}</w:p>"))[2] == count


# -- XML and zip ----------------------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "data",
    [
        packed(word__document_xml=BOMB + f"<w:document {W}>&b;</w:document>"),
        packed(word__document_xml=BOMB.encode("utf-16") + "<a/>".encode("utf-16-le")),
        packed(content_xml='<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'),
        packed(word__document_xml="<a>" * 300 + "</a>" * 300),
        packed(word__document_xml="<a"),
        packed(word__document_xml=b""),
        packed(xl__workbook_xml="<workbook/>"),
        docx("")[:-30],
        f'<?xml version="1.0"?><!DOCTYPE a><office:document {OFFICE}/>'.encode(),
    ],
)
def test_xml_with_declarations_too_deep_or_damaged_is_refused(data: bytes):
    assert any(words in refusal(data) for words in ("不完整或已损坏", "内容过多"))


def test_a_member_is_not_unpacked_beyond_its_limit_whatever_the_directory_says():
    large = packed(word__document_xml=b"<a>" + bytes(MAX_PART + 10))
    assert "内容过多" in refusal(large)
    lying = large.replace(struct.pack("<I", MAX_PART + 13), struct.pack("<I", 50))
    assert any(words in refusal(lying) for words in ("不完整或已损坏", "内容过多"))


@pytest.mark.parametrize(
    "parts, words",
    [({"a_xml": "x"}, "是压缩包，请解压"), ({"ppt__presentation_xml": "<a/>"}, "是演示文稿")],
)
def test_a_zip_file_without_a_report_is_named(parts: dict[str, str], words: str):
    assert words in refusal(packed(**parts))


# -- spreadsheets ---------------------------------------------------------------------------------------------------


def xlsx(*sheets: tuple[str, str]) -> bytes:
    """Return a workbook of (state, rows) sheets."""
    names = "".join(f'<sheet state="{state}" r:id="r{n}"/>' for n, (state, _) in enumerate(sheets))
    targets = "".join(f'<Relationship Id="r{n}" Target="worksheets/s{n}.xml"/>' for n in range(len(sheets)))
    parts = {f"xl__worksheets__s{n}_xml": f"<worksheet>{rows}</worksheet>" for n, (_, rows) in enumerate(sheets)}
    book = f'<workbook xmlns:r="r"><sheets>{names}</sheets></workbook>'
    relations = f"<Relationships>{targets}</Relationships>"
    strings = "<sst><si><r><t>规</t></r><r><t>章</t></r><rPh><t>gui</t></rPh></si></sst>"
    return packed(
        xl__workbook_xml=book, xl__sharedStrings_xml=strings, **{"xl___rels__workbook_xml.rels": relations}, **parts
    )


SHEET = (
    '<sheetData><row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>59237.244899999998</v></c>'
    '<c r="D2" t="str"><v>12</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>合</t></is></c>'
    '<c r="E3"><v>5.0</v></c></row></sheetData><mergeCells><mergeCell ref="B3:C3"/></mergeCells>'
)


def test_sheets_that_are_hidden_are_not_read_and_numbers_are_as_typed():
    rows, _, _ = read(xlsx(("hidden", SHEET), ("visible", SHEET), ("veryHidden", SHEET)))
    assert rows == [("规章", "59237.2449", "", "12", ""), ("合", "", None, "", "5")]


@pytest.mark.parametrize(
    "stored, text",
    [
        ("59237.244899999998", "59237.2449"), ("72701.2578", "72701.2578"), ("5.0", "5"), ("0", "0"), ("-17", "-17"),
        ("1.2E3", "1200"), ("0.10000000000000001", "0.1"), ("100", "100"), ("x", "x"),
        ("1E+400", "1E+400"), ("NaN", "NaN"),
    ],
)  # fmt: skip
def test_a_number_is_shown_as_it_was_typed(stored: str, text: str):
    assert shown_number(stored) == text


def test_open_document_sheets_have_repeated_and_covered_cells_and_hidden_ones():
    row = (
        '<table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>规章</text:p></table:table-cell>'
        '<table:covered-table-cell/><table:table-cell table:number-columns-repeated="3"><text:p>7</text:p>'
        "</table:table-cell></table:table-row>"
    )
    style = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    sheets = f'<table:table>{row}</table:table><table:table table:style-name="h">{row}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
    content = f"<office:document-content {OFFICE}>{style}{body}</office:document-content>"
    assert read(packed(content_xml=content))[0] == [("规章", None, "7", "7", "7")]


# -- HTML -----------------------------------------------------------------------------------------------------------

CELLS = "<tr><td>规章<td>1<tr><td>合计<td>2"


@pytest.mark.parametrize(
    "page, rows, lines",
    [
        (f"<html><p>前<table>{CELLS}</table>后", [("规章", "1"), ("合计", "2")], ["前", "后"]),
        (f"<html><table><tr><td>左<td><table>{CELLS}</table></table>", [("规章", "1"), ("合计", "2")], ["左"]),
        ("<html><table><tr><td rowspan=2>a<td>1<tr><td>2</table>", [("a", "1"), (None, "2")], []),
        ("<html><table><tr><td colspan=2>a<td><tr><td>1<td>2<td>3</table>", [("a", None, ""), ("1", "2", "3")], []),
        ("<html><script>var a='<table>'</script><style>p{}</style><p>文", [], ["文"]),
        ("<html><div style='display:none'><p>不见</p></div><p>看见", [], ["看见"]),
        ("<html><p>甲<br>乙&nbsp;&#20057;</p>", [], ["甲", "乙 乙"]),
        ("<html><![if !supportLists]>一、<![endif]>总体情况", [], ["一、总体情况"]),
        ("<html><!--[if gte mso 9]><p>不见</p><![endif]--><p>看见", [], ["看见"]),
        ("<html><table><tr><td>1<td>2", [("1", "2")], []),
        ("<html><p>文<a href='没有结束", [], ["文"]),
    ],
)
def test_a_page_is_read_as_a_browser_shows_it(page: str, rows: Rows, lines: Sequence[str]):
    assert read(page.encode())[:2] == (rows, lines)


# -- RTF ------------------------------------------------------------------------------------------------------------


def rtf(body: str) -> bytes:
    return ("{\\rtf1\\ansi\\ansicpg936\\uc1 " + body + "}").encode("latin-1")


@pytest.mark.parametrize(
    "body, text",
    [
        ("\\u31456?", "章"),
        ("\\'b9\\'e6", "规"),
        ("\\uc2 \\u31456 ab12", "章12"),
        ("12{\\deleted 34}", "12"),
        ("12{\\v 34}56", "1256"),
        ("{\\*\\bkmkstart a}12", "12"),
        ("{\\header 9}12", "12"),
        ("a\\~b\\_c", "a b-c"),
    ],
)
def test_rtf_shows_characters_and_hides_what_is_deleted(body: str, text: str):
    assert read(rtf(f"{body}\\par"))[1] == [text]


def test_cells_of_rtf_stand_in_the_columns_of_their_edges():
    narrow = "\\trowd\\cellx1000\\cellx2000\\cellx3000 \\intbl a\\cell 1\\cell 2\\cell\\row"
    wide = "\\trowd\\cellx1000\\cellx3000 \\intbl b\\cell 3\\cell\\row"
    covered = "\\trowd\\clvmrg\\cellx1000\\cellx2010\\cellx3000 \\intbl\\cell\\cell 4\\cell\\row"
    rows, _, _ = read(rtf(narrow + wide + covered + "\\pard end\\par"))
    assert rows == [("a", "1", "2"), ("b", "3", None), (None, "", "4")]


# -- pages ----------------------------------------------------------------------------------------------------------


def page(texts: Sequence[tuple[float, float, str]], xs: Sequence[float], ys: Sequence[float]) -> Page:
    """Return a page with a grid of full lines and texts of half-width glyphs of 10 points at (x, y)."""
    found = Page(800)
    for y in ys:
        found.add_line((xs[0], y), (xs[-1], y))
    for x in xs:
        found.add_line((x, ys[0]), (x, ys[-1]))
    for x, y, text in texts:
        for n, character in enumerate(text):
            left = x + 5 * n
            found.glyphs.append(PageGlyph(left + 2.5, y, character, left, left + 5, 10))
    return found


def table_of(found: Page) -> Sequence[Sequence[str | None]]:
    (table,) = [item for item in found.items() if isinstance(item, PageTable)]
    return table.rows


def test_lines_and_glyphs_make_a_table():
    found = page([(105, 690, "12"), (205, 690, "34"), (205, 670, "5")], [100, 200, 300], [700, 680, 660])
    assert table_of(found) == [["12", "34"], ["", "5"]]


def test_glyphs_printed_twice_count_once_and_numbers_apart_stay_apart():
    found = page(
        [(105, 690, "12"), (105.5, 690.3, "12"), (205, 690, "3"), (220, 690, "4")], [100, 200, 300], [700, 680]
    )
    assert table_of(found) == [["12", "3 4"]]


@pytest.mark.parametrize("width, text", [(22, "123456"), (80, "123\n456")])
def test_a_number_goes_on_in_the_next_line_only_where_it_had_no_room(width: float, text: str):
    found = page([(103, 690, "123"), (103, 678, "456")], [100, 100 + width, 300], [700, 670])
    assert table_of(found)[0][0] == text


@pytest.mark.parametrize("xs, ys", [([100, 300], [700, 660]), ([100, 300], [700, 680, 660])])
def test_a_box_is_no_table(xs: Sequence[float], ys: Sequence[float]):
    found = page([(105, 690, "12")], xs, ys)
    assert not any(isinstance(item, PageTable) for item in found.items())


def pdf(content: bytes, forms: bytes = b"") -> bytes:
    packed_content = zlib.compress(content)
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    body = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>endobj\n"
    stream = b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(packed_content) + packed_content
    return head + body + stream + b"\nendstream endobj\n" + forms + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"


def test_a_pdf_whose_content_would_fill_the_memory_is_refused_before_it_is_opened():
    assert "内容过多" in refusal(pdf(b"0 0 m 1 1 l S " * 8_000_000))


# -- loading --------------------------------------------------------------------------------------------------------


def test_a_reader_is_loaded_only_for_its_kind_of_file():
    lines = (
        "import sys\nfrom model.form.loader import load_all\nfrom pathlib import Path\n"
        "from model.importing.read import read_file\n"
        "read_file(Path('tests/support/reports/suqian-2024.json'), load_all([Path('resources/formats')]))\n"
        "print(*(name for name in sys.modules if 'importing.readers' in name or name in ('pypdfium2', 'zipfile')))"
    )
    done = run([sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"model.importing.readers", "model.importing.containers.source"}


# -- work that one file may cause -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        xlsx(("visible", SHEET.replace("</mergeCells>", '<mergeCell ref="A1:XFD1048576"/>' * 3000 + "</mergeCells>"))),
        ("<html><table>" + "<td rowspan=200 colspan=64>1" * 20_000).encode(),
        ("<html>" + "<table><tr><td>" * 20_000).encode(),
        rtf("{" * 100_000),
        docx(f"<w:p>{run_of('一、总体情况')}</w:p>" * 30_000),
        docx(f"<w:tbl>{f'<w:tr>{cell(chr(0x89C4)) * 60}</w:tr>' * 2_900}</w:tbl>"),
    ],
    ids=["merged ranges", "spans", "nested tables", "groups", "headings", "cells"],
)
def test_no_file_takes_long(data: bytes):
    """Find what takes minutes, as merged ranges did; some seconds of the processor are enough, also on a busy core."""
    before = process_time()
    outcome(data)
    assert process_time() - before < 20
