"""Replacement of Pillow in the frozen program: ReportLab imports it for pictures, and the program draws none."""

from __future__ import annotations


class Image:
    """Replacement of the module `PIL.Image`, of which only the name is used."""

    class Image:
        """Base class for `isinstance`, without instances."""
