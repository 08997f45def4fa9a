"""Second values that the user has to decide on: from a damaged file, or written by another window in the same place.

They are kept in a file beside the drafts until each is decided, so that a power cut before that loses none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.base import files, own_files
from model.form import Address
from model.report import Change, Report
from model.storage import change_json, change_of, troubles

NAME = "unsure.json"
DAMAGED, WINDOW = "损坏的文件", "另一窗口"  # origins of the second value
_KIND = own_files.OwnFile("待核对内容的记录", "其中的内容不能再逐条核对，请与原件核对最近恢复的草稿", 50_000_000)
CAUSES = {DAMAGED: "核对恢复的内容", WINDOW: "核对两个窗口的内容"}


@dataclass(frozen=True)
class Undecided:
    """Second value for one place of a draft; `change` leads from the value that was there to it."""

    draft: int
    agency: str
    year: int
    change: Change
    origin: str = DAMAGED

    @property
    def place(self) -> Address | str:
        """The address of a cell, the id of a section, or the name of a fact."""
        places: list[Address | str] = [*self.change.cells, *self.change.texts, *self.change.facts]
        return places[0]

    @property
    def found(self) -> str:
        """The second value as displayed."""
        cells = [after.shown() for _, after in self.change.cells.values()]
        return [*cells, *[after for _, after in (*self.change.texts.values(), *self.change.facts.values())]][0]


def confirmed(undecided: Undecided, report: Report) -> Change:
    """Return the change that puts the second value into the present draft; empty when it is there already."""
    change = undecided.change
    cells = {a: (report.entry(a), after) for a, (_, after) in change.cells.items() if report.entry(a) != after}
    texts = {s: (report.text(s), after) for s, (_, after) in change.texts.items() if report.text(s) != after}
    known = report.facts
    facts = {n: (known.get(n, ""), after) for n, (_, after) in change.facts.items() if known.get(n, "") != after}
    return Change(CAUSES[undecided.origin], cells=cells, texts=texts, facts=facts)


def kept(folder: Path) -> tuple[Undecided, ...]:
    """Read the values still to be decided; none when the file is missing or damaged."""
    return own_files.read_json(folder / NAME, _KIND, _all_of, ())


def keep(folder: Path, more: Iterable[Undecided]) -> None:
    """Add values to be decided; the latest value of a place replaces earlier ones of the same origin.

    As `decided`, raises `StoreTrouble` when the disk refuses.
    """
    places = {(one.draft, one.place, one.origin): one for one in (*kept(folder), *more)}
    with troubles(folder / NAME):
        _write(folder, [_row(one) for one in places.values()])


def decided(folder: Path, one: Undecided) -> None:
    """Remove a value that was accepted or rejected."""
    with troubles(folder / NAME):
        _write(folder, [_row(other) for other in kept(folder) if other != one])


def _write(folder: Path, rows: list[dict[str, object]]) -> None:
    """Replace the file; delete it when nothing is left."""
    if rows:
        files.put(folder / NAME, json.dumps(rows, ensure_ascii=False).encode(), private=True)
    else:
        (folder / NAME).unlink(missing_ok=True)


def _row(one: Undecided) -> dict[str, object]:
    row = {"draft": one.draft, "agency": one.agency, "year": one.year, "origin": one.origin}
    return {**row, "change": change_json(one.change)}


def _all_of(rows: Any) -> tuple[Undecided, ...]:
    if not isinstance(rows, list):
        raise ValueError("not a list")
    return tuple(_of(row) for row in rows)


def _of(row: dict[str, Any]) -> Undecided:
    """Build one value from JSON; raises `ValueError` or another of `WRONG_CONTENT` for another shape."""
    own_files.parsed(row["change"].encode())  # of the same strictness as the file itself
    change = change_of(CAUSES[row["origin"]], row["change"])
    if not (own_files.is_count(row["draft"]) and own_files.is_count(row["year"]) and isinstance(row["agency"], str)):
        raise ValueError("wrong kinds")
    if len(change.cells) + len(change.texts) + len(change.facts) != 1:
        raise ValueError("not one place")
    if not all(isinstance(text, str) for pair in change.texts.values() for text in pair):
        raise ValueError("not a text")
    return Undecided(row["draft"], row["agency"], row["year"], change, row["origin"])
