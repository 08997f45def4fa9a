"""Fault test: puts hostile content in place of the program's own files, and reads, opens, saves and lists.

`python -m tests.mills.hostile_side_files --count 2000 --seed 1`.  Content is drawn from fixed cases, arbitrary JSON,
damaged copies of sound files and raw bytes; kinds of file are links, pipes, folders and devices.  Nothing may raise,
take more than 2 s of CPU or change a file that a link leads to, and a draft saved before must be whole.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from model.base import event_log, own_files
from model.base.files import SECTOR
from model.form import loader
from model.recovery.open_database import open_drafts, open_to_read
from tests.mills import workload
from tests.support.helpers import ROOT
from tests.support.hostile_files import CONTENTS, KINDS, SIDE_FILES
from ui.parts.settings import SettingsFile

SHIPPED = ROOT / "resources" / "formats"
PACK = "formats/x.toml"
RENEWED = 50  # cases with the same drafts
LIMIT = 2.0  # seconds of CPU of one case
VICTIM = b"precious" * 100
_WORDS = ("heads", "hold", "width", "splitter", "pages", "draft", "change", "origin", "user", "since", "a" * 32)


def arbitrary(rnd: random.Random, depth: int = 4) -> Any:
    """Return a random JSON value, with huge and infinite numbers."""
    kinds = ["null", "bool", "int", "huge", "float", "infinite", "text", "list", "object"]
    kind = rnd.choice(kinds if depth else kinds[:7])
    if kind == "list":
        return [arbitrary(rnd, depth - 1) for _ in range(rnd.randrange(4))]
    if kind == "object":
        return {rnd.choice(_WORDS): arbitrary(rnd, depth - 1) for _ in range(rnd.randrange(5))}
    simple = {"null": None, "bool": True, "int": rnd.randrange(-5, 9), "huge": 10 ** rnd.randrange(9, 4000)}
    return {**simple, "float": rnd.random(), "infinite": float("inf"), "text": chr(rnd.choice([65, 0, 0xD800]))}.get(
        kind
    )


def damaged(rnd: random.Random, sound: bytes) -> bytes:
    """Return a copy with some bytes changed, removed or doubled."""
    content = bytearray(sound or b"{}")
    for _ in range(rnd.randrange(1, 6)):
        at = rnd.randrange(len(content) or 1)
        content[at : at + rnd.randrange(3)] = rnd.choice([b"", rnd.randbytes(2), content[at : at + 40], b"[" * 2000])
    return bytes(content)


def content_for(rnd: random.Random, sound: bytes) -> tuple[str, bytes]:
    """Return the name of a way and content made in this way."""
    way = rnd.choice(["case", "JSON", "damaged", "bytes"])
    if way == "case":
        return way, CONTENTS[rnd.choice([name for name in CONTENTS if name != "20 MB"])]
    if way == "JSON":
        return way, json.dumps(arbitrary(rnd)).encode()
    return way, damaged(rnd, sound) if way == "damaged" else rnd.randbytes(rnd.randrange(SECTOR * 2))


def put_in_place(rnd: random.Random, data: Path, name: str, victim: Path) -> str:
    """Put something hostile in the place of one file and return its way."""
    path = data / name
    path.parent.mkdir(exist_ok=True)
    sound = path.read_bytes() if path.is_file() else (SHIPPED / "2021.toml").read_bytes() if name == PACK else b""
    _remove(path)
    if os.name == "posix" and rnd.random() < 0.25:
        kind = rnd.choice(KINDS)
        kind(path, victim)
        return kind.__name__
    way, content = content_for(rnd, sound)
    path.write_bytes(content)
    return way


def use(data: Path, saved: int) -> int:
    """Do what a start, a save and the command line do; return the number of saves, raise if one is missing."""
    installed = loader.load_installed(SHIPPED, data / "formats")
    assert {form.id for form in installed.formats} >= {"2019", "2021"}
    settings = SettingsFile(data).read()
    assert SettingsFile(data).write(settings)
    assert SettingsFile(data).read() == settings
    event_log.Log(data).note("event")
    store = open_drafts(data).store
    assert workload.saves(store) == saved
    if not store.refusal:
        saved += 1
        store.save(1, [workload.change(saved)], f"save {saved}", workload.counted(saved))
    store.close()
    reading = open_to_read(data).store
    assert workload.saves(reading) == saved
    reading.close()
    return saved


def main() -> int:
    """Run the cases and print the results by file and way; return 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    own_files.AGAIN = 0.0
    results: Counter[tuple[str, str, str]] = Counter()
    slowest, named = 0.0, 0
    folder = Path(tempfile.mkdtemp())
    saved = _begin(folder / "data")
    for number in range(given.count):
        rnd = random.Random(given.seed * 1_000_003 + number)
        name = rnd.choice([*SIDE_FILES, PACK])
        (folder / "victim").write_bytes(VICTIM)
        way = put_in_place(rnd, folder / "data", name, folder / "victim")
        began = time.process_time()
        try:
            saved = use(folder / "data", saved)
            result = "ok" if (folder / "victim").read_bytes() == VICTIM else "VICTIM CHANGED"
        except Exception as error:  # noqa: BLE001 — every exception is the failure that is looked for
            result = f"{type(error).__name__}: {error}"[:120]
            print(number, name, way, result, flush=True)
            shutil.rmtree(folder / "data")
            saved = _begin(folder / "data")
        slowest = max(slowest, time.process_time() - began)
        named += len(own_files.reports.take(folder / "data"))
        results[name, way, result] += 1
        _clear(folder / "data", rnd)
        if number % RENEWED == RENEWED - 1:  # opening proves every step, so that old drafts take ever longer
            shutil.rmtree(folder / "data")
            saved = _begin(folder / "data")
    shutil.rmtree(folder)
    for (name, way, result), count in sorted(results.items()):
        print(f"{name:16} {way:16} {result:12} {count}")
    failed = sum(count for (_, _, result), count in results.items() if result != "ok")
    print(f"{given.count} cases, {failed} failed, {named} sentences, slowest {slowest:.2f} s of CPU")
    return 1 if failed or slowest > LIMIT else 0


def _begin(data: Path) -> int:
    workload.begin(data).store.close()
    return 0


def _clear(data: Path, rnd: random.Random) -> None:
    """Remove the files put aside, the format, and at times the state, whose steps may be invented."""
    for path in [*data.glob("*.bad-*"), data / PACK, data / "state.json"]:
        if path.name != "state.json" or rnd.random() < 0.5:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
