"""Simulates fcitx 4 on the session bus: `python scripted_fcitx.py org.fcitx.Fcitx-9`; prints the calls it gets.

Letters are taken and gathered; a space commits what `WORDS` has for them; F1 commits and lets the key pass; Escape
hangs, as a broken input method does; all else passes.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection

WORDS = {"zhengfu": "政府", "ni": "你"}
SPACE, ESCAPE, F1 = 0x20, 0xFF1B, 0xFFBE  # X keysyms
DOWN = 0


def say(*words: object) -> None:
    print(*words, flush=True)


def interface(name: str) -> Any:
    """Name the interface of a class on the bus; PySide6's types know neither this nor slots with types of D-Bus."""
    info: Any = ClassInfo
    return info(**{"D-Bus Interface": name})


slot: Any = Slot


@interface("org.fcitx.Fcitx.InputMethod")
class Method(QObject):
    @slot(str, int, result=int)
    def CreateICv3(self, name: str, process: int) -> int:  # noqa: N802 (a name of the protocol, like those below)
        say("CreateICv3")
        return 7


@interface("org.fcitx.Fcitx.InputContext")
class Context(QObject):
    CommitString = Signal(str)
    typed = ""

    @slot("uint", "uint", "uint", int, "uint", result=int)
    def ProcessKeyEvent(self, key: int, code: int, state: int, kind: int, when: int) -> int:  # noqa: N802
        if kind != DOWN:
            return 0
        say("key", key, code, state)
        if ord("a") <= key <= ord("z"):
            self.typed += chr(key)
            return 1
        if key == ESCAPE:
            time.sleep(3)
        if key in {SPACE, F1} and self.typed in WORDS:
            self.CommitString.emit(WORDS[self.typed])
            self.typed = ""
            return int(key == SPACE)
        return 0

    @slot("uint")
    def SetCapacity(self, capacity: int) -> None:  # noqa: N802
        say("SetCapacity", capacity)

    @slot()
    def FocusIn(self) -> None:  # noqa: N802
        say("FocusIn")

    @slot()
    def FocusOut(self) -> None:  # noqa: N802
        say("FocusOut")

    @slot(int, int, int, int)
    def SetCursorRect(self, x: int, y: int, width: int, height: int) -> None:  # noqa: N802
        say("SetCursorRect", x, y, width, height)


def main(name: str) -> int:
    app = QCoreApplication([])
    bus = QDBusConnection.sessionBus()
    everything = QDBusConnection.RegisterOption.ExportAllSlots | QDBusConnection.RegisterOption.ExportAllSignals
    objects = {"/inputmethod": Method(), "/inputcontext_7": Context()}
    there = [bus.registerObject(path, each, everything) for path, each in objects.items()]
    say("ready" if all(there) and bus.registerService(name) else "no bus")
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
