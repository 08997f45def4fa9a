"""The command line, without Qt."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.cli import commands

__all__ = ["commands"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, {})
