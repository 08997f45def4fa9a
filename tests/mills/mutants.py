"""Test of the tests: draws small changes of the program by seed, and counts those that no near test notices.

`python -m tests.mills.mutants --mutants 500 --seed 2 --lines mutants.jsonl`.  Each mutant is written into a temporary
copy of the tree and run by a process forked from one that has imported pytest already.  First run the tests that call
the changed function, those of the same room before the others of `RINGS`; if they notice nothing, all quick tests of
the room.  A test that fails is run a second time.  Survivors listed in `equivalent_mutants.toml` change nothing that
anybody could notice, each with the reason.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.mills.forked_tests import EQUAL, KILLED, ROOT, SURVIVED, TIMEOUT, WORKERS, Message, Tester, in_workers
from tests.mills.mutations import Mutant, line_of, mutants

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
QUICK = 0.2  # seconds; slower tests run only if they call the changed function
SUBJECTS = (
    "model/storage/*.py",
    "model/recovery/*.py",
    "model/checks/*.py",
    "model/editing/*.py",
    "model/report/totals.py",
    "model/form/relation*.py",
)
RINGS = {  # by room: folders of its own tests, then of related ones
    "model/storage": ("tests/model/storage", "tests/model/recovery", "tests/model/report"),
    "model/recovery": ("tests/model/recovery", "tests/model/storage"),
    "model/checks": ("tests/model/checks", "tests/model/editing", "tests/model/narrative"),
    "model/editing": ("tests/model/editing", "tests/model/checks", "tests/model/report"),
    "model/report": ("tests/model/report", "tests/model/editing", "tests/model/checks"),
    "model/form": ("tests/model/form", "tests/model/report", "tests/model/checks", "tests/model/editing"),
}
LEFT_OUT = "tests/model/recovery/test_kill_and_damage.py"  # runs the other mills

Place = tuple[str, str, int, str, str]  # file, text of the line, character of it, what stands there and what is put


@dataclass
class Known:
    """Record of the tests without a change: seconds of each, those that fail, and those that call each function.

    A function is named by file and first line.  `always`: called outside of any test, so all tests depend on it.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    failing: list[str] = field(default_factory=list)
    callers: dict[str, list[str]] = field(default_factory=dict)
    always: list[str] = field(default_factory=list)

    def near(self, mutant: Mutant) -> tuple[list[str], list[str]]:
        """Return the tests to run first, and those to run if they notice nothing."""
        rings = RINGS[room_of(mutant)]
        tests = [test for test in self.seconds if test.startswith(rings) and test not in self.failing]
        place = f"{mutant.path}:{mutant.function}"
        callers = {*self.callers.get(place, ())} if mutant.function and place not in self.always else {*tests}
        order = sorted(tests, key=lambda test: (not test.startswith(rings[0]), self.seconds[test]))
        first = [test for test in order if test in callers]
        rest = [t for t in order if t not in callers and t.startswith(rings[0]) and self.seconds[t] < QUICK]
        return first, rest


def room_of(mutant: Mutant) -> str:
    """Return the folder of the changed file."""
    return mutant.path.rpartition("/")[0]


# -- the mill --------------------------------------------------------------------------------------------------------


def drawn(number: int, seed: int, subjects: Sequence[str]) -> list[Mutant]:
    """Draw mutants over the modules of `SUBJECTS`, each with the same chance."""
    paths = sorted(p for pattern in subjects for p in ROOT.glob(pattern) if p.name != "__init__.py")
    every = [one for p in paths for one in mutants(p.relative_to(ROOT).as_posix(), p.read_bytes())]
    return random.Random(seed).sample(every, min(number, len(every)))


def equivalents() -> dict[Place, str]:
    """Read the mutants that change nothing, by file, line of text and change, with the reason of each."""
    rows = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("mutant", [])
    return {(row["file"], row["line"], row["at"], row["before"], row["after"]): row["why"] for row in rows}


def key(mutant: Mutant) -> Place:
    """Return what an entry of `equivalent_mutants.toml` says of a mutant, apart from the reason."""
    line, at = line_of(mutant, (ROOT / mutant.path).read_bytes())
    return mutant.path, line, at, " ".join(mutant.before.split()), mutant.after


def known(told: Iterable[Message]) -> Known:
    """Sum up what `_Calls` told."""
    found, outside = Known(), set[str]()
    for message in told:
        outside |= {*message.get("outside", ())}
        if "broken" in message:
            raise RuntimeError(message["broken"])
        if message.get("failed") or "timeout" in message:
            found.failing.append(message.get("test", "a test that does not end"))
        if "calls" in message:
            found.seconds[message["test"]] = message["seconds"]
            for place in message["calls"]:
                found.callers.setdefault(place, []).append(message["test"])
    found.always = sorted(outside)
    return found


def interval(part: int, whole: int) -> tuple[float, float]:
    """Return the bounds of Wilson's 95 % interval of a share."""
    z = 1.96
    if not whole:
        return 0.0, 1.0
    share, extra = part / whole, z * z / whole
    middle, half = share + extra / 2, z * math.sqrt(share * (1 - share) / whole + extra / 4 / whole)
    return (middle - half) / (1 + extra), (middle + half) / (1 + extra)


def measure(base: Path, chosen: Iterable[Mutant]) -> Known:
    """Run the tests near to the mutants once without a change, their files divided between the workers."""
    folders = sorted({folder for room in {room_of(mutant) for mutant in chosen} for folder in RINGS[room]})
    files = [p.relative_to(ROOT).as_posix() for folder in folders for p in sorted((ROOT / folder).glob("test_*.py"))]
    files = [file for file in files if file != LEFT_OUT]

    def work(number: int, tester: Tester) -> Iterator[Message]:
        yield from tester.calls(files[number::WORKERS])
        tester.compile(files)

    return known(in_workers(base, work))


def confirmed(run: Callable[[Sequence[str]], tuple[str, str]], tests: Sequence[str]) -> tuple[str, str]:
    """Run tests until one fails twice: on a busy machine one may fail without any reason, and is then left out."""
    while True:
        result, by = run(tests)
        if result != KILLED or by not in tests or run([by])[0] != SURVIVED:
            return result, by
        tests = [test for test in tests if test != by]


def ground(base: Path, chosen: Sequence[Mutant], before: Known) -> Iterator[Message]:
    """Run every mutant; yield a line of the result for each."""
    same, keys = equivalents(), {mutant: key(mutant) for mutant in chosen}

    def work(number: int, tester: Tester) -> Iterator[Message]:
        for mutant in chosen[number::WORKERS]:
            begun = time.perf_counter()
            result, by = EQUAL, same.get(keys[mutant], "")
            for tests in () if by else before.near(mutant):
                result, by = confirmed(lambda tests, mutant=mutant: tester.result(mutant, tests), tests)  # type: ignore[misc]
                if result != SURVIVED:
                    break
            where = {
                "place": f"{mutant.path}:{mutant.line}",
                "text": keys[mutant][1],
                "at": keys[mutant][2],
                **asdict(mutant),
            }
            yield {**where, "result": result, "by": by, "seconds": round(time.perf_counter() - begun, 1)}

    yield from in_workers(base, work)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="a pattern of files instead of all subjects")
    parser.add_argument("--lines", type=Path, help="file for one JSON line for each mutant; otherwise printed")
    arguments = parser.parse_args()
    chosen = drawn(arguments.mutants, arguments.seed, arguments.only or SUBJECTS)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the copies of the tree are removed
    counts, begun, memory = Counter[str](), time.monotonic(), Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="mutants-", dir=memory if memory.exists() else None) as base:
        before = measure(Path(base), chosen)
        print(f"{len(before.seconds)} tests, failing without a change: {before.failing}", flush=True)
        with (arguments.lines or Path("/dev/stdout")).open("w", encoding="utf-8") as file:
            for line in ground(Path(base), chosen, before):
                counts[line["result"]] += 1
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                file.flush()
    judged = len(chosen) - counts[EQUAL]
    low, high = interval(counts[KILLED] + counts[TIMEOUT], judged)
    print(
        f"seed {arguments.seed}, {len(chosen)} mutants: {dict(counts)}; noticed {counts[KILLED] + counts[TIMEOUT]} of"
    )
    print(f"{judged} ({low:.1%} to {high:.1%}), {time.monotonic() - begun:.0f} s")
    return 1 if counts[SURVIVED] or before.failing else 0


if __name__ == "__main__":
    sys.exit(main())
