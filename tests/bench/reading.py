"""Measures the readers of old reports: right, wrong and missing cells, text, and CPU time for each kind of file.

`python -m tests.bench.reading [FOLDER]`: every file of the folder that has its true contents beside it, as an exchange
file called `NAME.json`; without a folder those in `tests/support/old_files.zip`.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from model.base.trouble import Trouble
from model.form.cell import Address
from model.form.loader import Formats, load_all
from model.importing.read import read_file
from model.importing.reading_result import Reading
from model.report.exchange import loads
from model.report.report import Report
from tests.support.old_files import unpack

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 3


@dataclass
class Score:
    """The result for one file: cells right, wrong, missing, shares of the texts in order, seconds of CPU, sentence."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    texts: dict[str, float] = field(default_factory=dict)
    breaks: int = 0  # paragraphs that begin elsewhere than in the original
    seconds: float = 0.0
    refused: str = ""
    notes: tuple[str, ...] = ()


def pairs(folder: Path) -> Iterator[tuple[Path, Report]]:
    """Yield the files of a folder that have their true contents beside them."""
    for path in sorted(folder.iterdir()):
        truth = path.with_name(path.name + ".json")
        if truth.exists():
            yield path, loads(truth.read_bytes())


def printed(report: Report, address: Address) -> str:
    """Return what a cell of the original shows."""
    if address in report.stated:
        return str(report.stated[address])
    return report.cells[address].shown() if address in report.cells else ""


def alike(one: str, other: str) -> bool:
    """Tell whether two cells are the same number: a writer may leave out the zeros at the end of 0.0000."""
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def bare(text: str) -> str:
    return "".join(text.split())


def in_order(one: str, other: str) -> float:
    """Return the share of characters that two texts have in the same order."""
    a, b = bare(one), bare(other)
    if not a and not b:
        return 1.0
    same = sum(block.size for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())
    return 2 * same / (len(a) + len(b))


def score(reading: Reading, truth: Report, formats: Formats) -> Score:
    """Compare a reading with the true report."""
    found, report = Score(), reading.report
    form = formats.named(truth.format)
    if report.format != truth.format:
        found.wrong.append(f"form {report.format}")
        return found
    for address in (*form.inputs, *form.totals):
        wanted, read = printed(truth, address), printed(report, address)
        if wanted == read or alike(wanted, read):
            found.right += 1
        elif read:
            found.wrong.append(f"{address} {read!r} for {wanted!r}")
        else:
            found.missing.append(f"{address} {wanted!r}")
    for section in form.sections:
        if not section.table:
            texts = truth.text(section.id), report.text(section.id)
            found.texts[section.id] = in_order(*texts)
            found.breaks += len(set(map(bare, texts[0].split("\n"))) ^ set(map(bare, texts[1].split("\n"))))
    if (report.agency, report.year) != (truth.agency, truth.year):
        found.wrong.append(f"{report.agency} {report.year}")
    return found


def measured(path: Path, truth: Report, formats: Formats, rounds: int = ROUNDS) -> Score:
    """Read a file some times and return its score with the median of the CPU seconds."""
    spent: list[float] = []
    try:
        for _ in range(rounds):
            start = time.process_time()
            read_file(path, formats)
            spent.append(time.process_time() - start)
        reading = read_file(path, formats)
    except Trouble as trouble:
        return Score(refused=str(trouble))
    found = score(reading, truth, formats)
    found.seconds, found.notes = median(spent), tuple(f"{it.code}: {it.message}" for it in reading.report.notes)
    return found


def main(arguments: list[str]) -> int:
    """Print a line for each file, with what differs, and a table by kind; return 1 if a cell is wrong."""
    if arguments:
        return printed_scores(Path(arguments[0]))
    with TemporaryDirectory() as folder:
        return printed_scores(unpack("files", Path(folder)))


def printed_scores(folder: Path) -> int:
    formats = load_all([ROOT / "resources" / "formats"])
    kinds: dict[str, list[Score]] = defaultdict(list)
    for path, truth in pairs(folder):
        found = measured(path, truth, formats)
        kinds[path.suffix].append(found)
        texts = min(found.texts.values(), default=0.0)
        counts = f"{found.right:4} {len(found.wrong):3} {len(found.missing):3}"
        print(f"{path.name:28} {counts} {texts:7.1%} {found.seconds:.3f} s")
        for line in filter(None, (*found.wrong[:5], *found.missing[:5], found.refused, *found.notes)):
            print(f"    {line}")
    print("\n| kind | files | right | wrong | missing | text (least) | paragraphs | CPU s (median) |")
    print("|---|---|---|---|---|---|---|---|")
    for kind, scores in sorted(kinds.items()):
        print(table_row(kind, scores))
    return int(any(found.wrong for scores in kinds.values() for found in scores))


def table_row(kind: str, scores: list[Score]) -> str:
    sums = [sum(counts) for counts in zip(*((s.right, len(s.wrong), len(s.missing)) for s in scores), strict=True)]
    texts = min(min(s.texts.values(), default=0.0) for s in scores)
    breaks, seconds = sum(s.breaks for s in scores), median(s.seconds for s in scores)
    return f"| {kind} | {len(scores)} | {' | '.join(map(str, sums))} | {texts:.1%} | {breaks} | {seconds:.3f} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
