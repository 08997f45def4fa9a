"""Entry point: determines the resource and data folders and starts the window or the command line."""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
from pathlib import Path
from typing import NoReturn

from model.base import Trouble, crash_text, write_crash_report
from ui.cli import commands, os_sentence, parser, wants_window
from ui.parts import Folders, console

FOLDER = "zwgk-annual-report"
PORTABLE = "portable"  # with a file of this name beside the program, the data folder is beside it, too
PORTABLE_DATA = "data"


def resources() -> Path:
    """The folder of the shipped data, beside this file or inside the frozen program."""
    return Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent)) / "resources"


def program_folder() -> Path:
    """The folder of this file or of the frozen executable."""
    return Path(sys.executable if getattr(sys, "frozen", False) else __file__).resolve().parent


def data_folder(given: str | None) -> Path:
    """The data folder: `--data`, else beside a portable program, else the system's folder for local data.

    The last equals `QStandardPaths.AppLocalDataLocation`; computed here because the command line runs without Qt.
    """
    if given:
        return Path(given).absolute()
    if (program_folder() / PORTABLE).exists():
        return program_folder() / PORTABLE_DATA
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home() / "AppData" / "Local") / FOLDER
    given_home = Path(os.environ.get("XDG_DATA_HOME") or "")  # the XDG specification: ignore a relative path
    return (given_home if given_home.is_absolute() else home() / ".local" / "share") / FOLDER


def home() -> Path:
    """The user's home folder; raise `Trouble` if there is none, as for a service account or in a container."""
    try:
        return Path.home()
    except RuntimeError as error:
        raise Trouble("找不到当前用户的主文件夹，请用 --data 指定存放草稿的文件夹") from error


def main(words: list[str]) -> int:
    """Run the program; returns the exit code."""
    console.prepare()
    try:
        return _run(words)
    except Trouble as trouble:
        console.complain(str(trouble))
    except OSError as error:  # of a file, by its path; errors that a caller can explain are `Trouble`
        console.complain(os_sentence(error))
    except KeyboardInterrupt:
        return commands.INTERRUPTED
    except Exception as error:
        console.complain(_crashed(words, error))
        return commands.BROKEN
    return commands.UNUSABLE


def _run(words: list[str]) -> int:
    arguments = _parsed(words)
    if arguments.self_check is not None:
        from ui.app import run_self_check

        console.require_output()
        return run_self_check(resources(), arguments.self_check)  # uses drafts of its own and no data folder
    places = Folders(resources(), data_folder(arguments.data))
    if wants_window(arguments):
        from ui.app import startup  # imported late: only a window needs Qt

        return startup.run(sys.argv[:1], places, getattr(arguments, "report", ""))
    gc.set_threshold(50_000, 20, 100)  # a command ends before collecting garbage pays off
    console.require_output()
    code = commands.run(arguments, places)
    console.flush()
    return code


def _parsed(words: list[str]) -> argparse.Namespace:
    """Parse the arguments; `--help` prints and raises `SystemExit`."""
    try:
        return parser(words).parse_args(words)
    except SystemExit:
        console.flush()
        raise


def _crashed(words: list[str], error: Exception) -> str:
    """Write a crash report and return the message that names it."""
    text = crash_text(type(error), error.__traceback__)
    try:
        path = write_crash_report(data_folder(parser(words).parse_args(words).data), text)
    except (Trouble, OSError, SystemExit):  # without a data folder the positions are all that can be passed on
        return f"本软件内部出错，没有完成；请把这一行告诉维护人员：{' ← '.join(text.split(chr(10))[:0:-1][1:5])}"
    return f"本软件内部出错，没有完成；错误记录在“{path}”，请交给维护人员"


def leave(code: int) -> NoReturn:
    """End the process of a command at once: all is written, and freeing its objects takes a quarter of the time."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # closed or full, which has been said
            if stream is not None:
                stream.flush()
    os._exit(code)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    if "PySide6" not in sys.modules:
        leave(code)
    sys.exit(code)
