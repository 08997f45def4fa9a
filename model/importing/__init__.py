"""Reads a file of unknown kind into a `Report`; whatever cannot be read is refused with one sentence."""

from __future__ import annotations

from model.importing.reading import read_bytes, read_report
from model.importing.result import Reading

__all__ = ["Reading", "read_bytes", "read_report"]
