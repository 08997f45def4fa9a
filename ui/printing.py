"""What the screen and the command line share: a report as a file; no Qt here."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from export import pdf
from export.compose import compose
from export.document import Document
from export.files import write_atomic
from export.press import Press
from export.verdict import compose_verdict
from model import exchange
from model.editing import Editing
from model.trouble import Trouble
from ui.places import Places


def is_draft(editing: Editing) -> bool:
    """True until 定稿, and while a 错误 stands: then 草稿 is printed across each page."""
    return not editing.final or bool(editing.standing.errors)


def composed(editing: Editing) -> Document:
    """The report as a document."""
    return compose(editing.report, editing.form, editing.values, draft=is_draft(editing))


def rendered(editing: Editing, press: Press) -> bytes:
    """The PDF in memory, for preview and print; a character that no font has is shown as □."""
    return pdf.render(composed(editing), press)


def export_verdict(editing: Editing, target: Path, press: Press) -> pdf.Summary:
    """Write the 校验报告 as PDF; raises `Trouble`."""
    return pdf.write(compose_verdict(editing), target, press, "box")


@lru_cache(maxsize=1)
def load_press(places: Places) -> Press:
    """Fonts and style, loaded once."""
    return Press.load(places.resources)


def export(editing: Editing, target: Path, press: Press, *, box_missing: bool = False) -> pdf.Summary | None:
    """Write the report as PDF or JSON, as the file's ending says; raises `Trouble` for any other ending.

    `box_missing` prints □ for a character that no font has; otherwise such a character is named and nothing written.
    """
    ending = target.suffix.lower()
    if ending == ".pdf":
        return pdf.write(composed(editing), target, press, "box" if box_missing else "refuse")
    if ending == ".json":
        write_atomic(target, exchange.dumps(editing.report))
        return None
    raise Trouble(f"不能导出为「{target.name}」，文件名请以 .pdf 或 .json 结尾")
