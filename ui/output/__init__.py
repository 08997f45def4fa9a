"""Preview, printing and export of the open draft."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.output.export_jobs import DATA_FILTER, ExportKind, documents
    from ui.output.exporter import Exporter
    from ui.output.final_copy import freeze_work
    from ui.output.preview import Pages, Preview

__all__ = ["DATA_FILTER", "ExportKind", "Exporter", "Pages", "Preview", "documents", "freeze_work"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "export_jobs": ("DATA_FILTER ExportKind documents"),
            "exporter": ("Exporter"),
            "final_copy": ("freeze_work"),
            "preview": ("Pages Preview"),
        },
    )
