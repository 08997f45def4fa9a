"""Starts the Qt application: translation, fonts, single instance, main window, crash report."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QSize, Qt, QTranslator, Signal
from PySide6.QtGui import QFont, QFontDatabase, QIcon, QSessionManager
from PySide6.QtWidgets import QApplication, QMessageBox

from model.base import Log, Trouble, crash_report, crash_text, own_files, write_crash_report
from model.form import loader
from ui.app import display, environment, input_method
from ui.app.session_end import end_politely
from ui.app.single_instance import Instance, meeting_place
from ui.draft import SaveQueue
from ui.parts import Folders, Job, console
from ui.window import Window, after_first_paint

SMALL = QSize(1440, 800)
ICON_SIZES = (32, 128)  # pixels
SCREEN_FONT = "ZwgkHei.ttf"
# Font of the system's own dialogs, by platform; the bundled font is the fallback for characters that it lacks.
NATIVE = {"win32": "Microsoft YaHei UI"}


def application(arguments: Sequence[str], places: Folders) -> QApplication:
    """Create the QApplication, or take the existing one, with Chinese translation, fonts and icon."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        with display.failure_in_chinese():
            app = QApplication([*arguments])
    app.setApplicationDisplayName("政府信息公开工作年度报告")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    _use_fonts(app, places)
    app.setWindowIcon(_icon(places))
    return app


def _icon(places: Folders) -> QIcon:
    icon = QIcon()
    for size in ICON_SIZES:
        icon.addFile(str(places.resources / "icons" / f"zwgk-annual-report-{size}.png"))
    return icon


def _use_fonts(app: QApplication, places: Folders) -> None:
    number = QFontDatabase.addApplicationFont(str(places.resources / "fonts" / SCREEN_FONT))
    families = [NATIVE[sys.platform]] if sys.platform in NATIVE else []
    families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    if families:
        font = QFont(families)
        font.setPointSizeF(app.font().pointSizeF() if sys.platform == "win32" else 10)
        app.setFont(font)


def window(places: Folders, save_queue: SaveQueue | None = None) -> Window:
    """Create the data folder and the main window; raises `Trouble` when the shipped formats are missing or damaged.

    An unusable format file of the user is named in the banner and skipped; so is every damaged file of the program.
    """
    with suppress(OSError):  # opening the drafts says why; later nothing makes the folder anew, see `SaveQueue`
        places.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    installed = loader.load_installed(places.formats, places.extra_formats)
    own_files.reports.leave(places.data)  # what this window finds is for its own banner
    main = Window(places, installed.formats, save_queue or SaveQueue(places.data))
    for sentence in installed.refused:
        main.banner.remind(sentence)
    DamageReports(main, places.data)
    return main


class DamageReports(QObject):
    """Shows in the banner which files of the program were damaged, also those found later and in other threads."""

    found = Signal(str)

    def __init__(self, main: Window, folder: Path) -> None:
        super().__init__(main)
        self.found.connect(main.banner.remind)
        tell = self.found.emit
        own_files.reports.listen(folder, tell)
        self.destroyed.connect(lambda: own_files.reports.leave(folder, tell))


def run(arguments: Sequence[str], places: Folders, file: str = "") -> int:
    """Show the window until it is closed, or pass the file to a running instance; returns the exit code."""
    file = str(Path(file).absolute()) if file else ""
    environment.prepare()
    method = input_method.prepare(os.environ)
    app = application(arguments, places)
    instance = Instance(meeting_place(places.data, os.environ), app)
    if not instance.is_first() and instance.hand_over(file):
        return 0
    try:
        return _run_first(app, places, instance, file, method)
    finally:
        instance.close()


def _run_first(app: QApplication, places: Folders, instance: Instance, file: str, method: str) -> int:
    reporter = CrashReporter(places.data)
    sys.excepthook = reporter.on_exception
    threading.excepthook = lambda args: reporter.on_exception(args.exc_type, args.exc_value, args.exc_traceback)
    save_queue = SaveQueue(places.data)
    try:
        main = window(places, save_queue)
    except Trouble as trouble:
        _say_fatal(app, str(trouble))
        return 2
    reporter.window = main
    _show(app, main)
    after_first_paint(main.prepare)
    if file:
        after_first_paint(lambda: main.draft_actions.import_file(Path(file)))
    after_first_paint(lambda: _meet_the_desktop(app, main, save_queue, instance, method))
    after_first_paint(lambda: look_around(main, save_queue, places.data))
    return app.exec()


def look_around(main: Window, save_queue: SaveQueue, data: Path) -> None:
    """Show warnings about the data folder; checked in a thread, as a network folder may respond slowly."""

    def remind(dangers: Sequence[str]) -> None:
        for sentence in dangers:
            main.banner.remind(sentence)

    Job(lambda: _dangers(save_queue, data), remind, main.banner.remind, main).start()


def _dangers(save_queue: SaveQueue, data: Path) -> tuple[str, ...]:
    from model.base import location  # late import: not needed for the first paint

    try:
        last = save_queue.drafts.last_saved()
    except Trouble:  # the list of drafts shows the reason
        last = None
    return location.warnings(data, last)


def _meet_the_desktop(app: QApplication, main: Window, save_queue: SaveQueue, instance: Instance, method: str) -> None:
    """Connect the window to other starts of the program, the end of the session and, on Linux, fcitx."""
    instance.called.connect(lambda file: _on_called(main, file))
    instance.listen()
    app.commitDataRequest.connect(lambda session: _end_session(main, session))
    end_politely(app, lambda: (main.end_session(), main.close()))
    if sys.platform == "linux" and method == "fcitx":
        from ui.app import fcitx  # late import: loads QtDBus

        fcitx.start(app)


def _end_session(main: Window, session: QSessionManager) -> None:
    """Save all typing when the session ends, or ask the system to go on with it if some can be saved nowhere."""
    if not main.end_session() and session.allowsInteraction():
        session.cancel()


def _on_called(main: Window, file: str) -> None:
    """Raise the window after another start of the program, and open its file if it has one."""
    main.setWindowState(main.windowState() & ~Qt.WindowState.WindowMinimized | Qt.WindowState.WindowActive)
    main.show()
    main.raise_()
    main.activateWindow()
    if file:
        main.draft_actions.import_file(Path(file))


def _say_fatal(app: QApplication, sentence: str) -> None:
    """Report the error that prevents the window, on stderr and in a message box."""
    console.complain(sentence)
    if app.platformName() != "offscreen":
        QMessageBox.critical(None, app.applicationDisplayName(), sentence)


def _show(app: QApplication, main: Window) -> None:
    """Show the window, maximised on a small screen (`SMALL`) so that more rows of the tables are visible.

    The size from the settings may come from a larger screen; it is bounded by the present one.
    """
    room = app.primaryScreen().availableSize()
    main.resize(main.size().boundedTo(room))
    if room.width() <= SMALL.width() or room.height() <= SMALL.height():
        main.showMaximized()
    else:
        main.show()


class CrashReporter:
    """Writes uncaught exceptions to the log and to files in the folder `crash` of the data folder.

    Only code locations and the exception type are written, never values: they may be the user's text.
    """

    def __init__(self, data: Path) -> None:
        self._data, self._log = data, Log(data)
        self.window: Window | None = None

    def on_exception(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Write the report and emit the window's `crashed`; KeyboardInterrupt (Ctrl+C) is not reported."""
        if issubclass(kind, KeyboardInterrupt):
            return
        text = crash_text(kind, trace)
        console.complain(text)
        if error:
            self._log.note_error("crash", error)
        written = str(self._data / crash_report.FOLDER)
        try:
            write_crash_report(self._data, text)
        except (Trouble, OSError) as trouble:
            console.complain(str(trouble))
            written = ""
        if self.window:
            self.window.crashed.emit(written)
