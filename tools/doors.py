"""Rewrites the public names of every room from what other rooms import; `--check` only compares.

A room is a folder of `model/`, `export/` or `ui/`. Its `__init__.py` (the door) lists its public names three times:
for type checkers and PyInstaller (`if TYPE_CHECKING`), for readers (`__all__`), and for the lazy loader (PEP 562).
The docstring of a door is kept.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

SUMMARY = "由引用关系重写各模块目录对外的名称（--check 只核对）"

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("model", "export", "ui")
WIDTH = 120  # characters in a line

Names = dict[str, dict[str, set[str]]]  # room → module ("" for a module that is itself public) → names


def sources() -> dict[str, Path]:
    """Return the files of the program by module name; a package has the name of its folder."""
    files = [ROOT / "main.py", *(path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py")))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


def rooms(modules: dict[str, Path]) -> dict[str, Path]:
    """Return the doors (`__init__.py`) of all rooms by the room's dotted name."""
    return {name: path for name, path in modules.items() if path.name == "__init__.py" and "." in name}


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Yield module and name of every `from … import …` of ours in a file, late and type-only ones included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in LAYERS:
            yield from ((node.module, alias.name) for alias in node.names)


def defined(path: Path) -> set[str]:
    """Return the names that a module binds at its top level, imports excepted."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {it.id for target in targets for it in ast.walk(target) if isinstance(it, ast.Name)}
    return names


def public(modules: dict[str, Path]) -> Names:
    """Collect for every room the names that files outside of it import."""
    doors = rooms(modules)
    homes = {room: homes_in(room, modules) for room in doors}
    found: Names = defaultdict(lambda: defaultdict(set))
    for module, path in modules.items():
        for source, name in imported(path) if path.name != "__init__.py" else ():
            room = next((room for room in (source, source.rpartition(".")[0]) if room in doors), "")
            if room and not (module == room or module.startswith(f"{room}.")):
                inner = source.removeprefix(room).lstrip(".") or (
                    "" if f"{room}.{name}" in modules else home_of(room, name, homes[room])
                )
                found[room][inner].add(name)
    return found


def homes_in(room: str, modules: dict[str, Path]) -> dict[str, set[str]]:
    """Return for the names defined in a room the modules (last part of their names) that define each."""
    homes: dict[str, set[str]] = defaultdict(set)
    for module, path in modules.items():
        if module.rpartition(".")[0] == room:
            for name in defined(path):
                homes[name].add(module.rpartition(".")[2])
    return homes


def home_of(room: str, name: str, homes: dict[str, set[str]]) -> str:
    """Return the module of a room that defines a public name, "" for none; exits if two modules define it."""
    found = sorted(homes.get(name, ()))
    if len(found) > 1:
        sys.exit(f"{room}.{name} is ambiguous: defined in {' and '.join(found)}; rename one of them")
    return found[0] if found else ""


def door(room: str, docstring: str, names: dict[str, set[str]]) -> str:
    """Return the source of a room's `__init__.py`."""
    every = sorted({name for some in names.values() for name in some})
    lines = [f'"""{docstring}"""', ""]
    if not every:
        return lines[0] + "\n"
    lines += ["from typing import TYPE_CHECKING", "", "from model.base.lazy import lazy_names", "", "if TYPE_CHECKING:"]
    for module in sorted(names):
        source = f"{room}.{module}" if module else room
        lines.append(f"    from {source} import {', '.join(sorted(names[module]))}")
    lines += ["", f"__all__ = {every!r}", "", "if not TYPE_CHECKING:"]
    mapping = ", ".join(f'"{module}": {joined(some)}' for module, some in sorted(names.items()) if module)
    lines.append(f"    __getattr__ = lazy_names(__name__, {{{mapping}}})")
    return "\n".join(lines) + "\n"


def joined(names: set[str]) -> str:
    """Return names as one string literal, in parts that fit on a line."""
    parts = wrap(" ".join(sorted(names)), WIDTH - 30)
    return "(" + "\n".join(repr(part + " " * (part is not parts[-1])) for part in parts) + ")"


def formatted(text: str, path: Path) -> str:
    """Return source as ruff sorts and lays it out."""
    for words in (["check", "--select", "I,RUF022", "--fix", "-q"], ["format", "-q"]):
        command = [sys.executable, "-m", "ruff", *words, "--stdin-filename", str(path), "-"]
        text = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    return text


def main(arguments: list[str]) -> int:
    """Write the doors that differ, or only name them; return 1 if `--check` found one."""
    modules = sources()
    names, stale = public(modules), []
    for room, path in rooms(modules).items():
        before = path.read_text(encoding="utf-8")
        docstring = ast.get_docstring(ast.parse(before), clean=False) or room
        after = formatted(door(room, docstring, names[room]), path)
        if after != before:
            stale.append(path.relative_to(ROOT).as_posix())
            if "--check" not in arguments:
                path.write_text(after, encoding="utf-8", newline="\n")
    print("\n".join(stale))
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
