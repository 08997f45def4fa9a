"""List of the steps of the wizard with the state of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from model.checks import Readiness
from ui.draft import Desk
from ui.editor.findings import sign_of
from ui.editor.pages import WizardPage
from ui.parts import STEP, WORD_OF, Sign, calm_selection, icon

COVER, FINISH = "cover", "finish"
WIDE, NARROW = 15, 10  # width of the list in characters; the second on a small screen


@dataclass(frozen=True)
class WizardStep:
    """One step of the wizard: id (a section's id, `cover` or `finish`), name and page factory."""

    id: str
    name: str
    make: Callable[[], WizardPage]


class StepList(QListWidget):
    """List of all steps with their state; a click goes to a step."""

    def __init__(self, desk: Desk, steps: tuple[WizardStep, ...]) -> None:
        super().__init__()
        self._desk, self._steps = desk, steps
        self._narrow = False
        self.setAccessibleName("部分")
        self._fit()
        self.setWordWrap(True)
        self.setSpacing(STEP // 2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        for step in steps:
            self.addItem(QListWidgetItem(step.name))
        desk.changed.connect(lambda _effect: self._refresh())
        self.dress()

    def dress(self) -> None:
        """Set signs and selection in the current colours."""
        calm_selection(self)
        self._refresh()

    def _fit(self) -> None:
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("国") * (NARROW if self._narrow else WIDE))

    def leave_room(self, below: int) -> None:
        """Keep `below` pixels free at the lower end; the steps scroll above them."""
        self.setViewportMargins(0, 0, 0, below)
        self.scrollToItem(self.currentItem())

    def use_narrow(self, narrow: bool) -> None:
        """Narrow the list on a small screen, so that names wrap into more lines."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _refresh(self) -> None:
        for row, step in enumerate(self._steps):
            sign, word = self._state(step.id)
            item = self.item(row)
            item.setIcon(icon(sign))
            item.setToolTip(word)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), f"{step.name}，{word}")

    def _standing(self, step: str) -> Readiness:
        """Return the open findings of a step: all of them on the last one, those of title and preface on the cover."""
        readiness, sections = self._desk.readiness, [section.id for section in self._desk.editing.form.sections]
        if step == FINISH:
            return readiness
        return readiness.beside(sections) if step == COVER else readiness.within(step)

    def _state(self, step: str) -> tuple[Sign, str]:
        """Return a step's sign and tooltip: 空白, 填写中, n 处错误 or 完成."""
        readiness = self._standing(step)
        sign = sign_of(readiness)
        if sign is Sign.BLANK and (step == FINISH or self._begun(step)):
            sign = Sign.STARTED
        counts = {Sign.ERROR: readiness.wrong, Sign.EXPLAIN: readiness.unresolved, Sign.HINT: readiness.hints}
        return sign, f"{len(counts[sign])} 处{WORD_OF[sign].removeprefix('有')}" if sign in counts else WORD_OF[sign]

    def _begun(self, step: str) -> bool:
        report = self._desk.editing.report
        tables = {section.table for section in self._desk.editing.form.sections if section.id == step}
        return bool(report.text(step).strip()) or any(address.table in tables for address in report.cells)
