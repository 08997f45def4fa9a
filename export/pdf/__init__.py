"""Drawing of laid-out pages as PDF/A with ReportLab."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from export.pdf import writer

__all__ = ["writer"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, {})
