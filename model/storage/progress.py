"""Records the last save outside the drafts' file, and in memory what this run has written.

No checksum inside a file can show that the whole file was replaced by an older one.  The record on disk is a hint: it
is written after each save without waiting for the disk, so it may lag behind the file but is never ahead of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from model.base import files, own_files
from model.report import Change, Report, applied
from model.storage.inventory import Gone, Mark

PROGRESS_FILE = "state.json"
_GONE = 20  # numbers of drafts deleted for ever
_KNOWN = 4  # database files remembered; more would not fit into one sector
_KIND = own_files.OwnFile(
    "保存记录", "这一次不能核对草稿库是否被换成了较旧的，草稿不受影响", files.SECTOR, unflushed=True
)


@dataclass(frozen=True)
class Memory:
    """The record.  `heads`: last saved step by the file's uuid.  `hold`: keep all backups until the user agrees.

    `proofs`: `Mark.proof` of the last save, by uuid; missing in a record of an earlier release.  `left`: step of the
    newest backup when the user decided for an older file.  `gone`: the latest drafts deleted for ever from the file
    saved last.
    """

    heads: dict[str, int]
    hold: bool = False
    proofs: dict[str, str] = field(default_factory=dict)
    left: int = 0
    gone: tuple[int, ...] = ()

    def mark(self, uuid: str) -> Mark | None:
        """Return the last save into the file `uuid`, if it is known."""
        return Mark.of(uuid, self.heads[uuid], self.proofs.get(uuid, "")) if uuid in self.heads else None

    def last(self) -> Mark | None:
        """Return the last save into any file, if one is known."""
        return self.mark(next(reversed(self.heads))) if self.heads else None


def recall(folder: Path) -> Memory:
    """Read the record; it is empty when its file is missing or damaged."""
    return own_files.read_json(folder / PROGRESS_FILE, _KIND, _memory, Memory({}))


def _memory(data: Any) -> Memory:
    """Build the record from JSON; raises `ValueError` for another shape."""
    heads, hold, proofs, left = data["heads"], data["hold"], data.get("proofs", []), data.get("left", 0)
    gone = data.get("gone", [])
    if (
        not isinstance(heads, dict)
        or not isinstance(hold, bool)
        or not isinstance(proofs, list)
        or not isinstance(gone, list)
    ):
        raise ValueError("not a record")
    if not all(own_files.is_count(head) for head in (*heads.values(), left, *gone)):
        raise ValueError("not a step")
    if not all(isinstance(proof, str) for proof in proofs):
        raise ValueError("not a proof")
    return Memory(heads, hold, dict(zip(heads, proofs, strict=False)), left, tuple(gone))


def remember(folder: Path, memory: Memory) -> bool:
    """Write the record; return False when the disk refuses, which must not fail the save before it."""
    heads = dict(list(memory.heads.items())[-_KNOWN:])
    while len(text := _text(heads, memory)) > files.SECTOR and heads:
        del heads[next(iter(heads))]
    try:
        files.overwrite_sector(folder / PROGRESS_FILE, text)
    except OSError:
        return False
    return True


def _text(heads: dict[str, int], memory: Memory) -> bytes:
    proofs = [memory.proofs.get(uuid, "") for uuid in heads]
    body: dict[str, object] = {"heads": heads, "hold": memory.hold, "proofs": proofs}
    body |= {"left": memory.left} if memory.left else {}
    body |= {"gone": memory.gone[-_GONE:]} if memory.gone else {}
    return json.dumps(body, separators=(",", ":")).encode()


def note_mark(folder: Path, mark: Mark, gone: Iterable[int] = ()) -> None:
    """Record the last save; a record of a later one in the same file stays: only `accept` lowers it.

    `gone`: numbers of drafts deleted for ever.
    """
    memory = recall(folder)
    known = memory.mark(mark.uuid)
    if known is None or (known.head, known.writes) <= (mark.head, mark.writes):
        remember(folder, _with_mark(memory, mark, gone=gone))


def accept(folder: Path, mark: Mark, left: int = 0) -> None:
    """Record a state of a file as the last save, also if it is older than the one recorded."""
    remember(folder, _with_mark(recall(folder), mark, left))


def _with_mark(memory: Memory, mark: Mark, left: int = 0, gone: Iterable[int] = ()) -> Memory:
    heads = {uuid: head for uuid, head in memory.heads.items() if uuid != mark.uuid} | {mark.uuid: mark.head}
    proofs = memory.proofs | {mark.uuid: mark.proof()}
    before = memory.gone if next(reversed(memory.heads), "") == mark.uuid else ()
    return Memory(heads, memory.hold, proofs, max(left, memory.left), tuple(dict.fromkeys((*before, *gone))))


def hold_backups(folder: Path, *, hold: bool) -> None:
    """Suspend the thinning of backups (after a recovery) or resume it (the user has checked)."""
    memory = recall(folder)
    remember(folder, replace(memory, hold=hold))


# -- memory of this run ----------------------------------------------------------------------------------------------


@dataclass
class RunMemory:
    """Memory of what this run has written, so that it can be put back when the file goes back in time.

    `commit` after COMMIT makes it part of the memory, `roll_back` forgets it.  `steps`: rows of the journal by draft
    and number.  `reports`: last saved state of each draft that was changed, with the chain at that state.
    """

    mark: Mark | None = None  # last state of the file that this run wrote or read
    steps: dict[int, dict[int, dict[str, Any]]] = field(default_factory=dict)
    heads: dict[int, dict[str, Any]] = field(default_factory=dict)
    reports: dict[int, tuple[str, Report]] = field(default_factory=dict)
    versions: dict[str, dict[str, Any]] = field(default_factory=dict)  # by checksum
    forgotten: set[str] = field(default_factory=set)  # checksums of removed versions
    gone: dict[int, Gone] = field(default_factory=dict)
    _pending: list[Callable[[], None]] = field(default_factory=list)
    _uncommitted: dict[int, tuple[str, Report]] = field(default_factory=dict)

    def commit(self, mark: Mark) -> None:
        """Make what was noted since the last call part of the memory."""
        for note in self._pending:
            note()
        self.reports |= {number: state for number, state in self._uncommitted.items() if number in self.heads}
        self.mark = mark
        self.roll_back()

    def roll_back(self) -> None:
        """Forget what was noted since the last COMMIT."""
        self._pending.clear()
        self._uncommitted.clear()

    def note_steps(
        self,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        changes: Sequence[Change],
        rows: Sequence[dict[str, Any]],
        read: Callable[[], Report],
    ) -> None:
        """Note steps of a draft; `read` returns its report after them, for a draft that is new to this run."""
        number = after["number"]
        chain, report = self._uncommitted.get(number) or self.reports.get(number) or ("", None)
        if report is None or chain != before["chain"]:
            report = read()
        else:
            for change in changes:
                report = applied(report, change)
        self._uncommitted[number] = after["chain"], report
        self._pending.append(lambda: self.steps.setdefault(number, {}).update({row["step"]: row for row in rows}))

    def note_head(self, row: dict[str, Any]) -> None:
        """Note a draft's own row."""
        self._pending.append(lambda: self.heads.update({row["number"]: row}))

    def note_version(self, row: dict[str, Any]) -> None:
        """Note a version that was added."""
        self._pending.append(lambda: self._add_version(row))

    def _add_version(self, row: dict[str, Any]) -> None:
        self.versions[row["sum"]] = row
        self.forgotten.discard(row["sum"])

    def forget_version(self, row: Mapping[str, Any]) -> None:
        """Note a version that was removed."""
        self._pending.append(lambda: self._remove_version(row["sum"]))

    def _remove_version(self, checksum: str) -> None:
        self.versions.pop(checksum, None)
        self.forgotten.add(checksum)

    def note_gone(self, number: int, gone: Gone) -> None:
        """Note a draft that was deleted for ever."""
        self._pending.append(lambda: self._drop(number, gone))

    def _drop(self, number: int, gone: Gone) -> None:
        self.gone[number] = gone
        for part in (self.steps, self.heads, self.reports, self._uncommitted):
            part.pop(number, None)
        self.versions = {key: row for key, row in self.versions.items() if row["draft"] != number}
