"""Builds objects of JSON whose keys occur once; `json` alone keeps the last value of a repeated key."""

from __future__ import annotations

from typing import Any


class RepeatedKeyError(ValueError):
    """Raised for a key that occurs twice in one object; `key`: the first such key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"a key occurs twice: {key[:40]}")
        self.key = key


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object for `json.loads(object_pairs_hook=…)`; raises `RepeatedKeyError`."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise RepeatedKeyError(key)
        found[key] = value
    return found
