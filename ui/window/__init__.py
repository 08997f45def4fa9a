"""The main window with menus, save status and questions after recovery."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.window.main_window import Window, after_first_paint

__all__ = ["Window", "after_first_paint"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, {"main_window": ("Window after_first_paint")})
