"""Actions on drafts while none is open: create, import, list, rename, copy, export, delete and restore."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from model.base import as_message, shown_name
from model.editing import Reviewed, next_year_report
from model.form import Formats
from model.report import DEADLINE, Report
from ui.draft import SaveQueue, open_draft
from ui.home.draft_lines import DraftLines
from ui.home.draft_list import KEPT_DAYS, DraftLine
from ui.home.start_page import StartPage
from ui.output import ExportKind, documents
from ui.parts import Banner, Jobs

if TYPE_CHECKING:
    from model.editing import Opener
    from model.recovery import OtherFile

AT_A_TIME = 10  # drafts that are counted before the list shows them; closing the window waits for them
# Qt parses half-width brackets only.
READABLE = (
    "年度报告 (*.docx *.doc *.wps *.xlsx *.xls *.et *.pdf *.ofd *.html *.htm *.mht *.mhtml *.odt *.ods *.rtf *.xml "
    "*.txt *.json *.zwgk *.db *.bak)"
)


class DraftActions(QObject):
    """Connects the start page with the store."""

    open_wanted = Signal(int)  # number of the draft to open in the wizard
    export_wanted = Signal(object, object)  # function that returns the `Reviewed`; ExportKind
    changed = Signal(int, object)  # number, the Report after a change made in the list

    def __init__(
        self,
        start: StartPage,
        banner: Banner,
        jobs: Jobs,
        save_queue: SaveQueue,
        formats: Formats,
        opener: Callable[[], Opener],
    ) -> None:
        super().__init__(start)
        self._save_queue, self._formats, self._opener = save_queue, formats, opener
        self._start, self._banner, self._run, self._try = start, banner, jobs.run, banner.attempt
        self._lines = DraftLines(save_queue.drafts, formats, opener)
        self._shown: list[DraftLine] = []
        self._asked = 0  # how often the list was asked for
        self._connect()

    def _connect(self) -> None:
        drafts, attempt = self._start.drafts, self._try
        self._start.wanted.connect(self.on_wanted)
        self._start.old_wanted.connect(self.on_old_wanted)
        drafts.next_wanted.connect(lambda number: attempt(lambda: self.add(self.following(number), "复制为下一年度")))
        drafts.export_wanted.connect(lambda number, kind: attempt(lambda: self._export(number, kind)))
        drafts.renamed.connect(lambda number, name: attempt(lambda: self._rename(number, name)))
        drafts.deleted.connect(self.delete)
        drafts.restored.connect(self.restore)
        drafts.turned.connect(lambda _bin: self.refresh())
        drafts.retried.connect(self.refresh)
        self._save_queue.settled.connect(self.on_opened_again)
        self._save_queue.saved.connect(self.on_opened_again)

    # -- new drafts ----------------------------------------------------------------------------------------------

    def on_wanted(self, agency: str, year: int, kind: str, deadline: str) -> None:
        """Create a blank report and open it."""
        facts = {DEADLINE: deadline}
        self._try(lambda: self.add(Report(agency, year, self._formats.for_year(year).id, kind, facts=facts), "新建"))

    def on_old_wanted(self) -> None:
        """Ask for an old report's file and import it."""
        path, _ = QFileDialog.getOpenFileName(
            self._start, "由旧年度报告新建", str(documents()), f"{READABLE};;所有文件 (*)"
        )
        if path:
            self.import_file(Path(path))

    def import_file(self, path: Path) -> None:
        """Read a report from a file into a new draft and open it."""
        from model.importing import as_draft, is_database, read_file  # the readers are not needed for the first window

        if is_database(path):
            self._run(lambda: self._save_queue.drafts.look_into(path), partial(self._looked_into, path))
            return
        self._run(lambda: as_draft(read_file(path, self._formats)), lambda report: self._imported(path, report))

    def _looked_into(self, path: Path, found: OtherFile) -> None:
        take = [("加入草稿", partial(self._take_over, path))] if found.reports else []
        self._banner.say(as_message(f"“{shown_name(path)}”是草稿库", found.sentence()), take)

    def _take_over(self, path: Path) -> None:
        self._run(lambda: self._save_queue.drafts.take_over(path), self._taken)

    def _taken(self, numbers: tuple[int, ...]) -> None:
        self.refresh()
        self._banner.say(f"已加入 {len(numbers)} 份草稿")

    def _imported(self, path: Path, report: Report) -> None:
        self.add(report, f"读入 {shown_name(path)}")
        seen = f"，有 {len(report.notes)} 处请核对，列在右边" if report.notes else "，没有疑问"
        self._banner.say(f"已读入“{shown_name(path)}”：{report.agency} {report.year} 年{seen}")

    def add(self, report: Report, cause: str) -> None:
        """Store a new draft and have it opened."""
        draft = self._save_queue.drafts.create(report, cause)
        self.open_wanted.emit(draft.number)

    # -- the list ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Load the list in the background; only the answer to the last call is shown."""
        of_bin, asked = self._start.drafts.in_bin, self._asked + 1
        self._asked = asked
        self._run(
            lambda: self._lines.listed(deleted=of_bin),
            lambda lines: self._show(lines) if asked == self._asked else None,
            lambda reason: self._show_unreadable(reason) if asked == self._asked else None,
        )

    def _show(self, lines: list[DraftLine]) -> None:
        self._shown = lines
        self._start.show_drafts(lines)
        self._count(lines, [line for line in lines if line.uncounted])

    def _show_unreadable(self, reason: str) -> None:
        """Show why there is no list; `reason` "": a mistake of the program, which has been recorded."""
        self._shown = []
        self._start.drafts.show_unreadable(reason or "读入草稿时本软件内部出错，草稿库没有改动")

    def on_opened_again(self, *_saved: object) -> None:
        """Load a list that could not be read, now that the drafts' file can be."""
        if self._start.drafts.unreadable:
            self.refresh()

    def _count(self, shown: list[DraftLine], left: list[DraftLine]) -> None:
        """Count a few drafts in the background, then the rest, until another list or a draft is shown."""
        if left and shown is self._shown and self._start.isVisible():
            few, rest = left[:AT_A_TIME], left[AT_A_TIME:]
            self._run(lambda: self._lines.counted(few), lambda lines: self._counted(shown, lines, rest))

    def _counted(self, shown: list[DraftLine], lines: list[DraftLine], rest: list[DraftLine]) -> None:
        if shown is self._shown:
            self._start.drafts.show_counted(lines)
        self._count(shown, rest)

    def reviewed(self, number: int) -> Reviewed:
        """Load a draft and run all rules on it; raises `Trouble` if it cannot be read."""
        return self._opener().review(self._save_queue.drafts.load(number))

    # -- actions -------------------------------------------------------------------------------------------------

    def following(self, number: int) -> Report:
        """Derive next year's report from a draft: its cover, and the numbers that carry over."""
        old = self.reviewed(number)
        return next_year_report(old.report, old.values, self._opener().formats.for_year(old.report.year + 1))

    def _export(self, number: int, kind: ExportKind) -> None:
        reviewed = self.reviewed(number)
        self.export_wanted.emit(lambda: reviewed, kind)

    def _rename(self, number: int, name: str) -> None:
        """Change the agency of a draft; raises `Trouble` for a final one, whose old name the list then shows."""
        try:
            opened = open_draft(self._save_queue.drafts, self._opener(), number)
            effect = opened.editing.set_head(agency=name)
            self._save_queue.submit(number, effect.change, opened.counted(1))
            self.changed.emit(number, opened.editing.report)
        finally:
            self.refresh()

    def delete(self, number: int) -> None:
        """Move a draft to the recycle bin; the banner offers to undo it."""
        self._try(lambda: self._delete(number))

    def _delete(self, number: int) -> None:
        self._save_queue.drafts.delete(number)
        self.refresh()
        said = f"草稿已移到回收站，{KEPT_DAYS} 天内可以恢复"
        self._banner.say(said, [("撤销", lambda: self.restore(number))])

    def restore(self, number: int) -> None:
        """Restore a draft from the recycle bin."""
        self._try(lambda: self._restore(number))

    def _restore(self, number: int) -> None:
        self._save_queue.drafts.restore(number)
        self._banner.hide()
        self.refresh()

    def purge(self) -> None:
        """Purge drafts deleted more than `KEPT_DAYS` ago, in the background."""
        self._run(self._save_queue.drafts.purge, lambda _numbers: None, self._on_not_purged)

    def _on_not_purged(self, reason: str) -> None:
        """Show why nothing was purged, unless the drafts cannot be read at all, which the list says."""
        if reason and not self._start.drafts.unreadable:
            self._banner.say_trouble(reason)
