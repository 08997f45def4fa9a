"""Tests of the language of docstrings and comments: their first words, and metaphors that must not come back."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.project.test_architecture import text_files

# A docstring begins with a verb or a noun (CONTRIBUTING.md), so not with one of these words.
OPENING = re.compile(r"\s*(?:(?:What|Where|When|Who|Whose|How|Whether|Which)\b|True (?:when|if)\b)")
# Metaphors that docstrings or comments of the program once had.
METAPHOR = re.compile(
    r"\b(?:cry wolf|dead ends?|the fingers|witness\w*|distrust\w*|accus\w+|blam(?:e|ed|es|ing)"
    r"|speaks? for|somebody else|other hands|every hand)\b",
    re.IGNORECASE,
)


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of every docstring, those of attributes included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of every comment; comments on consecutive lines are one text."""
    lines = {
        t.start[0]: t.string for t in tokenize.generate_tokens(io.StringIO(source).readline) if t.string[:1] == "#"
    }
    for line in (number for number in lines if number - 1 not in lines):
        text, end = lines[line], line + 1
        while end in lines:
            text, end = f"{text} {lines[end].lstrip('# ')}", end + 1
        yield line, text


def bad_openings(path: str, source: str) -> list[str]:
    """Return the docstrings of a file that begin with a word of `OPENING`."""
    return [f"{path}:{line}: {text.splitlines()[0]}" for line, text in docstrings(source) if OPENING.match(text)]


def metaphors(path: str, source: str) -> list[str]:
    """Return the metaphors in docstrings and comments of a file; a line end inside one counts as a space."""
    prose = [(line, re.sub(r"\s+", " ", text)) for line, text in [*docstrings(source), *comments(source)]]
    return [f"{path}:{line}: {found.group()}" for line, text in prose for found in METAPHOR.finditer(text)]


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return {path: text for path, text in text_files() if path.endswith(".py")}


def test_docstrings_begin_with_a_verb_or_a_noun(sources: dict[str, str]):
    assert {"main.py", "dev.py", "tools/rooms.py", "tests/conftest.py"} <= sources.keys()
    assert [problem for path, source in sources.items() for problem in bad_openings(path, source)] == []


def test_docstrings_and_comments_of_the_program_have_no_metaphors(sources: dict[str, str]):
    program = {path: source for path, source in sources.items() if path.startswith(("model/", "export/", "ui/"))}
    assert {path.partition("/")[0] for path in program} == {"model", "export", "ui"}
    assert [problem for path, source in program.items() for problem in metaphors(path, source)] == []


# -- the rules find offending text ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "offending, allowed",
    [
        ("What a menu offers.", "Commands of the menu bar."),
        ("Where a box stands on the screen.", "Return the rectangle of a box on the screen."),
        ("When a report is due.", "Return the date on which a report is due."),
        ("Who has the drafts.", "Return the holder of the drafts."),
        ("Whose report it is.", "Return the agency of the report."),
        ("How many objects are alive.", "Count the live objects."),
        ("Whether the disk is full.", "Tell whether the disk is full."),
        ("Which of two rows is meant.", "Choose one of two rows."),
        ("True when nothing is open.", "Return True if nothing is open."),
        ("True if a draft is open.", "Truth table of the relations."),
        ("\n    When typing is saved.\n    ", "\n    Whenever a text changes, its total follows.\n    "),
    ],
)
@pytest.mark.parametrize(
    "source",
    ['"""{}"""', 'class A:\n    """{}"""', 'def f():\n    """{}"""', 'async def f():\n    """{}"""', 'A = 1\n"""{}"""'],
    ids=["module", "class", "function", "coroutine", "attribute"],
)
def test_a_docstring_is_judged_by_its_first_words(source: str, offending: str, allowed: str):
    assert len(bad_openings("a.py", source.format(offending))) == 1
    assert bad_openings("a.py", source.format(allowed)) == []


@pytest.mark.parametrize(
    "offending, allowed",
    [
        ('"""Opens the drafts, never a dead end."""', '"""Opens the drafts or raises `Trouble`."""'),
        ('"""Saves as soon as the\nfingers rest."""', '"""Saves after 400 ms without a key."""'),
        ("a = 1  # a half-filled column would cry wolf", "a = 1  # a half-filled column would produce false errors"),
        ("# held by somebody\n# else\na = 1", "# held by another process\na = 1"),
        ("# Reads the file with distrust.\na = 1", "# Validates the file.\na = 1"),
        ("a = 1  # equations that bear witness", "witnesses = 1  # independent equations"),
        ("a = 1  # the cells that are blamed", "blamed = 'nobody is blamed'"),
        ("a = 1  # accuses two cells", "a = 1  # reports two cells"),
        ("a = 1  # the rule that speaks for this table", "a = 1  # the rule of this table"),
        ('"""Opened in other hands."""', '"""Opened on the other hand-held computer."""'),
    ],
)
def test_a_metaphor_is_found_in_docstrings_and_comments_only(offending: str, allowed: str):
    assert len(metaphors("a.py", offending)) == 1
    assert metaphors("a.py", allowed) == []
