"""Tests of the menu bar: every command is in one menu and has a slot; those of a draft need an open one."""

from __future__ import annotations

from collections import Counter

from model.report.report import Report
from tests.support.ui_helpers import NO_SCREEN, Hands
from ui.window.menus import ENTRIES, Command

pytestmark = NO_SCREEN

REPORT = Report("应急管理局", 2023, "2021")
OF_A_DRAFT = {entry.command for entry in ENTRIES if entry.draft}


def test_every_command_stands_in_one_menu():
    assert Counter(entry.command for entry in ENTRIES if entry.command) == dict.fromkeys(Command, 1)


def test_every_command_has_a_slot_while_a_draft_is_open(hands: Hands):
    hands.begin(REPORT)
    assert set(hands.window._menus._slots) == set(Command)


def test_commands_of_a_draft_are_enabled_with_it_and_disabled_after_it(hands: Hands):
    def disabled() -> set[Command]:
        return {command for command, action in hands.window.commands.items() if not action.isEnabled()}

    assert disabled() == OF_A_DRAFT
    hands.begin(REPORT)
    assert disabled() == set()
    hands.window.close_draft()
    assert disabled() == OF_A_DRAFT


def test_a_closed_draft_is_not_kept_by_the_menus(hands: Hands):
    hands.begin(REPORT)
    undo = hands.window._menus._slots[Command.UNDO]
    hands.window.close_draft()
    assert undo not in hands.window._menus._slots.values()


def test_a_command_acts_on_the_draft_that_is_open(hands: Hands):
    hands.begin(REPORT)
    hands.begin(Report("另一局", 2023, "2021"))
    hands.desk.write("problems", "一")
    hands.window.commands[Command.UNDO].trigger()
    assert hands.desk.editing.report.text("problems") == ""
    hands.window.commands[Command.FORWARD].trigger()
    assert hands.step != "cover"
