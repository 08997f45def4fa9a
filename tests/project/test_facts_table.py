"""Tests that every key of `Report.facts` is declared in one table, and that the program uses every declared key.

The source is parsed; only the table itself is imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from model.report import facts
from tests.project.test_architecture import Module, parsed, product

TABLE = "model/report/facts.py"
SETTERS = {"note_fact": 0, "fact_date": 1, "facts_under": 1}  # functions → position of the key
CONSTANTS = {name: value for name, value in vars(facts).items() if name.isupper() and isinstance(value, str)}
GROUPS = {name: [*value] for name, value in vars(facts).items() if name in ("CONTACTS", "FEES", "COVER")}


def are_facts(node: ast.expr) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == "facts") or (
        isinstance(node, ast.Name) and node.id == "facts"
    )


def keys_in(module: Module) -> Iterator[ast.expr]:
    """Yield the expressions that name a key of facts: `facts[…]`, `facts.get(…)`, `… in facts`, `facts={…: …}`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Subscript) and are_facts(node.value):
            yield node.slice
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In) and are_facts(node.comparators[0]):
            yield node.left
        elif isinstance(node, ast.keyword) and node.arg == "facts" and isinstance(node.value, ast.Dict):
            yield from (key for key in node.value.keys if key)
        elif isinstance(node, ast.Call):
            yield from key_argument(node)


def key_argument(call: ast.Call) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "get" and isinstance(call.func, ast.Attribute) and are_facts(call.func.value):
        yield call.args[0]
    elif name in SETTERS and len(call.args) > SETTERS[name]:
        yield call.args[SETTERS[name]]


def undeclared(module: Module) -> Iterator[str]:
    """Yield keys that are written out, or named by a constant that the table does not define."""
    for key in keys_in(module):
        for node in ast.walk(key):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{module.path}:{node.lineno}: {ast.unparse(node)}"
            elif isinstance(node, ast.Name) and node.id.isupper() and node.id not in ALLOWED:
                yield f"{module.path}:{node.lineno}: {node.id}"


ALLOWED = {*CONSTANTS, "PREFACE", "FEE_SECTION"}  # may follow a prefix: ids of texts


OTHER_MEANINGS = {("model/storage/counts.py", "deadline")}  # a field of the stored counts


def written_out(module: Module) -> Iterator[str]:
    """Yield literals that are a declared key or begin with a declared prefix."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and facts.declared_fact(node.value):
            if (module.path, node.value) in OTHER_MEANINGS:
                continue
            yield f"{module.path}:{node.lineno}: {node.value}"


def program() -> list[Module]:
    """Return all files but the table and the doors, which list names of modules such as `deadline`."""
    return [module for module in product() if module.path != TABLE and not module.path.endswith("__init__.py")]


def test_every_key_of_facts_in_the_program_is_declared():
    modules = program()
    assert len([key for module in modules for key in keys_in(module)]) > 20
    assert [problem for module in modules for problem in undeclared(module)] == []


def test_no_key_of_facts_is_written_out_again():
    assert [problem for module in program() for problem in written_out(module)] == []


def test_every_declared_key_is_used():
    names = {node.id for module in program() for node in ast.walk(module.tree) if isinstance(node, ast.Name)}
    used = {CONSTANTS[name] for name in names & CONSTANTS.keys()}
    used |= {key for group in names & GROUPS.keys() for key in GROUPS[group]}
    assert facts.FACTS.keys() - used == set()


def test_every_constant_is_declared_and_every_declaration_has_a_constant():
    assert set(CONSTANTS.values()) == {*facts.FACTS}


@pytest.mark.parametrize(
    "source, found",
    [
        ("x = report.facts['phone']", 1),
        ("x = report.facts.get('phone', '')", 1),
        ("x = 'phone' in self.report.facts", 1),
        ("x = Change('', facts={'phone': ('', '1')})", 1),
        ("desk.note_fact('phone', '1')", 1),
        ("x = [n for n in facts_under(report.facts, 'phone/')]", 1),
        ("PHONE = 'phone'\nx = report.facts.get(PHONE)", 1),
        ("x = report.facts.get(f'made/{section}')", 1),
        ("x = report.facts.get(SIGNED_ON) or report.facts.get(MADE + PREFACE)", 0),
        ("x = {n: report.facts[n] for n in CONTACTS}", 0),
    ],
)
def test_a_key_that_is_not_declared_is_seen(source: str, found: int):
    assert len(list(undeclared(parsed("model/a.py", source)))) == found


@pytest.mark.parametrize("source, found", [("x = 'signed_on'", 1), ("x = 'made/overview'", 1), ("x = 'made'", 0)])
def test_a_key_that_is_written_out_is_seen(source: str, found: int):
    assert len(list(written_out(parsed("model/a.py", source)))) == found
