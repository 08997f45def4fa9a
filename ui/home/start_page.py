"""Start page: the user's drafts and the ways to begin a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from model.base import Trouble
from model.form import UNIT_KINDS, Formats
from model.report import COVER, DEADLINE, due_name, fact_for, is_doubtful, statutory, unit_kind_of
from ui.home.draft_list import DraftLine, DraftList, short_document
from ui.parts import MARGIN, STEP, ChoiceBox, DateField, LineField, NumberBox


class StartPage(QWidget):
    """Drafts on the right, the ways to begin a report on the left."""

    wanted = Signal(str, int, str, str)  # agency, year, kind of unit, deadline as a fact
    old_wanted = Signal()

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self.agency = LineField()
        self.year = NumberBox()
        self.year.setRange(*formats.years())
        self.year.setValue(date.today().year - 1)
        self.form = QLabel()
        self.kind = ChoiceBox()
        self.deadline = DateField(date.today().year)
        self.ask = QLabel()  # shown for a name that tells no kind of unit
        self._due = QLabel()
        self._own_deadline = False  # set by hand: no longer follows year and kind
        self.drafts = DraftList()
        self.begin = QPushButton("新建报告(&N)")
        self.from_old = QPushButton("由旧年度报告新建(&O)…")
        self._lay_out()
        self._connect()
        self._on_year()

    # -- layout --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 3 * STEP)
        outer.setSpacing(MARGIN)
        outer.addWidget(_large("政府信息公开工作年度报告"))
        row = QHBoxLayout()
        row.setSpacing(6 * STEP)
        row.addLayout(self._ways())
        row.addWidget(self.drafts, 1)
        outer.addLayout(row, 1)

    def _ways(self) -> QVBoxLayout:
        for kind, label in self._formats.newest.unit_kinds.items():
            self.kind.addItem(label, kind)
        self.agency.setPlaceholderText("如：应急管理局")
        form = QFormLayout()
        form.setSpacing(2 * STEP)
        self.deadline.setToolTip(self._formats.newest.in_full(self._formats.newest.due))
        for label, widget in (
            ("编制机关(&A)", self.agency), ("报告年度(&Y)", self.year), ("单位类别(&K)", self.kind),
        ):  # fmt: skip
            named = QLabel(label)
            named.setBuddy(widget)
            form.addRow(named, self._year_and_form() if widget is self.year else widget)
            widget.setAccessibleName(label[:4])
        self.ask.setWordWrap(True)
        self.ask.hide()
        form.addRow(self.ask)
        self._due.setBuddy(self.deadline)
        self.deadline.setAccessibleName(COVER[DEADLINE])
        form.addRow(self._due, self.deadline)
        form.addRow("", self.begin)
        blank = QGroupBox("新建空白报告")
        blank.setLayout(form)
        column = QVBoxLayout()
        column.addWidget(blank)
        column.addWidget(self._old())
        column.addStretch()
        self._blank = blank
        self._fit()
        return column

    def _year_and_form(self) -> QHBoxLayout:
        """Lay out the year with the format that follows from it."""
        self.form.setAccessibleName("报告格式")
        row = QHBoxLayout()
        row.setSpacing(2 * STEP)
        row.addWidget(self.year, 1)
        row.addWidget(self.form)
        return row

    def _fit(self) -> None:
        self._blank.setFixedWidth(self.fontMetrics().horizontalAdvance("国") * 26)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _old(self) -> QGroupBox:
        box = QGroupBox("由已有的年度报告开始")
        column = QVBoxLayout(box)
        words = QLabel(
            "选择已发布的年度报告，或拖进窗口：Word、WPS、Excel、PDF、网页等。数字和文字自动填好，读不准的逐条列出。"
        )
        words.setWordWrap(True)
        column.addWidget(words)
        column.addWidget(self.from_old)
        return box

    def _connect(self) -> None:
        self.begin.clicked.connect(self.on_begin)
        self.agency.returnPressed.connect(self.on_begin)
        self.agency.textEdited.connect(self.on_agency)
        self.from_old.clicked.connect(self.old_wanted)
        self.year.valueChanged.connect(lambda _year: self._on_year())
        self.kind.currentIndexChanged.connect(lambda _row: self._propose_deadline())
        self.deadline.textEdited.connect(lambda _text: self._keep_deadline())
        self.deadline.chosen.connect(self._keep_deadline)

    # -- events --------------------------------------------------------------------------------------------------

    def on_agency(self, name: str) -> None:
        """Select the kind of unit that the name suggests."""
        districts = self._formats.districts if name.strip().endswith("区") else ()
        kind = unit_kind_of(name, districts)
        self.kind.setCurrentIndex(UNIT_KINDS.index(kind))
        self.ask.setText(f"由名称看不出单位类别，先选“{self._formats.newest.unit_kinds[kind]}”，请核对")
        self.ask.setVisible(is_doubtful(name, districts))

    def on_begin(self) -> None:
        """Emit `wanted` for a new draft; only the name of the agency is required."""
        name = self.agency.text().strip()
        if not name:
            self.agency.setFocus()
            self.agency.setPlaceholderText("请先填写编制机关")
            return
        year, kind = self.year.value(), self.kind.currentData()
        due = self.deadline.day()
        self.wanted.emit(name, year, kind, fact_for(due, kind, year) if due else self.deadline.value())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Begin the report on Enter in any field, not only in the name."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.focusWidget() in (self.year, self.kind, self.deadline):
            self.on_begin()
        else:
            super().keyPressEvent(event)

    def _on_year(self) -> None:
        """Update the format and the proposed deadline to the year."""
        try:
            document = self._formats.for_year(self.year.value()).document
        except Trouble:  # no format covers the year; 新建 reports it
            document = "没有这一年的格式"
        self.form.setText(short_document(document))
        self.form.setToolTip(document)
        self._propose_deadline()

    def _keep_deadline(self) -> None:
        self._own_deadline = True

    def _propose_deadline(self) -> None:
        """Set the statutory deadline of the kind of unit, unless one was set by hand."""
        kind = self.kind.currentData()
        self._due.setText(f"{due_name(kind)}(&T)")
        if self._own_deadline:
            return
        self.deadline.year = self.year.value() + 1
        self.deadline.show_value(statutory(kind, self.year.value()).isoformat())

    def show_drafts(self, lines: Sequence[DraftLine]) -> None:
        """Show the drafts; focus the list, so that Enter opens the last used one, unless the clerk is typing."""
        self.drafts.show_drafts(lines)
        busy = self.agency.text() or self.drafts.search.hasFocus() or self.drafts.renaming
        if lines and not busy:
            self.drafts.list.setFocus()


def _large(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 1.6)
    font.setBold(True)
    label.setFont(font)
    return label
