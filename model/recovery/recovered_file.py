"""Replaces a damaged drafts' file by a whole copy of it, or by what a backup and its own rows prove."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from secrets import token_hex

from model.base import as_message, files
from model.recovery import side_files
from model.recovery.rebuild import rebuild
from model.recovery.salvage import Salvage, salvage
from model.recovery.side_files import remove, temporary
from model.recovery.undecided_values import Undecided, keep
from model.recovery.whole_copy import Whole, usable_backup, whole_copy
from model.storage import DATABASE, Gone, Mark, RunMemory, backups, file_names, progress, stamp, troubles


@dataclass(frozen=True)
class Recovered:
    """Result of a recovery.  `kept`: the damaged file; `base`: the backup that was used.

    `perhaps_gone`: drafts of the backup that may have been deleted for ever since.
    """

    why: str
    base: backups.Backup | None
    drafts: int
    added: int  # steps found in the damaged file beyond the backup
    missing: int  # steps not found again
    undecided: tuple[Undecided, ...]
    kept: Path | None
    last: int
    versions: int = 0  # versions not found again
    perhaps_gone: int = 0
    whole: bool = False  # the damaged file itself held everything
    aside: tuple[Path, ...] = ()  # what lay beside it

    def sentence(self) -> str:
        """Build the message to the user, shown before the list of `undecided` values."""
        from_backup = f"已从 {self.base.at:%m月%d日 %H:%M} 的备份恢复" if self.base else "已自动恢复"
        if not self.drafts and not self.whole:
            from_backup = "没有可用的备份，无法恢复，已新建空的草稿库"
        kept = f"损坏的文件已保留为“{self.kept.name}”" if self.kept else ""
        kept += "".join(f"，它旁边的文件已改名为“{path.name}”" for path in self.aside)
        undecided = f"有 {len(self.undecided)} 处内容未能确认，请逐条核对" if self.undecided else ""
        steps = f"恢复到第 {self.last} 处修改，找回其后 {self.added} 处；未能找回 {self.missing} 处"
        versions = f"有 {self.versions} 个保存的版本未能找回" if self.versions else ""
        gone = f"备份中有 {self.perhaps_gone} 份草稿可能已在本机彻底删除，请核对" if self.perhaps_gone else ""
        return as_message(f"{self.why}，{from_backup}", steps, versions, gone, undecided, kept)


def recover(
    folder: Path, why: str, base: Path | None = None, *, run: RunMemory | None = None, instead: bool = False
) -> Recovered:
    """Replace the drafts' file by a whole copy of it, or rebuild it from a backup and what is verified in the old file.

    No other program may have the file open.  Nothing is removed before the verified new file is in its place; the
    old one is kept under another name.  `base`: the backup to use, instead of the newest intact one.  `run`: what this
    program has written, which is put into the new file.  `instead`: the old file is not the one saved last, so nothing
    is taken from it if it has another uuid.
    """
    path = folder / DATABASE
    with troubles(path), ExitStack() as leftovers:
        target, repaired = temporary(path), temporary(path)
        for copy in (target, repaired):
            leftovers.callback(remove, copy)
        if not (whole := None if base or instead else _whole(folder, target, run)):
            recovered = _rebuilt(folder, why, (target, repaired), base, run, instead=instead)
        else:
            recovered = _of_whole(why, whole, _latest(folder))
            progress.hold_backups(folder, hold=True)
        kept = _keep_damaged(path, "older" if instead else "damaged")
        files.rename_over(target, path)
        files.sync_folder(folder)
        aside = side_files.put_aside(path)
    return replace(recovered, kept=kept, aside=aside)


def _latest(folder: Path) -> backups.Backup | None:
    return next(iter(backups.listed(folder / file_names.FOLDER)), None)


def _whole(folder: Path, target: Path, run: RunMemory | None) -> Whole | None:
    """Write a whole copy of the drafts' file to `target` if there is one with all that is known to have been saved."""
    path, memory, latest = folder / DATABASE, progress.recall(folder), _latest(folder)
    found = whole_copy(path, target) if path.is_file() else None
    if found:
        known = memory.heads.get(found.uuid, latest.step if latest else 0)
        of_run = run.mark.head if run and run.mark else 0
        if found.last >= max(known, of_run):
            return found
    remove(target)
    return None


def _of_whole(why: str, whole: Whole, newest: backups.Backup | None) -> Recovered:
    added = max(0, whole.last - (newest.step if newest else 0))
    return Recovered(why, None, whole.drafts, added, 0, (), None, whole.last, whole=True)


def _rebuilt(
    folder: Path, why: str, copies: tuple[Path, Path], base: Path | None, run: RunMemory | None, *, instead: bool
) -> Recovered:
    """Write the first of `copies` from a backup, or from the second, a repaired copy of it, and the damaged file."""
    (target, repaired), memory, latest = copies, progress.recall(folder), _latest(folder)
    found = salvage(folder / DATABASE, latest.path if latest else None)
    known = (run and run.mark) or memory.last()
    uuid = known.uuid if known and (instead or not found.uuid) else found.uuid
    found = replace(found if found.uuid == uuid or not instead else Salvage(uuid=uuid), run=run or RunMemory())
    if memory.gone and next(reversed(memory.heads)) == uuid:
        remembered = {number: Gone("", stamp()) for number in memory.gone}
        found = replace(found, gone={**remembered, **found.gone})
    usable = partial(usable_backup, target=repaired)
    backup = backups.backup_at(base) if base else backups.newest(folder / file_names.FOLDER, uuid, usable)
    source = (usable(backup.path) or backup.path) if backup else None
    rebuilt = rebuild(target, source, found, memory.mark(uuid) or Mark("", 0), backup.at if backup else None)
    keep(folder, rebuilt.undecided)
    progress.accept(folder, rebuilt.mark)  # before the file: after a crash meanwhile the old one is recovered again
    if not (run and instead and not rebuilt.missing and not rebuilt.undecided):
        progress.hold_backups(folder, hold=True)
    return Recovered(
        why,
        backup,
        rebuilt.drafts,
        rebuilt.added,
        rebuilt.missing,
        tuple(rebuilt.undecided),
        None,
        rebuilt.last,
        versions=rebuilt.versions,
        perhaps_gone=rebuilt.perhaps_gone,
    )


def _keep_damaged(path: Path, why: str) -> Path | None:
    """Give the file and its journal a second name; remove the journal, which must not be applied to the new file."""
    kept = path.with_name(f"{DATABASE}.{why}-{datetime.now().astimezone():%Y-%m-%d %H%M%S} {token_hex(2)}")
    journal = file_names.beside(path, file_names.JOURNAL)
    for old, new in ((path, kept), (journal, file_names.beside(kept, file_names.JOURNAL))):
        if old.is_file() and old.stat().st_size:
            files.second_name(old, new)
    if journal.is_file():
        files.remove(journal)
    files.sync_folder(path.parent)
    return kept if kept.exists() else None
