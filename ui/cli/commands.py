"""Command line of the program, without a window and without Qt.

A stable interface for scripts.  Exit codes: 0 done, no 错误 · 1 `check` found 错误 · 2 unusable input, arguments or
output · 3 mistake of the program.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from model.base import VERSION, Trouble, excerpt, files, folder_access, is_folder, is_there, own_files, shown_name
from ui.cli.arguments import PROGRAM
from ui.parts import Folders, console

if TYPE_CHECKING:  # imported on the way to the first window: load only what the window needs
    from model.checks import LastYear
    from model.editing import Opener, Reviewed
    from model.form import Formats
    from model.importing import Reading
    from model.report import Report
    from model.storage import Store
    from ui.cli.folder_check import LastYears

DONE, FOUND, UNUSABLE, BROKEN = 0, 1, 2, 3
INTERRUPTED = 130  # by Ctrl+C, as a shell counts it
PATIENCE = 5.0  # seconds that `import` waits for another process to release the drafts
MOST_DIGITS = 18  # of a draft's number: more exceed SQLite's integers (64 bits)


def run(arguments: argparse.Namespace, places: Folders) -> int:
    """Run the command and return the exit code; raises `Trouble`."""
    if arguments.version:
        console.say(f"政府信息公开工作年度报告编制程序 {VERSION}")
        return DONE
    for sentence in folder_access.open_to_others(places.data):
        console.complain(sentence)
    try:
        return _act(arguments, places)
    finally:
        for sentence in own_files.reports.take(places.data):
            console.complain(sentence)


def _act(arguments: argparse.Namespace, places: Folders) -> int:
    _refuse_unusable(places.data)
    if arguments.command == "list":
        return _list(places)
    act = {"import": _import, "check": _check, "export": _export}[arguments.command]
    return act(arguments, places, _formats(places))


def _refuse_unusable(data: Path) -> None:
    """Refuse a data folder that is no folder or may not be entered, before each part of it gives an error."""
    name = files.shorter(str(data), 80)
    try:
        missing = not os.path.lexists(data)
        if not missing and not data.is_dir():
            raise NotADirectoryError
        if not missing and not os.access(data, os.R_OK | os.X_OK):
            raise PermissionError
        data.stat()
    except FileNotFoundError:  # created when a draft is saved
        return
    except PermissionError as error:
        raise Trouble(f"没有权限进入数据文件夹“{name}”，请开放权限，或用 --data 换一个文件夹") from error
    except NotADirectoryError as error:
        raise Trouble(f"“{name}”不是文件夹，不能存放数据；请换一个数据文件夹") from error


def _formats(places: Folders) -> Formats:
    """Load the formats; a message about each file that is refused goes to stderr."""
    from model.form import loader

    installed = loader.load_installed(places.formats, places.extra_formats)
    for sentence in installed.refused:
        console.complain(sentence)
    return installed.formats


# -- commands -----------------------------------------------------------------------------------------------------


def _import(arguments: argparse.Namespace, places: Folders, known: Formats) -> int:
    from model.importing import as_draft, is_database

    path = Path(arguments.report)
    if is_database(path):
        return _take_over(path, places)
    reading = _read(path, known, arguments.year)
    with _drafts(places, write=True) as store:
        if store.refusal:
            raise Trouble(f"没有读入“{shown_name(path)}”：{store.refusal}")
        number = store.create(as_draft(reading), f"读入 {shown_name(path)}").number
    console.say(number)
    for note in reading.report.notes:
        console.complain(f"{note.severity.label}：{note.message}")
    return DONE


def _take_over(path: Path, places: Folders) -> int:
    """Import all drafts of another computer's data file, or of a backup, under new numbers."""
    from model.recovery import take_over

    with _drafts(places, write=True) as store:
        if store.refusal:
            raise Trouble(f"没有读入“{shown_name(path)}”：{store.refusal}")
        for number in take_over(path, store):
            console.say(number)
    return DONE


def _list(places: Folders) -> int:
    if not _has_drafts(places):
        return DONE
    with _drafts(places) as store:
        for draft in store.drafts():
            console.say(
                f"{draft.number}\t{draft.agency}\t{draft.year}\t{draft.format}\t{draft.saved:%Y-%m-%d %H:%M:%S}"
            )
    return DONE


def _has_drafts(places: Folders) -> bool:
    """Return False before the first draft: a command that only reads must not create the user's folder."""
    from model.storage import DATABASE, FOLDER

    # True also for backups without a database: opening recovers the drafts.
    return any(path.exists() for path in (places.data / DATABASE, places.data / FOLDER))


@contextmanager
def _drafts(places: Folders, *, write: bool = False) -> Iterator[Store]:
    """Open the drafts, recovered if necessary; a message about that goes to stderr.

    Read-only, also beside an open window, unless `write`: then the store's `refusal` names another holder.
    """
    from model.recovery import open_drafts, open_to_read

    opened = open_drafts(places.data, patience=PATIENCE) if write else open_to_read(places.data)
    if opened.sentence and (opened.doubt or not opened.store.refusal):
        console.complain(opened.sentence)
    with closing(opened.store) as store:
        yield store


def _check(arguments: argparse.Namespace, places: Folders, known: Formats) -> int:
    if is_folder(Path(arguments.report)):
        return _check_folder(arguments, places, known)
    from ui.cli import check_output

    target = _verdict_target(arguments)
    report = _report(arguments.report, places, known, arguments.year)
    last = _last_year(arguments.last_year, report, places, known)
    reviewed = _opener(places, known).review(report, last)
    if target:
        from export.outputs import export_verdict, load_press

        export_verdict(reviewed, target, load_press(places.resources))
    as_json = arguments.json
    console.say(check_output.written(check_output.as_data(reviewed)) if as_json else check_output.as_text(reviewed))
    return FOUND if check_output.errors(reviewed) else DONE


def _verdict_target(arguments: argparse.Namespace) -> Path | None:
    """Return the file for the 检查报告, if one is wanted; raises `Trouble` for one that must not be written."""
    if arguments.out is None:
        return None
    target = Path(arguments.out)
    if target.suffix.lower() != ".pdf":
        raise Trouble(f"检查报告不能写成“{target.name}”，文件名请以 .pdf 结尾")
    for source in filter(None, (arguments.report, arguments.last_year)):
        _refuse_same(Path(source), target)
    return target


def _last_year(name: str | None, report: Report, places: Folders, known: Formats) -> LastYear | None:
    """Return last year's report to compare with, from a folder the one of the same agency."""
    if name is None:
        return None
    if is_folder(Path(name)):
        return _last_years(name, places, known).partner(report)
    from model.checks import LastYear

    last = _report(name, places, known, otherwise=report.year - 1)
    return LastYear.of(last, known.named(last.format))


def _last_years(name: str, places: Folders, known: Formats) -> LastYears:
    """Read last year's report from a file or a draft, or all of them from a folder."""
    from ui.cli.folder_check import LastYears, reports_of

    if not is_folder(Path(name)):
        return LastYears(name, [_report(name, places, known)], known)
    lasts = LastYears(Path(name).name or name, [], known)
    for file, report in reports_of(Path(name), lambda file: _report(file, places, known)):
        if isinstance(report, Trouble):
            lasts.unread += 1
            console.complain(f"上年的“{file}”没有读入：{report}")
        else:
            lasts.reports.append(report)
    return lasts


def _check_folder(arguments: argparse.Namespace, places: Folders, known: Formats) -> int:
    """Check each file of a folder; one that cannot be read is reported and the others are checked."""
    from ui.cli import check_output
    from ui.cli.folder_check import reports_of

    if arguments.out is not None:
        raise Trouble("检查文件夹时不能用 -o，一份检查报告只写一份年度报告；请逐份检查，或用 --json 得到全部结果")
    lasts = None if arguments.last_year is None else _last_years(arguments.last_year, places, known)
    opener = _opener(places, known)
    codes, paired, data = {UNUSABLE if lasts and lasts.unread else DONE}, 0, []
    read = partial(_report, places=places, known=known, year=arguments.year)
    for name, report in reports_of(Path(arguments.report), read):
        if isinstance(report, Trouble):
            codes.add(UNUSABLE)
            data.append(check_output.as_trouble(name, report))
            console.complain(str(report))
            continue
        last = _partner(name, report, lasts)
        paired += last is not None
        reviewed = opener.review(report, last)
        codes.add(FOUND if check_output.errors(reviewed) else DONE)
        data.append({"file": name, **check_output.as_data(reviewed)})
        if not arguments.json:
            console.say(check_output.one_line(name, reviewed))
    if arguments.json:
        console.say(check_output.written(data))
    return max(codes) if lasts is None or paired else UNUSABLE


def _partner(name: str, report: Report, lasts: LastYears | None) -> LastYear | None:
    """Return last year's report of the same agency; a message names a file that has none."""
    try:
        return lasts.partner(report) if lasts else None
    except Trouble as trouble:
        console.complain(f"“{name}”没有与上年核对：{trouble}")
        return None


def _export(arguments: argparse.Namespace, places: Folders, known: Formats) -> int:
    from export.outputs import export, load_press
    from ui.cli import batch_export

    if batch_export.is_batch(arguments.report, arguments.out):
        press = load_press(places.resources)
        complete = batch_export.export_all(
            arguments.report,
            arguments.out,
            lambda name: _to_print(name, places, known, arguments.year),
            press,
            box_missing=arguments.box_missing,
        )
        return DONE if complete else UNUSABLE
    (name,) = arguments.report
    reviewed = _to_print(name, places, known, arguments.year)
    target = Path(arguments.out)
    _refuse_same(Path(name), target)
    if arguments.box_missing and target.suffix.lower() != ".pdf":
        raise Trouble("--box-missing 只用于 PDF，数据文件保留原来的字；请去掉这一项，或把输出文件名改为以 .pdf 结尾")
    export(reviewed, target, load_press(places.resources), box_missing=arguments.box_missing)
    console.say(target)
    return DONE


def _refuse_same(source: Path, target: Path) -> None:
    if is_there(source) and is_there(target) and source.samefile(target):
        raise Trouble(f"“{target.name}”就是读入的原文件，请换一个导出文件名")


def _to_print(name: str, places: Folders, known: Formats, year: int | None) -> Reviewed:
    """Review the report to print, from a file or, for a number that is no file's name, from a draft.

    The rules about texts run only where the PDF depends on them: in a final report, which loses 草稿 only without
    错误, and in one that prints its reasons, of which only those still valid are printed.
    """
    from model.editing import unchecked
    from model.report import WITH_REASONS, is_final

    report = _report(name, places, known, year)
    if is_final(report.facts) or report.facts.get(WITH_REASONS):
        return _opener(places, known).review(report)
    return unchecked(report, known.named(report.format))


def _opener(places: Folders, known: Formats) -> Opener:
    from model.editing import Opener

    return Opener(known, places.rules)


def _report(
    name: str, places: Folders, known: Formats, year: int | None = None, *, otherwise: int | None = None
) -> Report:
    """Return the report of a draft or a file; of a file with several that of `year`, or without it of `otherwise`."""
    if not (name.isascii() and name.isdigit() and not is_there(Path(name))):
        return _read(Path(name), known, year, otherwise).report
    report = _draft(name, places)
    if year and report.year != year:
        raise Trouble(f"编号为 {name} 的草稿是 {report.year} 年的，不是 {year} 年的，请核对年度")
    return report


def _read(path: Path, known: Formats, year: int | None, otherwise: int | None = None) -> Reading:
    """Read a file; the sentence about one with several reports names the option that chooses one."""
    from model.importing import SeveralReports, read_file

    try:
        return read_file(path, known, year)
    except SeveralReports as several:
        if otherwise in several.years:
            return read_file(path, known, otherwise)
        choice = f"，或用 --year 写明年度，如 --year {several.years[-1]}" if several.years else ""
        raise Trouble(f"{several}{choice}") from several


def _draft(number: str, places: Folders) -> Report:
    if len(number) > MOST_DIGITS or not _has_drafts(places):
        raise Trouble(f"没有编号为 {excerpt(number)} 的草稿，请用 {PROGRAM} list 核对编号")
    with _drafts(places) as store:
        return store.load(int(number))
