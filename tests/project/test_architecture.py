"""Tests of the architecture: imports between layers, libraries in their rooms, forbidden calls, words of the form.

The source is parsed, never imported. Every rule is a function from a parsed file (or from all of them) to sentences
about violations; tests at the end apply the same functions to offending snippets.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Layers and the layers that each may import; main.py builds everything and may import all three.
LAYERS = {
    "model": {"model"},
    "export": {"model", "export"},
    "ui": {"model", "export", "ui"},
    "main": {"model", "export", "ui"},
}
OURS = {*LAYERS, "dev", "tests", "tools"}

# The packages of requirements.in (and Python's SQLite), and the only folders that may import them.
HOMES = {
    "PySide6": ("ui/",),
    "shiboken6": ("ui/",),
    "pypdfium2": ("ui/", "export/", "model/importing/"),
    "reportlab": ("export/",),
    "sqlite3": ("model/storage/", "model/recovery/"),
    "sqlite_utils": ("model/storage/", "model/recovery/"),
}
COMMAND_LINE = "ui.cli.commands"
SESSION = "model.editing.session"  # the open report, which changes while it is edited
LAST_NETS = ("ui/app/startup.py", "main.py")  # the only places that may catch everything

# Calls that run data as a program, or that import names unseen by this file.
FORBIDDEN_NAMES = {"eval", "exec", "compile", "__import__", "import_module"}
FORBIDDEN_METHODS = {"extractall", "import_module", "system", "popen"}
LAZY_LOADER = "model/base/lazy.py"  # loads the public names of a room on first use
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "dbm"}

TOML_READER = "model/base/toml.py"  # gives the position of every mistake

# Only this module writes files, so that none is left half-written; each exception has its reason.
FILE_WRITER = "model/base/files.py"
WRITERS_ALLOWED = {
    "model/base/event_log.py": "appends lines to the log and renames it when it is full",
    "model/base/input_file.py": "opens for reading only, with flags so that a pipe is not waited for",
    "model/storage/lock.py": "keeps the lock file open; its content is only the name of the holder",
    "model/recovery/salvage.py": "repairs a private copy of the damaged database in place",
    "model/base/own_files.py": "reads through a descriptor that `files` opened",
    "ui/parts/console.py": "opens the null device",
}
WRITING_METHODS = {"write_text", "write_bytes", "touch", "rename", "hardlink_to", "symlink_to"}
WRITING_FUNCTIONS = {
    "os": {
        "open", "fdopen", "write", "pwrite", "fsync", "truncate", "ftruncate", "rename", "renames", "replace", "link",
        "symlink", "sendfile", "copy_file_range",
    },
    "shutil": {"copy", "copy2", "copyfile", "copyfileobj", "copytree", "move", "make_archive", "unpack_archive"},
    "tempfile": {"mkstemp", "NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile"},
}  # fmt: skip
WRITING_CLASSES = {"QSaveFile", "QTemporaryFile", "QPdfWriter", "QSettings"}
WRITING_MODES = re.compile(r"[rbtU]*[wxa+][rwxabtU+]*")
# Late imports: file, module imported inside a function, and the reason.
LATE_IMPORTS = {
    ("export/document/report_document.py", "model.editing"): "reasons and rules, only where they are printed",
    ("export/outputs.py", "export.document"): "rules and last year, only for a 检查报告 or a 对比表",
    ("export/outputs.py", "export.pdf.writer"): "ReportLab, only for a PDF and not for a data file",
    ("main.py", "ui.app"): "a command starts without Qt",
    ("ui/cli/", "model"): "a command loads only what it needs",
    ("ui/cli/", "export"): "ReportLab, only for commands that write a PDF",
    ("ui/cli/", "ui.cli.check_output"): "a command loads only what it needs",
    ("ui/cli/", "ui.cli.batch_export"): "a command loads only what it needs",
    ("ui/cli/", "ui.cli.folder_check"): "a command loads only what it needs",
    ("model/importing/read.py", "model.importing.own_pdf"): "PDFium, only for a PDF",
    ("model/importing/read.py", "model.importing.readers"): "a data file is read faster without the other readers",
    ("model/importing/readers/kinds.py", "model.importing.readers"): "each reader only for its kind of file",
    ("model/importing/read.py", "model.importing.recognise"): "a data file is read faster without the other readers",
    ("model/editing/reviewed.py", "model.checks"): "a draft is exported without loading a rule",
    ("model/base/held_files.py", "ctypes"): "Windows only, and only after an error",
    ("model/editing/reviewed.py", "model.claims"): "a draft is exported without loading a rule",
    ("ui/app/single_instance.py", "ctypes"): "Windows only",
    ("ui/parts/console.py", "ctypes"): "Windows only, and only for a message without a console",
    ("ui/app/startup.py", "model.base.location"): "runs in a thread after the first paint",
    ("ui/app/startup.py", "ui.app.fcitx"): "QtDBus, only on a desktop with fcitx",
    ("ui/docks/", "model.report"): "comparing reports, only in an opened dock",
    ("ui/docks/", "ui.docks.history"): "SQLite, not before the first paint",
    ("ui/docks/guide.py", "ui.docks"): "panels that are rarely opened",
    ("ui/draft/", "model.storage"): "SQLite, not before the first paint",
    ("ui/draft/", "model.recovery"): "SQLite, not before the first paint",
    ("ui/editor/workbench.py", "ui.output.Preview"): "PDFium and the print dialog, only for a preview",
    ("ui/home/draft_lines.py", "model.storage"): "SQLite, not before the first paint",
    ("ui/home/draft_actions.py", "model.importing"): "readers of old reports, only to read one",
    ("ui/output/", "export"): "ReportLab and fonts, only to export",
    ("ui/table/view.py", "model.importing"): "readers of old reports, only to paste a table",
    ("ui/window/main_window.py", "ui.editor"): "pages and rules, loaded in a thread after the first paint",
    ("ui/window/main_window.py", "ui.draft.Desk"): "the rules about texts, not before the first paint",
    ("ui/window/main_window.py", "model.editing.Opener"): "the rules about texts, not before the first paint",
    ("ui/window/recovery_questions.py", "model.storage"): "SQLite, not before the first paint",
    ("ui/window/recovery_questions.py", "model.recovery"): "SQLite, not before the first paint",
    ("ui/window/recovery_questions.py", "ui.docks.UndecidedDock"): "only after a recovery",
}
WINDOWS = {"Window", "QMainWindow"}


@dataclass(frozen=True)
class Module:
    """Parsed source file; `path` as in the repository, `name` as Python imports it."""

    path: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def package(self) -> str:
        return self.name if self.path.endswith("/__init__.py") else self.name.rpartition(".")[0]


@dataclass(frozen=True)
class Literal:
    """String literal in the source."""

    value: str
    lineno: int


@dataclass(frozen=True)
class Import:
    """Imported name; `late` if it is imported after its module has been loaded, or for type checkers only."""

    name: str
    line: int
    late: bool

    @property
    def top(self) -> str:
        return self.name.partition(".")[0]


Rule = Callable[[Module], Iterator[str]]


def parsed(path: str, source: str) -> Module:
    return Module(path, ast.parse(source, path))


@cache
def product() -> list[Module]:
    """Return the product files: main.py and the three layers."""
    files = [path for layer in ("model", "export", "ui") for path in sorted((ROOT / layer).rglob("*.py"))]
    files += [path for path in [ROOT / "main.py"] if path.exists()]
    return [parsed(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in files]


# -- Imports --------------------------------------------------------------------------------------------------------


@cache
def imports(module: Module) -> list[Import]:
    return list(_imports(module.tree, module.package, late=False))


def _imports(node: ast.AST, package: str, *, late: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(alias.name, node.lineno, late) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (Import(name, node.lineno, late) for name in _names_from(node, package))
    late = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, package, late=late or typing_only)


def _names_from(node: ast.ImportFrom, package: str) -> list[str]:
    parents = package.split(".")
    relative = parents[: len(parents) - node.level + 1] if node.level else []
    base = ".".join([*relative, *([node.module] if node.module else [])])
    return [f"{base}.{alias.name}" for alias in node.names]


def public_names(door: Module) -> dict[str, str]:
    """Return the public names of a room's `__init__.py`, each with its full name in the module that defines it."""
    return {item.name.rpartition(".")[2]: item.name for item in imports(door) if item.late}


def target(name: str, known: Mapping[str, Module]) -> str | None:
    """Return the module of ours behind an imported name: the name itself or the longest part of it that is a module."""
    room, _, word = name.rpartition(".")
    if room in known and known[room].path.endswith("/__init__.py"):
        name = public_names(known[room]).get(word, name)
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


# -- Rules on one file ----------------------------------------------------------------------------------------------


def keeps_to_its_layer(module: Module) -> Iterator[str]:
    allowed = LAYERS[module.name.partition(".")[0]]
    for item in imports(module):
        if item.top in OURS - allowed:
            yield f"{module.path}:{item.line}: {item.name} lies above or beside this layer"


def uses_libraries_at_home(module: Module) -> Iterator[str]:
    for item in imports(module):
        if item.top in HOMES and not module.path.startswith(HOMES[item.top]):
            yield f"{module.path}:{item.line}: {item.top} belongs in {' '.join(HOMES[item.top])}"
        elif item.top not in {*HOMES, *OURS, *sys.stdlib_module_names}:
            yield f"{module.path}:{item.line}: {item.top} does not stand in requirements.in"


def catches_only_what_it_knows(module: Module) -> Iterator[str]:
    if module.path in LAST_NETS:
        return
    for node in ast.walk(module.tree):
        caught: list[ast.expr | None]
        if isinstance(node, ast.ExceptHandler):
            if cleans_up(node):
                continue
            caught = [*node.type.elts] if isinstance(node.type, ast.Tuple) else [node.type]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            caught = [*node.args]
        else:
            continue
        if any(name is None or ast.unparse(name) in {"Exception", "BaseException"} for name in caught):
            yield f"{module.path}:{node.lineno}: catches everything"


def cleans_up(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler has the form `except BaseException: …; raise`, which cleans up and lets the error pass."""
    last = handler.body[-1]
    everything = handler.type is not None and ast.unparse(handler.type) == "BaseException"
    return everything and isinstance(last, ast.Raise) and last.exc is None


def runs_no_data(module: Module) -> Iterator[str]:
    for item in imports(module):
        if item.top in FORBIDDEN_MODULES:
            yield f"{module.path}:{item.line}: {item.top} runs what it reads"
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_NAMES and module.path != LAZY_LOADER:
            yield f"{module.path}:{node.lineno}: {node.func.id}()"
        if isinstance(node.func, ast.Attribute) and node.func.attr in FORBIDDEN_METHODS:
            yield f"{module.path}:{node.lineno}: .{node.func.attr}()"
        if any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in node.keywords):
            yield f"{module.path}:{node.lineno}: starts a shell"


STORE_ROOM = "ui/draft/"
OWN_STORE = "ui/cli/"  # a command opens the drafts itself: it has no window and no thread


def leaves_the_store_to_its_room(module: Module) -> Iterator[str]:
    """The user interface uses the drafts by the typed methods of `Drafts`, not by functions that get the store."""
    if not module.path.startswith("ui/") or module.path.startswith((STORE_ROOM, OWN_STORE)):
        return
    for item in imports(module):
        if item.name.startswith("model.storage.") and item.name.rpartition(".")[2] in {"Store", "SaveThread"}:
            yield f"{module.path}:{item.line}: {item.name} is for {STORE_ROOM} only"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr == "ask" and ast.unparse(node.value).endswith("save_queue"):
            yield f"{module.path}:{node.lineno}: SaveQueue.ask is for {STORE_ROOM} only"
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".ask") and gets_the_store(node):
            yield f"{module.path}:{node.lineno}: a function that gets the store"


def gets_the_store(call: ast.Call) -> bool:
    """`….ask(lambda store: …)`, whatever the queue is called."""
    return any(isinstance(it, ast.Lambda) and [arg.arg for arg in it.args.args] == ["store"] for it in call.args)


def prints_no_open_report(module: Module) -> Iterator[str]:
    """Yield uses of `Editing` in export, which takes a `Reviewed`: an `Editing` changes in the window's thread."""
    if not module.path.startswith("export/"):
        return
    for item in imports(module):
        if item.name.endswith(".Editing") or item.name.startswith(SESSION):
            yield f"{module.path}:{item.line}: {item.name} is not for export"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr == "Editing":
            yield f"{module.path}:{node.lineno}: {ast.unparse(node)} is not for export"


def reads_toml_by_the_reader(module: Module) -> Iterator[str]:
    for item in imports(module):
        if item.top == "tomllib" and module.path != TOML_READER:
            yield f"{module.path}:{item.line}: tomllib is imported by {TOML_READER} only"


def writes_files_by_the_writer(module: Module) -> Iterator[str]:
    if module.path == FILE_WRITER or module.path in WRITERS_ALLOWED:
        return
    yield from writes(module)


def writes(module: Module) -> Iterator[str]:
    """Yield every place of a file that creates, changes or renames a file."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and (name := writing_call(node)):
            yield f"{module.path}:{node.lineno}: {name}() writes a file without {FILE_WRITER}"
        elif isinstance(node, ast.ImportFrom) and node.module in WRITING_FUNCTIONS:
            for alias in node.names:
                if alias.name in WRITING_FUNCTIONS[node.module]:
                    yield f"{module.path}:{node.lineno}: import {node.module}.{alias.name} by its module"
        elif isinstance(node, ast.Attribute) and node.attr in {"WriteOnly", "ReadWrite", "Append", "NewOnly"}:
            yield f"{module.path}:{node.lineno}: {node.attr} opens a file of Qt for writing"


def writing_call(node: ast.Call) -> str:
    """Return the name of a called function that writes a file, "" if it writes none."""
    modes = [*node.args[:2], *[word.value for word in node.keywords if word.arg == "mode"]]
    if isinstance(node.func, ast.Name):
        opens = node.func.id == "open" and any(map(is_writing_mode, modes[1:]))
        return node.func.id if opens or node.func.id in WRITING_CLASSES else ""
    if not isinstance(node.func, ast.Attribute):
        return ""
    owner, name = ast.unparse(node.func.value), node.func.attr
    if owner in WRITING_FUNCTIONS:
        return f"{owner}.{name}" if name in WRITING_FUNCTIONS[owner] and not opens_to_read(node) else ""
    moves = name == "replace" and len(node.args) == 1 and not node.keywords  # `Path.replace` takes one argument
    opens = name in {"open", "fdopen"} and any(map(is_writing_mode, modes))
    return name if moves or opens or name in WRITING_METHODS else ""


def is_writing_mode(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Constant)
        and isinstance(value.value, str)
        and WRITING_MODES.fullmatch(value.value) is not None
    )


def opens_to_read(node: ast.Call) -> bool:
    return ast.unparse(node.func) == "os.open" and ast.unparse(node.args[1]) == "os.O_RDONLY"


def imports_late_for_a_reason(module: Module) -> Iterator[str]:
    for item in imports_in_functions(module):
        if not lazy_doors(module, item):
            yield f"{module.path}:{item.line}: {item.name} is imported in a function, but is not in LATE_IMPORTS"


@cache
def imports_in_functions(module: Module) -> list[Import]:
    functions = [it for it in ast.walk(module.tree) if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = [item for function in functions for item in _imports(function, module.package, late=True)]
    return list(dict.fromkeys(found))  # once for nested functions


def lazy_doors(module: Module, item: Import) -> set[tuple[str, str]]:
    """Return the entries of LATE_IMPORTS that allow an import."""
    return {
        (who, what)
        for who, what in LATE_IMPORTS
        if module.path.startswith(who) and f"{item.name}.".startswith(f"{what}.")
    }


def emits_signals_to_the_window(module: Module) -> Iterator[str]:
    """Yield uses of a window in helpers, which get what they need and emit signals instead."""
    if not module.path.startswith("ui/"):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and node.name.endswith("Host"):
            yield f"{module.path}:{node.lineno}: {node.name} describes a window to a helper"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance" and asks_for_a_window(node):
            yield f"{module.path}:{node.lineno}: {ast.unparse(node)}"


def asks_for_a_window(call: ast.Call) -> bool:
    value, kinds = call.args
    names = {it.id for it in ast.walk(kinds) if isinstance(it, ast.Name)}
    return "window" in ast.unparse(value).lower() or bool(names & WINDOWS)


# -- Rules on all files together ------------------------------------------------------------------------------------


def cycles(modules: Iterable[Module]) -> list[str]:
    """Return import cycles, late and type-only imports included."""
    known = {module.name: module for module in modules}
    graph = {
        name: {found for item in imports(module) if (found := target(item.name, known)) not in {None, name}}
        for name, module in known.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" ← ".join(error.args[1])]
    return []


def qt_on_the_way_from(start: str, modules: Iterable[Module]) -> list[str]:
    """Return the chains of imports by which importing `start` alone would load Qt, packages' `__init__` included."""
    known = {module.name: module for module in modules}
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    found: list[str] = []
    while ways:
        way = ways.pop()
        module = known.get(way[-1])
        if module is None or way[-1] in seen:
            continue
        seen.add(way[-1])
        for item in imports(module):
            if item.top in {"PySide6", "shiboken6"} and not item.late:
                found.append(" → ".join([*way, item.name]))
            elif not item.late and (name := target(item.name, known)):
                ways.append((*way, name))
        ways.append((*way, way[-1].rpartition(".")[0]))
    return found


def ambiguous_names(modules: Iterable[Module]) -> list[str]:
    """Return public names of rooms that two modules of the room define, of which a door could offer only one."""
    known = list(modules)
    homes: dict[str, list[str]] = {}
    for module in known:
        for name in defined(module):
            homes.setdefault(f"{module.package}.{name}", []).append(module.path)
    doors = [module for module in known if module.path.endswith("/__init__.py")]
    public = [f"{door.name}.{name}" for door in doors for name in public_names(door)]
    return [f"{name}: {' '.join(homes[name])}" for name in public if len(homes.get(name, ())) > 1]


def defined(module: Module) -> Iterator[str]:
    """Yield the names that a module binds at its top level, imports excepted."""
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (it.id for target in targets for it in ast.walk(target) if isinstance(it, ast.Name))


# -- The words of the form ------------------------------------------------------------------------------------------

NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、])")
TELLING = 4  # characters: shorter labels (其他, 总计) are common words


def row_labels(data: object) -> Iterator[str]:
    """Return the labels of all `rows` in a format file, without their numbers, if they are long enough."""
    if isinstance(data, list):
        for item in data:
            yield from row_labels(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == "rows":
                labels = [NUMBERING.sub("", row["label"]) for row in value if "label" in row]
                yield from (label for label in labels if len(label) >= TELLING)
            else:
                yield from row_labels(value)


def all_row_labels() -> set[str]:
    files = sorted((ROOT / "resources" / "formats").glob("*.toml"))
    return {label for file in files for label in row_labels(tomllib.loads(file.read_text(encoding="utf-8")))}


def quoted_labels(module: Module, labels: Iterable[str]) -> list[str]:
    """Return row labels in the string literals of a file; docstrings may quote them."""
    known = list(labels)
    return [
        f"{module.path}:{node.lineno}: {label}" for node in literals(module) for label in known if label in node.value
    ]


# Ids of a format file that are also names in the program, each with its meaning there.
IDS_ALLOWED = {
    "amount": "kind of a cell: a sum of money with decimals",
    "fees": "key of the rule data: the cell that contains 信息处理费",
    "issued": "key of a format file: its date of issue",
    "other": "kind of a trouble, and of headings that differ",
    "rules": "folder of the rule files",
    "total": "role of a box: a computed number",
}
# Sentences and names of the form that the program uses as well.
SENTENCES_ALLOWED = {
    "主动公开": "words that the rules about texts look for in prose",
    "依申请公开": "words that the rules about texts look for in prose",
    "申请公开": "words that the rules about texts look for in prose",
    "人民政府": "end of an agency's name, by which its kind is told",
    "审签单": "name of this page on the screen and in messages",
    "本机关": "the agency itself, where the contact names no office",
    "《年度报告格式》": "short title of any form",
    "小于 0": "words of any message about a number",
    "性质：本软件提醒": "basis of the program's own rules, which a format may name too",
}
IDS = {"section", "table", "rows", "columns", "row_groups", "column_groups"}
FIELD = re.compile(r"\{[a-z]*\}")
WHOLE = 3  # characters: shorter pieces of a sentence are common words


def ids_in(data: object, key: str = "") -> Iterator[str]:
    """Return the ids of sections, tables, rows, columns and groups in a format file."""
    if isinstance(data, list):
        for item in data:
            yield from ids_in(item, key)
    elif isinstance(data, dict):
        if key in IDS and "id" in data:
            yield data["id"]
        for name, value in data.items():
            yield from ids_in(value, name)


def sentences_in(data: object, key: str = "") -> Iterator[str]:
    """Return all Chinese text of a format file but row labels: titles, help, messages, generated sentences, steps.

    A text with {fields} is cut at them, since a program would put it together from these pieces.
    """
    if isinstance(data, str):
        pieces = (piece.strip("“”，。；：（）《》、 ") for piece in FIELD.split(data))
        yield from (piece for piece in pieces if len(piece) >= WHOLE and re.search("[\u4e00-\u9fff]", piece))
    elif isinstance(data, list):
        for item in data:
            yield from sentences_in(item, key)
    elif isinstance(data, dict):
        for name, value in data.items():
            labels = key in {"rows", "columns"} and name in {"label", "variants", "ref", "unit"}
            if not labels and name not in {"signs", "yearly"}:  # lists of words
                yield from sentences_in(value, name)


def formats() -> list[dict[str, object]]:
    files = sorted((ROOT / "resources" / "formats").glob("*.toml"))
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]


def literals(module: Module) -> Iterator[Literal]:
    """Return the string literals of a file, without docstrings."""
    explained = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            yield Literal(node.value, node.lineno)


def quoted_ids(module: Module, ids: Iterable[str]) -> list[str]:
    """Return string literals that are an id of a format, or an address that begins with one."""
    known = set(ids)
    return [
        f"{module.path}:{node.lineno}: {node.value}"
        for node in literals(module)
        if node.value in known or (node.value.count("/") == 2 and node.value.partition("/")[0] in known)
    ]


def quoted_sentences(module: Module, sentences: Iterable[str]) -> list[str]:
    """Return sentences of a format in the string literals of a file."""
    known = set(sentences)
    return [
        f"{module.path}:{node.lineno}: {sentence}"
        for node in literals(module)
        for sentence in known
        if sentence in node.value
    ]


# -- Addresses and personal folders ---------------------------------------------------------------------------------

ADDRESS = re.compile(r"https?://([^\s/\"'<>)）]*)[^\s\"'<>)）]*")
HOME_FOLDER = re.compile(r"(?<![\w./~])/(?:home|Users|root|work)/\w|\b[A-Za-z]:\\+Users\\+\w")
ADDRESSES_ALLOWED = (
    "http://license.coscl.org.cn/MulanPSL2",  # the licence of this project
    "http://www.w3.org/",  # names of XML namespaces, like the next five
    "http://purl.org/",
    "http://ns.adobe.com/",
    "http://www.aiim.org/pdfa/",
    "http://schemas.openxmlformats.org/",
    "http://www.freedesktop.org/standards/",
)
HOSTS_ALLOWED = re.compile(r"(?:.*\.)?(?:gov\.cn|example\.(?:com|org|invalid))")  # sources of law and reports
# Licences and copyright lines are kept word for word.
FILES_ALLOWED = ("LICENSE", "resources/fonts/", "resources/licences/")
RESULTS = {"build", "dist", "wheelhouse", "__pycache__"}
HIDDEN_BUT_OURS = {".ci", ".editorconfig", ".gitattributes", ".github", ".gitignore", ".pre-commit-config.yaml"}


def text_files() -> Iterator[tuple[str, str]]:
    """Yield all text files of the repository with their paths, without caches and results of tools."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if is_ours(name)]
        for path in [Path(folder, name) for name in names if is_ours(name)]:
            data = path.read_bytes()
            if b"\0" not in data:
                yield path.relative_to(ROOT).as_posix(), data.decode("utf-8", errors="replace")


def is_ours(name: str) -> bool:
    return name in HIDDEN_BUT_OURS or not (name.startswith(".") or name in RESULTS)


def words_of_a_machine(path: str, text: str) -> list[str]:
    """Return web addresses that are not allowed, and personal folders."""
    if path.startswith(FILES_ALLOWED):
        return []
    addresses = [
        match.group()
        for match in ADDRESS.finditer(text)
        if not match.group().startswith(ADDRESSES_ALLOWED) and not HOSTS_ALLOWED.fullmatch(match.group(1))
    ]
    return [f"{path}: {found}" for found in [*addresses, *HOME_FOLDER.findall(text)]]


# -- The rules on the program ---------------------------------------------------------------------------------------

RULES: list[Rule] = [
    keeps_to_its_layer,
    uses_libraries_at_home,
    catches_only_what_it_knows,
    runs_no_data,
    prints_no_open_report,
    reads_toml_by_the_reader,
    writes_files_by_the_writer,
    imports_late_for_a_reason,
    emits_signals_to_the_window,
    leaves_the_store_to_its_room,
]


@pytest.mark.parametrize("rule", RULES)
def test_every_file_of_the_program_keeps_the_rule(rule: Rule):
    assert [problem for module in product() for problem in rule(module)] == []


def test_every_exception_from_the_file_writer_is_needed():
    writing = {module.path for module in product() if any(writes(module))}
    assert writing == {FILE_WRITER, *WRITERS_ALLOWED}


def test_every_lazy_door_is_used():
    used = {door for module in product() for item in imports_in_functions(module) for door in lazy_doors(module, item)}
    assert set(LATE_IMPORTS) - used == set()


def test_imports_have_an_order():
    assert cycles(product()) == []


def test_the_command_line_starts_without_qt():
    assert qt_on_the_way_from(COMMAND_LINE, product()) == []


def test_a_public_name_of_a_room_has_one_home():
    assert ambiguous_names(product()) == []


def test_no_row_label_stands_in_python():
    labels = all_row_labels()
    assert labels
    assert [problem for module in product() for problem in quoted_labels(module, labels)] == []


def test_hidden_files_of_the_repository_are_read_and_those_of_tools_are_not():
    seen = {path for path, _ in text_files() if path.startswith(".")}
    assert {path.partition("/")[0] for path in seen} == HIDDEN_BUT_OURS
    assert {".github/ISSUE_TEMPLATE/bug.md", ".github/pull_request_template.md"} <= seen


def of_the_program() -> list[Module]:
    """Return all files but the doors, which list names of modules."""
    return [module for module in product() if not module.path.endswith("__init__.py")]


def test_no_id_of_a_format_stands_in_python():
    ids = {name for form in formats() for name in ids_in(form)}
    assert {"other_matters", "requests", "new_received", "natural_person", "results"} <= ids
    assert ids >= IDS_ALLOWED.keys()
    found = [problem for module in of_the_program() for problem in quoted_ids(module, ids - IDS_ALLOWED.keys())]
    assert found == []


def test_no_sentence_of_a_format_stands_in_python():
    sentences = {sentence for form in formats() for sentence in sentences_in(form)}
    assert {"没有收取信息处理费", "科室负责人", "本报告所列数据的统计期限为", "乡镇（街道"} <= sentences
    allowed = sentences - SENTENCES_ALLOWED.keys()
    assert [problem for module in of_the_program() for problem in quoted_sentences(module, allowed)] == []


def test_every_exception_is_still_needed():
    ids = [problem for module in of_the_program() for problem in quoted_ids(module, IDS_ALLOWED)]
    sentences = [problem for module in of_the_program() for problem in quoted_sentences(module, SENTENCES_ALLOWED)]
    assert {problem.rpartition(": ")[2] for problem in ids} == {*IDS_ALLOWED}
    assert {problem.rpartition(": ")[2] for problem in sentences} == {*SENTENCES_ALLOWED}


def test_the_repository_knows_no_machine():
    assert [problem for path, text in text_files() for problem in words_of_a_machine(path, text)] == []


# -- The rules find offending code ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule, path, source",
    [
        (keeps_to_its_layer, "model/a.py", "import export.pdf"),
        (keeps_to_its_layer, "model/a.py", "def late():\n    from ui import desk"),
        (keeps_to_its_layer, "model/deep/a.py", "from ...export import pdf"),
        (keeps_to_its_layer, "export/a.py", "from ui.desk import Desk"),
        (keeps_to_its_layer, "export/a.py", "if TYPE_CHECKING:\n    import ui"),
        (keeps_to_its_layer, "ui/a.py", "import main"),
        (keeps_to_its_layer, "ui/a.py", "from tests import cases"),
        (keeps_to_its_layer, "main.py", "import dev"),
        (uses_libraries_at_home, "model/a.py", "from PySide6 import QtCore"),
        (uses_libraries_at_home, "main.py", "import PySide6.QtWidgets"),
        (uses_libraries_at_home, "export/a.py", "def late():\n    import shiboken6"),
        (uses_libraries_at_home, "ui/a.py", "from reportlab.pdfgen import canvas"),
        (uses_libraries_at_home, "model/engine.py", "import sqlite3"),
        (uses_libraries_at_home, "ui/drafts.py", "import sqlite_utils"),
        (uses_libraries_at_home, "model/a.py", "import numpy"),
        (catches_only_what_it_knows, "ui/desk.py", "try:\n    go()\nexcept Exception:\n    pass"),
        (catches_only_what_it_knows, "model/a.py", "try:\n    go()\nexcept:\n    raise"),
        (catches_only_what_it_knows, "model/a.py", "try:\n    go()\nexcept (OSError, BaseException):\n    raise"),
        (catches_only_what_it_knows, "model/a.py", "with contextlib.suppress(Exception):\n    go()"),
        (catches_only_what_it_knows, "model/a.py", "try:\n    go()\nexcept BaseException:\n    close()"),
        (runs_no_data, "model/a.py", "from pickle import loads"),
        (runs_no_data, "model/a.py", "total = eval('1 + 1')"),
        (runs_no_data, "model/a.py", "exec(text)"),
        (runs_no_data, "model/a.py", "zipfile.ZipFile(name).extractall(folder)"),
        (runs_no_data, "ui/a.py", "subprocess.run(line, shell=True)"),
        (runs_no_data, "ui/a.py", "os.system('ls')"),
        (runs_no_data, "ui/a.py", "import_module('ui.desk')"),
        (runs_no_data, "ui/a.py", "importlib.import_module('ui.desk')"),
        (leaves_the_store_to_its_room, "ui/home/a.py", "queue.ask(lambda store: store.drafts())"),
        (leaves_the_store_to_its_room, "ui/home/a.py", "self._save_queue.ask(question)"),
        (leaves_the_store_to_its_room, "ui/home/a.py", "run(partial(save_queue.ask, question))"),
        (leaves_the_store_to_its_room, "ui/home/a.py", "from model.storage import Draft, Store"),
        (leaves_the_store_to_its_room, "ui/home/a.py", "if TYPE_CHECKING:\n    from model.storage.store import Store"),
        (leaves_the_store_to_its_room, "ui/home/a.py", "def late():\n    from model.storage import SaveThread"),
        (prints_no_open_report, "export/outputs.py", "from model.editing import Editing"),
        (prints_no_open_report, "export/a.py", "def late():\n    from model.editing import Editing as Open"),
        (prints_no_open_report, "export/a.py", "if TYPE_CHECKING:\n    from model.editing.session import Effect"),
        (prints_no_open_report, "export/a.py", "import model.editing.session"),
        (prints_no_open_report, "export/a.py", "from model import editing\ndef f(report: editing.Editing): ..."),
        (reads_toml_by_the_reader, "ui/a.py", "import tomllib"),
        (reads_toml_by_the_reader, "export/a.py", "def late():\n    from tomllib import loads"),
        (writes_files_by_the_writer, "ui/a.py", "open(path, 'w')"),
        (writes_files_by_the_writer, "ui/a.py", "open(path, mode='xb')"),
        (writes_files_by_the_writer, "ui/a.py", "path.open('a', encoding='utf-8')"),
        (writes_files_by_the_writer, "ui/a.py", "path.open('rb+')"),
        (writes_files_by_the_writer, "ui/a.py", "gzip.open(path, 'wb')"),
        (writes_files_by_the_writer, "ui/a.py", "path.write_text('a')"),
        (writes_files_by_the_writer, "ui/a.py", "beside.replace(path)"),
        (writes_files_by_the_writer, "ui/a.py", "path.rename(other)"),
        (writes_files_by_the_writer, "model/a.py", "os.open(path, os.O_WRONLY | os.O_CREAT)"),
        (writes_files_by_the_writer, "model/a.py", "os.replace(path, other)"),
        (writes_files_by_the_writer, "model/a.py", "from shutil import copyfile"),
        (writes_files_by_the_writer, "model/a.py", "shutil.copyfile(path, other)"),
        (writes_files_by_the_writer, "model/a.py", "tempfile.NamedTemporaryFile()"),
        (writes_files_by_the_writer, "ui/a.py", "QSaveFile(path)"),
        (writes_files_by_the_writer, "ui/a.py", "file.open(QIODevice.OpenModeFlag.WriteOnly)"),
        (imports_late_for_a_reason, "model/a.py", "def read():\n    import json"),
        (
            imports_late_for_a_reason,
            "model/a.py",
            "class A:\n    def read(self):\n        from model import storage",
        ),
        (imports_late_for_a_reason, "ui/a.py", "def outer():\n    def inner():\n        from export import outputs"),
        (imports_late_for_a_reason, "ui/output/a.py", "def write():\n    from exporting import outputs"),
        (emits_signals_to_the_window, "ui/a.py", "class Host(Protocol):\n    banner: Banner"),
        (emits_signals_to_the_window, "ui/a.py", "class DockHost:\n    pass"),
        (emits_signals_to_the_window, "ui/a.py", "isinstance(self._window, QObject)"),
        (emits_signals_to_the_window, "ui/a.py", "isinstance(self.parentWidget(), QMainWindow)"),
        (emits_signals_to_the_window, "ui/a.py", "isinstance(parent, QWidget | Window)"),
    ],
)
def test_an_offence_against_a_rule_is_seen(rule: Rule, path: str, source: str):
    assert len(list(rule(parsed(path, source)))) == 1


@pytest.mark.parametrize(
    "rule, path, source",
    [
        (keeps_to_its_layer, "export/a.py", "from model import cell\nfrom .document import Block"),
        (keeps_to_its_layer, "main.py", "import ui.app, export.pdf, model.store"),
        (uses_libraries_at_home, "model/storage/store.py", "import sqlite3, sqlite_utils, tomllib"),
        (uses_libraries_at_home, "ui/a.py", "from PySide6.QtWidgets import QWizard"),
        (catches_only_what_it_knows, "ui/app/startup.py", "try:\n    go()\nexcept Exception:\n    pass"),
        (catches_only_what_it_knows, "model/a.py", "try:\n    go()\nexcept OSError:\n    pass"),
        (catches_only_what_it_knows, "model/a.py", "try:\n    go()\nexcept BaseException:\n    close()\n    raise"),
        (reads_toml_by_the_reader, TOML_READER, "import tomllib"),
        (writes_files_by_the_writer, FILE_WRITER, "path.write_text('a')"),
        (writes_files_by_the_writer, "ui/a.py", "open(path)\npath.open('rb')\nopen(path, encoding='utf-8')"),
        (writes_files_by_the_writer, "ui/a.py", "store.open(folder)\nos.open(path, os.O_RDONLY)\nfile.write(b'')"),
        (writes_files_by_the_writer, "ui/a.py", "name.replace('w', 'a')\nreplace(report, year=1)\nat.replace(year=1)"),
        (imports_late_for_a_reason, "ui/output/a.py", "def write():\n    from export.outputs import export"),
        (imports_late_for_a_reason, "model/a.py", "import json\nif TYPE_CHECKING:\n    from model.b import B"),
        (emits_signals_to_the_window, "ui/a.py", "class Hosting:\n    pass\nisinstance(now, QPushButton)"),
        (leaves_the_store_to_its_room, "ui/draft/a.py", "self.ask(lambda store: check(store))"),
        (leaves_the_store_to_its_room, "ui/cli/a.py", "from model.storage import Store"),
        (leaves_the_store_to_its_room, "ui/home/a.py", "save_queue.drafts.list()\nself.exporter.ask('pdf')"),
        (leaves_the_store_to_its_room, "model/recovery/a.py", "from model.storage import Store"),
        (runs_no_data, "ui/a.py", "dialog.exec()\nre.compile('a')\nsubprocess.run(words, shell=False)"),
        (prints_no_open_report, "export/a.py", "from model.editing import Reviewed, reasons_given"),
        (prints_no_open_report, "ui/draft/desk.py", "from model.editing import Editing"),
    ],
)
def test_what_a_rule_allows_is_left_alone(rule: Rule, path: str, source: str):
    assert list(rule(parsed(path, source))) == []


@pytest.mark.parametrize(
    "sources, found",
    [
        ({"model/a.py": "import model.b", "model/b.py": "import model.a"}, 1),
        ({"model/a.py": "from model import b", "model/b.py": "def late():\n    from model.a import x"}, 1),
        ({"model/a.py": "from . import b", "model/b.py": "if TYPE_CHECKING:\n    from .a import x"}, 1),
        ({"model/a.py": "import model.b", "model/b.py": "import model.c", "model/c.py": "import re"}, 0),
    ],
)
def test_a_cycle_is_seen_however_late_the_import(sources: dict[str, str], found: int):
    assert len(cycles(parsed(*item) for item in sources.items())) == found


@pytest.mark.parametrize(
    "sources, found",
    [
        ({"ui/cli/commands.py": "from PySide6 import QtCore"}, ["ui.cli.commands → PySide6.QtCore"]),
        (
            {"ui/cli/commands.py": "from ui.desk import Desk", "ui/desk.py": "import PySide6.QtCore"},
            ["ui.cli.commands → ui.desk → PySide6.QtCore"],
        ),
        (
            {"ui/cli/commands.py": "", "ui/cli/__init__.py": "", "ui/__init__.py": "import PySide6"},
            ["ui.cli.commands → ui.cli → ui → PySide6"],
        ),
        (
            {
                "ui/cli/commands.py": "from model.a import Name",
                "model/a/__init__.py": "if TYPE_CHECKING:\n    from model.a.b import Name",
                "model/a/b.py": "import PySide6",
            },
            ["ui.cli.commands → model.a.b → PySide6"],
        ),
        ({"ui/cli/commands.py": "def window():\n    import ui.app", "ui/app.py": "import PySide6"}, []),
    ],
)
def test_qt_on_the_way_from_the_command_line_is_seen(sources: dict[str, str], found: list[str]):
    assert qt_on_the_way_from(COMMAND_LINE, [parsed(*item) for item in sources.items()]) == found


@pytest.mark.parametrize("second, found", [("NAME = 'state.json'", 1), ("FILE = 'state.json'", 0)])
def test_a_public_name_with_two_homes_is_seen(second: str, found: int):
    door = "if TYPE_CHECKING:\n    from model.a.b import NAME"
    sources = {"model/a/__init__.py": door, "model/a/b.py": "NAME = 'reports.db'", "model/a/c.py": second}
    assert len(ambiguous_names(parsed(*item) for item in sources.items())) == found


@pytest.mark.parametrize(
    "source, found",
    [
        ("LABEL = '1.属于国家秘密'", 1),
        ("text = f'{name}：属于国家秘密 {number} 件'", 1),
        ('"""Rows such as 属于国家秘密."""', 0),
        ("# 属于国家秘密\nLABEL = '其他'", 0),
    ],
)
def test_a_row_label_in_a_literal_is_seen(source: str, found: int):
    form = tomllib.loads('[[table]]\nrows = [{ id = "a", label = "1.属于国家秘密" }, { id = "b", label = "3.其他" }]')
    assert len(quoted_labels(parsed("model/a.py", source), row_labels(form))) == found


@pytest.mark.parametrize(
    "source, found",
    [
        ("SECTION = 'other_matters'", 1),
        ("cell = at('requests/granted/total')", 1),
        ("names = {'table3': 'requests'}", 1),
        ("row = table.row('granted')", 1),
        ("text = 'requests are rare'\n# `requests`", 0),
        ("url = 'a/requests'", 0),
    ],
)
def test_an_id_in_a_literal_is_seen(source: str, found: int):
    form = tomllib.loads("""
        [[section]]
        id = "other_matters"
        [[table]]
        id = "requests"
        rows = [{ id = "granted", label = "予以公开" }]
    """)
    assert len(quoted_ids(parsed("model/a.py", source), ids_in(form))) == found


@pytest.mark.parametrize(
    "source, found",
    [
        ("STEPS = ('拟稿人', '签发')", 1),
        ("text = f'{year}年发出收费通知{n}件'", 1),
        ("text = f'{agency}的报告'", 0),
    ],
)
def test_a_sentence_in_a_literal_is_seen(source: str, found: int):
    form = tomllib.loads('says = "{year}年发出收费通知{notices}件，"\n[approval]\nsteps = ["拟稿人"]')
    assert len(quoted_sentences(parsed("model/a.py", source), sentences_in(form))) == found


@pytest.mark.parametrize(
    "path, text, found",
    [
        ("README.md", "pip install -i https:/" + "/mirror.somewhere.net/simple", 1),
        ("model/a.py", "FOLDER = '/" + "home/zhang/reports'", 1),
        ("model/a.py", r"FOLDER = 'C:\\Users" + r"\\zhang'", 1),
        ("export/a.py", "NAMES = 'http:/" + "/www.w3.org/1999/xhtml'", 0),
        ("tests/a.html", "<a href='https:/" + "/www.jiyuan.gov.cn/a.html'>", 0),
        ("LICENSE", "https:/" + "/mirror.somewhere.net", 0),
        ("README.md", "数据在 ~/.local/share 之下，字体在 resources/work/a", 0),
    ],
)
def test_words_of_a_machine_are_seen(path: str, text: str, found: int):
    assert len(words_of_a_machine(path, text)) == found
