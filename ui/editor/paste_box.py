"""Preview of a paste: cells that would change, totals that confirm it, values that do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from model.editing import Editing
from model.form import Address, Entry
from ui.parts import MARGIN, STEP, OfferStrip, Sign, SignLabel

if TYPE_CHECKING:
    from model.importing import Proposal

_HEADS = ("行", "列", "现在", "改为")
_ROWS_SEEN = 6


class PasteBox(OfferStrip):
    """Strip below the table; `accepted` carries the `Proposal`."""

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__("确定(&O)", parent)
        self._editing = editing
        self._proposal: Proposal | None = None
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("粘贴预览")
        self._sign, self.words, self.problems = SignLabel(), QLabel(), QLabel()
        self.list = QTableWidget(0, len(_HEADS))
        self._lay_out()

    def offered(self) -> Proposal | None:
        return self._proposal

    def _lay_out(self) -> None:
        self.list.setHorizontalHeaderLabels(_HEADS)
        self.list.setAccessibleName("将要填入的各格")
        self.list.verticalHeader().hide()
        self.list.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 2 * STEP)  # many in view
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.setMaximumHeight((self.fontMetrics().height() + 3 * STEP) * (_ROWS_SEEN + 1))
        for label in (self.words, self.problems):
            label.setWordWrap(True)
        top = QHBoxLayout()
        top.addWidget(self._sign)
        top.addWidget(self.words, 1)
        top.addWidget(self.accept)
        top.addWidget(self.drop)
        box = QVBoxLayout(self)
        box.setContentsMargins(MARGIN, 2 * STEP, MARGIN, 2 * STEP)
        box.addLayout(top)
        box.addWidget(self.problems)
        box.addWidget(self.list)

    def propose(self, proposal: Proposal) -> None:
        """Show a proposal; nothing is entered until it is accepted."""
        self._proposal = proposal
        report = self._editing.report
        changes = {a: entry for a, entry in proposal.entries.items() if report.entry(a) != entry}
        self.words.setText(_summary(proposal, len(changes)))
        self._sign.show_sign(Sign.EXPLAIN if proposal.problems else Sign.DONE)
        self.problems.setText("\n".join(f"· {problem}" for problem in proposal.problems))
        self.problems.setVisible(bool(proposal.problems))
        self._fill(changes)
        self.accept.setEnabled(bool(changes))
        self.show()
        (self.accept if changes else self.drop).setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, changes: dict[Address, Entry]) -> None:
        form, report = self._editing.form, self._editing.report
        self.list.setRowCount(len(changes))
        for row, (address, entry) in enumerate(changes.items()):
            now = report.entry(address).shown() or "空白"
            texts = (form.row_name(address), form.column(address).label, now, entry.shown())
            for column, text in enumerate(texts):
                self.list.setItem(row, column, QTableWidgetItem(text))
        self.list.setVisible(bool(changes))


def _summary(proposal: Proposal, changes: int) -> str:
    """Return a summary such as “将改动 35 格（按行名对应）；7 个总计相符；2 处请核对”."""
    how = "按行名对应" if proposal.by_label else "从当前单元格起"
    parts = [f"将改动 {changes} 格（{how}）" if changes else "没有可以填入的新数字"]
    if proposal.proven:
        parts.append(f"{len(proposal.proven)} 个总计相符")
    if proposal.problems:
        parts.append(f"{len(proposal.problems)} 处请核对")
    return "；".join(parts)
