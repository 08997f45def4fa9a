"""The open draft: every hand of the screen goes through here, and one signal says what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from model.base.trouble import Trouble
from model.checks.finalising import Standing
from model.checks.rules import CELL_OPEN, Finding, Fix
from model.editing.session import Editing, Effect
from model.form.cell import Address, Entry
from model.report.report import Change


class Keeper(Protocol):
    """Where changes are kept; answers through the signals that the window wires up."""

    def submit(self, number: int, change: Change) -> None:
        """Queue one change of a draft for saving."""


class Desk(QObject):
    """Wraps `Editing` for the screen: performs, hands the change to the keeper, tells the views."""

    changed = Signal(object)  # Effect
    waiting = Signal()  # something is not saved yet
    refused = Signal(str)  # why something was not done
    turned = Signal(object)  # Change: an undo or redo, which may have happened out of sight

    def __init__(
        self, number: int, editing: Editing, keeper: Keeper, parent: QObject | None = None, refusal: str = ""
    ) -> None:
        super().__init__(parent)
        self.refusal = refusal  # why nothing may change: another window has the drafts, the disk takes nothing
        self.number = number
        self.editing = editing
        self._keeper = keeper
        self._held: tuple[tuple[Finding, ...], Standing] | None = None  # what is shown while a cell is being typed
        self._settlers: list[Callable[[], None]] = []

    # -- what stands ---------------------------------------------------------------------------------------------

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, strongest first; while a cell is being typed, those from before."""
        return self._held[0] if self._held else self.editing.findings

    @property
    def standing(self) -> Standing:
        """What still stands before 定稿, by the same findings."""
        return self._held[1] if self._held else self.editing.standing

    @property
    def locked(self) -> bool:
        """True when nothing may change: after 定稿, or when it could not be saved."""
        return self.editing.final or bool(self.refusal)

    def marks(self) -> Mapping[Address, Finding]:
        """For each marked cell its strongest finding; open cells carry no mark of their own."""
        found: dict[Address, Finding] = {}
        for finding in self.findings:
            for address in finding.cells if finding.code != CELL_OPEN else ():
                found.setdefault(address, finding)
        return found

    # -- hands ---------------------------------------------------------------------------------------------------

    def enter(self, address: Address, typed: str, *, going_on: bool = False) -> Effect:
        """Put into a cell what was typed; `going_on`: typed on from the step before, one undo takes both back."""
        return self._do(lambda: self.editing.enter(address, typed, going_on=going_on))

    def enter_all(self, entries: Mapping[Address, Entry], cause: str) -> Effect:
        """Put many entries in as one step."""
        return self._do(lambda: self.editing.enter_all(entries, cause))

    def write(
        self, section: str, text: str, facts: Mapping[str, str] | None = None, *, going_on: bool = False
    ) -> Effect:
        """Replace a text, together with the facts that it was made from."""
        return self._do(lambda: self.editing.write(section, text, facts, going_on=going_on))

    def note_fact(self, name: str, value: str, *, going_on: bool = False) -> Effect:
        """Set a field of the cover."""
        return self._do(lambda: self.editing.note_fact(name, value, going_on=going_on))

    def set_head(self, *, going_on: bool = False, **fields: object) -> Effect:
        """Set agency or kind of unit."""
        return self._do(lambda: self.editing.set_head(going_on=going_on, **fields))

    def apply(self, fix: Fix) -> Effect:
        """Do what a finding proposes."""
        self.settle()
        return self._do(lambda: self.editing.apply(fix))

    def go_back(self, change: Change) -> Effect:
        """Go back to an earlier version."""
        self.settle()
        return self._do(lambda: self.editing.go_back(change))

    def undo(self) -> None:
        """Take back the last step."""
        self.settle()
        self._turn(self._do(self.editing.undo))

    def redo(self) -> None:
        """Do the last undone step again."""
        self.settle()
        self._turn(self._do(self.editing.redo))

    def _turn(self, effect: Effect) -> None:
        if not effect.change.empty:
            self.turned.emit(effect.change)

    # -- 说明 and 定稿 --------------------------------------------------------------------------------------------

    def explain(self, finding: Finding, kind: str, words: str) -> Effect:
        """Let a finding stay with a written reason."""
        self.settle()
        return self._do(lambda: self.editing.explain(finding, kind, words))

    def withdraw_reason(self, finding: Finding) -> Effect:
        """Take a reason back."""
        return self._do(lambda: self.editing.withdraw_reason(finding))

    def silence(self, finding: Finding) -> Effect:
        """Show this rule's 提示 no more."""
        return self._do(lambda: self.editing.silence(finding))

    def unsilence(self) -> Effect:
        """Show all 提示 again."""
        return self._do(self.editing.unsilence)

    def finalise(self) -> Effect:
        """定稿, as of now."""
        self.settle()
        return self._do(lambda: self.editing.finalise(datetime.now()))

    def withdraw(self, reason: str) -> Effect:
        """Take 定稿 back."""
        return self._do(lambda: self.editing.withdraw(datetime.now(), reason))

    # -- what is still in a widget's hands -----------------------------------------------------------------------

    def before_anything(self, settle: Callable[[], None]) -> None:
        """Register a view that holds typing back for a moment; it is asked to hand it over when it matters."""
        self._settlers.append(settle)

    def settle(self) -> None:
        """Take over all typing that a view still holds."""
        for settle in self._settlers:
            settle()
        self.release()

    # -- quiet while typing --------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Typing into a cell begins: half a number is saved, but nothing is said about it."""
        self._held = self.editing.findings, self.editing.standing

    def release(self) -> None:
        """The cell is left: what has been found since is shown."""
        if self._held is None:
            return
        (before, _), self._held = self._held, None
        now = self.editing.findings
        appeared, gone = (tuple(f for f in these if f not in those) for these, those in ((now, before), (before, now)))
        if appeared or gone:
            self.changed.emit(Effect(Change(""), appeared=appeared, gone=gone))

    def _do(self, act: Callable[[], Effect]) -> Effect:
        """Do something, save it, tell the views; what is refused is said and changes nothing."""
        if self.refusal:
            return Effect(Change(""))
        try:
            effect = act()
        except Trouble as trouble:
            self.refused.emit(str(trouble))
            return Effect(Change(""))
        if not effect.change.empty:
            self._keeper.submit(self.number, effect.change)
            self.waiting.emit()
            self.changed.emit(replace(effect, appeared=(), gone=()) if self._held else effect)
        return effect
