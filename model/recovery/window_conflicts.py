"""What two windows wrote into the same place: both values, for the clerk to choose.

The lock keeps a second window from saving; this is for the day when it does not.  The later value stands, the other
is still in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from model.form.cell import BLANK, Address
from model.recovery.undecided import CAUSES, WINDOW, Unsure
from model.report.report import Change, Report, applied
from model.storage.store import NOTHING, Draft, Step

Place = TypeVar("Place", Address, str)
_NOTHING: Mapping[str, object] = {"cells": BLANK, "texts": "", "facts": ""}  # what stands where nothing does


@dataclass(frozen=True)
class Conflict:
    """A place where a step replaced what its window had not seen; `place` is a cell, a section's text or a fact."""

    step: int
    place: Address | str
    theirs: object
    mine: object
    part: str = "cells"  # of a report: `texts` and `facts`, too

    def differs(self, report: Report) -> bool:
        """False when by now the other window's value stands there after all."""
        part: Mapping[Any, object] = getattr(report, self.part)
        return part.get(self.place, _NOTHING[self.part]) != self.theirs

    def unsure(self, draft: Draft) -> Unsure:
        """The other window's value, to be decided on."""
        part: dict[str, Any] = {self.part: {self.place: (self.mine, self.theirs)}}
        return Unsure(draft.number, draft.agency, draft.year, Change(CAUSES[WINDOW], **part), WINDOW)


def conflicts(journal: Sequence[Step], after: int) -> tuple[Conflict, ...]:
    """The conflicts in the steps of a draft's journal that come after step `after`."""
    report, found = NOTHING, list[Conflict]()
    for step in journal:
        if step.number > max(after, 1):
            found += _in(step, "cells", step.change.cells, report.entry)
            found += _in(step, "texts", step.change.texts, report.text)
            found += _in(step, "facts", step.change.facts, partial(_fact, report))
        report = applied(report, step.change)
    return tuple(found)


def _in(
    step: Step, name: str, part: Mapping[Place, tuple[object, object]], standing: Callable[[Place], object]
) -> Iterator[Conflict]:
    for place, (before, after) in part.items():
        if standing(place) not in {before, after}:
            yield Conflict(step.number, place, standing(place), after, name)


def _fact(report: Report, name: str) -> str:
    return report.facts.get(name, "")
