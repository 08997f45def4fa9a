"""Splits HTML into tags and text in linear time, whatever is left unfinished in it.

Python's `html.parser` reads an unfinished tag again for each tag behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_OPENING = re.compile(r"<(!--|[!?]|/?[a-zA-Z][a-zA-Z0-9:]{0,15})")
_REST = re.compile("(?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+>")  # attributes; a > within quotation marks ends no tag
_SIGNS = {"!--": "-->", "!": ">", "?": ">"}  # of comments and declarations, and their ends
_UNSHOWN = {name: re.compile(f"(?i)</{name}") for name in ("script", "style", "title")}
_ATTRIBUTE = re.compile(
    r"([a-zA-Z][a-zA-Z0-9:-]{0,30})\s{0,8}=\s{0,8}(?:\"([^\"]{0,2000})\"|'([^']{0,2000})'|([^\s\"'>]{1,2000}))"
)
_MOST_ATTRIBUTES = 60
_BEYOND = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")  # numbers of no character, too long for `int`


def tokens(html: str) -> Iterator[tuple[str, str]]:
    """Yield ("", text) and (tag in lower case, attributes) in order; no character is visited more than three times."""
    at, closed = 0, True
    while place := _OPENING.search(html, at):
        if at < place.start():
            yield "", html[at : place.start()]
        tag, start = place[1].lower(), place.end()
        if tag in _SIGNS:
            at = _behind(html, _SIGNS[tag], start)
            continue
        rest = _REST.match(html, start) if closed else None
        closed = rest is not None  # once a quotation mark is left open, so it is for the tags behind
        at = rest.end() if rest else _behind(html, ">", start)
        yield tag, html[start:at]
        if hidden := _UNSHOWN.get(tag):
            end = hidden.search(html, at)
            at = end.start() if end else len(html)
    yield "", html[at:]


def _behind(html: str, sign: str, start: int) -> int:
    found = html.find(sign, start)
    return found + len(sign) if found >= 0 else len(html)


def attributes_of(words: str) -> dict[str, str]:
    """The attributes of a tag by their names in lower case; of two with one name the first."""
    found: dict[str, str] = {}
    for count, match in enumerate(_ATTRIBUTE.finditer(words)):
        if count == _MOST_ATTRIBUTES:
            break
        found.setdefault(match[1].lower(), match[2] or match[3] or match[4] or "")
    return found


def shown(text: str) -> str:
    """Replace character references."""
    return unescape(_BEYOND.sub("\ufffd", text)) if "&" in text else text
