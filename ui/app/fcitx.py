"""D-Bus client of fcitx 4: Chinese input on Linux with the Qt of PySide6's wheels.

The wheels contain the input contexts of ibus and of dead keys only; a desktop's fcitx plugin needs the desktop's Qt.
fcitx 5 also implements ibus, which Qt's plugin uses through the portal on the session bus. fcitx 4 (统信 UOS 20,
麒麟 V10) does not, so its own protocol is used: every key event of the focused window is offered to fcitx first, and
committed text is sent on as a QInputMethodEvent. fcitx draws candidates and preedit text in a window of its own.

The protocol: fcitx 4, src/frontend/ipc/ipc.c and src/lib/fcitx-qt/fcitxqtinputcontextproxy.h.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from PySide6.QtCore import Q_ARG, Q_RETURN_ARG, SLOT, QCoreApplication, QEvent, QMetaObject, QObject, QRect, Qt, Slot
from PySide6.QtDBus import QDBusConnection, QDBusInterface, QDBusMessage, QDBusServiceWatcher
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QInputMethodQueryEvent, QKeyEvent, QWindow

FCITX_5 = "org.fcitx.Fcitx5"
PATH = "/inputmethod"
METHOD = "org.fcitx.Fcitx.InputMethod"
CONTEXT = "org.fcitx.Fcitx.InputContext"
PATIENCE = 500  # ms; a call without an answer by then has failed
# PySide6's type stubs ask for bytes where only str is accepted.
COMMIT: Any = SLOT("on_commit(QString)")
CAPACITY: Any = "SetCapacity"
KEY: Any = "ProcessKeyEvent"
AT_ONCE = Qt.ConnectionType.DirectConnection


class KeyEventKind(IntEnum):
    """Kinds of key events in fcitx's protocol."""

    DOWN = 0
    UP = 1


def service(environment: Mapping[str, str]) -> str:
    """Return the bus name of fcitx 4, which differs by X display."""
    display = environment.get("DISPLAY", ":0").rpartition(":")[2].partition(".")[0]
    return f"org.fcitx.Fcitx-{display or '0'}"


def start(app: QGuiApplication, environment: Mapping[str, str] = os.environ) -> Fcitx | None:
    """Connect to fcitx 4, now or as soon as it runs; returns None without a session bus."""
    bus = QDBusConnection.sessionBus()
    return Fcitx(app, bus, service(environment)) if bus.isConnected() else None


class Fcitx(QObject):
    """Event filter that offers the focused window's keys to fcitx; reconnects when fcitx restarts."""

    def __init__(self, app: QGuiApplication, bus: QDBusConnection, name: str) -> None:
        super().__init__(app)
        self._app, self._bus, self._name = app, bus, name
        self._context: QDBusInterface | None = None
        self._path = ""
        self._window: QWindow | None = None
        self._place: QRect | None = None
        self._watcher = QDBusServiceWatcher(name, bus, QDBusServiceWatcher.WatchModeFlag.WatchForOwnerChange, self)
        self._watcher.serviceRegistered.connect(self._on_registered)
        self._watcher.serviceUnregistered.connect(self._on_gone)
        app.focusWindowChanged.connect(self._on_window)
        app.focusObjectChanged.connect(self._on_object)
        app.inputMethod().cursorRectangleChanged.connect(self._tell_place)
        self._on_window(app.focusWindow())
        self._on_registered()

    @property
    def connected(self) -> bool:
        """Return True while keys are offered to fcitx."""
        return self._context is not None

    def _on_registered(self) -> None:
        names = self._bus.interface()
        if names.isServiceRegistered(self._name).value() and not names.isServiceRegistered(FCITX_5).value():
            self._connect()

    def _connect(self) -> None:
        """Create an input context for this process; stays unconnected if fcitx does not answer."""
        request = QDBusMessage.createMethodCall(self._name, PATH, METHOD, "CreateICv3")
        request.setArguments([QCoreApplication.applicationName(), os.getpid()])
        answer = self._bus.call(request, timeout=PATIENCE)
        if answer.type() is not QDBusMessage.MessageType.ReplyMessage:
            return
        self._path = f"/inputcontext_{answer.arguments()[0]}"
        # QDBusInterface introspects fcitx: only so a number is sent as `u` (uint32), a type that Python does not have.
        context = QDBusInterface(self._name, self._path, CONTEXT, self._bus, self)
        context.setTimeout(PATIENCE)
        self._bus.connect(self._name, self._path, CONTEXT, "CommitString", self, COMMIT)
        QMetaObject.invokeMethod(context, CAPACITY, AT_ONCE, Q_ARG("uint", 0))  # none: fcitx draws by itself
        self._context, self._place = context, None
        self._on_object()

    def _on_gone(self) -> None:
        if self._context is not None:
            self._bus.disconnect(self._name, self._path, CONTEXT, "CommitString", self, COMMIT)
            self._context.deleteLater()
            self._context = None

    def _tell(self, method: str, *arguments: int) -> None:
        """Send a message without waiting for an answer."""
        if self._context is not None:
            message = QDBusMessage.createMethodCall(self._name, self._path, CONTEXT, method)
            message.setArguments([*arguments])
            self._bus.send(message)

    # -- focus and cursor ----------------------------------------------------------------------------------------

    def _on_window(self, window: QWindow | None) -> None:
        if self._window is not None:
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)
            window.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._window = None

    def _on_object(self) -> None:
        self._tell("FocusIn" if self._takes_text() else "FocusOut")

    def _target(self) -> QObject | None:
        return self._app.focusObject()

    def _takes_text(self) -> bool:
        target = self._target()
        if target is None:
            return False
        question = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
        QCoreApplication.sendEvent(target, question)
        return bool(question.value(Qt.InputMethodQuery.ImEnabled))

    def _tell_place(self) -> None:
        """Send the text cursor's rectangle in screen pixels, where fcitx shows the candidates."""
        if self._context is None or self._window is None:
            return
        cursor = self._app.inputMethod().cursorRectangle().toRect()
        ratio = self._window.devicePixelRatio()
        corner = self._window.mapToGlobal(cursor.topLeft()) * ratio
        place = QRect(corner, cursor.size() * ratio)
        if place != self._place:
            self._place = place
            self._tell("SetCursorRect", place.x(), place.y(), place.width(), place.height())

    # -- keys and text -------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Offer a key to fcitx; returns True if fcitx has consumed it."""
        if self._context is None or not isinstance(event, QKeyEvent) or not event.nativeVirtualKey():
            return False
        kinds = {QEvent.Type.KeyPress: KeyEventKind.DOWN, QEvent.Type.KeyRelease: KeyEventKind.UP}
        if event.type() not in kinds or not self._takes_text():
            return False
        self._tell_place()  # without a Qt plugin the signal is not always emitted
        taken = self._offer(event, kinds[event.type()])
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall)  # deliver committed text before this key
        return taken

    def _offer(self, event: QKeyEvent, kind: KeyEventKind) -> bool:
        if self._context is None:
            return False
        time = event.timestamp() & 0xFFFFFFFF
        key = (event.nativeVirtualKey(), event.nativeScanCode(), event.nativeModifiers())
        numbers = (*(Q_ARG("uint", number) for number in key), Q_ARG("int", int(kind)), Q_ARG("uint", time))
        return bool(QMetaObject.invokeMethod(self._context, KEY, AT_ONCE, Q_RETURN_ARG("int"), *numbers))

    @Slot(str)
    def on_commit(self, text: str) -> None:
        """Send committed text to the focused object."""
        target = self._target()
        if target is not None:
            event = QInputMethodEvent()
            event.setCommitString(text)
            QCoreApplication.sendEvent(target, event)
