"""What the desktop may have set for its own programs, and a program with its own Qt must not believe."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping

# Where the Qt of the desktop keeps its plugins and looks: of another version, it would end this program at its start.
FOREIGN = ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_PLATFORMTHEME", "QT_STYLE_OVERRIDE")
PLATFORMS = {"xcb", "offscreen"}  # what build.spec ships for Linux; 统信 asks for its own "dxcb"


def own_search_paths(environment: MutableMapping[str, str]) -> None:
    """Forget foreign plugins and platforms; must run before the QApplication is made."""
    for name in FOREIGN:
        environment.pop(name, None)
    asked = environment.get("QT_QPA_PLATFORM", "").split(";")
    if sys.platform == "linux" and not PLATFORMS & {name.partition(":")[0] for name in asked}:
        environment.pop("QT_QPA_PLATFORM", None)


def release_libraries(environment: MutableMapping[str, str]) -> None:
    """Let the programs we start (a PDF reader, the file manager) find their own libraries.

    The frozen program begins with its libraries in `LD_LIBRARY_PATH` and remembers what stood there before.
    """
    before = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    environment.pop("LD_LIBRARY_PATH", None)
    if before:
        environment["LD_LIBRARY_PATH"] = before


def leave_folder() -> None:
    """Do not hold the folder we were started in: a USB stick could not be taken out."""
    os.chdir(os.environ.get("SYSTEMROOT", "/"))


def prepare() -> None:
    """Do all of it, as far as it concerns this program."""
    own_search_paths(os.environ)
    if getattr(sys, "frozen", False):
        release_libraries(os.environ)
        leave_folder()
