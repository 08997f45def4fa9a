"""Finds places into which two windows wrote, with both values, for the user to choose.

The lock keeps a second window from saving; this is for the case that it fails. The draft holds the later value, the
journal still has the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from model.form import BLANK, Address
from model.recovery.undecided_values import CAUSES, WINDOW, Undecided
from model.report import Change, Report, applied
from model.storage import NOTHING, Draft, JournalStep

Key = TypeVar("Key", Address, str)
_NOTHING: Mapping[str, object] = {"cells": BLANK, "texts": "", "facts": ""}  # value of an empty place in each part


@dataclass(frozen=True)
class Conflict:
    """A place where a step replaced a value its window had not seen; `place` is a cell, a section's text or a fact."""

    step: int
    place: Address | str
    theirs: object
    mine: object
    part: str = "cells"  # field of the report: `cells`, `texts` or `facts`

    def differs(self, report: Report) -> bool:
        """Return False if the report holds the other window's value by now."""
        part: Mapping[Any, object] = getattr(report, self.part)
        return part.get(self.place, _NOTHING[self.part]) != self.theirs

    def undecided(self, draft: Draft) -> Undecided:
        """Return the other window's value as one that the user has to decide on."""
        part: dict[str, Any] = {self.part: {self.place: (self.mine, self.theirs)}}
        return Undecided(draft.number, draft.agency, draft.year, Change(CAUSES[WINDOW], **part), WINDOW)


def conflicts(journal: Sequence[JournalStep], after: int) -> tuple[Conflict, ...]:
    """Return the conflicts in the steps of a draft's journal that come after step `after`."""
    report, found = NOTHING, list[Conflict]()
    for step in journal:
        if step.number > max(after, 1):
            found += _in(step, "cells", step.change.cells, report.entry)
            found += _in(step, "texts", step.change.texts, report.text)
            found += _in(step, "facts", step.change.facts, partial(_fact, report))
        report = applied(report, step.change)
    return tuple(found)


def _in(
    step: JournalStep, name: str, part: Mapping[Key, tuple[object, object]], value_of: Callable[[Key], object]
) -> Iterator[Conflict]:
    for place, (before, after) in part.items():
        if value_of(place) not in {before, after}:
            yield Conflict(step.number, place, value_of(place), after, name)


def _fact(report: Report, name: str) -> str:
    return report.facts.get(name, "")
