"""The end of the session: whoever logs off or shuts down ends programs with a signal, and the window closes as usual.

A handler in Python runs only when Python does, and Qt's loop sleeps meanwhile; the signal's number in a pipe wakes it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")


def end_politely(parent: QObject, close: Callable[[], object]) -> None:
    """Call `close` when the system asks the program to end. Windows does so with a message, which Qt knows."""
    if sys.platform == "win32":
        return
    reading, writing = os.pipe()
    for handle in (reading, writing):
        os.set_blocking(handle, False)
    notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read, parent)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for name in SIGNALS:
        signal.signal(getattr(signal, name), lambda _number, _frame: None)  # what is to be done is done below
    notifier.activated.connect(lambda: os.read(reading, 64) and close())
