"""The wizard's pages: cover, text sections, tables.  Each is built when it is first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from export.compose import SIGNED_ON
from model.cell import Address
from model.checks import Span
from model.editing import Effect
from model.format import PREFACE, Section
from model.report import UNIT_KINDS
from ui.desk import Desk
from ui.layouts import emptied
from ui.look import MARGIN, STEP
from ui.pastebox import PasteBox
from ui.tables import TableView
from ui.texts import TextBox

if TYPE_CHECKING:
    from model.pasting import Proposal


def hint(text: str) -> QLabel:
    """A quiet line of explanation."""
    label = QLabel(text)
    label.setWordWrap(True)
    return label


class Page(QWidget):
    """What a page of the wizard can do."""

    def show_cell(self, address: Address) -> None:
        """Bring a cell into view; a page without a table does nothing."""

    def show_span(self, span: Span) -> None:
        """Select a stretch of the page's text; a page without a text does nothing."""

    def take_focus(self) -> None:
        """Put the cursor where the clerk will go on."""


class TextPage(Page):
    """A section of text, with what belongs in it said above and its length below."""

    def __init__(self, desk: Desk, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._section = section
        self.box = TextBox(desk, section.id, section.title)
        self._count = QLabel()
        self._count.setAccessibleName("字数")
        self._count.setWordWrap(True)  # on a small screen a long line would push the findings aside
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * STEP)
        if section.help:
            layout.addWidget(hint(section.help))
        layout.addWidget(self.box, 1)
        layout.addWidget(self._count)
        self.box.textChanged.connect(self._count_characters)
        self._count_characters()

    def _count_characters(self) -> None:
        text = self.box.toPlainText()
        advised = self._section.advised_characters
        covered = [a.label for a in self._section.aspects if any(sign in text for sign in a.signs)]
        missing = [a.label for a in self._section.aspects if a.label not in covered]
        parts = [f"{len(''.join(text.split()))} 字" + (f"（建议不超过 {advised} 字）" if advised else "")]
        if self._section.aspects:
            parts.append(f"尚未写到：{'、'.join(missing)}" if missing else "五个方面都已写到")
        self._count.setText("　".join(parts))

    def show_span(self, span: Span) -> None:
        self.box.select(span)

    def take_focus(self) -> None:
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)


class TablePage(Page):
    """A section that is a table."""

    def __init__(self, desk: Desk, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.table = TableView(desk, desk.editing.form.table(section.table))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table, 1)
        self.paste_box = PasteBox(desk.editing)
        layout.addWidget(self.paste_box)
        if section.help:
            layout.addWidget(hint(section.help))
        desk.before_anything(self.table.commit_typing)
        self.table.proposed.connect(self.paste_box.propose)
        self.paste_box.accepted.connect(self._take)
        self.paste_box.dropped.connect(self.take_focus)

    def _take(self, proposal: Proposal) -> None:
        self.desk.enter_all(proposal.entries, "粘贴")
        self.take_focus()

    def show_cell(self, address: Address) -> None:
        self.table.show_cell(address)

    def take_focus(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)


class CoverPage(Page):
    """封面与说明: who reports, for which year, and the text before 一、."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        report, form = desk.editing.report, desk.editing.form
        self._agency = QLineEdit(report.agency)
        self._kind = QComboBox()
        for kind, label in UNIT_KINDS.items():
            self._kind.addItem(label, kind)
        self._kind.setCurrentIndex(list(UNIT_KINDS).index(report.unit_kind))
        self._signed = QLineEdit(report.facts.get(SIGNED_ON, ""))
        self._signed.setPlaceholderText(f"{report.year + 1}-01-20（不填则不印落款）")
        self.preface = TextBox(desk, PREFACE, "前言")
        period = form.period.format(year=report.year)
        self.preface.setPlaceholderText(
            f"标题下、第一部分前的说明，如编制依据、统计期限（{period}）、联系方式。可以不填。"
        )
        self._fields = QFormLayout(self)
        self._lay_out(f"{report.year} 年（{form.document}）")
        self._connect()
        self._lock()

    def _lay_out(self, year: str) -> None:
        self._fields.setContentsMargins(0, 0, 0, 0)
        self._fields.setSpacing(MARGIN)
        rows = [("编制机关(&A)", self._agency), ("单位类别(&K)", self._kind), ("落款日期(&D)", self._signed)]
        self._fields.addRow("报告年度", QLabel(year))
        for label, widget in rows:
            self._fields.addRow(label, widget)
            widget.setAccessibleName(label[:4])
        self._proposals = QWidget()
        self._proposals_row = QHBoxLayout(self._proposals)
        self._proposals_row.setContentsMargins(0, 0, 0, 0)
        self._fields.insertRow(2, "", self._proposals)
        self._fields.addRow("前言(&P)", self.preface)
        policy = self.preface.sizePolicy()
        policy.setVerticalStretch(1)  # a form gives its spare room only to a row that asks for it
        self.preface.setSizePolicy(policy)
        self._show_proposals()

    def _show_proposals(self) -> None:
        """The fuller names that the old report's text gives for the agency, one click each."""
        emptied(self._proposals_row)
        report = self._desk.editing.report
        names = [n for n in report.facts.get("agency_proposals", "").split("\n") if n and n != report.agency]
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
        self._agency.editingFinished.connect(lambda: self._desk.set_head(agency=self._agency.text().strip()))
        self._kind.currentIndexChanged.connect(lambda: self._desk.set_head(unit_kind=self._kind.currentData()))
        self._signed.editingFinished.connect(lambda: self._desk.note_fact(SIGNED_ON, self._signed.text().strip()))
        self._desk.changed.connect(self.on_changed)
        self._desk.before_anything(self.settle)

    def settle(self) -> None:
        """Hand over what stands in the fields."""
        self._desk.set_head(agency=self._agency.text().strip())
        self._desk.note_fact(SIGNED_ON, self._signed.text().strip())

    def on_changed(self, effect: Effect) -> None:
        """Show what was changed elsewhere (undo, a proposal), and leave alone what is only typed yet."""
        report, change = self._desk.editing.report, effect.change
        if "agency" in change.head and self._agency.text().strip() != report.agency:
            self._agency.setText(report.agency)
        if SIGNED_ON in change.facts and self._signed.text().strip() != report.facts.get(SIGNED_ON, ""):
            self._signed.setText(report.facts.get(SIGNED_ON, ""))
        if "unit_kind" in change.head:
            self._kind.setCurrentIndex(list(UNIT_KINDS).index(report.unit_kind))
        if change.head or change.facts:
            self._show_proposals()
            self._lock()

    def _lock(self) -> None:
        """After 定稿 nothing changes any more."""
        for widget in (self._agency, self._kind, self._signed):
            widget.setEnabled(not self._desk.editing.final)

    def show_span(self, span: Span) -> None:
        self.preface.select(span)

    def take_focus(self) -> None:
        self._agency.setFocus(Qt.FocusReason.OtherFocusReason)
