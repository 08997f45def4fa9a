"""The style sheet is read whole or refused with the place of the mistake."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from export.fonts import style
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
        ("page", "lines", "22", "[page] lines"),
        ("page", "cells", -1, "[page] cells"),
        ("title", "size", True, "[title] size"),
        ("body", "font", 3, "[body] font"),
        ("body", "colour", "red", "[body] 中有不认识的 colour"),
        ("table", "words", [], "[table] words"),
    ],
)
def test_a_wrong_entry_is_named(section: str, key: str, value: object, place: str) -> None:
    wrong = entries()
    wrong[section][key] = value
    with pytest.raises(ValueError, match=place.replace("[", r"\[").replace("]", r"\]")):
        style.read(wrong)


@pytest.mark.parametrize("section", ["page", "table", "draft"])
def test_a_missing_section_is_named(section: str) -> None:
    wrong = entries()
    del wrong[section]
    with pytest.raises(ValueError, match=section):
        style.read(wrong)


def test_a_missing_entry_is_named() -> None:
    wrong = entries()
    del wrong["table"]["look"][0]["band"]["size"]
    with pytest.raises(ValueError, match=r"第1项 band.* 缺少 size"):
        style.read(wrong)


@pytest.mark.parametrize("text", ["[page", "\ufeff\x00", ""])
def test_a_damaged_file_is_trouble(tmp_path: Path, text: str) -> None:
    damaged = tmp_path / "gbt9704.toml"
    damaged.write_text(text, encoding="utf-8")
    with pytest.raises(Trouble, match=r"gbt9704\.toml"):
        style.load(damaged)


def test_a_missing_file_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="安装不完整"):
        style.load(tmp_path / "gbt9704.toml")
