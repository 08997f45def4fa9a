"""Tests of the main window: typing is saved, reported as saved after COMMIT only, and kept when closing at any time."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from model.base.trouble import Trouble
from model.importing.own_pdf import read_data
from model.report.exchange import loads
from model.report.report import Report
from model.storage.store import Store
from tests.support import real_display
from tests.support.helpers import FORM_2021, REPORTS, complete
from tests.support.real_display import Display
from tests.support.ui_helpers import NEW, NO_SCREEN, PATIENCE, Hands, OpenWindow
from ui.editor.workbench import NARROW, PANEL

pytestmark = NO_SCREEN
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def zeros(hands: Hands) -> Hands:
    hands.begin(complete(FORM_2021))
    hands.stand_on(str(NEW))
    return hands


@pytest.fixture
def held(monkeypatch) -> Iterator[threading.Event]:
    """Block all saves until the event is set."""
    free, save = threading.Event(), Store.save
    monkeypatch.setattr(Store, "save", lambda *given: free.wait(30) and save(*given))
    yield free
    free.set()


def banner(hands: Hands) -> str:
    return hands.window.banner.words.text() if hands.window.banner.isVisible() else ""


def offers(hands: Hands) -> list[str]:
    return [button.text() for button in hands.window.banner.findChildren(QPushButton) if button.isVisible()]


def action(hands: Hands, name: str) -> QAction:
    return next(action for action in hands.window.findChildren(QAction) if action.text().startswith(name))


# -- saving -------------------------------------------------------------------------------------------------------


def test_saved_is_said_only_after_the_commit(zeros: Hands, held: threading.Event):
    zeros.fill("3")
    zeros.qtbot.wait(150)
    assert zeros.status == "正在保存…"
    held.set()
    zeros.qtbot.waitUntil(lambda: zeros.status != "正在保存…", timeout=PATIENCE)
    assert time.strptime(zeros.status, "已保存 %H:%M:%S")


def test_what_is_typed_while_saving_is_not_told_as_saved_with_it(zeros: Hands, monkeypatch):
    save, begun, turns = Store.save, threading.Event(), threading.Semaphore(0)

    def in_turn(*given):
        begun.set()
        return turns.acquire(timeout=30) and save(*given)

    monkeypatch.setattr(Store, "save", in_turn)
    zeros.fill("3")
    assert begun.wait(30)  # otherwise both would be in one save
    zeros.fill("4")
    for status in ("正在保存…", "已保存 "):
        with zeros.qtbot.waitSignal(zeros.window._save_queue.saved, timeout=PATIENCE):
            turns.release()
        assert zeros.status.startswith(status)


def test_a_full_disk_is_told_once_and_taken_back_when_all_is_saved(zeros: Hands, monkeypatch):
    save, full = Store.save, [True]

    def on_disk(*given):
        if full:
            raise Trouble("磁盘空间不足，请清理磁盘")
        return save(*given)

    monkeypatch.setattr(Store, "save", on_disk)
    zeros.fill("3")
    zeros.qtbot.waitUntil(lambda: zeros.status == "未保存", timeout=PATIENCE)
    assert banner(zeros) == "最近 1 处修改尚未保存：磁盘空间不足，请清理磁盘。本软件会一直重试。"
    full.clear()
    zeros.wait_saved()
    assert banner(zeros) == ""


# -- closing at any moment ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("leave", ["close", "list", "page", "steps"])
@pytest.mark.parametrize("typed", ["12", "约12"])
def test_a_cell_left_in_the_middle_is_there_again(open_window: OpenWindow, typed: str, leave: str):
    hands = open_window()
    number = hands.begin(complete(FORM_2021))
    hands.stand_on(str(NEW))
    hands.type(typed)
    assert hands.editor
    if leave == "page":
        hands.press(Qt.Key.Key_PageDown, CTRL)
    elif leave == "steps":
        hands.wizard.list.setCurrentRow(0)
    elif leave == "list":
        hands.press(Qt.Key.Key_L, CTRL)
        assert not hands.is_open
    hands.window.close()

    again = open_window()
    again.window.open_draft(number)
    again.stand_on(str(NEW))
    assert again.shown(str(NEW)) == typed
    assert len(again.findings("cell-unread")) == (typed == "约12")


def test_text_typed_and_closed_at_once_is_there_again(open_window: OpenWindow):
    hands = open_window()
    number = hands.begin(Report("应急管理局", 2023, "2021"))
    hands.wizard.go_to("overview").take_focus()
    hands.type("本年，")
    hands.window.close()
    again = open_window()
    again.window.open_draft(number)
    assert again.desk.editing.report.text("overview") == "本年，"


def test_the_draft_comes_back_where_it_was_left(open_window: OpenWindow):
    hands = open_window()
    number = hands.begin(complete(FORM_2021))
    hands.stand_on("requests/granted/business")
    hands.window.close()
    again = open_window()
    again.window.open_draft(number)
    assert (again.step, again.here) == ("requests", "requests/granted/business")


def test_the_findings_are_as_wide_as_they_were_left_and_give_room_on_a_small_screen(open_window: OpenWindow):
    hands = open_window((1366, 708))
    number = hands.begin(complete(FORM_2021))
    handle = hands.bench.splitter.handle(1)
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle - QPoint(80, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle - QPoint(80, 0))
    left = hands.panel.width()
    hands.window.close()
    widths = []
    for width in (1024, 1366):
        again = open_window((width, 708))
        again.window.open_draft(number)
        again.qtbot.wait(30)
        widths.append(again.panel.width())
        again.window.close()
    assert left > PANEL
    assert widths == [NARROW, pytest.approx(left, abs=8)]


def test_the_cursor_comes_back_into_the_text_where_it_was_left(open_window: OpenWindow):
    hands = open_window()
    number = hands.begin(replace(complete(FORM_2021), texts={"overview": "一二三四五六七八"}))
    hands.wizard.go_to("overview").take_focus()
    for _ in range(3):
        hands.press(Qt.Key.Key_Right)
    hands.window.close()
    again = open_window()
    again.window.open_draft(number)
    again.type("新")
    again.desk.commit_pending()
    assert again.desk.editing.report.text("overview") == "一二三新四五六七八"


def test_the_same_draft_opened_over_its_half_typed_cell_shows_what_was_typed(hands: Hands):
    number = hands.begin(complete(FORM_2021))
    hands.stand_on(str(NEW))
    hands.type("12")
    hands.window.open_draft(number)
    assert hands.desk.editing.report.entry(NEW).number == 12
    assert hands.window._save_queue.ask(lambda store: store.load(number)) == hands.desk.editing.report


def test_another_draft_opened_over_a_half_typed_one_loses_nothing(hands: Hands):
    first = hands.begin(complete(FORM_2021))
    second = hands.keep(Report("另一局", 2023, "2021"))
    hands.stand_on(str(NEW))
    hands.type("12")
    hands.window.open_draft(second)
    assert hands.desk.number == second
    assert hands.window._save_queue.ask(lambda store: store.load(first)).entry(NEW).number == 12


def test_the_window_can_be_closed_while_work_goes_on_behind_it(open_window: OpenWindow, tmp_path: Path):
    hands = open_window()
    hands.begin(complete(FORM_2021))
    hands.window.exporter.export_to(tmp_path / "年报.pdf")
    hands.window.draft_actions.import_file(REPORTS / "suqian-2023.json")
    hands.window.close()
    hands.qtbot.waitUntil(lambda: not hands.window.jobs.busy, timeout=PATIENCE)
    assert (tmp_path / "年报.pdf").read_bytes().startswith(b"%PDF-")
    assert not (tmp_path / "data" / "crash").exists()


def test_the_first_look_at_the_drafts_may_be_cut_short(open_window: OpenWindow):
    hands = open_window()
    hands.window.draft_actions.refresh()
    hands.window.close()
    hands.qtbot.waitUntil(lambda: not hands.window.jobs.busy, timeout=PATIENCE)


# -- files --------------------------------------------------------------------------------------------------------


def test_an_old_report_becomes_a_draft_with_what_is_to_be_checked(hands: Hands):
    with hands.qtbot.waitSignal(hands.window.opened, timeout=PATIENCE):
        hands.window.draft_actions.import_file(REPORTS / "jiyuan-emergency-2020.txt")
    assert hands.desk.editing.report.year == 2020
    assert banner(hands) == ("已读入“jiyuan-emergency-2020.txt”：应急管理局 2020 年，有 1 处请核对，列在右边")
    assert any("16 个数" in line for line in hands.listed())


def test_a_file_that_is_no_report_is_refused_in_the_banner(hands: Hands, tmp_path: Path):
    (tmp_path / "空.txt").touch()
    hands.window.draft_actions.import_file(tmp_path / "空.txt")
    hands.qtbot.waitUntil(lambda: banner(hands) != "", timeout=PATIENCE)
    assert "空.txt" in banner(hands)
    assert not hands.is_open
    assert not (tmp_path / "data" / "reports.db").exists()


def test_a_report_goes_out_as_pdf_and_as_data_and_comes_back(zeros: Hands, tmp_path: Path):
    for name in ("年报.pdf", "年报.json"):
        with zeros.qtbot.waitSignal(zeros.window.exported, timeout=4 * PATIENCE):
            zeros.window.exporter.export_to(tmp_path / name)
        assert banner(zeros).startswith(f"已导出：{tmp_path / name}")
        assert ("字体：" in banner(zeros)) == name.endswith(".pdf")
        assert offers(zeros) == ["打开文件", "打开所在文件夹", "关闭"]
    assert loads((tmp_path / "年报.json").read_bytes()) == zeros.desk.editing.report
    data = read_data(tmp_path / "年报.pdf")
    assert data is not None
    assert loads(data) == zeros.desk.editing.report


def test_an_export_that_fails_says_why_and_the_next_one_works(zeros: Hands, tmp_path: Path):
    zeros.window.exporter.export_to(tmp_path / "没有" / "年报.json")
    zeros.qtbot.waitUntil(lambda: "没有" in banner(zeros), timeout=PATIENCE)
    with zeros.qtbot.waitSignal(zeros.window.exported, timeout=PATIENCE):
        zeros.window.exporter.export_to(tmp_path / "年报.json")


def test_an_export_that_is_cancelled_writes_nothing(zeros: Hands, tmp_path: Path, monkeypatch):
    ready, held = threading.Event(), threading.Event()

    def slowly(_editing: object) -> bytes:
        ready.set()
        held.wait(30)
        return b"{}"

    monkeypatch.setattr("model.report.exchange.dumps", slowly)
    zeros.window.exporter.export_to(tmp_path / "年报.json")
    assert banner(zeros) == "正在导出 年报.json…"
    zeros.qtbot.waitUntil(ready.is_set, timeout=PATIENCE)
    (cancel,) = [button for button in zeros.window.banner.findChildren(QPushButton) if button.text() == "取消"]
    zeros.qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    held.set()
    zeros.qtbot.waitUntil(lambda: banner(zeros) == "已取消，没有写“年报.json”", timeout=PATIENCE)
    assert list(tmp_path.glob("*年报*")) == []


def test_a_character_that_no_font_has_is_named_and_may_become_a_box(hands: Hands, tmp_path: Path):
    hands.begin(replace(complete(FORM_2021), texts={"overview": "字\U0001f600"}))
    hands.window.exporter.export_to(tmp_path / "年报.pdf")
    hands.qtbot.waitUntil(lambda: "以□代替并导出" in offers(hands), timeout=4 * PATIENCE)
    assert "\U0001f600" in banner(hands)
    assert not (tmp_path / "年报.pdf").exists()
    (boxes,) = [b for b in hands.window.banner.findChildren(QPushButton) if b.text() == "以□代替并导出"]
    with hands.qtbot.waitSignal(hands.window.exported, timeout=4 * PATIENCE):
        hands.qtbot.mouseClick(boxes, Qt.MouseButton.LeftButton)
    assert (tmp_path / "年报.pdf").exists()


# -- the deadline, the looks --------------------------------------------------------------------------------------


def test_the_days_left_stand_at_the_bottom_and_follow_the_cover(hands: Hands):
    this_year = date.today().year
    hands.begin(Report("某局", this_year, "2021"))
    days = (date(this_year + 1, 1, 31) - date.today()).days
    assert hands.window.due.text() == f"距 1月31日 还有 {days} 天"
    hands.desk.set_head(unit_kind="government")
    assert hands.window.due.text().startswith("距 3月31日 还有 ")
    hands.window.close_draft()
    assert hands.window.due.text() == ""


def test_the_text_size_is_chosen_kept_and_set_back_with_ctrl_0(open_window: OpenWindow):
    hands = open_window()

    def size(hands: Hands) -> float:
        return hands.window.start.drafts.search.font().pointSizeF()

    hands.window.view.sizes[12].trigger()
    hands.qtbot.waitUntil(lambda: size(hands) == 12, timeout=PATIENCE)
    hands.window.close()
    again = open_window()
    assert again.window.view.sizes[12].isChecked()
    again.press(Qt.Key.Key_0, CTRL)
    again.qtbot.waitUntil(lambda: size(again) == 10, timeout=PATIENCE)


def test_the_fonts_of_this_computer_are_used_only_on_demand(open_window: OpenWindow):
    hands = open_window()
    assert not hands.window.exporter.own_fonts
    hands.window.view.own_fonts.trigger()
    hands.window.close()
    again = open_window()
    assert again.window.exporter.own_fonts
    assert again.window.view.own_fonts.isChecked()


def test_what_is_typed_last_is_in_the_export(zeros: Hands, tmp_path: Path):
    zeros.type("7")
    with zeros.qtbot.waitSignal(zeros.window.exported, timeout=PATIENCE):
        zeros.window.exporter.export_to(tmp_path / "年报.json")
    assert json.loads((tmp_path / "年报.json").read_bytes())["cells"][str(NEW)]


def test_the_preview_shows_the_pages_and_leads_back(zeros: Hands):
    zeros.window.exporter.on_preview()
    zeros.qtbot.waitUntil(lambda: zeros.bench.count() == 2, timeout=4 * PATIENCE)
    assert not zeros.wizard.isVisible()
    zeros.desk.enter(NEW, "3")  # the pages are out of date now
    assert zeros.wizard.isVisible()
    assert zeros.bench.count() == 1


def test_what_is_typed_while_the_preview_is_made_is_on_its_pages(zeros: Hands, monkeypatch, tmp_path: Path):
    shown = tmp_path / "预览.pdf"
    show = zeros.bench.show_preview

    def keep(content: bytes, title: str) -> None:
        shown.write_bytes(content)
        show(content, title)

    monkeypatch.setattr(zeros.bench, "show_preview", keep)
    zeros.window.exporter.on_preview()
    zeros.type("3")  # the cell stays open
    zeros.qtbot.waitUntil(lambda: zeros.bench.count() == 2, timeout=4 * PATIENCE)
    zeros.qtbot.wait(600)  # longer than the pause after which typing is saved
    assert zeros.bench.count() == 2
    data = read_data(shown)
    assert data
    assert loads(data).entry(NEW).number == 3


# -- menus --------------------------------------------------------------------------------------------------------


def test_what_needs_a_draft_waits_for_one(hands: Hands):
    names = ["返回草稿列表", "导出 PDF", "撤销", "重做", "下一处问题", "下一区域", "上一区域"]
    assert not any(action(hands, name).isEnabled() for name in names)
    hands.begin(complete(FORM_2021))
    assert all(action(hands, name).isEnabled() for name in names)


def test_no_two_commands_share_a_key(hands: Hands):
    keys = [a.shortcut().toString() for a in hands.window.findChildren(QAction) if not a.shortcut().isEmpty()]
    assert sorted(keys) == sorted(set(keys))
    assert {"Ctrl+Z", "Ctrl+Y", "F8", "Shift+F8", "F6", "Ctrl+PgUp", "Ctrl+PgDown", "F1"} <= set(keys)


# -- a real display -----------------------------------------------------------------------------------------------


@pytest.fixture
def display() -> Iterator[Display]:
    """Start a real X server; yields its environment."""
    if missing := real_display.missing():
        pytest.skip(f"needs {' and '.join(missing)}")
    with real_display.display() as shown:
        yield shown


def test_real_keys_in_the_real_program_reach_the_file(display: Display, tmp_path: Path):
    """Check with the keyboard alone, from the list of drafts to a number in table 三, and Ctrl+Q in an open cell."""
    store = Store.open(tmp_path)
    number = store.create(complete(FORM_2021), "试").number
    store.close()
    with real_display.program(display, tmp_path, tmp_path / "said.txt") as program:
        real_display.open_first_draft(display, program.pid, "2021 年")
        real_display.keys(display, "key", "ctrl+Next", "ctrl+Next", "ctrl+Next")
        real_display.keys(display, "key", "3", "KP_Enter", "Tab", "4", "Down", "5", "ctrl+q")
        assert program.wait(20) == 0
    store = Store.open(tmp_path)
    cells = store.load(number).cells
    store.close()
    shown = {str(address): entry.shown() for address, entry in cells.items() if entry.number}
    assert shown == {str(NEW): "3", "requests/carried_over/business": "4", "requests/granted/business": "5"}
    assert (tmp_path / "said.txt").read_text() == ""
