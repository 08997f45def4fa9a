"""Output of a report as PDF, data file, 检查报告 or 对比表, for window and command line; imports no Qt."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from export.document import compose
from export.fonts import FontSet, installed
from model.base import Trouble, write_atomic
from model.editing import Reviewed
from model.report import exchange

if TYPE_CHECKING:  # imported where a PDF is written: a data file needs no ReportLab
    from export.pdf import writer

DATA_ENDINGS = (".json", ".zwgk")  # the same data; .zwgk is the file type associated with this program


def rendered(reviewed: Reviewed, press: FontSet) -> bytes:
    """Render the PDF in memory for preview and print; a character that no font has is shown as □."""
    from export.pdf import writer

    return writer.render(compose(reviewed), press)


def export_verdict(
    reviewed: Reviewed, target: Path, press: FontSet, check_cancelled: Callable[[], None] | None = None
) -> writer.Summary:
    """Write the 检查报告 as PDF; raises `Trouble`."""
    from export.document import compose_verdict
    from export.pdf import writer

    return writer.write(compose_verdict(reviewed), target, press, "box", check_cancelled)


def export_comparison(
    reviewed: Reviewed, target: Path, press: FontSet, check_cancelled: Callable[[], None] | None = None
) -> writer.Summary:
    """Write the 对比表 of two years as PDF; raises `Trouble`, also if last year's report is not known."""
    from export.document import compose_comparison
    from export.pdf import writer

    return writer.write(compose_comparison(reviewed), target, press, "box", check_cancelled)


@lru_cache(maxsize=2)
def load_press(resources: Path, *, own_fonts: bool = False) -> FontSet:
    """Load fonts and style, cached; `own_fonts` prefers the official-document fonts installed on this computer."""
    return FontSet.load(resources, installed.find(installed.folders()) if own_fonts else None)


def export(
    reviewed: Reviewed,
    target: Path,
    press: FontSet,
    *,
    box_missing: bool = False,
    check_cancelled: Callable[[], None] | None = None,
) -> writer.Summary | None:
    """Write the report as PDF or JSON according to the file's ending; raises `Trouble` for any other ending.

    `box_missing` prints □ for a character that no font has; otherwise a `Trouble` names it and nothing is written.
    `check_cancelled` is called just before the file is put in place; an exception from it prevents that.
    """
    ending = target.suffix.lower()
    if ending == ".pdf":
        from export.pdf import writer

        return writer.write(compose(reviewed), target, press, "box" if box_missing else "refuse", check_cancelled)
    if ending in DATA_ENDINGS:
        write_atomic(
            target, exchange.dumps(reviewed.report), (lambda _found: check_cancelled()) if check_cancelled else None
        )
        return None
    raise Trouble(f"不能导出为“{target.name}”，文件名请以 .pdf、.json 或 .zwgk 结尾")
