"""Lists the names under which an office speaks of itself in its report."""

from __future__ import annotations

import re
from functools import lru_cache

_PLACE = re.compile(r"^[\u4e00-\u9fff]{1,8}?(?:自治[区州县]|[省市县区州盟旗])(?=[\u4e00-\u9fff]{2})")
_PRONOUNS = ("我", "本", "全")
# How an office calls itself: the last character of its name, or the word for the whole of a unit.
_BODIES = ("机关", "单位", "部门", "行政机关")
_ENDS = "局委厅办镇乡县市区省州盟旗院所站队"
_ZONE = re.compile(r"([新园景]区|开发区|高新区|度假区|示范区|保税区|试验区)(?:管理委员会|管委会|党工委)$")
_GOVERNMENT = re.compile(r"(?:人民)?政府$")


@lru_cache(maxsize=64)
def own_names(agency: str) -> tuple[str, ...]:
    """Return the full and short names of an agency and its pronouns (我局, 本机关), the longest first."""
    names = {agency, *_short(agency), *(f"本{body}" for body in _BODIES), "我单位", "我机关"}
    names |= {name for zone in _ZONE.findall(agency) for name in (zone, "全区", "我区", "本区", "管委会")}
    names |= {f"{pronoun}{end}" for pronoun in _PRONOUNS for end in _ends(agency)}
    return tuple(sorted((name for name in names if len(name) > 1), key=len, reverse=True))


def _short(agency: str) -> set[str]:
    """The name without the names of the places it begins with: 云阳县水务局 → 水务局, 县水务局."""
    names: set[str] = set()
    rest = agency
    while match := _PLACE.match(rest):
        names |= {rest[match.end() :], rest[match.end() - 1 :]}
        rest = rest[match.end() :]
    names |= {name.replace("人民政府", "政府") for name in names | {agency}}
    return names | {_GOVERNMENT.sub("", name) for name in names | {agency}}


def _ends(agency: str) -> set[str]:
    """The characters that follow 我 and 本: of a government, that of its place; of an office, that of its kind."""
    place = _GOVERNMENT.sub("", agency)
    ends = {place[-1:]} if place[-1:] in _ENDS else set()
    if agency.endswith(("街道办事处", "街道")):
        ends.add("街道")
    if agency.endswith("办公室"):
        ends |= {"办", "办公室"}
    if agency.endswith("委员会"):
        ends |= {"委", "会"}
    if agency.endswith("中心"):
        ends.add("中心")
    return ends
