"""Tests of reading old reports and of the notes on unread parts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from model.base.trouble import Trouble
from model.editing.session import Editing
from model.form.cell import at
from model.form.format import Severity
from model.importing.read import read_report
from tests.support.importing_cases import FORMATS, REPORTS, SAMPLE, changed, codes, filled, note, printed, read_text

ZEROS = "\t".join("0" * 16)

# -- the sample of 2020 -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample():
    return read_report(REPORTS / "jiyuan-emergency-2020.txt", FORMATS)


def test_the_sample_is_a_report_of_2020_by_a_bureau(sample):
    report = sample.report
    assert (report.agency, report.year, report.format, report.unit_kind) == ("应急管理局", 2020, "2019", "department")
    assert sample.agencies == ("济源示范区应急管理局", "济源应急管理局")
    assert sample.source == "jiyuan-emergency-2020.txt"


def test_every_number_of_the_sample_is_read(sample):
    report = sample.report
    form = FORMATS.named("2019")
    given = "0 0 0  0 0 0  13 55 127  5 20 36  52 -17 65  0 0 0  2 0  7 104.1572"
    cells = [report.cells[address] for address in form.inputs if address.table == "proactive"]
    assert [str(cell.number) for cell in cells] == given.split()
    assert isinstance(report.cells[at("proactive/procurement/amount")].number, Decimal)
    rest = [address for address in form.inputs if address.table != "proactive"]
    assert [report.cells[address].number for address in rest] == [0] * len(rest)
    assert dict(report.stated) == dict.fromkeys(form.totals, 0)


def test_the_16_zeros_of_the_sample_are_named_and_nothing_else_is(sample):
    assert codes(sample) == ["row-length"]
    found = sample.report.notes[0]
    assert (found.severity, found.section) == (Severity.EXPLAIN, "disputes")
    assert "有 16 个数，而表中是 15 列" in found.message
    assert "已按 15 个 0 读入" in found.message


def test_the_narrative_of_the_sample_keeps_every_character(sample):
    report = sample.report
    assert set(report.texts) == {"overview", "problems", "other_matters"}
    paragraphs = report.text("overview").split("\n")
    assert [paragraph[:8] for paragraph in paragraphs] == [
        "刚刚过去的202",
        "（一）主动公开政",
        "（二）依申请公开",
        "（三）政府信息管",
        "（四）政府信息公",
        "（五）监督保障情",
    ]
    original = next(line for line in SAMPLE.split("\n") if line.startswith("刚刚过去"))
    assert "".join(paragraphs) == original.replace(" ", "")
    assert report.text("other_matters") == "无其他需要报告的事项。"
    assert report.text("problems").startswith("2020年，我局虽然")


def test_the_sample_opens_with_no_finding_but_its_note(sample):
    desk = Editing(sample.report, FORMATS.named("2019"))
    assert [finding.code for finding in desk.findings if finding.severity is Severity.ERROR] == []
    assert "row-length" in [finding.code for finding in desk.findings]


# -- plain tables as JSON -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, agency, year, received",
    [
        ("suqian-2023", "宿迁市", 2023, 3511),
        ("suqian-2024", "宿迁市", 2024, 3525),
        ("shuyang-2025", "沭阳县", 2025, 713),
    ],
)
def test_a_published_report_as_json_is_read_whole(name, agency, year, received):
    report = read_report(REPORTS / f"{name}.json", FORMATS).report
    form = FORMATS.named("2021")
    assert (report.agency, report.year, report.format, report.unit_kind) == (agency, year, "2021", "government")
    assert set(report.cells) == set(form.inputs)
    assert set(report.stated) == set(form.totals)
    assert report.stated[at("requests/new_received/total")] == received
    assert isinstance(report.cells[at("proactive/fees/amount")].number, Decimal)
    assert set(report.texts) == {"overview", "other_matters"}
    assert report.notes == ()


@pytest.mark.parametrize(
    "old, new, found",
    [
        ('"granted": [', '"given": [', ["row-unknown", "row-missing"]),
        ('"table4": {', '"table5": {', ["table-missing"]),
        ('"upheld": 88', '"won": 88', ["column-unknown"]),
        ('"year": 2024', '"year": 2020', ["format-year"]),
        ("[3440, 75, 0, 1, 6, 3, 3525]", "[3440, 75, 0, 1, 6, 3525]", ["row-length"]),
        ("[3440, 75, 0, 1, 6, 3, 3525]", "[3440, null, 0, 1, 6.5, 3, 3525]", []),
    ],
)
def test_what_a_json_report_has_too_much_or_too_little_is_named(old, new, found):
    text = (REPORTS / "suqian-2024.json").read_text(encoding="utf-8")
    assert codes(read_text(text.replace(old, new))) == found


# -- labels -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new",
    [
        ("规范性文件\t0", "行政规范性文件\t0"),  # a variant of the label
        ("1.属于国家秘密", "1、属于 国家秘密"),
        ("1.属于国家秘密", "属于国家秘密"),
        ("一、\t本年新收", "一、本年新收"),
        ("三、本 年度办 理结果\t(一) 予以公开", "(一) 予以公开"),
        ("三、本 年度办 理结果\t(一) 予以公开", "三、本 年度办 \n理结果\t(一) 予以公开"),  # a label over two lines
        ("2.其他法律行政法规禁止公开", "2.其他法律行政\n\t\t法规禁止公开"),
        ("3.危及“三安全一稳定”", '3.危及"三安全一稳定"'),
        ("\t\t2.其他法律行政法规禁止公开\t0", "2.其他法律行政法规禁止公开\t0"),
        (f"{ZEROS}\n", f"{ZEROS[2:]}\t\t\n"),
        ("规章\t0\t0\t0", "| 规章 | 0 | ０ | 0 |"),
        ("规章\t0\t0\t0", "规章 0 0 0"),
        ("## 二、主动公开政府信息情况", "二、行政机关主动公开政府信息情况"),
        ("## 二、主动公开政府信息情况", "　二．主动公开 政府信息情况："),
        ("## 二、主动公开政府信息情况", "主动公开政府信息情况"),
        ("\n", "\r\n"),
        ("\n", "\r"),
        ("\n\n", "\n"),
        (ZEROS, ZEROS[2:17] + "\n" + ZEROS[16:]),  # the only line of table 四 split in two
        (ZEROS, f"件数\t{ZEROS[2:]}"),
        ("\t\t8.属于", "— 2 —\n\t\t8.属于"),
        ("#### ", ""),
    ],
)
def test_a_report_reads_the_same_however_its_labels_are_written(sample, old, new):
    again = read_text(changed(old, new, 1 if old.strip("\n# ") else -1)).report
    assert again.cells == sample.report.cells
    assert again.stated == sample.report.stated
    assert again.texts == sample.report.texts


@pytest.mark.parametrize(
    "old, new, code, severity, words",
    [
        (f"8.属于行政查询事项\t{ZEROS[:13]}\n", "", "row-missing", "explain", "（三）不予公开 8.属于行政查询事项"),
        ("8.属于行政查询事项", "8.属于商业秘密", "row-unknown", "explain", "8.属于商业秘密 0 0 0"),
        ("8.属于行政查询事项", "8.属于行政查询事", "row-similar", "explain", "8.属于行政查询事项"),
        ("行政处罚\t52\t-17\t65", "行政处罚\t52\t-17", "row-length", "error", "行政处罚 52 -17"),
        ("行政处罚\t52\t-17\t65", "行政处罚\t52\t-17\t65\t9", "row-length", "error", "有 4 个数，而表中是 3 列"),
        ("规章\t0\t0\t0\n", "规章\t0\t0\t0\n规章\t1\t1\t1\n", "row-twice", "explain", "规章 1 1 1"),
        ("本年新制作数量\t本年新公开数量", "本年新公开数量\t本年新制作数量", "column-heads", "error", "“规章”"),
        ("本年新制作数量\t本年新公开数量\t", "本年制发件数\t本年废止件数\t", "column-heads", "error", "废止"),
        ("采购总金额", "采购总金额（元）", "column-heads", "error", "采购总金额（元）"),
        ("信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量\n", "", "column-heads", "explain", "没有列名"),
        ("\t总计\t\n", "\t合计\t\n", "column-heads", "explain", "合计"),
        ("处理决定数量", "本年处理决定数量", "column-heads", "explain", "本年处理决定数量"),
        ("## 二、主动公开政府信息情况\n", "", "section-missing", "explain", "二、主动公开政府信息情况"),
        ("规章\t0", "注：以下各数由法规科提供。\n规章\t0", "table-text", "hint", "法规科"),
        ("# 应急管理局 2020 年", "# 应急管理局 2023 年", "format-year", "explain", "国办公开办函〔2019〕60号"),
        ("(七) 总计\t0\t0", "(七) 总计\t0\t零", "total-unread", "explain", "零"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_and_never_guessed(old, new, code, severity, words):
    found = note(read_text(changed(old, new).replace(ZEROS, ZEROS[2:])), code)
    assert found.severity.value == severity
    assert words in found.message


def test_a_row_that_is_refused_stays_blank():
    report = read_text(changed("行政处罚\t52\t-17\t65", "行政处罚\t52\t-17")).report
    assert not [address for address in report.cells if address.row == "penalty"]
    assert report.cells[at("proactive/coercion/decisions")].number == 0


def test_16_numbers_for_15_columns_that_are_not_all_zero_are_refused():
    found = read_text(changed(ZEROS, ZEROS.replace("0", "3", 1)))
    refused = note(found, "row-length")
    assert refused.severity is Severity.ERROR
    assert "3 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0" in refused.message
    assert not [address for address in found.report.cells if address.table == "disputes"]


def test_a_cell_that_is_no_number_is_kept_as_typed():
    report = read_text(changed("行政处罚\t52\t-17\t65", "行政处罚\t五十\t-17\t/")).report
    cells = [report.cells[at(f"proactive/penalty/{c}")] for c in ("items_last_year", "items_change", "decisions")]
    assert [(cell.number, cell.typed) for cell in cells] == [(None, "五十"), (-17, ""), (None, "/")]


@pytest.mark.parametrize(
    "values, read",
    [
        (["", "", "1", "2", "3", "4", "5", "6", "7"], "1 2 3 4 5 6 7"),  # a label merged over three cells
        (["1", "2", "3", "4", "5", "6", "7", "", ""], "1 2 3 4 5 6 7"),  # the same, moved to the left
        (["1", "", "3", "4", "5", "6", "7", "", ""], "1 . 3 4 5 6 7"),
        (["1", "2", "3", "4", "5", "6", "", "", ""], "1 2 3 4 5 6 ."),
        (["", "", "", "2", "3", "4", "5", "6", "7"], ". 2 3 4 5 6 7"),
        (["", "", "1", "2", "3", "4", "5", "6", ""], ""),  # which side is blank?
        (["", "2", "3", "4", "5", "6", "7"], ""),  # a blank cell, or a merged label and a number lost?
    ],
)
def test_empty_cells_are_blank_cells_where_that_is_certain_and_nowhere_else(values, read):
    row = next(line for line in SAMPLE.split("\n") if line.startswith("四、结转"))
    report = read_text(SAMPLE.replace(row, "\t".join(["四、结转下年度继续办理", *values]))).report
    columns = [at(f"requests/carried_forward/{c.id}") for c in FORMATS.named("2019").table("requests").bands[0].columns]
    found = [report.cells[a].shown() if a in report.cells else str(report.stated.get(a, ".")) for a in columns]
    assert " ".join(found) == (read or ". . . . . . .")


def test_a_row_out_of_order_is_found_by_its_label():
    penalty = "行政处罚\t52\t-17\t65\n"
    text = changed(penalty, "").replace("行政许可\t13", f"{penalty}行政许可\t13")
    found = read_text(text)
    assert found.report.cells[at("proactive/penalty/items_change")].number == -17
    assert "row-order" in codes(found)


@pytest.mark.parametrize("heading", ["## 二、主动", "### 三、收到", "#### 四、政府"])
def test_a_table_whose_heading_is_lost_is_known_by_its_labels(sample, heading):
    whole = next(line for line in SAMPLE.split("\n") if line.startswith(heading))
    found = read_text(changed(f"{whole}\n", ""))
    assert found.report.cells == sample.report.cells
    assert found.report.texts == sample.report.texts
    assert sorted(codes(found)) == ["row-length", "section-missing"]


# -- the cover ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title, agency, year",
    [
        ("某市应急管理局2020年政府信息公开工作年度报告", "某市应急管理局", 2020),
        ("# 某市应急管理局　２０２０年\n# 政府信息公开工作年度报告", "某市应急管理局", 2020),
        ("某市应急管理局\n\n二〇二〇年度政府信息公开工作报告", "某市应急管理局", 2020),
        ("2020年某市应急管理局政府信息公开年度报告", "某市应急管理局", 2020),
        ("《某市应急管理局2020年政务公开工作年度报告》", "某市应急管理局", 2020),
        ("", "", 2020),  # from 统计期限
    ],
)
def test_agency_and_year_come_from_the_title(title, agency, year):
    body = SAMPLE.split("# 应急管理局 2020 年政府信息公开工作年度报告")[-1]
    period = "本报告中所列数据的统计期限为2020年1月1日至2020年12月31日。2019年、2019年、2019年、2019年。"
    report = read_text(f"{title}\n\n{period}{body}").report
    assert (report.agency, report.year) == (agency, year)
    assert report.text("preface") == period


def test_a_file_name_may_give_the_year():
    form = FORMATS.named("2021")
    text = printed(filled(form), form).partition("\n")[2]
    assert read_text(text, "2023年报表.txt").report.year == 2023
    with pytest.raises(Trouble, match="没有找到报告的年度"):
        read_text(text, "报表.txt")


@pytest.mark.parametrize(
    "sentence, names",
    [
        ("请向本溪市应急管理局咨询。", ("本溪市应急管理局",)),
        ("由经开区应急管理局编制，经开区应急管理局负责，可至甲县应急管理局。", ("经开区应急管理局", "甲县应急管理局")),
        ("我区应急管理局、全市应急管理局、市应急管理局、应急管理局。", ()),
        ("市财政局和高新区应急管理局。", ("高新区应急管理局",)),
    ],
)
def test_fuller_names_of_the_agency_are_proposed(sentence, names):
    text = SAMPLE.replace("济源应急管理局", "本机关").replace("济源示范区应急管理局", "本机关")
    assert read_text(text.replace("无其他需要报告的事项。", sentence)).agencies == names


def test_a_table_of_contents_and_a_torn_first_copy_do_not_matter(sample):
    contents = "\n".join(line.strip("# ") for line in SAMPLE.split("\n") if "、" in line[:8] and line.startswith("#"))
    assert read_text(f"目录\n{contents}\n{SAMPLE}").report.cells == sample.report.cells


# -- formats ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name, year", [("2019", 2023), ("2021", 2020), ("2027", 2020)])
def test_the_labels_tell_the_format_even_against_the_year(name, year):
    form = FORMATS.named(name)
    text = printed(filled(form), form).replace(str(form.first_year), str(year), 1)
    found = read_text(text)
    assert (found.report.format, found.report.year) == (name, year)
    assert codes(found) == ["format-year"]


def test_a_report_whose_tables_are_pictures_keeps_its_texts(sample):
    text = "\n".join(line for line in SAMPLE.split("\n") if "\t" not in line)
    found = read_text(text)
    assert (found.report.format, dict(found.report.cells)) == ("2019", {})
    assert found.report.texts == sample.report.texts
    assert codes(found) == ["table-missing"] * 3


def test_rows_of_one_name_are_told_apart_by_their_group():
    form = FORMATS.named("2021")
    report = filled(form)
    text = printed(report, form)
    assert read_text(text.replace("3.其他\t", "其他\t")).report.cells == report.cells
