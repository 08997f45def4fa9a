"""Finds the agency and the year of a report in the lines of a source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from string import Formatter

from model.form import Format
from model.importing.labels import fold
from model.importing.sections import SourceLine, is_around

MAX_TITLE = 80  # characters
MAX_AGENCY = 40
_LINES = 40  # first lines of a source that are searched for a title
_TITLE_LINES = 3  # lines over which a title may be broken
_ALIKE = 0.75  # 政府信息公开工作报告 for 政府信息公开工作年度报告 (0.91)

_DIGITS = str.maketrans("〇○零ＯO一二三四五六七八九０１２３４５６７８９", "000001234567890123456789")
_YEAR = re.compile(
    r"(?P<year>(?:[1１][9９]|[2２][0０])[0-9０-９]{2}|二[〇○零ＯO0０][一二三四五六七八九〇○零ＯO0０]{2})年度?"
)
_SENTENCE = re.compile(r"[。，；！？,;]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class CoverTitle:
    """The 机关名称 and year of a title, and the lines that make it up."""

    agency: str
    year: int
    lines: tuple[str, ...]


def find_title(lines: Sequence[SourceLine], forms: Iterable[Format], *, last: bool = False) -> CoverTitle | None:
    """The first title with an agency, on one line or broken over several; else one with only a year.

    With `last` the lines end where the report begins, and the title nearest to it is returned.
    """
    wanted = {_words(form) for form in forms}
    short = [line for line in lines if line.text and len(line.text) <= MAX_TITLE]
    near = short[-_LINES:] if last else short[:_LINES]
    found = list(_titles(near, wanted))
    if last:
        found.sort(key=lambda place: -place[0])  # of those that end on one line, the shortest comes first
    return next((title for _, title in found if title.agency), found[0][1] if found else None)


def _words(form: Format) -> str:
    """The words of a format's title besides the agency and the year."""
    words = "".join(literal for literal, _, _, _ in Formatter().parse(form.title))
    return words.removeprefix("年")


def _titles(lines: Sequence[SourceLine], wanted: set[str]) -> Iterator[tuple[int, CoverTitle]]:
    """Yield titles with the index behind their last line, those on one line first."""
    around = {place for place, line in enumerate(lines) if is_around(line)}
    for count in range(1, _TITLE_LINES + 1):
        for start in range(len(lines) - count + 1):
            places = range(start, start + count)
            part = tuple(lines[place].text for place in places)
            if (count == 1 or around.isdisjoint(places)) and (title := _title(part, wanted)):
                yield start + count, title


def _title(texts: tuple[str, ...], wanted: set[str]) -> CoverTitle | None:
    """The title that these lines make together, or None."""
    text = _SPACES.sub("", "".join(texts)).strip("《》#*")
    match = _YEAR.search(text)
    if not match or len(text) > MAX_TITLE or _SENTENCE.search(text):
        return None
    before, after = text[: match.start()], text[match.end() :]
    places = range(1) if before else range(min(len(after) + 1, MAX_AGENCY))  # 某局2024年报告 or 2024年某局报告
    splits = [(_likeness(after[place:], words), -place) for words in wanted for place in places]
    ratio, minus = max(splits)
    agency = before + after[:-minus]
    if ratio < _ALIKE or len(agency) > MAX_AGENCY:
        return None
    return CoverTitle(agency.removeprefix("关于"), year_of(match["year"]), texts)


def _likeness(text: str, words: str) -> float:
    if not text.endswith(words[-2:]) or len(text) > 2 * len(words):
        return 0.0
    return SequenceMatcher(None, text, words).ratio()


def year_of(text: str) -> int:
    """Parse a year in digits of any kind: 2020, ２０２０, 二〇二〇."""
    return int(text.translate(_DIGITS))


def year_in(lines: Iterable[SourceLine], forms: Iterable[Format], name: str) -> int | None:
    """The year if there is no title: of the 统计期限, else the most frequent one, else that in the file name."""
    text = _SPACES.sub("", "\n".join(line.text for line in lines))
    for form in forms:
        pattern = "((?:19|20)[0-9]{2})".join(map(re.escape, form.period.split("{year}")))
        if match := re.search(pattern, text):
            return int(match[1])
    for place in (text, name):
        years = Counter(year_of(found["year"]) for found in _YEAR.finditer(place))
        if years:
            return years.most_common(1)[0][0]
    return None


# -- the agency's full name ---------------------------------------------------------------------------------------

_BEFORE = re.compile(r"[\u4e00-\u9fff]{2,20}\Z")
# Words before a name in a sentence. Characters common in place names (本溪、经开区、无为) are not among them.
_STOPS = re.compile(
    r".*(?:编制|可至|[可请并]向|联系|根据|按照|以及|关于|报告|名称|简称|[我本][省市县区局机]|[的由至在请是与及按到该各]|[局厅委办]和)"
)
_GENERAL = re.compile(r"[全省市区县州旗盟]{1,2}")
_NAMES, _OCCURRENCES = 5, 300  # maximum of names returned, and of occurrences examined


def fuller_names(agency: str, text: str) -> tuple[str, ...]:
    """Longer names in the text ending in the title's agency (济源示范区应急管理局 for 应急管理局), likeliest first."""
    if len(agency) < 2:
        return ()
    counts: Counter[str] = Counter()
    place = text.find(agency)
    for _ in range(_OCCURRENCES):
        if place < 0:
            break
        before = _BEFORE.search(text[max(place - 20, 0) : place])
        front = _STOPS.sub("", before.group()) if before else ""
        if len(front) > 1 and not _GENERAL.fullmatch(front):
            counts[front + agency] += 1
        place = text.find(agency, place + len(agency))
    return tuple(sorted(counts, key=lambda name: (-counts[name], -len(name), name))[:_NAMES])


def is_title(line: SourceLine, title: CoverTitle | None) -> bool:
    """Return True for a line that is the title or a part of it."""
    return title is not None and fold(line.text) in {fold("".join(title.lines)), *map(fold, title.lines)}
