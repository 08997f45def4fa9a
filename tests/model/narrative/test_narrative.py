"""Tests of reading amounts in Chinese text and comparing them with the tables."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.checks.finding import Finding, RuleInput
from model.checks.rules import find_all
from model.claims.claim_check import Verdict
from model.form.cell import Address, Entry
from model.form.format import Severity
from model.narrative.all_rules import text_rules
from model.prose.amount import amounts, in_words
from model.prose.sentence import fold
from model.report.report import Report
from model.report.totals import Engine
from tests.support.narratives import (
    FORMATS,
    RULES,
    about,
    cases,
    described,
    findings,
    last_year_of,
    named,
    read,
    state,
    underlined,
    with_cells,
)

WHOLE = {rule for rule in RULES.rules if rule.endswith(("-missing", "-unstated"))}
WHOLE |= {"aspect-government", "no-number"}  # required of a whole section, not of a sentence


def told(name: str, text: str, **cells: int) -> list[str]:
    """Return the codes found in a sentence about a report with these numbers; sentences may be incomplete."""
    report = replace(with_cells(named(name), **cells), texts={"overview": text})
    return [f.code for f in findings(report, last_year_of(name)) if f.code not in WHOLE]


def verdicts(name: str, text: str, **cells: int) -> list[tuple[int, str]]:
    report = replace(with_cells(named(name), **cells), texts={"overview": text})
    return [(int(r.claim.amount.value), r.verdict.label) for r in read(report, "overview")]


AGREES, DIFFERS = Verdict.AGREES.label, Verdict.DIFFERS.label


# -- amounts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, value, unit",
    [
        ("1,204件", 1204, "件"),
        ("１２０４ 件", 1204, "件"),
        ("两件", 2, "件"),
        ("十一件", 11, "件"),
        ("一百零五件", 105, "件"),
        ("3.65万件", 36500, "件"),
        ("59237.2449万元", 592372449, "万元"),
        ("300余条", 300, "条"),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: int, unit: str):
    assert [(a.value, a.unit) for a in amounts(fold(text).text)] == [(value, unit)]


@pytest.mark.parametrize("text", ["2024年", "12月31日", "〔2021〕30号", "0391-6633878", "第三方", "8301室", "一项一项"])
def test_what_counts_nothing_is_no_amount(text: str):
    assert amounts(text) == ()


@given(st.integers(min_value=1, max_value=9999))
def test_a_chinese_numeral_is_its_number(number: int):
    digits = "零一二三四五六七八九"
    words = "".join(digits[int(d)] + u for d, u in zip(f"{number:04}", ["千", "百", "十", ""], strict=True) if d != "0")
    assert in_words(words) == number


@given(st.text(alphabet="全年收到 １2，,件（）\n。", max_size=60))
def test_what_is_found_stands_where_it_was_typed(text: str):
    folded = fold(text)
    for amount in amounts(folded.text):
        span = folded.span("overview", amount.start, amount.end)
        assert fold(text[span.start : span.start + span.length]).text == folded.text[amount.start : amount.end]


# -- words against numbers: the cases -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, text, cells",
    [
        ("suqian-2023", "共收办政府信息公开申请3607件，其中自然人3493件，法人或其他组织114件。", {}),
        (
            "suqian-2023",
            "予以公开1191件，部分公开328件，不予公开142件，无法提供1078件，不予处理406件，其他处理341件，结转下年度继续办理121件。",
            {},
        ),
        ("shuyang-2025", "受理749件（自然人741，法人8）；办理718件；结转31件。", {}),
        (
            "zero-2024",
            "受理95件（自然人89、法人6）；答复98件（含上年结转8件），结转5件。",
            {"new_received": 95, "carried_over": 8, "granted": 98, "carried_forward": 5, "legal": 6},
        ),
        (
            "zero-2025",
            "受理116件，办结103件（含2024年结转1件），结转13件。",
            {"new_received": 115, "carried_over": 1, "granted": 103, "carried_forward": 13},
        ),
        (
            "zero-2024",
            "受理10件，办理上年度结转申请1件。答复11件。",
            {"new_received": 10, "carried_over": 1, "granted": 11},
        ),
        ("zero-2024", "收到申请两件。", {"new_received": 2, "granted": 2}),
        ("zero-2024", "收到申请十一件。", {"new_received": 11, "granted": 11}),
    ],
)
def test_every_number_that_agrees_is_known_to_agree(name: str, text: str, cells: dict[str, int]):
    report = with_cells(named(name), **{row: number for row, number in cells.items() if row != "legal"})
    if legal := cells.get("legal"):
        new = {a: e for a, e in report.cells.items() if a.row == "new_received"}
        person, business = list(new)[:2]
        moved = {person: Entry(cells["new_received"] - legal), business: Entry(legal)}
        report = replace(report, cells={**report.cells, **moved})
    report = replace(report, texts={"overview": text})
    found = read(report, "overview")
    assert len(found) == len(amounts(fold(text).text))
    assert {reading.verdict for reading in found} == {Verdict.AGREES}
    assert [f.code for f in findings(report) if f.code not in WHOLE] == []


@pytest.mark.parametrize(
    "name, text, cells, codes",
    [
        ("suqian-2024", "收办3646件，同比增长1.05%。", {}, ["growth"]),
        ("suqian-2024", "全市共收办政府信息公开申请3646件，同比增长1.05%。", {}, ["growth"]),
        ("suqian-2024", "全年备案行政复议案件134件，行政诉讼案件57件。", {}, ["figure", "figure"]),
        ("zero-2024", "受理19件，其中11件办结，8件申请人主动撤销。", {"new_received": 19, "granted": 19}, []),
        ("jiyuan-2020", "全年未收到政府信息公开申请，未发生政府信息公开的行政复议、行政诉讼案件。", {}, []),
        ("jiyuan-2020", "未收到政府信息公开申请。全年行政处罚65件。", {}, []),
        (
            "zero-2024",
            "收到申请34件，主要涉及征地。所有申请均已按要求办理完成。",
            {"new_received": 34, "granted": 33, "carried_forward": 1},
            ["all-words"],
        ),
        ("zero-2024", "所有复议均获维持。", {"review": 5, "pending": 2}, ["all-words"]),
        ("zero-2024", "主动公开260条，其中网站110条、微信72条、微博78条。", {}, []),
        ("zero-2024", "主动公开260条，其中网站110条、微信72条、微博79条。", {}, ["parts"]),
        ("small-2025", "2024年度报告。", {}, ["wrong-year"]),
        ("small-2025", "申请较2024年增长。2024年度结转2件。2026年将加强培训。收费20765.62元。", {}, []),
        ("zero-2024", "申请量比上年增加持平。", {}, ["left-over"]),
        ("jiyuan-2020", "截止2020年12月底，运行正常。", {}, ["until-word"]),
    ],
)
def test_the_cases_come_out_as_the_domain_says(name: str, text: str, cells: dict[str, int], codes: list[str]):
    report = with_cells(named(name), **{row: number for row, number in cells.items() if row != "pending"})
    if pending := cells.get("pending"):
        report = replace(report, cells={**report.cells, Address("disputes", "review", "pending"): Entry(pending)})
    report = replace(report, texts={"overview": text})
    found = [f for f in findings(report, last_year_of(name)) if f.code not in WHOLE]
    assert sorted(f.code for f in found) == codes
    assert Severity.ERROR not in {f.severity for f in found}


def test_a_fee_that_the_scale_cannot_give_is_asked_about():
    assert [f.code for f in about("shuyang-2025", "other_matters", "2025年收取信息处理费385元。")] == ["fee-scale"]


def test_a_part_of_a_count_is_no_answer():
    found = verdicts("zero-2024", "受理19件，其中11件办结，8件申请人主动撤销。", new_received=19, granted=19)
    assert found == [(19, AGREES), (11, Verdict.UNDECIDED.label), (8, Verdict.UNDECIDED.label)]


# -- words against numbers: messages --------------------------------------------------------------------------------


def test_a_finding_names_the_phrase_the_numbers_and_the_cells_and_mends_the_text():
    text = "２０２５年，我局共收到政府信息公开申请 43 件。"
    found = [f for f in about("small-2025", "overview", text) if f.code == "figure"]
    assert [underlined(f, text) for f in found] == ["收到政府信息公开申请 43 件"]
    assert "文中为 43件" in found[0].message
    assert "“一、本年新收政府信息公开申请数量”的“总计”为 34" in found[0].message
    assert Address("requests", "new_received", "total") in found[0].cells
    assert found[0].fix is not None
    edit = found[0].fix.texts[0]
    mended = text[: edit.span.start] + edit.replacement + text[edit.span.start + edit.span.length :]
    assert mended == "２０２５年，我局共收到政府信息公开申请 36 件。"  # the most likely of the possible meanings


def borne_out(text: str, *, upheld: int = 308) -> list[Finding]:
    """Return the messages on a sentence about 行政复议, where one cell was mistyped and all totals are as printed."""
    printed = state(named("suqian-2023"))
    totals = {a: n for a in FORMATS.for_year(2023).totals if (n := printed.values[a]) is not None}
    cells = {**printed.report.cells, Address("disputes", "review", "upheld"): Entry(upheld)}
    report = replace(printed.report, cells=cells, stated=totals, texts={"overview": text})
    return [finding for finding in findings(report) if finding.code == "figure"]


def test_where_a_printed_total_bears_the_text_out_the_cell_is_named_and_mended():
    (finding,) = borne_out("全年办理行政复议440件，其中维持309件。")
    assert finding.cells[0] == Address("disputes", "review", "upheld")
    assert "表中“行政复议”的“结果维持”为 308；表中改为 309，“行政复议”的“总计”即与各项之和相符" in finding.message
    assert finding.fix is not None
    assert finding.fix.cells == ((Address("disputes", "review", "upheld"), Entry(309)),)


@pytest.mark.parametrize("text, upheld", [("其中行政复议维持307件。", 308), ("其中行政复议维持308件。", 309)])
def test_where_no_printed_total_bears_the_text_out_the_text_is_mended(text: str, upheld: int):
    (finding,) = borne_out(text, upheld=upheld)
    assert "即与各项之和相符" not in finding.message
    assert finding.fix is not None
    assert finding.fix.texts


def test_a_cell_still_blank_leaves_it_open():
    report = replace(named("small-2025"), texts={"overview": "全年收到政府信息公开申请43件。"})
    blank = Address("requests", "new_received", "research")
    report = replace(report, cells={a: e for a, e in report.cells.items() if a != blank})
    assert [r.verdict for r in read(report, "overview")] == [Verdict.UNDECIDED]


@pytest.mark.parametrize(
    "name, section, text",
    [*cases("honest"), *cases("later", "honest"), *cases("fresh", "honest"), *cases("wholes", "honest")],
)
def test_an_honest_sentence_is_left_alone(name: str, section: str, text: str):
    assert [f.message for f in about(name, section, text) if f.code not in WHOLE] == []


@pytest.mark.parametrize(
    "name, section, text, code, mark",
    [*cases("faulty"), *cases("later", "faulty"), *cases("fresh", "faulty"), *cases("wholes", "faulty")],
)
def test_a_faulty_sentence_is_seen_where_it_is_faulty(name: str, section: str, text: str, code: str, mark: str):
    found = [f for f in about(name, section, text) if f.code.startswith(code)]
    assert found
    assert not mark or any(mark in underlined(f, text) or (underlined(f, text) in mark) for f in found)


# -- laws -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES.rules.values(), ids=lambda rule: rule.code)
def test_every_rule_fires_on_its_case_and_keeps_quiet_on_the_other(rule):
    base = named("small-2025")
    base = replace(base, unit_kind=rule.unit_kind or base.unit_kind)
    last = {a: (20 if a == Address("requests", "new_received", "total") else 0) for a in state(base).values}
    roles: dict[str, str] = {"preface": "preface"} | {**FORMATS.for_year(base.year).roles}
    fires = replace(base, agency=rule.agency or base.agency, texts={roles[rule.fires.section]: rule.fires.text})
    quiet = replace(base, texts={roles[rule.quiet.section]: rule.quiet.text})
    assert rule.code in [f.code for f in findings(fires, last)]
    assert rule.code not in [f.code for f in findings(quiet, last)]


@given(
    st.sampled_from(sorted(described())),
    st.lists(st.sampled_from([*cases("honest"), *cases("faulty")]), min_size=1, max_size=3),
    st.data(),
)
@settings(max_examples=40, deadline=None)
def test_running_the_rules_that_read_a_changed_place_gives_what_running_all_gives(name: str, texts, data):
    base = replace(named(name), texts={section: text for _, section, text, *_ in texts})
    form = FORMATS.for_year(base.year)
    rules = text_rules(form, RULES)
    address = data.draw(st.sampled_from(form.inputs))
    after = replace(base, cells={**base.cells, address: Entry(data.draw(st.integers(0, 50)))})
    old, new = state(base), state(after)
    touched = {a for a in form.addresses if old.values[a] != new.values[a]} | {address}
    found = find_all(rules, old)
    found |= {rule.code: rule.find(new) for rule in rules if not rule.reads.isdisjoint(touched)}
    assert found == find_all(rules, new)


@given(st.text(max_size=200), st.sampled_from(["preface", "overview", "problems", "other_matters"]))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_a_rule_and_every_span_lies_in_it(text: str, section: str):
    report = replace(named("small-2025"), texts={section: text})
    for finding in findings(report):
        assert all(s.start >= 0 and s.start + s.length <= len(text) for s in finding.spans)


def test_a_format_with_other_rows_needs_no_code():
    """Check that a new row is found in the text by its label alone."""
    form = FORMATS.for_year(2025)
    table = form.table("requests")
    band = table.bands[0]
    renamed = tuple(replace(row, label="（一）依法提供") if row.id == "granted" else row for row in band.rows)
    changed = replace(table, bands=(replace(band, rows=renamed),))
    new = replace(form, tables=tuple(changed if t.id == "requests" else t for t in form.tables))
    report: Report = replace(named("small-2025"), texts={"overview": "依法提供21件。"})
    rules = text_rules(new, RULES)
    found = find_all(rules, RuleInput(report, Engine(new).values(report)))
    assert "“（一）依法提供”的“总计”为 20" in found["numbers:overview"][0].message
