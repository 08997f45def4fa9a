"""Opening the drafts when their file is damaged, old, foreign or changed by another window."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.recovery import undecided_values
    from model.recovery.emergency_copy import save_elsewhere
    from model.recovery.integrity import check
    from model.recovery.older_file import leave_older
    from model.recovery.open_database import Opened, open_drafts, open_to_read
    from model.recovery.other_files import OtherFile, look_into, take_over
    from model.recovery.putting_back import put_back
    from model.recovery.recovered_file import recover
    from model.recovery.undecided_values import Undecided, keep, kept
    from model.recovery.window_conflicts import Conflict, conflicts

__all__ = [
    "Conflict",
    "Opened",
    "OtherFile",
    "Undecided",
    "check",
    "conflicts",
    "keep",
    "kept",
    "leave_older",
    "look_into",
    "open_drafts",
    "open_to_read",
    "put_back",
    "recover",
    "save_elsewhere",
    "take_over",
    "undecided_values",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "emergency_copy": ("save_elsewhere"),
            "integrity": ("check"),
            "older_file": ("leave_older"),
            "open_database": ("Opened open_drafts open_to_read"),
            "other_files": ("OtherFile look_into take_over"),
            "putting_back": ("put_back"),
            "recovered_file": ("recover"),
            "undecided_values": ("Undecided keep kept"),
            "window_conflicts": ("Conflict conflicts"),
        },
    )
