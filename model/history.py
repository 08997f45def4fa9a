"""What can be taken back and done again: two stacks that every step of a journal moves on.

A step that takes back the last one, or does the last undone one again, names it in `undoes`; so the stacks of an
`Editing` that is long gone are read back from its journal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from model.report import Change

DEPTH = 200  # steps that can be taken back after a restart


@dataclass(frozen=True)
class History:
    """The changes of a draft that can be taken back and those that can be done again, the next one last in each."""

    done: tuple[Change, ...] = ()
    undone: tuple[Change, ...] = ()


Stack = tuple[tuple[int, Change], ...]  # step of the journal, and the change to take back or to do again


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
        return Stacks((*self.done[-DEPTH + 1 :], (step, change)))

    def history(self) -> History:
        """The changes alone."""
        return History(tuple(change for _, change in self.done), tuple(change for _, change in self.undone))
