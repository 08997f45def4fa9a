# ruff: noqa: INP001 (no package: single files that the build puts in place)
"""Stands where Pillow would in the frozen program (build.spec): ReportLab imports it for pictures, and we draw none."""

from __future__ import annotations


class Image:
    """What `from PIL import Image` gives; a module there, a name is enough here."""

    class Image:
        """No picture is one of these."""
