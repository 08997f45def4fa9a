"""Tests that the view of a report costs nothing, never changes and holds nothing of its session."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.checks.last_year import LastYear
from model.checks.rules import Rule
from model.editing.opener import Opener
from model.editing.reviewed import Reviewed
from model.editing.run_rules import review
from model.editing.session import Editing
from model.form.cell import BLANK, Entry, at
from model.form.format import Format
from model.report.report import Report
from tests.support.helpers import (
    FORM_2021,
    FORMATS,
    FORMS,
    LAW,
    ROOT,
    STEP,
    complete,
    do,
    editing,
    published,
    seen,
    started,
)

OPENER = Opener(FORMATS, ROOT / "resources" / "rules")
NEW, TOTAL = at("requests/new_received/natural_person"), at("requests/new_received/total")
STATED = st.dictionaries(st.integers(0, 40), st.integers(0, 20), max_size=6)


def long_report(characters: int = 20_000) -> Report:
    """Return a real report whose first text is repeated up to this length, one paragraph for each repetition."""
    report = published("suqian-2024")
    paragraph = report.text("overview") + "\n"
    text = paragraph * (characters // len(paragraph) + 1)
    return replace(report, texts={**report.texts, "overview": text[:characters]})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which the codes of all rules run from now on are appended, in order."""
    codes: list[str] = []

    def spy(rule: Rule, name: str) -> Any:
        if name == "find":
            codes.append(rule.code)
        return object.__getattribute__(rule, name)

    monkeypatch.setattr(Rule, "__getattribute__", spy)
    return codes


# -- it costs nothing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("last_year", [False, True])
def test_taking_the_view_of_a_long_report_calls_no_rule(last_year: bool, asked: list[str]):
    last = LastYear.of(published("suqian-2023"), FORM_2021) if last_year else None
    desk = OPENER.open(long_report(), last)
    assert {"notes:", "requests-balance", "words:overview"} <= set(asked)  # every kind of rule is recorded
    asked.clear()
    view = desk.now
    assert (len(view.findings) > 0, view.readiness.ready, view.final) == (True, False, False)
    assert view.entry(TOTAL).number == view.values[TOTAL]
    assert asked == []


def test_after_an_edit_only_the_rules_that_the_edit_concerns_were_called(asked: list[str]):
    desk = OPENER.open(long_report())
    asked.clear()
    desk.note_fact("contact_phone", "0391-6633878")
    concerned = len(asked)
    assert desk.now.report.facts["contact_phone"] == "0391-6633878"
    assert len(asked) == concerned


def test_the_view_is_the_same_until_something_changes():
    desk = editing(FORM_2021)
    before = desk.now
    assert desk.now is before
    desk.enter(NEW, "")  # no step
    assert desk.now is before
    desk.enter(NEW, 12)
    assert desk.now is not before


def test_it_shares_what_the_session_holds():
    desk = OPENER.open(complete(FORM_2021), LastYear.of(complete(FORM_2021), FORM_2021))
    assert desk.now.report is desk.report
    assert desk.now.values is desk.values
    assert desk.now.last is desk.last
    assert desk.now.findings is desk.findings
    assert desk.now.readiness is desk.readiness


# -- it stays as it is ----------------------------------------------------------------------------------------------


def test_later_edits_do_not_change_it():
    desk = OPENER.open(complete(FORM_2021))
    view, fresh = desk.now, OPENER.review(complete(FORM_2021))
    desk.enter(NEW, 12)
    desk.write("overview", "收到申请12件。")
    assert (view.entry(NEW), view.entry(TOTAL), view.readiness.ready) == (Entry(0), Entry(0), True)
    assert view == fresh
    assert desk.now != fresh
    assert (desk.now.entry(TOTAL), desk.now.readiness.ready) == (Entry(12), False)


def test_its_fields_cannot_be_set():
    with pytest.raises(FrozenInstanceError):
        editing(FORM_2021).now.report = complete(FORM_2021)  # type: ignore[misc]


def test_a_blank_cell_has_a_blank_entry_and_a_total_its_number():
    view = editing(FORM_2021, {NEW: 12}).now
    assert (view.entry(NEW), view.entry(TOTAL)) == (Entry(12), Entry(12))
    assert view.entry(at("requests/carried_over/natural_person")) == BLANK


def test_numbers_in_its_texts_are_counted_as_they_were_whatever_is_typed_meanwhile():
    """Check that view and session count with caches of their own: either may run in another thread."""
    desk = OPENER.open(replace(complete(FORM_2021), texts={"overview": "收到申请0件。\n收到申请5件。"}))
    desk.number_summary()
    view = desk.now
    desk.write("overview", "收到申请0件。\n收到申请0件。\n收到申请0件。")
    assert (view.number_summary().agrees, view.number_summary().differs) == (1, 1)
    assert (desk.number_summary().agrees, desk.number_summary().differs) == (3, 0)
    assert (desk.now.number_summary("overview").agrees, desk.now.number_summary("problems").agrees) == (3, 0)
    assert view.number_summary() == OPENER.review(view.report).number_summary()


def test_without_the_rules_about_texts_no_number_is_counted():
    view = review(replace(complete(FORM_2021), texts={"overview": "收到申请0件。"}), FORM_2021)
    assert (view.context, view.number_summary().agrees) == (None, 0)


# -- it is what a fresh look finds ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
@LAW
@given(STATED, st.lists(STEP, min_size=1, max_size=12))
def test_law_every_view_is_what_reviewing_its_report_finds(form: Format, stated, steps):
    desk = started(form, stated)
    views = [desk.now]
    for step in steps:
        do(desk, step)
        views.append(desk.now)
    assert [seen(view) for view in views] == [seen(review(view.report, form)) for view in views]


@pytest.mark.parametrize("last_year", [False, True])
def test_a_report_is_reviewed_as_it_would_be_opened(last_year: bool):
    report = complete(FORM_2021, requests__carried_over__natural_person=2, requests__granted__natural_person=2)
    last = LastYear.of(complete(FORM_2021), FORM_2021) if last_year else None
    reviewed, opened = OPENER.review(report, last), OPENER.open(report, last).now
    assert seen(reviewed) == seen(opened)
    assert reviewed.number_summary() == opened.number_summary()
    assert any(finding.code == "year-carry" for finding in reviewed.findings) is last_year


# -- it holds no more than the report -------------------------------------------------------------------------------


def test_it_keeps_neither_the_session_nor_its_steps_alive():
    desk = OPENER.open(complete(FORM_2021))
    gone: list[Callable[[], object]] = [weakref.ref(desk.enter(NEW, number).change) for number in range(1, 4)]
    view = after_closing(desk)
    gone.append(weakref.ref(desk))
    del desk
    gc.collect()
    assert [found() for found in gone] == [None] * 4
    assert view.entry(NEW) == Entry(3)


def after_closing(desk: Editing) -> Reviewed:
    desk.undo()
    desk.redo()
    view = desk.now
    view.number_summary()
    return view
