"""Saves a version, a backup and the PDF of a report at 定稿."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from model.base import files, safe_name, unused
from model.editing import Reviewed
from ui.draft import SaveQueue
from ui.parts import Folders

FOLDER = "定稿"


def freeze_work(reviewed: Reviewed, number: int, places: Folders, save_queue: SaveQueue) -> Callable[[], Path]:
    """Return the function that a thread runs after 定稿; it returns the path of the PDF."""
    name = f"{safe_name(reviewed.title)} {datetime.now():%Y%m%d-%H%M%S}.pdf"

    def work() -> Path:
        from export.outputs import export, load_press  # late import: loads ReportLab and fonts

        save_queue.drafts.keep_final(number)
        folder = places.data / FOLDER
        target = unused(folder / name)
        files.make_folder_for(target)
        export(reviewed, target, load_press(places.resources), box_missing=True)
        return target

    return work
