"""The list shows stored counts of the present state and edition; others are computed in the background."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from model.checks import rules
from model.editing import run_rules, session
from model.form.cell import at
from model.recovery.open_database import open_drafts
from model.report.draft_counts import DraftCounts
from model.report.report import Report
from model.storage.counts import StoredCounts
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NEW, NO_SCREEN, PATIENCE, Hands, OpenWindow, commit
from ui.home.draft_list import DraftLine

pytestmark = NO_SCREEN
CARRIED_FORWARD, CARRIED_OVER = (
    at("requests/carried_forward/natural_person"),
    at("requests/carried_over/natural_person"),
)


@pytest.fixture
def checks(monkeypatch) -> list[str]:
    """The agencies of the reports that are checked with all rules."""
    checked: list[str] = []
    find_all = rules.find_all

    def record(of_form, state):
        checked.append(state.report.agency)
        return find_all(of_form, state)

    for module in (session, run_rules):
        monkeypatch.setattr(module, "find_all", record)
    return checked


def keep(hands: Hands, *reports: Report) -> None:
    for report in reports:
        hands.keep(report)
    refresh(hands)


def refresh(hands: Hands) -> None:
    hands.window.draft_actions.refresh()
    wait_counted(hands)


def wait_counted(hands: Hands) -> None:
    hands.qtbot.waitUntil(lambda: not hands.window.jobs.busy, timeout=20 * PATIENCE)


def shown(hands: Hands) -> dict[str, str]:
    model = hands.window.start.drafts.list.model()
    return {model.index(row, 0).data(): model.index(row, 4).data() for row in range(model.rowCount())}


def listed(hands: Hands) -> dict[str, DraftCounts | None]:
    """The lines as read without any check."""
    return {line.agency: line.counts for line in hands.window.draft_actions._lines.listed()}


def fresh(hands: Hands, number: int) -> DraftCounts:
    return hands.window.draft_actions.reviewed(number).counts


def test_returning_to_a_list_of_300_drafts_calls_no_rule(hands: Hands, checks: list[str], open_window: OpenWindow):
    keep(hands, *(replace(complete(FORM_2021), agency=f"第{number:03}局") for number in range(300)))
    assert set(shown(hands).values()) == {"相符"}
    hands.window.open_draft(7)
    hands.desk.enter(NEW, "3")
    checks.clear()
    hands.window.close_draft()
    wait_counted(hands)
    assert (len(shown(hands)), shown(hands)["第006局"]) == (300, "1 处错误")
    hands.window.close()
    again = open_window()
    again.window.prepare()
    wait_counted(again)
    assert shown(again)["第006局"] == "1 处错误"
    assert checks == []


def test_what_is_edited_in_any_way_has_the_counts_of_a_fresh_check(hands: Hands, checks: list[str]):
    keep(hands, Report("甲局", 2023, "2021"), complete(FORM_2021))
    hands.window.open_draft(1)
    hands.desk.enter(NEW, "3")
    hands.desk.write("overview", "本年度")
    hands.desk.undo()
    hands.desk.set_head(unit_kind="government")
    hands.desk.note_fact("deadline", "2024-02-02")
    hands.window.close_draft()
    wait_counted(hands)
    checks.clear()
    counts = listed(hands)["甲局"]
    assert checks == []
    assert counts == fresh(hands, 1)
    assert counts.deadline == date(2024, 2, 2)


def test_a_new_name_is_counted_with_the_save(hands: Hands, checks: list[str]):
    keep(hands, complete(FORM_2021))
    checks.clear()
    hands.window.draft_actions._rename(1, "乙局")
    wait_counted(hands)
    assert shown(hands) == {"乙局": "相符"}
    assert len(checks) == 1  # for the edit itself


def test_counts_by_another_edition_of_the_program_are_not_shown(hands: Hands, checks: list[str], monkeypatch):
    keep(hands, complete(FORM_2021))
    checks.clear()
    monkeypatch.setattr("model.editing.opener.VERSION", "0.2.0")
    assert listed(hands) == {complete(FORM_2021).agency: None}
    refresh(hands)
    assert shown(hands) == {complete(FORM_2021).agency: "相符"}
    assert len(checks) == 1
    assert listed(hands) == {complete(FORM_2021).agency: fresh(hands, 1)}


@pytest.mark.parametrize("part", ["rules", "format"])
def test_counts_by_other_rules_or_another_format_are_not_shown(hands: Hands, monkeypatch, part: str):
    keep(hands, complete(FORM_2021))
    opener = hands.window._opener
    if part == "rules":
        opener._rules = replace(opener.rules, digest="other")
    else:
        for form in opener.formats:
            monkeypatch.setitem(form.__dict__, "digest", "other")
    assert listed(hands) == {complete(FORM_2021).agency: None}


def test_a_change_of_last_years_report_makes_the_counts_of_the_next_stale(hands: Hands, checks: list[str]):
    last, this = complete(FORM_2021), replace(complete(FORM_2021), year=2022)
    keep(hands, last, this, replace(this, agency="乙局"))
    checks.clear()
    hands.window.open_draft(1)
    hands.desk.enter_all({CARRIED_FORWARD: replace(hands.desk.editing.entry(CARRIED_FORWARD), number=4)}, "填写")
    hands.wait_saved()
    lines = {(line.agency, line.year): line for line in hands.window.draft_actions._lines.listed()}
    assert [key for key, line in lines.items() if line.uncounted] == [(this.agency, 2022)]
    hands.window.close_draft()
    wait_counted(hands)
    hands.window.open_draft(2)
    assert hands.findings("year-carry")
    counts = hands.desk.editing.counts
    lines = {(line.agency, line.year): line for line in hands.window.draft_actions._lines.listed()}
    assert lines[this.agency, 2022].counts == counts  # what the open draft shows


def test_counts_that_another_window_did_not_take_into_account_are_not_shown(hands: Hands):
    keep(hands, complete(FORM_2021))
    hands.window.open_draft(1)
    change = hands.window._opener.open(hands.desk.editing.report).enter(CARRIED_OVER, "9").change
    hands.window._save_queue.submit(1, change)  # as if from another window
    hands.desk.enter(NEW, "3")
    hands.wait_saved()
    assert listed(hands) == {complete(FORM_2021).agency: None}
    hands.window.close_draft()
    wait_counted(hands)
    assert listed(hands) == {complete(FORM_2021).agency: fresh(hands, 1)}


def test_wrong_counts_in_the_file_are_shown_of_their_own_state_only(hands: Hands):
    keep(hands, complete(FORM_2021))
    (stored,) = hands.window._save_queue.ask(lambda store: store.counts()).values()
    wrong = StoredCounts(replace(stored.counts, errors=9), "another state", stored.edition)
    monkey = "UPDATE counts SET body = replace(body, '\"errors\": 0', '\"errors\": 9')"
    hands.window._save_queue.ask(lambda store: store.set_counts({1: wrong}))
    assert listed(hands)[complete(FORM_2021).agency] == stored.counts
    hands.window._save_queue.ask(lambda store: store.database.execute(monkey))
    hands.window.draft_actions._lines._computed.clear()
    assert listed(hands)[complete(FORM_2021).agency] is None


def test_a_window_that_may_only_read_counts_for_itself_and_writes_nothing(
    tmp_path: Path, open_window: OpenWindow, checks: list[str]
):
    writer = open_drafts(tmp_path / "data")
    writer.store.create(complete(FORM_2021), "试")
    before = (tmp_path / "data" / "reports.db").read_bytes()
    hands = open_window()
    refresh(hands)
    assert hands.window._save_queue.refusal
    assert shown(hands) == {complete(FORM_2021).agency: "相符"}
    refresh(hands)
    assert len(checks) == 1
    assert (tmp_path / "data" / "reports.db").read_bytes() == before
    writer.store.close()


def test_counts_that_cannot_be_written_are_shown_nevertheless(hands: Hands, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    hands.keep(complete(FORM_2021))
    monkeypatch.setattr("model.storage.counts.write_counts", full)
    refresh(hands)
    assert shown(hands) == {complete(FORM_2021).agency: "相符"}
    assert not hands.window.banner.isVisible()


# -- on the screen --------------------------------------------------------------------------------------------------


def with_counts(lines: list[DraftLine]) -> list[DraftLine]:
    (some,) = {line.counts for line in lines}
    assert some
    return [replace(line, counts=replace(some, errors=5)) for line in lines]


def test_lines_are_replaced_as_quickly_as_they_are_shown_first(hands: Hands):
    now, counts = datetime.now().astimezone(), fresh(hands, hands.keep(complete(FORM_2021)))
    lines = [DraftLine(number, "某某县应急管理局", 2023, "〔2021〕30号", now, counts) for number in range(100)]
    drafts, seconds = hands.window.start.drafts, []
    for show in (drafts.show_drafts, drafts.show_drafts, drafts.show_counted):
        begin = time.process_time()
        show(lines)
        QApplication.processEvents()
        seconds.append(time.process_time() - begin)
    assert max(seconds) < 10 * seconds[0]  # a table that is measured for each item takes 100 times as long
    assert drafts.list.columnWidth(4) > drafts.list.fontMetrics().horizontalAdvance("相符")


def test_the_selection_stays_when_counts_arrive(hands: Hands):
    keep(hands, *(replace(complete(FORM_2021), agency=name) for name in ("甲局", "乙局", "丙局")))
    drafts = hands.window.start.drafts
    drafts.list.selectRow(1)
    drafts.show_counted(with_counts(hands.window.draft_actions._lines.listed()))
    assert set(shown(hands).values()) == {"5 处错误"}
    assert drafts.current() == 2


def test_counts_that_arrive_leave_a_name_alone_that_is_being_typed(hands: Hands):
    keep(hands, complete(FORM_2021))
    drafts = hands.window.start.drafts
    drafts.list.setFocus()
    hands.press(Qt.Key.Key_F2)
    editor = hands.focus
    drafts.show_counted(with_counts(hands.window.draft_actions._lines.listed()))
    assert hands.focus is editor
    commit(editor, "乙局")
    hands.press(Qt.Key.Key_Escape)
    hands.qtbot.waitUntil(lambda: set(shown(hands).values()) == {"5 处错误"}, timeout=PATIENCE)


def test_a_draft_that_is_opened_ends_the_counting(hands: Hands, checks: list[str]):
    for number in range(40):
        hands.keep(replace(complete(FORM_2021), agency=f"第{number:03}局"))
    hands.window.draft_actions.refresh()
    hands.qtbot.waitUntil(lambda: len(shown(hands)) == 40, timeout=PATIENCE)
    hands.window.open_draft(1)
    wait_counted(hands)
    assert len(checks) < 40
    hands.window.close_draft()
    wait_counted(hands)
    assert set(shown(hands).values()) == {"相符"}
