"""The open draft between the model and the screen."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.draft.desk import Desk
    from ui.draft.drafts import Drafts
    from ui.draft.opened import edition_of, open_draft
    from ui.draft.save_queue import SaveQueue

__all__ = ["Desk", "Drafts", "SaveQueue", "edition_of", "open_draft"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {"desk": ("Desk"), "drafts": ("Drafts"), "opened": ("edition_of open_draft"), "save_queue": ("SaveQueue")},
    )
