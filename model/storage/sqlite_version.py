"""Version of the SQLite library, shown in 关于."""

from __future__ import annotations

import sqlite3

SQLITE = sqlite3.sqlite_version
