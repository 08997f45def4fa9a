"""Measures the export: cold, warm, batch with memory, a long paragraph, size; compared with Typst and LibreOffice.

    python tests/bench/print_bench.py [rounds]        (7 rounds by default)

Cold: "ours" prints a composed document, as Typst and LibreOffice do; "program" is `main.py export x.json -o x.pdf`,
which also reads and composes the report, "text" the same from a published text, "checked" is `main.py check x.json`;
"frozen" are the same commands of the built program, if `dist` holds one.  "folder" exports 20 reports in one call and
is divided by 20.  Typst is measured when a Python that has its wheel is named in
TYPST_PYTHON, LibreOffice when `soffice` is found and a Python that has python-docx is named in DOCX_PYTHON.
Times are CPU seconds of the whole process (wait4) or of this one; compare ratios within one run, not between machines.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from export.document.document import Block, Document, DocumentTitle, Heading, Paragraph, PrintedTable, Run, Voice  # noqa: E402
from export.document.report_document import compose  # noqa: E402
from export.fonts.font_set import FontSet  # noqa: E402
from export.layout.pages import lay_out  # noqa: E402
from export.pdf import writer  # noqa: E402  (the project is found only after the line above)
from model.editing.run_rules import review  # noqa: E402
from model.form import loader  # noqa: E402
from model.form.grid import Role  # noqa: E402
from model.importing.read import read_report  # noqa: E402
from tests.support import printing  # noqa: E402

FONTS = {"title": "Zwgk Title SC", "body": "Zwgk Fang", "hei": "Zwgk Hei SC", "kai": "Zwgk Kai", "song": "Zwgk Song SC"}


REPORT = ROOT / "tests" / "support" / "reports" / "jiyuan-emergency-2020.txt"  # as published


def sample() -> Document:
    """Return a real bureau's report, read from its published text."""
    known = loader.load_all([ROOT / "resources" / "formats"])
    report = read_report(REPORT, known).report
    return replace(compose(review(report, known.named(report.format))), draft=False)


def shuffled(report: Document, seed: int) -> Document:
    """Return a report of the same length, with the characters of each run in another order."""
    chance = random.Random(seed)
    blocks: list[Block] = []
    for block in report.blocks:
        if isinstance(block, Paragraph):
            runs = tuple(Run("".join(chance.sample(run.text, len(run.text))), run.voice) for run in block.runs)
            blocks.append(replace(block, runs=runs))
        else:
            blocks.append(block)
    return replace(report, blocks=tuple(blocks))


# -- whole processes --------------------------------------------------------------------------------------------------

COLD = """
import pickle, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from export.fonts import FontSet
from export.pdf import writer
document = pickle.loads(Path({document!r}).read_bytes())
writer.write(document, Path({target!r}), FontSet.load(Path({root!r}) / "resources"))
"""
TYPST = """
import typst
typst.Compiler({source!r}, font_paths=[{fonts!r}], ignore_system_fonts=True).compile(output={target!r}, format="pdf")
"""


def process(command: Sequence[str]) -> tuple[float, float]:
    """Run a process; return its CPU seconds and peak memory in MiB."""
    # Allow Python to cache compiled modules, as an installed program does.
    place = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=place)
    _, status, usage = os.wait4(started.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)[:200]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def commands(folder: Path, report: Document) -> dict[str, list[str]]:
    """Return the commands to be compared, by the name of the engine."""
    import pickle  # noqa: PLC0415  (only here, and only with data from this process)

    (folder / "document").write_bytes(pickle.dumps(report))
    ours = COLD.format(root=str(ROOT), document=str(folder / "document"), target=str(folder / "ours.pdf"))
    (folder / "report.json").write_bytes(report.data)
    found = {"ours": [sys.executable, "-c", ours], **whole_commands(folder)}
    if python := os.environ.get("TYPST_PYTHON"):
        (folder / "report.typ").write_text(typst_source(report), encoding="utf-8")
        source, target = str(folder / "report.typ"), str(folder / "typst.pdf")
        code = TYPST.format(source=source, fonts=str(ROOT / "resources" / "fonts"), target=target)
        found["typst"] = [python, "-c", code]
    if words := office(folder, report):
        found["office"] = words
    return found


FROZEN = ROOT / "dist" / "zwgk-annual-report" / "zwgk-annual-report"
MANY = 20  # reports in one call


def whole_commands(folder: Path) -> dict[str, list[str]]:
    """Return the commands of the program, from source and, if it is built, frozen."""
    (folder / "many").mkdir()
    for number in range(MANY):
        shutil.copy(folder / "report.json", folder / "many" / f"{number:02}.json")
    programs = {"": [sys.executable, str(ROOT / "main.py")]} | ({"frozen ": [str(FROZEN)]} if FROZEN.exists() else {})
    found: dict[str, list[str]] = {}
    for name, program in programs.items():
        start = [*program, "--data", str(folder / "data")]
        report = str(folder / "report.json")
        target = str(folder / f"{name}program.pdf")
        found[f"{name}program"] = [*start, "export", report, "-o", target]
        found[f"{name}text"] = [*start, "export", str(REPORT), "-o", str(folder / f"{name}text.pdf")]
        found[f"{name}folder"] = [*start, "export", str(folder / "many"), "-o", str(folder / f"{name}out")]
        found[f"{name}checked"] = [*start, "check", report]
        found[f"{name}list"] = [*start, "list"]
        found[f"{name}version"] = [*program, "--version"]
    return found


def typst_source(report: Document) -> str:
    """Return the report as Typst source with the same fonts, sizes, paper and tables."""

    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def text_in(role: str, text: str) -> str:
        return f"#text(font: {quoted(FONTS[role])}, {quoted(text)})"

    parts = [
        '#set page(paper: "a4", margin: (top: 37mm, left: 28mm, right: 26mm, bottom: 35mm), numbering: "— 1 —")',
        f'#set text(font: {quoted(FONTS["body"])}, size: 15.75pt, lang: "zh", region: "cn")',
        "#set par(justify: true, first-line-indent: (amount: 2em, all: true), leading: 13.2pt, spacing: 13.2pt)",
        f"#show table.cell: set text(font: {quoted(FONTS['song'])}, size: 9.5pt)",
        "#show table.cell: set par(first-line-indent: 0pt, leading: 3pt, justify: false)",
    ]
    for block in report.blocks:
        if isinstance(block, DocumentTitle):
            lines = "\\ ".join(text_in("title", part) for part in block.parts)
            parts.append(f"#align(center, text(size: 22pt)[{lines}])")
        elif isinstance(block, Heading):
            parts.append(f"#block(sticky: true, par[{text_in('hei', block.text)}])")
        elif isinstance(block, Paragraph):
            roles = {Voice.BODY: "body", Voice.LEAD: "kai"}
            parts.append("#par[" + "".join(text_in(roles[run.voice], run.text) for run in block.runs) + "]")
        elif isinstance(block, PrintedTable):
            grid = block.grid
            relative = grid.widths or (1,) * grid.columns
            widths = ", ".join(f"{width / sum(relative):.4f} * 156mm" for width in relative)
            cells = ", ".join(
                f"table.cell(x: {b.column}, y: {b.row}, rowspan: {b.rows}, colspan: {b.columns})[#{quoted(b.text)}]"
                for b in grid.boxes
            )
            parts.append(f"#[#table(columns: ({widths}), inset: 2pt, stroke: 0.5pt, align: center + horizon, {cells})]")
    return "\n".join(parts)


def plain(report: Document) -> list[list[object]]:
    """Return the report in the form that `print_docx.py` reads."""
    fonts = {Voice.BODY: FONTS["body"], Voice.LEAD: FONTS["kai"]}
    found: list[list[object]] = []
    for block in report.blocks:
        if isinstance(block, DocumentTitle):
            found.append(["title", block.text])
        elif isinstance(block, Heading):
            found.append(["heading", block.text])
        elif isinstance(block, Paragraph):
            found.append(["paragraph", [(fonts[run.voice], run.text) for run in block.runs]])
        elif isinstance(block, PrintedTable):
            grid = block.grid
            relative = grid.widths or (1.0,) * grid.columns
            widths = [156 * width / sum(relative) for width in relative]
            boxes = [(b.row, b.column, b.rows, b.columns, b.text, b.role is Role.LABEL) for b in grid.boxes]
            found.append(["table", grid.rows, widths, boxes])
    return found


def office(folder: Path, report: Document) -> list[str]:
    """Return the LibreOffice command for the .docx, with bundled fonts and a separate profile; [] if not installed."""
    soffice, python = shutil.which("soffice"), os.environ.get("DOCX_PYTHON")
    if not soffice or not python:
        return []
    (folder / "office.json").write_text(json.dumps(plain(report)), encoding="utf-8")
    script = str(ROOT / "tests" / "bench" / "print_docx.py")
    subprocess.run([python, script, str(folder / "office.json"), str(folder / "office.docx")], check=True)
    fonts = f"<fontconfig><dir>{ROOT / 'resources' / 'fonts'}</dir><cachedir>{folder}/cache</cachedir></fontconfig>"
    (folder / "fonts.conf").write_text(fonts, encoding="utf-8")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    words = [
        soffice,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(folder / "office.docx"),
    ]
    return ["env", f"FONTCONFIG_FILE={folder / 'fonts.conf'}", *words]


def cold(rounds: int, report: Document) -> None:
    """Measure whole processes in rotation and print the medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = commands(folder, report)
        for command in found.values():
            process(command)  # once before, so that all files are read and all modules compiled
        measured: dict[str, list[tuple[float, float]]] = {engine: [] for engine in found}
        for _ in range(rounds):
            for engine, command in found.items():
                measured[engine].append(process(command))
        for engine, values in measured.items():
            share = MANY if engine.endswith("folder") else 1
            seconds = statistics.median(cpu for cpu, _ in values) / share
            pdf = folder / f"{engine}.pdf"
            size = f"{pdf.stat().st_size / 1024:5.0f} KB" if pdf.exists() else " " * 8
            peak = statistics.median(mib for _, mib in values)
            ratios = [
                f"{ratio(values, measured[other]) / share:5.2f} × {other}" for other in OTHERS if other in measured
            ]
            print(f"cold  {engine:15s} {seconds * 1000:6.1f} ms CPU  {peak:5.0f} MiB  {size}  {'  '.join(ratios)}")


OTHERS = ("typst", "office")  # what the program is compared with
Measured = Sequence[tuple[float, float]]  # CPU seconds and peak memory of each round


def ratio(values: Measured, other: Measured) -> float:
    """Return the median of the ratios of CPU time, round by round."""
    return statistics.median(mine / its for (mine, _), (its, _) in zip(values, other, strict=True))


# -- this process -----------------------------------------------------------------------------------------------------


def timed(work: Callable[[], object]) -> float:
    """Return the CPU milliseconds of `work`."""
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000


def resident() -> float:
    """Return the resident memory of this process in MiB (Linux only)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def warm(rounds: int, report: Document, press: FontSet) -> None:
    """Measure rendering the same report again, and reports with changed text."""
    values = [timed(lambda: writer.render(report, press)) for _ in range(rounds * 3)]
    print(f"warm  same report   {statistics.median(values[1:]):6.1f} ms CPU")
    edited = [shuffled(report, seed) for seed in range(rounds * 3)]
    values = [timed(lambda: writer.render(each, press)) for each in edited]  # noqa: B023  (called at once)
    print(f"warm  edited report {statistics.median(values[1:]):6.1f} ms CPU")


def batch(count: int, report: Document, press: FontSet) -> None:
    """Measure time and memory of rendering different reports in one process."""
    spent = 0.0
    for number in range(1, count + 1):
        # (every report has other characters, so that no subset font can be reused)
        odd = "".join(chr(0x4E00 + (number * 37 + n * 101) % 6000) for n in range(40))
        odd = "".join(c for c in odd if press.glyphs("body")[c].found)
        extra = Paragraph((Run(odd),), "overview", 99)
        each = replace(shuffled(report, number), blocks=(*report.blocks, extra))
        spent += timed(lambda: writer.render(each, press))  # noqa: B023  (called at once)
        if number in {10, 100, 300, 1000}:
            print(f"batch {number:5d} reports  {spent / number:6.1f} ms CPU each  {resident():5.0f} MiB")


def long_paragraph(press: FontSet) -> None:
    """Measure a paragraph of 96,000 characters."""
    for name, text in (
        ("Chinese", "政府信息公开工作，年度报告的编制；" * (96000 // 17)),
        ("torture", printing.TORTURE * (96000 // len(printing.TORTURE))),
    ):
        report = printing.document(printing.paragraph(text))
        laid = min(timed(lambda: lay_out(report, press.style, press)) for _ in range(3))  # noqa: B023
        whole = min(timed(lambda: writer.render(report, press)) for _ in range(3))  # noqa: B023
        print(f"96k   {name}  layout {laid:6.0f} ms  whole export {whole:6.0f} ms CPU")


def main() -> None:
    """Run all measurements."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    report, press = sample(), FontSet.load(printing.RESOURCES)
    values = [box for block in report.blocks if isinstance(block, PrintedTable) for box in block.grid.boxes]
    characters = sum(len(getattr(block, "text", "")) for block in report.blocks)
    print(f"sample: {characters} characters, {sum(box.role is Role.VALUE for box in values)} cells")
    cold(rounds, report)
    warm(rounds, report, press)
    long_paragraph(press)
    batch(300 if rounds < 7 else 1000, report, press)


if __name__ == "__main__":
    main()
