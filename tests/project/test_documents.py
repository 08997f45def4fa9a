"""Tests that the documents agree with the repository: links, commands, figures, decision records, labels, paths."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.helpers import ROOT

# Folders whose files are looked up when a document names them in backticks.
CHECKED_FOLDERS = ("docs", "export", "model", "packaging", "resources", "tests", "tools", "ui")
NOT_OURS = {"build", "dist", "wheelhouse"}
HEADINGS = ["Context", "Choice", "Cost", "What would reverse it"]
LONGEST_RECORD = 25  # lines
DECISIONS = ROOT / "docs" / "decisions"
RECORDS = sorted(DECISIONS.glob("[0-9]*.md"))
MANUAL = ROOT / "resources" / "help" / "manual.md"


def documents() -> list[Path]:
    """Return all Markdown files of the repository."""
    folders = [path for path in sorted(ROOT.iterdir()) if path.is_dir() and is_ours(path.name)]
    return [*sorted(ROOT.glob("*.md")), *(path for folder in folders for path in sorted(folder.rglob("*.md")))]


def is_ours(name: str) -> bool:
    return name == ".github" or not (name.startswith(".") or name in NOT_OURS)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(text: str) -> str:
    """Return the text without code blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def broken_links(text: str, folder: Path) -> list[str]:
    """Return relative links, images included, whose file or heading does not exist."""
    found = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", prose(text)))
    return [link for link in found if "://" not in link and not resolves(link, text, folder)]


def resolves(link: str, text: str, folder: Path) -> bool:
    name, _, anchor = link.partition("#")
    if not (folder / name).exists():
        return False
    return not anchor or anchor in anchors(read(folder / name) if name else text)


def anchors(text: str) -> set[str]:
    """Return the headings as Markdown hosts name them in links: lower case, hyphens for spaces, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", prose(text), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def missing_paths(text: str, folders: tuple[str, ...]) -> list[str]:
    """Return paths in backticks that begin with one of the folders and do not exist."""
    spans = re.findall(r"`([^`\n]+)`", prose(text))
    named = [span for span in spans if span.split("/")[0] in folders and re.fullmatch(r"[\w.*/-]+", span)]
    return [path for path in named if not exists(path)]


def exists(path: str) -> bool:
    """Tell whether `a/b.py`, `a/*.toml`, a module `a/b`, or a name of a module `a/b.name` exists."""
    module = f"{path.rpartition('.')[0] or path}.py"
    return any(any(ROOT.glob(pattern)) for pattern in (path, f"{path}.py", module))


def first_code_block(text: str) -> list[str]:
    block = re.search(r"^```\w*\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    assert block
    return block[1].splitlines()


def rows(text: str, heading: str) -> Iterator[list[str]]:
    """Return the rows of the table under a heading, without its head."""
    part = text.split(f"## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    yield from ([cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:])


# -- All documents --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_resolves(path: Path):
    assert broken_links(read(path), path.parent) == []


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_path_in_backticks_exists(path: Path):
    assert missing_paths(read(path), CHECKED_FOLDERS) == []


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_quotation_marks_are_those_of_gb_15834(path: Path):
    assert re.findall("[「」『』]", read(path)) == []


# -- README and measurements ----------------------------------------------------------------------------------------


def test_readme_begins_with_the_two_commands():
    export, test = first_code_block(read(ROOT / "README.md"))
    assert re.fullmatch(r"python3 dev\.py run export (\S+) -o \S+\.pdf", export)
    assert (ROOT / export.split()[4]).is_file()
    assert test == "python3 dev.py test"


def test_every_figure_of_readme_is_one_of_the_measurements():
    lines = read(ROOT / "docs" / "measurements.md").splitlines()
    figures = list(rows(read(ROOT / "README.md"), "三个数字"))
    assert len(figures) == 3
    assert [row for row in figures if not any(row[1] in line and f"| {row[2]} |" in line for line in lines)] == []


# -- Decision records -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_decision_record_has_four_parts_and_is_short(path: Path):
    text = read(path)
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == HEADINGS
    assert all(part.strip() for part in re.split(r"^#+ .+$", text, flags=re.MULTILINE)[2:])
    assert len(text.splitlines()) <= LONGEST_RECORD


def test_decision_records_are_numbered_and_listed_with_their_titles():
    assert RECORDS
    assert [path.name[:4] for path in RECORDS] == [f"{number:04d}" for number in range(1, len(RECORDS) + 1)]
    titles = [f"- [{read(path).splitlines()[0].removeprefix('# ')}]({path.name})" for path in RECORDS]
    assert [line for line in read(DECISIONS / "README.md").splitlines() if line.startswith("- ")] == titles


# -- The manual -----------------------------------------------------------------------------------------------------


def literals() -> str:
    """Return all strings of the program and the format files, one after the other."""
    files = [path for layer in ("model", "export", "ui") for path in sorted((ROOT / layer).rglob("*.py"))]
    nodes = [node for path in files for node in ast.walk(ast.parse(read(path)))]
    found = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return "\n".join([*found, *(read(path) for path in sorted((ROOT / "resources" / "formats").glob("*.toml")))])


def unknown_labels(text: str, known: str) -> list[str]:
    """Return words in quotation marks that the program does not use; a time behind a label does not count."""
    quoted = re.findall("“(.+?)”", text)
    return [words for words in quoted if re.sub(r" [\d:]+$", "", words) not in known]


def test_the_manual_quotes_labels_that_the_program_has():
    assert "“检查结果”" in read(MANUAL)
    assert unknown_labels(read(MANUAL), literals()) == []


# -- the checks find offending text ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, found",
    [
        ("[a](README.md) ![b](docs/pictures/wizard.png) [c](docs/)", []),
        ("[a](READ.md)", ["READ.md"]),
        ("![b](docs/pictures/none.png)", ["docs/pictures/none.png"]),
        ("[a](docs/architecture.md#rooms)", []),
        ("[a](docs/architecture.md#cellars)", ["docs/architecture.md#cellars"]),
        ("## Two words: here\n[a](#two-words-here) [b](#two)", ["#two"]),
        ("`[a](READ.md)`", []),
        ("```\n[a](READ.md)\n```", []),
    ],
)
def test_a_broken_link_is_found(text: str, found: list[str]):
    assert broken_links(text, ROOT) == found


@pytest.mark.parametrize(
    "text, found",
    [
        ("`tools/package.py` `tools/package` `tools/package.main` `resources/formats/*.toml` `resources/fonts`", []),
        ("`tools/pack.py` `resources/formats/*.json`", ["tools/pack.py", "resources/formats/*.json"]),
        ("`resources/formats/<year>.toml` `tools and more` `elsewhere/file.py`", []),
    ],
)
def test_a_path_that_does_not_exist_is_found(text: str, found: list[str]):
    assert missing_paths(text, CHECKED_FOLDERS) == found


def test_a_label_that_the_program_does_not_have_is_found():
    assert unknown_labels("按“保存(&S)”，显示“已保存 14:03:22”，按“存盘”", "保存(&S)\n已保存 {time}") == ["存盘"]
