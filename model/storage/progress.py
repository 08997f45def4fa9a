"""What this computer remembers about the drafts' file outside of it: how far it had come.

No sum inside a file can tell that the whole file was replaced by an older one.  The memory is a hint: it is written
after each save without waiting for the disk, so it may lag behind, but never runs ahead.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

NAME = "state.json"
_SIZE = 512  # one sector, written in place, so that it is torn in the rarest case only
_KNOWN = 4  # files remembered; a text longer than a sector would be cut


@dataclass(frozen=True)
class Memory:
    """`heads`: the last step ever saved, by the file's uuid.  `hold`: no backup is thinned until the clerk agrees."""

    heads: dict[str, int]
    hold: bool = False


def recall(folder: Path) -> Memory:
    """What is remembered; nothing when the file is missing or torn."""
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        heads = {str(uuid): int(head) for uuid, head in data["heads"].items()}
        return Memory(heads, data["hold"] is True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory({})


def remember(folder: Path, memory: Memory) -> bool:
    """Write the memory; False when the disk refuses, which must not stop the saving that it follows."""
    heads = dict(list(memory.heads.items())[-_KNOWN:])
    text = json.dumps({"heads": heads, "hold": memory.hold}).encode().ljust(_SIZE)
    try:
        handle = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(handle, text)
        finally:
            os.close(handle)
    except OSError:
        return False
    return True


def note_head(folder: Path, uuid: str, head: int) -> None:
    """Remember that the file has come so far."""
    memory = recall(folder)
    others = {known: at for known, at in memory.heads.items() if known != uuid}
    remember(folder, Memory({**others, uuid: head}, memory.hold))


def hold_backups(folder: Path, *, hold: bool) -> None:
    """Stop the thinning of backups (after a recovery), or let it go on (the clerk has looked)."""
    remember(folder, Memory(recall(folder).heads, hold))
