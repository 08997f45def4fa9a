"""Preview and export of the open draft, off the UI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from model.editing import Editing
from model.filenames import safe_name
from ui.places import Places

VERDICT = "verdict"  # 校验报告
ENDINGS = {"pdf": "pdf", "json": "json", VERDICT: "pdf"}
KINDS = {"pdf": "PDF 文件 (*.pdf)", "json": "数据文件 (*.json)"}


def title_of(editing: Editing) -> str:
    """The report's title, as it stands on paper."""
    return editing.form.title.format(agency=editing.report.agency, year=editing.report.year)


def ask_target(editing: Editing, kind: str, parent: QWidget) -> Path | None:
    """Ask where to export to; None when the clerk thinks better of it."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    ending = ENDINGS[kind]
    name = title_of(editing) + ("校验报告" if kind == VERDICT else "")
    proposed = str(Path(folder) / f"{safe_name(name)}.{ending}")
    path, _ = QFileDialog.getSaveFileName(parent, "导出", proposed, KINDS[ending])
    if not path:
        return None
    return Path(path if path.lower().endswith(f".{ending}") else f"{path}.{ending}")


def export_work(editing: Editing, target: Path, places: Places) -> Callable[[], Path]:
    """What a thread does to write the report to `target`; it answers with the target."""
    frozen = editing.snapshot()

    def work() -> Path:
        from ui.printing import export, load_press  # ReportLab and fonts, only now

        export(frozen, target, load_press(places))
        return target

    return work


def verdict_work(editing: Editing, target: Path, places: Places) -> Callable[[], Path]:
    """What a thread does to write the 校验报告 to `target`; it answers with the target."""
    frozen = editing.snapshot()

    def work() -> Path:
        from ui.printing import export_verdict, load_press

        export_verdict(frozen, target, load_press(places))
        return target

    return work


def preview_work(editing: Editing, places: Places) -> Callable[[], bytes]:
    """What a thread does to make the PDF for the preview."""
    frozen = editing.snapshot()

    def work() -> bytes:
        from ui.printing import load_press, rendered

        return rendered(frozen, load_press(places))

    return work
