"""Tests of the line that counts a text's numbers agreeing with the tables, and of its button for unmatched ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.form.cell import at
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, Hands, OpenWindow, cut_off, windows
from ui.editor.number_line import NumberLine
from ui.editor.pages import TextPage

pytestmark = NO_SCREEN
open_window = pytest.fixture(windows)

TEXT = "全年受理申请19件，其中11件办结。通过网络收到申请12件。"


@pytest.fixture
def hands(open_window: OpenWindow) -> Hands:
    report = complete(FORM_2021, requests__new_received__natural_person=19, requests__granted__natural_person=19)
    hands = open_window()
    hands.begin(replace(report, texts={**report.texts, "overview": TEXT}))
    hands.wizard.go_to("overview")
    return hands


def page(hands: Hands, section: str = "overview") -> TextPage:
    found = hands.wizard.go_to(section)
    assert isinstance(found, TextPage)
    return found


def line(hands: Hands, section: str = "overview") -> NumberLine:
    return page(hands, section).numbers


def test_the_numbers_of_a_text_are_counted_in_one_quiet_line(hands: Hands):
    assert line(hands).text() == "文中数字：1 个与表格一致，2 个未能判断"
    assert not hands.findings("figure")
    assert not cut_off(hands.window)


def test_the_button_shows_one_after_the_other_and_says_why(hands: Hands):
    shown = line(hands)
    seen = []
    for _ in range(3):
        shown.look.click()
        seen.append(page(hands).box.textCursor().selectedText())
    assert seen == ["11件办结", "收到申请12件", "11件办结"]
    assert shown.text() == "未能判断的第 1 个，共 2 个：可能只是其中一部分"


def test_it_follows_the_text_and_the_table(hands: Hands):
    hands.desk.write("overview", "全年受理申请19件。")
    assert line(hands).text() == "文中数字：1 个与表格一致"
    assert not line(hands).look.isVisible()
    hands.desk.enter(at("requests/new_received/natural_person"), "20")
    assert [finding.section for finding in hands.findings("requests-balance")] == ["requests"]
    hands.desk.enter(at("requests/new_received/natural_person"), "21")
    hands.desk.enter(at("requests/granted/natural_person"), "21")
    assert line(hands).text() == ""


def test_a_text_without_such_numbers_has_no_line(hands: Hands):
    assert line(hands, "problems").text() == ""
    assert not line(hands, "problems").look.isVisible()


def test_what_changed_unseen_is_counted_when_it_is_seen(hands: Hands):
    shown = line(hands)
    hands.wizard.go_to("requests")
    hands.desk.write("overview", "未写数字。")
    assert line(hands) is shown
    assert shown.text() == ""


def test_the_reader_is_told_the_line(hands: Hands):
    assert line(hands).accessibleName() == "文中数字"
