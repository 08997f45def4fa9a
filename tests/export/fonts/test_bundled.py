"""Tests that the committed fonts match their manifest, contain every standard character and may be embedded."""

from __future__ import annotations

import hashlib
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[3] / "resources" / "fonts"
MANIFEST = tomllib.loads((FONTS / "fonts.toml").read_text(encoding="utf-8"))
RECIPE = tomllib.loads((FONTS / "recipe.toml").read_text(encoding="utf-8"))
ENTRIES = {entry["file"]: entry for entry in MANIFEST["font"]}
ROLES = ("title", "body", "hei", "kai", "song")
PUNCTUATION = "，。、；：？！“”‘’（）《》〈〉【】〔〕“”‘’—…·～￥％"
NEEDED_SYMBOLS = "①⑩⑳ⅠⅫ℃‰№×÷±≤≥●○■□▲△★☆◆◇→←↑↓㎡āǚΩ０９ＡＺａｚ〇々"
RARE_NAMES = "𬭎镕堃喆垚珺赟昇𬬭𫖯䥽㛃"
each_file = pytest.mark.parametrize("file", ENTRIES)
each_role = pytest.mark.parametrize("role", ROLES)


@cache
def font(file: str) -> TTFont:
    return TTFont(FONTS / file)


@cache
def code_points(file: str) -> frozenset[int]:
    return frozenset(font(file).getBestCmap())


def standard_table() -> str:
    lines = (FONTS / "tgh8105.txt").read_text(encoding="utf-8").splitlines()
    return "".join(line for line in lines if not line.startswith("#"))


def symbol_list() -> str:
    lines = (FONTS / "symbols.txt").read_text(encoding="utf-8").splitlines()
    spaces = "".join(chr(int(word[2:], 16)) for line in lines if line.startswith("U+") for word in line.split())
    return spaces + "".join(line for line in lines if not line.startswith(("U+", "# ")))


def gb2312() -> str:
    pairs = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)


def missing(role: str, wanted: str) -> str:
    chain: list[str] = MANIFEST["chain"][role]
    printable = frozenset().union(*(code_points(file) for file in chain))
    return "".join(character for character in wanted if ord(character) not in printable)


def test_standard_table_has_8105_different_characters_in_its_own_order():
    table = standard_table()
    assert (len(table), len(set(table))) == (8105, 8105)
    # 一级字 3500、二级字 3000、三级字 1605，各从笔画最少的字起
    assert [table[place] for place in (0, 3499, 3500, 6499, 6500, 8104)] == list("一矗乂齉亍蠼")


def test_folder_and_manifest_name_the_same_files():
    assert {path.name for path in FONTS.glob("*.[to]t[fc]")} == set(ENTRIES)


@each_file
def test_file_is_the_one_the_manifest_describes(file):
    data, entry = (FONTS / file).read_bytes(), ENTRIES[file]
    assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"])
    assert font(file)["name"].getDebugName(1) == entry["family"]
    assert len(code_points(file)) == entry["characters"]


@each_file
def test_sources_are_those_of_the_recipe(file):
    recipe = next(entry for entry in RECIPE["font"] if entry["file"] == file)
    pinned = [RECIPE["source"][part["source"]]["sha256"] for part in recipe["glyphs"]]
    assert sorted(source["sha256"] for source in ENTRIES[file]["source"]) == sorted(pinned)
    assert ENTRIES[file]["modified"] == RECIPE["modified"]


@each_role
def test_chain_begins_with_the_font_of_its_role(role):
    assert list(MANIFEST["chain"]) == list(ROLES)
    assert [file for file, entry in ENTRIES.items() if role in entry["roles"]] == MANIFEST["chain"][role][:1]


@each_role
@pytest.mark.parametrize(
    "wanted",
    [standard_table(), gb2312(), symbol_list(), PUNCTUATION, NEEDED_SYMBOLS, RARE_NAMES],
    ids=["standard table", "GB 2312", "symbols", "punctuation", "needed symbols", "rare names"],
)
def test_chain_prints(role, wanted):
    assert missing(role, wanted) == ""


@each_role
def test_ascii_and_punctuation_never_need_a_fallback(role):
    first = code_points(MANIFEST["chain"][role][0])
    ascii_text = "".join(map(chr, range(0x20, 0x7F)))
    assert [c for c in ascii_text + PUNCTUATION + "□" if ord(c) not in first] == []


@each_file
def test_outlines_are_plain_truetype_without_hints_or_layout(file):
    tables = set(font(file).keys()) - {"GlyphOrder"}
    assert tables == {"OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"}
    outlines = font(file)["glyf"]
    assert not any(outlines[name].isComposite() for name in font(file).getGlyphOrder())


@each_file
def test_embedding_is_allowed(file):
    assert font(file)["OS/2"].fsType == 0


@each_file
def test_every_character_has_a_glyph_of_its_own(file):
    """Check that a glyph in a PDF maps back to one character."""
    names = list(font(file).getBestCmap().values())
    assert len(names) == len(set(names))


@each_file
def test_no_character_is_blank_except_spaces(file):
    outlines = font(file)["glyf"]
    blank = {chr(code) for code, name in font(file).getBestCmap().items() if not outlines[name].numberOfContours}
    assert {c for c in blank if unicodedata.category(c) != "Zs"} == set()


@each_file
def test_quotes_dashes_and_han_are_one_cell_wide(file):
    cmap, widths = font(file).getBestCmap(), font(file)["hmtx"]
    cells = {c: widths[cmap[ord(c)]][0] for c in "“”‘’—…·，。（）国□" if ord(c) in cmap}
    assert set(cells.values()) == {ENTRIES[file]["units_per_em"]}, cells


@pytest.mark.parametrize("role, narrowest, widest", [("body", 500, 500), ("kai", 500, 500), ("hei", 570, 570)])
def test_digits_are_equally_wide_and_about_half_a_cell(role, narrowest, widest):
    assert digit_widths(role) == (narrowest, widest)


@pytest.mark.parametrize("role", ["title", "song"])
def test_digits_of_noto_serif_are_proportional(role):
    """Check that only the 1 is notably narrower; so numbers in 宋体 must be centred or aligned by its own widths."""
    narrowest, widest = digit_widths(role)
    assert 450 < narrowest < 480 < widest < 600


def digit_widths(role: str) -> tuple[int, int]:
    file = MANIFEST["chain"][role][0]
    cmap, widths = font(file).getBestCmap(), font(file)["hmtx"]
    found = [widths[cmap[ord(digit)]][0] for digit in "0123456789"]
    return min(found), max(found)


@each_role
def test_two_dashes_join(role):
    file = MANIFEST["chain"][role][0]
    dash = font(file)["glyf"][font(file).getBestCmap()[ord("—")]]
    assert (dash.xMin, dash.xMax) == (0, 1000)


@each_file
def test_recorded_widths_are_those_of_the_font(file):
    cmap, widths = font(file).getBestCmap(), font(file)["hmtx"]
    recorded = ENTRIES[file]["quirks"]
    assert {c: widths[cmap[ord(c)]][0] for c in recorded} == recorded


@each_file
def test_licence_texts_are_there_and_hold_the_copyright_line(file):
    texts = "".join((FONTS / name).read_text(encoding="utf-8") for name in ENTRIES[file]["licence_files"])
    holder = {"ZwgkFang.ttf": "the Fandol team", "ZwgkKai.ttf": "the Fandol team", "ZwgkRest.ttf": "LXGW"}
    assert holder.get(file, "Adobe") in texts
    heading = (
        "SIL OPEN FONT LICENSE" if ENTRIES[file]["licence"] == "OFL-1.1" else "As a special exception, if you create"
    )
    assert heading in texts


@each_file
def test_reserved_and_foreign_names_are_not_used(file):
    names = " ".join(str(font(file)["name"].getDebugName(number)) for number in (1, 3, 4, 6)).lower()
    assert not [word for word in ("lxgw", "霞鹜", "source", "noto", "fandol") if word in names]


def test_modified_gpl_fonts_are_marked_with_date_and_package():
    readme = (FONTS / "licences" / "README.md").read_text(encoding="utf-8")
    day = RECIPE["modified"]
    assert f"修改日期 {day.year} 年 {day.month} 月 {day.day} 日" in readme
    gpl = [entry for entry in ENTRIES.values() if entry["licence"].startswith("GPL")]
    assert len(gpl) == 2
    for entry in gpl:
        assert entry["file"] in readme
        assert {source["package"] for source in entry["source"]} == {"texlive-lang-chinese"}
        assert "texlive-lang-chinese" in readme


def test_the_set_stays_small():
    assert sum(entry["bytes"] for entry in ENTRIES.values()) <= 22 * 2**20
