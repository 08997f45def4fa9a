"""Which SQLite keeps the drafts, for 关于 and for whoever asks for help."""

from __future__ import annotations

import sqlite3

SQLITE = sqlite3.sqlite_version
