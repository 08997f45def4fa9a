"""Lists the modules, plugins, libraries and data files of the frozen program, each with the reason.

Files that PyInstaller's hooks collect beyond these lists are left out.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

import third_party
from bootstrap import PROGRAM

# -- Python ----------------------------------------------------------------------------------------------------------

# Imported by a library behind an `if` or a `try`, and never used by this program.
EXCLUDED = [
    # The program opens no connection: no TLS. `hashlib` has its own SHA-256 without OpenSSL.
    *("ssl", "_ssl", "_hashlib", "ftplib", "smtplib", "xmlrpc", "http.server", "PySide6.QtNetwork"),
    # ReportLab imports Pillow (6 MB) for pictures; the program draws none. See `stand_ins`.
    "PIL",
    *("charset_normalizer", "defusedxml", "numpy", "olefile", "pyphen", "rlPyCairo"),
    *("reportlab.graphics", "reportlab.platypus"),  # charts and its own layout, replaced by export/
    # sqlite-utils can install plug-ins, guess spatial formats and draw tables.
    *("pip", "setuptools", "pkg_resources", "tabulate", "sqlite_utils.cli"),
    # Time zones by name, which python-dateutil would use; 605 files on Windows. Local time needs none.
    "tzdata",
    # Archive formats that are neither read nor written.
    *("bz2", "_bz2", "lzma", "_lzma", "tarfile"),
    # East Asian encodings other than those of _codecs_cn, which has GB 18030.
    *("_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw"),
    "typing_extensions",  # for older Pythons; installed only as a dependency of developer tools
    # Parts of the standard library for developing programs.
    *("asyncio", "curses", "doctest", "ensurepip", "idlelib", "lib2to3", "multiprocessing", "pdb", "pydoc", "readline"),
    *("test", "tkinter", "unittest", "venv"),
]


def stand_ins(platform: str) -> dict[str, str]:
    """Return the modules to replace (a library imports them without need), each with a file of the repository.

    Besides Pillow that is the record of Python's build, which names folders of the builder; Windows has none, and there
    `sysconfig` could not even tell its name (it reads `sys.abiflags`).
    """
    found = {"PIL": "packaging/no_pillow.py"}
    if platform != "win32":
        record = sysconfig._get_sysconfigdata_name()  # type: ignore[attr-defined] # noqa: SLF001 (PyInstaller uses it, too)
        found[record] = "packaging/no_sysconfig.py"
    return found


def without_modules(entries: Iterable[tuple[str, str, str]], names: Collection[str]) -> list[tuple[str, str, str]]:
    """Return the collected files without the compiled modules of these names."""
    left_out = {f"{name}.pyc" for name in names}
    return [entry for entry in entries if entry[0] not in left_out]


def is_start_hook(script: str) -> bool:
    """Tell whether a script is a hook that PyInstaller runs before the program at every start.

    They import `inspect`, `pkgutil`, `zipfile` and Qt even for a command. What they provide is not needed or provided
    otherwise: sources for tracebacks of `inspect` (none are shipped), the list of modules in an archive (modules are
    files), and the folder of Qt's plugins (PySide6 finds it, `ui/app/environment.py` removes foreign ones).
    """
    return script.startswith("pyi_rth_")


# -- Qt --------------------------------------------------------------------------------------------------------------

# Qt loads plugins by name: folder of the plugin → names. No other kind is shipped: PNG is built in and the only kind of
# picture shown; widgets are painted without OpenGL; nothing is sent over a network.
PLUGINS = {
    # X11, Windows, and "offscreen" for the self-check. 麒麟 and 统信 run X11 programs under Wayland.
    "platforms": {"qxcb", "qwindows", "qoffscreen"},
    # Input of Chinese; "compose" for accents.
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    # File dialogs of the desktop. The GTK theme would bring some forty libraries for the same.
    "platformthemes": {"qxdgdesktopportal"},
    # The printers of the system.
    "printsupport": {"cupsprintersupport", "windowsprintersupport"},
    # The style of Windows.
    "styles": {"qmodernwindowsstyle", "qwindowsvistastyle"},
}

TRANSLATIONS = {"qtbase_zh_CN.qm"}  # the buttons and dialogs of Qt itself

# -- Libraries -------------------------------------------------------------------------------------------------------

# Part of every Linux desktop, and so not shipped. Shipped copies would need a system as new as the build machine, would
# clash with the graphics driver (libstdc++, GL) and would not know the system's font settings (fontconfig).
# libxkbcommon reads the system's own list of keyboards. Not in this list, and so shipped: libxcb-cursor, -icccm,
# -image, -keysyms, -util …, which 麒麟 and 统信 may lack.
HOST = {
    *("libEGL", "libGL", "libGLX", "libGLdispatch", "libOpenGL", "libgcc_s", "libstdc++", "libz"),
    *("libX11", "libX11-xcb", "libXau", "libXdmcp", "libbsd", "libmd", "libxcb", "libxkbcommon", "libxkbcommon-x11"),
    *("libbrotlicommon", "libbrotlidec", "libexpat", "libfontconfig", "libfreetype", "libpng16", "libuuid"),
    *("libcap", "libdbus-1", "libgcrypt", "libgpg-error", "liblz4", "libsystemd", "libzstd"),
    *("libglib-2.0", "libgthread-2.0", "libpcre", "libpcre2-8", "libcups"),
}


def keep(place: str, platform: str) -> bool:
    """Tell whether a collected file is shipped, by its path in the program's folder (with `/` or backslashes)."""
    path = PurePosixPath(place.replace("\\", "/"))
    if path.parts[0] == "PySide6" and "translations" in path.parts:
        return path.name in TRANSLATIONS
    if is_plugin(path):
        return path.stem.removeprefix("lib") in PLUGINS.get(path.parent.name, ())
    return platform != "linux" or path.name.partition(".so")[0] not in HOST


def is_plugin(path: PurePosixPath) -> bool:
    """Tell whether a file is a plugin, which Qt loads by itself."""
    return path.parts[0] == "PySide6" and "plugins" in path.parts


# -- Data files ------------------------------------------------------------------------------------------------------

# Under resources/: sources of the fonts and icons of the desktop, used in the repository and in packages only.
NOT_SHIPPED = {
    "fonts/recipe.toml",
    "fonts/symbols.txt",
    "fonts/tgh8105.txt",
    f"icons/{PROGRAM}.ico",
    f"icons/{PROGRAM}.svg",
}


def is_shipped(resource: str) -> bool:
    """Tell whether a file under resources/ (path with `/`) is shipped."""
    path = PurePosixPath(resource)
    return resource not in NOT_SHIPPED and path.suffix != ".py" and not any(part.startswith(".") for part in path.parts)


def data_files(root: Path) -> list[tuple[str, str]]:
    """Return resources and licences, each as path and folder in the program."""
    return own_files(root) + licences()


def own_files(root: Path) -> list[tuple[str, str]]:
    """Return the files under resources/ and the licence, each with its folder in the program."""
    resources = root / "resources"
    files = sorted(path for path in resources.rglob("*") if path.is_file())
    shipped = [path for path in files if is_shipped(path.relative_to(resources).as_posix())]
    return [(str(path), str(path.parent.relative_to(root))) for path in (*shipped, root / "LICENSE")]


def licences() -> list[tuple[str, str]]:
    """Return the licence files of Python and of the shipped packages, each with its folder in the program."""
    # Windows keeps the file beside python.exe.
    own = [Path(sysconfig.get_path("stdlib"), "LICENSE.txt"), Path(sys.base_prefix, "LICENSE.txt")]
    python = [(str(path), "licences/python") for path in own if path.exists()][:1]
    return python + [(str(path), place) for path, place in third_party.licence_files()]
