"""Status bar label with the days left until the report is due."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QWidget

from model.report import COVER, DEADLINE, countdown, deadline_of, due_name
from ui.parts import MARGIN

if TYPE_CHECKING:
    from model.editing import Editing
    from ui.draft import Desk

HOUR = 3_600_000  # ms


class DueLabel(QLabel):
    """Label that is updated each hour, as a window may stay open overnight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(COVER[DEADLINE])
        self.setContentsMargins(0, 0, MARGIN, 0)
        self._editing: Editing | None = None
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.say)
        self._clock.start(HOUR)

    def on_draft_changed(self, desk: Desk | None) -> None:
        """Show the deadline of the open draft; empty when none is open."""
        self._editing = desk.editing if desk else None
        self.say()

    def say(self) -> None:
        """Update the text to the days left today."""
        if self._editing is None:
            self.clear()
        else:
            report = self._editing.report
            what = due_name(report.unit_kind)
            self.setText(countdown(deadline_of(report), date.today(), what, final=self._editing.final))
