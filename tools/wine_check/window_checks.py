"""Checks of the installed program on a desktop, under the Wine of Debian 13: window, session end, kill, installer.

Wine 10 does not show the file types that a user registers for himself to its shell. So the program is installed twice:
for the user, to check files and registry, and for everybody, to open a file by its type.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import package
from bootstrap import PROGRAM
from wine_check import CACHE, debian
from wine_check.build_checks import FROZEN
from wine_check.checks import Checks, Failed, expect, expect_in
from wine_check.desktop import WINDOW, Desktop, desktop
from wine_check.prefix import Wine
from wine_check.programs import REPORTS, RUNS, Program, here
from wine_check.waiting import wait_for

PREFIX = CACHE / "prefix10"
KIND = rf"Software\Classes\{PROGRAM}.data\shell\open\command"
UNINSTALL = rf"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\{PROGRAM}"
REPORT = REPORTS / "suqian-2024.json"
CELL = "requests/new_received/natural_person"  # where the keyboard is when the page is opened
PAGES = ("ctrl+Next",) * 3  # from the cover to the page of this cell
MIDDLE = ("700", "700")  # a place in the window where a click changes nothing


def run(checks: Checks) -> None:
    """Install Debian 13 and run all checks in it."""
    if not checks.run("Debian 13", debian.set_up):
        return
    with desktop() as screen:
        wine = Wine(PREFIX, debian.INSIDE, screen.display)
        if checks.run("Wine（Debian 13）", wine.set_up):
            with wine.session():
                Installed(wine, screen).run(checks)


class Installed:
    """The installed program on a desktop, and what is done with it, in this order."""

    def __init__(self, wine: Wine, screen: Desktop) -> None:
        self.wine, self.screen = wine, screen
        self.drive = wine.prefix / "drive_c"
        self.own = wine.local_data / "Programs" / PROGRAM
        self.everybody = self.drive / "Program Files" / PROGRAM
        self.setup = CACHE / "setup.exe"
        self.file = wine.home / "Desktop" / "宿迁市 2024 年.zwgk"

    def run(self, checks: Checks) -> None:
        """Run the checks; those of the window need the first."""
        if not checks.run("安装（当前用户）", self.install):
            return
        checks.run("开始菜单，窗口", self.start_menu)
        checks.run("运行时不能卸载", self.refuse)
        checks.run("卸载（当前用户）", self.uninstall)
        if checks.run("安装（所有用户），文件关联", self.open_file):
            checks.run("表格", self.table)
            checks.run("注销时保存", self.end_session)
            checks.run("强行结束后不丢失", self.kill)
        checks.run("卸载（所有用户）", self.uninstall_everybody)

    # -- installation -------------------------------------------------------------------------------------------------

    def install(self) -> str:
        """Make the installer of the frozen program and run it silently for one user."""
        package.installer(FROZEN, CACHE).replace(self.setup)
        expect(self.wine.run(self.setup, "/S").code, 0, "安装程序的退出码")
        files = {path.relative_to(FROZEN) for path in FROZEN.rglob("*")}
        missing = [str(path) for path in files if not (self.own / path).exists()]
        expect(missing, [], "没有装上的文件")
        self.expect_command("HKCU", self.own)
        return f"{self.setup.stat().st_size / 1e6:.0f} MB，{len(files)} 个文件和文件夹"

    def expect_command(self, hive: str, folder: Path) -> None:
        """Check the command that Windows runs for a data file."""
        command = rf'"{self.wine.windows_path(folder)}\{PROGRAM}.exe" open "%1"'
        expect_in(command, self.query(rf"{hive}\{KIND}"), "数据文件的打开命令")

    def query(self, key: str) -> str:
        """Return what the registry has under a key; "" without it."""
        done = self.wine.run("reg", "query", key)
        return "" if done.code else done.output.decode("gb18030", "replace")

    def uninstall(self) -> str:
        """Close the program, then check that the uninstaller removes all but the drafts."""
        self.close()
        self.wine.run(self.own / "uninstall.exe", "/S")
        wait_for(lambda: not self.own.exists(), "程序文件夹被删除")
        expect([self.query(key) for key in (UNINSTALL, rf"HKCU\{KIND}")], ["", ""], "注册表中剩下的")
        expect(self.link().exists(), False, "开始菜单中的快捷方式仍在")
        expect((self.wine.local_data / PROGRAM / "reports.db").exists(), True, "草稿仍在")
        return "程序、快捷方式、注册表项已删除，草稿仍在"

    def refuse(self) -> str:
        """Check that the uninstaller leaves the program alone while it runs."""
        self.wine.run(self.own / "uninstall.exe", "/S")
        expect((self.own / f"{PROGRAM}.exe").exists(), True, "程序仍在")
        return "程序仍在"

    def uninstall_everybody(self) -> str:
        """Check that the uninstaller for everybody removes the program."""
        self.close()
        self.wine.run(self.everybody / "uninstall.exe", "/S", "/ALLUSERS")
        wait_for(lambda: not self.everybody.exists(), "程序文件夹被删除")
        expect(self.query(rf"HKLM\{KIND}"), "", "注册表中剩下的")
        return "程序和注册表项已删除"

    # -- window -------------------------------------------------------------------------------------------------------

    def link(self) -> Path:
        """Return the link in the start menu."""
        folder = self.wine.home / "AppData" / "Roaming" / "Microsoft" / "Windows" / "Start Menu" / "Programs"
        return folder / f"{package.NAME}.lnk"

    def start_menu(self) -> str:
        """Start the program by its link; check that its window, and nothing else, is on the screen."""
        self.open(self.link())
        return f"只有一个窗口，没有控制台；{self.screen.picture('开始页')}"

    def open_file(self) -> str:
        """Install the program for everybody and open a data file by its type."""
        expect(self.wine.run(self.setup, "/S", "/ALLUSERS").code, 0, "安装程序的退出码")
        self.expect_command("HKLM", self.everybody)
        self.file.parent.mkdir(exist_ok=True)
        here().must("export", REPORT, "-o", self.file, data=RUNS / "export")
        self.open(self.file)
        wait_for(lambda: "宿迁市" in self.drafts("list"), "由关联打开的文件成为草稿")
        return f"双击数据文件后打开；{self.screen.picture('由关联打开')}"

    def open(self, file: Path) -> None:
        """Open a file as a double click does; wait for the only window."""
        words = self.wine.command("start", file)
        environment, nowhere = self.wine.environment({}), subprocess.DEVNULL
        subprocess.run(words, env=environment, stdin=nowhere, stdout=nowhere, stderr=nowhere, check=True, timeout=120)
        self.screen.await_window(WINDOW)
        expect(self.screen.windows(), [WINDOW], "屏幕上的窗口")

    def table(self) -> str:
        """Go to a table by keys."""
        self.screen.click(*MIDDLE)
        self.screen.keys(*PAGES)
        return str(self.screen.picture("表格"))

    def end_session(self) -> str:
        """Type a number and log off before it is committed; check that the program ended and has it."""
        self.screen.keys("5", "1", "2", "3")
        self.wine.run("wineboot", "--end-session")
        expect(self.screen.windows(), [], "注销后的窗口")
        expect(self.number(), 5123, "注销时正在输入的数字")
        return "正在输入的数字已保存"

    def kill(self) -> str:
        """Type a number, kill the program after it was saved, and start it again."""
        self.open(self.file)
        wait_for(lambda: self.number() != 5123, "再次打开的文件成为另一份草稿")
        self.table()
        self.screen.keys("6", "2", "3", "4", "Return")
        wait_for(lambda: self.number() == 6234, "保存所输入的数字")
        self.wine.run("taskkill", "/f", "/im", f"{PROGRAM}.exe")
        expect(self.number(), 6234, "强行结束前输入的数字")
        self.open(self.file)
        return str(self.screen.picture("强行结束之后"))

    def drafts(self, *words: str | Path) -> str:
        """Run a command of the installed command line."""
        return Program((self.everybody / f"{PROGRAM}-cli.exe",), self.wine).must(*words)

    def number(self) -> int:
        """Return the number in the cell of the newest draft."""
        target = self.drive / "draft.json"
        self.drafts("export", self.drafts("list").split("\t", 1)[0], "-o", target)
        found = json.loads(target.read_text("utf-8"))["cells"][CELL]
        return int(found)

    def close(self) -> None:
        """Close the window as its own command does."""
        if self.screen.windows():
            self.screen.click(*MIDDLE)
            self.screen.keys("ctrl+q")
        try:
            wait_for(lambda: not self.screen.windows(), "窗口关闭")
        except Failed:
            self.wine.stop()
            raise
