"""Finds another office named as the author, the contact or the publisher of this report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from model.checks import Finding
from model.prose import Passage, PlaceNames, own_names


def find(passage: Passage) -> Iterator[Finding]:
    """Report an office other than the report's own (or the government that it belongs to) in the place of its name."""
    report, rules = passage.state.report, passage.ground.rules
    if not report.agency:
        return
    own = own_names(report.agency)
    for match in _pattern(rules.places).finditer(passage.folded.text):
        name = match["by"] or match["ask"] or match["of"]
        if not _is_own(name, report.agency, own):
            start = match.start(match.lastgroup or 0)
            yield passage.found("other-agency", [passage.span(start, start + len(name))], agency=report.agency)


def _is_own(name: str, agency: str, own: tuple[str, ...]) -> bool:
    """Tell whether a name is the agency's own in full, in short or with its place, or that of a body above it."""
    bare = name.removesuffix("人民政府")
    return (
        name in own
        or agency.startswith(bare)
        or name in agency
        or agency in name
        or any(len(word) > 2 and name.endswith(word) for word in own)
    )


@lru_cache(maxsize=4)
def _pattern(places: PlaceNames) -> re.Pattern[str]:
    """Match 由…编制本报告, 请与…联系 and 公布…2024年度政府信息公开; each name ends as offices' names do."""
    name = rf"[\u4e00-\u9fff]{{2,24}}?(?:人民政府|{'|'.join(places.agencies)})"
    return re.compile(
        rf"由(?P<by>{name})(?:[\u4e00-\u9fff]{{0,6}}室)?(?:负责)?(?:编制|编写|起草)"
        rf"|(?:与|向|同)(?P<ask>{name})(?:[\u4e00-\u9fff]{{0,8}}[室科股处])?(?:联系|反映|咨询)"
        rf"|公布(?P<of>{name})20\d\d年度?(?:政府)?信息公开"
    )
