"""The open draft between the model and the screen."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.draft.desk import Desk
    from ui.draft.last_year import last_year_of
    from ui.draft.save_queue import SaveQueue

__all__ = ["Desk", "SaveQueue", "last_year_of"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, {"desk": ("Desk"), "last_year": ("last_year_of"), "save_queue": ("SaveQueue")})
