"""Page 封面与说明: agency, year, deadline, contacts, and the text before 一、."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from model.base import day_in_words
from model.checks import Span
from model.editing import Effect
from model.form import PREFACE, UNIT_KINDS
from model.report import (
    CONTACTS,
    COVER,
    DEADLINE,
    MADE,
    PROPOSED,
    SIGNED_ON,
    deadline_of,
    due_name,
    fact_for,
    placed,
    preface,
    statutory,
)
from ui.draft import Desk
from ui.editor.pages import WizardPage
from ui.editor.text_box import TextBox
from ui.parts import MARGIN, STEP, ChoiceBox, DateField, LineField, TypingDebounce, emptied


class CoverPage(WizardPage):
    """Page whose small fields are facts of the report and whose preface is a text like the others."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        report, form = desk.editing.report, desk.editing.form
        self._agency = LineField(report.agency)
        self._kind = ChoiceBox()
        for kind, label in form.unit_kinds.items():
            self._kind.addItem(label, kind)
        self._kind.setCurrentIndex(UNIT_KINDS.index(report.unit_kind))
        self.deadline = DateField(report.year + 1)
        self.deadline.setToolTip(form.in_full(form.due))
        self._signed = DateField(report.year + 1)
        self._signed.setPlaceholderText(f"如 {report.year + 1}年1月20日（不填不印落款）")
        self._signed.show_value(report.facts.get(SIGNED_ON, ""))
        self.facts: dict[str, LineField] = {SIGNED_ON: self._signed}
        self.facts |= {name: LineField(report.facts.get(name, "")) for name in CONTACTS}
        self.preface = TextBox(desk, PREFACE, "前言")
        period = form.period.format(year=report.year)
        self.preface.setPlaceholderText(
            f"标题下、第一部分前的说明，如编制依据、统计期限（{period}）、联系方式。可以不填。"
        )
        self.make = QPushButton("按上面各项写出前言(&M)")
        self._proposals = QWidget()
        self._proposals_row = QHBoxLayout(self._proposals)
        self._proposals_row.setContentsMargins(0, 0, 0, 0)
        self._lay_out(f"{report.year} 年（{form.document}）")
        self._show_deadline()
        self._show_proposals()
        self._rest = TypingDebounce(self._hand_over, self)
        self._connect()
        self._lock()

    # -- layout --------------------------------------------------------------------------------------------------

    def _lay_out(self, year: str) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
        grid.setHorizontalSpacing(MARGIN)
        grid.setVerticalSpacing(2 * STEP)
        grid.addWidget(QLabel("报告年度"), 0, 0)
        grid.addWidget(QLabel(year), 0, 1, 1, 3)
        self._field(grid, 1, 0, "编制机关(&A)", self._agency, 3)
        grid.addWidget(self._proposals, 2, 1, 1, 3)
        self._field(grid, 3, 0, "单位类别(&K)", self._kind)
        self._due = self._field(grid, 3, 2, COVER[DEADLINE], self.deadline)
        self._field(grid, 4, 0, "落款日期(&D)", self.facts[SIGNED_ON])
        for place, (name, label) in enumerate(CONTACTS.items(), 1):
            self._field(grid, 4 + place // 2, 2 * (place % 2), label, self.facts[name])
        last = grid.rowCount()
        above = QHBoxLayout()
        words = QLabel("前言(&P)")
        words.setBuddy(self.preface)
        above.addWidget(words)
        above.addStretch()
        above.addWidget(self.make)
        grid.addLayout(above, last, 0, 1, 4)
        grid.addWidget(self.preface, last + 1, 0, 1, 4)
        grid.setRowStretch(last + 1, 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)

    def _field(self, grid: QGridLayout, row: int, column: int, label: str, widget: QWidget, span: int = 1) -> QLabel:
        words = QLabel(label)
        words.setBuddy(widget)
        widget.setAccessibleName(label.partition("(")[0])
        grid.addWidget(words, row, column)
        grid.addWidget(widget, row, column + 1, 1, span)
        return words

    def _show_proposals(self) -> None:
        """Show the fuller names of the agency found in the old report's text, as links that adopt them."""
        emptied(self._proposals_row)
        report = self._desk.editing.report
        names = [n for n in report.facts.get(PROPOSED, "").split("\n") if n and n != report.agency]
        self._proposals.setVisible(bool(names))
        if not names:
            return
        links = "　".join(f'<a href="{name}">{name}</a>' for name in names)
        label = QLabel(f"正文中的全称，点击采用：{links}")
        label.setWordWrap(True)
        reachable = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        label.setTextInteractionFlags(reachable)
        label.linkActivated.connect(lambda name: self._desk.set_head(agency=name))
        self._proposals_row.addWidget(label, 1)

    def _connect(self) -> None:
        self._agency.editingFinished.connect(self._take_agency)
        self._kind.currentIndexChanged.connect(lambda: self._desk.set_head(unit_kind=self._kind.currentData()))
        self.deadline.editingFinished.connect(self.on_deadline)
        self.deadline.chosen.connect(self.on_deadline)
        self._signed.chosen.connect(lambda: self._take(SIGNED_ON))
        for name, field in self.facts.items():
            field.editingFinished.connect(lambda name=name: self._take(name))
            field.textEdited.connect(self._rest.typed)
        for field in (self._agency, self.deadline, *self.facts.values()):
            field.undo_wanted.connect(self._desk.undo)
            field.redo_wanted.connect(self._desk.redo)
        self._agency.textEdited.connect(self._rest.typed)
        self.make.clicked.connect(self.on_make)
        self._desk.changed.connect(self.on_changed)
        self._desk.register_pending(self.commit_pending)

    # -- event handlers ------------------------------------------------------------------------------------------

    def _take(self, name: str) -> None:
        self._desk.note_fact(name, self._typed(name), going_on=True)

    def _typed(self, name: str) -> str:
        return self._signed.value() if name == SIGNED_ON else self.facts[name].text().strip()

    def _take_agency(self) -> None:
        self._desk.set_head(agency=self._agency.text().strip(), going_on=True)

    def commit_pending(self) -> None:
        """Commit the fields; uninterrupted typing in one field is one undo step."""
        self._rest.stop()

    def _hand_over(self) -> None:
        self._take_agency()
        for name in self.facts:
            self._take(name)

    def on_deadline(self) -> None:
        """Store the deadline; the statutory one, or none, is stored as an empty fact."""
        report, day = self._desk.editing.report, self.deadline.day()
        value = fact_for(day, report.unit_kind, report.year) if day else self.deadline.value()
        self._desk.note_fact(DEADLINE, value)
        self._show_deadline()

    def on_make(self) -> None:
        """Write the generated preface over an unchanged earlier one, else after the text, as one undo step."""
        self._desk.commit_pending()
        report = self._desk.editing.report
        paragraph = preface(report, self._desk.editing.form)
        text = placed(report.text(PREFACE), report.facts.get(MADE + PREFACE, ""), paragraph)
        self._desk.write(PREFACE, text, {MADE + PREFACE: paragraph})

    def on_changed(self, effect: Effect) -> None:
        """Update fields changed elsewhere (undo, a proposal); uncommitted typing in other fields is kept."""
        report, change = self._desk.editing.report, effect.change
        if "agency" in change.head and self._agency.text().strip() != report.agency:
            self._agency.setText(report.agency)
        for name in self.facts:
            if name in change.facts and self._typed(name) != report.facts.get(name, ""):
                self._show(name, report.facts.get(name, ""))
        if "unit_kind" in change.head:
            self._kind.setCurrentIndex(UNIT_KINDS.index(report.unit_kind))
        if change.head or change.facts:
            self._show_deadline()
            self._show_proposals()
            self._lock()

    def _show_deadline(self) -> None:
        report = self._desk.editing.report
        due, own = deadline_of(report), report.facts.get(DEADLINE, "")
        self._due.setText(f"{due_name(report.unit_kind)}(&T)")
        self.deadline.setPlaceholderText(day_in_words(statutory(report.unit_kind, report.year)))
        self.deadline.show_value(own or due.isoformat())

    def _show(self, name: str, value: str) -> None:
        if name == SIGNED_ON:
            self._signed.show_value(value)
        else:
            self.facts[name].setText(value)

    def show_field(self, name: str) -> None:
        """Move the focus to a field: `agency` or the key of a fact."""
        fields = {"agency": self._agency, DEADLINE: self.deadline, **self.facts}
        field = fields.get(name, self._agency)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    def _lock(self) -> None:
        """Disable the fields after 定稿 and in a read-only draft."""
        for widget in (self._agency, self._kind, self.deadline, self.make, *self.facts.values()):
            widget.setEnabled(not self._desk.locked)

    def show_span(self, span: Span) -> None:
        self.preface.select(span)

    def take_focus(self) -> None:
        self._agency.setFocus(Qt.FocusReason.OtherFocusReason)
