"""The open draft between the model and the screen."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.draft.desk import Desk
    from ui.draft.drafts import Drafts
    from ui.draft.opened import edition_of, open_draft
    from ui.draft.save_queue import SaveQueue
    from ui.draft.unsaved_work import copy_elsewhere, proposed_name

__all__ = ["Desk", "Drafts", "SaveQueue", "copy_elsewhere", "edition_of", "open_draft", "proposed_name"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "desk": ("Desk"),
            "drafts": ("Drafts"),
            "opened": ("edition_of open_draft"),
            "save_queue": ("SaveQueue"),
            "unsaved_work": ("copy_elsewhere proposed_name"),
        },
    )
