"""Tests that messages found at the start are shown until the user closes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from model.base import location
from model.base.trouble import Trouble
from tests.support.ui_helpers import NO_SCREEN, PATIENCE, OpenWindow
from ui.app import startup
from ui.draft.drafts import Drafts
from ui.draft.save_queue import SaveQueue
from ui.parts.banner import Banner
from ui.parts.settings import FILE

pytestmark = NO_SCREEN


@pytest.fixture
def banner(qtbot: QtBot) -> Banner:
    made = Banner()
    qtbot.addWidget(made)
    return made


def close(banner: Banner, qtbot: QtBot) -> None:
    button = next(one for one in banner.findChildren(QPushButton) if one.text() == "关闭" and not one.isHidden())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_reminders_stand_together_until_they_are_closed(banner: Banner, qtbot: QtBot):
    banner.remind("甲。")
    banner.remind("乙。")
    assert (banner.words.text(), banner.isHidden()) == ("甲。\n乙。", False)
    close(banner, qtbot)
    assert banner.isHidden()


def test_a_reminder_gives_way_to_what_is_said_and_comes_back(banner: Banner, qtbot: QtBot):
    banner.remind("甲。")
    banner.say("已读入。")
    banner.remind("乙。")
    assert banner.words.text() == "已读入。"
    close(banner, qtbot)
    assert banner.words.text() == "甲。\n乙。"
    banner.say("已导出。")
    banner.hide()
    assert banner.words.text() == "甲。\n乙。"
    close(banner, qtbot)
    assert banner.isHidden()


# -- messages at the start ----------------------------------------------------------------------------------------


def data_of(open_window: OpenWindow, broken: bytes | None = None) -> Path:
    hands = open_window()
    data = hands.window._places.data
    hands.window.close()
    if broken is not None:
        (data / FILE).write_bytes(broken)
    return data


def test_settings_that_were_put_aside_are_said_once(open_window: OpenWindow, tmp_path: Path):
    data = data_of(open_window, b"{")
    words = open_window().window.banner.words.text()
    assert words.startswith("设置文件已损坏")
    (kept,) = data.glob(f"{FILE}.bad-*")
    assert kept.name in words
    assert kept.read_bytes() == b"{"
    assert open_window().window.banner.isHidden()


def test_what_endangers_the_data_is_said(open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    window = open_window().window
    monkeypatch.setattr(location, "on_network", lambda _folder: True)
    startup.look_around(window, window._save_queue, window._places.data)
    qtbot.waitUntil(lambda: "数据在网络位置" in window.banner.words.text(), timeout=PATIENCE)
    assert window.banner.words.text().endswith("请把数据文件夹换到本机磁盘")


def test_nothing_is_said_of_an_ordinary_place(open_window: OpenWindow):
    window = open_window().window
    assert startup._dangers(window._save_queue, window._places.data) == ()


@pytest.mark.parametrize("days, said", [(0, 0), (40, 1)])
def test_a_clock_that_was_set_back_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, days: int, said: int):
    last = datetime.now().astimezone() + timedelta(days=days)
    monkeypatch.setattr(Drafts, "last_saved", lambda _self: last)
    assert len(startup._dangers(SaveQueue(tmp_path), tmp_path)) == said


def test_a_place_is_warned_of_even_when_its_drafts_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def refuse(_self: SaveQueue, _question: object) -> None:
        raise Trouble("已损坏")

    monkeypatch.setattr(SaveQueue, "ask", refuse)
    monkeypatch.setattr(location, "on_network", lambda _folder: True)
    assert len(startup._dangers(SaveQueue(tmp_path), tmp_path)) == 1
