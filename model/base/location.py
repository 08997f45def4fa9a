"""Warnings about the data folder (network drive, temporary profile, open to others) and about a wrong clock."""

from __future__ import annotations

import ctypes
import os
import sys
from datetime import datetime
from pathlib import Path, PurePath

from model.base import clock
from model.base.folder_access import open_to_others

NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ncpfs", "davfs"})
_REMOTE_DRIVE = 4  # DRIVE_REMOTE, as GetDriveTypeW returns it


def warnings(folder: Path, last_saved: datetime | None = None) -> tuple[str, ...]:
    """Return one sentence for each risk to the data in this folder; none for an ordinary one."""
    sentences = [*open_to_others(folder)]
    if on_network(folder):
        sentences.append(f"数据在网络位置“{folder}”，编辑前需复制到本机；请把数据文件夹换到本机磁盘")
    if in_temporary_profile(folder, os.environ):
        sentences.append("当前是临时用户配置，注销后数据会被清除；请把数据文件夹换到其他磁盘（如 D 盘）")
    if last_saved and clock.ahead(last_saved, datetime.now().astimezone()):
        sentences.append(f"系统时间似乎不对：上次保存于 {last_saved:%Y-%m-%d}，晚于现在；修改的先后不受影响，仅作提示")
    return tuple(sentences)


def on_network(folder: Path) -> bool:
    """Return True for a folder on another computer, where locks and syncs are not reliable."""
    if sys.platform == "win32":
        drive = folder.resolve().drive
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == _REMOTE_DRIVE
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:  # a Unix without /proc
        return False
    return file_system(folder.resolve(), mounts) in NETWORK_FILE_SYSTEMS


def file_system(folder: PurePath, mounts: str) -> str:
    """Return the type of the file system that holds a folder, from the list of mounts; "" when it is not found."""
    lines = [line.split(" ") for line in mounts.splitlines()]
    places = [(line[1].replace("\\040", " "), line[2]) for line in lines if len(line) > 2]
    fitting = [place for place in places if folder.is_relative_to(place[0])]
    return max(fitting, key=lambda place: len(place[0]), default=("", ""))[1]


def in_temporary_profile(folder: PurePath, environment: os._Environ[str] | dict[str, str]) -> bool:
    """Return True below a profile that Windows deletes at log-off: one named TEMP, TEMP.DOMAIN or TEMP.000."""
    profile = environment.get("USERPROFILE", "")
    name = profile.replace("\\", "/").rstrip("/").rpartition("/")[2].upper()
    inside = folder.as_posix().casefold().startswith(profile.replace("\\", "/").casefold())
    return bool(profile) and inside and (name == "TEMP" or name.startswith("TEMP."))
