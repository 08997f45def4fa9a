"""Tests of finding installed fonts by name, and of skipping those whose licence forbids embedding."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from export.fonts.font_set import FontFile
from export.fonts.installed import find
from tests.support.printing import RESOURCES

REST = RESOURCES / "fonts" / "ZwgkRest.ttf"


def installed(folder: Path, name: str, language: int = 0x804, kind: int = 0) -> Path:
    """Build a font file with one family name and one embedding permission (`fsType`)."""
    font = TTFont(io.BytesIO(REST.read_bytes()))
    font["name"].names = []
    font["name"].setName(name, 1, 3, 1, language)
    font["OS/2"].fsType = kind
    folder.mkdir(exist_ok=True)
    path = folder / f"{len(list(folder.iterdir()))}.TTF"
    font.save(path)
    return path


@pytest.mark.parametrize("name", ["仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong"])
def test_a_font_is_found_by_each_of_its_names(tmp_path: Path, name: str) -> None:
    path = installed(tmp_path / "Fonts", name)
    assert find([tmp_path / "none", tmp_path / "Fonts"]) == {"body": FontFile(path)}


def test_the_better_font_wins(tmp_path: Path) -> None:
    installed(tmp_path, "仿宋")
    best = installed(tmp_path, "仿宋_GB2312")
    assert find([tmp_path])["body"] == FontFile(best)


@pytest.mark.parametrize("kind, found", [(0, True), (8, True), (2, False), (0x200, False), (0x100, False)])
def test_a_licence_against_embedding_is_kept(tmp_path: Path, kind: int, found: bool) -> None:
    installed(tmp_path, "黑体", kind=kind)
    assert bool(find([tmp_path])) is found


def test_damaged_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_bytes(b"\0\1\0\0")
    (tmp_path / "b.ttc").write_bytes(b"")
    (tmp_path / "c.ttf").write_bytes(REST.read_bytes()[:3000])
    path = installed(tmp_path, "楷体_GB2312")
    assert find([tmp_path]) == {"kai": FontFile(path)}
