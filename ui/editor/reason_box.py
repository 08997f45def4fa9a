"""Form in which the clerk gives the reason for keeping a finding."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from model.checks import KINDS, ExplanationState, Finding, explanation_of, objection, state_of
from model.report import Report
from ui.parts import STEP, ChoiceBox


class ReasonBox(QWidget):
    """Kind and wording of a reason; shows at once why a wording is not accepted."""

    explained = Signal(object, str, str)  # Finding, kind, words
    taken_back = Signal(object)  # Finding

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding: Finding | None = None
        self.kind = ChoiceBox()
        self.kind.addItems(KINDS)
        self.kind.setAccessibleName("原因")
        self.words = QLineEdit()
        self.words.setPlaceholderText("写明可以保留的原因")
        self.words.setAccessibleName("说明")
        self.keep = QPushButton("保存说明(&W)")
        self.drop = QPushButton("删除说明")
        self._said = QLabel()
        self._said.setWordWrap(True)
        self._said.setAccessibleName("说明的状态")
        self._lay_out()
        self.words.returnPressed.connect(self.on_keep)
        self.keep.clicked.connect(self.on_keep)
        self.drop.clicked.connect(lambda: self.taken_back.emit(self._finding))

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(STEP)
        box.addWidget(self._said)
        box.addWidget(self.kind)
        box.addWidget(self.words)
        row = QHBoxLayout()
        row.addWidget(self.keep)
        row.addWidget(self.drop)
        row.addStretch()
        box.addLayout(row)

    def show_for(self, report: Report, finding: Finding) -> None:
        """Show the reason given for a finding, or empty fields."""
        self._finding = finding
        explanation, state = explanation_of(report, finding), state_of(report, finding)
        self.words.setText(explanation.words if explanation else "")
        self.kind.setCurrentText(explanation.kind if explanation else KINDS[0])
        self.drop.setVisible(explanation is not None)
        self.keep.setText("重新确认(&W)" if state is ExplanationState.RECONFIRM else "保存说明(&W)")
        before = explanation.about if explanation else ""
        self._said.setText(
            {
                ExplanationState.OPEN: "核对无误的，写明原因后可以保留：",
                ExplanationState.EXPLAINED: "已写说明：",
                ExplanationState.RECONFIRM: f"有关的数改过，说明请重新确认。原来是：{before}",
            }[state]
        )

    def on_keep(self) -> None:
        """Emit `explained` with the reason, or show why it is not accepted."""
        problem = objection(self.kind.currentText(), self.words.text())
        if problem:
            self._said.setText(problem)
            self.words.setFocus()
        elif self._finding:
            self.explained.emit(self._finding, self.kind.currentText(), self.words.text())
