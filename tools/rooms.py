"""Draws the rooms of the program and lists their imports in docs/architecture.md; `--check` only compares."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import doors
from doors import LAYERS, ROOT

SUMMARY = "由导入关系重画 docs/architecture.md 中的结构图和列表（--check 只核对）"

PICTURE = ROOT / "docs" / "pictures" / "rooms.svg"
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms:begin -->", "<!-- rooms:end -->"

WIDTH, BOX, TALL, GAP, FLOOR = 720, 136, 50, 16, 34  # pixels; FLOOR is the distance between two floors
COLOURS = {"ui": ("#fdf1e3", "#b45f06"), "export": ("#e8f3ea", "#38761d"), "model": ("#e6eef8", "#1f4e8c")}

Graph = dict[str, set[str]]  # room → rooms that it imports


def imports() -> Graph:
    """Return for every room the rooms that its files import."""
    modules = doors.sources()
    known = {*doors.rooms(modules), "export.outputs"}
    graph: Graph = {room: set() for room in known}
    for module, path in modules.items():
        room = room_of(module, known)
        for source, name in doors.imported(path) if room and path.name != "__init__.py" else ():
            graph[room].add(room_of(f"{source}.{name}", known))
    return {room: targets - {room, ""} for room, targets in graph.items()}


def room_of(name: str, known: Iterable[str]) -> str:
    """Return the innermost room that a dotted name belongs to; "" for none, such as main."""
    return max((room for room in known if name == room or name.startswith(f"{room}.")), key=len, default="")


def inside(graph: Graph, layer: str) -> Graph:
    """Return the part of the graph within one layer."""
    return {
        room: {target for target in targets if target.startswith(f"{layer}.")}
        for room, targets in graph.items()
        if room.startswith(f"{layer}.")
    }


def floors(graph: Graph) -> dict[str, int]:
    """Return the floor of each room: one above the highest room that it imports."""
    found: dict[str, int] = {}
    for room in TopologicalSorter(graph).static_order():
        found[room] = max((found[target] + 1 for target in graph[room]), default=0)
    return found


def reduced(graph: Graph) -> Graph:
    """Return the graph without arrows that follow from longer ways (transitive reduction)."""
    reach: Graph = {}
    for room in TopologicalSorter(graph).static_order():
        reach[room] = set[str]().union(graph[room], *(reach[target] for target in graph[room]))
    return {
        room: {target for target in targets if not any(target in reach[other] for other in targets)}
        for room, targets in graph.items()
    }


def counts() -> dict[str, int]:
    """Return the number of modules in each room, its door not counted."""
    found: dict[str, int] = defaultdict(int)
    for module in doors.sources():
        found[module.rpartition(".")[0]] += 1
    return found


# -- picture --------------------------------------------------------------------------------------------------------


def picture(graph: Graph) -> str:
    """Return an SVG: a band for each layer, rooms on floors, arrows down to what a room imports within its layer."""
    parts: list[str] = []
    top = GAP
    for layer in reversed(LAYERS):
        band, tall = drawn_layer(layer, inside(graph, layer), top)
        parts += band
        top += tall + GAP
    style = "text{font-family:sans-serif;text-anchor:middle;fill:#222}.n{font-size:15px}.c{font-size:11px;fill:#666}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}">'
    paper = f'<style>{style}</style><rect width="{WIDTH}" height="{top}" fill="#fff"/>'
    return "\n".join([head, paper, *parts, "</svg>", ""])


def drawn_layer(layer: str, graph: Graph, top: int) -> tuple[list[str], int]:
    """Return the shapes of a layer's band whose upper edge is at `top`, and the band's height."""
    at_floor = floors(graph)
    highest = max(at_floor.values())
    tall = (highest + 1) * (TALL + FLOOR) - FLOOR + 2 * GAP + 16
    fill, ink = COLOURS[layer]
    band = [
        f'<rect x="8" y="{top}" width="{WIDTH - 16}" height="{tall}" rx="10" fill="{fill}"/>',
        f'<text x="44" y="{top + 26}" class="n" font-weight="bold" style="fill:{ink}">{layer}/</text>',
    ]
    places: dict[str, tuple[int, int]] = {}
    for floor in range(highest + 1):
        row = sorted(room for room in graph if at_floor[room] == floor)
        y = top + GAP + 16 + (highest - floor) * (TALL + FLOOR)
        left = (WIDTH - len(row) * (BOX + 2 * GAP) + 2 * GAP) // 2 + (floor % 2) * (BOX // 3)
        places |= {room: (left + number * (BOX + 2 * GAP), y) for number, room in enumerate(row)}
    band += [
        arrow(places[room], places[to], ink)
        for room, targets in sorted(reduced(graph).items())
        for to in sorted(targets)
    ]
    sizes = counts()
    return sorted(band, key=lambda shape: shape.startswith("<path")) + [
        shape for room in sorted(places) for shape in box(room, places[room], ink, sizes[room])
    ], tall


def box(room: str, place: tuple[int, int], ink: str, modules: int) -> list[str]:
    """Return the shapes of one room."""
    x, y = place
    name = room.partition(".")[2]
    below = f"{modules} modules" if modules else "one module"
    return [
        f'<rect x="{x}" y="{y}" width="{BOX}" height="{TALL}" rx="6" fill="#fff" stroke="{ink}" stroke-width="1.5"/>',
        f'<text x="{x + BOX // 2}" y="{y + 22}" class="n">{name}</text>',
        f'<text x="{x + BOX // 2}" y="{y + 39}" class="c">{below}</text>',
    ]


def arrow(start: tuple[int, int], end: tuple[int, int], ink: str) -> str:
    """Return a curve from the lower edge of one room to the upper edge of another, with a small head."""
    x1, y1, x2, y2 = start[0] + BOX // 2, start[1] + TALL, end[0] + BOX // 2, end[1] - 5
    bend = (y2 - y1) // 2
    curve = f"M{x1} {y1} C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}"
    head = f"M{x2 - 4} {y2 - 3} L{x2} {y2 + 4} L{x2 + 4} {y2 - 3}"
    return f'<path d="{curve} {head}" fill="none" stroke="{ink}" stroke-opacity="0.55" stroke-width="1.3"/>'


# -- lists ----------------------------------------------------------------------------------------------------------


def section(graph: Graph) -> str:
    """Return the generated part of docs/architecture.md: the picture and a table for each layer."""
    arrows = sum(len(targets) for targets in graph.values())
    lines = [
        f"![Rooms by layer and floor](pictures/{PICTURE.name})",
        "",
        f"{len(graph)} rooms, {arrows} arrows. The picture shows arrows within a layer, without those that follow from",
        "others; the tables name every room that a room imports.",
    ]
    for layer in reversed(LAYERS):
        lines += ["", f"| {layer}/ | Subject | Imports |", "| --- | --- | --- |"]
        lines += [table_row(room, graph[room]) for room in by_floor(inside(graph, layer))]
    return "\n".join([BEGIN, *lines, END])


def by_floor(graph: Graph) -> list[str]:
    """Return the rooms of a layer, upper floors first."""
    at_floor = floors(graph)
    return sorted(graph, key=lambda room: (-at_floor[room], room))


def table_row(room: str, targets: set[str]) -> str:
    """Return a room's row: name, subject (first line of its docstring), imported rooms."""
    path = ROOT / Path(*room.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    subject = (ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or "").splitlines()[0]
    own = room.partition(".")[0]
    short = sorted(target.removeprefix(f"{own}.").replace(".", "/") for target in targets)
    return f"| `{room.partition('.')[2]}` | {subject} | {' '.join(short) or '–'} |"


def written(graph: Graph) -> Mapping[Path, str]:
    """Return the files with their new contents."""
    page = PAGE.read_text(encoding="utf-8")
    return {
        PICTURE: picture(graph),
        PAGE: re.sub(f"{BEGIN}.*?{END}", lambda _: section(graph), page, flags=re.DOTALL),
    }


def main(arguments: list[str]) -> int:
    """Write what differs, or only name it; return 1 if `--check` found a difference."""
    stale = {
        path: text
        for path, text in written(imports()).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    for path, text in stale.items():
        print(path.relative_to(ROOT).as_posix())
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8", newline="\n")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
