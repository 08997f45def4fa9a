"""Tests of the window with failing disks, drafts held by another computer, and the end of the session."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton

from model.base import crash_report, event_log, location
from model.form.cell import Entry
from model.recovery import open_database
from model.recovery.open_database import open_drafts
from model.report import exchange
from model.report.report import Change
from model.storage import lock
from model.storage.database_file import StoreTrouble
from model.storage.lock import Holder
from model.storage.store import Store
from tests.support.helpers import FORM_2021, complete
from tests.support.narratives import RULES
from tests.support.platforms import posix_only
from tests.support.ui_helpers import NEW, NO_SCREEN, PATIENCE, Hands, OpenWindow, places
from ui.app import startup
from ui.docks.about import about_words
from ui.window import closing

pytestmark = NO_SCREEN
CANARY = "金丝雀某某410102"
unmovable = posix_only("Windows lets nobody move what is open")


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_database, "SETTLE_SECONDS", 0.0)
    # A failed test leaves unsaved changes; the question about them would wait without end.
    monkeypatch.setattr(closing, "ask_question", lambda *_: closing.CLOSE)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Create a folder with one draft, saved and closed."""
    store = open_drafts(tmp_path / "data").store
    store.create(complete(FORM_2021), "试")
    store.close()
    return tmp_path / "data"


@pytest.fixture
def looked_at(data: Path, open_window: OpenWindow) -> Callable[[], Hands]:
    """Return a function that opens the window and a draft on the changed folder."""

    def look() -> Hands:
        hands = open_window()
        hands.window.prepare()
        hands.qtbot.waitUntil(lambda: said(hands) != "", timeout=PATIENCE)
        return hands

    return look


def said(hands: Hands) -> str:
    return hands.window.banner.words.text() if hands.window.banner.isVisible() else ""


def offers(hands: Hands) -> dict[str, QPushButton]:
    return {b.text(): b for b in hands.window.banner.findChildren(QPushButton) if b.isVisible()}


def press(hands: Hands, label: str) -> None:
    hands.qtbot.mouseClick(offers(hands)[label], Qt.MouseButton.LeftButton)


def number_in(folder: Path) -> Entry:
    """Return the entry in the file as another program reads it."""
    store = Store.open_for_reading(folder, "只看")
    try:
        return store.load(1).entry(NEW)
    finally:
        store.close()


# -- full disk ----------------------------------------------------------------------------------------------------


@pytest.fixture
def full(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    """Open a draft on a disk that is full until the patch is undone."""

    def refuse(*_: object) -> None:
        raise StoreTrouble("磁盘已满，无法写入草稿库；请清理磁盘空间后再试")

    hands.begin(complete(FORM_2021))
    monkeypatch.setattr(Store, "save", refuse)
    yield hands
    monkeypatch.undo()
    hands.qtbot.waitUntil(lambda: hands.window._save_queue.waiting(1) == 0, timeout=4 * PATIENCE)


def test_typing_goes_on_the_red_bar_counts_and_all_is_saved_when_there_is_room_again(
    full: Hands, monkeypatch: pytest.MonkeyPatch
):
    full.stand_on(str(NEW))
    for digit in "123":
        full.fill(digit)
    full.qtbot.waitUntil(lambda: said(full).startswith("最近 3 处修改尚未保存：磁盘已满"), timeout=PATIENCE)
    assert full.status == "未保存"
    assert full.desk.editing.values[NEW] == 1
    monkeypatch.undo()
    full.qtbot.waitUntil(lambda: full.status.startswith("已保存 "), timeout=4 * PATIENCE)
    assert said(full) == ""


def test_what_is_not_saved_can_be_put_in_another_place(full: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    full.stand_on(str(NEW))
    full.fill("7")
    full.qtbot.waitUntil(lambda: "另存到其他位置…" in offers(full), timeout=PATIENCE)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "救急"), ""))
    press(full, "另存到其他位置…")
    assert exchange.loads((tmp_path / "救急.json").read_bytes()).entry(NEW) == Entry(7)
    assert "已另存为" in said(full)


@unmovable
def test_a_folder_that_is_renamed_is_missed_and_nothing_typed_meanwhile_is_lost(hands: Hands, tmp_path: Path):
    hands.begin(complete(FORM_2021))
    away = (tmp_path / "data").rename(tmp_path / "改名")
    hands.stand_on(str(NEW))
    hands.fill("7")
    hands.qtbot.waitUntil(lambda: "找不到数据文件夹" in said(hands), timeout=PATIENCE)
    assert "另存到其他位置…" in offers(hands)
    assert not (tmp_path / "data").exists()
    (tmp_path / "data").mkdir()  # as writing the settings does
    hands.qtbot.wait(1500)
    assert not (tmp_path / "data" / "reports.db").exists()  # no new, empty file in its place
    shutil.rmtree(tmp_path / "data")
    away.rename(tmp_path / "data")
    hands.qtbot.waitUntil(lambda: hands.status.startswith("已保存 "), timeout=4 * PATIENCE)
    assert number_in(tmp_path / "data") == Entry(7)


# -- the end of the session ---------------------------------------------------------------------------------------


def test_what_stands_in_an_open_editor_is_in_the_file_before_the_session_ends(hands: Hands, tmp_path: Path):
    hands.begin(complete(FORM_2021))
    hands.stand_on(str(NEW))
    hands.type("7")
    assert hands.window.end_session()
    assert number_in(tmp_path / "data") == Entry(7)


def refuse(_handle: int) -> None:
    raise BlockingIOError


# -- other computers, other places --------------------------------------------------------------------------------


def test_what_a_dead_computer_held_can_be_taken_over(
    data: Path, looked_at: Callable[[], Hands], monkeypatch: pytest.MonkeyPatch
):
    then = datetime.now(UTC) - timedelta(seconds=200)
    store = Store.open(data)
    store.hold(holder := Holder(user="张三", host="PC-07", since=then, renewed=then), None)
    store.database.close()
    (data / lock.LOCK_FILE).write_text(holder.text(), encoding="utf-8")
    monkeypatch.setattr(lock, "_lock", refuse)  # as a server that has not yet noticed it
    hands = looked_at()
    assert "“张三”" in said(hands)
    assert "已超过 120 秒无响应；可以改在本机编辑" in said(hands)
    press(hands, "改在本机编辑")
    hands.window.open_draft(1)
    hands.desk.enter(NEW, "3")
    hands.wait_saved()
    assert hands.window._save_queue.refusal == ""


def test_on_another_computer_the_drafts_are_only_looked_at(
    data: Path, looked_at: Callable[[], Hands], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(location, "on_network", lambda _folder: True)
    hands = looked_at()
    assert "编辑前需复制到本机" in said(hands)
    hands.window.open_draft(1)
    hands.desk.enter(NEW, "3")
    assert hands.desk.editing.values[NEW] == 0
    assert hands.status == "只能查看"


@pytest.mark.parametrize("decision, number", [("使用较新的备份", 5), ("仍用此文件", 0)])
def test_which_of_two_ages_of_the_file_is_right_is_asked(
    data: Path, looked_at: Callable[[], Hands], decision: str, number: int
):
    older = (data / "reports.db").read_bytes()
    store = open_drafts(data).store
    editing = complete(FORM_2021)
    store.save(1, [Change("填写", cells={NEW: (editing.entry(NEW), Entry(5))})], "uid")
    store.backup()
    store.close()
    (data / "reports.db").write_bytes(older)
    hands = looked_at()
    assert "比本机上次保存的旧（少 1 处修改）" in said(hands)
    press(hands, decision)
    hands.window.open_draft(1)
    assert hands.desk.editing.values[NEW] == number
    hands.desk.enter(NEW, "9")
    hands.wait_saved()


def put(path: Path, content: bytes) -> None:
    """Overwrite in place, as a sync client does."""
    with path.open("r+b") as file:
        file.write(content)
        file.truncate()


def test_an_older_file_under_the_open_window_gets_its_content_back_by_one_button(hands: Hands, tmp_path: Path):
    path = tmp_path / "data" / "reports.db"
    hands.begin(complete(FORM_2021))
    hands.desk.enter(NEW, "3")
    hands.wait_saved()
    older = path.read_bytes()
    hands.desk.write("overview", "写好的一段")
    hands.wait_saved()
    put(path, older)
    hands.desk.enter(NEW, "9")
    hands.qtbot.waitUntil(lambda: "（少 1 处修改）" in said(hands), timeout=PATIENCE)
    hands.qtbot.waitUntil(lambda: hands.status == "未保存", timeout=PATIENCE)
    hands.qtbot.wait(1500)  # attempts to save go on: the question and its buttons stay, and nothing counts as saved
    assert {"放回窗口中的内容", "使用较新的备份", "仍用此文件"} <= offers(hands).keys()
    assert hands.status == "未保存"
    assert path.read_bytes() == older
    press(hands, "放回窗口中的内容")
    hands.qtbot.waitUntil(lambda: "已把窗口中的内容放回草稿库（1 份草稿）" in said(hands), timeout=PATIENCE)
    hands.qtbot.waitUntil(lambda: hands.window._save_queue.waiting(1) == 0, timeout=PATIENCE)
    assert (hands.desk.editing.values[NEW], hands.desk.editing.report.text("overview")) == (9, "写好的一段")
    hands.desk.enter(NEW, "8")
    hands.wait_saved()
    assert number_in(tmp_path / "data") == Entry(8)
    (kept,) = path.parent.glob("reports.db.older-*")
    assert kept.read_bytes() == older


def test_an_older_file_is_noticed_when_nothing_is_typed(hands: Hands, tmp_path: Path):
    path = tmp_path / "data" / "reports.db"
    hands.begin(complete(FORM_2021))
    older = path.read_bytes()
    hands.desk.enter(NEW, "3")
    hands.wait_saved()
    put(path, older)
    hands.window.draft_actions.refresh()  # any look at the drafts
    hands.qtbot.waitUntil(lambda: "放回窗口中的内容" in offers(hands), timeout=PATIENCE)
    hands.qtbot.waitUntil(lambda: not hands.status.startswith("已保存"), timeout=PATIENCE)


def test_a_crashed_program_is_told_of_and_all_is_there(data: Path, looked_at: Callable[[], Hands]):
    store = open_drafts(data).store
    store.database.close()  # as after a crash, with its name still in the file
    assert store._lock
    store._lock.release()
    hands = looked_at()
    assert said(hands).startswith("本软件上次未正常退出，内容已完整保留")


# -- no copies elsewhere ------------------------------------------------------------------------------------------


def test_log_and_crash_report_say_where_it_went_wrong_and_nothing_that_was_typed(
    hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    hands.begin(complete(FORM_2021))
    hands.desk.write("overview", CANARY)
    hands.wait_saved()

    def quote(_store: Store, _number: int, changes: object, _uid: str, _counted: object) -> None:
        raise TypeError(repr(changes))

    monkeypatch.setattr(Store, "save", quote)
    hands.desk.write("overview", CANARY * 2)
    hands.qtbot.waitUntil(lambda: "本软件内部错误（TypeError）" in said(hands), timeout=PATIENCE)
    monkeypatch.undo()
    reporter = startup.CrashReporter(tmp_path / "data")
    reporter.window = hands.window
    try:
        raise KeyError(CANARY)
    except KeyError:
        reporter.on_exception(*sys.exc_info())
    assert "本软件出现错误，已填写的内容不受影响。错误记录在：" in said(hands)
    assert CANARY not in said(hands)
    (report,) = (tmp_path / "data" / "crash").iterdir()
    lines = report.read_text("utf-8").splitlines()
    assert lines[0].endswith(" KeyError")
    assert lines[1].startswith("test_disk_failures.py:")
    log = (tmp_path / "data" / event_log.NAME).read_text("utf-8")
    assert "opened seconds=" in log
    assert "not saved TypeError ← tests/ui/window/test_disk_failures.py:" in log
    assert "crash KeyError ← tests/ui/window/test_disk_failures.py:" in log
    hands.qtbot.waitUntil(lambda: hands.status.startswith("已保存 "), timeout=4 * PATIENCE)
    hands.window.close()
    spoken = "".join(capsys.readouterr())
    assert CANARY not in spoken
    holding = [p.name for p in tmp_path.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()]
    assert {name for name in holding if not name.endswith(".bak")} == {"reports.db"}


def test_no_crash_report_replaces_another_and_the_last_fifty_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    reporter, folder = startup.CrashReporter(tmp_path), tmp_path / "crash"
    for _ in range(3):
        reporter.on_exception(KeyError, None, None)
    assert len(list(folder.iterdir())) == 3
    for number in range(60):
        (folder / f"20200101-0000{number:02}.txt").touch()
    reporter.on_exception(ValueError, None, None)
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == crash_report.CRASHES
    assert "20200101-000059.txt" in names
    assert "20200101-000010.txt" not in names
    assert sum(not name.startswith("2020") for name in names) == 4
    assert "ValueError" in capsys.readouterr().err


def test_a_mistake_in_the_upkeep_becomes_a_crash_report(hands: Hands, monkeypatch: pytest.MonkeyPatch):
    caught: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: caught.append(args.exc_type))
    hands.begin(complete(FORM_2021))
    hands.window._save_queue._on_neglected(ZeroDivisionError())
    assert caught == [ZeroDivisionError]
    hands.window._save_queue._on_neglected(StoreTrouble("磁盘已满"))
    hands.qtbot.waitUntil(lambda: said(hands) == "备份未完成：磁盘已满", timeout=PATIENCE)


def test_where_the_log_stands_is_said_in_the_program(hands: Hands, tmp_path: Path):
    assert str(places(tmp_path).data / event_log.NAME) in about_words(
        hands.window._formats, RULES, places(tmp_path).data
    )
