"""One table of the form on the screen, filled like a spreadsheet."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.table.view import TableView

__all__ = ["TableView"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, {"view": ("TableView")})
