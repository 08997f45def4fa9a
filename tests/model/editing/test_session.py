"""Tests that every edit returns its effect and can be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.checks.finding import Fix
from model.editing.session import Editing
from model.form.cell import BLANK, Entry, at, shown
from model.form.format import Format, Severity
from model.report.report import Change, ReadingNote
from model.report.totals import Engine
from tests.support.helpers import (
    FORM_2019,
    FORM_2021,
    FORMS,
    LAW,
    STEP,
    do,
    editing,
    entry,
    lines,
    messages,
    report,
    seen,
    started,
)

NEW, CARRIED = at("requests/new_received/natural_person"), at("requests/carried_over/natural_person")
MANY = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
STEPS = st.lists(STEP, min_size=1, max_size=12)
STATED = st.dictionaries(st.integers(0, 40), st.integers(0, 20), max_size=6)


# -- laws -----------------------------------------------------------------------------------------------------------


@MANY
@LAW
@given(STATED, STEPS)
def test_law_what_is_kept_step_by_step_is_what_a_fresh_look_finds(form: Format, stated, steps):
    desk = started(form, stated)
    for step in steps:
        do(desk, step)
        assert seen(desk) == seen(Editing(desk.report, form))


@MANY
@LAW
@given(STATED, STEPS)
def test_law_undo_and_redo_restore_everything(form: Format, stated, steps):
    desk = started(form, stated)
    start = seen(desk)
    for step in steps:
        do(desk, step)
    end = seen(desk)
    back = 0
    while desk.can_undo:
        desk.undo()
        back += 1
    assert seen(desk) == start
    for _ in range(back):
        desk.redo()
    assert back == 0 or seen(desk) == end


@MANY
@LAW
@given(STATED, STEPS)
def test_law_an_effect_names_exactly_what_changed(form: Format, stated, steps):
    desk = started(form, stated)
    for step in steps:
        report, values, findings = desk.report, desk.values, desk.findings
        effect = do(desk, step)
        entries = {a for a in form.inputs if report.entry(a) != desk.report.entry(a)}
        totals = {a for a in form.totals if shown(values.get(a)) != shown(desk.values.get(a))}
        assert sorted(effect.changed) == sorted(entries | totals)
        assert set(effect.texts) == {s.id for s in form.sections if report.text(s.id) != desk.report.text(s.id)}
        assert [f for f in desk.findings if f not in findings] == sorted(effect.appeared, key=desk.findings.index)
        assert {id(f) for f in findings if f not in desk.findings} == {id(f) for f in effect.cleared}
        assert effect.change.empty == (report == desk.report)


# -- entering -------------------------------------------------------------------------------------------------------


def test_a_number_is_entered_and_its_total_follows():
    desk = editing(FORM_2021)
    effect = desk.enter(NEW, 12)
    assert effect.changed == (NEW, at("requests/new_received/total"))
    assert desk.entry(at("requests/new_received/total")) == Entry(12)


def test_a_balance_that_an_entry_breaks_appears_and_goes_with_undo():
    desk = Editing(report(FORM_2021, dict.fromkeys(FORM_2021.inputs, 0)), FORM_2021)
    broken = desk.enter(NEW, 3)
    said = "“自然人”列：第一项加第二项为 3，第三项加第四项为 0，相差 3（“总计”随之不符）"
    assert messages(broken.appeared) == [said]
    assert desk.undo().cleared == broken.appeared


def test_the_last_blank_filled_with_zero_decides_a_balance_though_no_total_moves():
    numbers = dict.fromkeys(FORM_2021.inputs, 0) | {NEW: 3, at("requests/granted/natural_person"): 2}
    del numbers[at("requests/denied_secret/natural_person")]
    desk = editing(FORM_2021, numbers)
    assert messages(desk.findings, "requests-balance") == []
    appeared = desk.enter(at("requests/denied_secret/natural_person"), 0).appeared
    assert len(messages(appeared, "requests-balance")) == 1


def test_what_a_kind_of_unit_may_do_is_judged_anew_when_the_kind_changes():
    desk = editing(FORM_2021, lines(FORM_2021, "proactive", "rules 1 0 1"))
    assert len(messages(desk.set_head(unit_kind="government").cleared, "proactive-rule-making")) == 1
    assert len(messages(desk.undo().appeared, "proactive-rule-making")) == 1


def test_a_total_is_never_typed():
    desk = editing(FORM_2021)
    with pytest.raises(ValueError, match="a total is never typed: requests/new_received/total"):
        desk.enter(at("requests/new_received/total"), 1)
    assert not desk.can_undo


@pytest.mark.parametrize("path", ["requests/new_received/nobody", "requests/nothing/total", "nowhere/granted/total"])
def test_a_cell_that_the_form_lacks_is_refused(path: str):
    desk = editing(FORM_2021)
    with pytest.raises(KeyError):
        desk.enter(at(path), 1)
    with pytest.raises(KeyError):
        desk.enter_all({NEW: Entry(1), at(path): Entry(1)}, "粘贴")
    assert desk.report.cells == {}


def test_what_cannot_be_read_is_kept_as_typed_and_named():
    desk = editing(FORM_2021)
    effect = desk.enter(NEW, " 约三件 ")
    assert entry(desk, "requests/new_received/natural_person").shown() == "约三件"
    named = "“一、本年新收政府信息公开申请数量”的“自然人”：“约三件”无法识别，请填阿拉伯数字"
    assert named in messages(effect.appeared, "cell-unread")


@pytest.mark.parametrize("typed, number", [("-17", -17), ("+1036", 1036)])
def test_increase_or_decrease_of_2019_takes_a_sign(typed: str, number: int):
    desk = editing(FORM_2019)
    desk.enter(at("proactive/penalty/items_change"), typed)
    assert desk.values[at("proactive/penalty/items_change")] == number


def test_what_is_there_already_is_no_step():
    desk = editing(FORM_2021, {NEW: 12})
    for effect in (
        desk.enter(NEW, "１２"),
        desk.enter(CARRIED, ""),
        desk.write("overview", ""),
        desk.set_head(year=2021),
    ):
        assert effect.change.empty
    assert not desk.can_undo


def test_a_digit_more_is_a_step():
    desk, fees = editing(FORM_2021), at("proactive/fees/amount")
    desk.enter(fees, "1.5")
    assert desk.enter(fees, "1.50").changed == (fees,)
    assert shown(desk.values[fees]) == "1.50"


def test_many_cells_are_one_step():
    desk = editing(FORM_2021)
    desk.enter_all({NEW: Entry(1), CARRIED: Entry(2)}, "粘贴")
    desk.undo()
    assert desk.report.cells == {}


def test_a_new_step_forgets_what_was_undone():
    desk = editing(FORM_2021)
    desk.enter(NEW, 1)
    desk.undo()
    desk.enter(NEW, 2)
    assert not desk.can_redo
    assert desk.redo().change.empty


def test_a_step_says_what_it_was_and_undo_what_it_takes_back():
    desk = editing(FORM_2021)
    effects = [desk.enter(NEW, 1), desk.undo(), desk.redo()]
    assert [effect.change.cause for effect in effects] == ["填写", "撤销填写", "填写"]


# -- texts and cover ------------------------------------------------------------------------------------------------


def test_text_and_cover_are_steps_too():
    desk = editing(FORM_2021)
    assert desk.write("overview", "全年……").texts == ("overview",)
    desk.note_fact("contact_phone", "0391-6633878")
    desk.set_head(agency="宿迁市", unit_kind="government", year=2022)
    assert (desk.report.agency, desk.report.year) == ("宿迁市", 2022)
    assert desk.report.facts == {"contact_phone": "0391-6633878"}
    for _ in range(3):
        desk.undo()
    assert desk.report == editing(FORM_2021).report


@pytest.mark.parametrize("field", ["format", "cells", "nonsense"])
def test_only_the_cover_can_be_set(field: str):
    with pytest.raises(ValueError, match=f"not to be set here: {field}"):
        editing(FORM_2021).set_head(going_on=False, **{field: "2019"})


BAD_HEADS: list[tuple[str, object, type[Exception]]] = [
    ("year", "soon", TypeError), ("year", "2023", TypeError), ("year", True, TypeError), ("year", 2023.0, TypeError),
    ("year", None, TypeError), ("year", 0, ValueError), ("year", 1949, ValueError), ("year", 9999, ValueError),
    ("year", -2023, ValueError), ("year", 10**30, ValueError), ("agency", None, TypeError), ("agency", 5, TypeError),
    ("agency", b"x", TypeError), ("agency", "局" * 40_000, ValueError), ("unit_kind", "", ValueError),
    ("unit_kind", "部门", ValueError), ("unit_kind", None, TypeError), ("unit_kind", ["town"], TypeError),
]  # fmt: skip


@pytest.mark.parametrize("field, value, error", BAD_HEADS)
def test_a_cover_that_cannot_be_is_refused_and_changes_nothing(field: str, value: object, error: type[Exception]):
    desk = editing(FORM_2021)
    before = desk.report
    with pytest.raises(error, match=field):
        desk.set_head(going_on=False, **{field: value})
    with pytest.raises(error, match=field):
        desk.go_back(Change("回到", head={field: (getattr(before, field), value)}))
    assert (desk.report, desk.can_undo) == (before, False)


@pytest.mark.parametrize("field, value, error", [case for case in BAD_HEADS if case[2] is TypeError])
def test_a_report_is_never_made_with_a_cover_of_another_type(field: str, value: object, error: type[Exception]):
    with pytest.raises(error, match=field):
        replace(editing(FORM_2021).report, **{field: value})  # type: ignore[arg-type]


def test_texts_and_facts_are_texts_and_sections_are_those_of_the_form():
    desk = editing(FORM_2021)
    with pytest.raises(TypeError, match="overview"):
        desk.write("overview", None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="contact_phone"):
        desk.note_fact("contact_phone", 110)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="made"):
        desk.write("overview", "全年", {"made": 1})  # type: ignore[dict-item]
    with pytest.raises(KeyError, match="nowhere"):
        desk.write("nowhere", "全年")
    assert desk.report == editing(FORM_2021).report


# -- fixes ----------------------------------------------------------------------------------------------------------


def fix(desk: Editing, code: str) -> Fix:
    found = next(finding for finding in desk.findings if finding.code == code and finding.fix)
    assert found.fix
    return found.fix


def test_the_rest_is_filled_with_zeros_in_one_step():
    desk = editing(FORM_2021, {NEW: 12})
    while any(finding.code == "cell-open" for finding in desk.findings):
        desk.apply(fix(desk, "cell-open"))
    assert desk.values == Engine(FORM_2021).values(report(FORM_2021, dict.fromkeys(FORM_2021.inputs, 0) | {NEW: 12}))
    for _ in FORM_2021.tables:
        desk.undo()
    assert not desk.can_undo


def test_a_printed_total_is_accepted_as_computed_and_comes_back_with_undo():
    desk = editing(FORM_2021, lines(FORM_2021, "disputes", "review 1 2 3 4 99"))
    assert messages(desk.apply(fix(desk, "total-stated")).cleared) == [
        "“行政复议”的“总计”：各项之和为 10，原报告所填总计为 99，相差 89"
    ]
    assert desk.report.stated == {}
    desk.undo()
    assert desk.report.stated == {at("disputes/review/total"): 99}


def test_a_printed_total_that_agreed_goes_with_the_edit_and_comes_back_with_undo():
    desk = editing(FORM_2021, lines(FORM_2021, "disputes", "review 1 2 3 4 10"))
    desk.enter(at("disputes/review/upheld"), 2)
    assert desk.report.stated == {}
    assert messages(desk.findings, "total-stated") == []
    desk.undo()
    assert desk.report.stated == {at("disputes/review/total"): 10}


def test_a_printed_total_that_disagreed_stays_until_it_agrees():
    desk = editing(FORM_2021, lines(FORM_2021, "disputes", "review 1 2 3 4 11"))
    desk.enter(at("disputes/review/corrected"), 1)
    assert len(messages(desk.findings, "total-stated")) == 1
    desk.enter(at("disputes/review/corrected"), 3)
    assert messages(desk.findings, "total-stated") == []


def test_accepting_what_is_not_printed_is_no_step():
    desk = editing(FORM_2021)
    assert desk.apply(Fix("以计算结果为准", accept=(at("disputes/review/total"),))).change.empty


def test_a_note_of_the_import_is_put_away_and_comes_back_with_undo():
    note = ReadingNote("too-many-numbers", Severity.EXPLAIN, "disputes", "第四部分有 16 个数字，应为 15 个")
    desk = editing(FORM_2021, notes=(note,))
    assert messages(desk.apply(fix(desk, "too-many-numbers")).cleared) == [note.message]
    assert messages(desk.undo().appeared) == [note.message]


def test_values_and_report_of_before_stay_as_they_were():
    desk = editing(FORM_2021)
    old, values = desk.report, desk.values
    desk.enter(NEW, 12)
    assert (old.entry(NEW), values[NEW]) == (BLANK, None)
