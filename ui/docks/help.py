"""Help panel: meaning and legal basis of a cell, contents of a section, the manual."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QUrl, Signal
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QDockWidget, QTextBrowser, QWidget

from model.base import as_message
from model.checks import ground_of
from model.editing import relation_words, relations_at
from model.form import FORM_TITLE, Address, Check, Format, Section, Severity, Table, YearCheck
from ui.parts import MARGIN

MANUAL = "manual.md"
WIDE = 24  # characters in a line of the manual


class HelpPage(QTextBrowser):
    """Markdown page that scales pictures down to the panel's width."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        found = super().loadResource(kind, name)
        if kind == int(QTextDocument.ResourceType.ImageResource.value) and isinstance(found, QByteArray | bytes):
            image = QImage.fromData(found)
            width = min(image.width(), self.viewport().width() - 2 * MARGIN)
            return image.scaledToWidth(max(1, width), Qt.TransformationMode.SmoothTransformation)
        return found


class HelpDock(QDockWidget):
    """Dock with a help page; stays open while the user works on."""

    width_wanted = Signal(int)  # pixels that show the manual's lines whole; emitted before its pictures are scaled

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__("帮助", parent)
        self._folder = folder
        self.page = HelpPage()
        self.page.setAccessibleName("帮助")
        self.page.setSearchPaths([str(folder)])
        self.page.setOpenLinks(False)  # links are not followed: the program uses no network
        self.setWidget(self.page)
        self.setAllowedAreas(Qt.DockWidgetArea.RightDockWidgetArea | Qt.DockWidgetArea.BottomDockWidgetArea)
        self.hide()

    def show_manual(self) -> None:
        """Show the manual from its beginning."""
        self._open("使用说明")
        self.width_wanted.emit(self.fontMetrics().horizontalAdvance("国") * WIDE)
        self.page.document().setBaseUrl(QUrl.fromLocalFile(f"{self._folder}/"))
        self.page.setMarkdown((self._folder / MANUAL).read_text("utf-8"))

    def show_words(self, title: str, words: str) -> None:
        """Show a short help text in Markdown."""
        self.page.setMarkdown(words)
        self._open(title)

    def _open(self, title: str) -> None:
        self.setWindowTitle(title)
        self.show()
        self.raise_()


def help_for_cell(form: Format, address: Address) -> str:
    """Return Markdown about a cell: meaning, unit, legal basis, relations."""
    table, column = form.table(address.table), form.column(address)
    row = table.row(address.row)
    unit = "" if column.unit in column.label else f"（单位：{column.unit}）"
    lines = [f"## {form.row_name(address)}", f"**{column.label}**{unit}"]
    lines += ["自动计算，不需填写"] if address in form.totals else [w for w in (row.help, column.help) if w]
    if row.ref:
        lines.append(f"依据：{row.ref}")
    lines += [_about(form, table, check) for check in relations_at(form, address)]
    lines.append(f"格式依据：{FORM_TITLE}")
    return form.in_full("\n\n".join(lines))


def _about(form: Format, table: Table, check: Check | YearCheck) -> str:
    """State a relation and its basis; where it may have exceptions, also what to do then."""
    head, basis = ground_of(check.basis)
    firm = check.severity is Severity.ERROR
    words = as_message(relation_words(form, table, check), "" if firm else check.advice)
    return f"{'勾稽关系' if firm else '另请留意'}：{words}（{head}：{basis}）"


def help_for_section(form: Format, section: Section) -> str:
    """Return Markdown about a section: its purpose and required aspects."""
    lines = [f"## {section.title}", section.help or "按表填写"]
    if section.aspects:
        lines.append("\n".join(f"- {aspect.label}" for aspect in section.aspects))
    lines.append(f"格式依据：{FORM_TITLE}")
    return form.in_full("\n\n".join(lines))
