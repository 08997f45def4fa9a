"""Imports drafts from a drafts database of other origin: a USB stick, another computer, a copy made by hand.

The file is never opened in place: SQLite would apply a journal beside it that belongs to another file, silently
destroying it; its contents are not trusted. A private copy is verified as a whole, and only its values are taken over.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex

from model.base import as_message, files, input_size, shown_name
from model.recovery import side_files
from model.recovery.rebuild import rebuild
from model.recovery.salvage import salvage
from model.recovery.whole_copy import is_ours, schema_version, whole_copy
from model.report import Report
from model.storage import Mark, Store, StoreTrouble, TroubleKind, VerifiedReader, database_file, file_names

SECONDS = 5.0
MOST_BYTES = 500 * 2**20


@dataclass(frozen=True)
class OtherFile:
    """Contents of a drafts database of other origin.

    `own`: it is a copy of this computer's database, `behind` it by so many steps. `missing`: steps lost in the copy.
    """

    reports: tuple[Report, ...]
    own: bool
    behind: int
    missing: int = 0

    def sentence(self) -> str:
        """Return the message shown before anything is taken over."""
        copy = f"这是同一份数据的旧副本（少 {self.behind} 处修改）" if self.own and self.behind > 0 else ""
        torn = f"副本不完整，只读出能够确认的部分（缺 {self.missing} 处修改）" if self.missing else ""
        taken = f"文件中有 {len(self.reports)} 份草稿，将作为新草稿加入，原文件不作改动"
        return as_message(copy, torn, taken)


def look_into(path: Path, store: Store) -> OtherFile:
    """Read a file's drafts; raises `StoreTrouble` if it is foreign, newer, altered or damaged beyond recovery.

    From a damaged one, such as a copy made without its journal, only what its checksums prove is read.
    """
    with _private_copy(path, store.path.parent) as copy:
        try:
            if not side_files.usable(copy):
                return _read(copy, store)
        except StoreTrouble as trouble:
            if not _is_worth_more(copy, trouble):
                raise
        return _read_what_is_proven(copy, store)


def _is_worth_more(copy: Path, trouble: StoreTrouble) -> bool:
    """Tell whether a file that cannot be opened is one of ours all the same."""
    if trouble.kind in {TroubleKind.FOREIGN, TroubleKind.NEWER}:
        return is_ours(copy, None, set())
    if trouble.kind is TroubleKind.ALTERED:  # or only the version in the header is wrong
        return bool(schema_version(copy))
    return trouble.kind is TroubleKind.DAMAGED


def _read_what_is_proven(copy: Path, store: Store) -> OtherFile:
    whole = copy.with_name(file_names.DATABASE + ".whole")
    if whole_copy(copy, whole):
        return _read(whole, store)
    rebuilt = rebuild(whole, None, salvage(copy), Mark("", 0))
    if not rebuilt.drafts:
        return _read(copy, store)  # which says why it cannot be read
    return replace(_read(whole, store), missing=rebuilt.missing)


def _read(path: Path, store: Store) -> OtherFile:
    database = database_file.open_existing(path)
    try:
        end = time.monotonic() + SECONDS
        database.conn.set_progress_handler(lambda: time.monotonic() > end, 10_000)
        reader = VerifiedReader(database, path)
        reader.everything()
        reports = tuple(reader.report(head) for head in reader.heads("deleted IS NULL", order_by="number"))
        uuid = {row["key"]: row["value"] for row in database.table("meta").rows}.get("uuid")
        return OtherFile(reports, uuid == store.uuid, store.last_step() - reader.count("head"))
    finally:
        database.close()


def take_over(path: Path, store: Store) -> tuple[int, ...]:
    """Add the drafts of another database under new numbers, after a backup; return the numbers."""
    found = look_into(path, store)
    store.backup()
    with store.at_once():
        return tuple(store.create(report, f"读入草稿库 {shown_name(path)}").number for report in found.reports)


@contextmanager
def _private_copy(path: Path, folder: Path) -> Iterator[Path]:
    with database_file.troubles(path):
        if input_size(path) > MOST_BYTES:
            raise StoreTrouble(f"“{path}”太大，不像是本软件的草稿库；请核对所选的文件", kind=TroubleKind.FOREIGN)
        private = folder / f"~{token_hex(8)}.tmp"
        private.mkdir(mode=0o700)
        try:
            for ending in ("", *side_files.usable(path)):
                files.copy_private(file_names.beside(path, ending), file_names.beside(private / path.name, ending))
            yield private / path.name
        finally:
            shutil.rmtree(private)
