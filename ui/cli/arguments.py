"""Arguments of the command line: commands, options, messages on wrong ones."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from model.base import Trouble, excerpt
from ui.parts import console

PROGRAM = "main.py"
WINDOW = ("open",)  # commands that need a display
EPILOG = "退出码：0 完成、没有错误；1 check 发现错误；2 文件、参数或输出位置不可用；3 本软件内部出错"


class _Usage(argparse.HelpFormatter):
    """Help formatter with the usage line in Chinese."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def format_help(self) -> str:
        """Return the help with full-width colons behind the headings."""
        return re.sub(r"^(参数|选项|命令):$", r"\1：", super().format_help(), flags=re.MULTILINE)


class _Parser(argparse.ArgumentParser):
    """Parser that raises `Trouble` with one Chinese sentence for wrong arguments."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **(named | {"formatter_class": _Usage, "allow_abbrev": False}))
        self._positionals.title, self._optionals.title = "参数", "选项"

    def parse_args(self, *given: Any, **named: Any) -> Any:
        """Parse as the base class does; refuses options that exclude each other."""
        found = super().parse_args(*given, **named)
        if found.self_check is False:  # without the name of a file
            found.self_check = ""
        if found.self_check and not found.self_check.lower().endswith(".pdf"):
            self.error(f"--self-check: “{found.self_check[:40]}”应以 .pdf 结尾")
        again = vars(found).pop("data_again", None)
        if again is not None and found.data is not None:
            self.error("--data: 只能写一次")
        found.data = found.data if again is None else again
        alone = [
            name for name, on in (("--version", found.version), ("--self-check", found.self_check is not None)) if on
        ]
        others = [*alone[1:], *filter(None, [found.command])]
        if alone and others:
            self.error(f"{alone[0]}: 不能与 {others[0]} 合用")
        if found.self_check is not None and found.data is not None:
            self.error("--self-check: 不能与 --data 合用，自检不使用草稿")
        return found

    def _print_message(self, message: str, _file: Any = None) -> None:
        """Print the help; the base class ignores a disk that is full."""
        console.say(message.rstrip("\n"))

    def error(self, message: str) -> NoReturn:
        if match := re.fullmatch(r"argument 命令: invalid choice: '(.*?)' \(choose from .*", message, re.DOTALL):
            raise Trouble(f"没有“{excerpt(match[1])}”这个命令；可用：{'、'.join(_COMMANDS)}")
        asked = f"{self.prog} --help".replace("  ", " ")
        if message == "the following arguments are required: -o":
            raise Trouble(f"缺少输出文件，请加“-o 文件名.pdf”；详见 {asked}")
        raise Trouble(f"参数不对：{_in_chinese(message)}；详见 {asked}")


class _Once(argparse.Action):
    """Store a value; refuses an option that stands twice, since the first one would have no effect."""

    def __call__(self, parser: Any, namespace: argparse.Namespace, values: Any, option_string: Any = None) -> None:
        if getattr(namespace, self.dest, None) is not None:
            raise argparse.ArgumentError(self, "只能写一次")
        setattr(namespace, self.dest, values)


def _path(text: str) -> str:
    """Refuse what no path can be: `""` would mean the current folder."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("是空的，应是文件或文件夹的路径" if not text else "含有不能使用的字符")
    return text


def _year(text: str) -> int:
    """Parse a year of four digits."""
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise argparse.ArgumentTypeError("应是四位的年份，如 2024")
    return int(text)


def _in_chinese(message: str) -> str:
    """Translate the messages of argparse that a user can get."""
    for english, chinese in (
        ("the following arguments are required: ", "缺少 "),
        ("unrecognized arguments: ", "不认识 "),
        ("expected one argument", "后面缺少内容"),
        ("invalid choice: ", "不认识 "),
        ("ignored explicit argument ", "后面不应有 "),
        ("expected at most one argument", "后面最多一项"),
    ):
        message = message.replace(english, chinese)
    return message.removeprefix("argument ").split(" (choose from")[0].replace(": ", "：")


_COMMANDS = {
    "open": "在窗口中打开文件",
    "import": "读入旧年度报告，存为草稿，显示草稿编号",
    "list": "列出草稿",
    "check": "检查数据和文字",
    "export": "导出 PDF 或数据文件",
}


def parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Build the parser for these words: with the command they name, else with all commands."""
    whole = _Parser(PROGRAM, description="政府信息公开工作年度报告编制程序", epilog=EPILOG, add_help=False)
    _common(whole)
    whole.add_argument("--version", action="store_true", help="显示版本")
    checked = {"nargs": "?", "const": False, "type": _path, "action": _Once}
    whole.add_argument("--self-check", metavar="输出.pdf", help="检查本软件是否完整", **checked)  # type: ignore[arg-type]
    commands = whole.add_subparsers(dest="command", metavar="命令", title="命令", parser_class=_Parser)
    named = _command_in(words)
    for name, help_text in _COMMANDS.items():
        if named in ("", name):
            _fill(commands.add_parser(name, help=help_text, description=help_text, add_help=False), name)
    return whole


def _command_in(words: Sequence[str]) -> str:
    """Return the command if it is the first word after an optional `--data FOLDER`; "" for anything else."""
    rest = list(words)
    if rest[:1] == ["--data"]:
        rest = rest[2:]
    return rest[0] if rest and rest[0] in _COMMANDS else ""


def _fill(command: argparse.ArgumentParser, name: str) -> None:
    """Add the arguments of a command."""
    _common(command, again=True)
    if name != "list":
        several = {"nargs": "+"} if name == "export" else {}
        metavar, help_text = _REPORT.get(name, ("文件", "年度报告的文件"))
        command.add_argument("report", metavar=metavar, help=help_text, type=_path, **several)  # type: ignore[arg-type]
    if name == "check":
        command.add_argument("--json", action="store_true", help="以 JSON 输出")
        _add(command, "-o", dest="out", metavar="检查报告.pdf", help="把一份年度报告的检查报告写成 PDF")
        _add(command, "--last-year", metavar="文件|编号|文件夹", help="上年的年度报告，用来核对结转等跨年度关系")
    if name in _READS:
        _add(command, "--year", metavar="年度", type=_year, help="文件里有几份年度报告时，读哪一年的")
    if name == "export":
        endings = "以 .pdf、.json 或 .zwgk 结尾；导出多份或整个文件夹时是存放 PDF 的文件夹"
        _add(command, "-o", dest="out", metavar="输出文件|文件夹", required=True, help=endings)
        command.add_argument("--box-missing", action="store_true", help="字库中没有的字印成□（只用于 PDF）")


_READS = ("import", "check", "export")  # commands that read a file
_ANY = ("文件|编号|文件夹", "年度报告的文件、草稿编号，或放有年度报告的文件夹")
_REPORT = {"check": _ANY, "export": _ANY}


def _common(command: argparse.ArgumentParser, *, again: bool = False) -> None:
    command.add_argument("-h", "--help", action="help", help="显示用法")
    _add(command, "--data", dest="data_again" if again else "data", metavar="文件夹", help="草稿所在的文件夹")


def _add(command: argparse.ArgumentParser, option: str, **named: Any) -> None:
    """Add an option that takes a path, unless another `type` is named, and stands once."""
    named.setdefault("type", _path)
    command.add_argument(option, action=_Once, **named)


def wants_window(arguments: argparse.Namespace) -> bool:
    """Return True if these arguments open a window."""
    return not arguments.version and arguments.self_check is None and arguments.command in (None, *WINDOW)
