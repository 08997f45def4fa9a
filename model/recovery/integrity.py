"""Verifies every row of the drafts database and every backup (检查数据), and sums up the result in a message."""

from __future__ import annotations

from dataclasses import dataclass

from model.base import as_message
from model.storage import Backup, Checked, Store, StoreTrouble, backups, database_file, file_copy


@dataclass(frozen=True)
class Checkup:
    """Result of 检查数据: the drafts verified, and the backups that are damaged."""

    drafts: Checked
    backups: tuple[Backup, ...]  # all of them, the one with the highest step first
    damaged: tuple[Backup, ...]

    def sentence(self) -> str:
        """Return the message of 检查数据."""
        return as_message(self.drafts.sentence(), self._about_backups())

    def _about_backups(self) -> str:
        if not self.backups:
            return "还没有备份，修改后半小时内会自动备份"
        if self.damaged:
            names = "、".join(f"“{backup.path.name}”" for backup in self.damaged[:3])
            more = " 等" if len(self.damaged) > 3 else ""
            return (
                f"检查了 {len(self.backups)} 份备份，其中 {len(self.damaged)} 份已损坏（{names}{more}），"
                "恢复时会跳过；草稿不受影响，不需处理"
            )
        return f"检查了 {len(self.backups)} 份备份，全部完好，最近一份是 {self.backups[0].at:%m月%d日 %H:%M} 的"


def check(store: Store) -> Checkup:
    """Verify drafts and backups; raises `StoreTrouble` when the drafts database itself is damaged or altered."""
    drafts = store.verify()
    database_file.check_structure(store.database, store.path)
    kept = backups.listed(store.path.parent / backups.FOLDER)
    return Checkup(drafts, kept, tuple(backup for backup in kept if not _is_intact(backup)))


def _is_intact(backup: Backup) -> bool:
    try:
        file_copy.verified(backup.path)
    except StoreTrouble:
        return False
    return True
