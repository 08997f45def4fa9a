"""What can be taken back and done again: two stacks that every step of a journal moves on.

A step that takes back the last one, or does the last undone one again, names it in `undoes`; so the stacks of an
`Editing` that is long gone are read back from its journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from model.report.report import Change

DEPTH = 200  # steps that can be taken back after a restart
GOING_ON = "接着"  # begins the cause of a step that goes on with the typing of the one before
_PARTS = ("cells", "stated", "texts", "facts", "head")


@dataclass(frozen=True)
class History:
    """The changes of a draft that can be taken back and those that can be done again, the next one last in each."""

    done: tuple[Change, ...] = ()
    undone: tuple[Change, ...] = ()


Stack = tuple[tuple[int, Change], ...]  # step of the journal, and the change to take back or to do again


def joined(last: Change, change: Change) -> Change | None:
    """Both as one step, when the second goes on with the typing of the first: saved often, taken back at once."""
    same = all(
        getattr(last, part).keys() == getattr(change, part).keys() for part in ("cells", "texts", "facts", "head")
    )
    if change.cause != f"{GOING_ON}{last.cause}" or not same or not _follows(last, change):
        return None
    return Change(last.cause, *[_bridged(getattr(last, part), getattr(change, part)) for part in _PARTS])


def _follows(last: Change, change: Change) -> bool:
    """False where another window wrote in between."""
    pairs = [(getattr(last, part), getattr(change, part)) for part in _PARTS]
    return all(key not in old or old[key][1] == new[key][0] for old, new in pairs for key in new)


def _bridged(old: Mapping[Any, tuple[Any, Any]], new: Mapping[Any, tuple[Any, Any]]) -> dict[Any, tuple[Any, Any]]:
    return {**old, **{key: (old.get(key, pair)[0], pair[1]) for key, pair in new.items()}}


@dataclass(frozen=True)
class Stacks:
    """The state of undo after some step."""

    done: Stack = ()
    undone: Stack = ()

    def undoes(self, change: Change) -> int | None:
        """The step that this change takes back, if it says the very contrary (撤销) or the same again (重做)."""
        if self.done:
            step, last = self.done[-1]
            if change == replace(last.inverse(), cause=f"撤销{last.cause}"):
                return step
        if self.undone and change == self.undone[-1][1]:
            return self.undone[-1][0]
        return None

    def after(self, step: int, change: Change, undoes: int | None) -> Stacks:
        """The stacks one step later."""
        if undoes is not None and self.done and self.done[-1][0] == undoes:
            return Stacks(self.done[:-1], (*self.undone, (step, self.done[-1][1])))
        if undoes is not None and self.undone and self.undone[-1][0] == undoes:
            return Stacks((*self.done, (step, change)), self.undone[:-1])
        if self.done and (one := joined(self.done[-1][1], change)):
            return Stacks((*self.done[:-1], (step, one)))
        return Stacks((*self.done[-DEPTH + 1 :], (step, change)))

    def history(self) -> History:
        """The changes alone."""
        return History(tuple(change for _, change in self.done), tuple(change for _, change in self.undone))
