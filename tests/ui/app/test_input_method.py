"""Tests of Chinese input: choice of the input method, the client of fcitx 4, and the real fcitx 5 if it is installed.

The bus is a private one; the input method in the first tests is `scripted_fcitx.py`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.support.helpers import ROOT
from ui.app import input_method

if sys.platform == "linux":
    from PySide6.QtDBus import QDBusConnection

    from ui.app.fcitx import Fcitx, service

PATIENCE = 10_000  # ms
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Windows has an input method of its own, which Qt knows")

# -- choice -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "desktop, method, qt",
    [
        ({}, "", None),
        ({"QT_IM_MODULE": "fcitx"}, "fcitx", "ibus"),
        ({"QT_IM_MODULE": "fcitx5"}, "fcitx", "ibus"),
        ({"QT_IM_MODULE": "ibus"}, "ibus", "ibus"),
        ({"XMODIFIERS": "@im=fcitx"}, "fcitx", "ibus"),
        ({"XMODIFIERS": "@im=ibus", "QT_IM_MODULE": "compose"}, "ibus", "ibus"),
        ({"GTK_IM_MODULE": "fcitx", "QT_IM_MODULE": "xim"}, "fcitx", "ibus"),
        ({"QT_IM_MODULE": "compose"}, "", "compose"),
    ],
)
def test_the_input_method_of_the_desktop_is_found(desktop: dict[str, str], method: str, qt: str | None):
    assert input_method.prepare(desktop) == method
    assert desktop.get("QT_IM_MODULE") == qt
    assert desktop.get("IBUS_USE_PORTAL") == ("1" if method == "fcitx" else None)


@LINUX
@pytest.mark.parametrize("display, name", [(":0", "0"), (":12.1", "12"), ("host:3", "3"), ("", "0"), (None, "0")])
def test_every_display_has_its_own_fcitx(display: str | None, name: str):
    assert service({} if display is None else {"DISPLAY": display}) == f"org.fcitx.Fcitx-{name}"


# -- a private bus ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bus() -> Iterator[str]:
    """Start a private session bus; yields its address."""
    if sys.platform != "linux" or not shutil.which("dbus-daemon"):
        pytest.skip("dbus-daemon is not here")
    words = ["dbus-daemon", "--session", "--nofork", "--nosyslog", "--print-address"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        assert daemon.stdout
        yield daemon.stdout.readline().strip()
        daemon.terminate()


class Scripted:
    """The simulated fcitx in its own process, and the calls it printed."""

    def __init__(self, address: str, name: str) -> None:
        words = [sys.executable, str(ROOT / "tests" / "support" / "scripted_fcitx.py"), name]
        environment = os.environ | {"DBUS_SESSION_BUS_ADDRESS": address}
        self.process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)
        self.heard: list[str] = []
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()
        self.wait("ready")

    def _listen(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            self.heard.extend(line.strip() for line in lines)

    def wait(self, start: str) -> str:
        """Return the first printed line that begins so; waits for it."""
        end = time.monotonic() + PATIENCE / 1000
        while True:
            found = [line for line in [*self.heard] if line.startswith(start)]
            if found:
                return found[0]
            assert time.monotonic() < end, self.heard
            time.sleep(0.02)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._listener.join()


@pytest.fixture
def scripted(bus: str) -> Iterator[Callable[[str], Scripted]]:
    made: list[Scripted] = []

    def make(name: str) -> Scripted:
        made.append(Scripted(bus, name))
        return made[-1]

    yield make
    for one in made:
        one.end()


@pytest.fixture
def line(qtbot: QtBot) -> QLineEdit:
    widget = QLineEdit()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(lambda: QGuiApplication.focusObject() is widget, timeout=PATIENCE)
    return widget


def press(widget: QLineEdit, key: Qt.Key, symbol: int, text: str = "") -> None:
    """Send Qt a key as an X server does: keycode 38, no modifiers."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, 38, symbol, 0, text)
        QCoreApplication.sendEvent(widget.window().windowHandle(), event)


def type_text(widget: QLineEdit, text: str) -> None:
    for character in text:
        press(widget, Qt.Key(ord(character.upper())), ord(character), character)


@pytest.fixture
def connect(bus: str, qapp: QCoreApplication) -> Iterator[Callable[[str], Fcitx]]:
    made: list[Fcitx] = []

    def make(name: str) -> Fcitx:
        assert isinstance(qapp, QGuiApplication)
        made.append(Fcitx(qapp, QDBusConnection.connectToBus(bus, "tests"), name))
        return made[-1]

    yield make
    for one in made:
        one.deleteLater()
    QDBusConnection.disconnectFromBus("tests")


# -- fcitx 4 ------------------------------------------------------------------------------------------------------


@LINUX
def test_what_is_typed_goes_through_fcitx_and_comes_back_in_chinese(line: QLineEdit, scripted, connect):
    method = scripted("org.fcitx.Fcitx-9")
    assert connect("org.fcitx.Fcitx-9").connected
    assert method.wait("SetCapacity") == "SetCapacity 0"
    type_text(line, "zhengfu")
    assert line.text() == ""
    assert method.wait("key") == f"key {ord('z')} 38 0"
    type_text(line, " 1")
    assert line.text() == "政府1"
    assert method.wait("SetCursorRect").split()[1:] != ["0", "0", "0", "0"]


@LINUX
def test_a_key_that_ends_a_word_comes_after_the_word(line: QLineEdit, scripted, connect):
    scripted("org.fcitx.Fcitx-9")
    assert connect("org.fcitx.Fcitx-9").connected
    type_text(line, "ni")
    press(line, Qt.Key.Key_F1, 0xFFBE, ",")  # the key itself enters a comma
    assert line.text() == "你,"


@LINUX
def test_fcitx_may_come_go_and_come_again(line: QLineEdit, qtbot: QtBot, scripted, connect):
    client = connect("org.fcitx.Fcitx-8")
    type_text(line, "a")
    assert line.text() == "a"
    for _ in range(2):
        method = scripted("org.fcitx.Fcitx-8")
        qtbot.waitUntil(lambda: client.connected, timeout=PATIENCE)
        method.end()
        qtbot.waitUntil(lambda: not client.connected, timeout=PATIENCE)
    type_text(line, "b")
    assert line.text() == "ab"


@LINUX
def test_an_input_method_that_hangs_loses_no_key(line: QLineEdit, scripted, connect):
    scripted("org.fcitx.Fcitx-9")
    assert connect("org.fcitx.Fcitx-9").connected
    press(line, Qt.Key.Key_Escape, 0xFF1B, "x")
    assert line.text() == "x"


@LINUX
def test_with_fcitx_5_qt_speaks_for_itself(scripted, connect):
    scripted("org.fcitx.Fcitx5")
    scripted("org.fcitx.Fcitx-9")
    assert not connect("org.fcitx.Fcitx-9").connected


# -- the program under a real X server ----------------------------------------------------------------------------


@pytest.fixture
def display(bus: str) -> Iterator[dict[str, str]]:
    """Return the environment of a private desktop: an X server, the private bus, fcitx as its input method."""
    missing = [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)}")
    number = next(n for n in range(200, 300) if not Path(f"/tmp/.X11-unix/X{n}").exists())
    words = ["Xvfb", f":{number}", "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as server:
        until(lambda: Path(f"/tmp/.X11-unix/X{number}").exists())
        yield os.environ | {
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            "QT_IM_MODULE": "fcitx",
            "DBUS_SESSION_BUS_ADDRESS": bus,
        }
        server.terminate()


def until(fact: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE / 500
    while not fact():
        assert time.monotonic() < end
        time.sleep(0.05)


def xdotool(display: dict[str, str], *words: str, check: bool = True) -> str:
    done = subprocess.run(["xdotool", *words], env=display, capture_output=True, text=True, check=check, timeout=30)
    return done.stdout.strip()


def agency_typed(display: dict[str, str], data: Path, ready: Callable[[], object]) -> str:
    """Start the program, type the agency's name with real keys, create the report and read the name from the file."""
    words = [sys.executable, str(ROOT / "main.py"), "--data", str(data)]
    with subprocess.Popen(words, env=display, stderr=subprocess.DEVNULL) as program:
        search = ("search", "--onlyvisible", "--pid", str(program.pid), "--name", "报告")
        until(lambda: xdotool(display, *search, check=False))
        xdotool(display, "windowfocus", "--sync", xdotool(display, *search).split()[-1])
        ready()
        xdotool(display, "type", "--delay", "60", "zhengfu ")
        xdotool(display, "key", "--delay", "100", "Return", "ctrl+q")
        assert program.wait(30) == 0
    listed = subprocess.run([*words, "list"], capture_output=True, encoding="utf-8", check=True).stdout
    return listed.split("\t")[1]


def test_real_keys_become_chinese_in_the_real_program(display: dict[str, str], scripted, tmp_path: Path):
    method = scripted(service(display))
    assert agency_typed(display, tmp_path, lambda: method.wait("FocusIn")) == "政府"
    place = [int(number) for number in method.wait("SetCursorRect").split()[1:]]
    assert 0 < place[0] < 1366
    assert 0 < place[1] < 768


PROFILE = """[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin

[Groups/0/Items/0]
Name=pinyin
Layout=

[GroupOrder]
0=Default
"""


def test_the_real_fcitx_5_answers(display: dict[str, str], tmp_path: Path):
    if not shutil.which("fcitx5") or not Path("/usr/share/fcitx5/inputmethod/pinyin.conf").exists():
        pytest.skip("fcitx5 with its pinyin is not here")
    profile = tmp_path / "fcitx5" / "profile"
    profile.parent.mkdir()
    profile.write_text(PROFILE)
    desktop = display | {"XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "share")}
    with subprocess.Popen(["fcitx5"], env=desktop, stderr=subprocess.PIPE, text=True) as method:
        log = method.stderr
        assert log
        until(lambda: "ibusfrontend" in log.readline())
        assert agency_typed(desktop, tmp_path / "data", lambda: time.sleep(2)) == "政府"
        method.terminate()


def test_the_real_ibus_answers(display: dict[str, str], tmp_path: Path):
    if not shutil.which("ibus-daemon") or not Path("/usr/share/ibus/component/libpinyin.xml").exists():
        pytest.skip("ibus with its libpinyin is not here")
    homes = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("CONFIG", "CACHE", "DATA")}
    desktop = display | homes | {"QT_IM_MODULE": "ibus", "GSETTINGS_BACKEND": "memory"}
    words = ["ibus-daemon", "--panel=disable", "--emoji-extension=disable", "--cache=none"]
    with subprocess.Popen(words, env=desktop, stderr=subprocess.DEVNULL) as method:
        until(lambda: ibus(desktop, "list-engine", "--name-only"))
        assert agency_typed(desktop, tmp_path / "data", lambda: choose_pinyin(desktop)) == "政府"
        method.terminate()


def choose_pinyin(desktop: dict[str, str]) -> None:
    """Choose the pinyin engine of ibus, which has an engine only while a window has the focus."""
    time.sleep(2)
    ibus(desktop, "engine", "libpinyin")
    until(lambda: ibus(desktop, "engine") == "libpinyin")
    time.sleep(1)


def ibus(desktop: dict[str, str], *words: str) -> str:
    done = subprocess.run(["ibus", *words], env=desktop, capture_output=True, text=True, check=False, timeout=30)
    return done.stdout.strip()
