# ruff: noqa: INP001 (no package: single files that the build puts in place)
"""Stands where the record of how Python was built would in the frozen program (build.spec): it names folders."""

from __future__ import annotations

build_time_vars: dict[str, object] = {}
