"""Replacement of the record of Python's build in the frozen program: the real one names folders of the builder."""

from __future__ import annotations

build_time_vars: dict[str, object] = {}
