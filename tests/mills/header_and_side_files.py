"""Fault test: every byte of the file's header, and foreign files beside the drafts' file; nothing may be lost.

`python -m tests.mills.header_and_side_files --values 9`.  Each case is read first, which must change no byte, then
opened, saved into and opened again; all reports must be there, and a damaged file must be kept as it was.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from model.form.cell import Address, Entry
from model.recovery import open_database, other_files
from model.recovery.open_database import Opened, open_drafts, open_to_read
from model.report.report import Change, Report
from model.storage import file_names
from model.storage.database_file import StoreTrouble
from model.storage.store import Store
from tests.mills.damage import Truth, build
from tests.support import open_files
from tests.support.side_files import fingerprints, of_another_database, put_beside

open_database.SETTLE_SECONDS = 0.0
HEADER = 100
FIELDS = (
    (0, 16), (16, 2), (18, 2), (20, 1), (21, 3), (24, 4), (28, 4), (32, 8), (40, 4), (44, 4), (48, 4), (52, 4), (56, 4),
    (60, 4), (64, 4), (68, 4), (72, 20), (92, 4), (96, 4),
)  # fmt: skip
SAVED = Address("t", "saved", "c")


@dataclass(frozen=True)
class Case:
    """Bytes to write over the header, by offset, and contents to put beside the file, by ending."""

    kind: str
    header: dict[int, bytes]
    beside: dict[str, bytes | str | None]


# -- cases -----------------------------------------------------------------------------------------------------------


def cases(rnd: random.Random, values: int, head: bytes) -> Iterator[Case]:
    """Yield the cases of every kind; `values` of each byte, pair, field and combination of side files."""
    for at in range(HEADER):
        others = [value for value in {0, 1, 2, 3, 255, *[head[at] ^ 1 << bit for bit in range(8)]} if value != head[at]]
        for value in rnd.sample(others, min(values, len(others))):
            yield Case("one byte", {at: bytes([value])}, {})
    for _ in range(HEADER * values // 4):
        places = rnd.sample(range(HEADER), 2)
        yield Case("two bytes", {at: rnd.randbytes(1) for at in places}, {})
    for at, length in FIELDS:
        for _ in range(values):
            yield Case("a field", {at: rnd.randbytes(length)}, {})
    for _ in range(values):
        yield Case("all but the magic", {16: rnd.randbytes(HEADER - 16)}, {})
        yield Case("the whole header", {0: rnd.randbytes(HEADER)}, {})
    yield from _side_cases(rnd, values)


def _side_cases(rnd: random.Random, values: int) -> Iterator[Case]:
    foreign = of_another_database()
    wal, shm, journal = foreign["-wal"], foreign["-shm"], foreign["-journal"]
    wals = [wal, wal[:32], wal[: len(wal) // 2], b"", rnd.randbytes(40_000), None, "nowhere", "state.json"]
    modes: list[dict[int, bytes]] = [{}, {18: b"\2\2"}, {18: b"\2"}, {19: b"\2"}]
    for _ in range(values):
        for one in wals:
            yield Case("a foreign wal", {}, {"-wal": one})
            yield Case("a foreign wal and shm", rnd.choice(modes), {"-wal": one, "-shm": rnd.choice([shm, b"", None])})
        yield Case("a foreign shm", rnd.choice(modes), {"-shm": rnd.choice([shm, b"x", None])})
        yield Case("a foreign journal", rnd.choice(modes), {"-journal": rnd.choice([journal, None, "nowhere"])})
        yield Case("a super-journal", {}, {"-mj0A1B2C3D4": rnd.choice([b"", b"/etc/hosts\0", None])})
        both = {rnd.randrange(HEADER): rnd.randbytes(1)}
        yield Case("a byte and all beside", both, {"-wal": wal, "-shm": shm, "-journal": journal, "-mj1": b"x"})


# -- one case --------------------------------------------------------------------------------------------------------


def damaged(folder: Path, case: Case) -> bytes:
    """Damage a folder as the case says; return the file's content."""
    path = folder / file_names.DATABASE
    content = bytearray(path.read_bytes())
    for at, new in case.header.items():
        content[at : at + len(new)] = new
    path.write_bytes(content)
    for ending, beside in case.beside.items():
        path.with_name(path.name + ending).unlink(missing_ok=True)
        put_beside(path, ending, beside)
    return bytes(content)


def once(folder: Path, case: Case, truth: Truth, mine: Store) -> str:
    """Read, open, save and open again; return the outcome in words, faults in capitals."""
    content = damaged(folder, case)
    before = fingerprints(folder)
    if fault := _lost(open_to_read(folder), truth, {}):
        return f"READING: {fault}"
    found = other_files.look_into(folder / file_names.DATABASE, mine)
    if [report.cells for report in found.reports] != [states[-1].cells for states in truth.states.values()]:
        return "LOOKING INTO the file lost something"
    if fingerprints(folder) != before:
        return "READING changed the folder"
    opened = open_drafts(folder)
    outcome = _outcome(opened, case, content)
    store = opened.store
    change = Change("填写", cells={SAVED: (store.load(1).entry(SAVED), Entry(77))})
    store.save(1, [change], f"mill {case.kind}")
    fault = _lost(opened, truth, {1: change}) or _lost(open_drafts(folder), truth, {1: change})
    return f"OPENED: {fault}" if fault else outcome


def _outcome(opened: Opened, case: Case, content: bytes) -> str:
    unnamed = [ending for ending in case.beside if ending != "-journal" and f"{ending}" not in opened.sentence]
    if unnamed:
        return f"UNNAMED {unnamed}: {opened.sentence}"
    if opened.recovered is None:
        return "put aside" if case.beside else "opened"
    if opened.recovered.missing or opened.recovered.undecided:
        return f"LOST {opened.recovered.missing} steps: {opened.sentence}"
    kept = opened.recovered.kept
    if not kept or kept.read_bytes() != content:
        return "CHANGED the file that is kept"
    return "recovered wholly"


def _lost(opened: Opened, truth: Truth, changes: dict[int, Change]) -> str:
    """Describe what is missing in an opened store, and close it; "" for nothing."""
    with_saved = {number: {SAVED: Entry(77)} for number in changes}
    try:
        opened.store.verify()
        for number, states in truth.states.items():
            expected: Report = states[-1]
            shown = opened.store.load(number)
            if shown.cells != {**expected.cells, **with_saved.get(number, {})} or shown.texts != expected.texts:
                return f"draft {number} differs"
        return ""
    finally:
        opened.store.close()


def answer_to(folder: Path, source: Path, case: Case, truth: Truth, mine: Store) -> str:
    """Copy the intact folder, try the case on the copy and return the outcome in words."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    with open_files.watched() as opened:
        try:
            answer = once(folder, case, truth, mine)
        except (StoreTrouble, OSError, ValueError, LookupError, TypeError, RuntimeError, sqlite3.Error) as error:
            answer = f"ENDED with {type(error).__name__}: {error}"
    return f"OPEN WHILE REMOVED {opened}" if opened else answer


def is_bad(answer: str) -> bool:
    return answer.split(maxsplit=1)[0].isupper()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=1, help="of each byte, field and combination")
    parser.add_argument("--every", type=int, default=1, help="try only every so many cases")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    memory, answers = Path("/dev/shm"), dict[str, Counter[str]]()
    with tempfile.TemporaryDirectory(prefix="header-", dir=memory if memory.exists() else None) as base:
        source, folder = Path(base) / "完好", Path(base) / "数据"
        truth, _ = build(source, arguments.seed)
        head = (source / file_names.DATABASE).read_bytes()[:HEADER]
        mine = open_drafts(Path(base) / "本机").store
        drawn = cases(random.Random(arguments.seed), arguments.values, head)
        for case in islice(drawn, None, None, arguments.every):
            answer = answer_to(folder, source, case, truth, mine)
            answers.setdefault(case.kind, Counter())[answer] += 1
            if is_bad(answer):
                places = {at: new.hex() for at, new in case.header.items()}
                print(f"{case.kind} {places} {list(case.beside)}: {answer}", file=sys.stderr, flush=True)
        mine.close()
    for kind, counts in answers.items():
        found = ", ".join(f"{count} {answer}" for answer, count in counts.items())
        print(f"{kind}: {sum(counts.values())} files: {found}", flush=True)
    return 1 if any(is_bad(answer) for counts in answers.values() for answer in counts) else 0


if __name__ == "__main__":
    sys.exit(main())
