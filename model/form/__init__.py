"""The state's report form as frozen values: cells, relations, tables and their geometry, read from TOML."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.form import loader, table_grid
    from model.form.cell import BLANK, Address, CellKind, Entry, Number, alike, at, fits, read, shown
    from model.form.consistency import ErrorAt
    from model.form.format import (
        COVER_NAME,
        FORM_TITLE,
        PREFACE,
        UNIT_KINDS,
        Aspect,
        Band,
        Check,
        Column,
        Every,
        FeeWords,
        Format,
        Layout,
        Row,
        Section,
        SectionRole,
        Severity,
        Table,
        YearCheck,
    )
    from model.form.grid import Box, Grid, Role
    from model.form.loader import Formats
    from model.form.relation import Linear, Relation, Values, evaluate, holds, parse_linear
    from model.form.relation_binding import Case, cases, cells_named, columns_named, rows_named

__all__ = [
    "BLANK",
    "COVER_NAME",
    "FORM_TITLE",
    "PREFACE",
    "UNIT_KINDS",
    "Address",
    "Aspect",
    "Band",
    "Box",
    "Case",
    "CellKind",
    "Check",
    "Column",
    "Entry",
    "ErrorAt",
    "Every",
    "FeeWords",
    "Format",
    "Formats",
    "Grid",
    "Layout",
    "Linear",
    "Number",
    "Relation",
    "Role",
    "Row",
    "Section",
    "SectionRole",
    "Severity",
    "Table",
    "Values",
    "YearCheck",
    "alike",
    "at",
    "cases",
    "cells_named",
    "columns_named",
    "evaluate",
    "fits",
    "holds",
    "loader",
    "parse_linear",
    "read",
    "rows_named",
    "shown",
    "table_grid",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "cell": ("Address BLANK CellKind Entry Number alike at fits read shown"),
            "consistency": ("ErrorAt"),
            "format": (
                "Aspect Band COVER_NAME Check Column Every FORM_TITLE FeeWords Format Layout PREFACE Row "
                "Section SectionRole Severity Table UNIT_KINDS YearCheck"
            ),
            "grid": ("Box Grid Role"),
            "loader": ("Formats"),
            "relation": ("Linear Relation Values evaluate holds parse_linear"),
            "relation_binding": ("Case cases cells_named columns_named rows_named"),
        },
    )
