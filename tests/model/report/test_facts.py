"""Tests that each column of the table of facts agrees with the program's use of the key."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.document.report_document import compose
from model.checks.explanations import KINDS
from model.checks.quoted_numbers import quote_fact, quote_rules
from model.checks.rules import rules_of
from model.editing.next_year import next_year_report
from model.editing.opener import Opener
from model.editing.session import Editing
from model.form.cell import at
from model.form.format import PREFACE, Format, Severity
from model.importing.read import as_draft
from model.importing.reading_result import Reading
from model.narrative.all_rules import text_rules
from model.report import exchange
from model.report.facts import FACTS, MADE, WITH_REASONS, FactKind, SetBy, declared_fact, fact_date
from model.report.report import HEAD, Report
from tests.support.helpers import FORM_2021, FORMATS, FORMS, LAW, ROOT, complete
from tests.support.narratives import RULES

KEYS = pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.key)
MADE_UP = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_/", min_size=1, max_size=20)
ISSUED = "proactive__normative_documents__issued"

WELL_FORMED: dict[FactKind, Callable[[str], object]] = {
    FactKind.TEXT: str,
    FactKind.LINES: str.splitlines,
    FactKind.COUNT: int,
    FactKind.DATE: date.fromisoformat,
    FactKind.TIME: datetime.fromisoformat,
    FactKind.FLAG: {"1": True}.__getitem__,
    FactKind.JSON: json.loads,
}


@cache
def opener() -> Opener:
    return Opener(FORMATS, ROOT / "resources" / "rules")


def any_key(key: str) -> str:
    return f"{key}overview" if key.endswith("/") else key


def following(report: Report) -> Report:
    return next_year_report(report, {}, FORMATS.for_year(report.year + 1))


def test_next_year_takes_exactly_the_declared_facts():
    every = {any_key(key): "1" for key in FACTS}
    taken = following(replace(complete(FORM_2021), facts=every)).facts
    assert taken == {any_key(fact.key): "1" for fact in FACTS.values() if fact.inherited}


@LAW
@given(st.dictionaries(MADE_UP, st.text(min_size=1, max_size=5)))
def test_a_key_of_a_newer_version_is_kept_but_not_inherited(facts: dict[str, str]):
    unknown = {key: value for key, value in facts.items() if declared_fact(key) is None}
    report = replace(complete(FORM_2021), facts=unknown)
    assert exchange.loads(exchange.dumps(report)).facts == unknown
    desk = Editing(report, FORM_2021)
    desk.note_fact(WITH_REASONS, "1")
    assert desk.report.facts == {**unknown, WITH_REASONS: "1"}
    assert following(report).facts == {}


@pytest.mark.parametrize(
    "key, found",
    [
        ("signed_on", "signed_on"), ("made/overview", "made/"), ("quote/12", "quote/"), ("silenced/a/b", "silenced/"),
        ("made/", None), ("made", None), ("signed_on/x", None), ("signed", None), ("", None),
    ],
)  # fmt: skip
def test_a_key_is_found_whole_or_by_its_prefix(key: str, found: str | None):
    fact = declared_fact(key)
    assert (fact.key if fact else None) == found


@pytest.mark.parametrize("text, found", [("2024-01-20", date(2024, 1, 20)), ("二〇二四年一月", None), ("", None)])
def test_a_date_is_read_and_words_are_none(text: str, found: date | None):
    assert fact_date({"signed_on": text}, "signed_on") == found


# -- source and type of a fact ----------------------------------------------------------------------------------------


@pytest.fixture
def acted() -> Editing:
    """Return a report in which the program has recorded one fact of every kind."""
    report = complete(FORM_2021, **{ISSUED: 6})
    desk = opener().open(replace(report, texts={**report.texts, "overview": "截止目前，共3件。"}))
    desk.write("overview", desk.report.text("overview"), {f"{MADE}overview": "截止目前，共3件。"})
    name, value = quote_fact(desk.report, "overview", "共3件", 1, at("requests/new_received/total"))
    desk.write("overview", desk.report.text("overview"), {name: value})
    desk.silence(next(finding for finding in desk.findings if finding.severity is Severity.HINT))
    for finding in [finding for finding in desk.findings if finding.severity is Severity.EXPLAIN]:
        desk.explain(finding, KINDS[0], "六件均于当年十二月底废止")
    desk.finalise(datetime(2022, 1, 20, 9))
    desk.withdraw(datetime(2022, 1, 21, 9), "上级要求补充")
    desk.finalise(datetime(2022, 1, 22, 9))
    return desk


def test_the_records_of_the_program_are_those_declared_with_their_types(acted: Editing):
    found = {}
    for key, value in acted.report.facts.items():
        fact = declared_fact(key)
        assert fact, key
        WELL_FORMED[fact.kind](value)
        found[fact.key] = fact.set_by
    assert found == {fact.key: SetBy.ACTION for fact in FACTS.values() if fact.set_by is SetBy.ACTION}


def test_only_an_import_sets_the_rest():
    draft = as_draft(Reading(complete(FORM_2021), ("某市应急管理局", "某县应急管理局"), "a.txt"))
    assert [*draft.facts] == [fact.key for fact in FACTS.values() if fact.set_by is SetBy.IMPORT]


# -- what is printed -----------------------------------------------------------------------------------------------


def paper(report: Report) -> object:
    document = compose(opener().review(report))
    return document.blocks, document.draft


@KEYS
def test_the_paper_changes_with_a_fact_only_if_that_is_declared(fact, acted: Editing):
    """Set all facts, then all but one: the documents must differ exactly if the table says that the fact is printed."""
    sample = {FactKind.COUNT: "20", FactKind.DATE: "2022-01-20", FactKind.FLAG: "1"}
    every = {any_key(one.key): sample.get(one.kind, "字") for one in FACTS.values() if one.set_by is not SetBy.ACTION}
    report = replace(acted.report, facts={**every, **acted.report.facts})
    without = {key: value for key, value in report.facts.items() if declared_fact(key) is not fact}
    assert len(without) < len(report.facts)
    assert (paper(replace(report, facts=without)) != paper(report)) is fact.printed


# -- rules and documents -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_rule_reads_only_cells_texts_fields_and_declared_facts(form: Format):
    known = {PREFACE, *(section.id for section in form.sections), *HEAD, *form.addresses}
    rules = [*rules_of(form), *quote_rules(form), *text_rules(form, RULES)]
    names = {place for rule in rules for place in rule.reads} - known
    assert names <= FACTS.keys()
    assert names


def test_the_description_of_the_data_file_lists_the_declared_keys():
    described = (ROOT / "docs" / "report-json.md").read_text(encoding="utf-8").partition("## `facts`")[2]
    names = [line.split("|")[1] for line in described.splitlines() if line.startswith("| `")]
    patterns = [name.rstrip("…") for cell in names for name in re.findall("`([^`]+)`", cell)]
    assert [key for key in FACTS if not any(fnmatchcase(key, pattern) for pattern in patterns)] == []
    assert [pattern for pattern in patterns if not any(fnmatchcase(key, pattern) for key in FACTS)] == []
