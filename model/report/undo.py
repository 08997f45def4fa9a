"""Undo and redo stacks of a draft, updated by every step of its journal.

A step that undoes the last one, or redoes the last undone one, names it in `undoes`; so the stacks of an earlier
session are restored from the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from model.report.report import Change

DEPTH = 200  # steps that can be undone after a restart
GOING_ON = "接着"  # begins the cause of a step that continues the typing of the one before
_PARTS = ("cells", "stated", "texts", "facts", "head")


@dataclass(frozen=True)
class History:
    """The changes of a draft that can be undone and those that can be redone, the next one last in each."""

    done: tuple[Change, ...] = ()
    undone: tuple[Change, ...] = ()


Stack = tuple[tuple[int, Change], ...]  # step of the journal, and the change to undo or redo


def joined(last: Change, change: Change) -> Change | None:
    """Merge both into one step to undo if the second continues the typing of the first; None if it does not."""
    same = all(
        getattr(last, part).keys() == getattr(change, part).keys() for part in ("cells", "texts", "facts", "head")
    )
    if change.cause != f"{GOING_ON}{last.cause}" or not same or not _follows(last, change):
        return None
    return Change(last.cause, *[_bridged(getattr(last, part), getattr(change, part)) for part in _PARTS])


def _follows(last: Change, change: Change) -> bool:
    """Return False if another window wrote in between."""
    pairs = [(getattr(last, part), getattr(change, part)) for part in _PARTS]
    return all(key not in old or old[key][1] == new[key][0] for old, new in pairs for key in new)


def _bridged(old: Mapping[Any, tuple[Any, Any]], new: Mapping[Any, tuple[Any, Any]]) -> dict[Any, tuple[Any, Any]]:
    return {**old, **{key: (old.get(key, pair)[0], pair[1]) for key, pair in new.items()}}


@dataclass(frozen=True)
class Stacks:
    """The undo and redo stacks after some step."""

    done: Stack = ()
    undone: Stack = ()

    def undoes(self, change: Change) -> int | None:
        """Return the step that this change undoes (撤销), as its exact inverse, or redoes (重做), else None."""
        if self.done:
            step, last = self.done[-1]
            if change == replace(last.inverse(), cause=f"撤销{last.cause}"):
                return step
        if self.undone and change == self.undone[-1][1]:
            return self.undone[-1][0]
        return None

    def after(self, step: int, change: Change, undoes: int | None) -> Stacks:
        """Return the stacks one step later."""
        if undoes is not None and self.done and self.done[-1][0] == undoes:
            return Stacks(self.done[:-1], (*self.undone, (step, self.done[-1][1])))
        if undoes is not None and self.undone and self.undone[-1][0] == undoes:
            return Stacks((*self.done, (step, change)), self.undone[:-1])
        if self.done and (one := joined(self.done[-1][1], change)):
            return Stacks((*self.done[:-1], (step, one)))
        return Stacks((*self.done[-DEPTH + 1 :], (step, change)))

    def history(self) -> History:
        """Return the changes without the numbers of their steps."""
        return History(tuple(change for _, change in self.done), tuple(change for _, change in self.undone))
