"""The list of drafts and the ways to begin one."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.home.draft_actions import DraftActions
    from ui.home.start_page import StartPage

__all__ = ["DraftActions", "StartPage"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, {"draft_actions": ("DraftActions"), "start_page": ("StartPage")})
