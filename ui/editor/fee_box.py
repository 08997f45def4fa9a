"""Three fields from which the sentence about 信息处理费 is generated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from model.editing import Effect
from model.form import FeeWords
from model.report import FEES, MADE, fee_problem, fees, placed
from ui.draft import Desk
from ui.parts import STEP, TypingDebounce


class FeeBox(QWidget):
    """Fields stored as facts of the report; the generated sentence is ordinary text with undo."""

    def __init__(self, desk: Desk, section: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._section = desk, section
        self.fields = {name: QLineEdit() for name in FEES}
        self.write = QPushButton("写入正文(&W)")
        self.problem = QLabel()
        self.problem.setAccessibleName("信息处理费的核对")
        self._rest = TypingDebounce(self._hand_over, self)
        self._lay_out()
        for name, field in self.fields.items():
            field.setText(desk.editing.report.facts.get(name, ""))
            field.editingFinished.connect(lambda name=name: self._take(name))
            field.textEdited.connect(lambda _text: self._check())
            field.textEdited.connect(self._rest.typed)
            field.returnPressed.connect(self.on_write)
        self.write.clicked.connect(self.on_write)
        desk.changed.connect(self.on_changed)
        desk.register_pending(self.commit_pending)
        self._check()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
        grid.setHorizontalSpacing(2 * STEP)
        grid.setVerticalSpacing(STEP)
        for column, (name, label) in enumerate(FEES.items()):
            field = self.fields[name]
            field.setAccessibleName(label)
            field.setMaximumWidth(self.fontMetrics().horizontalAdvance("0") * 14)
            grid.addWidget(QLabel(label), 0, column)
            grid.addWidget(field, 1, column)
        grid.addWidget(self.write, 1, len(FEES))
        grid.setColumnStretch(len(FEES) + 1, 1)
        self.problem.setWordWrap(True)
        grid.addWidget(self.problem, 2, 0, 1, len(FEES) + 2)

    @property
    def _words(self) -> FeeWords:
        words = self._desk.editing.form.fee
        assert words  # a form with a section of the fee has its words: `form/consistency`
        return words

    def _take(self, name: str) -> None:
        self._desk.note_fact(name, self.fields[name].text().strip(), going_on=True)

    def commit_pending(self) -> None:
        """Commit the fields."""
        self._rest.stop()

    def _hand_over(self) -> None:
        for name in self.fields:
            self._take(name)

    def _check(self) -> None:
        problem = fee_problem({name: field.text() for name, field in self.fields.items()}, self._words.step)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _ask(self, typed: Mapping[str, str]) -> None:
        """Ask for the first number that is missing, also when none was typed."""
        blank = next((name for name, text in typed.items() if not text), "")
        if blank:
            self.fields[blank].setFocus()
        if not any(typed.values()):
            self.problem.setText("请先填写这三项，没有发生的填 0")
            self.problem.show()

    def on_write(self) -> None:
        """Write the generated sentence over an unchanged earlier one, else after the text, as one undo step."""
        self._desk.commit_pending()
        report = self._desk.editing.report
        typed = {name: field.text().strip() for name, field in self.fields.items()}
        sentence = fees(replace(report, facts=typed), self._words)
        if not sentence:
            self._ask(typed)
            return
        made = MADE + self._section
        text = placed(report.text(self._section), report.facts.get(made, ""), sentence)
        self._desk.write(self._section, text, {**typed, made: sentence})

    def on_changed(self, effect: Effect) -> None:
        """Update fields changed elsewhere (undo); uncommitted typing in other fields is kept."""
        facts = self._desk.editing.report.facts
        for name, field in self.fields.items():
            if name in effect.change.facts and field.text().strip() != facts.get(name, ""):
                field.setText(facts.get(name, ""))
            field.setEnabled(not self._desk.locked)
        self.write.setEnabled(not self._desk.locked)
        self._check()
