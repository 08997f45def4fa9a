"""Tests that every rule has a page: its subject, its legal basis, a case that triggers it and one that does not."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from model.base.text import as_message
from model.checks.finding import OWN_RULE, Finding
from model.checks.last_year import LastYear
from model.checks.quoted_numbers import quote_fact
from model.checks.rules import CELL_OPEN, TEXT_EMPTY
from model.editing.rule_descriptions import NOTES, example, page_of, pages
from model.editing.session import Editing
from model.form.cell import Address, Entry, at
from model.form.format import Format, Severity
from model.form.relation import Relation, evaluate, parse
from model.report.facts import MADE
from model.report.generated_text import preface
from model.report.report import ReadingNote, Report
from tests.model.checks.test_equations import printed
from tests.model.checks.test_mixups import GRANTED, put, row, swapped
from tests.support.helpers import FORM_2021, FORMATS, ROOT, complete, texts
from tests.support.narratives import RULES
from ui.docks.rule_help import help_for_finding

STRETCH = ["granted", "partly_granted", "denied_secret", "denied_by_law", "denied_security", "denied_third_party"]
WHOLE = complete(FORM_2021)


def typed(path: str, words: str, base: Report = WHOLE) -> Editing:
    editing = Editing(base, FORM_2021)
    editing.enter(at(path), words)
    return editing


def blanks(numbers: Mapping[str, int]) -> Editing:
    cells = {at(f"disputes/{path}"): Entry(number) for path, number in numbers.items()}
    others = {a: e for a, e in WHOLE.cells.items() if a.table != "disputes"}
    return Editing(replace(WHOLE, cells={**others, **cells}), FORM_2021)


def total(number: int) -> Editing:
    review = dict(zip(("upheld", "corrected", "other", "pending"), (5, 2, 1, 2), strict=True))
    report = complete(FORM_2021, **{f"disputes__review__{column}": n for column, n in review.items()})
    return Editing(replace(report, stated={at("disputes/review/total"): number}), FORM_2021)


def stated(path: str, number: int) -> Editing:
    report = printed("suqian-2023")
    return Editing(replace(report, stated={**report.stated, at(path): number}), FORM_2021)


def moved(sources: Mapping[str, str]) -> Editing:
    report = printed("suqian-2023")
    contents = {name: row(report, source) for name, source in sources.items()}
    return put(
        report, {Address("requests", name, c): n for name, numbers in contents.items() for c, n in numbers.items()}
    )


def after_last_year(this: Mapping[str, Any], last: Mapping[str, Any]) -> Editing:
    before = replace(complete(FORM_2021, **last.get("cells", {})), year=WHOLE.year - 1, texts=last.get("texts", {}))
    now = replace(complete(FORM_2021, **this.get("cells", {})), texts={**texts(FORM_2021), **this.get("texts", {})})
    return Editing(now, FORM_2021, LastYear.of(before, FORM_2021))


def licences(number: int) -> Editing:
    return after_last_year(
        {"cells": {"proactive__licence__decisions": number}}, {"cells": {"proactive__licence__decisions": 20}}
    )


def filled_in(number: int) -> Editing:
    """Return a report whose table 三 differs from last year's in one number at most."""
    rows = ("new_received", "granted", "carried_over", "carried_forward")
    old = {f"requests__{row}__natural_person": 7 for row in rows}
    return after_last_year({"cells": {**old, "requests__granted__natural_person": number}}, {"cells": old})


def problems(text: str) -> Editing:
    before = "存在的问题是政策解读的形式还不够丰富。2022年将加强对各科室的业务培训。"
    return after_last_year({"texts": {"problems": text}}, {"texts": {"problems": before}})


def quoted(number: int) -> Editing:
    text = "全年收到申请3件。"
    name, value = quote_fact(WHOLE, "overview", text, text.index("3"), at("requests/new_received/total"))
    base = replace(WHOLE, texts={**WHOLE.texts, "overview": text}, facts={name: value})
    return typed("requests/new_received/business", str(number), base)


def covered(agency: str = WHOLE.agency, **facts: str) -> Editing:
    return Editing(replace(WHOLE, agency=agency, facts={**WHOLE.facts, **facts}), FORM_2021)


def prefaced(phone: str) -> Editing:
    """Return a report with a generated preface, whose telephone number was set to this afterwards."""
    before = replace(WHOLE, facts={"contact_phone": "0527-80000000"})
    made = preface(before, FORM_2021)
    facts = {"contact_phone": phone, f"{MADE}preface": made}
    return Editing(replace(before, facts=facts, texts={**WHOLE.texts, "preface": made}), FORM_2021)


def noted(*notes: ReadingNote) -> Editing:
    return Editing(replace(WHOLE, notes=notes), FORM_2021)


DOWN = dict(zip(STRETCH[1:], STRETCH, strict=False)) | {STRETCH[0]: STRETCH[-1]}
OVER = {"granted": "partly_granted", "partly_granted": "granted"}
NOTE = ReadingNote("row-length", Severity.EXPLAIN, "disputes", "数据行有 16 个数，而表中是 15 列")
# For each rule without data of its own: the case of its page that triggers it, and the one that does not.
CASES: dict[str, tuple[Callable[[], Editing], Callable[[], Editing]]] = {
    "cell-unread": (lambda: typed(f"{GRANTED}/natural_person", "约3件多"), lambda: typed(f"{GRANTED}/business", "3件")),
    "cell-open": (lambda: blanks({"review/upheld": 3}), lambda: Editing(WHOLE, FORM_2021)),
    "text-empty": (lambda: Editing(replace(WHOLE, texts={}), FORM_2021), lambda: Editing(WHOLE, FORM_2021)),
    "agency-missing": (lambda: covered(agency=" "), lambda: covered(agency="示例市应急管理局")),
    "date-unread": (lambda: covered(signed_on="31"), lambda: covered(signed_on=f"{WHOLE.year + 1}.1.20")),
    "date-odd": (
        lambda: covered(signed_on=f"{WHOLE.year}-01-20"),
        lambda: covered(signed_on=f"{WHOLE.year + 1}-01-20"),
    ),
    "contact-shape": (
        lambda: covered(contact_postcode="0527-80000000"),
        lambda: covered(contact_postcode="223800", contact_phone="（0527）80000000 转 8001"),
    ),
    "preface-stale": (lambda: prefaced("0527-80000001"), lambda: prefaced("0527-80000000")),
    "total-stated": (lambda: total(11), lambda: total(10)),
    "cell-culprit": (
        lambda: put(printed("suqian-2023"), {at(f"{GRANTED}/natural_person"): 1157}),
        lambda: stated(f"{GRANTED}/total", 1190),
    ),
    "cells-swapped": (
        lambda: swapped(printed("suqian-2023"), f"{GRANTED}/natural_person", f"{GRANTED}/business"),
        lambda: stated("requests/results_total/business", 98),
    ),
    "rows-swapped": (lambda: moved(OVER), lambda: moved({})),
    "rows-shifted": (lambda: moved(DOWN), lambda: moved({})),
    "year-jump": (lambda: licences(2000), lambda: licences(40)),
    "year-same": (lambda: filled_in(7), lambda: filled_in(8)),
    "text-repeats": (
        lambda: problems("存在的问题是政策解读的形式还不够丰富。2023年将加强对各科室的业务培训。"),
        lambda: problems("依申请公开的答复文书不够规范。2024年将制作答复文书的范本。"),
    ),
    "quote-changed": (lambda: quoted(4), lambda: quoted(3)),
    NOTES: (lambda: noted(NOTE), noted),
}


@pytest.mark.parametrize("code", RULES.pages)
def test_every_rule_of_the_program_fires_on_its_case_and_keeps_quiet_on_the_other(code: str):
    told = [{f.code for f in make().findings} for make in CASES[code]]
    wanted = NOTE.code if code == NOTES else code
    assert (wanted in told[0], wanted in told[1]) == (True, False)


def test_every_code_that_the_program_can_answer_with_has_a_page():
    """Check codes of text rules in their data, those of relations in the formats, and the rest listed here."""
    named = set()
    for path in sorted((ROOT / "model").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                named |= {str(code.value) for code in node.args[:1] if isinstance(code, ast.Constant)}
    by_name = {CELL_OPEN, TEXT_EMPTY, "cells-swapped", "rows-swapped", "rows-shifted"}
    by_name |= {"agency-missing", "date-unread", "date-odd", "contact-shape"}
    assert (named | by_name) - RULES.rules.keys() == RULES.pages.keys() - {NOTES}


def codes() -> list[tuple[Format, str]]:
    checks = [(f, c.code) for f in FORMATS for t in f.tables for c in t.checks]
    years = [(f, c.code) for f in FORMATS for t in f.tables for c in t.year_checks]
    return [*checks, *years, *((FORM_2021, code) for code in (*RULES.rules, *RULES.pages, "row-length"))]


@pytest.mark.parametrize("form, code", codes(), ids=lambda value: getattr(value, "id", None))
def test_a_page_says_what_is_checked_on_what_it_rests_and_two_cases(form: Format, code: str):
    page = page_of(form, RULES, Finding(code, Severity.HINT, "requests", ""))
    assert page.what == as_message(*page.what.split("。"))
    assert page.basis
    assert (page.fires != page.quiet) or code == "title-odd"


@pytest.mark.parametrize(
    "code, what, fires, quiet",
    [
        ("proactive-in-force", "“规章”“行政规范性文件”：“现行有效件数”应不少于“本年制发件数”",
         "“现行有效件数”为 5，“本年制发件数”为 6", "“现行有效件数”为 5，“本年制发件数”为 5"),
        ("year-carry",
         "每一列：“二、上年结转政府信息公开申请数量”应等于上年“四、结转下年度继续办理”",
         "“二、上年结转政府信息公开申请数量”为 5，上年“四、结转下年度继续办理”为 6",
         "“二、上年结转政府信息公开申请数量”为 5，上年“四、结转下年度继续办理”为 5"),
        ("proactive-rule-making",
         "“规章”：“本年制发件数”应等于 0。单位类别为部门、乡镇（街道）、其他机构的才检查。",
         "“本年制发件数”为 1", "“本年制发件数”为 0"),
    ],
)  # fmt: skip
def test_a_relation_is_told_in_the_words_of_the_form(code: str, what: str, fires: str, quiet: str):
    page = page_of(FORM_2021, RULES, Finding(code, Severity.EXPLAIN, "proactive", ""))
    assert (page.what, page.fires, page.quiet) == (what, fires, quiet)


@pytest.mark.parametrize("text", ["a = b", "a + b = c + d", "a >= b", "a <= b", "a = 0", "a + b >= 1", "a = b + c - d"])
def test_the_numbers_of_an_example_keep_the_relation_and_break_it(text: str):
    relation = parse(text)
    kept, broken = example(relation)
    assert (_holds(relation, kept), _holds(relation, broken)) == (True, False)


def _holds(relation: Relation[str], numbers: Mapping[str, int]) -> bool:
    cells = {Address("t", name, "c"): number for name, number in numbers.items()}
    bound = relation.bind(lambda name: [Address("t", name, "c")])
    left, right = evaluate(bound.left, cells), evaluate(bound.right, cells)
    return {"=": left == right, ">=": left >= right, "<=": left <= right}[relation.sign]


def test_the_page_is_markdown_in_which_no_sign_of_the_report_counts():
    finding = Finding("placeholder", Severity.EXPLAIN, "overview", "“___*xx*”像是模板中未替换的内容", "请填写或删去")
    page = help_for_finding(FORM_2021, RULES, finding)
    assert page.startswith("## 为什么有这一条\n\n> “\\_\\_\\_\\*xx\\*”像是")
    assert "**类别**　须说明：核对无误的，写明原因后可以保留" in page
    assert "**会提示**　“某某局高度重视信息公开。”" in page
    assert "**不会提示**　“对某些重点领域加强公开。”" in page


def test_an_error_that_may_stay_says_so():
    finding = Finding("year-carry", Severity.ERROR, "requests", "", overrulable=True)
    assert "或写明原因" in help_for_finding(FORM_2021, RULES, finding)


@pytest.mark.parametrize("form", list(FORMATS), ids=lambda form: form.id)
def test_a_basis_is_a_document_in_full_or_no_basis_at_all(form: Format):
    for code, page in pages(form, RULES).items():
        assert page.basis == OWN_RULE or (page.basis.startswith("《") and "《条例》" not in page.basis), code


@pytest.mark.parametrize("form", list(FORMATS), ids=lambda form: form.id)
def test_a_rule_rests_on_the_document_that_was_in_force_for_the_report(form: Format):
    others = {other.document for other in FORMATS} - {form.document}
    text = " ".join(page.basis for page in pages(form, RULES).values())
    assert form.document in text
    assert not [other for other in others if other in text]


def test_the_name_of_a_rule_says_what_is_wrong():
    assert [rule.name for rule in RULES.rules.values() if rule.name.startswith("没有")] == []
    assert {"两格填反", "文中年份不是报告年度"} <= {page.name for page in pages(FORM_2021, RULES).values()}


@pytest.mark.parametrize("code", sorted(RULES.rules))
def test_the_examples_on_help_pages_belong_to_nobody(code: str):
    page = pages(FORM_2021, RULES)[code]
    shown = f"{page.fires}{page.quiet}{page.sample}"
    assert re.findall(r"(?<!\d)(?:\d{9,}|[A-Z]\d{8})(?!\d)", shown) == []
    assert list(RULES.places.gazetteer.named_in(shown)) == []
