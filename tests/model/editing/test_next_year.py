"""Tests of creating next year's report, of consolidating reports, and of reading place and kind from a name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from model.base.trouble import Trouble
from model.editing.next_year import consolidate, next_year_report
from model.form import loader
from model.form.cell import Address, Entry, at
from model.form.format import UNIT_KINDS, Format
from model.report.report import Report
from model.report.totals import Engine
from model.report.unit_kind import unit_kind_of
from tests.support.helpers import FORM_2019, FORM_2021, FORMATS, ROOT, complete, editing, lines, published, report

COLUMNS = ["natural_person", "business", "research", "nonprofit", "legal_service", "other_org"]


def following(old: Report, form: Format) -> Report:
    return next_year_report(old, Engine(form).values(old), FORMATS.for_year(old.year + 1))


@pytest.mark.parametrize("form, year", [(FORM_2019, 2019), (FORM_2019, 2020), (FORM_2021, 2021), (FORM_2021, 2024)])
def test_what_was_carried_forward_is_carried_over_in_all_six_columns_and_nothing_else(form, year):
    old = report(
        form, lines(form, "requests", "carried_forward 1 2 0 4 5 6 18\nnew_received 9 9 9 9 9 9 54"), year=year
    )
    new = following(old, form)
    numbers = dict(zip(COLUMNS, [1, 2, 0, 4, 5, 6], strict=True))
    assert new.cells == {Address("requests", "carried_over", column): Entry(n) for column, n in numbers.items()}
    assert (new.year, new.format, new.stated) == (year + 1, FORMATS.for_year(year + 1).id, {})


def test_a_blank_carries_a_blank():
    old = report(FORM_2021, lines(FORM_2021, "requests", "carried_forward 1 . . . . . ."))
    assert list(following(old, FORM_2021).cells) == [at("requests/carried_over/natural_person")]


def test_documents_disclosed_in_2020_do_not_become_documents_in_force_in_2021():
    old = report(FORM_2019, lines(FORM_2019, "proactive", "rules 1 1 7"), year=2020)
    assert following(old, FORM_2019).cells == {}


def test_a_made_up_format_takes_over_what_both_know():
    known = loader.load_all([ROOT / "resources" / "formats", ROOT / "tests" / "support" / "formats"])
    old = report(FORM_2021, lines(FORM_2021, "requests", "carried_forward 3 . . . . . ."), year=2026)
    new = next_year_report(old, Engine(FORM_2021).values(old), known.for_year(2027))
    assert (new.format, new.cells) == ("2027", {at("requests/carried_over/natural_person"): Entry(3)})


def test_agency_kind_and_contact_stay_but_no_text_date_or_remark():
    facts = {"contact_phone": "0391-6633878", "signed_on": "2024-01-20"}
    old = report(FORM_2021, {}, unit_kind="town", facts=facts, texts={"overview": "全年……"})
    new = following(old, FORM_2021)
    assert (new.agency, new.unit_kind, new.facts) == (old.agency, "town", {"contact_phone": "0391-6633878"})
    assert new.texts == {}


def test_two_real_years_follow_each_other():
    new = following(published("suqian-2023"), FORM_2021)
    real = published("suqian-2024")
    assert new.cells == {a: entry for a, entry in real.cells.items() if a.row == "carried_over"}


# -- consolidating --------------------------------------------------------------------------------------------------


def test_every_cell_is_the_own_number_and_those_of_the_units():
    city, county = published("suqian-2024"), published("suqian-2024")
    total = consolidate(city, [county, county], FORM_2021)
    assert {a: entry.number for a, entry in total.cells.items()} == {a: 3 * e.number for a, e in city.cells.items()}  # type: ignore[operator]
    assert (total.agency, total.texts, total.stated) == (city.agency, city.texts, {})


def test_money_is_added_exactly_and_blanks_stay_blank():
    fees = at("proactive/fees/amount")
    units = [report(FORM_2021, {fees: Decimal(amount)}) for amount in ("0.1", "0.2", "59237.2449")]
    total = consolidate(report(FORM_2021, {}), units, FORM_2021)
    assert total.cells == {fees: Entry(Decimal("59237.5449"))}


def test_a_report_without_units_is_its_own_sum():
    own = complete(FORM_2021, proactive__penalty__decisions=3)
    assert consolidate(own, [], FORM_2021) == own


def test_what_a_unit_wrote_unreadably_is_shown_with_its_name():
    unit = editing(FORM_2021, agency="某某局")
    unit.enter(at("proactive/penalty/decisions"), "约三件")
    total = consolidate(complete(FORM_2021), [unit.report], FORM_2021)
    entry = total.entry(at("proactive/penalty/decisions"))
    assert (entry.typed, entry.problem) == ("约三件", "某某局所填“约三件”无法识别，请填阿拉伯数字")


@pytest.mark.parametrize("form, year", [(FORM_2021, 2022), (FORM_2019, 2021)])
def test_a_unit_of_another_year_or_format_is_refused(form, year):
    own = complete(FORM_2021)
    said = f"某某局的年度报告是 {year} 年、格式“{form.id}”，应与汇总的 2021 年、格式“2021”一致，请更换"
    with pytest.raises(Trouble, match=said):
        consolidate(own, [report(form, {}, agency="某某局", year=year)], FORM_2021)


# -- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "agency, kind",
    [
        ("宿迁市", "government"),
        ("沭阳县人民政府", "government"),
        ("北京市海淀区", "government"),
        ("鼓楼区", "government"),
        ("浦东新区", "government"),
        ("晋城市城区", "government"),
        ("神农架林区", "government"),
        ("某某区人民政府", "government"),
        ("沭阳县政府", "government"),
        ("内蒙古自治区", "government"),
        ("某某区", "office"),
        ("克孜勒苏柯尔克孜自治州", "government"),
        ("鄂温克族自治旗", "government"),
        ("应急管理局", "department"),
        ("宿迁市公安局", "department"),
        ("某某县人民政府办公室", "department"),
        ("某某经济开发区管理委员会", "office"),
        ("济源高新技术产业开发区", "office"),
        ("高新技术产业开发区管委会", "office"),
        ("临江市经开区", "office"),
        ("苏州工业园区", "office"),
        ("苏州工业园区东区", "office"),
        ("黄山风景区", "office"),
        ("横琴粤澳深度合作区", "office"),
        ("临江新区", "office"),
        ("两江新区", "office"),
        ("临江市生态文明示范区", "office"),
        ("临江市综合保税港区", "office"),
        ("临江新城", "office"),
        ("某某林区", "office"),
        ("大兴安岭地区", "office"),
        ("阿里地区行政公署", "office"),
        ("兴安盟", "office"),
        ("锡林郭勒盟行政公署", "office"),
        ("某某地区行署", "office"),
        ("某某区公所", "office"),
        ("某某镇", "town"),
        ("某某镇人民政府", "town"),
        ("某某民族乡人民政府", "town"),
        ("某某镇政府", "town"),
        ("某某苏木人民政府", "town"),
        ("某某街道", "town"),
        ("某某街道办事处", "town"),
        ("", "department"),
    ],
)
def test_the_end_of_a_name_tells_the_kind_of_unit(agency, kind):
    assert unit_kind_of(agency, FORMATS.districts) == kind
    assert kind in UNIT_KINDS


def test_a_hint_that_a_unit_does_not_want_stays_away_next_year_and_a_reason_does_not_go_on():
    facts = {"silenced/year-jump": "1", "waiver/0123": "{}", "final_at": "2024-01-20T09:00:00"}
    assert following(report(FORM_2021, {}, facts=facts), FORM_2021).facts == {"silenced/year-jump": "1"}
