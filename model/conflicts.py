"""What two windows wrote into the same place: both values, for the clerk to choose.

The lock keeps a second window from saving; this is for the day when it does not.  The later value stands, the other
is still in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from model.cell import Address
from model.report import applied
from model.store import NOTHING, Step

Place = TypeVar("Place", Address, str)


@dataclass(frozen=True)
class Conflict:
    """A place where a step replaced what its window had not seen; `place` is a cell, or a section's text."""

    step: int
    place: Address | str
    theirs: object
    mine: object

    def sentence(self) -> str:
        """What the window says whose value stands now."""
        theirs = getattr(self.theirs, "shown", lambda: str(self.theirs))()
        return f"此项已被另一窗口改为 {theirs}；现在保存的是您的内容，请核对后任选其一"


def conflicts(journal: Sequence[Step], after: int) -> tuple[Conflict, ...]:
    """The conflicts in the steps of a draft's journal that come after step `after`."""
    report, found = NOTHING, list[Conflict]()
    for step in journal:
        if step.number > max(after, 1):
            found += _in(step, step.change.cells, report.entry)
            found += _in(step, step.change.texts, report.text)
        report = applied(report, step.change)
    return tuple(found)


def _in(
    step: Step, part: Mapping[Place, tuple[object, object]], standing: Callable[[Place], object]
) -> Iterator[Conflict]:
    for place, (before, after) in part.items():
        if standing(place) not in {before, after}:
            yield Conflict(step.number, place, standing(place), after)
