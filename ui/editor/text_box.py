"""The box in which a section is written: plain text, undone with everything else, underlined where a finding looks."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QEvent, QFileInfo, QMimeData, Qt
from PySide6.QtGui import (
    QFontDatabase,
    QKeyEvent,
    QKeySequence,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocumentFragment,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from export.document.document import Voice
from export.document.report_document import paragraphs
from model.base.text import clean
from model.checks.quoted_numbers import quote_fact
from model.checks.rules import Span
from model.editing.session import Effect
from model.form.cell import Address, shown
from ui.draft.desk import Desk
from ui.parts.theme import FONTS, MARGIN, SIGN_OF, colours
from ui.parts.typing_debounce import Rest

_WAVE = QTextCharFormat.UnderlineStyle.WaveUnderline
_KAI = "ZwgkKai.ttf"


class TextBox(QPlainTextEdit):
    """A plain text whose steps are undone together with everything else."""

    def __init__(self, desk: Desk, section: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.section = section
        self.setAccessibleName(name)
        self.document().setDocumentMargin(MARGIN)
        self.setUndoRedoEnabled(False)  # one undo for the whole report, not one per box
        self.setTabChangesFocus(True)
        self._leads = Leads(self)
        self._leads.setDocument(self.document())
        self.setPlainText(desk.editing.report.text(section))
        self._shown = self.toPlainText()  # a box gives some characters back otherwise than it took them
        self._rest = Rest(self._hand_over, self)
        self.textChanged.connect(self._rest.typed)
        desk.changed.connect(self.on_changed)
        desk.before_anything(self.settle)
        self.setReadOnly(desk.locked)
        self.underline()

    def settle(self) -> None:
        """Hand over what was typed since the last time."""
        self._rest.stop()

    def _hand_over(self) -> None:
        text = self.toPlainText()
        if text != self._shown:
            self._shown = text
            self._desk.write(self.section, text, going_on=self._rest.goes_on)

    def on_changed(self, effect: Effect) -> None:
        """Show a text that was changed elsewhere (undo, import), with the cursor at the change."""
        text = self._desk.editing.report.text(self.section)
        if self.section in effect.texts and text != self.toPlainText():
            self._replace(text)
        if effect.appeared or effect.gone or effect.texts:
            self.underline()
        self.setReadOnly(self._desk.locked)

    def _replace(self, text: str) -> None:
        place = _first_difference(self.toPlainText(), text)
        self.setPlainText(text)
        self._shown = self.toPlainText()
        self.put_cursor(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self._desk.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self._desk.redo()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Text from Word or a web page: paragraphs stay, styles and what cannot be seen go, bullets become ●."""
        html = source.html() if source.hasHtml() and not source.hasText() else ""
        text = QTextDocumentFragment.fromHtml(html).toPlainText() if html else source.text()
        lines = [line.rstrip() for line in clean(text).split("\n")]
        self.insertPlainText("\n".join(line for n, line in enumerate(lines) if line or n in (0, len(lines) - 1)))
        self.ensureCursorVisible()
        self.settle()

    def quote(self, cell: Address) -> None:
        """Put the number of a cell in at the cursor, and note where it came from: one step to undo."""
        self.settle()
        number = shown(self._desk.editing.values.get(cell))
        place = self._place()
        report = self._desk.editing.report
        text = report.text(self.section)
        fact = quote_fact(report, self.section, text, place, cell)
        self._desk.write(self.section, text[:place] + number + text[place:], dict([fact]))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> int:
        """Where the cursor stands, in Python characters."""
        units = self.textCursor().position()
        return len(self.toPlainText().encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "replace"))

    def focusOutEvent(self, event: QEvent) -> None:
        self.settle()
        super().focusOutEvent(event)  # type: ignore[arg-type]  # Qt hands over a QFocusEvent

    def select(self, span: Span) -> None:
        """Select a stretch of the text and bring it into view."""
        self.setTextCursor(self._stretch(span))
        self.ensureCursorVisible()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def put_cursor(self, place: int) -> None:
        """Put the cursor at a place, counted as Qt counts, and bring it into view."""
        cursor = self.textCursor()
        cursor.setPosition(min(place, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _stretch(self, span: Span) -> QTextCursor:
        text = self.toPlainText()
        cursor = self.textCursor()
        cursor.setPosition(_units(text[: span.start]))
        cursor.setPosition(_units(text[: span.start + span.length]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def dress(self) -> None:
        """The underlines in the colours of now."""
        self.underline()

    def underline(self) -> None:
        """Underline what the findings are about."""
        marks = []
        for finding in self._desk.findings:
            for span in finding.spans:
                if span.section == self.section:
                    mark = QTextEdit.ExtraSelection()
                    mark.cursor = self._stretch(span)  # type: ignore[attr-defined]  # missing in PySide's types
                    mark.format.setUnderlineStyle(_WAVE)  # type: ignore[attr-defined]
                    mark.format.setUnderlineColor(colours().of(SIGN_OF[finding.severity]))  # type: ignore[attr-defined]
                    marks.append(mark)
        self.setExtraSelections(marks)


class Leads(QSyntaxHighlighter):
    """Shows a heading that runs into its paragraph, （一）…。, as it is printed: in 楷体."""

    def highlightBlock(self, text: str) -> None:
        if not text.lstrip().startswith("（"):
            return
        runs = next(paragraphs(text, "")).runs
        if runs[0].voice is Voice.LEAD:
            self.setFormat(len(text) - len(text.lstrip()), _units(runs[0].text), lead_format())


@lru_cache(maxsize=1)
def _lead_families() -> tuple[str, ...]:
    """楷体, loaded when the first such heading is shown; only its name is kept, for a format must not outlive Qt."""
    number = QFontDatabase.addApplicationFont(QFileInfo(f"{FONTS}:{_KAI}").absoluteFilePath())
    return tuple(QFontDatabase.applicationFontFamilies(number))


def lead_format() -> QTextCharFormat:
    """How a heading that runs in is shown: in 楷体, bold where the font is missing."""
    made = QTextCharFormat()
    if families := _lead_families():
        made.setFontFamilies(list(families))
    else:
        made.setFontWeight(700)
    return made


def _first_difference(old: str, new: str) -> int:
    """The end of the changed stretch in `new`, counted as Qt counts: in UTF-16 units."""
    tail = 0
    while tail < min(len(old), len(new)) and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return _units(new[: len(new) - tail])


def _units(text: str) -> int:
    """How long Qt thinks a text is: it counts UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
