"""Locates provinces, cities and counties of China by their full names (data: `regions.toml`)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_SHORTEST, _LONGEST = 2, 15  # characters of a name
_ENDS = re.compile("[省市县区旗州盟]")
_MUNICIPALITY = "市"  # the last character of a province that is its own city (直辖市)


class Home(NamedTuple):
    """The province and city that a place belongs to; `city` is "" for a province and its own name for a 直辖市."""

    province: str
    city: str


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Index of place names; `provinces` maps a province to lines of a city with its counties. Built on first use."""

    provinces: Mapping[str, str]

    @cached_property
    def _homes(self) -> dict[str, frozenset[Home]]:
        found: dict[str, set[Home]] = defaultdict(set)
        for province, lines in self.provinces.items():
            found[province].add(Home(province, province if province.endswith(_MUNICIPALITY) else ""))
            for line in lines.splitlines():
                city, *counties = line.split() or [province]
                for name in (city, *counties):
                    if name != province:
                        found[name].add(Home(province, city))
        return {name: frozenset(homes) for name, homes in found.items()}

    def homes(self, name: str) -> frozenset[Home]:
        """The possible locations of a place of this name; 鼓楼区 has four."""
        return self._homes.get(name, frozenset())

    def before(self, text: str, end: int) -> str:
        """The longest place name that ends just before `end`; "" if there is none."""
        for length in range(min(_LONGEST, end), _SHORTEST - 1, -1):
            if text[end - length : end] in self._homes:
                return text[end - length : end]
        return ""

    def named_in(self, text: str) -> Iterator[str]:
        """The full place names in a text, in their order."""
        return (name for match in _ENDS.finditer(text) if (name := self.before(text, match.end())))

    def of(self, words: str) -> frozenset[Home]:
        """The location of an agency or address, by all its full names; else by a leading name without 市 or 县."""
        agreed: frozenset[Home] = frozenset()
        for name in self.named_in(words):
            agreed = _agreeing(agreed, self.homes(name))
        return agreed or self._by_stem(words)

    def _by_stem(self, words: str) -> frozenset[Home]:
        stems = (words[:length] for length in range(min(_LONGEST, len(words)), _SHORTEST - 1, -1))
        return next((homes for stem in stems if (homes := self._stems.get(stem))), frozenset())

    @cached_property
    def _stems(self) -> dict[str, frozenset[Home]]:
        """The locations by name without its last character (or 自治区), at least two characters; cities come first."""
        found: dict[str, frozenset[Home]] = {}
        for name, homes in self._homes.items():
            stem = re.sub(r"(?:壮族|回族|维吾尔)?自治区$|[省市县区旗州盟]$", "", name)
            if len(stem) >= _SHORTEST:
                found.setdefault(stem, homes)
        return found


def _agreeing(one: frozenset[Home], other: frozenset[Home]) -> frozenset[Home]:
    """The locations of the second name inside those of the first: 朝阳区 after 北京市 is the one in 北京."""
    within = frozenset(
        home for home in other if any(home.province == o.province and o.city in ("", home.city) for o in one)
    )
    return within or one or other
