"""What is done with drafts while none is open: listed, renamed, copied, deleted, restored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from model.deadline import deadline_of
from model.derive import next_year
from model.editing import Editing
from model.format import Severity
from model.report import Report
from model.trouble import Trouble
from ui.banner import Banner
from ui.drafts import KEPT_DAYS, DraftLine
from ui.keeper import Keeper
from ui.start import StartPage

if TYPE_CHECKING:
    from model.opening import Opener
    from model.store import Draft

Run = Callable[[Callable[[], object], Callable[..., object]], None]
Try = Callable[[Callable[[], object]], None]


class Shelf(QObject):
    """Stands between the start page and the store; `run` works in the background, `attempt` says a `Trouble`."""

    def __init__(  # noqa: PLR0913, PLR0917  # the parts of the window, each by its name
        self,
        start: StartPage,
        keeper: Keeper,
        opener: Callable[[], Opener],
        banner: Banner,
        run: Run,
        attempt: Try,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._start, self._keeper, self._opener, self._banner = start, keeper, opener, banner
        self._run, self._try = run, attempt
        start.drafts.renamed.connect(lambda number, name: attempt(lambda: self._rename(number, name)))
        start.drafts.deleted.connect(self.delete)
        start.drafts.restored.connect(self.restore)
        start.drafts.turned.connect(lambda _bin: self.refresh())

    # -- the lines -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list in the background and show it; what the clerk has turned to meanwhile is shown instead."""
        of_bin = self._start.drafts.in_bin
        self._run(lambda: self._lines(deleted=of_bin), lambda lines: self._show(lines, of_bin=of_bin))

    def _show(self, lines: list[DraftLine], *, of_bin: bool) -> None:
        if of_bin == self._start.drafts.in_bin:
            self._start.show_drafts(lines)

    def _lines(self, *, deleted: bool) -> list[DraftLine]:
        drafts = self._keeper.ask(lambda store: store.drafts(deleted=deleted))
        return [self._line(draft) for draft in drafts]

    def _line(self, draft: Draft) -> DraftLine:
        """A draft as a line; one that is damaged, or of a form that is not installed, must not hide the others."""
        try:
            return self._read_line(draft)
        except Trouble as trouble:
            said = str(trouble)
            return DraftLine(
                draft.number, draft.agency, draft.year, "", 0, 0, 0, draft.saved, said, None, draft.deleted
            )

    def _read_line(self, draft: Draft) -> DraftLine:
        editing = self.editing(draft.number)
        report, form, open_ = editing.report, editing.form, editing.standing.open
        texts = [s for s in form.sections if not s.table]
        filled = len(report.cells) + sum(bool(report.text(s.id).strip()) for s in texts)
        return DraftLine(
            draft.number,
            report.agency,
            report.year,
            form.document,
            100 * filled // (len(form.inputs) + len(texts)),
            len(open_[Severity.ERROR]),
            len(open_[Severity.EXPLAIN]),
            draft.saved,
            deadline=deadline_of(report),
            deleted=draft.deleted,
        )

    def editing(self, number: int) -> Editing:
        """A draft ready to be looked at; raises `Trouble` when it cannot be read."""
        return self._opener().open(self._keeper.ask(lambda store: store.load(number)))

    # -- acts ----------------------------------------------------------------------------------------------------

    def following(self, number: int) -> Report:
        """Next year's report out of a draft: the numbers that carry over, nothing else."""
        old = self.editing(number)
        return next_year(old.report, old.values, self._opener().formats.for_year(old.report.year + 1))

    def _rename(self, number: int, name: str) -> None:
        """Change the agency of a draft; a final one refuses, and the list shows its name again."""
        try:
            effect = self.editing(number).set_head(agency=name)
            self._keeper.submit(number, effect.change)
        finally:
            self.refresh()

    def delete(self, number: int) -> None:
        """Into the recycle bin, from which it can be taken back at once."""
        self._try(lambda: self._delete(number))

    def _delete(self, number: int) -> None:
        self._keeper.ask(lambda store: store.delete(number))
        self.refresh()
        said = f"草稿已移到回收站，{KEPT_DAYS} 天内可以恢复。"
        self._banner.say(said, [("撤销", lambda: self.restore(number))])

    def restore(self, number: int) -> None:
        """Out of the recycle bin."""
        self._try(lambda: self._restore(number))

    def _restore(self, number: int) -> None:
        self._keeper.ask(lambda store: store.restore(number))
        self._banner.hide()
        self.refresh()

    def purge(self) -> None:
        """In the background: what was deleted long ago goes for ever."""
        before = datetime.now().astimezone() - timedelta(days=KEPT_DAYS)
        self._run(lambda: self._keeper.ask(lambda store: store.purge(before)), lambda _numbers: None)
