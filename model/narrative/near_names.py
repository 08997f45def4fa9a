"""Finds the report's own name with one wrong, lost, doubled or exchanged character."""

from __future__ import annotations

from collections.abc import Iterator

from model.checks import Finding
from model.prose import Passage, mend

_PLACE_ENDS = "省市县区州盟旗"
_SHORTEST = 5  # characters; the neighbours of a shorter name are names of other offices too often


def find(passage: Passage) -> Iterator[Finding]:
    """Report a stretch that differs from the agency's full name in one place and names no other office."""
    agency, text = passage.state.report.agency, passage.folded.text
    if len(agency) < _SHORTEST or agency[-1] not in text:
        return
    for start, end in _near(text, agency):
        if not _another(passage, text[start:end], agency):
            span = passage.span(start, end)
            yield passage.found("own-name", [span], fix=mend(f"改为“{agency}”", (span, agency)), agency=agency)


def _near(text: str, name: str) -> Iterator[tuple[int, int]]:
    """The stretches one slip away from the name, which do not lie over the right name.

    A single slip leaves the first or the second half of the name as it is, so only their surroundings are compared.
    """
    right = [(place, place + len(name)) for place in _all(text, name)]
    half = len(name) // 2
    starts = set(_all(text, name[:half]))
    starts |= {place - half + shift for place in _all(text, name[half:]) for shift in (-1, 0, 1)}
    for start in sorted(starts):
        for length in (len(name), len(name) - 1, len(name) + 1):
            end = start + length
            apart = not any(start < last and first < end for first, last in right)
            if start >= 0 and apart and end <= len(text) and _one_slip(text[start:end], name):
                yield start, end
                break


def _all(text: str, words: str) -> Iterator[int]:
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def _one_slip(words: str, name: str) -> bool:
    """Tell whether one character is replaced, lost inside or doubled, or two neighbours are exchanged.

    The last character stays: 应急管理等 is no slip of 应急管理局.
    """
    if words[-1] != name[-1]:
        return False
    if len(words) == len(name):
        changed = [place for place, letter in enumerate(words) if letter != name[place]]
        first = changed[0] if changed else 0
        exchanged = len(changed) == 2 and words[first : first + 2] == name[first : first + 2][::-1]
        return exchanged or (len(changed) == 1 and words[first] > "\u4e00")
    longer, shorter = sorted((words, name), key=len, reverse=True)
    place = next((i for i, letter in enumerate(shorter) if letter != longer[i]), len(shorter))
    if longer[:place] + longer[place + 1 :] != shorter:
        return False
    if longer is words:
        return longer[place] in (longer[place - 1 : place], longer[place + 1 : place + 2])
    return 0 < place < len(shorter) and longer[place] not in _PLACE_ENDS  # 云阳水务局 is a short name


def _another(passage: Passage, words: str, name: str) -> bool:
    """Return True if the stretch is the right name of another place or office."""
    if len(words) != len(name):
        return False
    places = passage.ground.rules.places
    first = next(place for place, letter in enumerate(words) if letter != name[place])
    if first > max(name.rfind(end) for end in _PLACE_ENDS):
        return words.endswith(places.agencies)
    end = next((place for place in range(first, len(words)) if words[place] in _PLACE_ENDS), -1)
    return end >= 0 and bool(places.gazetteer.before(words, end + 1))
