"""From the bytes of a file to its contents: one reader for each kind of file, none of which knows a form."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.importing.readers.html_tokens import shown, tokens
    from model.importing.readers.kinds import read_foreign
    from model.importing.readers.plain_text import text_source

__all__ = ["read_foreign", "shown", "text_source", "tokens"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__, {"html_tokens": ("shown tokens"), "kinds": ("read_foreign"), "plain_text": ("text_source")}
    )
