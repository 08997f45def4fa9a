"""Tests of 关于: version, components, sources of the formats, security note and licences."""

from __future__ import annotations

import platform
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QTextBrowser

from model.base.version import VERSION
from model.form.loader import Formats
from model.storage.database_file import SQLITE
from tests.support.helpers import FORMATS, THIRD
from tests.support.narratives import RULES
from tests.support.ui_helpers import NO_SCREEN, OpenWindow, windows
from ui.docks.about import About, about_words
from ui.window.menus import Command

pytestmark = NO_SCREEN
open_window = pytest.fixture(windows)


def test_versions_formats_and_their_origin_are_named():
    added = replace(THIRD, source="省政府办公厅", issued="2027-11-30")
    words = about_words(Formats([*FORMATS, added]), RULES, Path("/data"))
    assert f"{VERSION}" in words
    assert f"Python {platform.python_version()}，Qt {qVersion()}，SQLite {SQLITE}" in words
    assert "2019—2020年：国办公开办函〔2019〕60号" in words
    assert f"2027—今年：{added.document}（省政府办公厅，2027-11-30）" in words
    assert f"`{Path('/data')}`" in words
    assert all(f"规则版本 {RULES.edition(form)}" in words for form in FORMATS)


def test_the_menu_shows_it_with_the_note_and_the_licences(open_window: OpenWindow):
    hands = open_window()
    hands.window.commands[Command.ABOUT].trigger()
    about = hands.window.findChild(About)
    assert isinstance(about, About)
    pages = [about.pages.widget(index) for index in range(about.pages.count())]
    texts = [page.toPlainText() for page in pages if isinstance(page, QTextBrowser)]
    assert [about.pages.tabText(index) for index in range(3)] == ["本软件", "安全说明", "许可证"]
    assert VERSION in texts[0]
    assert "本软件不访问网络" in texts[1]
    assert "pyside6-essentials" in texts[2]
    hands.qtbot.keyClick(about, Qt.Key.Key_Escape)
    assert not about.isVisible()


def test_a_format_file_that_is_of_no_use_is_named_once_and_stops_nothing(open_window: OpenWindow, tmp_path: Path):
    (tmp_path / "data" / "formats").mkdir(parents=True)
    (tmp_path / "data" / "formats" / "2027.toml").write_text("first_year =", "utf-8")
    hands = open_window()
    assert "2027.toml" in hands.window.banner.words.text()
    assert "其余格式照常可用" in hands.window.banner.words.text()
