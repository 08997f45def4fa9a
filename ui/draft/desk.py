"""Controller of the open draft: all edits go through it; emits `changed(Effect)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from model.base import Trouble
from model.checks import CELL_OPEN, Finding, Fix, Readiness
from model.editing import Editing, Effect
from model.form import Address, Entry
from model.report import Change, CountsAfter


class ChangeSink(Protocol):
    """Saves changes; reports results through signals that the window connects."""

    def submit(self, number: int, change: Change, counted: CountsAfter | None) -> None:
        """Queue one change of a draft for saving, with the counts of the report after it."""


class Desk(QObject):
    """Wraps `Editing` for Qt: applies an edit, queues the change for saving, emits `changed`."""

    changed = Signal(object)  # Effect
    waiting = Signal()  # a change is not saved yet
    refused = Signal(str)  # reason for a rejected edit
    undone_or_redone = Signal(object)  # Change: an undo or redo, perhaps of a place out of view

    def __init__(
        self,
        number: int,
        editing: Editing,
        save_queue: ChangeSink,
        parent: QObject | None = None,
        refusal: str = "",
        count: Callable[[int], CountsAfter | None] = lambda _steps: None,
    ) -> None:
        super().__init__(parent)
        self.refusal = refusal  # reason for read-only: another window holds the drafts, the disk is not writable
        self.number = number
        self.editing = editing
        self._save_queue = save_queue
        self._count = count  # called with the number of steps since the opening
        self._steps = 0
        self._held: tuple[tuple[Finding, ...], Readiness] | None = None  # shown while a cell is edited
        self._pending: list[Callable[[], None]] = []

    # -- state ---------------------------------------------------------------------------------------------------

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings, strongest first; while a cell is edited, those from before the edit."""
        return self._held[0] if self._held else self.editing.findings

    @property
    def readiness(self) -> Readiness:
        """Open issues before 定稿, from the same findings as `findings`."""
        return self._held[1] if self._held else self.editing.readiness

    @property
    def locked(self) -> bool:
        """Return True if nothing may change: after 定稿, or when changes cannot be saved."""
        return self.editing.final or bool(self.refusal)

    def marks(self) -> Mapping[Address, Finding]:
        """Return the strongest finding of each marked cell; cells not filled in yet are not marked."""
        found: dict[Address, Finding] = {}
        for finding in self.findings:
            for address in finding.cells if finding.code != CELL_OPEN else ():
                found.setdefault(address, finding)
        return found

    # -- edits ---------------------------------------------------------------------------------------------------

    def enter(self, address: Address, typed: str, *, going_on: bool = False) -> Effect:
        """Enter typed text into a cell; `going_on` continues the previous step: one undo reverts both."""
        return self._do(lambda: self.editing.enter(address, typed, going_on=going_on))

    def enter_all(self, entries: Mapping[Address, Entry], cause: str) -> Effect:
        """Set many entries as one step named `cause`."""
        return self._do(lambda: self.editing.enter_all(entries, cause))

    def write(
        self, section: str, text: str, facts: Mapping[str, str] | None = None, *, going_on: bool = False
    ) -> Effect:
        """Replace a section's text together with the facts it was generated from."""
        return self._do(lambda: self.editing.write(section, text, facts, going_on=going_on))

    def note_fact(self, name: str, value: str, *, going_on: bool = False) -> Effect:
        """Set a fact, such as a field of the cover."""
        return self._do(lambda: self.editing.note_fact(name, value, going_on=going_on))

    def set_head(self, *, going_on: bool = False, **fields: object) -> Effect:
        """Set the agency or the kind of unit."""
        return self._do(lambda: self.editing.set_head(going_on=going_on, **fields))

    def apply(self, fix: Fix) -> Effect:
        """Apply the fix that a finding proposes."""
        self.commit_pending()
        return self._do(lambda: self.editing.apply(fix))

    def go_back(self, change: Change) -> Effect:
        """Apply the change that restores an earlier version."""
        self.commit_pending()
        return self._do(lambda: self.editing.go_back(change))

    def undo(self) -> None:
        """Undo the last step."""
        self.commit_pending()
        self._turn(self._do(self.editing.undo))

    def redo(self) -> None:
        """Redo the last undone step."""
        self.commit_pending()
        self._turn(self._do(self.editing.redo))

    def _turn(self, effect: Effect) -> None:
        if not effect.change.empty:
            self.undone_or_redone.emit(effect.change)

    # -- 说明 and 定稿 --------------------------------------------------------------------------------------------

    def explain(self, finding: Finding, kind: str, words: str) -> Effect:
        """Give a written reason for a finding that stays."""
        self.commit_pending()
        return self._do(lambda: self.editing.explain(finding, kind, words))

    def withdraw_reason(self, finding: Finding) -> Effect:
        """Remove the reason given for a finding."""
        return self._do(lambda: self.editing.withdraw_reason(finding))

    def silence(self, finding: Finding) -> Effect:
        """Hide the 提示 of this finding's rule."""
        return self._do(lambda: self.editing.silence(finding))

    def unsilence(self) -> Effect:
        """Show all hidden 提示 again."""
        return self._do(self.editing.unsilence)

    def finalise(self) -> Effect:
        """Finalise the report (定稿) with the current time."""
        self.commit_pending()
        return self._do(lambda: self.editing.finalise(datetime.now()))

    def withdraw(self, reason: str) -> Effect:
        """Withdraw 定稿 with the current time and a reason."""
        return self._do(lambda: self.editing.withdraw(datetime.now(), reason))

    # -- uncommitted typing --------------------------------------------------------------------------------------

    def register_pending(self, commit_pending: Callable[[], None]) -> None:
        """Register the function by which a view commits typing that it still holds; `commit_pending` calls it."""
        self._pending.append(commit_pending)

    def commit_pending(self) -> None:
        """Commit all typing that views still hold."""
        for commit_pending in self._pending:
            commit_pending()
        self.resume_findings()

    # -- findings while a cell is edited -------------------------------------------------------------------------

    def suspend_findings(self) -> None:
        """Keep the shown findings while a cell is edited: half a number is saved, but not reported."""
        self._held = self.editing.findings, self.editing.readiness

    def resume_findings(self) -> None:
        """End `suspend_findings` and emit the findings that changed meanwhile."""
        if self._held is None:
            return
        (before, _), self._held = self._held, None
        now = self.editing.findings
        appeared, cleared = (
            tuple(f for f in these if f not in those) for these, those in ((now, before), (before, now))
        )
        if appeared or cleared:
            self.changed.emit(Effect(Change(""), appeared=appeared, cleared=cleared))

    def _do(self, act: Callable[[], Effect]) -> Effect:
        """Perform an edit, queue it for saving and emit `changed`; a `Trouble` is emitted by `refused`."""
        if self.refusal:
            return Effect(Change(""))
        try:
            effect = act()
        except Trouble as trouble:
            self.refused.emit(str(trouble))
            return Effect(Change(""))
        if not effect.change.empty:
            self._steps += 1
            self._save_queue.submit(self.number, effect.change, self._count(self._steps))
            self.waiting.emit()
            self.changed.emit(replace(effect, appeared=(), cleared=()) if self._held else effect)
        return effect
