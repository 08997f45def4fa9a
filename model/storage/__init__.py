"""Drafts in one SQLite file, saved by one thread."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.storage import (
        backups,
        database_file,
        file_copy,
        file_names,
        inventory,
        migrations,
        progress,
        row_codec,
        schema_check,
    )
    from model.storage.backups import Backup, Difference, DraftInBackup
    from model.storage.counts import StoredCounts
    from model.storage.database_file import SQLITE, StoreTrouble, TroubleKind, damaged, folder_gone, troubles
    from model.storage.file_names import DATABASE, FOLDER
    from model.storage.held_file import Doubt
    from model.storage.inventory import Gone, Mark, VersionSet
    from model.storage.lock import Holder, Lock, holder_of
    from model.storage.maintenance import IN_RECYCLE_BIN, Maintenance, purge_recycle_bin
    from model.storage.progress import RunMemory, hold_backups, recall
    from model.storage.row_codec import PARTS, Part, Rows, RowValues, change_json, change_of, row_sum, together
    from model.storage.save_thread import SaveThread
    from model.storage.step_writer import StepWriter, stamp
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
    "IN_RECYCLE_BIN",
    "NOTHING",
    "PARTS",
    "SQLITE",
    "STEP_COLUMNS",
    "VERSION_COLUMNS",
    "Backup",
    "Checked",
    "Difference",
    "Doubt",
    "Draft",
    "DraftInBackup",
    "Gone",
    "Holder",
    "JournalStep",
    "Lock",
    "Maintenance",
    "Mark",
    "Part",
    "RowValues",
    "Rows",
    "RunMemory",
    "SaveThread",
    "StepWriter",
    "Store",
    "StoreTrouble",
    "StoredCounts",
    "StoredRow",
    "TroubleKind",
    "VerifiedReader",
    "Version",
    "VersionSet",
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
    "inventory",
    "link",
    "migrations",
    "progress",
    "purge_recycle_bin",
    "recall",
    "row_codec",
    "row_sum",
    "schema_check",
    "stamp",
    "sums",
    "together",
    "troubles",
    "version_sum",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "backups": ("Backup Difference DraftInBackup"),
            "counts": ("StoredCounts"),
            "database_file": ("SQLITE StoreTrouble TroubleKind damaged folder_gone troubles"),
            "file_names": ("DATABASE FOLDER"),
            "held_file": ("Doubt"),
            "inventory": ("Gone Mark VersionSet"),
            "lock": ("Holder Lock holder_of"),
            "maintenance": ("IN_RECYCLE_BIN Maintenance purge_recycle_bin"),
            "progress": ("RunMemory hold_backups recall"),
            "row_codec": ("PARTS Part RowValues Rows change_json change_of row_sum together"),
            "save_thread": ("SaveThread"),
            "step_writer": ("StepWriter stamp"),
            "store": ("BEFORE Draft JournalStep NOTHING Store Version"),
            "verified_rows": (
                "Checked HEAD_COLUMNS STEP_COLUMNS StoredRow VERSION_COLUMNS VerifiedReader head_sum link "
                "sums version_sum"
            ),
        },
    )
