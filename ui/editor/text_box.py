"""Text box of a section: plain text on the report's common undo history, with the findings underlined."""

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

from export.document import Voice, paragraphs
from model.base import clean
from model.checks import Span, quote_fact
from model.editing import Effect
from model.form import Address, shown
from ui.draft import Desk
from ui.parts import FONTS, MARGIN, SIGN_OF, TypingDebounce, colours, local_files

_WAVE = QTextCharFormat.UnderlineStyle.WaveUnderline
_KAI = "ZwgkKai.ttf"


class TextBox(QPlainTextEdit):
    """Plain text box whose edits are undone together with all others of the report."""

    def __init__(self, desk: Desk, section: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.section = section
        self.setAccessibleName(name)
        self.document().setDocumentMargin(MARGIN)
        self.setUndoRedoEnabled(False)  # one undo for the whole report, not one per box
        self.setTabChangesFocus(True)
        self._leads = RunInHighlighter(self)
        self._leads.setDocument(self.document())
        self.setPlainText(desk.editing.report.text(section))
        self._shown = self.toPlainText()  # Qt returns some characters changed
        self._rest = TypingDebounce(self._hand_over, self)
        self.textChanged.connect(self._rest.typed)
        desk.changed.connect(self.on_changed)
        desk.register_pending(self.commit_pending)
        self.setReadOnly(desk.locked)
        self.underline()

    def commit_pending(self) -> None:
        """Commit what was typed since the last commit."""
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
        if effect.appeared or effect.cleared or effect.texts:
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

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Leave dragged files to the window."""
        return not local_files(source) and super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert text from Word or the web: keep paragraphs, drop styles and invisible characters, bullets become ●."""
        html = source.html() if source.hasHtml() and not source.hasText() else ""
        text = QTextDocumentFragment.fromHtml(html).toPlainText() if html else source.text()
        lines = [line.rstrip() for line in clean(text).split("\n")]
        self.insertPlainText("\n".join(line for n, line in enumerate(lines) if line or n in (0, len(lines) - 1)))
        self.ensureCursorVisible()
        self.commit_pending()

    def quote(self, cell: Address) -> None:
        """Insert the number of a cell at the cursor and record its origin, as one undo step."""
        self.commit_pending()
        number = shown(self._desk.editing.values.get(cell))
        place = self._place()
        report = self._desk.editing.report
        text = report.text(self.section)
        fact = quote_fact(report, self.section, text, place, cell)
        self._desk.write(self.section, text[:place] + number + text[place:], dict([fact]))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> int:
        """Return the cursor position in Python characters (code points)."""
        units = self.textCursor().position()
        return len(self.toPlainText().encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "replace"))

    def focusOutEvent(self, event: QEvent) -> None:
        self.commit_pending()
        super().focusOutEvent(event)  # type: ignore[arg-type]  # Qt passes a QFocusEvent

    def select(self, span: Span) -> None:
        """Select a span of the text and bring it into view."""
        self.setTextCursor(self._stretch(span))
        self.ensureCursorVisible()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def put_cursor(self, place: int) -> None:
        """Put the cursor at a position in UTF-16 units, as Qt counts, and bring it into view."""
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
        """Redraw the underlines in the current colours."""
        self.underline()

    def underline(self) -> None:
        """Underline the spans of the findings."""
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


class RunInHighlighter(QSyntaxHighlighter):
    """Highlights a run-in heading, （一）…。, in 楷体 as it is printed."""

    def highlightBlock(self, text: str) -> None:
        if not text.lstrip().startswith("（"):
            return
        runs = next(paragraphs(text, "")).runs
        if runs[0].voice is Voice.LEAD:
            self.setFormat(len(text) - len(text.lstrip()), _units(runs[0].text), lead_format())


@lru_cache(maxsize=1)
def _lead_families() -> tuple[str, ...]:
    """Load 楷体 at the first such heading; cache only its family names, since a format must not outlive Qt."""
    number = QFontDatabase.addApplicationFont(QFileInfo(f"{FONTS}:{_KAI}").absoluteFilePath())
    return tuple(QFontDatabase.applicationFontFamilies(number))


def lead_format() -> QTextCharFormat:
    """Return the format of a run-in heading: 楷体, or bold if the font is missing."""
    made = QTextCharFormat()
    if families := _lead_families():
        made.setFontFamilies(list(families))
    else:
        made.setFontWeight(700)
    return made


def _first_difference(old: str, new: str) -> int:
    """Return the end of the changed span in `new`, in UTF-16 units as Qt counts."""
    tail = 0
    while tail < min(len(old), len(new)) and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return _units(new[: len(new) - tail])


def _units(text: str) -> int:
    """Return the length of a text in UTF-16 units, as Qt counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
