"""Tests that a style sheet is read completely or refused with the place of the mistake."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from export.fonts import style
from model.base.toml import Node
from model.base.trouble import Trouble
from tests.support.printing import RESOURCES, STYLE

SHEET = RESOURCES / "styles" / "gbt9704.toml"


def entries() -> dict[str, Any]:
    return tomllib.loads(SHEET.read_text(encoding="utf-8"))


def test_the_type_area_is_156_by_225_millimetres() -> None:
    page = STYLE.page
    assert (page.area_width, page.area_height) == pytest.approx((156 * 72 / 25.4, 225 * 72 / 25.4))
    assert (page.pitch, page.leading) == pytest.approx((15.793, 28.991), abs=0.001)
    assert STYLE.body.size < page.pitch


@pytest.mark.parametrize(
    "section, key, value, place",
    [
        ("page", "lines", "22", "page.lines：应是整数（不加引号），现为 '22'"),
        ("page", "lines", 2.5, "page.lines：应是整数（不加引号），现为 2.5"),
        ("page", "cells", -1, "page.cells：应不小于 0，现为 -1"),
        ("title", "size", True, "title.size：应是数，现为 true"),
        ("title", "size", float("nan"), "title.size：应不小于 0，现为 nan"),
        ("title", "size", "big", "title.size：应是数，现为 'big'"),
        ("body", "font", 3, "body.font：应是文字（加双引号），现为 3"),
        ("body", "colour", "red", "body.colour：不认识这一项"),
        ("table", "words", [], "table.words：至少要有一项"),
        ("table", "words", [1], "table.words[1]：应是文字，现为 1"),
        ("table", "look", [], "table.look：至少要有一项"),
    ],
)
def test_a_wrong_entry_is_named(section: str, key: str, value: object, place: str) -> None:
    wrong = entries()
    wrong[section][key] = value
    with pytest.raises(ValueError, match=f"^{re.escape(place)}"):
        style.read(Node(wrong, ""))


@pytest.mark.parametrize("section", ["page", "table", "draft"])
def test_a_missing_section_is_named(section: str) -> None:
    wrong = entries()
    del wrong[section]
    with pytest.raises(ValueError, match=f"^{section}：缺少这一项$"):
        style.read(Node(wrong, ""))


def test_a_missing_entry_is_named() -> None:
    wrong = entries()
    del wrong["table"]["look"][0]["band"]["size"]
    with pytest.raises(ValueError, match=r"^table\.look\[1\]\.band\.size：缺少这一项$"):
        style.read(Node(wrong, ""))


def test_an_unknown_section_is_named() -> None:
    with pytest.raises(ValueError, match=r"^colours：不认识这一项"):
        style.read(Node(entries() | {"colours": {}}, ""))


def test_a_mistake_in_the_file_is_trouble_with_file_place_and_advice(tmp_path: Path) -> None:
    wrong = tmp_path / "gbt9704.toml"
    wrong.write_text(SHEET.read_text("utf-8").replace("lines = 22", "lines = -22"), "utf-8")
    with pytest.raises(Trouble) as caught:
        style.load(wrong)
    assert str(caught.value) == "版式文件 gbt9704.toml：page.lines：应不小于 0，现为 -22，请改正或重新安装本软件"


@pytest.mark.parametrize("text", ["[page", "\ufeff\x00", ""])
def test_a_damaged_file_is_trouble(tmp_path: Path, text: str) -> None:
    damaged = tmp_path / "gbt9704.toml"
    damaged.write_text(text, encoding="utf-8")
    with pytest.raises(Trouble, match=r"gbt9704\.toml"):
        style.load(damaged)


def test_a_missing_file_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="安装不完整"):
        style.load(tmp_path / "gbt9704.toml")
