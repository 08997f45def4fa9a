"""Labels and headings compared as people compare them: spaces, brackets, widths and numbering aside."""

from __future__ import annotations

import re
import unicodedata

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_SECTION = re.compile(rf"\s*(?:第?{_NUMERAL}(?:部分|[、.,:：．])|{_NUMERAL}(?=\s))\s*")
_INNER = re.compile(rf"\s*(?:[(（](?:{_NUMERAL}|\d{{1,2}})[)）]|\d{{1,2}}[、.．)）])\s*")


def fold(text: str) -> str:
    """The letters and digits alone, in compatibility form: `(三) 不予公 开` and `（三）不予公开` are one label."""
    return "".join(character for character in unicodedata.normalize("NFKC", text) if character.isalnum())


def unnumbered(text: str) -> str:
    """The text without the number it begins with: 一、 第一部分 （一） (1) 1. 1、"""
    for pattern in (_SECTION, _INNER):
        if match := pattern.match(text):
            return text[match.end() :]
    return text


def numbered_as_section(text: str) -> bool:
    """True when the text begins with 一、 or the like."""
    return bool(_SECTION.match(text))


def numbered_within(text: str) -> bool:
    """True when the text begins with （一） or 1. or the like, as nothing on the level of sections does."""
    return bool(_INNER.match(text))
