"""Drafts in one SQLite file, saved by one thread."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.storage import backups, database_file, file_copy, file_names, migrations, progress, row_codec
    from model.storage.backups import Backup, Difference
    from model.storage.counts import StoredCounts
    from model.storage.database_file import StoreTrouble, TroubleKind, damaged, folder_gone, troubles
    from model.storage.file_names import DATABASE, FOLDER
    from model.storage.lock import Holder, Lock, holder_of
    from model.storage.maintenance import Maintenance
    from model.storage.progress import hold_backups, recall
    from model.storage.row_codec import PARTS, Part, Rows, RowValues, change_json, change_of, row_sum, together
    from model.storage.save_thread import SaveThread
    from model.storage.sqlite_version import SQLITE
    from model.storage.step_writer import StepWriter
    from model.storage.store import BEFORE, NOTHING, Draft, JournalStep, Store, Version
    from model.storage.verified_rows import (
        HEAD_COLUMNS,
        STEP_COLUMNS,
        VERSION_COLUMNS,
        Checked,
        StoredRow,
        VerifiedReader,
        head_sum,
        link,
        sums,
        version_sum,
    )

__all__ = [
    "BEFORE",
    "DATABASE",
    "FOLDER",
    "HEAD_COLUMNS",
    "NOTHING",
    "PARTS",
    "SQLITE",
    "STEP_COLUMNS",
    "VERSION_COLUMNS",
    "Backup",
    "Checked",
    "Difference",
    "Draft",
    "Holder",
    "JournalStep",
    "Lock",
    "Maintenance",
    "Part",
    "RowValues",
    "Rows",
    "SaveThread",
    "StepWriter",
    "Store",
    "StoreTrouble",
    "StoredCounts",
    "StoredRow",
    "TroubleKind",
    "VerifiedReader",
    "Version",
    "backups",
    "change_json",
    "change_of",
    "damaged",
    "database_file",
    "file_copy",
    "file_names",
    "folder_gone",
    "head_sum",
    "hold_backups",
    "holder_of",
    "link",
    "migrations",
    "progress",
    "recall",
    "row_codec",
    "row_sum",
    "sums",
    "together",
    "troubles",
    "version_sum",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "backups": ("Backup Difference"),
            "counts": ("StoredCounts"),
            "database_file": ("StoreTrouble TroubleKind damaged folder_gone troubles"),
            "file_names": ("DATABASE FOLDER"),
            "lock": ("Holder Lock holder_of"),
            "maintenance": ("Maintenance"),
            "progress": ("hold_backups recall"),
            "row_codec": ("PARTS Part RowValues Rows change_json change_of row_sum together"),
            "save_thread": ("SaveThread"),
            "sqlite_version": ("SQLITE"),
            "step_writer": ("StepWriter"),
            "store": ("BEFORE Draft JournalStep NOTHING Store Version"),
            "verified_rows": (
                "Checked HEAD_COLUMNS STEP_COLUMNS StoredRow VERSION_COLUMNS VerifiedReader head_sum link "
                "sums version_sum"
            ),
        },
    )
