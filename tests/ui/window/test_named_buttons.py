"""Tests that a sentence which names a button has it beside it, from wherever it comes and as long as it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from model.base.trouble import Trouble
from model.form.cell import Entry
from model.recovery.open_database import open_drafts
from model.report.report import Change, Report
from model.storage.database_file import StoreTrouble
from model.storage.progress import hold_backups
from model.storage.store import Store
from tests.support.helpers import FORM_2021, ROOT, complete
from tests.support.ui_helpers import NEW, NO_SCREEN, PATIENCE, Hands, OpenWindow
from ui.parts.banner import Banner, plain_label
from ui.window import closing

pytestmark = NO_SCREEN
OLDER = ("使用较新的备份", "仍用此文件")

# What stands in “…” in a message and is no button of the strip below the window, with its place.
ELSEWHERE = {
    "检查与导出": "page of the wizard, always in its list of steps",
    "已核对": "button of the finding that says so",
    "打印": "button of the preview in which the message is shown",
    "保存": "a button that the program does not have",
    "无": "content of a field",
    "核实无误": "content of a field",
    "其中修订16件": "content of a cell",
    "草稿": "word printed across the pages",
    "取消": "button of the same question box",
    "新建报告": "button of the start page, on which the sentence stands",
    "复制为下一年度": "button of the start page, on which the sentence stands",
}
STRIP = {"另存到其他位置", "由旧年度报告新建", "数据正确"}


@pytest.fixture(autouse=True)
def no_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "ask_question", lambda *_: closing.CLOSE)


def said(hands: Hands) -> str:
    return hands.window.banner.words.text() if hands.window.banner.isVisible() else ""


def buttons(banner: Banner) -> list[str]:
    return [plain_label(b.text()) for b in banner.findChildren(QPushButton) if not b.isHidden()]


def offered(hands: Hands) -> list[str]:
    return buttons(hands.window.banner)


# -- the strip ----------------------------------------------------------------------------------------------------


@pytest.fixture
def banner(qtbot: QtBot) -> Banner:
    made = Banner()
    qtbot.addWidget(made)
    made.know(["再试一次", "改在本机编辑"], lambda: [("再试一次(&T)", made.hide), ("改在本机编辑…", made.hide)])
    return made


def refuse() -> None:
    raise Trouble("请再试一次")


SAYING: list[Callable[[Banner], object]] = [
    lambda banner: banner.say("请再试一次"),
    lambda banner: banner.say("请再试一次", [("别的", banner.hide)], trouble=True),
    lambda banner: banner.say("请再试一次", [("再试一次", banner.hide)]),
    lambda banner: banner.say_trouble("请再试一次"),
    lambda banner: banner.attempt(refuse),
    lambda banner: banner.remind("请再试一次"),
    lambda banner: banner.stand("甲", "请再试一次"),
]


@pytest.mark.parametrize("say", SAYING)
def test_a_named_button_comes_with_the_sentence_once(banner: Banner, say: Callable[[Banner], object]):
    say(banner)
    assert buttons(banner).count("再试一次") == 1
    assert "改在本机编辑" not in buttons(banner)
    banner.say("已导出")
    assert buttons(banner) == ["关闭"]


def test_standing_messages_come_back_with_all_their_buttons_until_their_cause_is_gone(banner: Banner):
    banner.stand("甲", "甲句", [("甲钮", banner.hide)])
    banner.stand("乙", "乙句，请再试一次", [("乙钮", banner.hide), ("甲钮", banner.hide)])
    assert (banner.words.text(), buttons(banner)) == (
        "甲句\n乙句，请再试一次",
        ["甲钮", "乙钮", "再试一次", "关闭"],
    )
    for pass_by in (banner.say, banner.busy):
        pass_by("过")
        assert banner.words.text() == "过"
        banner.stand("甲", "甲句二", [("甲钮", banner.hide)])  # a known cause does not interrupt
        assert banner.words.text() == "过"
        banner.hide()
        assert banner.words.text() == "甲句二\n乙句，请再试一次"
    banner.withdraw("乙")
    assert (banner.words.text(), buttons(banner)) == ("甲句二", ["甲钮", "关闭"])
    banner.say("过")
    banner.withdraw("甲")
    assert banner.words.text() == "过"
    banner.hide()
    assert banner.isHidden()


def test_an_error_is_shown_with_what_stands_and_closed_before_it(banner: Banner):
    banner.stand("甲", "甲句", [("甲钮", banner.hide)])
    banner.say("错", [("错钮", banner.hide)], trouble=True)
    assert (banner.words.text(), buttons(banner)) == ("错\n甲句", ["错钮", "甲钮", "关闭"])
    banner.stand("乙", "乙句")
    assert banner.words.text() == "错\n甲句\n乙句"
    banner.withdraw("甲")
    assert (banner.words.text(), buttons(banner)) == ("错\n乙句", ["错钮", "关闭"])
    banner.hide()
    assert banner.words.text() == "乙句"
    banner.withdraw("乙")
    assert banner.isHidden()
    banner.stand("甲", "同句")
    banner.say_trouble("同句")
    assert banner.words.text() == "同句"


def test_a_sentence_that_another_contains_is_not_shown_twice_but_keeps_its_buttons(banner: Banner):
    banner.stand("甲", "旧文件", [("甲钮", banner.hide)])
    banner.stand("乙", "没有存上：旧文件。", [("乙钮", banner.hide)])
    assert (banner.words.text(), buttons(banner)) == ("没有存上：旧文件。", ["甲钮", "乙钮", "关闭"])


# -- the window ---------------------------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Create a folder with one draft, saved and closed."""
    store = open_drafts(tmp_path / "data").store
    store.create(complete(FORM_2021), "试")
    store.close()
    return tmp_path / "data"


@pytest.fixture
def older(data: Path, open_window: OpenWindow) -> Hands:
    """Open the window on an older copy of the file, one step behind."""
    before = (data / "reports.db").read_bytes()
    store = open_drafts(data).store
    store.save(1, [Change("填写", cells={NEW: (store.load(1).entry(NEW), Entry(5))})], "uid")
    store.backup()
    store.close()
    (data / "reports.db").write_bytes(before)
    hands = open_window()
    hands.window.prepare()
    hands.qtbot.waitUntil(lambda: "比本机上次保存的旧" in said(hands), timeout=PATIENCE)
    return hands


def check_choices(hands: Hands) -> None:
    assert "比本机上次保存的旧" in said(hands)
    assert set(OLDER) <= set(offered(hands)), said(hands)


def test_the_choices_about_an_older_file_stand_beside_the_sentence_whatever_happens(older: Hands):
    check_choices(older)
    window = older.window
    window.banner.say("已导出：别处")
    window.banner.hide()
    check_choices(older)
    window.open_draft(1)
    check_choices(older)
    window.close_draft()
    check_choices(older)
    window.banner.attempt(lambda: window._save_queue.drafts.create(Report("示例乡", 2022, "2021"), "试"))
    check_choices(older)
    window.banner.hide()
    window.banner._forget()  # as 关闭 does
    window.open_draft(1)
    check_choices(older)


def test_a_refused_decision_leaves_the_choices(older: Hands, monkeypatch: pytest.MonkeyPatch):
    def fail(**_: object) -> None:
        raise Trouble("还有 1 处修改没有存上；请先用“另存到其他位置”保存，再做这一步")

    monkeypatch.setattr(older.window._save_queue, "open_again", lambda *_, **__: fail())
    next(act for label, act in older.window.recovery_questions.decisions() if label == OLDER[1])()
    assert "另存到其他位置" in offered(older)
    older.window.banner.hide()
    check_choices(older)


def test_recovered_data_are_confirmed_by_a_button_that_stands(data: Path, open_window: OpenWindow):
    hold_backups(data, hold=True)
    hands = open_window()
    hands.window.prepare()
    for _ in range(2):
        hands.qtbot.waitUntil(lambda: "“数据正确”" in said(hands), timeout=PATIENCE)
        assert "数据正确" in offered(hands)
        hands.window.open_draft(1)
        hands.window.banner.say("过")
        hands.window.banner.hide()
        assert "数据正确" in offered(hands)
        hands.window.close_draft()
    hands.window.recovery_questions.trust()
    hands.window.banner.hide()
    assert not hands.window.banner.isVisible()


def test_a_failed_save_of_a_closed_draft_still_offers_to_save_elsewhere(hands: Hands, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise StoreTrouble("磁盘已满；请清理磁盘空间后再试")

    hands.begin(complete(FORM_2021))
    monkeypatch.setattr(Store, "save", full)
    hands.desk.enter(NEW, "7")
    hands.qtbot.waitUntil(lambda: "尚未保存" in said(hands), timeout=PATIENCE)
    hands.window.close_draft()
    assert "尚未保存" in said(hands)
    assert "另存到其他位置" in offered(hands)
    monkeypatch.undo()
    hands.qtbot.waitUntil(lambda: said(hands) == "", timeout=4 * PATIENCE)


def test_only_the_draft_that_is_still_unsaved_keeps_the_message(hands: Hands, monkeypatch: pytest.MonkeyPatch):
    save, refused = Store.save, {1}

    def on_disk(store: Store, number: int, *given: object) -> object:
        if number in refused:
            raise StoreTrouble("磁盘出错；请检查")
        return save(store, number, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "save", on_disk)
    hands.begin(complete(FORM_2021))
    hands.desk.enter(NEW, "7")
    hands.qtbot.waitUntil(lambda: "尚未保存" in said(hands), timeout=PATIENCE)
    hands.window.open_draft(hands.keep(complete(FORM_2021)))
    hands.desk.enter(NEW, "8")
    hands.wait_saved()
    assert "最近 1 处修改尚未保存" in said(hands)
    refused.clear()
    hands.qtbot.waitUntil(lambda: said(hands) == "", timeout=4 * PATIENCE)


# -- all sentences ------------------------------------------------------------------------------------------------


def messages() -> Iterator[tuple[str, str]]:
    """Yield place and text of each string literal in `ui` and `model` that quotes a fixed name."""
    for path in sorted(p for layer in ("ui", "model") for p in (ROOT / layer).rglob("*.py")):
        if "narrative" in path.parts:  # sentences about the words of a report
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                yield path.relative_to(ROOT).as_posix(), node.value


def test_each_name_in_a_message_is_a_button_that_the_strip_adds_or_is_shown_elsewhere():
    named = {name for _, text in messages() for name in re.findall("“([^“”{}\\W][^“”{}]{0,11})”", text)}
    assert named - ELSEWHERE.keys() - STRIP == set()
    assert named >= STRIP


def test_the_strip_adds_each_of_these_buttons(hands: Hands, data: Path):
    for name in sorted(STRIP - {"数据正确"}):
        hands.window.banner.say(f"请用“{name}”")
        assert name in offered(hands)
