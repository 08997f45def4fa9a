"""Reads and writes days as people type them: 2026-01-20, 2026.1.20, 20260120, 二〇二六年一月二十日."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_DIGITS = {**{sign: digit for digit, sign in enumerate("〇一二三四五六七八九")}, "零": 0, "○": 0}
_PARTED = re.compile(r"(?P<year>\d{4})[-./年](?P<month>\d{1,2})[-./月](?P<day>\d{1,2})日?")
_RUN = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_IN_CHINESE = re.compile(
    r"(?P<year>[〇零○一二三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日?"
)
_NO_YEAR = re.compile(r"(?P<month>\d{1,2})[-./月](?P<day>\d{1,2})日?")


def read_day(text: str, year: int | None = None) -> date | None:
    """Return the day that a text names, None for anything else; `year` stands in for a year that is not named."""
    words = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("—", "-").replace("。", ".")
    for pattern in (_PARTED, _RUN):
        if match := pattern.fullmatch(words):
            return _day(int(match["year"]), int(match["month"]), int(match["day"]))
    if match := _IN_CHINESE.fullmatch(words):
        digits = "".join(str(_DIGITS[sign]) for sign in match["year"])
        return _day(int(digits), _small(match["month"]), _small(match["day"]))
    if year and (match := _NO_YEAR.fullmatch(words)):
        return _day(year, int(match["month"]), int(match["day"]))
    return None


def _small(words: str) -> int:
    """The value of a numeral up to 99: 二十一 is 21."""
    tens, ten, ones = words.rpartition("十")
    return (_DIGITS[tens] if tens else 1 if ten else 0) * 10 + (_DIGITS[ones] if ones else 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def day_in_words(day: date) -> str:
    """Format a day as the report prints it: 2026年1月20日."""
    return f"{day.year}年{day.month}月{day.day}日"
