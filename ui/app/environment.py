"""Removes environment variables set for the desktop's own Qt (plugin path, platform, style)."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping

# Plugins and styles of the desktop's Qt: if its version differs, loading them aborts the program at its start.
FOREIGN = ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_PLATFORMTHEME", "QT_STYLE_OVERRIDE")
PLATFORMS = {"xcb", "offscreen"}  # shipped by build.spec for Linux; 统信 sets its own "dxcb"


def own_search_paths(environment: MutableMapping[str, str]) -> None:
    """Remove foreign plugin paths and platforms; must run before QApplication is created."""
    for name in FOREIGN:
        environment.pop(name, None)
    asked = environment.get("QT_QPA_PLATFORM", "").split(";")
    if sys.platform == "linux" and not PLATFORMS & {name.partition(":")[0] for name in asked}:
        environment.pop("QT_QPA_PLATFORM", None)


def release_libraries(environment: MutableMapping[str, str]) -> None:
    """Restore `LD_LIBRARY_PATH`, so that programs started from here (PDF reader, file manager) find their libraries.

    The frozen program starts with its own libraries in it and the former value in `LD_LIBRARY_PATH_ORIG`.
    """
    before = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    environment.pop("LD_LIBRARY_PATH", None)
    if before:
        environment["LD_LIBRARY_PATH"] = before


def leave_folder() -> None:
    """Change to the system's root folder: a working directory on a USB stick prevents ejecting it."""
    os.chdir(os.environ.get("SYSTEMROOT", "/"))


def prepare() -> None:
    """Apply all of it; libraries and folder only in the frozen program."""
    own_search_paths(os.environ)
    if getattr(sys, "frozen", False):
        release_libraries(os.environ)
        leave_folder()
