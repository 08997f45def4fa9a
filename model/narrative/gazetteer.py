"""Where the places of China are: every province, city and county by its full name, from `regions.toml`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_SHORTEST, _LONGEST = 2, 15  # characters of a name
_ENDS = re.compile("[省市县区旗州盟]")
_MUNICIPALITY = "市"  # a province whose name ends so is its own city


class Home(NamedTuple):
    """Province and city that a place belongs to; a province itself has no city, or is one."""

    province: str
    city: str


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """`provinces`: lines of a city with its counties, by province; the index over them is made when first asked."""

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
        """Where a place of this name may be; 鼓楼区 is in four cities."""
        return self._homes.get(name, frozenset())

    def before(self, text: str, end: int) -> str:
        """The longest name that ends just before `end`; "" for none."""
        for length in range(min(_LONGEST, end), _SHORTEST - 1, -1):
            if text[end - length : end] in self._homes:
                return text[end - length : end]
        return ""

    def named_in(self, text: str) -> Iterator[str]:
        """The full names in a text, in their order."""
        return (name for match in _ENDS.finditer(text) if (name := self.before(text, match.end())))

    def of(self, words: str) -> frozenset[Home]:
        """Where an agency or an address is: as its full names agree; else by a name without 市 or 县 at its head."""
        agreed: frozenset[Home] = frozenset()
        for name in self.named_in(words):
            agreed = _agreeing(agreed, self.homes(name))
        return agreed or self._by_stem(words)

    def _by_stem(self, words: str) -> frozenset[Home]:
        stems = (words[:length] for length in range(min(_LONGEST, len(words)), _SHORTEST - 1, -1))
        return next((homes for stem in stems if (homes := self._stems.get(stem))), frozenset())

    @cached_property
    def _stems(self) -> dict[str, frozenset[Home]]:
        """By the name without its last word; of two characters at least, and of a city before a county."""
        found: dict[str, frozenset[Home]] = {}
        for name, homes in self._homes.items():
            stem = re.sub(r"(?:壮族|回族|维吾尔)?自治区$|[省市县区旗州盟]$", "", name)
            if len(stem) >= _SHORTEST:
                found.setdefault(stem, homes)
        return found


def _agreeing(one: frozenset[Home], other: frozenset[Home]) -> frozenset[Home]:
    """The homes of the second name that lie within the first: 朝阳区 after 北京市 is the one in 北京."""
    within = frozenset(
        home for home in other if any(home.province == o.province and o.city in ("", home.city) for o in one)
    )
    return within or one or other
