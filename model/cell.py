"""Where a number stands and how a clerk writes it.

An `Address` names one cell of the form; `read` turns what was typed, pasted or printed into an
`Entry`.  Nothing is refused here: what cannot be read is kept exactly as typed (domain.md §2).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

Number = int | Decimal

# An amount needs no more than this; a longer one is a paste accident, and SQLite's integers end at 2**63.
MAX_DIGITS = 15


class Address(NamedTuple):
    """One cell of the form: `requests/new_received/natural_person`."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return "/".join(self)


def at(path: str) -> Address:
    """Return the address written as `table/row/column`; raise `ValueError` for any other shape."""
    parts = path.split("/")
    if len(parts) != 3 or not all(parts):
        raise ValueError(f"not an address: {path!r}")
    return Address(*parts)


class Kind(StrEnum):
    """What a cell may hold."""

    COUNT = "count"  # a whole number, 0 or more (件、项)
    CHANGE = "change"  # a whole number with a sign (本年增/减)
    AMOUNT = "amount"  # money, decimals allowed, 0 or more (万元)


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in one cell: a number, perhaps with a printed remark, or what could not be read.

    `number is None` and `typed == ""` is a blank cell, which is not zero.
    """

    number: Number | None = None
    remark: str = ""  # printed under the number: 「其中修订16件」
    typed: str = ""  # kept as typed when it cannot be read
    problem: str = ""  # one sentence: why not, and what to do

    @property
    def blank(self) -> bool:
        """True when the clerk has put nothing here."""
        return self.number is None and not self.typed

    @property
    def unread(self) -> bool:
        """True when something stands here that is not a number of the cell's kind."""
        return self.number is None and bool(self.typed)

    def shown(self) -> str:
        """The text of the cell as a clerk would type it again."""
        if self.number is None:
            return self.typed
        number = shown(self.number)
        return f"{number}（{self.remark}）" if self.remark else number


BLANK = Entry()

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u3000]+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_REMARK = re.compile(r"(?P<number>[^()]*)\((?P<remark>[^()]*)\)")
_UNITS = re.compile(r"(?<=\d)(?:件|项|条|次|个|宗)$")
_MONEY = re.compile(r"(?<=\d)(?:万元|元)$")
_NOTHING = {"/", "-", "--", "不适用", "无", "\\", "—", "——", "一", "―"}


def shown(number: Number | None, kind: Kind = Kind.COUNT) -> str:
    """Write a number as the form prints it: digits as they were given, no grouping; blank as ''."""
    if number is None:
        return ""
    return format(number, "f") if isinstance(number, Decimal) else str(number)


def plain(text: str) -> str:
    """Half-width form of what was typed, without spaces: `１ ２３４` → `1234`, `－` → `-`."""
    half = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2013", "-")
    return _SPACES.sub("", half)


def read(text: str, kind: Kind = Kind.COUNT) -> Entry:
    """Read a cell as a clerk writes it; never raises.

    `１２`, `1,204`, `12件`, `22（其中修订16件）`, `104.1572` (amounts), `-17` (changes) are read; anything
    else comes back as an unread `Entry` with the text as typed and the sentence to show.
    """
    bare = plain(text)
    if not bare:
        return BLANK
    remark = ""
    if match := _REMARK.fullmatch(bare):
        bare, remark = match["number"], _original_remark(text)
    return _read_bare(text, bare, remark, kind)


def _original_remark(text: str) -> str:
    """The remark between the brackets, in the clerk's own characters."""
    inner = re.split(r"[(（]", text, maxsplit=1)[1]
    return re.split(r"[)）]", inner, maxsplit=1)[0].strip()


def _read_bare(text: str, bare: str, remark: str, kind: Kind) -> Entry:
    if bare in _NOTHING:
        return _unread(text, "这里不是数字。没有发生请填 0，暂时不知道请留空")
    if kind is not Kind.AMOUNT:
        bare = _UNITS.sub("", bare)
    elif _MONEY.search(bare):
        return _unread(text, "请只填数字。金额以万元为单位，请换算后填写")
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if not _PLAIN.fullmatch(bare) or not bare.isascii():
        return _unread(text, "无法识别，请填阿拉伯数字")
    return _of_kind(text, bare, remark, kind)


def _of_kind(text: str, bare: str, remark: str, kind: Kind) -> Entry:
    """Check a well-formed number against what the cell may hold."""
    number = Decimal(bare)
    signed = bare[0] in "+-"
    if len(bare.lstrip("+-").replace(".", "")) > MAX_DIGITS:
        return _unread(text, f"数字过大，最多 {MAX_DIGITS} 位")
    if kind is Kind.AMOUNT:
        return _unread(text, "金额不能为负数") if signed and number else Entry(_exact(bare), remark)
    if number != number.to_integral_value() or bare.endswith("."):
        return _unread(text, "这里填件数，请填整数，不要小数")
    if signed and kind is Kind.COUNT:
        return _unread(text, "这里填件数，请填 0 或正整数，不带正负号")
    return Entry(int(number), remark)


def _exact(bare: str) -> Number:
    """An amount digit by digit: `104.1572` stays a decimal, `12` becomes an int."""
    return Decimal(bare) if "." in bare else int(bare)


def _unread(text: str, problem: str) -> Entry:
    return Entry(typed=text.strip(), problem=f"「{text.strip()}」{problem}")
