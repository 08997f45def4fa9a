"""From the bytes of a file to its contents: one reader for each kind of file, none of which knows a form."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.importing.readers.kinds import read_foreign
    from model.importing.readers.pdf_streams import FILTER, Stream, streams
    from model.importing.readers.pdfium import PDFIUM, open_pdf
    from model.importing.readers.plain_text import text_source
    from model.importing.readers.source import NO_NUMBERS, Cell, RawTable, Source, SourcePicture

__all__ = [
    "FILTER",
    "NO_NUMBERS",
    "PDFIUM",
    "Cell",
    "RawTable",
    "Source",
    "SourcePicture",
    "Stream",
    "open_pdf",
    "read_foreign",
    "streams",
    "text_source",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "kinds": ("read_foreign"),
            "pdf_streams": ("FILTER Stream streams"),
            "pdfium": ("PDFIUM open_pdf"),
            "plain_text": ("text_source"),
            "source": ("Cell NO_NUMBERS RawTable Source SourcePicture"),
        },
    )
