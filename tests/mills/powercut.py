"""Fault test: simulates power cuts at random moments of a recorded run; acknowledged saves must be on the disk.

`python -m tests.mills.powercut --cuts 30000`.  Of what was written but not synced before the cut any part may be on
the disk: a prefix with its last write torn, or any set of blocks of 512 or 4096 bytes, in any order.  File names follow
three models: `ordered` (a sync of a file also makes earlier names durable, as in journalling file systems), `strict`
(only a sync of the folder does) and `windows` (as ordered, but folders cannot be synced).
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import struct
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from model.storage import database_file
from tests.mills import recording, workload

MODELS = ("ordered", "strict", "windows")
_HEAD = struct.Struct("<cHHqI")


@dataclass(frozen=True)
class Change:
    """One recorded call: kind, name, other name, offset or number, data."""

    kind: str
    name: str
    other: str
    offset: int
    data: bytes


Write = tuple[int, bytes | None]  # offset and data; data None: truncated or extended to that length


def run(folder: Path, log: Path, saves: int) -> None:
    """Run the workload to be recorded: a session, its end, and a second session."""
    watch = recording.recorder()
    watch.recorder_watch(str(folder).encode(), str(log).encode())
    for numbers in (range(1, saves // 2), range(saves // 2, saves + 1)):
        store = workload.begin(folder).store
        for number in numbers:
            workload.save(store, number, watch.recorder_say)
        store.close()


def record(base: Path, saves: int) -> list[Change]:
    folder, log = base / "数据", base / "log"
    folder.mkdir()
    recorded = multiprocessing.get_context("fork").Process(target=run, args=(folder, log, saves))
    recorded.start()
    recorded.join()
    if recorded.exitcode:
        raise AssertionError("the recorded run failed")
    return list(read(log.read_bytes()))


def read(log: bytes) -> Iterator[Change]:
    at = 0
    while at < len(log):
        kind, length, other, offset, size = _HEAD.unpack_from(log, at)
        names = at + _HEAD.size
        data = names + length + other
        name, second = log[names : names + length].decode(), log[names + length : data].decode()
        yield Change(kind.decode(), name, second, offset, log[data : data + size])
        at = data + size


@dataclass
class Disk:
    """Model of a disk: durable names and content, and changes that are not yet durable."""

    model: str
    names: dict[str, int] = field(default_factory=dict)  # as the running program sees them
    opened: dict[str, int] = field(default_factory=dict)  # a renamed file is still written under its old name
    durable: dict[str, int] = field(default_factory=dict)
    moves: list[Change] = field(default_factory=list)  # changes of names that are not yet durable
    inodes: list[int] = field(default_factory=list)  # the inode of each move
    content: dict[int, bytearray] = field(default_factory=dict)
    pending: dict[int, list[Write]] = field(default_factory=dict)
    acknowledged: int = 0

    def step(self, change: Change) -> None:
        inode = self.names.get(change.name, self.opened.get(change.name, 0))
        match change.kind:
            case "A":
                self.acknowledged = change.offset
            case "C":
                inode = len(self.content) + 1
                self.content[inode], self.pending[inode] = bytearray(), []
                self.opened[change.name] = inode
                self._move(change, inode)
            case "U" | "R" | "L":
                self._move(change, inode)
            case "W" if inode:
                self.pending[inode].append((change.offset, change.data))
            case "T" if inode:
                self.pending[inode].append((change.offset, None))
            case "S":
                self._sync(change.name, inode)

    def _move(self, change: Change, inode: int) -> None:
        _apply_name(self.names, change, inode)
        self.moves.append(change)
        self.inodes.append(inode)

    def _sync(self, name: str, inode: int) -> None:
        if inode:
            for write in self.pending[inode]:
                _apply(self.content[inode], write)
            self.pending[inode] = []
        if self.model == "strict" if inode else self.model == "windows":
            return
        here = [n for n, move in enumerate(self.moves) if inode or str(PurePosixPath(move.name).parent) == name]
        for n in here:
            _apply_name(self.durable, self.moves[n], self.inodes[n])
        self.moves = [move for n, move in enumerate(self.moves) if n not in here]
        self.inodes = [one for n, one in enumerate(self.inodes) if n not in here]

    def crash(self, rnd: random.Random, folder: Path) -> None:
        """Write one possible content of the disk after the cut into `folder`."""
        names = dict(self.durable)
        until = rnd.choice([0, len(self.moves), rnd.randint(0, len(self.moves))])
        for move, inode in list(zip(self.moves, self.inodes, strict=True))[:until]:
            _apply_name(names, move, inode)
        for name, inode in names.items():
            content = bytearray(self.content[inode])
            for write in _part(rnd, self.pending[inode]):
                _apply(content, write)
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)


def _apply_name(names: dict[str, int], move: Change, inode: int) -> None:
    if move.kind == "C":
        names[move.name] = inode
    elif move.kind == "L":
        names[move.other] = inode
    else:
        names.pop(move.name, None)
        if move.kind == "R":
            names[move.other] = inode


def _apply(content: bytearray, write: Write) -> None:
    offset, data = write
    size = offset + len(data or b"")
    if len(content) < size:
        content.extend(bytes(size - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset:size] = data


def _part(rnd: random.Random, writes: list[Write]) -> Iterator[Write]:
    """Yield one possible part of the writes that were not synced."""
    way = rnd.choice(["nothing", "all", "prefix", "blocks", "sectors"])
    if way == "prefix":
        end = rnd.randint(0, len(writes))
        yield from writes[:end]
        if end < len(writes) and (data := writes[end][1]):
            yield writes[end][0], data[: rnd.randrange(len(data))]
        return
    size = 512 if way == "sectors" else 4096
    for offset, data in writes if way != "nothing" else ():
        if data is None or way == "all":
            if way == "all" or rnd.random() < 0.5:
                yield offset, data
            continue
        for start in range(0, len(data), size):
            if rnd.random() < 0.5:
                yield offset + start, data[start : start + size]


def mill(base: Path, changes: list[Change], model: str, cuts: int, seed: int) -> tuple[int, int]:
    """Simulate `cuts` power cuts; return how many lost an acknowledged save and how many damaged the file."""
    rnd = random.Random(seed)
    disk, at, lost, damaged = Disk(model), 0, 0, 0
    for cut in sorted(rnd.randrange(1, len(changes) + 1) for _ in range(cuts)):
        for change in changes[at:cut]:
            disk.step(change)
        at = cut
        folder = base / "after"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        disk.crash(rnd, folder)
        found, wrong = workload.found_or_wrong(folder)
        if wrong or found < disk.acknowledged:
            print(f"{model}, cut at {cut}: {wrong or f'{found} of {disk.acknowledged}'}", file=sys.stderr)
        damaged, lost = damaged + bool(wrong), lost + (not wrong and found < disk.acknowledged)
    return lost, damaged


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=300, help="in all three models together")
    parser.add_argument("--saves", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--journal-mode", help="with `delete` this mill must find losses, or it sees nothing")
    arguments = parser.parse_args()
    if arguments.journal_mode:
        database_file.PRAGMAS["journal_mode"] = arguments.journal_mode
    recording.start_with_recorder("tests.mills.powercut")
    memory = Path("/dev/shm")
    bad = 0
    with tempfile.TemporaryDirectory(prefix="powercut-", dir=memory if memory.exists() else None) as base:
        changes = record(Path(base), arguments.saves)
        for model in MODELS:
            cuts = arguments.cuts // len(MODELS)
            lost, damaged = mill(Path(base), changes, model, cuts, arguments.seed)
            print(f"{model}: {cuts} cuts among {len(changes)} calls, {lost} lost, {damaged} damaged", flush=True)
            bad += lost + damaged
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
