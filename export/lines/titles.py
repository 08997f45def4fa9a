"""Titles and long names broken by sense: after 局, 府, 委员会, 年 …; never a number cut, never a character alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations, pairwise, product

from export.lines.tokens import NO_END, NO_START

Width = Callable[[str], float]

# How badly a line may end behind these: 0 ends a name, more is worse; (what may not be cut is not listed).
_OFFICES = "委员会|办公室|管理处|管委会|机关|局|厅|署|府|法院|检察院|中心|集团|公司"
_PLACES = "自治区|自治州|自治县|特别行政区|省|市|区|县|旗|乡|镇|街道|处|所|院|会|部|队|站"
_ENDINGS = (
    (0.0, f"(?:{_OFFICES})(?![长面部域]|信息|办公|下属)|年度?(?=政府)"),
    (0.6, f"(?:{_PLACES})(?![区县长政级处会场镇乡局])|工作"),
    (1.0, "[的和与及、，）》”]|政府信息公开(?!工作)"),
    (1.2, "(?=[（《“])"),
    (5.0, "[\u4e00-\u9fff](?=[\u4e00-\u9fff])"),
)
_ANY = 5.0
_UNIT = -3.0  # between the units the title was given in
_LINE = 1.5  # one line more
_LEAST = 3  # characters: no line is shorter
_MOST_LINES = 6  # a title of more lines is simply filled
_MOST = 14  # so many places are weighed against each other


def break_title(parts: Sequence[str], width: Width, limit: float, lines: int) -> list[str]:
    """Break sense units into as few lines of at most `limit` as can be, `lines` or more where it must.

    `width` measures a text.  The whole title comes back, nothing added, nothing lost; a unit that fits nowhere is cut.
    """
    text = "".join(parts)
    if width(text) <= limit:
        return [text] if text else []
    if len(parts) <= lines and all(part and width(part) <= limit for part in parts):
        return list(parts)
    costs = _costs(parts)
    least = max(2, -int(-width(text) // limit))
    measured = cache(width)
    ways = [
        _best(text, costs, count, measured, limit)
        for count in range(least, max(least + 2, lines) + 1)
        if count <= _MOST_LINES
    ]
    cheapest = min(ways, key=lambda way: way[0] + _LINE * len(way[1]), default=(0.0, []))
    return cheapest[1] or _filled(text, width, limit)


def _costs(parts: Sequence[str]) -> dict[int, float]:
    """What a break costs at each place of the joined title."""
    text = "".join(parts)
    costs: dict[int, float] = {}
    for cost, pattern in reversed(_ENDINGS):
        for match in re.finditer(pattern, text):
            costs[match.end()] = cost
    place = 0
    for part in parts[:-1]:
        place += len(part)
        costs[place] = _UNIT
    return {place: cost for place, cost in costs.items() if _allowed(text, place)}


def _allowed(text: str, place: int) -> bool:
    """Not next to an end, and nothing forbidden at the lines' ends."""
    near = _LEAST <= place <= len(text) - _LEAST
    return near and text[place] not in NO_START and text[place - 1] not in NO_END


def _best(text: str, costs: dict[int, float], count: int, width: Width, limit: float) -> tuple[float, list[str]]:
    """The cheapest way into `count` lines and its cost; an infinite cost when every way overflows."""
    choice: list[str] = []
    least = float("inf")
    by_sense = sorted((place for place, cost in costs.items() if cost < _ANY), key=costs.__getitem__)[:_MOST]
    for ways in (combinations(sorted(by_sense), count - 1), product(*_near(text, costs, count))):
        for breaks in ways:
            lines = [text[a:b] for a, b in pairwise((0, *breaks, len(text)))]
            if min(map(len, lines)) < _LEAST or max(map(width, lines)) > limit:
                continue
            cost = sum(costs[place] for place in breaks) + _shape([width(line) for line in lines])
            if cost < least:
                choice, least = lines, cost
        if choice:
            break
    return least, choice


def _near(text: str, costs: dict[int, float], count: int) -> list[list[int]]:
    """For each line end the places near the even cut, for where nothing can be broken by sense."""
    step = len(text) / count
    middles = [round(step * number) for number in range(1, count)]
    return [[place for place in range(middle - 2, middle + 3) if place in costs] for middle in middles]


def _shape(widths: Sequence[float]) -> float:
    """How far lines are from a trapezoid or a lozenge: unevenness, and much for a waist."""
    widest = max(widths)
    uneven = sum((1 - line / widest) ** 2 for line in widths)
    waist = sum(1.0 for a, b, c in zip(widths, widths[1:], widths[2:], strict=False) if b < min(a, c) * 0.98)
    return uneven + waist


def _filled(text: str, width: Width, limit: float) -> list[str]:
    """Lines simply filled, for a title that no sense fits."""
    lines = [""]
    for character in text:
        if lines[-1] and width(lines[-1] + character) > limit:
            lines.append("")
        lines[-1] += character
    if len(lines) > 1 and len(lines[-1]) == 1:
        lines[-1] = lines[-2][-2:] + lines[-1]
        lines[-2] = lines[-2][:-2]
    return lines
