"""Entry point: determines the resource and data folders and starts the window or the command line."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from model.base import Trouble
from ui.cli import commands
from ui.parts import Folders

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


def speak_utf8() -> None:
    """Switch the standard streams to UTF-8 (a Windows console may be cp936, a windowed program has none)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def main(words: list[str]) -> int:
    """Run the program; returns the exit code."""
    speak_utf8()
    try:
        arguments = commands.parser().parse_args(words)
        if arguments.self_check is not None:
            from ui.app import run_self_check

            return run_self_check(resources(), arguments.self_check)  # uses drafts of its own and no data folder
        places = Folders(resources(), data_folder(arguments.data))
        if not commands.wants_window(arguments):
            gc.set_threshold(50_000, 20, 100)  # a command ends before collecting garbage pays off
            code = commands.run(arguments, places)
            sys.stdout.flush()
            return code
    except BrokenPipeError:  # the reader closed the pipe early: `… list | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return commands.DONE
    except Trouble as trouble:
        print(str(trouble), file=sys.stderr)
        return commands.UNUSABLE
    from ui.app import startup  # imported late: only a window needs Qt

    return startup.run(sys.argv[:1], places, getattr(arguments, "report", ""))


if __name__ == "__main__":
    code = main(sys.argv[1:])
    if "PySide6" not in sys.modules:
        gc.freeze()  # skips the garbage collection at the exit of a command
    sys.exit(code)
