"""Closes the window normally on the signals that end a session (log-off, shutdown).

Python runs a signal handler only between bytecodes, not while Qt's event loop waits; `set_wakeup_fd` writes the
signal's number to a pipe that a QSocketNotifier watches.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")


def end_politely(parent: QObject, close: Callable[[], object]) -> None:
    """Call `close` on a signal of `SIGNALS`; does nothing on Windows, where Qt handles the session's end."""
    if sys.platform == "win32":
        return
    reading, writing = os.pipe()
    for handle in (reading, writing):
        os.set_blocking(handle, False)
    notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read, parent)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for name in SIGNALS:
        signal.signal(getattr(signal, name), lambda _number, _frame: None)  # the notifier below calls `close`
    notifier.activated.connect(lambda: os.read(reading, 64) and close())
