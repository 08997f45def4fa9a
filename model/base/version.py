"""The version of the program: said here, read by main.py, pyproject.toml and the build."""

from __future__ import annotations

VERSION = "0.1.0"
