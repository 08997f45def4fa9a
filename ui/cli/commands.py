"""Command line of the program, without a window and without Qt.

A stable interface for scripts.  Exit codes: 0 done, no 错误 · 1 `check` found 错误 · 2 unusable input or arguments.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from model.base import VERSION, Trouble
from ui.parts import Folders

if TYPE_CHECKING:  # imported on the way to the first window: load only what the window needs
    from model.checks import LastYear
    from model.editing import Opener, Reviewed
    from model.form import Formats
    from model.report import Report
    from model.storage import Store

DONE, FOUND, UNUSABLE = 0, 1, 2
WINDOW = ("open",)  # commands that need a display
PROGRAM = "main.py"
PATIENCE = 5.0  # seconds that `import` waits for another process to release the drafts
MOST_DIGITS = 18  # of a draft's number: more exceed SQLite's integers (64 bits)
EPILOG = "退出码：0 完成、没有错误；1 check 发现错误；2 文件或参数不可用"


class _Usage(argparse.HelpFormatter):
    """Help formatter with the usage line in Chinese."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Parser that raises `Trouble` with one Chinese sentence for wrong arguments."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **(named | {"formatter_class": _Usage, "allow_abbrev": False}))
        self._positionals.title, self._optionals.title = "参数", "选项"

    def error(self, message: str) -> NoReturn:
        raise Trouble(f"参数不对：{_in_chinese(message)}，用 {PROGRAM} --help 查看用法")


def _in_chinese(message: str) -> str:
    """Translate the messages of argparse that a user can get."""
    for english, chinese in (
        ("the following arguments are required: ", "缺少 "),
        ("unrecognized arguments: ", "不认识 "),
        ("expected one argument", "后面缺少内容"),
        ("invalid choice: ", "不认识 "),
        ("ignored explicit argument ", "后面不应有 "),
    ):
        message = message.replace(english, chinese)
    return message.removeprefix("argument ").split(" (choose from")[0]


def parser() -> argparse.ArgumentParser:
    """Build the parser with all commands."""
    whole = _Parser(PROGRAM, description="政府信息公开工作年度报告编制程序", epilog=EPILOG, add_help=False)
    _common(whole)
    whole.add_argument("--version", action="store_true", help="显示版本")
    whole.add_argument("--self-check", metavar="输出.pdf", nargs="?", const="", help="检查本软件是否完整")
    commands = whole.add_subparsers(dest="command", metavar="命令", title="命令", parser_class=_Parser)
    for name, words in (
        ("open", "在窗口中打开文件"), ("import", "读入旧年报，存为草稿，显示草稿编号"), ("list", "列出草稿"),
        ("check", "检查勾稽关系"), ("export", "导出 PDF 或数据文件"),
    ):  # fmt: skip
        command = commands.add_parser(name, help=words, description=words, add_help=False)
        _common(command, again=True)
        if name != "list":
            command.add_argument("report", metavar="文件|编号" if name in ("check", "export") else "文件")
        if name == "check":
            command.add_argument("--json", action="store_true", help="以 JSON 输出")
            command.add_argument("-o", dest="out", metavar="校验报告.pdf", help="把校验报告写成 PDF")
            command.add_argument("--last-year", metavar="文件|编号", help="上年的年报，用来核对结转等跨年度关系")
        if name == "export":
            endings = "以 .pdf、.json 或 .zwgk 结尾"
            command.add_argument("-o", dest="out", metavar="输出文件", required=True, help=endings)
            command.add_argument("--box-missing", action="store_true", help="字库中没有的字印成□")
    return whole


def _common(command: argparse.ArgumentParser, *, again: bool = False) -> None:
    default: Any = argparse.SUPPRESS if again else None
    command.add_argument("-h", "--help", action="help", help="显示用法")
    command.add_argument("--data", metavar="文件夹", default=default, help="草稿所在的文件夹")


def wants_window(arguments: argparse.Namespace) -> bool:
    """Return True if these arguments open a window."""
    return not arguments.version and arguments.self_check is None and arguments.command in (None, *WINDOW)


def run(arguments: argparse.Namespace, places: Folders) -> int:
    """Run the command and return the exit code; raises `Trouble`."""
    if arguments.version:
        print(f"政府信息公开工作年度报告编制程序 {VERSION}")
        return DONE
    if arguments.command == "list":
        return _list(places)
    act = {"import": _import, "check": _check, "export": _export}[arguments.command]
    return act(arguments, places, _formats(places))


def _formats(places: Folders) -> Formats:
    """Load the formats; a message about each file that is refused goes to stderr."""
    from model.form import loader

    installed = loader.load_installed(places.formats, places.extra_formats)
    for sentence in installed.refused:
        print(sentence, file=sys.stderr)
    return installed.formats


# -- commands -----------------------------------------------------------------------------------------------------


def _import(arguments: argparse.Namespace, places: Folders, known: Formats) -> int:
    from model.importing import as_draft, is_database, read_file

    path = Path(arguments.report)
    if is_database(path):
        return _take_over(path, places)
    reading = read_file(path, known)
    with _drafts(places, write=True) as store:
        if store.refusal:
            raise Trouble(f"没有读入“{path.name}”：{store.refusal}")
        number = store.create(as_draft(reading), f"读入 {path.name}").number
    print(number)
    for note in reading.report.notes:
        print(f"{note.severity.label}：{note.message}", file=sys.stderr)
    return DONE


def _take_over(path: Path, places: Folders) -> int:
    """Import all drafts of another computer's data file, or of a backup, under new numbers."""
    from model.recovery import take_over

    with _drafts(places, write=True) as store:
        if store.refusal:
            raise Trouble(f"没有读入“{path.name}”：{store.refusal}")
        for number in take_over(path, store):
            print(number)
    return DONE


def _list(places: Folders) -> int:
    if not _has_drafts(places):
        return DONE
    with _drafts(places) as store:
        for draft in store.drafts():
            print(f"{draft.number}\t{draft.agency}\t{draft.year}\t{draft.format}\t{draft.saved:%Y-%m-%d %H:%M:%S}")
    return DONE


def _has_drafts(places: Folders) -> bool:
    """Return False before the first draft: a command that only reads must not create the user's folder."""
    from model.storage import DATABASE, FOLDER

    # True also for a file in place of the folder and for backups without a database: opening reports these faults.
    return any(path.exists() for path in (places.data / DATABASE, places.data / FOLDER)) or places.data.is_file()


@contextmanager
def _drafts(places: Folders, *, write: bool = False) -> Iterator[Store]:
    """Open the drafts, recovered if necessary; a message about that goes to stderr.

    Read-only, also beside an open window, unless `write`: then the store's `refusal` names another holder.
    """
    from model.recovery import open_drafts, open_to_read

    opened = open_drafts(places.data, patience=PATIENCE) if write else open_to_read(places.data)
    if opened.sentence and (opened.behind or not opened.store.refusal):
        print(opened.sentence, file=sys.stderr)
    with closing(opened.store) as store:
        yield store


def _check(arguments: argparse.Namespace, places: Folders, known: Formats) -> int:
    from ui.cli import check_output

    last = _last_year(arguments.last_year, places, known)
    if Path(arguments.report).is_dir():
        return _check_folder(Path(arguments.report), arguments.json, places, known)
    reviewed = _opener(places, known).review(_report(arguments.report, places, known), last)
    if arguments.out:
        _write_verdict(reviewed, Path(arguments.out), places)
    print(check_output.written(check_output.as_data(reviewed)) if arguments.json else check_output.as_text(reviewed))
    return FOUND if check_output.errors(reviewed) else DONE


def _write_verdict(reviewed: Reviewed, target: Path, places: Folders) -> None:
    from export.outputs import export_verdict, load_press

    if target.suffix.lower() != ".pdf":
        raise Trouble(f"校验报告不能写成“{target.name}”，文件名请以 .pdf 结尾")
    export_verdict(reviewed, target, load_press(places.resources))


def _last_year(name: str | None, places: Folders, known: Formats) -> LastYear | None:
    if name is None:
        return None
    from model.checks import LastYear

    report = _report(name, places, known)
    return LastYear.of(report, known.named(report.format))


def _check_folder(folder: Path, as_json: bool, places: Folders, known: Formats) -> int:
    """Check each file of a folder; one that cannot be read is reported and the others are checked."""
    from ui.cli import check_output

    opener = _opener(places, known)
    found, unusable, data = 0, 0, []
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    if not paths:
        raise Trouble(f"文件夹“{folder.name}”里没有文件，请选择放有年报的文件夹")
    for path in paths:
        try:
            reviewed = opener.review(_report(str(path), places, known))
        except Trouble as trouble:
            unusable += 1
            data.append(check_output.as_trouble(path.name, trouble))
            print(str(trouble), file=sys.stderr)
            continue
        found += bool(check_output.errors(reviewed))
        data.append({"file": path.name, **check_output.as_data(reviewed)})
        if not as_json:
            print(check_output.one_line(path.name, reviewed))
    if as_json:
        print(check_output.written(data))
    return UNUSABLE if unusable else FOUND if found else DONE


def _export(arguments: argparse.Namespace, places: Folders, known: Formats) -> int:
    from export.outputs import export, load_press

    reviewed = _to_print(arguments.report, places, known)
    target = Path(arguments.out)
    _refuse_same(Path(arguments.report), target)
    export(reviewed, target, load_press(places.resources), box_missing=arguments.box_missing)
    print(target)
    return DONE


def _refuse_same(source: Path, target: Path) -> None:
    if source.exists() and target.exists() and source.samefile(target):
        raise Trouble(f"“{target.name}”就是读入的原文件，请换一个导出文件名")


def _to_print(name: str, places: Folders, known: Formats) -> Reviewed:
    """Review the report to print, from a file or, for a number that is no file's name, from a draft.

    The rules about texts run only where the PDF depends on them: in a final report, which loses 草稿 only without
    错误, and in one that prints its reasons, of which only those still valid are printed.
    """
    from model.editing import unchecked
    from model.report import WITH_REASONS, is_final

    report = _report(name, places, known)
    if is_final(report.facts) or report.facts.get(WITH_REASONS):
        return _opener(places, known).review(report)
    return unchecked(report, known.named(report.format))


def _opener(places: Folders, known: Formats) -> Opener:
    from model.editing import Opener

    return Opener(known, places.rules)


def _report(name: str, places: Folders, known: Formats) -> Report:
    if name.isascii() and name.isdigit() and not Path(name).exists():
        return _draft(name, places)
    from model.importing import read_file

    return read_file(Path(name), known).report


def _draft(number: str, places: Folders) -> Report:
    if len(number) > MOST_DIGITS or not _has_drafts(places):
        raise Trouble(f"没有编号为 {number} 的草稿，请用 {PROGRAM} list 核对编号")
    with _drafts(places) as store:
        return store.load(int(number))
