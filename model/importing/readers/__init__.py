"""From the bytes of a file to its contents: one reader for each kind of file, none of which knows a form."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.importing.readers.kinds import read_foreign
    from model.importing.readers.pdfium import PDFIUM, open_pdf
    from model.importing.readers.plain_text import text_source
    from model.importing.readers.source import Cell, RawTable, Source, SourcePicture

__all__ = ["PDFIUM", "Cell", "RawTable", "Source", "SourcePicture", "open_pdf", "read_foreign", "text_source"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "kinds": ("read_foreign"),
            "pdfium": ("PDFIUM open_pdf"),
            "plain_text": ("text_source"),
            "source": ("Cell RawTable Source SourcePicture"),
        },
    )
