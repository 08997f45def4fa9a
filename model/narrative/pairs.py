"""Finds quotation marks and brackets without their partner."""

from __future__ import annotations

import re
from collections.abc import Iterator

from model.checks import Finding
from model.prose import Passage

_PAIRS = "“”‘’《》（）〔〕【】「」"
_PARTNER = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_CLOSING = {closing: opening for opening, closing in _PARTNER.items()}
_ITEM = re.compile(r"(?:^|[^\w）])[0-9a-zA-Z一二三四五六七八九十]{1,2}$")  # 1）, 二）: the item of a list


def find(passage: Passage) -> Iterator[Finding]:
    """Report each mark of a paragraph that is not closed, or not opened."""
    text = passage.folded.text
    for place in sorted(_unpaired(text)):
        partner = _PARTNER.get(text[place]) or _CLOSING[text[place]]
        yield passage.found("unpaired", [passage.span(place, place + 1)], partner=partner)


def _unpaired(text: str) -> list[int]:
    """The positions of the marks without a partner."""
    open_marks: list[int] = []
    alone: list[int] = []
    for place, mark in enumerate(text):
        if mark in _PARTNER:
            open_marks.append(place)
        elif mark in _CLOSING:
            found = next((at for at in reversed(open_marks) if text[at] == _CLOSING[mark]), None)
            if found is None:
                alone += [] if mark == "）" and _ITEM.search(text, 0, place) else [place]
            else:
                alone += open_marks[open_marks.index(found) + 1 :]
                del open_marks[open_marks.index(found) :]
    return alone + open_marks
