"""Measures response times and memory: `python -m tests.bench [start] [open] [keys] [export] [memory]`, by default all.

Prints one Markdown table.  A bare PySide6 window is measured in the same run: compare ratios, not machines.
Without a display Qt draws into memory (`QT_QPA_PLATFORM=offscreen`).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 9
KEYS = 200
STARTS = 20
Row = tuple[str, str, str, str]  # what, measured, the bare window, the aim

# Each child prints the time of its first paint on the monotonic clock, which all processes share.
_BARE = """
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.resize(1280, 680)
"""
_OURS = """
import sys
from pathlib import Path
import main
from ui.cli.arguments import parser
from ui.parts import Folders, console
console.prepare()
arguments = parser().parse_args([])
from ui.app import startup
places = Folders(main.resources(), Path(sys.argv[1]))
app = startup.application(sys.argv[:1], places)
window = startup.window(places)
"""
_PAINTED = """
import time
from PySide6.QtCore import QEvent, QObject, QTimer
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            window.removeEventFilter(self)
            QTimer.singleShot(0, lambda: (print(time.monotonic_ns()), app.quit()))
        return False
watch = Watch()
window.installEventFilter(watch)
window.show()
app.exec()
"""
_DRAFT = """
window.show()
window.open_draft(1)
window.bench.wizard.go_to("requests").take_focus()
"""
_OPENED = """
import time
window.show()
window.prepare()
while window.jobs.busy:  # nothing can be opened before it is listed
    app.processEvents()
for turn in range(6):
    window._settings = window._settings.at({number}, "{step}", "")
    begin = time.perf_counter()
    window.open_draft({number})
    app.processEvents()
    print((time.perf_counter() - begin) * 1000)
    window.close_draft()
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        app.processEvents()
window.close()
"""
_WEIGHED = """
import time
window.show()
end = time.monotonic() + 1
while time.monotonic() < end:
    app.processEvents()
kinds = dict(line.split(":") for line in open("/proc/self/smaps_rollup").read().splitlines()[1:])
print(*(int(kinds[kind].split()[0]) for kind in ("Rss", "Pss")))
"""


def main(names: Sequence[str]) -> int:
    """Run the named measurements, by default all; returns the exit code."""
    measures: dict[str, Callable[[Path], Iterator[Row]]] = {
        "start": measure_start, "open": measure_open, "keys": measure_keys, "export": measure_export,
        "memory": measure_memory,
    }  # fmt: skip
    if unknown := [name for name in names if name not in measures]:
        print(f"unknown: {' '.join(unknown)}; known: {' '.join(measures)}", file=sys.stderr)
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print("| what | measured | bare window | aim |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        for name in names or measures:
            for row in measures[name](Path(folder)):
                print(f"| {' | '.join(row)} |", flush=True)
    return 0


def fill(data: Path) -> None:
    """Create a data folder with a real report as draft 1 and one with 20,000 characters of text as draft 2."""
    long = data / "long.json"
    report = json.loads((ROOT / "tests" / "support" / "reports" / "suqian-2023.json").read_text("utf-8"))
    sentence = report["texts"]["overview"] + "\n"
    report["texts"]["overview"] = sentence * (20_000 // len(sentence))
    long.write_text(json.dumps(report, ensure_ascii=False), "utf-8")
    for file in (ROOT / "tests" / "support" / "reports" / "suqian-2023.json", long):
        command = ["main.py", "--data", str(data), "import", str(file)]
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True)


def child(code: str, data: Path) -> str:
    """Run Python code in a child process; return what it prints."""
    words = [sys.executable, "-c", code, str(data)]
    return subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout


# -- start --------------------------------------------------------------------------------------------------------


def measure_start(data: Path) -> Iterator[Row]:
    """Measure from process start to first paint, alternating between the program and a bare window."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        bare.append(_to_paint(_BARE, data))
        ours.append(_to_paint(_OURS, data))
    for what, mine, floor in zip(
        ("start to first paint", "the same, CPU"), _medians(ours), _medians(bare), strict=True
    ):
        said = f"{mine:.0f} ms ({mine / floor:.2f} ×, + {mine - floor:.0f} ms)"
        yield what, said, f"{floor:.0f} ms", f"≤ {1.3 * floor + 300:.0f} ms"


def _to_paint(code: str, data: Path) -> tuple[float, float]:
    """Return milliseconds until a window is painted and CPU milliseconds of the whole process."""
    before, begin = os.times(), time.monotonic_ns()
    painted = int(child(code + _PAINTED, data))
    return (painted - begin) / 1e6, _cpu_since(before) * 1000


def _cpu_since(before: os.times_result) -> float:
    """Return CPU seconds of the children that have ended since `before`."""
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _medians(rounds: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(wall for wall, _ in rounds), statistics.median(cpu for _, cpu in rounds)


# -- open ---------------------------------------------------------------------------------------------------------


def measure_open(data: Path) -> Iterator[Row]:
    """Measure from Enter on the list of drafts until the page is painted, in one child process for each draft."""
    for what, number, step in (
        ("open a draft, on 三", 1, "requests"), ("open a draft, 20,000 characters", 2, "overview"),
    ):  # fmt: skip
        times = [float(word) for word in child(_OURS + _OPENED.format(number=number, step=step), data).split()]
        yield what, f"first {times[0]:.0f} ms, again {statistics.median(times[1:]):.0f} ms", "", "≤ 150 ms"


# -- keys ---------------------------------------------------------------------------------------------------------


def measure_keys(data: Path) -> Iterator[Row]:
    """Measure from Enter in a cell of table 三 until totals, marks, findings and the status are painted."""
    from PySide6.QtCore import Qt  # noqa: PLC0415  # only this measurement needs Qt in this process
    from PySide6.QtTest import QTest  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication, QWidget  # noqa: PLC0415

    from model.form.cell import at  # noqa: PLC0415
    from ui.app import startup  # noqa: PLC0415
    from ui.parts.folders import Folders  # noqa: PLC0415

    places = Folders(ROOT / "resources", data)
    application = startup.application([], places)
    window = startup.window(places)
    window.resize(1366, 708)
    window.show()
    window.activateWindow()
    application.processEvents()
    window.open_draft(1)
    assert window.bench is not None
    wizard = window.bench.wizard

    def focus() -> QWidget:
        focused = QApplication.focusWidget()
        assert focused is not None
        return focused

    times = []
    for turn in range(KEYS):
        wizard.show_cell(at("requests/new_received/natural_person"))
        QTest.keyClicks(focus(), str(3402 + turn % 2))  # every second number breaks a relation
        application.processEvents()
        begin, cpu = time.perf_counter(), time.thread_time()
        QTest.keyClick(focus(), Qt.Key.Key_Return)
        application.processEvents()
        times.append(((time.perf_counter() - begin) * 1000, (time.thread_time() - cpu) * 1000))
    window.close()
    worst = [max(kind) for kind in zip(*times, strict=True)]
    for what, median, most in zip(("Enter to findings painted", "the same, CPU"), _medians(times), worst, strict=True):
        yield what, f"{median:.1f} ms, worst of {KEYS}: {most:.1f} ms", "", "≤ 16 ms, worst ≤ 50 ms"


# -- export -------------------------------------------------------------------------------------------------------


def measure_export(data: Path) -> Iterator[Row]:
    """Measure CPU and wall seconds of a whole `main.py export`, from a cold process to the file."""
    command = [sys.executable, "main.py", "--data", str(data), "export", "1", "-o", str(data / "年报.pdf")]
    rounds = []
    for _ in range(ROUNDS):
        before, begin = os.times(), time.monotonic()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        rounds.append((time.monotonic() - begin, _cpu_since(before)))
    wall, cpu = _medians(rounds)
    yield "cold export to PDF", f"{cpu:.2f} s of CPU, {wall:.2f} s", "", ""
    yield (
        "start of an export, 20,000 characters",
        f"{_start_of_export(data):.2f} ms of the window's thread",
        "",
        "≤ 2 ms",
    )


def _start_of_export(data: Path) -> float:
    """Return the median milliseconds for which starting an export after an edit holds up the window's thread."""
    from model.editing.opener import Opener  # noqa: PLC0415
    from model.form.loader import load_all  # noqa: PLC0415
    from model.importing.read import read_file  # noqa: PLC0415
    from ui.output.export_jobs import export_work  # noqa: PLC0415
    from ui.parts.folders import Folders  # noqa: PLC0415

    places = Folders(ROOT / "resources", data)
    known = load_all([places.formats])
    editing = Opener(known, places.rules).open(read_file(data / "long.json", known).report)
    times = []
    for turn in range(STARTS):
        editing.write("problems", f"存在的问题共{turn}项。")
        begin = time.perf_counter()
        export_work(editing.now, data / "年报.pdf", places, threading.Event())
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


# -- memory -------------------------------------------------------------------------------------------------------


def measure_memory(data: Path) -> Iterator[Row]:
    """Measure resident and proportional memory of the start window and of a draft open at table 三."""
    if not Path("/proc/self/smaps_rollup").exists():
        yield "memory", "only on Linux", "", ""
        return
    floor = _weight(_BARE, data)
    for what, code in (("start window", _OURS), ("draft open at 三", _OURS + _DRAFT)):
        mine = _weight(code, data)
        kinds = zip(("RSS", "PSS"), mine, floor, strict=True)
        said = ", ".join(f"{kind} {ours:.0f} MiB (+ {ours - bare:.0f})" for kind, ours, bare in kinds)
        yield f"memory, {what}", said, f"RSS {floor[0]:.0f}, PSS {floor[1]:.0f} MiB", "≤ floor + 60 MiB"


def _weight(code: str, data: Path) -> tuple[float, float]:
    """Return RSS and PSS in MiB after one idle second."""
    rss, pss = child(code + _WEIGHED, data).split()
    return int(rss) / 1024, int(pss) / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
