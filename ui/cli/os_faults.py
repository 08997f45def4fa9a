"""One sentence for an error of the operating system that no other place has put into words."""

from __future__ import annotations

import errno
import os

from model.base import errno_of, files

LONGEST = 80  # characters of a path in a message

_SENTENCES = {
    errno.EACCES: "没有权限使用“{path}”，请检查它和所在文件夹的权限，或换一个位置",
    errno.EPERM: "没有权限使用“{path}”，请检查它和所在文件夹的权限，或换一个位置",
    errno.EBUSY: "“{path}”正被另一个程序占用，请关闭那个程序后再试",
    errno.ENAMETOOLONG: "“{path}”的名称或路径过长，请改短后再试",
    errno.ENOENT: "找不到“{path}”，可能已被移动、改名或删除，请核对后再试",
    errno.ENOTDIR: "“{path}”不在一个文件夹里，请核对路径后再试",
    errno.EISDIR: "“{path}”是文件夹，应是文件，请核对后再试",
    errno.EEXIST: "“{path}”已经存在，应是还没有的名称，请换一个名称",
    errno.ELOOP: "“{path}”是一个循环的链接，请核对后再试",
    errno.ENOSPC: "磁盘空间不足，没有写成“{path}”，请清理磁盘后再试",
    errno.EDQUOT: "磁盘配额已用完，没有写成“{path}”，请清理后再试",
    errno.EROFS: "“{path}”在只读磁盘上，请换一个位置",
    errno.EMFILE: "打开的文件过多，用不了“{path}”，请关闭其他程序后再试",
}


def os_sentence(error: OSError) -> str:
    """Return the sentence, with the path if the error has one."""
    if error.filename is None and error.errno == errno.ENOENT:
        return "当前所在的文件夹已不存在，请换到别的文件夹后再执行"
    if error.filename is None:
        return f"系统报告错误“{error.strerror or type(error).__name__}”，没有完成，请检查磁盘和文件夹后再试"
    path = error.filename if isinstance(error.filename, (str, bytes)) else str(error.filename)
    known = _SENTENCES.get(errno_of(error, os.fsdecode(path)), f"用不了“{{path}}”（{error.strerror}），请检查后再试")
    return known.format(path=files.shorter(os.fsdecode(path), LONGEST))
