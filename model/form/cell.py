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
from functools import lru_cache
from typing import NamedTuple

Number = int | Decimal

# An amount needs no more than this; a longer one is a paste accident, and SQLite's integers end at 2**63.
MAX_DIGITS = 15
_LARGEST = 10**MAX_DIGITS - 1
MAX_DECIMALS = 6  # 万元 with six decimals end at 分; Decimal adds such numbers exactly


class Address(NamedTuple):
    """One cell of the form: `requests/new_received/natural_person`."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return "/".join(self)


@lru_cache(maxsize=2048)
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


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """What stands in one cell: a number, perhaps with a printed remark, or what could not be read.

    `number is None` and `typed == ""` is a blank cell, which is not zero. Two entries are equal when they are
    written alike: 1.5 and 1.50 are one number, but two entries, and the form prints the one that was typed.
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

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entry):
            return NotImplemented
        if self.number != other.number:  # nearly always told by this: writing numbers out takes time
            return False
        return self._written() == other._written()

    def __hash__(self) -> int:
        return hash(self._written())

    def _written(self) -> tuple[str, str, str, str]:
        return shown(self.number), self.remark, self.typed, self.problem


BLANK = Entry()

_SPACES = re.compile(r"[\s\u200b\u2060\ufeff]+")  # with those of no width, which a paste brings along
_GAP = r"[ \u00a0\u2002-\u200a\u202f\u3000]"  # a space inside a line: 1 234
_SPACED = re.compile(rf"[+-]?\d{{1,3}}(?:{_GAP}\d{{3}})+(?:\.\d+)?")
_TORN = re.compile(r"\d\s+\d")
_WIDE = {**{0xFF10 + digit: str(digit) for digit in range(10)}, 0xFF0B: "+", 0xFF0D: "-", 0xFF0E: "."}
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_REMARK = re.compile(r"(?P<number>[^()（）]*)[(（](?P<remark>[^()（）]*)[)）]\s*")
_UNITS = re.compile(r"(?<=\d)(?:件|项|条|次|个|宗)$")
_MONEY = re.compile(rf"(?P<number>\d{{1,{MAX_DIGITS}}}(?:\.\d{{1,{MAX_DECIMALS}}})?)(?P<unit>万元|元)", re.ASCII)
_QUOTED = 20  # characters of a long paste that a message repeats
_NOTHING = {"/", "-", "--", "不适用", "无", "\\", "—", "——", "一", "―"}


def shown(number: Number | None) -> str:
    """Write a number as the form prints it: digits as they were given, no grouping; blank as ''."""
    if number is None:
        return ""
    return format(number, "f") if isinstance(number, Decimal) else str(number)


def alike(one: Number | None, other: Number | None) -> bool:
    """True when two numbers are equal and written alike; 1.5 and 1.50 are not, 12 and 12 are."""
    return one == other and shown(one) == shown(other)


def fits(number: Number, kind: Kind) -> bool:
    """True when a cell of this kind would read the number as it is written."""
    if type(number) is int and (0 if kind is not Kind.CHANGE else -_LARGEST) <= number <= _LARGEST:
        return True
    return read(shown(number), kind).number == number


def plain(text: str) -> str:
    """Half-width form of what was typed, without spaces: `１ ２３４` → `1234`, `－` → `-`."""
    return _SPACES.sub("", _half(text))


def _half(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2013", "-")


def read(text: str, kind: Kind = Kind.COUNT) -> Entry:
    """Read a cell as a clerk writes it; never raises.

    `１２`, `1,204`, `12件`, `22（其中修订16件）`, `104.1572` (amounts), `-17` (changes) are read; anything
    else comes back as an unread `Entry` with the text as typed and the sentence to show.
    """
    match = _REMARK.fullmatch(text)
    number, remark = (match["number"], match["remark"].strip()) if match else (text, "")
    if not match and not plain(number):
        return BLANK
    # A footnote mark is no digit (5② is not 52), and two numbers that a line end separates are not one.
    if any(unicodedata.category(c) == "No" for c in number) or _torn(number.strip()):
        return _unread(text, "无法识别，请只填一个阿拉伯数字")
    return _read_bare(text, plain(number), remark, kind)


def _torn(number: str) -> bool:
    """True when spaces stand between digits otherwise than to group thousands: 12 34."""
    return bool(_TORN.search(number)) and not _SPACED.fullmatch(number.translate(_WIDE))


def _read_bare(text: str, bare: str, remark: str, kind: Kind) -> Entry:
    if bare in _NOTHING:
        return _unread(text, "不是数字，填 0 还是空白？没有发生的请填 0，暂时不知道的请留空")
    if kind is Kind.AMOUNT and (money := _MONEY.fullmatch(bare.replace(",", ""))):
        return _unread(text, _with_unit(Decimal(money["number"]), money["unit"]))
    bare = _UNITS.sub("", bare) if kind is not Kind.AMOUNT else bare
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if not _PLAIN.fullmatch(bare):
        return _unread(text, "无法识别，请填阿拉伯数字")
    return _of_kind(text, bare, remark, kind)


def _with_unit(amount: Decimal, unit: str) -> str:
    """The question that an amount with its unit asks; the cell itself counts 万元."""
    digits = shown(amount / 10_000 if unit == "元" else amount)
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"带有单位。本格以万元为单位，是否填 {digits}？请只填数字"


def _of_kind(text: str, bare: str, remark: str, kind: Kind) -> Entry:
    """Check a well-formed number against what the cell may hold."""
    if len(bare.lstrip("+-").replace(".", "")) > MAX_DIGITS:
        return _unread(text, f"数字过大，最多 {MAX_DIGITS} 位")
    if bare[0] in "+-" and kind is not Kind.CHANGE:
        what = "金额" if kind is Kind.AMOUNT else "件数"
        return _unread(text, f"带正负号。这里填{what}，请填 0 或正数")
    if kind is Kind.AMOUNT:
        return _amount(text, bare, remark)
    if "." in bare and (bare.endswith(".") or Decimal(bare) != Decimal(bare).to_integral_value()):
        return _unread(text, "不是整数。这里填件数，请填整数，不要小数")
    return Entry(int(Decimal(bare)), remark)


def _amount(text: str, bare: str, remark: str) -> Entry:
    """An amount digit by digit: `104.1572` stays a decimal, `12` becomes an int."""
    whole, _, decimals = bare.partition(".")
    if len(decimals) > MAX_DECIMALS:
        return _unread(text, f"小数过长，万元数最多 {MAX_DECIMALS} 位小数（到分）")
    return Entry(Decimal(f"{whole or 0}.{decimals}") if decimals else int(whole), remark)


def _unread(text: str, problem: str) -> Entry:
    typed = text.strip()
    quoted = typed if len(typed) <= _QUOTED else typed[:_QUOTED] + "…"
    return Entry(typed=typed, problem=f"「{quoted}」{problem}")
