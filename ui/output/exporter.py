"""Background exports with progress, 取消 and follow-up actions in the banner; also the preview."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from model.editing import Reviewed
from ui.output.export_jobs import ExportKind, Outcome, ask_target, export_work, preview_work, side_work
from ui.parts import Banner, Folders, Jobs

if TYPE_CHECKING:
    from ui.draft import Desk

ReportSource = Callable[[], Reviewed]  # the report as it is now: an export that is repeated includes the edits since


class Exporter(QObject):
    """Runs one or several exports; each checks its own `stop` just before the file is put in place."""

    exported = Signal(object)  # Path
    previewed = Signal(bytes, str)  # the PDF of the open draft, its title

    def __init__(
        self,
        window: QWidget,
        banner: Banner,
        places: Folders,
        jobs: Jobs,
    ) -> None:
        super().__init__(window)
        self._window, self._banner, self._places, self._jobs = window, banner, places, jobs
        self._desk: Desk | None = None
        self.own_fonts = False  # prefer this computer's fonts of official documents

    def on_draft_changed(self, desk: Desk | None) -> None:
        """Export and preview this draft from now on; None: no draft is open."""
        self._desk = desk

    # -- the open draft ------------------------------------------------------------------------------------------

    def ask(self, kind: ExportKind) -> None:
        """Ask for a file, then export the open draft."""
        if desk := self._desk:
            desk.commit_pending()
            self.ask_for(_source(desk), kind)

    def ask_for(self, source: ReportSource, kind: ExportKind) -> None:
        """Ask for a file, then export a report."""
        target = ask_target(source(), kind, self._window)
        if target:
            self.start(source, kind, target)

    def export_to(self, target: Path) -> None:
        """Export the open draft in the background, as PDF or data file by the ending of the target."""
        if desk := self._desk:
            desk.commit_pending()
            self.start(_source(desk), ExportKind.PDF, target)

    def on_preview(self) -> None:
        """Render the open draft in the background and show the preview."""
        desk = self._desk
        if desk is None:
            return
        desk.commit_pending()
        self._banner.busy("正在生成预览…")
        reviewed = desk.editing.now
        work = preview_work(reviewed, self._places, own_fonts=self.own_fonts)
        self._jobs.run(work, lambda content: self._on_previewed(desk, reviewed, content))

    def _on_previewed(self, desk: Desk, reviewed: Reviewed, content: bytes) -> None:
        self._banner.hide()
        if desk is not self._desk:  # another draft was opened meanwhile
            return
        desk.commit_pending()
        if desk.editing.report == reviewed.report:
            self.previewed.emit(content, reviewed.title)
        else:  # edited meanwhile: render again
            self.on_preview()

    # -- any report ----------------------------------------------------------------------------------------------

    def start(self, source: ReportSource, kind: ExportKind, target: Path, *, boxes: bool = False) -> None:
        """Export the report (PDF or data by the target's ending) or, by `kind`, a document beside it.

        `boxes` prints □ for a character that no font has.
        """
        stop = threading.Event()
        self._banner.busy(f"正在导出 {target.name}…", [("取消", partial(self._cancel, stop, target))])
        make = partial(side_work, kind) if kind.name_beside else partial(export_work, boxes=boxes)
        again = partial(self.start, source, kind, target, boxes=True)
        work = make(source(), target, self._places, stop, own_fonts=self.own_fonts)
        self._jobs.run(work, lambda done: self._done(done, again))

    def _cancel(self, stop: threading.Event, target: Path) -> None:
        stop.set()
        self._banner.busy(f"正在取消导出 {target.name}…")

    def _done(self, outcome: Outcome, again: Callable[[], None]) -> None:
        if outcome.missing:
            self._banner.say(outcome.missing, [("以□代替并导出", again)], trouble=True)
        elif outcome.dropped:
            self._banner.say(f"已取消，没有写“{outcome.target.name}”")
        else:
            self._say_exported(outcome)

    def _say_exported(self, outcome: Outcome) -> None:
        target, fonts = outcome.target, f"　字体：{'、'.join(outcome.fonts)}" if outcome.fonts else ""
        self.say_written(f"已导出：{target}{fonts}", target)
        self.exported.emit(target)

    def say_written(self, sentence: str, target: Path) -> None:
        """Show that a file was written, with buttons to open it or its folder."""
        offers = [("打开文件", partial(_open, target)), ("打开所在文件夹", partial(_open, target.parent))]
        self._banner.say(sentence, offers)


def _source(desk: Desk) -> ReportSource:
    editing = desk.editing
    return lambda: editing.now


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(os.fspath(path)))
