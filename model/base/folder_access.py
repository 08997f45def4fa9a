"""Finds out whether other users of the computer may write into the data folder."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

if sys.platform != "win32":
    import grp
    import pwd


def open_to_others(folder: Path) -> tuple[str, ...]:
    """Return a sentence if other users may write into the folder, replace it, or write into a folder within it.

    None on Windows, where a folder in the user's profile is closed to others and the rights elsewhere are lists.
    """
    if sys.platform == "win32" or not _is_folder(folder):
        return ()
    for place in (folder, *_inner(folder)):
        if _others_write(place) or _is_of_another(place):
            return (_sentence(place),)
    for place in folder.absolute().parents:
        if _others_write(place) and not _is_sticky(place):  # in a sticky one nobody can rename the folder of another
            return (_sentence(place),)
    return ()


def _is_folder(place: Path) -> bool:
    try:
        return place.is_dir()
    except OSError:  # not to be entered, or an impossible name: opening the drafts reports it
        return False


def _sentence(place: Path) -> str:
    return (
        f"其他用户可以写入文件夹“{place}”，能改动或替换草稿；"
        "请把它改为只有您能写入（chmod go-w），或用 --data 换一个只有您能写入的文件夹"
    )


def _inner(folder: Path) -> list[Path]:
    """Return the folders within the data folder; none where it is missing or cannot be read."""
    try:
        return [Path(entry.path) for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []


if sys.platform != "win32":

    def _others_write(place: Path) -> bool:
        try:
            found = place.stat()
        except OSError:  # missing, or not to be entered
            return False
        if found.st_mode & stat.S_IWOTH:
            return True
        return bool(found.st_mode & stat.S_IWGRP) and not _is_private_group(found.st_gid, place)

    def _is_of_another(place: Path) -> bool:
        try:
            return place.stat().st_uid not in (0, os.geteuid())
        except OSError:
            return False

    def _is_sticky(place: Path) -> bool:
        return bool(place.stat().st_mode & stat.S_ISVTX)

    def _is_private_group(number: int, place: Path) -> bool:
        """Return True for the group of the user alone, which many systems give to every user with umask 002.

        With an access control list the rights shown for the group are those of all users named in the list.
        """
        try:
            user, group = pwd.getpwuid(os.geteuid()), grp.getgrgid(number)
        except KeyError:  # a user or group without a name
            return False
        alone = number == user.pw_gid != 0 and group.gr_name == user.pw_name and not set(group.gr_mem) - {user.pw_name}
        return alone and not _has_access_list(place)

    def _has_access_list(place: Path) -> bool:
        try:
            return sys.platform == "linux" and bool(os.getxattr(place, "system.posix_acl_access"))
        except OSError:  # none, or a file system without lists
            return False
