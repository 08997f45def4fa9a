"""Breaks titles and long names by sense: after 局, 府, 委员会, 年 …, never inside a number or next to one character."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations, pairwise, product

from export.lines.tokens import NO_END, NO_START

Width = Callable[[str], float]

# Costs of a break after these: 0 is the end of a name, more is worse; a place that matches none is not broken.
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
_UNIT = -3.0  # between the given sense units
_LINE = 1.5  # for each line
_LEAST = 3  # minimum of characters in a line
_MOST_LINES = 6  # a title that needs more lines is filled line by line
_MOST = 14  # maximum number of places combined with each other


def break_title(parts: Sequence[str], width: Width, limit: float, lines: int) -> list[str]:
    """Break sense units into as few lines of at most `limit` as possible, `lines` or more if necessary.

    `width` measures a text. The lines joined are the whole title; a unit that fits no line is cut.
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
    """The cost of a break at each allowed place of the joined title."""
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
    """Return True if the place is not near an end and the line start and end are allowed."""
    near = _LEAST <= place <= len(text) - _LEAST
    return near and text[place] not in NO_START and text[place - 1] not in NO_END


def _best(text: str, costs: dict[int, float], count: int, width: Width, limit: float) -> tuple[float, list[str]]:
    """The cheapest way to break into `count` lines, as (cost, lines); an infinite cost if every way overflows."""
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
    """For each line end the allowed places near the even division, for titles that cannot be broken by sense."""
    step = len(text) / count
    middles = [round(step * number) for number in range(1, count)]
    return [[place for place in range(middle - 2, middle + 3) if place in costs] for middle in middles]


def _shape(widths: Sequence[float]) -> float:
    """The cost of the shape: unevenness, plus 1 for each line shorter than both its neighbours."""
    widest = max(widths)
    uneven = sum((1 - line / widest) ** 2 for line in widths)
    waist = sum(1.0 for a, b, c in zip(widths, widths[1:], widths[2:], strict=False) if b < min(a, c) * 0.98)
    return uneven + waist


def _filled(text: str, width: Width, limit: float) -> list[str]:
    """Fill the lines one by one, for a title that cannot be broken by sense."""
    lines = [""]
    for character in text:
        if lines[-1] and width(lines[-1] + character) > limit:
            lines.append("")
        lines[-1] += character
    if len(lines) > 1 and len(lines[-1]) == 1:
        lines[-1] = lines[-2][-2:] + lines[-1]
        lines[-2] = lines[-2][:-2]
    return lines
