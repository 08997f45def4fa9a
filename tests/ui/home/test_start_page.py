"""Tests of the start page: list of drafts, search, recycle bin and the ways to begin."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton

from model.base.clock import ClockRecord
from model.form.cell import at
from model.report.facts import DEADLINE
from model.report.report import Report
from tests.support.helpers import FORM_2019, FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, PATIENCE, Hands, OpenWindow, commit
from ui.home.draft_list import KEPT_DAYS, DraftList
from ui.home.start_page import StartPage

pytestmark = NO_SCREEN


def start(hands: Hands) -> StartPage:
    return hands.window.start


def draft_actions(hands: Hands) -> DraftList:
    return hands.window.start.drafts


def rows(hands: Hands) -> list[list[str]]:
    table = draft_actions(hands).list
    return [[table.model().index(row, column).data() for column in range(7)] for row in range(table.rowCount())]


def add(hands: Hands, *reports: Report) -> list[int]:
    """Add drafts and reload the list."""
    numbers = [hands.keep(report) for report in reports]
    hands.window.draft_actions.refresh()
    hands.qtbot.waitUntil(lambda: draft_actions(hands).list.rowCount() == len(numbers), timeout=PATIENCE)
    hands.qtbot.waitUntil(lambda: all(row[4] != "正在检查…" for row in rows(hands)), timeout=PATIENCE)
    return numbers


def click(hands: Hands, button: QPushButton) -> None:
    hands.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_newcomer_is_told_the_three_ways_to_begin(hands: Hands):
    hands.window.prepare()
    hands.qtbot.waitUntil(lambda: not hands.window.jobs.busy, timeout=PATIENCE)
    empty = draft_actions(hands).stack.currentWidget()
    assert empty is not draft_actions(hands).list
    words = empty.text()  # type: ignore[attr-defined]
    for way in ("新建报告", "由旧年度报告新建", "复制为下一年度"):
        assert way in words
    assert not any(
        button.isEnabled()
        for button in (draft_actions(hands).open, draft_actions(hands).next_year, draft_actions(hands).delete)
    )


def test_a_name_and_enter_begin_a_blank_report(hands: Hands):
    start(hands).agency.setFocus()
    commit(start(hands).agency, "泗阳县人民政府")
    start(hands).agency.textEdited.emit("泗阳县人民政府")
    start(hands).year.setValue(2020)
    hands.press(Qt.Key.Key_Return)
    report = hands.desk.editing.report
    assert (report.agency, report.year, report.format, report.unit_kind) == (
        "泗阳县人民政府", 2020, "2019", "government",
    )  # fmt: skip
    assert hands.step == "cover"


def test_without_a_name_nothing_begins_and_the_field_asks_for_it(hands: Hands):
    click(hands, start(hands).begin)
    assert not hands.is_open
    assert QApplication.focusWidget() is start(hands).agency
    assert start(hands).agency.placeholderText() == "请先填写编制机关"


def test_the_list_shows_completion_and_what_is_wrong(hands: Hands):
    wrong = replace(complete(FORM_2021, requests__new_received__natural_person=3), agency="不符局")
    blank = Report("空白局", 2020, FORM_2019.id)
    without_texts = Report("半成局", 2023, "2021", cells=complete(FORM_2021).cells)
    add(hands, wrong, blank, without_texts, complete(FORM_2021))
    assert [row[:5] for row in rows(hands)] == [
        ["某某县应急管理局", "2021年", "〔2021〕30号", "100%", "相符"],
        ["半成局", "2023年", "〔2021〕30号", "98%", "3 个部分未写"],
        ["空白局", "2020年", "〔2019〕60号", "0%", f"{len(FORM_2019.inputs)} 格未填"],
        ["不符局", "2021年", "〔2021〕30号", "100%", "1 处错误"],
    ]


def test_the_draft_used_last_stands_on_top_and_enter_opens_it(hands: Hands):
    first, _second = add(hands, Report("甲局", 2023, "2021"), Report("乙局", 2023, "2021"))
    hands.window.open_draft(first)
    hands.desk.enter(at("proactive/licence/decisions"), "5")
    hands.window.close_draft()
    hands.qtbot.waitUntil(lambda: rows(hands)[0][0] == "甲局", timeout=PATIENCE)
    assert QApplication.focusWidget() is draft_actions(hands).list
    hands.press(Qt.Key.Key_Return)
    assert hands.desk.number == first


def test_a_double_click_opens_a_draft(hands: Hands):
    _, second = add(hands, Report("甲局", 2023, "2021"), Report("乙局", 2023, "2021"))
    view = draft_actions(hands).list
    place = view.visualRect(view.model().index(0, 1)).center()
    hands.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    hands.qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert hands.desk.number == second


def test_next_years_report_takes_over_what_carries(hands: Hands):
    add(hands, complete(FORM_2021, requests__carried_forward__natural_person=4))
    click(hands, draft_actions(hands).next_year)
    report = hands.desk.editing.report
    assert (report.year, report.entry(at("requests/carried_over/natural_person")).number) == (2022, 4)
    assert report.entry(at("requests/new_received/natural_person")).blank


def test_a_draft_goes_to_the_recycle_bin_and_comes_back(hands: Hands):
    add(hands, Report("甲局", 2023, "2021"))
    click(hands, draft_actions(hands).delete)
    hands.qtbot.waitUntil(lambda: not rows(hands), timeout=PATIENCE)
    assert draft_actions(hands).stack.currentIndex() == 0
    assert "回收站" in hands.window.banner.words.text()
    (undo,) = [b for b in hands.window.banner.findChildren(QPushButton) if b.text() == "撤销"]
    click(hands, undo)
    hands.qtbot.waitUntil(lambda: len(rows(hands)) == 1, timeout=PATIENCE)
    assert not hands.window.banner.isVisible()


def test_one_draft_that_cannot_be_read_does_not_hide_the_others(hands: Hands):
    add(hands, Report("甲局", 2023, "2021"), Report("未来局", 2040, "2038"))
    names = {row[0]: row[4] for row in rows(hands)}
    assert names == {"甲局": f"{len(FORM_2021.inputs)} 格未填", "未来局": "无法读入"}


@pytest.mark.parametrize("name", ["open", "next_year", "delete"])
def test_a_draft_that_is_gone_is_said_in_the_banner(hands: Hands, name: str):
    add(hands, Report("未来局", 2040, "2038"))
    if name == "delete":
        hands.window.draft_actions.delete(99)
        said = "没有编号为 99 的草稿"
    else:
        click(hands, getattr(draft_actions(hands), name))
        said = "本机没有格式“2038”"
    assert hands.window.banner.isVisible()
    assert said in hands.window.banner.words.text()
    assert not hands.is_open


# -- search, rename, export ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words, found",
    [
        ("", ["乙局", "甲局", "甲局"]),
        ("甲", ["甲局", "甲局"]),
        ("甲 2022", ["甲局"]),
        ("2023", ["乙局", "甲局"]),
        ("丙", []),
    ],
)
def test_the_list_is_searched_by_agency_and_year(hands: Hands, words: str, found: list[str]):
    add(hands, Report("甲局", 2022, "2021"), Report("甲局", 2023, "2021"), Report("乙局", 2023, "2021"))
    draft_actions(hands).search.setText(words)
    assert [row[0] for row in rows(hands)] == found
    assert (draft_actions(hands).stack.currentIndex() == 1) == bool(found)


def test_enter_in_the_search_opens_the_first_that_was_found(hands: Hands):
    first, _second = add(hands, Report("甲局", 2022, "2021"), Report("乙局", 2023, "2021"))
    draft_actions(hands).search.setFocus()
    hands.type("2022")
    hands.press(Qt.Key.Key_Return)
    assert hands.desk.number == first


def rename(hands: Hands, name: str) -> None:
    draft_actions(hands).list.setFocus()
    hands.press(Qt.Key.Key_F2)
    commit(hands.focus, name)
    hands.press(Qt.Key.Key_Return)


def test_lines_that_come_from_the_file_leave_a_name_alone_that_is_being_typed(hands: Hands):
    (first,) = add(hands, Report("甲局", 2023, "2021"))
    draft_actions(hands).list.setFocus()
    hands.press(Qt.Key.Key_F2)
    editor = hands.focus
    hands.keep(Report("丙局", 2023, "2021"))
    hands.window.draft_actions.refresh()
    hands.qtbot.waitUntil(lambda: not hands.window.jobs.busy, timeout=PATIENCE)
    assert hands.focus is editor
    commit(editor, "乙局")
    hands.press(Qt.Key.Key_Return)
    hands.qtbot.waitUntil(lambda: {row[0] for row in rows(hands)} == {"乙局", "丙局"}, timeout=PATIENCE)
    assert hands.window._save_queue.ask(lambda store: store.load(first)).agency == "乙局"


def test_a_draft_opened_over_its_half_typed_name_has_the_new_one(hands: Hands):
    (number,) = add(hands, Report("甲局", 2023, "2021"))
    draft_actions(hands).list.setFocus()
    hands.press(Qt.Key.Key_F2)
    commit(hands.focus, "乙局")
    hands.window.open_draft(number)
    assert hands.desk.editing.report.agency == "乙局"


def test_a_name_that_is_being_typed_when_the_window_closes_is_kept(hands: Hands, open_window: OpenWindow):
    add(hands, Report("甲局", 2023, "2021"))
    draft_actions(hands).list.setFocus()
    draft_actions(hands).on_rename()
    draft_actions(hands).on_rename()  # a second time changes nothing
    editor = hands.focus
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    commit(editor, "乙局")
    hands.window.close()
    again = open_window()
    again.window.prepare()
    again.qtbot.waitUntil(lambda: bool(rows(again)), timeout=PATIENCE)
    assert [row[0] for row in rows(again)] == ["乙局"]


def test_f2_renames_the_agency_where_it_stands(hands: Hands):
    (number,) = add(hands, Report("甲局", 2023, "2021"))
    rename(hands, "某某县甲局")
    hands.qtbot.waitUntil(lambda: hands.window._save_queue.ask(lambda store: store.load(number)).agency == "某某县甲局")
    hands.qtbot.waitUntil(lambda: rows(hands)[0][0] == "某某县甲局", timeout=PATIENCE)


@pytest.mark.parametrize("name", ["", "  "])
def test_a_draft_cannot_lose_its_name(hands: Hands, name: str):
    (number,) = add(hands, Report("甲局", 2023, "2021"))
    draft_actions(hands).on_rename()
    hands.press(Qt.Key.Key_Delete)
    rename_to = hands.focus
    commit(rename_to, name)
    hands.press(Qt.Key.Key_Return)
    assert rows(hands)[0][0] == "甲局"
    assert hands.window._save_queue.ask(lambda store: store.load(number)).agency == "甲局"


def test_a_final_draft_keeps_its_name(hands: Hands):
    final = complete(FORM_2021)
    (number,) = add(hands, replace(final, facts={"final_at": "2024-01-20T10:00:00"}))
    rename(hands, "乙局")
    hands.qtbot.waitUntil(hands.window.banner.isVisible, timeout=PATIENCE)
    assert "定稿" in hands.window.banner.words.text()
    hands.qtbot.waitUntil(lambda: rows(hands)[0][0] == final.agency, timeout=PATIENCE)
    assert hands.window._save_queue.ask(lambda store: store.load(number)).agency == final.agency


def test_a_draft_is_exported_from_the_list(hands: Hands, tmp_path, monkeypatch):
    add(hands, complete(FORM_2021))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(tmp_path / "年报.json"), ""))
    with hands.qtbot.waitSignal(hands.window.exported, timeout=PATIENCE):
        draft_actions(hands).export.menu().actions()[1].trigger()
    assert (tmp_path / "年报.json").exists()
    assert not hands.is_open


# -- the recycle bin ----------------------------------------------------------------------------------------------


def test_the_recycle_bin_shows_what_was_deleted_and_gives_it_back(hands: Hands):
    add(hands, Report("甲局", 2023, "2021"), Report("乙局", 2023, "2021"))
    click(hands, draft_actions(hands).delete)
    hands.qtbot.waitUntil(lambda: len(rows(hands)) == 1, timeout=PATIENCE)
    click(hands, draft_actions(hands).bin)
    hands.qtbot.waitUntil(lambda: [row[0] for row in rows(hands)] == ["乙局"], timeout=PATIENCE)
    assert draft_actions(hands).restore.isVisible()
    assert not draft_actions(hands).delete.isVisible()
    click(hands, draft_actions(hands).restore)
    hands.qtbot.waitUntil(lambda: not rows(hands), timeout=PATIENCE)
    click(hands, draft_actions(hands).bin)
    hands.qtbot.waitUntil(lambda: len(rows(hands)) == 2, timeout=PATIENCE)


def used_since(day: datetime) -> str:
    return ClockRecord(day, day).text()


def test_what_was_deleted_long_ago_goes_for_ever_when_the_program_starts(hands: Hands, monkeypatch):
    now = datetime.now().astimezone()
    long_ago = now - timedelta(days=KEPT_DAYS + 2)
    for module in ("store", "step_writer"):
        monkeypatch.setattr(f"model.storage.{module}.stamp", long_ago.isoformat)
    (old,) = add(hands, Report("甲局", 2023, "2021"))
    hands.window._save_queue.ask(lambda store: store.delete(old))
    monkeypatch.undo()
    (new,) = add(hands, Report("乙局", 2023, "2021"))
    hands.window._save_queue.ask(lambda store: store.delete(new))
    hands.window.prepare()
    hands.qtbot.wait(500)
    everything = hands.window._save_queue.ask(lambda store: store.drafts(deleted=True))
    assert {draft.number for draft in everything} == {old, new}  # the clock may be wrong today
    hands.window._save_queue.ask(lambda store: store._set_meta("clock", used_since(now - timedelta(hours=25))))
    hands.window.prepare()
    hands.qtbot.waitUntil(
        lambda: [d.number for d in hands.window._save_queue.ask(lambda store: store.drafts(deleted=True))] == [new],
        timeout=PATIENCE,
    )


# -- the deadline -------------------------------------------------------------------------------------------------


def test_the_statutory_day_is_proposed_by_year_and_kind_and_the_list_shows_it(hands: Hands):
    start(hands).year.setValue(2023)
    assert start(hands).deadline.text() == "2024年1月31日"
    start(hands).on_agency("某某县人民政府")
    assert start(hands).deadline.text() == "2024年3月31日"
    start(hands).agency.setText("某某县人民政府")
    start(hands).on_begin()
    assert DEADLINE not in hands.desk.editing.report.facts
    hands.window.close_draft()
    hands.qtbot.waitUntil(lambda: [row[5] for row in rows(hands)] == ["2024-03-31"], timeout=PATIENCE)


def test_a_day_set_by_hand_stays_whatever_is_chosen_after_it(hands: Hands):
    start(hands).year.setValue(2023)
    start(hands).deadline.selectAll()
    hands.qtbot.keyClicks(start(hands).deadline, "2024-1-15")
    start(hands).on_agency("某某县人民政府")
    start(hands).agency.setText("某某县人民政府")
    start(hands).on_begin()
    assert hands.desk.editing.report.facts[DEADLINE] == "2024-01-15"
    assert hands.window.due.text().endswith("天") or "2024" in hands.window.due.text()
