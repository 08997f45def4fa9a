"""Small changes of a source text, of the kinds that a tired programmer makes, for the mill of mutants.

Text for people is left alone: strings, docstrings, annotations, and the blocks that only a type checker reads.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
ADDED: dict[type[ast.operator], tuple[str, str]] = {ast.Add: ("+", "-"), ast.Sub: ("-", "+")}
RETURNED = {
    "bool": ("True", "False"),
    "int": ("0",),
    "str": ('""',),
    "bytes": ('b""',),
    "tuple": ("()",),
    "list": ("[]",),
    "dict": ("{}",),
    "Mapping": ("{}",),
    "set": ("set()",),
    "frozenset": ("frozenset()",),
}  # by the first word of the annotation; any other function returns None
LOGGED = {"log", "logger", "logging", "warnings"}  # calls that only report


@dataclass(frozen=True)
class Mutant:
    """A change of one place of a file: bytes `start` to `end` become `after`.

    `function`: first line of the innermost function around it, 0 outside of functions.
    """

    path: str  # relative to the checkout, with slashes
    line: int
    start: int
    end: int
    before: str
    after: str
    kind: str
    function: int

    def applied(self, source: bytes) -> bytes:
        """Return the source text with the change."""
        return source[: self.start] + self.after.encode() + source[self.end :]


def mutants(path: str, source: bytes) -> list[Mutant]:
    """Return every change of a file that still compiles, in the order of the text."""
    found = _Changes(path, source)
    found.visit(ast.parse(source))
    whole = {(o.start, o.end, o.after): o for o in found.found if o.kind != "argument" or _compiles(o.applied(source))}
    return sorted(whole.values(), key=lambda one: (one.start, one.end, one.after))


def line_of(mutant: Mutant, source: bytes) -> tuple[str, int]:
    """Return the text of the line in which a change begins, and its place there in characters from 0."""
    line = source.decode().splitlines()[mutant.line - 1]
    before = source[source.rfind(b"\n", 0, mutant.start) + 1 : mutant.start].decode()
    return line.strip(), len(before) - (len(line) - len(line.lstrip()))


def _compiles(source: bytes) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


class _Changes(ast.NodeVisitor):
    """Collects the changes of one syntax tree."""

    def __init__(self, path: str, source: bytes) -> None:
        self.found: list[Mutant] = []
        self._path, self._source = path, source
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._functions: list[ast.FunctionDef] = []

    # -- places ------------------------------------------------------------------------------------------------------

    def _span(self, node: ast.AST) -> tuple[int, int]:
        assert isinstance(node, ast.expr | ast.stmt | ast.keyword)
        start = self._lines[node.lineno - 1] + node.col_offset
        return start, self._lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)

    def _text(self, node: ast.AST) -> str:
        start, end = self._span(node)
        return self._source[start:end].decode()

    def _add(self, kind: str, span: tuple[int, int], *after: str) -> None:
        start, end = span
        before = self._source[start:end].decode()
        line = self._source.count(b"\n", 0, start) + 1
        function = self._functions[-1] if self._functions else None
        first = min([function.lineno, *(one.lineno for one in function.decorator_list)]) if function else 0
        for text in after:
            if text != before:
                self.found.append(Mutant(self._path, line, start, end, before, text, kind, first))

    def _between(self, kind: str, left: ast.expr, right: ast.expr, words: tuple[str, str]) -> None:
        """Add the change of the operator that stands between two operands."""
        start, end = self._span(left)[1], self._span(right)[0]
        pattern = r"\s+".join(map(re.escape, words[0].split()))
        if place := re.search(pattern.encode(), self._source[start:end]):
            self._add(kind, (start + place.start(), start + place.end()), words[1])

    # -- what is left alone ------------------------------------------------------------------------------------------

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Leave messages alone."""

    def visit_Assert(self, node: ast.Assert) -> None:
        """Leave alone what only tells the type checker something."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Visit the value, not the annotation."""
        if node.value:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Visit defaults and body, not annotations and decorators."""
        self._functions.append(node)
        for part in (*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body):
            self.visit(part)
        self._functions.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Visit the body, not bases and decorators."""
        for part in node.body:
            self.visit(part)

    # -- expressions -------------------------------------------------------------------------------------------------

    def visit_Compare(self, node: ast.Compare) -> None:
        """Shift the border of a comparison, or turn it round."""
        operands = [node.left, *node.comparators]
        for number, sign in enumerate(node.ops):
            self._between("comparison", operands[number], operands[number + 1], COMPARED[type(sign)])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """Exchange `and` and `or`."""
        words = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._between("and/or", left, right, words)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """Drop `not`."""
        if isinstance(node.op, ast.Not):
            self._add("not", self._span(node), f"({self._text(node.operand)})")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Exchange `+` and `-` of numbers."""
        if type(node.op) in ADDED and not _is_text(node.left) and not _is_text(node.right):
            self._between("+/-", node.left, node.right, ADDED[type(node.op)])
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Exchange `+=` and `-=` of numbers."""
        if type(node.op) in ADDED and not _is_text(node.value):
            before, after = ADDED[type(node.op)]
            self._between("+/-", node.target, node.value, (f"{before}=", f"{after}="))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Shift a number by one, turn a truth value round."""
        if isinstance(node.value, bool):
            self._add("constant", self._span(node), str(not node.value))
        elif isinstance(node.value, int | float):
            self._add("constant", self._span(node), f"{node.value + 1}", f"({node.value - 1})")

    def visit_Call(self, node: ast.Call) -> None:
        """Drop each argument that has a name: its default is used instead."""
        parts = sorted([*node.args, *node.keywords], key=self._span)
        for number, part in enumerate(parts):
            if isinstance(part, ast.keyword) and part.arg:
                start, end = self._span(part)
                if number:
                    start = self._span(parts[number - 1])[1]
                elif len(parts) > 1:
                    end = self._span(parts[1])[0]
                self._add("argument", (start, end), "")
        self.generic_visit(node)

    # -- statements and branches -------------------------------------------------------------------------------------

    def visit_Expr(self, node: ast.Expr) -> None:
        """Remove a call whose result nobody uses."""
        if isinstance(node.value, ast.Call) and _root(node.value) not in LOGGED:
            self._add("call", self._span(node), "pass")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """Remove a refusal."""
        self._add("raise", self._span(node), "pass")
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        """Return something that means nothing."""
        if node.value and not _is_text(node.value):
            self._add("return", self._span(node.value), *_nothing(self._functions[-1].returns))
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        """Take one branch always."""
        if "TYPE_CHECKING" not in ast.unparse(node.test):
            self._branch(node.test)
            self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """Take one branch always."""
        self._branch(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        """Never enter the loop."""
        self._add("branch", self._span(node.test), "False")
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """Keep all, or nothing."""
        for test in node.ifs:
            self._branch(test)
        self.generic_visit(node)

    def visit_match_case(self, node: ast.match_case) -> None:
        """Ignore a guard."""
        if node.guard:
            self._branch(node.guard)
        self.generic_visit(node)

    def _branch(self, test: ast.expr) -> None:
        self._add("branch", self._span(test), "True", "False")


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _root(node: ast.expr) -> str:
    """Return the first name of `a.b(…).c(…)`."""
    while not isinstance(node, ast.Name):
        children: Sequence[ast.expr] = [part for part in _inner(node) if isinstance(part, ast.expr)]
        if not children:
            return ""
        node = children[0]
    return node.id


def _inner(node: ast.expr) -> Iterator[ast.AST]:
    return iter([node.func] if isinstance(node, ast.Call) else [*ast.iter_child_nodes(node)])


def _nothing(annotation: ast.expr | None) -> tuple[str, ...]:
    words = ast.unparse(annotation) if annotation else ""
    if re.search(r"\bNone\b", words):
        return ("None",)
    return RETURNED.get(re.split(r"\W", words)[0], ("None",))
