"""Opens the dock 版本与备份 of the open draft; the dock is built at first use."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMainWindow

from ui.draft import SaveQueue
from ui.parts import Banner

if TYPE_CHECKING:
    from ui.docks.history import HistoryDock
    from ui.draft import Desk


class HistoryOpener(QObject):
    """Connects the dock with the open draft."""

    def __init__(self, window: QMainWindow, banner: Banner, save_queue: SaveQueue) -> None:
        super().__init__(window)
        self._window, self._banner, self._save_queue = window, banner, save_queue
        self._desk: Desk | None = None
        self.dock: HistoryDock | None = None

    def on_draft_changed(self, desk: Desk | None) -> None:
        """Show the history of this draft from now on; hide the dock when the draft was closed."""
        self._desk = desk
        if desk is None and self.dock:
            self.dock.put_away()

    def on_wanted(self) -> None:
        """Show the versions and backups of the open draft."""
        if self._desk:
            self.dock = self.dock or self._made()
            self._banner.attempt(partial(self.dock.open_for, self._desk))

    def _made(self) -> HistoryDock:
        from ui.docks.history import HistoryDock  # late import: needs the store

        dock = HistoryDock(self._save_queue, self._window)
        dock.refused.connect(self._banner.say_trouble)
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        return dock
