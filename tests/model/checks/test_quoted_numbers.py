"""Tests that a number inserted into a text from a table is compared with its cell while it is in the text."""

from __future__ import annotations

import pytest

from model.checks.quoted_numbers import quote_fact
from model.editing.session import Editing
from model.form.cell import at
from model.report.facts import QUOTE
from tests.support.helpers import FORM_2021, complete

CELL = at("requests/new_received/natural_person")
TOTAL = at("requests/new_received/total")


def quoted(cell=CELL, text: str = "全年收到申请", behind: str = "件。") -> Editing:
    desk = Editing(complete(FORM_2021, requests__new_received__natural_person=12), FORM_2021)
    fact = quote_fact(desk.report, "overview", text, len(text), cell)
    desk.write("overview", f"{text}12{behind}", dict([fact]))
    return desk


def said(desk: Editing) -> list[str]:
    return [finding.message for finding in desk.findings if finding.code == "quote-changed"]


@pytest.mark.parametrize("cell", [CELL, TOTAL])
@pytest.mark.parametrize("text", ["全年收到申请", "", "第一段。\n"])
def test_a_number_is_marked_when_its_cell_changes_and_mended_with_one_step(cell, text: str):
    desk = quoted(cell, text)
    assert said(desk) == []
    desk.enter(CELL, "15")
    (finding,) = [f for f in desk.findings if f.code == "quote-changed"]
    assert finding.message == f"文中引用的 12，{FORM_2021.cell_name(cell)}现在是 15"
    assert finding.fix
    desk.apply(finding.fix)
    assert (desk.report.text("overview"), said(desk)) == (f"{text}15件。", [])
    desk.enter(CELL, "16")
    assert len(said(desk)) == 1


def test_a_number_elsewhere_in_the_text_is_left_alone_and_new_text_before_it_too():
    desk = quoted()
    desk.write("overview", "全年公开99条。全年收到申请12件。")
    assert said(desk) == []
    desk.enter(CELL, "15")
    assert len(said(desk)) == 1


def test_once_the_words_are_rewritten_nothing_is_said():
    desk = quoted()
    desk.write("overview", "我局收到12件。")
    desk.enter(CELL, "15")
    assert said(desk) == []


def test_each_number_has_a_note_of_its_own_and_a_foreign_note_is_no_trouble():
    desk = quoted()
    name, value = quote_fact(desk.report, "overview", "另有", 2, TOTAL)
    assert name == f"{QUOTE}2"
    desk.note_fact(name, value)
    desk.note_fact(f"{QUOTE}x", "不是我们写的")
    desk.note_fact(f"{QUOTE}y", "[" * 100_000)
    desk.enter(CELL, "15")
    assert len(said(desk)) == 1
