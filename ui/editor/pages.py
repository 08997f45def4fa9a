"""Pages of the wizard for text sections and tables; each is built when it is first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from model.checks import Span
from model.editing import Effect
from model.form import Address, Section, SectionRole, at
from ui.draft import Desk
from ui.editor.checklist import Checklist
from ui.editor.fee_box import FeeBox
from ui.editor.number_line import NumberLine
from ui.editor.paste_box import PasteBox
from ui.editor.quote_box import QuoteBox
from ui.editor.text_box import TextBox
from ui.parts import STEP
from ui.table import TableView

if TYPE_CHECKING:
    from model.importing import Proposal


def hint(text: str) -> QLabel:
    """Return a word-wrapped label with an explanation."""
    label = QLabel(text)
    label.setWordWrap(True)
    return label


class WizardPage(QWidget):
    """Base class of the wizard's pages."""

    completed = Signal()  # Enter in the last field of a page with nothing left to fill in

    def show_cell(self, address: Address) -> None:
        """Bring a cell into view; does nothing on a page without a table."""

    def show_span(self, span: Span) -> None:
        """Select a span of the page's text; does nothing on a page without a text."""

    def show_field(self, name: str) -> None:
        """Move the focus to a field of the cover; elsewhere to the page."""
        self.take_focus()

    def take_focus(self) -> None:
        """Move the keyboard focus to the page's input widget."""

    def place(self) -> str:
        """Return the cursor position as text for the settings; "" on a page without a cursor."""
        return ""

    def put_cursor(self, place: str) -> None:
        """Restore a position returned by `place`; ignores one that no longer exists."""


class TextPage(WizardPage):
    """Page of a text section: guidance and checklist above the text box, length in characters below."""

    def __init__(self, desk: Desk, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._section = desk, section
        form = desk.editing.form
        self.box = TextBox(desk, section.id, section.title)
        self._count = QLabel()
        self._count.setAccessibleName("字数")
        self.checklist = Checklist(desk, section)
        self.fees = FeeBox(desk, section.id) if section == form.section_for(SectionRole.FEE) else None
        self.quote = QPushButton("插入表格中的数(&I)…")
        self.quotes = QuoteBox(desk.editing)
        self.numbers = NumberLine(desk, section.id)
        self._lay_out()
        self.quote.clicked.connect(self.quotes.propose)
        self.quotes.accepted.connect(self.box.quote)
        self.quotes.dropped.connect(self.take_focus)
        self.numbers.wanted.connect(self.box.select)
        self.box.textChanged.connect(self._follow)
        desk.changed.connect(self.on_changed)
        self.quote.setEnabled(not desk.locked)
        self._follow()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * STEP)
        if self._section.help:
            layout.addWidget(hint(self._section.help))
        if self.fees:
            layout.addWidget(self.fees)
        layout.addWidget(self.checklist)
        layout.addWidget(self.box, 1)
        layout.addWidget(self.quotes)
        row = QHBoxLayout()
        row.addWidget(self._count)
        row.addWidget(self.numbers, 1)
        row.addWidget(self.numbers.look)
        row.addWidget(self.quote)
        layout.addLayout(row)

    def _follow(self) -> None:
        """Update the character count and the checklist while the text is typed."""
        text = self.box.toPlainText()
        advised = self._section.advised_characters
        self._count.setText(f"{len(''.join(text.split()))} 字" + (f"（建议不超过 {advised} 字）" if advised else ""))
        self.checklist.show_text(text)

    def on_changed(self, effect: Effect) -> None:
        """Update the checklist, since some of its signs depend on the findings."""
        self.quote.setEnabled(not self._desk.locked)
        if effect.appeared or effect.cleared or effect.change.head:
            self.checklist.show_text(self.box.toPlainText())

    def show_span(self, span: Span) -> None:
        self.box.select(span)

    def place(self) -> str:
        return str(self.box.textCursor().position())

    def put_cursor(self, place: str) -> None:
        if place.isdecimal():
            self.box.put_cursor(int(place))

    def take_focus(self) -> None:
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)


class TablePage(WizardPage):
    """Page of a table section, with the paste preview below the table."""

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
        desk.register_pending(self.table.commit_typing)
        self.table.proposed.connect(self.paste_box.propose)
        self.table.completed.connect(self.completed)
        self.paste_box.accepted.connect(self._take)
        self.paste_box.dropped.connect(self.take_focus)

    def _take(self, proposal: Proposal) -> None:
        self.desk.enter_all(proposal.entries, "粘贴")
        self.take_focus()

    def show_cell(self, address: Address) -> None:
        self.table.show_cell(address)

    def place(self) -> str:
        address = self.table.current_address()
        return str(address) if address else ""

    def put_cursor(self, place: str) -> None:
        try:
            self.table.show_cell(at(place))
        except ValueError:  # stored for another page or by another version
            return

    def take_focus(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
