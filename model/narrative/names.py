"""Names left in from another report: of another place, of another agency, of another kind of agency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from model.checks import Finding
from model.narrative.ground import Passage, mend
from model.narrative.ruleset import Places, Pronoun
from model.narrative.sentences import clause_end, clause_start, fold

# An agency's place and its office: 临江市 + 住房和城乡建设局; 沭阳县 has no office behind it.
_AGENCY = re.compile(r"(?P<place>[\u4e00-\u9fff]{1,8}?[省市县区州盟旗])(?P<office>[\u4e00-\u9fff]{0,30})")


def find_places(passage: Passage) -> Iterator[Finding]:
    """Another place's name where the report's own should stand."""
    yield from _far_places(passage)
    yield from _namesakes(passage)


def _namesakes(passage: Passage) -> Iterator[Finding]:
    """The same office of another place as the subject of its own work, as in 宿迁市住房和城乡建设局坚持."""
    own = _AGENCY.fullmatch(passage.state.report.agency)
    if not own or not (own["office"] or own["place"][-1] in "县区旗"):
        return
    works = "|".join(passage.ground.rules.places.own_work)
    pattern = (
        rf"(?:^|(?<=[，。；\n（）]))(?P<place>[\u4e00-\u9fff]{{2,4}}[市县区州盟旗]){own['office']}(?={works}|20\d\d年)"
    )
    for match in re.finditer(pattern, passage.folded.text):
        if match["place"] not in own["place"] and own["place"] not in match["place"]:
            yield passage.found("other-place", [passage.span(match.start("place"), match.end("place"))])


def _far_places(passage: Passage) -> Iterator[Finding]:
    """An authority of another province, outside of study tours and the like."""
    text, places = passage.folded.text, passage.ground.rules.places
    own = _own_provinces(passage, places)
    if not own:
        return
    for match in _place_pattern(places).finditer(text):
        province = _province_of(places, match["place"])
        clause = text[clause_start(text, match.start()) : clause_end(text, match.end())]
        if not province & own and not any(word in clause for word in places.honest):
            end = match.start() + len(match["place"]) + 1
            yield passage.found("other-place", [passage.span(match.start(), end)])


def _own_provinces(passage: Passage, places: Places) -> frozenset[str]:
    """The provinces that the agency's name or its cover speaks of; else those of the cities the text names most."""
    report = passage.state.report
    if named := _provinces_in(places, "，".join([report.agency, *report.facts.values()])):
        return named
    counted: dict[str, int] = {}
    for section in passage.ground.sections:
        for province in _provinces_in_text(places, report.text(section)):
            counted[province] = counted.get(province, 0) + 1
    most = max(counted.values(), default=0)
    return frozenset(province for province, count in counted.items() if count == most)


@lru_cache(maxsize=64)
def _provinces_in(places: Places, name: str) -> frozenset[str]:
    return frozenset(
        province
        for province, cities in places.provinces.items()
        if province in name or any(city in name for city in cities)
    )


@lru_cache(maxsize=64)
def _provinces_in_text(places: Places, text: str) -> tuple[str, ...]:
    found = _place_pattern(places).finditer(fold(text).text)
    return tuple(province for match in found for province in _province_of(places, match["place"]))


@lru_cache(maxsize=512)
def _province_of(places: Places, place: str) -> frozenset[str]:
    return frozenset(name for name, cities in places.provinces.items() if place == name or place in cities)


@lru_cache(maxsize=4)
def _place_pattern(places: Places) -> re.Pattern[str]:
    """A place's name with a word behind it that makes it an authority."""
    names = {*places.provinces, *(city for cities in places.provinces.values() for city in cities)}
    behind = "|".join(sorted(places.behind, key=len, reverse=True))
    return re.compile(rf"(?P<place>{'|'.join(sorted(names, key=len, reverse=True))})(?=(?:{behind}))")


def find_agencies(passage: Passage) -> Iterator[Finding]:
    """我镇 in a bureau's report, or another bureau as the subject of its own work."""
    text, places, report = passage.folded.text, passage.ground.rules.places, passage.state.report
    pronoun = _pronoun(places, report.agency)
    for word in pronoun.foreign if pronoun else ():
        for match in re.finditer(re.escape(word), text):
            if pronoun and not _quoted(text, match.start()) and text[match.end() : match.end() + 1] not in "们国":
                span = passage.span(match.start(), match.end())
                fix = mend(f"改为「{pronoun.own}」", (span, pronoun.own))
                yield passage.found("other-agency", [span], fix=fix, agency=report.agency)
    if report.unit_kind == "department" and report.agency:
        for match in _subject_pattern(places).finditer(text):
            if not _same_agency(match["agency"], report.agency):
                span = passage.span(match.start("agency"), match.end("agency"))
                yield passage.found("other-agency", [span], agency=report.agency)


def _pronoun(places: Places, agency: str) -> Pronoun | None:
    endings = [(end, pronoun) for pronoun in places.pronouns for end in pronoun.ends if agency.endswith(end)]
    return max(endings, key=lambda item: len(item[0]), default=("", None))[1]


def _quoted(text: str, place: int) -> bool:
    return text.rfind("“", 0, place) > text.rfind("”", 0, place) or text.rfind("《", 0, place) > text.rfind(
        "》", 0, place
    )


def _same_agency(named: str, own: str) -> bool:
    """财政局 is 临江市财政局; 市场监管局 may stand for 市场监督管理局."""
    core = named.removesuffix("局").removesuffix("委员会").removesuffix("委")
    return core in own or all(letter in own for letter in core)


@lru_cache(maxsize=4)
def _subject_pattern(places: Places) -> re.Pattern[str]:
    agencies = "|".join(sorted(places.agencies, key=len, reverse=True))
    return re.compile(rf"(?:^|(?<=[，。；\n省市县区）])|(?<=我))(?P<agency>{agencies})(?:{'|'.join(places.own_work)})")
