"""Rules about names left over from another report: of another place, agency or kind of agency."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from model.checks import Finding, RuleInput
from model.prose import (
    Gazetteer,
    Home,
    Passage,
    PlaceNames,
    Pronoun,
    RuleContext,
    clause_end,
    clause_start,
    mend,
    of_pieces,
)
from model.report import CONTACT_ADDRESS, CONTACT_OFFICE

_ENDS = re.compile("[省市县区旗州盟]")  # the last character of a place name
_NO_NAME = "现经由对向与按据在是将为如请和及各本我该全"  # characters that stand before a name, not in it
_VERY_SHORT = 2  # characters; so short a name may occur by chance

# An agency's place and its office: 临江市 + 住房和城乡建设局; 沭阳县 is a place without an office.
_AGENCY = re.compile(r"(?P<place>[\u4e00-\u9fff]{1,8}?[省市县区州盟旗])(?P<office>[\u4e00-\u9fff]{0,30})")


def find_places(passage: Passage) -> Iterator[Finding]:
    """Report the name of another place used in place of the report's own."""
    far = list(_far_places(passage))
    yield from far
    taken = {finding.spans[0].start for finding in far}
    yield from (finding for finding in _namesakes(passage) if finding.spans[0].start not in taken)


def _namesakes(passage: Passage) -> Iterator[Finding]:
    """Report the same office of another place as the subject of a sentence, as in 宿迁市住房和城乡建设局坚持."""
    own = _AGENCY.fullmatch(passage.state.report.agency)
    if not own or not (own["office"] or own["place"][-1] in "县区旗"):
        return
    places = passage.ground.rules.places
    pattern = (
        rf"(?:^|(?<=[，。；\n（）]))(?P<place>[\u4e00-\u9fff]{{2,4}}[市县区州盟旗]){own['office']}"
        rf"(?={'|'.join(places.own_work)}|20\d\d年)"
    )
    for match in re.finditer(pattern, passage.folded.text):
        place, known = match["place"], places.gazetteer.before(passage.folded.text, match.end("place"))
        if known and known != place:  # 对照宿迁市: a word precedes the name, which is no subject then
            continue
        if place[0] in _NO_NAME or any(verb in place for verb in places.verbs):
            continue
        if place not in own["place"] and own["place"] not in place:
            yield passage.found("other-place", [passage.span(match.start("place"), match.end("place"))])


def _far_places(passage: Passage) -> Iterator[Finding]:
    """Report an authority of another province, or of another city after a word such as 按照; study tours are exempt."""
    text, places = passage.folded.text, passage.ground.rules.places
    candidates = _authorities_in(passage)
    own = _own_homes(passage.ground, passage.state) if candidates else frozenset()
    for start, end in candidates if own else ():
        clause = text[clause_start(text, start) : clause_end(text, end)]
        leads = text.endswith(places.led, 0, start)
        if _foreign(places.gazetteer.homes(text[start:end]), own, leads=leads) and not any(
            word in clause for word in places.honest
        ):
            yield passage.found("other-place", [passage.span(start, end)])


def _authorities_in(passage: Passage) -> tuple[tuple[int, int], ...]:
    """The positions of the authorities named in a paragraph."""
    return tuple(_authorities(passage.ground.rules.places, passage.folded.text))


def _authorities(places: PlaceNames, text: str) -> Iterator[tuple[int, int]]:
    """The position of each full place name followed by a word that makes it an authority."""
    behind = (*places.behind, *places.own_work)
    for match in _ENDS.finditer(text):
        end = match.end() + text.startswith("县", match.end())  # 凤县县委: 县 is part of the name and of the office
        if text.startswith(behind, end) and not text.startswith(places.not_behind, end):
            name = places.gazetteer.before(text, match.end())
            start = match.end() - len(name)
            if len(name) > _VERY_SHORT or (name and _stands_alone(places, text, start)):
                yield start, match.end()


def _stands_alone(places: PlaceNames, text: str, start: int) -> bool:
    """Check that a two-character name opens its clause or follows a place or 按照; 和县 in 市政府和县政府 does not."""
    return (
        not re.match(r"[\u4e00-\u9fff]", text[start - 1 : start])
        or text.endswith(places.led, 0, start)
        or bool(places.gazetteer.before(text, start))
    )


def _foreign(homes: frozenset[Home], own: frozenset[Home], *, leads: bool) -> bool:
    """Return True if a place is outside the agency's provinces or, if it leads (`leads`), outside its cities."""
    near = [(home, mine) for home in homes for mine in own if home.province == mine.province]
    if not leads:
        return not near
    return not any("" in (home.city, mine.city) or home.city == mine.city for home, mine in near)


def homes_needed(ground: RuleContext, section: str, state: RuleInput) -> frozenset[Home]:
    """The agency's location if a section names any authority; else empty, because looking it up is costly."""
    named = any(of_pieces(ground, section, state, _authorities_in))
    return _own_homes(ground, state) if named else frozenset()


def _own_homes(ground: RuleContext, state: RuleInput) -> frozenset[Home]:
    return state.once(("homes", ground), lambda: _found_homes(ground, state))


def _found_homes(ground: RuleContext, state: RuleInput) -> frozenset[Home]:
    """The agency's location by its name or cover; else the provinces of the authorities named most in the texts."""
    report, places = state.report, ground.rules.places
    for words in (report.agency, report.facts.get(CONTACT_ADDRESS, ""), report.facts.get(CONTACT_OFFICE, "")):
        if homes := _homes_of(places.gazetteer, words):
            return homes
    told = [of_pieces(ground, section, state, _provinces) for section in ground.sections]
    counted = Counter(province for found in told for provinces in found for province in provinces)
    return frozenset(Home(province, "") for province, n in counted.items() if n == max(counted.values()))


def _provinces(passage: Passage) -> tuple[str, ...]:
    """The provinces of the authorities named in a paragraph."""
    text, gazetteer = passage.folded.text, passage.ground.rules.places.gazetteer
    homes = [gazetteer.homes(text[start:end]) for start, end in _authorities_in(passage)]
    return tuple(home.province for found in homes for home in found)


@lru_cache(maxsize=64)
def _homes_of(gazetteer: Gazetteer, words: str) -> frozenset[Home]:
    return gazetteer.of(words)


def find_agencies(passage: Passage) -> Iterator[Finding]:
    """Report 我镇 in a bureau's report, or another bureau as the subject of a sentence about its own work."""
    text, places, report = passage.folded.text, passage.ground.rules.places, passage.state.report
    pronoun = _pronoun(places, report.agency)
    for word in [word for word in pronoun.foreign if word in text] if pronoun else ():
        for match in re.finditer(re.escape(word), text):
            if pronoun and not _quoted(text, match.start()) and text[match.end() : match.end() + 1] not in "们国":
                span = passage.span(match.start(), match.end())
                fix = mend(f"改为“{pronoun.own}”", (span, pronoun.own))
                yield passage.found("other-agency", [span], fix=fix, agency=report.agency)
    if report.unit_kind == "department" and report.agency:
        for match in _subject_pattern(places).finditer(text):
            if not _same_agency(match["agency"], report.agency):
                span = passage.span(match.start("agency"), match.end("agency"))
                yield passage.found("other-agency", [span], agency=report.agency)


def _pronoun(places: PlaceNames, agency: str) -> Pronoun | None:
    endings = [(end, pronoun) for pronoun in places.pronouns for end in pronoun.ends if agency.endswith(end)]
    return max(endings, key=lambda item: len(item[0]), default=("", None))[1]


def _quoted(text: str, place: int) -> bool:
    return text.rfind("“", 0, place) > text.rfind("”", 0, place) or text.rfind("《", 0, place) > text.rfind(
        "》", 0, place
    )


def _same_agency(named: str, own: str) -> bool:
    """Compare agency names: 财政局 is 临江市财政局; 市场监管局 may stand for 市场监督管理局."""
    core = named.removesuffix("局").removesuffix("委员会").removesuffix("委")
    return core in own or all(letter in own for letter in core)


@lru_cache(maxsize=4)
def _subject_pattern(places: PlaceNames) -> re.Pattern[str]:
    agencies = "|".join(sorted(places.agencies, key=len, reverse=True))
    return re.compile(rf"(?:^|(?<=[，。；\n省市县区）])|(?<=我))(?P<agency>{agencies})(?:{'|'.join(places.own_work)})")
