"""Containers that readers open (ZIP, OLE2, XML, PDF), character sets, and the `Source` that readers make."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.importing.containers.compound_file import CompoundFile
    from model.importing.containers.decoding import MAX_CHARACTERS, decode, refuse_length
    from model.importing.containers.pdf_streams import FILTER, Stream, refuse_work, streams
    from model.importing.containers.pdfium import PDFIUM, open_pdf
    from model.importing.containers.source import (
        MAX_CELLS,
        MAX_ROWS,
        NO_NUMBERS,
        PAGE_NUMBER,
        Cell,
        RawTable,
        Source,
        SourceBlock,
        SourceHeading,
        SourceParagraph,
        SourcePicture,
        SpannedCell,
        damaged,
        made_source,
        paragraphs_of,
        spread,
        table_blocks,
        too_large,
    )
    from model.importing.containers.xml_tree import children, first, number, parse_xml
    from model.importing.containers.zip_parts import ZipParts

__all__ = [
    "FILTER",
    "MAX_CELLS",
    "MAX_CHARACTERS",
    "MAX_ROWS",
    "NO_NUMBERS",
    "PAGE_NUMBER",
    "PDFIUM",
    "Cell",
    "CompoundFile",
    "RawTable",
    "Source",
    "SourceBlock",
    "SourceHeading",
    "SourceParagraph",
    "SourcePicture",
    "SpannedCell",
    "Stream",
    "ZipParts",
    "children",
    "damaged",
    "decode",
    "first",
    "made_source",
    "number",
    "open_pdf",
    "paragraphs_of",
    "parse_xml",
    "refuse_length",
    "refuse_work",
    "spread",
    "streams",
    "table_blocks",
    "too_large",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "compound_file": ("CompoundFile"),
            "decoding": ("MAX_CHARACTERS decode refuse_length"),
            "pdf_streams": ("FILTER Stream refuse_work streams"),
            "pdfium": ("PDFIUM open_pdf"),
            "source": (
                "Cell MAX_CELLS MAX_ROWS NO_NUMBERS PAGE_NUMBER RawTable Source SourceBlock SourceHeading "
                "SourceParagraph SourcePicture SpannedCell damaged made_source paragraphs_of spread "
                "table_blocks too_large"
            ),
            "xml_tree": ("children first number parse_xml"),
            "zip_parts": ("ZipParts"),
        },
    )
