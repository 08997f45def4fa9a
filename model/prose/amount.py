"""Parses numbers with their units in prose: 1,204件、两件、十一件、3.65万件、59237.2449万元、1.05%、300余条."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from model.form import Number

COUNTS = ("件次", "人次", *"件宗起例份条部项个篇期次场封笔通")
_MONEY = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
_SCALES = {"": 1, "千": 1000, "万": 10_000, "亿": 100_000_000}
_DIGITS = {**{c: n for n, c in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_UNITS = "|".join([*_MONEY, "个百分点", "%", *COUNTS])
# Bounded on every side: a number inside a longer one, a date or a document number does not match.
_AMOUNT = re.compile(
    r"(?P<about>近|约|超过|超|逾|至少)?(?:"
    r"(?<![\d.〔\-—第])(?P<digits>\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?)(?![\d.]|[年月日号时分]|-\d)"
    r"|(?<=[为是达])(?P<none>零)(?![\u4e00-\u9fff])"
    r"|(?<![无第〇零一二三四五六七八九十百千万两几数])(?P<words>[零一二三四五六七八九十百千万两]{1,9})(?=[余多]?[件宗起例条份]))"
    rf"(?P<more>余|多)?(?P<scale>[千万亿]?(?![元]))?(?P<more2>余|多)?(?P<unit>{_UNITS})?"
)
_NONE_BEFORE = re.compile(r"(?:没有|未有|未见|没|并无)$")  # 没有一件逾期 tells of none
_AFTER_BARE = re.compile(r"[，。；、）\n]|$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a folded text from `start` to `end`, its digits from `start` to `digits_end`.

    `value` is in 件 (or whatever `unit` counts), in 元 for money, in percent for shares; `grain` is the value of its
    last printed digit (0.01 for 1.05 %), `about` is True with 近, 约, 超, 至少, 余 or 多.
    """

    start: int
    end: int
    digits_end: int
    value: Number
    unit: str
    grain: Decimal
    about: bool

    @property
    def money(self) -> bool:
        """Return True for an amount in 元, 万元 or 亿元."""
        return self.unit in _MONEY

    @property
    def count(self) -> bool:
        """Return True for a number of things; a number without unit may be one."""
        return self.unit in COUNTS or not self.unit

    @property
    def exact(self) -> bool:
        """Return True if the number is neither approximate nor rounded: its last digit counts single units."""
        return not self.about and self.grain == 1

    def near(self, value: Number) -> bool:
        """Return True if `value`, rounded or cut off to the printed precision, may be this number."""
        if self.about:
            size = max(Decimal(1), Decimal(10) ** (Decimal(self.value).adjusted()))
            return abs(Decimal(value) - self.value) <= size
        return value == self.value or (self.grain != 1 and abs(Decimal(value) - self.value) < self.grain)


@lru_cache(maxsize=512)
def amounts(text: str) -> tuple[Amount, ...]:
    """All amounts of a folded text in their order; a number without unit only at the end of its clause."""
    found = (_amount(text, match) for match in _AMOUNT.finditer(text))
    return tuple(amount for amount in found if amount)


def within(numbers: Sequence[Amount], start: int, end: int) -> Sequence[Amount]:
    """The amounts that begin in [start, end)."""
    first = bisect_left(numbers, start, key=lambda amount: amount.start)
    return numbers[first : bisect_left(numbers, end, first, key=lambda amount: amount.start)]


def _amount(text: str, match: re.Match[str]) -> Amount | None:
    unit = match["unit"] or ""
    if not unit and not match["none"] and (match["words"] or not _AFTER_BARE.match(text, match.end())):
        return None
    number, grain = _read(match)
    scale = _MONEY.get(unit, 1) * _SCALES[match["scale"] or ""]
    kind = next(name for name in ("digits", "none", "words") if match[name])
    about = bool(match["about"] or match["more"] or match["more2"])
    none = number == 1 and kind == "words" and _NONE_BEFORE.search(text, max(0, match.start() - 2), match.start())
    value = 0 if none else _plain(number * scale)
    return Amount(match.start(kind), match.end(), match.end(kind), value, unit, grain * scale, about)


def _read(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    """The number and the value of its last digit (`grain`)."""
    if not match["digits"]:
        return Decimal(in_words(match["none"] or match["words"])), Decimal(1)
    number = Decimal(match["digits"].replace(",", ""))
    exponent = number.as_tuple().exponent
    return number, Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _plain(value: Decimal) -> Number:
    return int(value) if value == value.to_integral_value() else value


def in_words(words: str) -> int:
    """The value of a Chinese numeral: 两 → 2, 十一 → 11, 一百零五 → 105, 三万二千 → 32000; 一二三 → 123."""
    if not any(word in _TENS for word in words):
        return int("".join(str(_DIGITS[word]) for word in words))
    total = section = digit = 0
    for word in words:
        if word in _DIGITS:
            digit = _DIGITS[word]
        elif word == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        else:
            section, digit = section + (digit or 1) * _TENS[word], 0
    return total + section + digit
