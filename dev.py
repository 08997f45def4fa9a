#!/usr/bin/env python3
"""Sets up, starts, tests and builds the program; every script in `tools/` is one more command.

Runs before anything is installed: this file and `tools/bootstrap` use the standard library only. The packages go into
`.venv`, in the versions and with the hashes of requirements.txt (program) and requirements-dev.txt (tests, checks,
build).

Without a network: fill `wheelhouse/` on another machine of the same kind; every set-up then installs from there:

    python3 -m pip download --no-deps --require-hashes -d wheelhouse -r requirements.txt -r requirements-dev.txt
"""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

TOOLS = Path(__file__).resolve().parent / "tools"
sys.path.insert(0, str(TOOLS))

from bootstrap import ROOT  # noqa: E402
from bootstrap.environment import DEVELOPER, PYTHON, RUNTIME, python_trouble, set_up  # noqa: E402
from bootstrap.process import UTF8, Stop, call, guarded, hand_over, say, speak_utf8  # noqa: E402
from bootstrap.system import has_display, offer_test_tools, require_build_tools, require_qt  # noqa: E402

USAGE = """用法：python3 dev.py 命令 [参数…]        （Windows：py -3.11 dev.py 命令 [参数…]）

{commands}

第一次执行会自动建立 .venv 并安装所需软件包。下列命令是 tools/ 中的脚本，较少用到：

{jobs}"""

FAST = "not slow and not window and not x11 and not mill"  # markers, see pyproject.toml

NO_DISPLAY = """当前没有图形界面，无法打开窗口，请在桌面环境中运行，或改用命令行：
    python3 dev.py run check 文件
    python3 dev.py run export 文件 -o 年度报告.pdf"""


def run(arguments: list[str]) -> int:
    """Start the program; its command line needs neither a display nor the libraries of Qt."""
    if wants_window(arguments) and not has_display(os.environ, sys.platform):
        raise Stop(NO_DISPLAY, code=2)
    set_up(RUNTIME)
    if wants_qt(arguments):
        require_qt(PYTHON)
    return hand_over(PYTHON, ROOT / "main.py", *arguments)


def test(arguments: list[str]) -> int:
    """Run the tests, all of them in as many processes as there are cores; `--fast` leaves out the long ones."""
    set_up_all()
    offer_test_tools()
    fast = ["-m", FAST] if "--fast" in arguments else []
    rest = [word for word in arguments if word != "--fast"]
    parallel = [] if rest else ["-n", str(os.cpu_count() or 1)]
    return in_project("pytest", *parallel, *fast, *rest)


def lint(arguments: list[str]) -> int:
    """Check style and types; run all three checks even if one fails."""
    set_up(DEVELOPER)
    checks = (["ruff", "check", *arguments], ["ruff", "format", "--check"], ["mypy"])
    codes = [call(PYTHON, "-m", *check) for check in checks]
    return int(any(codes))


def bench(arguments: list[str]) -> int:
    """Run the measurements."""
    set_up_all()
    return in_project("tests.bench", *arguments)


def build(arguments: list[str]) -> int:
    """Freeze the program into dist/, then run the self-check of the result."""
    set_up_all()
    require_build_tools()
    if call(PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *arguments, "build.spec"):
        raise Stop("打包失败，原因见上面的输出")
    return call(PYTHON, TOOLS / "frozen_check.py")


def setup(_arguments: list[str]) -> int:
    """Install everything that the other commands need."""
    set_up_all()
    offer_test_tools()
    say("准备完成")
    return 0


def job(name: str, arguments: list[str]) -> int:
    """Run a script of `tools/`."""
    set_up_all()
    os.environ.update(UTF8)
    return hand_over(PYTHON, TOOLS / f"{name}.py", *arguments)


COMMANDS = {
    run: "启动本软件；参数原样交给 main.py",
    test: "运行测试；--fast 只运行一分钟内的，其余参数原样交给 pytest",
    lint: "检查代码风格和类型",
    bench: "运行性能测量",
    build: "打包成可分发的文件并自检；参数原样交给 PyInstaller",
    setup: "只安装其他命令所需的软件包，不做别的",
}


def jobs() -> dict[str, str]:
    """Return the scripts of `tools/` by name, each with its `SUMMARY`, read without running it."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(TOOLS.glob("*.py"))}
    return {name: text.partition('\nSUMMARY = "')[2].partition('"\n')[0] for name, text in texts.items()}


def usage() -> str:
    """Return the help text."""
    commands = {command.__name__: text for command, text in COMMANDS.items()}
    listed = ("\n".join(f"  {name:<15} {text}" for name, text in texts.items()) for texts in (commands, jobs()))
    return USAGE.format(commands=next(listed), jobs=next(listed))


def set_up_all() -> None:
    """Install all packages and what Qt needs of the system."""
    set_up(DEVELOPER)
    require_qt(PYTHON)


def in_project(*module: str) -> int:
    """Run `python -m module …` in the project's folder; Qt draws into memory unless the environment says otherwise."""
    os.chdir(ROOT)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return hand_over(PYTHON, "-m", *module)


def wants_window(arguments: list[str]) -> bool:
    """Tell whether main.py would open a window for these arguments."""
    return first_word(arguments) in {"", "open"}


def wants_qt(arguments: list[str]) -> bool:
    """Tell whether main.py would load Qt: for a window or for the self-check."""
    return wants_window(arguments) or first_word(arguments).startswith("--self-check")


def first_word(arguments: list[str]) -> str:
    """Return the first argument after an optional `--data FOLDER`; "" if there is none."""
    rest = iter(arguments)
    for word in rest:
        if word == "--data":
            next(rest, None)
        elif not word.startswith("--data="):
            return word
    return ""


def main(arguments: list[str]) -> int:
    """Run one command; return its exit code, 2 for a wrong call."""
    name = arguments[0] if arguments else ""
    commands = {command.__name__: command for command in COMMANDS}
    if name not in commands and name not in jobs():
        asked = name in {"help", "-h", "--help"}
        print(usage(), file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    trouble = python_trouble(sys.version_info[:2], sys.maxsize)
    if trouble:
        say(trouble)
        return 1
    return guarded(commands.get(name, partial(job, name)), arguments[1:])


if __name__ == "__main__":
    speak_utf8()
    sys.exit(main(sys.argv[1:]))
