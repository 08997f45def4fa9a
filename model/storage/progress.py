"""Records outside the drafts' file the last step that this computer saved into it.

No checksum inside a file can show that the whole file was replaced by an older one.  The record is a hint: it is
written after each save without waiting for the disk, so it may lag behind the file but is never ahead of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from model.base import files

PROGRESS_FILE = "state.json"
_KNOWN = 4  # database files remembered; more would not fit into one sector


@dataclass(frozen=True)
class Memory:
    """The record.  `heads`: last saved step by the file's uuid.  `hold`: keep all backups until the user agrees."""

    heads: dict[str, int]
    hold: bool = False


def recall(folder: Path) -> Memory:
    """Read the record; it is empty when its file is missing or damaged."""
    try:
        data = json.loads((folder / PROGRESS_FILE).read_text(encoding="utf-8"))
        heads = {str(uuid): int(head) for uuid, head in data["heads"].items()}
        return Memory(heads, data["hold"] is True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Memory({})


def remember(folder: Path, memory: Memory) -> bool:
    """Write the record; return False when the disk refuses, which must not fail the save before it."""
    heads = dict(list(memory.heads.items())[-_KNOWN:])
    text = json.dumps({"heads": heads, "hold": memory.hold}).encode()
    try:
        files.overwrite_sector(folder / PROGRESS_FILE, text)
    except OSError:
        return False
    return True


def note_head(folder: Path, uuid: str, head: int) -> None:
    """Record `head` as the last step saved into the file `uuid`."""
    memory = recall(folder)
    others = {known: at for known, at in memory.heads.items() if known != uuid}
    remember(folder, Memory({**others, uuid: head}, memory.hold))


def hold_backups(folder: Path, *, hold: bool) -> None:
    """Suspend the thinning of backups (after a recovery) or resume it (the user has checked)."""
    remember(folder, Memory(recall(folder).heads, hold))
