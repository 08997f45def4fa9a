"""What every test shares: Qt draws into memory unless the caller of pytest said otherwise."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
