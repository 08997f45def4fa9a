"""Makes a Debian 13 in a folder, whose Wine 10 can open windows; the Wine of Debian 12 lacks what Qt asks for.

Programs in it run in a mount namespace of their own with `chroot`; nothing stays mounted when they end. Needs root.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from bootstrap import ROOT
from bootstrap.process import Stop
from bootstrap.system import need_commands
from wine_check import CACHE

RELEASE = "trixie"
TREE = CACHE / "debian13"
STAMP = TREE / "complete"
LOG = CACHE / "debian13.log"
# The installer is a 32-bit program.
WINE = ("wine64", "wine32:i386")
SHARED = (Path("/dev"), Path("/tmp"), ROOT)  # noqa: S108 (sockets of X and Wine; the same inside as outside)
INSTALL = "apt-get install -y --no-install-recommends"
ENTER = """
tree=$1; shift
while [ "$1" != -- ]; do mkdir -p "$tree$1"; mount --rbind "$1" "$tree$1"; shift; done; shift
mount -t proc proc "$tree/proc"
exec chroot "$tree" "$@"
"""


def around(tree: Path, shared: Iterable[Path], folder: Path) -> tuple[str, ...]:
    """Return the words before a command that run it inside the tree, in the folder `folder`."""
    inside = ("sh", "-c", ENTER, "sh", str(tree), *map(str, shared), "--")
    return ("unshare", "--mount", *inside, "env", f"--chdir={folder}")


INSIDE = around(TREE, SHARED, ROOT)


def archive(sources: Mapping[str, str], codename: str) -> str:
    """Return the address of Debian's archive in apt's package sources (text by file name); "" if there is none.

    That is the first one that offers the release `codename` itself, not only its updates.
    """
    for name, text in sorted(sources.items()):
        for address, suites in addresses(text) if name.endswith(".sources") else lines(text):
            if codename in suites:
                return address
    return ""


def addresses(text: str) -> list[tuple[str, list[str]]]:
    """Return address and suites of each paragraph of a .sources file (deb822)."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^(\w[\w-]*):[ \t]*(.*)$", paragraph, re.MULTILINE))
        if "deb" in fields.get("Types", "").split() and fields.get("Enabled", "yes") != "no":
            found += [(address, fields.get("Suites", "").split()) for address in fields.get("URIs", "").split()[:1]]
    return found


def lines(text: str) -> list[tuple[str, list[str]]]:
    """Return address and suite of each line of a .list file."""
    return [(found[1], [found[2]]) for found in re.finditer(r"^deb\s+(?:\[.*?\]\s+)?(\S+)\s+(\S+)", text, re.MULTILINE)]


def own_archive() -> str:
    """Return the address from which this computer installs Debian."""
    apt = Path("/etc/apt")
    files = [path for path in (apt / "sources.list", *(apt / "sources.list.d").glob("*")) if path.is_file()]
    release = re.search(r"^VERSION_CODENAME=(\w+)$", Path("/etc/os-release").read_text("utf-8"), re.MULTILINE)
    found = archive({path.name: path.read_text("utf-8") for path in files}, release[1] if release else "")
    if not found:
        raise Stop("在 /etc/apt 中没有找到本机 Debian 的软件源；--window 需要 Debian 12")
    return found


def set_up() -> str:
    """Install Debian 13 with Wine 10 into its folder, unless it is there; return what was done."""
    if STAMP.exists():
        return "已有"
    if os.geteuid() != 0:
        raise Stop("--window 要在文件夹中安装 Debian 13，需要以 root 身份执行")
    need_commands({"debootstrap": "debootstrap"}, "缺少安装 Debian 13 所需的工具")
    shutil.rmtree(TREE, ignore_errors=True)
    logged("unshare", "--mount", "debootstrap", "--variant=minbase", RELEASE, str(TREE), own_archive())
    shutil.copy("/etc/resolv.conf", TREE / "etc" / "resolv.conf")
    for line in ("dpkg --add-architecture i386", "apt-get update", f"{INSTALL} {' '.join(WINE)}", "apt-get clean"):
        logged(*INSIDE, *line.split())
    STAMP.touch()
    return f"已装入 {TREE}"


def logged(*command: str) -> None:
    """Run a step with its output in a log; raise `Stop` with the last lines if it fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    with LOG.open("ab") as log:
        code = subprocess.run(command, env=environment, stdout=log, stderr=log, check=False).returncode
    if code:
        last = "\n".join(LOG.read_text("utf-8", "replace").splitlines()[-10:])
        raise Stop(f"{last}\n安装 Debian 13 没有成功，全部输出在 {LOG}")
