"""Checks of the program as Python for Windows runs it from the checkout, without a display."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from wine_check import console
from wine_check.checks import Checks, Failed, expect, expect_in
from wine_check.prefix import Wine
from wine_check.programs import REPORTS, RUNS, SAMPLE, Program, from_source, here, masked
from wine_check.waiting import wait_for

AGENCY = "示例市应急管理局".encode()


def run(checks: Checks, wine: Wine) -> None:
    """Run all checks of the source."""
    for folder in (RUNS, wine.home / "runs"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    program = from_source(wine)
    checks.run("语言和用户", lambda: surroundings(wine))
    checks.run("自检", lambda: self_check(program))
    checks.run("中文控制台", lambda: console.check(wine))
    checks.run("导出与 Linux 一致", lambda: same_output(program, wine.home / "runs"))
    checks.run("含空格的中文用户名", lambda: user_folder(program, wine))
    for name, damage in DAMAGES.items():
        checks.run(f"恢复（{name}）", partial(recovery, program, wine.home / "runs", damage))
    checks.run("第二个窗口", lambda: second_window(program, wine))


def surroundings(wine: Wine) -> str:
    """Check that Python sees a Chinese Windows, so that the other checks mean something."""
    asked = "sys.version.split()[0], locale.getpreferredencoding(), os.environ['USERPROFILE']"
    code = f"import locale, os, sys; print({asked})"
    done = wine.python("-X", "utf8=0", "-c", code, PYTHONIOENCODING="utf-8")
    version, encoding, profile = done.text.strip().split(" ", 2)
    expect(encoding, "cp936", "首选编码")
    expect(profile, "C:\\users\\张 三", "用户文件夹")
    return f"Python {version}，{encoding}，{profile}"


def self_check(program: Program) -> str:
    """Check that the self-check passes."""
    text = program.must("--self-check")
    expect_in("自检通过，共 12 项", text, "自检的输出")
    return "12 项，" + text.partition("运行环境：")[2].splitlines()[0]


def same_output(program: Program, folder: Path) -> str:
    """Check that PDF and data file of each report are byte for byte those of Linux."""
    reports = [SAMPLE, *sorted(REPORTS.glob("*.*"))]
    for report in reports:
        for suffix in (".pdf", ".json"):
            name = f"{report.stem} 年报{suffix}"
            here().must("export", report, "-o", RUNS / name, data=RUNS / "export")
            program.must("export", report, "-o", folder / name, data=folder / "export")
            if (RUNS / name).read_bytes() != (folder / name).read_bytes():
                raise Failed(f"{name} 与 Linux 上的不同，两份文件在 {RUNS} 和 {folder} 中")
    return f"{len(reports)} 份年报的 PDF 和数据文件逐字节相同"


def user_folder(program: Program, wine: Wine) -> str:
    """Check that the drafts are in the user's own folder and that a report can be exported to his desktop."""
    number = program.must("import", SAMPLE).strip()
    database = wine.local_data / "zwgk-annual-report" / "reports.db"
    expect(database.is_file(), True, f"{database} 存在")
    desktop = wine.home / "Desktop" / "年报（2025 年）.pdf"
    desktop.parent.mkdir(exist_ok=True)
    program.must("export", number, "-o", desktop)
    expect(desktop.read_bytes()[:5], b"%PDF-", "导出的文件的开头")
    return wine.windows_path(database)


# -- recovery ---------------------------------------------------------------------------------------------------------


def change_value(database: Path) -> None:
    """Change a byte of a name, so that it is no text any more."""
    content = database.read_bytes()
    database.write_bytes(content.replace(AGENCY, b"X" + AGENCY[1:], 1))


def lose_header(database: Path) -> None:
    """Overwrite the header of the file."""
    database.write_bytes(bytes(100) + database.read_bytes()[100:])


def lose_half(database: Path) -> None:
    """Cut the file to its first half."""
    database.write_bytes(database.read_bytes()[: database.stat().st_size // 2])


DAMAGES: dict[str, Callable[[Path], None]] = {
    "一处文字损坏": change_value,
    "文件头损坏": lose_header,
    "后一半丢失": lose_half,
}


def recovery(program: Program, folder: Path, damage: Callable[[Path], None]) -> str:
    """Check that a damaged database is recovered once, with the words and the files that Linux has."""
    seen = recovered(program, folder / damage.__name__, damage)
    expect(seen, recovered(here(), RUNS / damage.__name__, damage), "恢复的过程（与 Linux 比较）")
    expect_in("已自动恢复", seen, "恢复的过程")
    return next(line for line in seen.splitlines() if "恢复" in line).split("。")[1]


def recovered(program: Program, data: Path, damage: Callable[[Path], None]) -> str:
    """Damage a database between two commands; return all output and the names of the files that are left, masked."""
    said = [program("import", SAMPLE, data=data).text]
    damage(data / "reports.db")
    said += [program(*words, data=data).text for words in (("import", SAMPLE), ("list",), ("list",))]
    names = sorted(masked(path.relative_to(data).as_posix()) for path in data.rglob("*") if path.is_file())
    folder = program.wine.windows_path(data) if program.wine else str(data)
    return masked("".join(said), folder) + "\n" + "\n".join(names)


# -- two windows ------------------------------------------------------------------------------------------------------


def second_window(program: Program, wine: Wine) -> str:
    """Check that a second start hands its file to the first window, that only this one writes, and that a kill loses
    nothing.
    """
    data = wine.home / "runs" / "window"
    program.must("import", SAMPLE, data=data)
    with wine.start(*program.words, "--data", data) as first:
        try:
            refused = until_locked(program, data)
            program.must("open", REPORTS / "suqian-2024.json", data=data)
            wait_for(lambda: "宿迁市" in program("list", data=data).text, "第一个窗口打开第二次启动交来的文件")
        finally:
            first.kill()
    drafts = program.must("list", data=data)
    for agency in (AGENCY.decode(), "宿迁市"):
        expect_in(agency, drafts, "强行结束后的草稿")
    return re.sub(r"^.*?：", "", refused.strip())[:40] + "……；第二次启动交给第一个窗口；强行结束后草稿完整"


def until_locked(program: Program, data: Path) -> str:
    """Try to import until the window has the drafts; return the sentence of the refusal."""
    end = time.monotonic() + 60
    while (done := program("import", REPORTS / "jiyuan-emergency-2020.txt", data=data)).code == 0:
        if time.monotonic() > end:
            raise Failed("第一个窗口打开之后，命令行仍能写入草稿")
    expect_in("打开了数据，您现在只能查看", done.text, "窗口打开时命令行的回答")
    return done.text
