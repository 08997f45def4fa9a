"""Main window: start page or one open draft, with menus, docks, banner and status bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from model.base import Trouble
from model.form import Address, Formats
from model.report import FINAL
from ui.docks import Guide, HistoryOpener, Restoring
from ui.draft import SaveQueue, open_draft
from ui.editor import DueLabel
from ui.home import DraftActions, StartPage
from ui.output import Exporter, ExportKind, freeze_work
from ui.parts import FONTS, SIGNS, Banner, BannerAction, Folders, Jobs, SettingsFile, colours, redress
from ui.window.closing import ELSEWHERE, Closing
from ui.window.disputed_findings import Feedback
from ui.window.file_drop import FileDrop
from ui.window.menus import LOOK, Command, Menus, Slots
from ui.window.recovery_questions import RecoveryQuestions
from ui.window.save_status import SaveStatus
from ui.window.view_menu import ViewMenu

if TYPE_CHECKING:
    from model.editing import Effect, Opener
    from ui.draft import Desk
    from ui.editor import Workbench

PROGRAM = "政府信息公开工作年度报告"
LAST_JOBS = 10.0  # seconds that closing waits for background work


class Window(QMainWindow):
    """Main window with the start page or one open draft."""

    opened = Signal(int)
    bench_changed = Signal(object)  # Workbench of the draft that was opened; None when it was closed
    draft_changed = Signal(object)  # Desk of that draft, or None; emitted next
    exported = Signal(object)  # Path
    crashed = Signal(str)  # the folder with the crash report; may be emitted from any thread

    def __init__(self, places: Folders, formats: Formats, save_queue: SaveQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places, self._formats, self._save_queue = places, formats, save_queue
        self.bench: Workbench | None = None
        QDir.addSearchPath(FONTS, str(places.resources / "fonts"))
        QDir.addSearchPath(SIGNS, str(places.resources / "icons" / "signs"))
        self._settings_file = SettingsFile(places.data)
        self._settings = self._settings_file.read()
        self._colours = colours()
        self.start, self.banner, self.due = StartPage(formats), Banner(), DueLabel()
        self.jobs = jobs = Jobs(self.banner.say_trouble, self)
        self.closing = Closing(self, save_queue, self.banner)
        self.feedback = Feedback(places.data, self.banner)
        self.guide = Guide(self, places, formats)
        self.exporter = Exporter(self, self.banner, places, jobs)
        self.recovery_questions = RecoveryQuestions(self, save_queue, self.banner, jobs, places.data)
        self.save_status = SaveStatus(save_queue, self.banner, self._ways_out, self)
        self.history = HistoryOpener(self, self.banner, save_queue)
        self.restoring = Restoring(self, self.banner, jobs, save_queue, formats)
        self.draft_actions = DraftActions(self.start, self.banner, jobs, save_queue, formats, lambda: self._opener)
        self._stack = QStackedWidget()
        self._lay_out()
        self._name_commands()
        self._menus = Menus(self, self._slots())
        self.commands = self._menus.actions
        self.exporter.own_fonts = self._settings.own_fonts
        self.view = ViewMenu(self._menus.menus[LOOK], self._settings, self.on_setting, self)
        self._connect()
        self._connect_followers()

    @cached_property
    def _opener(self) -> Opener:
        from model.editing import Opener  # the rules about texts are not needed for the first window

        return Opener(self._formats, self._places.rules)

    # -- layout --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setWindowTitle(PROGRAM)
        self._stack.addWidget(self.start)
        middle = QWidget()
        box = QVBoxLayout(middle)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._stack, 1)
        box.addWidget(self.banner)  # below, so that showing it moves no button under the mouse
        self.setCentralWidget(middle)
        self.statusBar().addPermanentWidget(self.due)
        self.statusBar().addPermanentWidget(self.save_status.label)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.guide.help)
        self.resize(self._settings.width, self._settings.height)
        if self._settings.maximized:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def on_setting(self, **fields: object) -> None:
        """Apply a setting and write it at once."""
        self._settings = replace(self._settings, **fields)  # type: ignore[arg-type]  # ViewMenu passes field names
        self.exporter.own_fonts = self._settings.own_fonts
        self._settings_file.write(self._settings)

    # -- connections ---------------------------------------------------------------------------------------------

    def _slots(self) -> Slots:
        """Return the slots of the menus' commands, except those that act inside an open draft."""
        return {
            Command.LIST: self.close_draft,
            Command.OLD_REPORT: self.draft_actions.on_old_wanted,
            Command.RESTORE: self.restoring.on_wanted,
            Command.PREVIEW: self.exporter.on_preview,
            Command.EXPORT_PDF: partial(self.exporter.ask, ExportKind.PDF),
            Command.EXPORT_DATA: partial(self.exporter.ask, ExportKind.JSON),
            Command.EXPORT_CHECK_REPORT: partial(self.exporter.ask, ExportKind.VERDICT),
            Command.HISTORY: self.history.on_wanted,
            Command.QUIT: self.close,
            Command.HELP: self.guide.on_help,
            Command.TOUR: self.guide.on_tour,
            Command.MANUAL: self.guide.help.show_manual,
            Command.VERIFY: self.on_verify,
            Command.ABOUT: self.guide.on_about,
        }

    def _connect(self) -> None:
        actions, questions, restoring = self.draft_actions, self.recovery_questions, self.restoring
        for open_wanted in (self.start.drafts.opened, actions.open_wanted, questions.open_wanted):
            open_wanted.connect(self.open_draft)
        for close_wanted in (questions.close_wanted, restoring.close_wanted):
            close_wanted.connect(self.close_draft)
        for refresh_wanted in (questions.refresh_wanted, restoring.restored):
            refresh_wanted.connect(actions.refresh)
        actions.changed.connect(self.closing.on_changed)
        actions.export_wanted.connect(self.exporter.ask_for)
        questions.place_wanted.connect(self._on_place_wanted)
        self.exporter.exported.connect(self.exported)
        self.exporter.previewed.connect(self._on_previewed)
        self.guide.toured.connect(lambda: self.on_setting(toured=True))
        self.crashed.connect(self.on_crashed)
        FileDrop(self).dropped.connect(self.draft_actions.import_file)
        QApplication.instance().focusChanged.connect(self.on_focus)  # type: ignore[union-attr]  # a QApplication

    def _connect_followers(self) -> None:
        """Connect what works on the open draft."""
        self.opened.connect(self.recovery_questions.on_opened)
        for on_bench_changed in (self.guide.on_bench_changed, self._menus.on_bench_changed):
            self.bench_changed.connect(on_bench_changed)
        self.closing.written.connect(self.save_status.say_unsaved)
        helpers = self.closing, self.recovery_questions, self.restoring, self.history, self.exporter, self.save_status
        for follower in (*helpers, self.due, self.feedback):
            self.draft_changed.connect(follower.on_draft_changed)

    def _name_commands(self) -> None:
        """Put commands that messages name beside these messages."""
        old, restore = Command.OLD_REPORT.split("(")[0], Command.RESTORE.split("(")[0]
        self.banner.know([f"“{old}”"], lambda: [(f"{old}…", self.draft_actions.on_old_wanted)])
        asked = [f"请{restore}", f"，{restore}"]  # not 已从备份恢复
        self.banner.know(asked, lambda: [(f"{restore}…", self.restoring.on_wanted)])

    def _ways_out(self) -> list[BannerAction]:
        """Return the buttons beside the message about unsaved changes."""
        return [(ELSEWHERE, self.closing.on_elsewhere), *self.recovery_questions.decisions()]

    # -- drafts --------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Load the drafts after the first paint, then import in advance what opening one needs."""
        self.draft_actions.refresh()
        self.draft_actions.purge()
        self.jobs.run(_load_workbench, lambda _nothing: None)

    def open_draft(self, number: int) -> None:
        """Open a draft in the wizard."""
        self.banner.attempt(partial(self._open, number))

    def _open(self, number: int) -> None:
        from ui.editor import Workbench  # not needed for the first window; imported by `prepare`

        self.commit_pending()  # it may be the same draft: save pending typing before reading it
        desk = self._desk(number)
        self.close_draft()
        desk.setParent(self)
        bench = Workbench(desk, self._settings.splitter, self.width())
        self._wire(bench)
        self._show(bench)
        if not self._settings.toured:
            self.guide.on_tour()
        self.opened.emit(number)

    def commit_pending(self) -> None:
        """Commit pending typing in the open draft or of a name in the list."""
        self.start.drafts.commit_pending()
        if self.desk:
            self.desk.commit_pending()

    def _desk(self, number: int) -> Desk:
        """Load a draft with last year's report and its undo history; raises `Trouble` if it cannot be read."""
        from ui.draft import Desk  # brings the rules

        opened = open_draft(self._save_queue.drafts, self._opener, number)
        if self._save_queue.waiting(number):
            raise Trouble("这份草稿还有修改没有存上，现在打开会看不到它们；本软件正在重试，请稍后再打开")
        history = self._save_queue.drafts.history(number)
        opened.editing.remember(history.done, history.undone)
        refusal = self._save_queue.refusal
        return Desk(number, opened.editing, self._save_queue, refusal=refusal, count=opened.counted)

    def _wire(self, bench: Workbench) -> None:
        bench.export_wanted.connect(self.exporter.ask)
        bench.preview_wanted.connect(self.exporter.on_preview)
        bench.desk.waiting.connect(self.save_status.on_waiting)
        bench.desk.refused.connect(self.banner.say_trouble)
        bench.desk.changed.connect(self._on_changed)
        bench.desk.changed.connect(self._if_finalised)
        bench.panel.help_wanted.connect(lambda finding: self.guide.show_rule(finding, self._opener.rules))
        bench.panel.disputed.connect(self.feedback.on_disputed)

    def _show(self, bench: Workbench) -> None:
        """Show an open draft in place of the start page, with the cursor at its last position."""
        self._follow(bench)
        self._stack.addWidget(bench)
        self._stack.setCurrentWidget(bench)
        key = str(bench.desk.number)
        bench.go_back_to(self._settings.pages.get(key, ""), self._settings.cells.get(key, ""))
        bench.wizard.take_focus()

    def _follow(self, bench: Workbench | None) -> None:
        """Tell all helpers which draft is open."""
        self.bench = bench
        self.bench_changed.emit(bench)
        self.draft_changed.emit(bench.desk if bench else None)
        self._title()

    def _on_place_wanted(self, place: Address | str) -> None:
        if self.bench:
            self.bench.show_place(place)

    def _on_previewed(self, content: bytes, title: str) -> None:
        if self.bench:
            self.bench.show_preview(content, title)

    def close_draft(self) -> None:
        """Commit pending typing, close the draft and return to the list."""
        if self.bench is None:
            return
        self.bench.desk.commit_pending()
        self._remember()
        bench = self.bench
        self._stack.removeWidget(bench)
        bench.deleteLater()
        bench.desk.deleteLater()
        self._follow(None)
        self.banner.hide()
        self.draft_actions.refresh()

    @property
    def desk(self) -> Desk | None:
        """The open draft."""
        return self.bench.desk if self.bench else None

    def _remember(self) -> None:
        """Write window sizes and the position in the open draft to the settings."""
        size = self.normalGeometry().size() if self.isMaximized() else self.size()
        made = replace(self._settings, maximized=self.isMaximized())
        if size.isValid():  # a window that has only ever been maximised has no other size
            made = replace(made, width=size.width(), height=size.height())
        if self.bench:
            made = replace(made, splitter=self.bench.sizes()).at(self.bench.desk.number, *self.bench.where())
        self._settings = made
        self._settings_file.write(made)

    def _on_changed(self, effect: Effect) -> None:
        if effect.change.head or effect.change.facts:
            self._title()
            self.due.say()

    def _title(self) -> None:
        report = self.desk.editing.report if self.desk else None
        self.setWindowTitle(f"{report.agency} {report.year} 年 — {PROGRAM}" if report else PROGRAM)

    def _if_finalised(self, effect: Effect) -> None:
        """Save a version, a backup and the PDF after 定稿."""
        if self.bench is None or not effect.change.facts.get(FINAL, ("", ""))[1]:
            return
        desk = self.bench.desk
        work = freeze_work(desk.editing.now, desk.number, self._places, self._save_queue)
        self.jobs.run(work, lambda path: self.exporter.say_written(f"已定稿，版本已保存。定稿的 PDF：{path}", path))

    def on_verify(self) -> None:
        """Run 检查数据: read every row and every step of every draft."""
        self.jobs.run(self._save_queue.check, self.banner.say)

    def on_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Let Enter press the focused button; Qt does that in dialogs only."""
        if isinstance(now, QPushButton):
            now.setAutoDefault(True)

    def changeEvent(self, event: QEvent) -> None:
        """Apply a change of the system's theme while the program runs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and colours() is not self._colours:
            self._colours = colours()
            QTimer.singleShot(0, lambda: redress(self))  # after all widgets have the new palette

    def closeEvent(self, event: QCloseEvent) -> None:
        """Commit all typing and wait until it is saved."""
        self.commit_pending()
        self.jobs.wait(LAST_JOBS)  # such as an export or the list being read
        self._remember()
        event.setAccepted(self.closing.may_close())
        if event.isAccepted():
            self.jobs.close()

    def end_session(self) -> bool:
        """Save all typing at the end of the session, elsewhere if need be; returns False if that was impossible."""
        self.commit_pending()
        return self.closing.end_session()

    def on_crashed(self, folder: str) -> None:
        """Report an internal error; what was typed is saved already.  `folder` "": no record could be written."""
        record = f"错误记录在：{folder}" if folder else "错误记录没有写成"
        self.banner.say_trouble(f"本软件出现错误，已填写的内容不受影响。{record}")


def _load_workbench() -> None:
    from ui.editor import Workbench  # noqa: F401  # in advance, for `_open`


def after_first_paint(act: Callable[[], object]) -> None:
    """Call `act` once the window has been painted."""
    QTimer.singleShot(0, act)
