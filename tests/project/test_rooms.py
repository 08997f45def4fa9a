"""Tests of the rooms: imports, public names, number of files, and one meaning for each name."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import doors
import rooms
from tests.support.helpers import ROOT

# For each room the rooms of its own layer that it may import.
WITHIN = {
    "model.base": "",
    "model.form": "base",
    "model.report": "base form",
    "model.checks": "base form report",
    "model.prose": "base form checks",
    "model.claims": "form checks prose",
    "model.narrative": "form report checks prose claims",
    "model.editing": "base form report checks prose claims narrative",
    "model.importing": "base form report importing.containers importing.readers",
    "model.importing.containers": "base",
    "model.importing.readers": "base importing.containers",
    "model.storage": "base form report",
    "model.recovery": "base form report storage",
    "export.document": "",
    "export.lines": "",
    "export.fonts": "lines",
    "export.layout": "document lines fonts",
    "export.pdf": "document lines fonts layout",
    "export.outputs": "document fonts pdf",
    "ui.parts": "",
    "ui.draft": "",
    "ui.table": "parts draft",
    "ui.output": "parts draft",
    "ui.editor": "parts draft table output",
    "ui.home": "parts draft output",
    "ui.docks": "parts draft editor",
    "ui.window": "parts draft output editor home docks",
    "ui.cli": "parts",
    "ui.app": "parts draft table output editor home docks window",
}
# For each room the rooms of lower layers that it may import.
BELOW = {
    "export.document": "model.base model.form model.report model.checks model.prose model.claims model.editing",
    "export.fonts": "model.base",
    "export.layout": "model.base model.form",
    "export.pdf": "model.base",
    "export.outputs": "model.base model.report model.editing",
    "ui.parts": "model.base model.form",
    "ui.draft": "model",
    "ui.table": "model.form model.checks model.editing model.importing",
    "ui.output": "model export",
    "ui.editor": "model export.document",
    "ui.home": "model",
    "ui.docks": "model export.document",
    "ui.window": "model",
    "ui.cli": "model export",
    "ui.app": "model export.fonts",
}
OUTSIDE = {"main", "export.outputs"}  # product files outside the rooms
MOST_FILES, MOST_LINES, MOST_IN_FUNCTION = 18, 400, 40
# Public names with two meanings, each with the reason.
SHARED_CLASSES = {
    "Answer": "type variable",
    "Key": "type variable",
    "Made": "type variable",
    "Value": "type variable",
}


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@cache
def sources() -> dict[str, Path]:
    return doors.sources()


@cache
def trees() -> dict[str, ast.Module]:
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in sources().items()}


@cache
def public() -> doors.Names:
    return doors.public(sources())


@cache
def graph() -> rooms.Graph:
    return rooms.imports()


# -- rules ----------------------------------------------------------------------------------------------------------


def forbidden_arrows(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """Return imports between rooms that `WITHIN` and `BELOW` do not allow."""
    found = []
    for room, targets in graph.items():
        layer = room.partition(".")[0]
        near = {f"{layer}.{name}" for name in WITHIN[room].split()}
        below = BELOW.get(room, "").split()
        for target in targets:
            allowed = target in near or any(target == name or target.startswith(f"{name}.") for name in below)
            found += [] if allowed else [f"{room} → {target}"]
    return sorted(found)


def unused_permissions(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """Return entries of `WITHIN` that no import needs."""
    return [
        f"{room} → {name}"
        for room, names in WITHIN.items()
        for name in names.split()
        if room != "ui.app" and f"{room.partition('.')[0]}.{name}" not in graph[room]
    ]


def behind_the_door(files: Mapping[str, Path], public: Mapping[str, set[str]]) -> Iterator[str]:
    """Return imports from a module of another room, or of a name that its `__all__` does not list."""
    for module, path in files.items():
        for source, name in doors.imported(path):
            room = rooms.room_of(source, public)
            if not room or module == room or module.startswith(f"{room}.") or (path.name == "__init__.py"):
                continue
            if source != room or name not in public[room]:
                yield f"{module}: from {source} import {name}"


def long_functions(name: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > MOST_IN_FUNCTION:
                yield f"{name}.{node.name}: {length} lines"


def shared(names: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return names that are defined in more than one place, with their places."""
    places = defaultdict(list)
    for name, place in names:
        places[name].append(place)
    return {name: found for name, found in places.items() if len(found) > 1}


def public_classes(modules: Mapping[str, ast.Module]) -> Iterator[tuple[str, str]]:
    """Yield classes and type aliases at the top level of modules, with their modules."""
    for module, tree in modules.items():
        for node in tree.body:
            names = [node.name] if isinstance(node, ast.ClassDef) else []
            if isinstance(node, ast.Assign):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            yield from ((name, module) for name in names if re.fullmatch(r"[A-Z]+[a-z]\w*", name))


# -- the program ----------------------------------------------------------------------------------------------------


def all_names(door: Path) -> set[str]:
    for node in ast.parse(door.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def lazily_loaded(door: Path) -> set[str]:
    """Return the names that a door gives to `lazy_names`."""
    for node in ast.walk(ast.parse(door.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "lazy_names":
            return {name for names in ast.literal_eval(node.args[1]).values() for name in names.split()}
    return set()


def test_every_product_file_stands_in_a_room():
    files = sources()
    homes = {*doors.rooms(files), "model", "export", "ui"}
    assert [name for name in files if name not in homes | OUTSIDE and name.rpartition(".")[0] not in WITHIN] == []


def test_rooms_import_only_what_they_may():
    assert graph().keys() == WITHIN.keys()
    assert forbidden_arrows(graph()) == []


def test_every_permission_is_used():
    assert unused_permissions(graph()) == []


def test_other_rooms_use_the_door():
    files = sources()
    offered = {room: all_names(path) for room, path in doors.rooms(files).items()}
    assert all(offered.values())
    assert list(behind_the_door(files, offered)) == []


@pytest.mark.parametrize("room", sorted(set(WITHIN) - OUTSIDE))
def test_a_door_offers_what_other_rooms_use_and_says_it_in_one_way(room: str):
    files = sources()
    used = {name for names in public()[room].values() for name in names}
    path = doors.rooms(files)[room]
    assert all_names(path) == used
    modules = {name for name in used if f"{room}.{name}" in files}
    assert lazily_loaded(path) == used - modules


def test_a_public_name_is_not_also_a_module_of_its_room():
    files = sources()
    found = {
        room: [name for module, some in names.items() for name in some if module and f"{room}.{name}" in files]
        for room, names in public().items()
    }
    assert {room: names for room, names in found.items() if names} == {}


def test_rooms_files_and_functions_stay_small():
    files = sources()
    too_many = {room: count for room, count in rooms.counts().items() if count > MOST_FILES}
    too_long = {name: lines for name, path in files.items() if (lines := lines_of(path)) > MOST_LINES}
    functions = [found for name, tree in trees().items() for found in long_functions(name, tree)]
    assert (too_many, too_long, functions) == ({}, {}, [])


def test_a_class_name_has_one_meaning():
    assert shared(public_classes(trees())).keys() == SHARED_CLASSES.keys()


@pytest.mark.parametrize("layer", doors.LAYERS)
def test_a_module_name_has_one_meaning_within_a_layer(layer: str):
    modules = [name for name, path in sources().items() if name.startswith(f"{layer}.") and path.stem != "__init__"]
    assert shared((name.rpartition(".")[2], name) for name in modules) == {}


def test_the_picture_of_the_rooms_is_drawn_from_the_imports():
    stale = [path for path, text in rooms.written(graph()).items() if path.read_text("utf-8") != text]
    assert stale == [], "python3 dev.py rooms"


# -- numbers in comments --------------------------------------------------------------------------------------------

MEASURED = re.compile(r"(?<![\w.])\d[\d,.–-]*\s?(?:ms|µs|milliseconds?|毫秒)\b")


def measured_without_a_bench(name: str, source: str) -> list[str]:
    """Return comments and docstrings with a time in ms that is neither a setting nor printed by a benchmark.

    A setting is a number in the code of the same line, or of the function or constant that a docstring describes;
    a measured time must name `tests/bench`.
    """
    found = []
    for number, line in enumerate(source.splitlines(), 1):
        code, mark, comment = line.partition("#")
        words = comment if mark else line
        for match in MEASURED.finditer(words):
            digits = re.sub(r"\D", "", match.group())
            setting = re.search(r"\d", code if mark else "") or digits in re.sub(r"[_\s]", "", source.replace(line, ""))
            if not setting and "tests/bench" not in words:
                found.append(f"{name}:{number}: {match.group()}")
    return found


def test_a_time_in_a_comment_has_a_benchmark():
    files = sources()
    found = [it for name, path in files.items() for it in measured_without_a_bench(name, path.read_text("utf-8"))]
    assert found == []


# -- the rules find offending code ----------------------------------------------------------------------------------


def test_a_forbidden_arrow_is_seen():
    arrows: rooms.Graph = {room: {"model.base"} if room == "model.form" else set() for room in WITHIN}
    assert forbidden_arrows(arrows) == []
    assert forbidden_arrows(arrows | {"model.form": {"model.report"}}) == ["model.form → model.report"]
    assert forbidden_arrows(arrows | {"ui.table": {"export.document"}}) == ["ui.table → export.document"]


@pytest.mark.parametrize(
    "line, found",
    [
        ("from model.form import Address", 0),
        ("from model.form.cell import Address", 1),
        ("from model.form import other", 1),
        ("def late():\n    from model.form.cell import Address", 1),
    ],
)
def test_an_import_behind_a_door_is_seen(tmp_path: Path, line: str, found: int):
    path = tmp_path / "a.py"
    path.write_text(line, "utf-8")
    assert len(list(behind_the_door({"ui.table.a": path}, {"model.form": {"Address"}}))) == found


def test_a_long_function_and_a_shared_class_are_seen():
    long = ast.parse("def f():\n" + "    pass\n" * MOST_IN_FUNCTION)
    assert len(list(long_functions("a", long))) == 1
    both = {"a": ast.parse("class Row:\n    pass"), "b": ast.parse("Row = dict[str, int]")}
    assert shared(public_classes(both)) == {"Row": ["a", "b"]}


@pytest.mark.parametrize(
    "source, found",
    [
        ("# costs 25 ms\nx = 1", 1),
        ('"""Takes 3.5 ms."""', 1),
        ("WAIT = 0.4  # 400 ms", 0),
        ("# 25 ms, printed by tests/bench\nx = 1", 0),
        ('"""Waits 400 ms."""\nWAIT = 400', 0),
    ],
)
def test_a_time_without_a_benchmark_is_seen(source: str, found: int):
    assert len(measured_without_a_bench("a", source)) == found


def test_the_rules_look_at_the_files_of_this_repository():
    assert (ROOT / "model" / "form" / "cell.py") in sources().values()
