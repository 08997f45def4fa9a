"""Export dialog, and the functions that export and render the preview off the UI thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Event

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from model.base import Trouble, safe_name
from model.editing import Reviewed
from ui.parts import Folders

DATA_FILTER = "数据文件 (*.json)"


class ExportKind(StrEnum):
    """Kind of export of a report; the value is its name in the program."""

    PDF = "pdf"
    JSON = "json"
    VERDICT = "verdict"
    COMPARISON = "comparison"

    @property
    def ending(self) -> str:
        """The extension of the file, without the dot."""
        return "json" if self is ExportKind.JSON else "pdf"

    @property
    def filter(self) -> str:
        """The filter of the file dialog."""
        return DATA_FILTER if self is ExportKind.JSON else "PDF 文件 (*.pdf)"

    @property
    def name_beside(self) -> str:
        """The name of a document beside the report, put behind the report's title; "" for the report itself."""
        return {ExportKind.VERDICT: "检查报告", ExportKind.COMPARISON: "两年对比表"}.get(self, "")


def documents() -> Path:
    """Return the documents folder, else the home folder: without either, Qt's dialog opens the program's folder."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return folder if folder.is_dir() else Path.home()


def ask_target(reviewed: Reviewed, kind: ExportKind, parent: QWidget) -> Path | None:
    """Ask for the file to export to; returns None when the user cancels."""
    ending = kind.ending
    name = reviewed.title + kind.name_beside
    proposed = str(documents() / f"{safe_name(name)}.{ending}")
    path, _ = QFileDialog.getSaveFileName(parent, "导出", proposed, kind.filter)
    if not path:
        return None
    return Path(path if path.lower().endswith(f".{ending}") else f"{path}.{ending}")


class _Dropped(Trouble):
    """Raised just before writing when the user has cancelled the export."""


@dataclass(frozen=True)
class Outcome:
    """Result of an export: the file and its fonts, or the message on a missing character, or `dropped` (cancelled)."""

    target: Path
    fonts: tuple[str, ...] = ()
    missing: str = ""
    dropped: bool = False


def export_work(
    reviewed: Reviewed, target: Path, places: Folders, stop: Event, *, boxes: bool = False, own_fonts: bool = False
) -> Callable[[], Outcome]:
    """Return the function that a thread runs to export to `target`; it writes nothing once `stop` is set."""

    def work() -> Outcome:
        from export.layout import NoGlyph  # late import: loads ReportLab and fonts
        from export.outputs import export, load_press

        try:
            press = load_press(places.resources, own_fonts=own_fonts)
            summary = export(reviewed, target, press, box_missing=boxes, check_cancelled=_refusing(stop))
        except NoGlyph as trouble:
            return Outcome(target, missing=str(trouble))
        except _Dropped:
            return Outcome(target, dropped=True)
        return Outcome(target, summary.fonts if summary else ())

    return work


def side_work(
    kind: ExportKind, reviewed: Reviewed, target: Path, places: Folders, stop: Event, *, own_fonts: bool = False
) -> Callable[[], Outcome]:
    """Return the function that a thread runs to write 检查报告 or 两年对比表; it writes nothing once `stop` is set."""

    def work() -> Outcome:
        from export.outputs import export_comparison, export_verdict, load_press

        write = export_comparison if kind is ExportKind.COMPARISON else export_verdict
        try:
            write(reviewed, target, load_press(places.resources, own_fonts=own_fonts), _refusing(stop))
        except _Dropped:
            return Outcome(target, dropped=True)
        return Outcome(target)

    return work


def _refusing(stop: Event) -> Callable[[], None]:
    def check_cancelled() -> None:
        if stop.is_set():
            raise _Dropped

    return check_cancelled


def preview_work(reviewed: Reviewed, places: Folders, *, own_fonts: bool = False) -> Callable[[], bytes]:
    """Return the function that a thread runs to render the preview's PDF."""

    def work() -> bytes:
        from export.outputs import load_press, rendered

        return rendered(reviewed, load_press(places.resources, own_fonts=own_fonts))

    return work
