"""Converts reports and changes to rows and JSON without loss, and computes the checksums of rows.

Numbers are stored as text: SQLite has neither decimals nor integers beyond 2**63.  An `int` is written `12`, a
`Decimal` always with a point or an exponent, so that both are read back with their type.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from model.form import BLANK, Entry, Number, Severity, at
from model.report import Change, ReadingNote, Report, check_type

Value = str | None
RowValues = tuple[Value, ...]
Rows = dict[str, tuple[RowValues, int]]  # key → values, revision


@dataclass(frozen=True)
class Part:
    """A table that holds one part of a report: its key and its value columns; if `whole`, all rows are replaced."""

    table: str
    key: str
    columns: tuple[str, ...]
    whole: bool = False


CELL = Part("cell", "address", ("number", "remark", "typed", "problem"))
STATED = Part("stated", "address", ("number",))
TEXT = Part("text", "section", ("body",))
FACT = Part("fact", "name", ("value",))
NOTE = Part("note", "position", ("code", "severity", "section", "message"), whole=True)
PARTS = (CELL, STATED, TEXT, FACT, NOTE)

HEAD = ("agency", "year", "format", "unit_kind")  # fields of the report stored in the draft's own row

_WHOLE = re.compile(r"-?\d+")
# `default=repr`: a damaged database may return bytes instead of text; that must give a wrong checksum, not an error.
_JSON = json.JSONEncoder(separators=(",", ":"), default=repr)


# -- sums ------------------------------------------------------------------------------------------------------------


def digest(*parts: object) -> str:
    """Return the first 20 hexadecimal digits of the SHA-256 of the parts, written as JSON."""
    return _short_hash(_json(parts))


def row_sum(part: Part, draft: int, key: str, values: RowValues, rev: int) -> str:
    """Compute the checksum of a row over its table, draft, key, values and revision (the step that wrote it)."""
    if type(draft) is not int or type(rev) is not int:
        return digest(part.table, draft, key, values, rev)
    try:  # formatted directly, for speed: every start of the program checks all rows
        texts = ",".join(["null" if value is None else quoted(value) for value in values])
        return _short_hash(f'["{part.table}",{draft},{quoted(key)},[{texts}],{rev}]')
    except TypeError:  # a value that is no text
        return digest(part.table, draft, key, values, rev)


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _json(value: object) -> str:
    """Encode as the library's JSON encoder does, but faster for the types that an intact row holds."""
    kind = type(value)
    if kind is str:
        return quoted(str(value))
    if kind is int:
        return str(value)
    if isinstance(value, tuple):
        return f"[{','.join([_json(part) for part in value])}]"
    return "null" if value is None else _JSON.encode(value)


def together(sums: Iterable[str], start: str = "0") -> str:
    """XOR checksums, in any order; adding one twice removes it, so a changed row costs two operations."""
    total = int(start, 16)
    for one in sums:
        total ^= int(one, 16)
    return f"{total:020x}"


# -- values ----------------------------------------------------------------------------------------------------------


def number_text(number: Number | None) -> str | None:
    """Write a number with all its digits; raise `ValueError` for NaN and infinity."""
    if isinstance(number, Decimal):
        if not number.is_finite():
            raise ValueError(f"not a number: {number}")
        text = str(number)
        return f"{text}." if _WHOLE.fullmatch(text) else text
    return None if number is None else str(number)


def number_of(text: str | None) -> Number | None:
    """Read a number that `number_text` wrote."""
    if text is None:
        return None
    return int(text) if _WHOLE.fullmatch(text) else Decimal(text)


def storable(text: str) -> str:
    """Make a text encodable as UTF-8: a lone surrogate (pasted from a program that cut a character) becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _entry_values(entry: Entry) -> RowValues | None:
    if entry == BLANK:
        return None
    return (number_text(entry.number), storable(entry.remark), storable(entry.typed), storable(entry.problem))


def _entry(values: Sequence[Any] | None) -> Entry:
    return Entry(number_of(values[0]), values[1], values[2], values[3]) if values else BLANK


def _number_values(number: Number | None) -> RowValues | None:
    return None if number is None else (number_text(number),)


def _text_values(text: str) -> RowValues | None:
    return (storable(text),) if text else None


def _note_values(note: ReadingNote) -> RowValues:
    return (storable(note.code), note.severity.value, storable(note.section), storable(note.message))


def _note(values: Sequence[Any]) -> ReadingNote:
    return ReadingNote(values[0], Severity(values[1]), values[2], values[3])


# -- a change as rows, rows as a report ------------------------------------------------------------------------------


def rows_after(changes: Sequence[Change], first_step: int) -> dict[Part, Mapping[str, tuple[RowValues | None, int]]]:
    """Return the values of each changed row after the changes, with the step that wrote them; None: row removed."""
    after: dict[Part, dict[str, tuple[RowValues | None, int]]] = {}
    for step, change in enumerate(changes, first_step):
        for part, rows in _written(change):
            if part.whole:
                after[part] = {}
            after.setdefault(part, {}).update({key: (values, step) for key, values in rows.items()})
    return dict(after)


def _written(change: Change) -> Iterable[tuple[Part, dict[str, RowValues | None]]]:
    yield CELL, {str(key): _entry_values(after) for key, (_, after) in change.cells.items()}
    yield STATED, {str(key): _number_values(after) for key, (_, after) in change.stated.items()}
    yield TEXT, {key: _text_values(after) for key, (_, after) in change.texts.items()}
    yield FACT, {key: _text_values(after) for key, (_, after) in change.facts.items()}
    if "notes" in change.head:
        notes = change.head["notes"][1]
        assert isinstance(notes, tuple)
        yield NOTE, {f"{position:06}": _note_values(note) for position, note in enumerate(notes)}


def report_of(head: Mapping[str, Any], parts: Mapping[Part, Mapping[str, RowValues]]) -> Report:
    """Build the report from its rows; raises `ValueError` when one of them is invalid."""
    return Report(
        agency=head["agency"],
        year=head["year"],
        format=head["format"],
        unit_kind=head["unit_kind"],
        cells={at(key): _entry(values) for key, values in parts[CELL].items()},
        stated={at(key): _known(number_of(values[0])) for key, values in parts[STATED].items()},
        texts={key: values[0] or "" for key, values in parts[TEXT].items()},
        facts={key: values[0] or "" for key, values in parts[FACT].items()},
        notes=tuple(_note(values) for _, values in sorted(parts[NOTE].items())),
    )


def _known(number: Number | None) -> Number:
    if number is None:
        raise ValueError("a stated total without its number")
    return number


# -- a change as JSON ------------------------------------------------------------------------------------------------


def change_json(change: Change, texts: Mapping[str, str] | None = None) -> str:
    """Write a change as JSON, without its cause: `{"cells": {"a/b/c": [null, ["12", "", "", ""]]}, "texts": …}`.

    With `texts`, those before the change, a text is written as its difference, `[5, "was", "is", 9]`: the 5 characters
    before it and the 9 after it are unchanged.  Otherwise each save while typing would write the whole text twice.
    """
    body = {
        "cells": _pairs(change.cells, _entry_values),
        "stated": _pairs(change.stated, number_text),
        "texts": {key: _text_pair(pair, (texts or {}).get(key)) for key, pair in change.texts.items()},
        "facts": _pairs(change.facts, storable),
        "head": _pairs(change.head, _head_values),
    }
    body = {name: part for name, part in body.items() if part}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def change_of(cause: str, body: str, texts: Mapping[str, str] | None = None) -> Change:
    """Read a change that `change_json` wrote; raises `ValueError` or `KeyError` when the JSON is invalid."""
    parts: dict[str, dict[str, list[Any]]] = json.loads(body)
    return Change(
        cause,
        cells=_read_pairs(parts.get("cells", {}), at, _entry),
        stated=_read_pairs(parts.get("stated", {}), at, number_of),
        texts={key: _read_text_pair(pair, (texts or {}).get(key, "")) for key, pair in parts.get("texts", {}).items()},
        facts=_read_pairs(parts.get("facts", {}), str, str),
        head=_head(parts.get("head", {})),
    )


def texts_after(texts: Mapping[str, str], change: Change) -> dict[str, str]:
    """Return the texts after a change, as they are stored."""
    return {**texts, **{key: storable(after) for key, (_, after) in change.texts.items()}}


def _pairs(part: Mapping[Any, tuple[Any, Any]], write: Callable[[Any], object]) -> dict[str, list[object]]:
    return {str(key): [write(before), write(after)] for key, (before, after) in part.items()}


def _read_pairs(
    part: Mapping[str, list[Any]], key_of: Callable[[str], Any], read: Callable[[Any], Any]
) -> dict[Any, Any]:
    return {key_of(key): (read(before), read(after)) for key, (before, after) in part.items()}


def _text_pair(pair: tuple[str, str], readiness: str | None) -> list[object]:
    before, after = storable(pair[0]), storable(pair[1])
    if before != readiness:  # another window wrote meanwhile: both texts are stored in full
        return [before, after]
    start = _alike(before, after, lambda text, size: text[:size])
    end = _alike(before[start:], after[start:], lambda text, size: text[len(text) - size :])
    return [start, before[start : len(before) - end], after[start : len(after) - end], end]


def _alike(one: str, other: str, part: Callable[[str, int], str]) -> int:
    """Return the length of the longest common beginning or end (as `part` cuts it), by bisection."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if part(one, middle) == part(other, middle) else (low, middle - 1)
    return low


def _read_text_pair(pair: list[Any], readiness: str) -> tuple[str, str]:
    if len(pair) == 2:
        return str(pair[0]), str(pair[1])
    start, was, now, end = pair
    if len(readiness) != start + len(was) + end or readiness[start : start + len(was)] != was:
        raise ValueError("a text that was not there before")
    return readiness, readiness[:start] + now + readiness[start + len(was) :]


def _head_values(value: object) -> object:
    """Convert a field of the report for JSON: text and year unchanged, notes as lists."""
    if isinstance(value, tuple):
        return [_note_values(note) for note in value]
    return storable(value) if isinstance(value, str) else value


def _head(part: Mapping[str, list[Any]]) -> dict[str, tuple[object, object]]:
    """The fields of a report's head; `ValueError` for one that no report has, or of another type."""
    pairs = _read_pairs(part, str, _head_value)
    for name, (before, after) in pairs.items():
        if name not in (*HEAD, "notes"):
            raise ValueError(f"no field of the head: {name}")
        try:
            check_type(name, before)
            check_type(name, after)
        except TypeError as error:
            raise ValueError(str(error)) from error
    return pairs


def _head_value(value: Any) -> object:
    return tuple(_note(note) for note in value) if isinstance(value, list) else value
