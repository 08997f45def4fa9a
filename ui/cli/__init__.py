"""The command line, without Qt."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.cli import commands
    from ui.cli.arguments import parser, wants_window
    from ui.cli.os_faults import os_sentence

__all__ = ["commands", "os_sentence", "parser", "wants_window"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, {"arguments": ("parser wants_window"), "os_faults": ("os_sentence")})
