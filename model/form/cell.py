"""Addresses of the form's cells, and parsing of typed, pasted or printed text into their entries.

Nothing is refused here: what cannot be read is kept exactly as typed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from model.base import in_quotes

Number = int | Decimal

# No amount needs more digits; a longer one is a pasting error, and SQLite's integers end at 2**63.
MAX_DIGITS = 15
_LARGEST = 10**MAX_DIGITS - 1
MAX_DECIMALS = 6  # of 万元: 0.000001 is 1 分; Decimal adds such numbers exactly


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


class CellKind(StrEnum):
    """Kind of number that a cell accepts."""

    COUNT = "count"  # a whole number, 0 or more (件、项)
    CHANGE = "change"  # a whole number with a sign (本年增/减)
    AMOUNT = "amount"  # money, decimals allowed, 0 or more (万元)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """Content of one cell: a number, perhaps with a printed remark, or text that could not be read.

    `number is None` and `typed == ""` is a blank cell, which is not zero. Two entries are equal when they are
    written alike: 1.5 and 1.50 are one number, but two entries, and the form prints the one that was typed.
    """

    number: Number | None = None
    remark: str = ""  # printed under the number: “其中修订16件”
    typed: str = ""  # the text as typed, when it cannot be read
    problem: str = ""  # one sentence: why it cannot be read, and what to do

    @property
    def blank(self) -> bool:
        """Tell whether the cell is empty."""
        return self.number is None and not self.typed

    @property
    def unread(self) -> bool:
        """Tell whether the cell holds text that is not a number of its kind."""
        return self.number is None and bool(self.typed)

    @property
    def says_nothing(self) -> bool:
        """Tell whether the cell holds a sign that people type for "none", such as / or 无."""
        return self.unread and plain(self.typed) in _NOTHING

    def shown(self) -> str:
        """Return the text of the cell as a user would type it again."""
        if self.number is None:
            return self.typed
        number = shown(self.number)
        return f"{number}（{self.remark}）" if self.remark else number

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entry):
            return NotImplemented
        if self.number != other.number:  # decides nearly always, without formatting the numbers
            return False
        return self._written() == other._written()

    def __hash__(self) -> int:
        return hash(self._written())

    def _written(self) -> tuple[str, str, str, str]:
        return shown(self.number), self.remark, self.typed, self.problem


BLANK = Entry()

_SPACES = re.compile(r"[\s\u200b\u2060\ufeff]+")  # including those of no width, which come with pasted text
# A number grouped by thousands does not begin with 0: `0 123` and `0,123` are two numbers, or one that lost a digit.
_GAP = r"[ \u00a0\u2002-\u200a\u202f\u3000]"  # a space that groups thousands: 1 234
_SPACED = re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:{_GAP}\d{{3}})+(?:\.\d+)?")
_TORN = re.compile(r"\d\s+\d")
_WIDE = {**{0xFF10 + digit: str(digit) for digit in range(10)}, 0xFF0B: "+", 0xFF0D: "-", 0xFF0E: "."}
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_REMARK = re.compile(r"(?P<number>[^()（）]*)[(（](?P<remark>[^()（）]*)[)）]\s*")
_UNITS = re.compile(r"(?<=\d)(?:件|项|条|次|个|宗)$")
_MONEY = re.compile(rf"(?P<number>\d{{1,{MAX_DIGITS}}}(?:\.\d{{1,{MAX_DECIMALS}}})?)(?P<unit>万元|元)", re.ASCII)
_QUOTED = 20  # characters of the typed text that a message repeats
# Signs typed for "none", in half width and without spaces.
_NOTHING = frozenset("/ // - -- --- \\ — —— 一 ― ∕ × N/A n/a NA 不适用 无 没有 空 空白".split())  # noqa: SIM905 (a table of signs)


def shown(number: Number | None) -> str:
    """Format a number as the form prints it: digits as they were given, no grouping; blank as ''."""
    if number is None:
        return ""
    return format(number, "f") if isinstance(number, Decimal) else str(number)


def alike(one: Number | None, other: Number | None) -> bool:
    """Return True if two numbers are equal and written alike; 1.5 and 1.50 are not, 12 and 12 are."""
    return one == other and shown(one) == shown(other)


def fits(number: Number, kind: CellKind) -> bool:
    """Return True if a cell of this kind would accept the number as it is written."""
    if type(number) is int and (0 if kind is not CellKind.CHANGE else -_LARGEST) <= number <= _LARGEST:
        return True
    return read(shown(number), kind).number == number


def plain(text: str) -> str:
    """Return the half-width form of a text, without spaces: `１ ２３４` → `1234`, `－` → `-`."""
    return _SPACES.sub("", _half(text))


def _half(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2013", "-")


def read(text: str, kind: CellKind = CellKind.COUNT) -> Entry:
    """Parse the text of a cell as users write it; never raises.

    `１２`, `1,204`, `12件`, `22（其中修订16件）`, `104.1572` (amounts), `-17` (changes) are read; anything
    else gives an unread `Entry` with the text as typed and the sentence to show.
    """
    match = _REMARK.fullmatch(text)
    number, remark = (match["number"], match["remark"].strip()) if match else (text, "")
    if not match and not plain(number):
        return BLANK
    # A footnote mark is no digit (5② is not 52), and two numbers that a line end separates are not one.
    if any(unicodedata.category(c) == "No" for c in number) or _torn(number.strip()):
        return _unread(text, "无法识别，请只填一个数，如 12")
    return _read_bare(text, plain(number), remark, kind)


def _torn(number: str) -> bool:
    """Return True if spaces separate digits otherwise than to group thousands: 12 34."""
    return bool(_TORN.search(number)) and not _SPACED.fullmatch(number.translate(_WIDE))


def _read_bare(text: str, bare: str, remark: str, kind: CellKind) -> Entry:
    if bare in _NOTHING:
        return _unread(text, "不是数字；没有发生的请填 0，暂时不知道的请留空")
    if kind is CellKind.AMOUNT and (money := _MONEY.fullmatch(bare.replace(",", ""))):
        return _unread(text, _with_unit(Decimal(money["number"]), money["unit"]))
    bare = _UNITS.sub("", bare) if kind is not CellKind.AMOUNT else bare
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if not _PLAIN.fullmatch(bare):
        return _unread(text, "无法识别，请填阿拉伯数字")
    return _of_kind(text, bare, remark, kind)


def _with_unit(amount: Decimal, unit: str) -> str:
    """Return the question to ask about an amount typed with its unit; the cell itself counts 万元."""
    digits = shown(amount / 10_000 if unit == "元" else amount)
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"带有单位；本格以万元为单位，请只填数字，如 {digits}"


def _of_kind(text: str, bare: str, remark: str, kind: CellKind) -> Entry:
    """Check a well-formed number against the kind of the cell."""
    if len(bare.lstrip("+-").replace(".", "")) > MAX_DIGITS:
        return _unread(text, f"数字过大，最多 {MAX_DIGITS} 位")
    if bare[0] in "+-" and kind is not CellKind.CHANGE:
        what = "金额" if kind is CellKind.AMOUNT else "件数"
        return _unread(text, f"带正负号；这里填{what}，请填 0 或正数")
    if kind is CellKind.AMOUNT:
        return _amount(text, bare, remark)
    if "." in bare and (bare.endswith(".") or Decimal(bare) != Decimal(bare).to_integral_value()):
        return _unread(text, "不是整数；这里填件数，请填整数，不要小数")
    return Entry(int(Decimal(bare)), remark)


def _amount(text: str, bare: str, remark: str) -> Entry:
    """Convert an amount digit by digit: `104.1572` stays a decimal, `12` becomes an int."""
    whole, _, decimals = bare.partition(".")
    if len(decimals) > MAX_DECIMALS:
        return _unread(text, f"小数过长，万元数最多 {MAX_DECIMALS} 位小数（到分）")
    return Entry(Decimal(f"{whole or 0}.{decimals}") if decimals else int(whole), remark)


def _unread(text: str, problem: str) -> Entry:
    typed = text.strip()
    quoted = typed if len(typed) <= _QUOTED else typed[:_QUOTED] + "…"
    return Entry(typed=typed, problem=f"{in_quotes(quoted)}{problem}")
