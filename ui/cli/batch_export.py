"""Exports several reports, or all of a folder, as PDF files into one folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from export.fonts import FontSet
from export.outputs import DATA_ENDINGS, export
from model.base import Trouble, files, is_folder, is_there, safe_name, unused
from model.editing import Reviewed
from ui.cli.folder_files import files_of
from ui.cli.os_faults import os_sentence
from ui.parts import console

_ENDINGS = (".pdf", *DATA_ENDINGS)  # a name with one of these is meant as a file
ToPrint = Callable[[str], Reviewed]


def is_batch(inputs: list[str], out: str) -> bool:
    """Tell whether the arguments of `export` mean several reports or a folder to write into."""
    into_folder = out.endswith(("/", "\\")) or (is_folder(Path(out)) and Path(out).suffix.lower() not in _ENDINGS)
    return len(inputs) > 1 or is_folder(Path(inputs[0])) or into_folder


def export_all(inputs: list[str], out: str, to_print: ToPrint, press: FontSet, *, box_missing: bool) -> bool:
    """Write a PDF for each report and print its path; a report that fails is named on stderr and left out.

    Return True if all were written. No existing file is overwritten: a name that is taken gets a number.
    """
    folder = _folder(out, len(inputs))
    complete = True
    for name in _expanded(inputs):
        try:
            reviewed = to_print(name)
            target = unused(folder / f"{safe_name(reviewed.title)}.pdf")
            export(reviewed, target, press, box_missing=box_missing)
            console.say(target)
        except console.OutputTrouble:
            raise
        except (Trouble, OSError) as fault:
            sentence = str(fault) if isinstance(fault, Trouble) else os_sentence(fault)
            console.complain(f"“{files.shorter(Path(name).name)}”没有导出：{sentence}")
            complete = False
    return complete


def _folder(out: str, count: int) -> Path:
    """Return the folder to write into, created if only its last part is missing; raises `Trouble` for a file."""
    folder = Path(out)
    if folder.suffix.lower() in _ENDINGS and not is_folder(folder):
        raise Trouble(f"要导出的不止一份（{count} 项），-o 应是文件夹，“{folder.name}”是文件名；请改为文件夹")
    if is_there(folder) and not is_folder(folder):
        raise Trouble(f"“{folder.name}”是文件，不是文件夹；导出多份时 -o 应是文件夹，请改正")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Trouble(os_sentence(error)) from error
    return folder


def _expanded(inputs: Iterable[str]) -> Iterator[str]:
    """Yield the inputs, in place of a folder the files in it in the order of their names."""
    for name in inputs:
        yield from map(str, files_of(Path(name))) if is_folder(Path(name)) else (name,)
