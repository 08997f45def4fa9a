"""Starts the window: application, translation, fonts, crash report."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QSize, QTranslator
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from model import formats
from model.trouble import Trouble
from ui.keeper import Keeper
from ui.places import Places
from ui.window import Window, after_first_paint

SMALL = QSize(1440, 800)
SCREEN_FONT = "ZwgkHei.ttf"
# What each system's own dialogs use; the bundled font stands behind it, so that no PC shows boxes.
NATIVE = {"win32": "Microsoft YaHei UI"}


def application(arguments: Sequence[str], places: Places) -> QApplication:
    """The one QApplication, Chinese throughout, with a font that has the characters."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([*arguments])
    app.setApplicationDisplayName("政府信息公开工作年度报告")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    _use_fonts(app, places)
    return app


def _use_fonts(app: QApplication, places: Places) -> None:
    number = QFontDatabase.addApplicationFont(str(places.resources / "fonts" / SCREEN_FONT))
    families = [NATIVE[sys.platform]] if sys.platform in NATIVE else []
    families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    if families:
        font = QFont(families)
        font.setPointSizeF(app.font().pointSizeF() if sys.platform == "win32" else 10)
        app.setFont(font)


def window(places: Places) -> Window:
    """The main window with everything it needs; raises `Trouble` when formats are missing or damaged."""
    known = formats.load_all([places.formats, places.extra_formats])
    return Window(places, known, Keeper(places.data))


def run(arguments: Sequence[str], places: Places, file: str = "") -> int:
    """Show the window until it is closed; returns the exit code."""
    app = application(arguments, places)
    reporter = CrashReporter(places.data)
    sys.excepthook = reporter.on_exception
    threading.excepthook = lambda args: reporter.on_exception(args.exc_type, args.exc_value, args.exc_traceback)
    try:
        main = window(places)
    except Trouble as trouble:
        print(str(trouble), file=sys.stderr)
        return 2
    reporter.window = main
    _show(app, main)
    after_first_paint(main.prepare)
    if file:
        after_first_paint(lambda: main.import_file(Path(file)))
    return app.exec()


def _show(app: QApplication, main: Window) -> None:
    """A small screen is used to its edges: every row of the tables counts there."""
    room = app.primaryScreen().availableSize()
    if room.width() <= SMALL.width() or room.height() <= SMALL.height():
        main.showMaximized()
    else:
        main.show()


class CrashReporter:
    """Writes what went wrong in the program itself to a file that the user can read; the draft is already safe.

    Only places in the code and the kind of error are written, never values: they may be the clerk's text.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self.window: Window | None = None

    def on_exception(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Write the report and say so in the window; Ctrl+C just ends the program."""
        if issubclass(kind, KeyboardInterrupt):
            return
        frames = traceback.extract_tb(trace)
        places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        text = "\n".join([f"{datetime.now():%Y-%m-%d %H:%M:%S} {kind.__name__}", *places, ""])
        print(text, file=sys.stderr)
        folder = self._data / "crash"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{datetime.now():%Y%m%d-%H%M%S}.txt").write_text(text, "utf-8")
        except OSError as problem:
            print(f"crash report not written: {problem.strerror}", file=sys.stderr)
        if self.window:
            self.window.crashed.emit(str(folder))
