"""Starts the program: finds its folders, then hands over to the window or to the command line."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from model.base.trouble import Trouble
from ui.cli import commands
from ui.parts.folders import Places

FOLDER = "zwgk-annual-report"
PORTABLE = "portable"  # a file of this name beside the program: the data stays beside it, too
PORTABLE_DATA = "data"


def resources() -> Path:
    """The shipped data: beside this file, or inside the frozen program."""
    return Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent)) / "resources"


def program_folder() -> Path:
    """Where the program stands that the user started."""
    return Path(sys.executable if getattr(sys, "frozen", False) else __file__).resolve().parent


def data_folder(given: str | None) -> Path:
    """The user's own folder: `--data`, else beside a portable program, else where the system keeps local data.

    The last as `QStandardPaths.AppLocalDataLocation`, worked out here because the command line runs without Qt.
    """
    if given:
        return Path(given).absolute()
    if (program_folder() / PORTABLE).exists():
        return program_folder() / PORTABLE_DATA
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home() / "AppData" / "Local") / FOLDER
    given_home = Path(os.environ.get("XDG_DATA_HOME") or "")  # a relative one does not count, says the specification
    return (given_home if given_home.is_absolute() else home() / ".local" / "share") / FOLDER


def home() -> Path:
    """The user's home; raises `Trouble` where there is none, as for a service or in a container."""
    try:
        return Path.home()
    except RuntimeError as error:
        raise Trouble("找不到当前用户的主文件夹，请用 --data 指定存放草稿的文件夹") from error


def speak_utf8() -> None:
    """A console of Windows may be cp936 and a windowed program has none: never fail for a character."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def main(words: list[str]) -> int:
    """Run the program; returns the exit code."""
    speak_utf8()
    try:
        arguments = commands.parser().parse_args(words)
        if arguments.self_check is not None:
            from ui.app.self_check import self_check

            return self_check(resources(), arguments.self_check)  # it has drafts of its own, and no need of a home
        places = Places(resources(), data_folder(arguments.data))
        if not commands.wants_window(arguments):
            gc.set_threshold(50_000, 20, 100)  # it is over before garbage is worth a tenth of its time
            code = commands.run(arguments, places)
            sys.stdout.flush()
            return code
    except BrokenPipeError:  # who reads the answer has read enough: `… list | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return commands.DONE
    except Trouble as trouble:
        print(str(trouble), file=sys.stderr)
        return commands.UNUSABLE
    from ui.app import startup  # Qt, only for a window

    return startup.run(sys.argv[:1], places, getattr(arguments, "report", ""))


if __name__ == "__main__":
    code = main(sys.argv[1:])
    if "PySide6" not in sys.modules:
        gc.freeze()  # a command need not look for garbage once more on its way out: 10 ms
    sys.exit(code)
