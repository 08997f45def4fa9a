"""Panels at the side: history, recovery, help."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.docks.guide import Guide
    from ui.docks.history_opener import HistoryOpener
    from ui.docks.restoring import Restoring
    from ui.docks.undecided_values import UndecidedDock

__all__ = ["Guide", "HistoryOpener", "Restoring", "UndecidedDock"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "guide": ("Guide"),
            "history_opener": ("HistoryOpener"),
            "restoring": ("Restoring"),
            "undecided_values": ("UndecidedDock"),
        },
    )
