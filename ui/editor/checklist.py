"""List of the points that a section must cover: a tick for each covered one, a ring for the others."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from model.form import Section
from ui.draft import Desk
from ui.parts import STEP, WORD_OF, Sign, SignLabel

COLUMNS = 3


class Checklist(QWidget):
    """Grid of points, updated from the text while it is typed and from the findings.

    They are the aspects of the form and what the rules about texts require of the section.
    """

    def __init__(self, desk: Desk, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._section = desk, section
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
        self._grid.setHorizontalSpacing(3 * STEP)
        self._grid.setVerticalSpacing(STEP)
        self._asked = [must for must in desk.editing.required_in(section.id) if must.point]
        self.items = {name: _Item(name) for name in self._names()}
        for place, item in enumerate(self.items.values()):
            self._grid.addWidget(item, place // COLUMNS, place % COLUMNS)
        self._grid.setColumnStretch(COLUMNS, 1)
        if not self.items:  # only hide here, never show: a widget shown without a parent becomes a window
            self.hide()

    def _names(self) -> list[str]:
        return [*(aspect.label for aspect in self._section.aspects), *(must.point for must in self._asked)]

    def show_text(self, text: str) -> None:
        """Set the signs by the section's text and findings."""
        for aspect in self._section.aspects:
            self.items[aspect.label].show_state(there=any(sign in text for sign in aspect.signs))
        report = self._desk.editing.report
        missed = {finding.code for finding in self._desk.findings if finding.section == self._section.id}
        for must in self._asked:
            item = self.items[must.point]
            item.show_state(there=bool(text.strip()) and must.rule not in missed)
            item.setVisible(must.applies_to(report.unit_kind, report.agency))


class _Item(QWidget):
    """Sign and name of one point."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._sign, words = SignLabel(size=14), QLabel(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(STEP)
        row.addWidget(self._sign)
        row.addWidget(words, 1)
        self.there: bool | None = None

    def show_state(self, *, there: bool) -> None:
        if there == self.there:
            return
        self.there = there
        sign = Sign.DONE if there else Sign.BLANK
        self._sign.show_sign(sign)
        self.setAccessibleName(f"{self._name}，{'已写到' if there else '尚未写到'}")
        self.setToolTip("已写到" if there else WORD_OF[sign])
