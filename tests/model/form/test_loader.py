"""Tests that the format files match the official forms, and that one with a mistake is refused with a helpful message.

The expected values are typed here from the printed forms, not copied from the files.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from model.base.trouble import Trouble
from model.form import loader
from model.form.cell import CellKind
from model.form.format import Every, Format, Severity, Table
from tests.support.helpers import FORM_2019, FORM_2021, FORMATS, ROOT, THIRD

BROKEN = sorted((ROOT / "tests" / "support" / "formats" / "broken").glob("*.toml"))
THIRD_TEXT = (ROOT / "tests" / "support" / "formats" / "third.toml").read_text(encoding="utf-8")

BOTH = pytest.mark.parametrize("form", [FORM_2019, FORM_2021], ids=lambda form: form.id)


# -- the form of the State ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year, form", [(2019, "2019"), (2020, "2019"), (2021, "2021"), (2023, "2021"), (2025, "2021")])
def test_the_report_year_decides_the_format(year, form):
    assert FORMATS.for_year(year).id == form


def test_a_year_before_all_formats_is_refused():
    known = "“2019”（2019—2020年）、“2021”（2021—今年）"
    with pytest.raises(Trouble, match=f"2018 年没有对应的年度报告格式，请检查年度（已有格式：{known}）"):
        FORMATS.for_year(2018)


def test_a_format_that_is_not_installed_is_named():
    with pytest.raises(Trouble, match="本机没有格式“1998”"):
        FORMATS.named("1998")


@BOTH
def test_six_sections_have_the_titles_of_the_form(form: Format):
    assert [(section.id, section.title) for section in form.sections] == [
        ("overview", "一、总体情况"),
        ("proactive", "二、主动公开政府信息情况"),
        ("requests", "三、收到和处理政府信息公开申请情况"),
        ("disputes", "四、政府信息公开行政复议、行政诉讼情况"),
        ("problems", "五、存在的主要问题及改进情况"),
        ("other_matters", "六、其他需要报告的事项"),
    ]


@BOTH
def test_the_title_is_agency_year_and_name(form: Format):
    assert form.title.format(agency="宿迁市", year=2023) == "宿迁市2023年政府信息公开工作年度报告"
    assert form.period.format(year=2023) == "2023年1月1日至2023年12月31日"


@BOTH
def test_the_first_section_covers_five_aspects(form: Format):
    aspects = [aspect.label for aspect in form.section("overview").aspects]
    assert aspects == ["主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障"]


def written(table: Table) -> list[tuple[str, list[str], list[str]]]:
    assert {band.head for band in table.bands} == {"信息内容"}
    return [(band.label, [c.label for c in band.columns], [r.label for r in band.rows]) for band in table.bands]


def test_table_two_of_2021_has_four_bands_and_ten_numbers():
    table = FORM_2021.table("proactive")
    assert written(table) == [
        ("第二十条第（一）项", ["本年制发件数", "本年废止件数", "现行有效件数"], ["规章", "行政规范性文件"]),
        ("第二十条第（五）项", ["本年处理决定数量"], ["行政许可"]),
        ("第二十条第（六）项", ["本年处理决定数量"], ["行政处罚", "行政强制"]),
        ("第二十条第（八）项", ["本年收费金额（单位：万元）"], ["行政事业性收费"]),
    ]
    assert len(list(table.addresses())) == 10


def test_table_two_of_2019_has_five_bands_and_22_numbers():
    table, decided = FORM_2019.table("proactive"), ["上一年项目数量", "本年增/减", "处理决定数量"]
    assert written(table) == [
        ("第二十条第（一）项", ["本年新制作数量", "本年新公开数量", "对外公开总数量"], ["规章", "规范性文件"]),
        ("第二十条第（五）项", decided, ["行政许可", "其他对外管理服务事项"]),
        ("第二十条第（六）项", decided, ["行政处罚", "行政强制"]),
        ("第二十条第（八）项", ["上一年项目数量", "本年增/减"], ["行政事业性收费"]),
        ("第二十条第（九）项", ["采购项目数量", "采购总金额"], ["政府集中采购"]),
    ]
    assert len(list(table.addresses())) == 22


def test_only_increase_or_decrease_is_signed_and_only_money_has_decimals():
    kinds = {form.id: {(form.column(a).label, form.column(a).kind) for a in form.addresses} for form in FORMATS}
    assert {label for label, kind in kinds["2019"] if kind is CellKind.CHANGE} == {"本年增/减"}
    assert {label for label, kind in kinds["2019"] if kind is CellKind.AMOUNT} == {"采购总金额"}
    assert {label for label, kind in kinds["2021"] if kind is not CellKind.COUNT} == {"本年收费金额（单位：万元）"}


# Rows of table 三 after 二、: group, label, legal basis (of the 条例 unless named otherwise; may be the form alone).
RESULTS = """
·（一）予以公开·第三十六条第一、二项
·（二）部分公开（区分处理的，只计这一情形，不计其他情形）·第三十七条
（三）不予公开·1.属于国家秘密·第十四条
（三）不予公开·2.其他法律行政法规禁止公开·第十四条
（三）不予公开·3.危及“三安全一稳定”·第十四条（国家安全、公共安全、经济安全、社会稳定）
（三）不予公开·4.保护第三方合法权益·第十五条、第三十二条
（三）不予公开·5.属于三类内部事务信息·第十六条第一款（人事管理、后勤管理、内部工作流程）
（三）不予公开·6.属于四类过程性信息·第十六条第二款（讨论记录、过程稿、磋商信函、请示报告）
（三）不予公开·7.属于行政执法案卷·第十六条第二款
（三）不予公开·8.属于行政查询事项·第三十六条第七项
（四）无法提供·1.本机关不掌握相关政府信息·第三十六条第四、五项
（四）无法提供·2.没有现成信息需要另行制作·第三十八条
（四）无法提供·3.补正后申请内容仍不明确·第二十九条、第三十条
（五）不予处理·1.信访举报投诉类申请·第三十九条第一款
（五）不予处理·2.重复申请·第三十六条第六项
（五）不予处理·3.要求提供公开出版物·第三十九条第二款
（五）不予处理·4.无正当理由大量反复申请·第三十五条
（五）不予处理·5.要求行政机关确认或重新出具已获取信息·{form}所列情形（《条例》没有单列条文）
"""
OTHER_2019 = "·（六）其他处理·{form}所列情形"
OTHER_2021 = """
（六）其他处理·1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请·第三十条
（六）其他处理·2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请·第四十二条；《信息处理费管理办法》
（六）其他处理·3.其他·{form}所列情形
"""


@pytest.mark.parametrize("form, other, count", [(FORM_2019, OTHER_2019, 23), (FORM_2021, OTHER_2021, 25)])
def test_the_rows_of_table_three_have_their_labels_groups_and_legal_basis(form: Format, other: str, count: int):
    table = form.table("requests")
    groups = {"results": "", **{group.id: group.label for group in table.row_groups if group.within}}
    inner = [f"{groups[row.within]}·{row.label}·{row.ref}" for row in table.rows if row.within]
    expected = [line.format(form="《年度报告格式》") for line in (RESULTS + other).splitlines() if line]
    expected.append("·（七）总计·第五十条第二项")
    assert [line.replace("·《条例》第", "·第") for line in inner] == expected
    assert {group.within for group in table.row_groups if group.id != "results"} == {"results"}
    assert table.row_group("results").label == "三、本年度办理结果"
    outer = [row.label for row in table.rows if not row.within]
    assert outer == ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "四、结转下年度继续办理"]
    assert len(table.rows) == count


@BOTH
def test_the_columns_of_table_three_stand_under_their_headings(form: Format):
    table = form.table("requests")
    columns = [column.label for column in table.bands[0].columns]
    assert columns == ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    assert [group.label for group in table.column_groups] == ["申请人情况", "法人或其他组织"]
    assert table.corner == "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


@BOTH
def test_table_four_has_fifteen_numbers_in_three_groups_of_five(form: Format):
    table = form.table("disputes")
    assert [row.label for row in table.rows] == ["行政复议", "未经复议直接起诉", "复议后起诉"]
    assert [c.label for c in table.bands[0].columns] == ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    assert [group.label for group in table.row_groups] == ["行政诉讼"]
    assert len(list(table.addresses())) == 15


@BOTH
def test_exactly_the_totals_of_three_and_four_are_computed(form: Format):
    labels = {form.table(a.table).row(a.row).label for a in form.totals if a.column != "total"}
    assert labels == {"（七）总计"}
    assert {form.column(address).label for address in form.totals if address.row != "results_total"} == {"总计"}


# -- files with mistakes --------------------------------------------------------------------------------------------


def test_there_are_many_broken_files():
    assert len(BROKEN) >= 20


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_the_sentence_on_its_first_line(path: Path):
    expected = path.read_bytes().splitlines()[0].decode().removeprefix("# 应提示：")
    with pytest.raises(Trouble) as caught:
        loader.load(path)
    assert str(caught.value) == expected


def third(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    text = THIRD_TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "changes, expected",
    [
        ([], "有两个格式文件的 id 都是“2027”，请删去一个"),
        ([('"2027"', '"2028"')],
         "格式“2027”（2027—今年）与“2028”（2027—今年）的适用年度重叠，请修改 first_year 和 last_year"),
        ([('"2027"', '"2030"'), ("= 2027", "= 2030"), ('from = "carried_forward"', 'from = "left"')],
         "格式“2030”表“requests”的 carry：上年的表里没有“left”这一行"),
    ],
)  # fmt: skip
def test_two_files_must_fit_together(changes: list[tuple[str, str]], expected: str, tmp_path: Path):
    third(tmp_path, "a.toml")
    third(tmp_path, "b.toml", *changes)
    with pytest.raises(Trouble) as caught:
        loader.load_all([tmp_path])
    assert str(caught.value) == expected


def test_years_given_twice_overlap(tmp_path: Path):
    third(tmp_path, "a.toml", ("first_year = 2027", "first_year = 2027\nlast_year = 2031"))
    third(tmp_path, "b.toml", ('"2027"', '"2030"'), ("first_year = 2027", "first_year = 2030"))
    with pytest.raises(Trouble, match=r"格式“2027”（2027—2031年）与“2030”（2030—今年）的适用年度重叠"):
        loader.load_all([tmp_path])


Making = Callable[[Path], object]


@pytest.mark.parametrize(
    "make, expected",
    [
        (lambda path: path.write_bytes(b"# " + b"x" * 1_000_000), "格式文件 a.toml：文件超过 250 KB，不像是格式文件"),
        (lambda path: path.write_bytes(b""), "格式文件 a.toml：first_year：缺少这一项"),
        (lambda path: path.mkdir(), "格式文件 a.toml 无法读入（"),
        (lambda path: None, "没有找到年度报告格式文件，安装不完整，请重新安装本软件"),
    ],
    ids=["too large", "empty", "no file", "nothing"],
)
def test_what_is_no_format_file_is_refused(make: Making, expected: str, tmp_path: Path):
    make(tmp_path / "a.toml")
    with pytest.raises(Trouble) as caught:
        loader.load_all([tmp_path, tmp_path / "not-there"])
    assert str(caught.value).startswith(expected)


# -- files that a user adds ---------------------------------------------------------------------------------------

SHIPPED = ROOT / "resources" / "formats"
ORIGIN = ("first_year = 2027", 'first_year = 2027\nsource = "省政府办公厅"\nissued = "2027-11-30"')


def test_an_added_format_is_used_and_says_where_it_comes_from(tmp_path: Path):
    third(tmp_path, "2027.toml", ORIGIN)
    installed = loader.load_installed(SHIPPED, tmp_path)
    assert [form.id for form in installed.formats] == ["2019", "2021", "2027"]
    assert [(form.id, form.source, form.issued) for form in installed.added] == [("2027", "省政府办公厅", "2027-11-30")]
    assert installed.refused == ()


@pytest.mark.parametrize(
    "changes, expected",
    [
        ([("first_year = 2027", "first_year =")], "第 5 行第 13 个字符处"),
        ([("first_year = 2027", "first_year = 2021"), ('"2027"', '"mine"')], "适用年度重叠"),
        ([('"2027"', '"2021"')], "有两个格式文件的 id 都是“2021”"),
        ([(ORIGIN[0], ORIGIN[1].replace("-11-30", "年"))], "issued：应是日期，写成 2027-01-31，现为“2027年”"),
    ],
)
def test_a_bad_file_is_named_and_stops_nothing(changes: list[tuple[str, str]], expected: str, tmp_path: Path):
    third(tmp_path, "a.toml", *changes)
    third(tmp_path, "b.toml")
    installed = loader.load_installed(SHIPPED, tmp_path)
    assert [form.id for form in installed.formats] == ["2019", "2021", "2027"]
    (sentence,) = installed.refused
    assert f"没有使用自行添加的格式文件“{tmp_path / 'a.toml'}”：" in sentence
    assert expected in sentence


def test_no_folder_of_the_user_is_no_mistake_but_no_shipped_format_is(tmp_path: Path):
    installed = loader.load_installed(SHIPPED, tmp_path / "none")
    assert [form.id for form in installed.formats] == ["2019", "2021"]
    assert (installed.added, installed.refused) == ((), ())
    with pytest.raises(Trouble, match="没有找到年度报告格式文件"):
        loader.load_installed(tmp_path / "none", SHIPPED)


# -- a form that no one has issued ----------------------------------------------------------------------------------


def test_a_new_format_is_a_file_and_ends_the_one_before_it():
    known = loader.load_all([ROOT / "resources" / "formats", ROOT / "tests" / "support" / "formats"])
    assert [known.for_year(year).id for year in (2020, 2026, 2027, 2040)] == ["2019", "2021", "2027", "2027"]


def test_a_new_format_brings_its_own_rows_sums_and_relations():
    table = THIRD.table("requests")
    assert len(table.members("results")) + len(table.row_groups) - 1 == 7
    assert [(check.code, check.severity) for check in table.checks if check.every is Every.COLUMN] == [
        ("requests-balance", Severity.ERROR),
        ("requests-withdrawn", Severity.EXPLAIN),
    ]
