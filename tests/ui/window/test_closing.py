"""Tests of the question about unsaved changes: neither Enter nor Escape loses work, and saving elsewhere counts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from model.base.trouble import Trouble
from model.form.cell import Entry
from model.report import exchange
from model.report.report import Report
from model.storage.database_file import StoreTrouble
from model.storage.store import Store
from tests.support.helpers import FORM_2021, ROOT, complete
from tests.support.ui_helpers import NEW, NO_SCREEN, PATIENCE, Hands
from ui.draft.unsaved_work import UnsavedWork
from ui.parts import question_box
from ui.window import closing

pytestmark = NO_SCREEN


@pytest.fixture
def full(hands: Hands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hands]:
    """Open a draft with one change that the disk refuses until the patch is undone."""

    def refuse(*_: object) -> None:
        raise StoreTrouble("磁盘已满，无法写入草稿库；请清理磁盘空间后再试")

    (tmp_path / "文档").mkdir()
    hands.begin(complete(FORM_2021))
    monkeypatch.setattr(closing, "documents", lambda: tmp_path / "文档")
    monkeypatch.setattr(Store, "save", refuse)
    hands.window.closing._patience = 0.1
    hands.stand_on(str(NEW))
    hands.fill("7")
    hands.qtbot.waitUntil(lambda: hands.status == "未保存", timeout=PATIENCE)
    yield hands
    monkeypatch.undo()
    monkeypatch.setattr(closing, "ask_question", lambda *_: closing.CLOSE)
    hands.window.close()


class Clerk:
    """Answers each question box with the next key or the button of the next label; notes what the boxes said."""

    def __init__(self, *answers: Qt.Key | str) -> None:
        self.answers, self.asked, self.buttons = list(answers), list[str](), list[list[str]]()
        self._timer = QTimer()
        self._timer.timeout.connect(self._answer)
        self._timer.start(10)

    def _answer(self) -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox) or not box.isActiveWindow():
            return
        if not self.answers:
            self.asked.append("asked once too often")
            box.reject()
            return
        self.asked.append(box.text())
        self.buttons.append([button.text() for button in box.buttons()])
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            QTest.mouseClick(next(b for b in box.buttons() if b.text() == answer), Qt.MouseButton.LeftButton)
        else:
            QTest.keyClick(box.focusWidget(), answer)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_no_key_at_the_question_closes_the_window(full: Hands, key: Qt.Key):
    clerk = Clerk(key)
    assert not full.window.close()
    assert full.window.isVisible()
    assert set(clerk.buttons[0]) == {"另存到其他位置…", "不保存，关闭", "取消"}
    assert "还有 1 处修改未能保存（“某某县应急管理局”2021 年）" in clerk.asked[0]


def test_closing_without_saving_is_still_possible_by_its_own_button(full: Hands):
    clerk = Clerk("不保存，关闭")
    assert full.window.close()
    assert len(clerk.asked) == 1


def proposals(monkeypatch: pytest.MonkeyPatch, *answers: str | None) -> list[Path]:
    """Answer file dialogs with these paths, None: what is proposed; return the list of proposed paths."""
    seen, left = list[Path](), list(answers)

    def ask(_parent: object, _title: str, proposed: str, *_: object) -> tuple[str, str]:
        seen.append(Path(proposed))
        answer = left.pop(0)
        return (proposed if answer is None else answer), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    return seen


def test_what_was_saved_elsewhere_counts_as_saved_and_closing_goes_on(
    full: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    seen, clerk = proposals(monkeypatch, None), Clerk("另存到其他位置…")
    assert full.window.close()
    assert seen == [tmp_path / "文档" / "某某县应急管理局2021年度报告.json"]
    assert exchange.loads(seen[0].read_bytes()).entry(NEW) == Entry(7)
    assert len(clerk.asked) == 1


def test_after_saving_elsewhere_from_the_message_closing_asks_nothing_until_the_next_change(
    full: Hands, monkeypatch: pytest.MonkeyPatch
):
    proposals(monkeypatch, None)
    full.window.closing.on_elsewhere()
    assert full.status == "已另存"
    full.stand_on(str(NEW))
    full.fill("8")
    clerk = Clerk(Qt.Key.Key_Return)
    assert not full.window.close()
    assert len(clerk.asked) == 1
    full.qtbot.waitUntil(lambda: full.status == "未保存", timeout=PATIENCE)
    proposals(monkeypatch, None)
    full.window.closing.on_elsewhere()
    assert full.window.close()


def test_every_draft_with_unsaved_changes_is_saved_elsewhere(
    full: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    other = full.keep(Report("示例乡", 2022, "2021"))
    third = full.keep(Report("第三局", 2022, "2021"))
    full.window.open_draft(other)
    full.desk.write("overview", "未存的文字。")
    full.window.close_draft()
    full.window.draft_actions._rename(third, "第三局（新）")
    proposals(monkeypatch, str(tmp_path / "甲"))
    clerk = Clerk("另存到其他位置…")
    assert full.window.close()
    assert "“某某县应急管理局”2021 年、“示例乡”2022 年、“第三局（新）”2022 年" in clerk.asked[0]
    found = {path.name: exchange.loads(path.read_bytes()) for path in tmp_path.glob("*.json")}
    assert sorted(found) == [
        "甲.json",
        "示例乡2022年度报告.json",
        "第三局（新）2022年度报告.json",
    ]
    assert found["甲.json"].entry(NEW) == Entry(7)
    assert found["示例乡2022年度报告.json"].text("overview") == "未存的文字。"


def test_where_saving_elsewhere_fails_or_is_cancelled_it_is_asked_again_with_the_reason(
    full: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "有.json").write_text("{}", encoding="utf-8")
    proposals(monkeypatch, "", str(tmp_path / "有.json"), str(tmp_path / "没有的文件夹" / "a.json"), None)
    clerk = Clerk(*["另存到其他位置…"] * 4)
    assert full.window.close()
    assert "已经存在，没有覆盖" in clerk.asked[2]
    assert "找不到文件夹" in clerk.asked[3]
    assert (tmp_path / "有.json").read_text(encoding="utf-8") == "{}"


def test_a_name_that_exists_is_not_proposed(full: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    name = "某某县应急管理局2021年度报告"
    (tmp_path / "文档" / f"{name}.json").touch()
    seen = proposals(monkeypatch, "")
    full.window.closing.on_elsewhere()
    assert seen == [tmp_path / "文档" / f"{name}-2.json"]


def test_a_disk_that_recovers_while_the_question_stands_is_used(full: Hands, monkeypatch: pytest.MonkeyPatch):
    def answer(*_: object) -> str:
        monkeypatch.undo()
        full.window._save_queue.flush(PATIENCE / 1000)
        return closing.ELSEWHERE

    monkeypatch.setattr(closing, "ask_question", answer)
    assert full.window.close()
    assert full.window._save_queue.closed


# -- the end of the session ---------------------------------------------------------------------------------------


def test_when_the_session_ends_what_the_disk_refuses_is_written_to_the_documents(full: Hands, tmp_path: Path):
    full.window.closing._patience = 0.1
    assert full.window.end_session()
    (path,) = (tmp_path / "文档").iterdir()
    assert path.name == "某某县应急管理局2021年度报告（注销时尚未存入）.json"
    assert exchange.loads(path.read_bytes()).entry(NEW) == Entry(7)
    assert full.window.close()  # without a question, which nobody would answer


def test_a_session_whose_work_can_be_saved_nowhere_does_not_end_quietly(full: Hands, monkeypatch: pytest.MonkeyPatch):
    def nowhere(*_: object) -> None:
        raise Trouble("另存失败：磁盘空间不足")

    monkeypatch.setattr(UnsavedWork, "save_elsewhere", nowhere)
    assert not full.window.end_session()
    assert "另存失败" in full.window.banner.words.text()


# -- every question box -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("choices", [["删除"], ["另存到其他位置…", "不保存，关闭"], ["甲", "乙", "丙"]])
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_enter_and_escape_choose_to_cancel_in_every_box(hands: Hands, choices: list[str], key: Qt.Key):
    clerk = Clerk(key)
    assert question_box.ask_question(hands.window, "题", "问", choices) == question_box.CANCEL
    assert clerk.asked == ["问"]


def test_a_button_that_is_pressed_is_the_answer(hands: Hands):
    for choice in ("甲", "乙", "取消"):
        clerk = Clerk(choice)
        assert question_box.ask_question(hands.window, "题", "<b>问", ["甲", "乙"]) == choice
        assert clerk.asked == ["<b>问"]


def test_no_other_place_asks_with_a_box_of_its_own():
    """A box with one button, which only informs, is allowed: `critical` without further buttons."""
    found = []
    for path in sorted((ROOT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "QMessageBox":
                found.append((path.relative_to(ROOT).as_posix(), node.attr))
            if isinstance(node, ast.Name) and node.id in {"QInputDialog", "QErrorMessage"}:
                found.append((path.relative_to(ROOT).as_posix(), node.id))
    assert {place for place in found if place[0] != "ui/parts/question_box.py"} == {("ui/app/startup.py", "critical")}
