"""Start and end of the program, and its adaptation to the desktop."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.app import startup
    from ui.app.self_check import run_self_check

__all__ = ["run_self_check", "startup"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, {"self_check": ("run_self_check")})
