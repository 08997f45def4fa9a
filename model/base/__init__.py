"""Helpers that know no report: errors for users, text, files, TOML, log, location of the data."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.base import files, location
    from model.base.event_log import Log
    from model.base.filenames import safe_name, unused
    from model.base.files import write_atomic
    from model.base.text import as_message, clean, in_quotes, nested
    from model.base.toml import Node, digest_of, read_toml
    from model.base.trouble import Trouble
    from model.base.version import VERSION

__all__ = [
    "VERSION",
    "Log",
    "Node",
    "Trouble",
    "as_message",
    "clean",
    "digest_of",
    "files",
    "in_quotes",
    "location",
    "nested",
    "read_toml",
    "safe_name",
    "unused",
    "write_atomic",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "event_log": ("Log"),
            "filenames": ("safe_name unused"),
            "files": ("write_atomic"),
            "text": ("as_message clean in_quotes nested"),
            "toml": ("Node digest_of read_toml"),
            "trouble": ("Trouble"),
            "version": ("VERSION"),
        },
    )
