"""Parses XML without entities, external references or deep nesting, and looks at its elements by local names."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from model.importing.containers.source import damaged, too_large

MAX_DEPTH = 200
MAX_ELEMENTS = 1_000_000


class _Counted:
    """Target of the parser: builds elements with local names, and counts them and their depth."""

    def __init__(self, name: str) -> None:
        self._name, self._depth, self._count, self._tree = name, 0, 0, TreeBuilder()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth, self._count = self._depth + 1, self._count + 1
        if self._depth > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise too_large(self._name)
        self._tree.start(_local(tag), {_local(key): value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._tree.end(_local(tag))

    def data(self, text: str) -> None:
        self._tree.data(text)

    def doctype(self, *_declared: str | None) -> None:
        raise damaged(self._name, "XML 中有 DOCTYPE")

    def close(self) -> Element:
        return self._tree.close()


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def parse_xml(name: str, data: bytes) -> Element:
    """Return the root element, tags and attributes by their local names; raises `Trouble` naming the file."""
    parser = XMLParser(target=_Counted(name))  # noqa: S314 - it refuses every DOCTYPE, so there are no entities
    try:
        parser.feed(data)
        return parser.close()
    except (ParseError, ValueError, LookupError, AssertionError) as error:
        raise damaged(name, "XML") from error


def children(element: Element, *tags: str) -> Iterator[Element]:
    """Yield the direct children with one of these local names."""
    return (child for child in element if child.tag in tags)


def first(element: Element, *tags: str) -> Element | None:
    """Return the first element below with one of these local names, None if there is none."""
    return next((found for found in element.iter() if found.tag in tags), None)


def number(text: str | None, default: int) -> int:
    """Parse a short whole number of an attribute; anything else is `default`."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else default
