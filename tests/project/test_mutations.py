"""Tests of the mill of mutants: what it changes, what it leaves alone, and the list of mutants that change nothing."""

from __future__ import annotations

import sys

import pytest

from tests.mills.mutations import line_of, mutants
from tests.support.helpers import ROOT

if sys.platform == "win32":
    pytest.skip("the mill forks as POSIX does", allow_module_level=True)

from tests.mills.forked_tests import KILLED, SURVIVED, TIMEOUT, judged
from tests.mills.mutants import EQUIVALENT, Known, confirmed, drawn, equivalents, interval, key


@pytest.mark.parametrize(
    "source, changes",
    [
        ("x = a < b", ["a <= b"]),
        ("x = a == b != c", ["a != b != c", "a == b == c"]),
        ("x = a not in b", ["a in b"]),
        ("x = a is not b", ["a is b"]),
        ("x = a and b and c", ["a or b and c", "a and b or c"]),
        ("x = not a", ["(a)"]),
        ("x = 7", ["8", "(6)"]),
        ("x = True", ["False"]),
        ("x = a + b - c", ["a - b - c", "a + b + c"]),
        ("x = f(a, b=c)", ["f(a)"]),
        ("x = f(b=c, d=e)", ["f(d=e)", "f(b=c)"]),
        ("x = a if b else c", ["a if True else c", "a if False else c"]),
        ("x = [a for a in b if c]", ["[a for a in b if True]", "[a for a in b if False]"]),
        ("x = '量' + f'{a < 1}'", []),
        ("x: list[1] = a", []),
    ],
)
def test_each_change_of_a_value_is_made_once(source, changes):
    found = [one.applied(source.encode()).decode() for one in mutants("x.py", source.encode())]
    assert sorted(found) == sorted(f"x = {change}" for change in changes)


@pytest.mark.parametrize(
    "body, changes",
    [
        ("'''Say 1.'''\n    f(a)", ["'''Say 1.'''\n    pass"]),
        ("raise a", ["pass"]),
        ("return a", ["return None"]),
        ("if a:\n        b = c", ["if True:\n        b = c", "if False:\n        b = c"]),
        ("while a:\n        b = c", ["while False:\n        b = c"]),
        ("a += b", ["a -= b"]),
        ("assert a < 1", []),
        ("if TYPE_CHECKING:\n        f(1)", []),
        ("logger.info(a)", []),
    ],
)
def test_each_change_of_a_statement_is_made_once(body, changes):
    found = {one.applied(f"def g():\n    {body}\n".encode()).decode() for one in mutants("x.py", _function(body))}
    assert found == {f"def g():\n    {change}\n" for change in changes}


def _function(body: str) -> bytes:
    return f"def g():\n    {body}\n".encode()


def test_a_change_knows_its_line_and_the_function_around_it():
    source = "a = 1\n\n\n@b\ndef 数():\n    '''字'''\n    return 2\n".encode()
    found = [(one.line, one.function, line_of(one, source)) for one in mutants("x.py", source)]
    assert sorted(set(found)) == [(1, 0, ("a = 1", 4)), (7, 4, ("return 2", 7))]


def test_the_same_seed_draws_the_same_mutants_and_another_one_others():
    subjects = ("model/report/totals.py", "model/form/relation.py")
    first, again, other = (drawn(20, seed, subjects) for seed in (1, 1, 2))
    assert first == again != other
    assert len({*first}) == 20


def test_tests_that_call_the_changed_function_come_first_and_the_room_s_own_before_others():
    own, far = "tests/model/report/test_totals.py::a", "tests/model/checks/test_rules.py::a"
    slow, calling = "tests/model/report/test_diff.py::slow", "tests/model/report/test_diff.py::b"
    (one, *_) = mutants("model/report/totals.py", b"def f(a):\n    return a < b\n")
    known = Known({far: 0.1, slow: 9.0, calling: 0.3, own: 0.1}, [], {"model/report/totals.py:1": [far, calling]})
    assert known.near(one) == ([calling, far], [own])
    known.always.append("model/report/totals.py:1")
    assert known.near(one) == ([own, calling, slow, far], [])


@pytest.mark.parametrize(
    "told, result",
    [
        ([{"test": "a", "failed": False}, {"code": 0}], SURVIVED),
        ([{"test": "a", "failed": True}], KILLED),
        ([{"code": 2}], KILLED),
        ([{"test": "a", "failed": False}], KILLED),
        ([{"test": "a", "failed": False}, {"timeout": True}], TIMEOUT),
    ],
)
def test_a_mutant_survives_only_if_every_test_passed(told, result):
    assert judged(told)[0] == result


@pytest.mark.parametrize(
    "failing, result",
    [("", (SURVIVED, "")), ("b", (KILLED, "b")), ("once a", (SURVIVED, "")), ("once a, b", (KILLED, "b"))],
)
def test_a_test_that_fails_only_once_notices_nothing(failing, result):
    failures = {"": [], "b": ["b", "b"], "once a": ["a"], "once a, b": ["a", "b", "b"]}[failing]

    def run(tests):
        if failures and failures[0] in tests:
            return KILLED, failures.pop(0)
        return SURVIVED, ""

    assert confirmed(run, ["a", "b", "c"]) == result


@pytest.mark.parametrize(
    "part, whole, low, high", [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.278), (9, 10, 0.596, 0.982), (450, 500, 0.871, 0.923)]
)
def test_the_interval_is_wilson_s(part, whole, low, high):
    assert interval(part, whole) == pytest.approx((low, high), abs=0.001)


def test_each_mutant_listed_as_equivalent_can_still_be_drawn():
    listed = equivalents()
    assert len(listed) == EQUIVALENT.read_text(encoding="utf-8").count("[[mutant]]")
    every = {key(one) for path in {file for file, *_ in listed} for one in mutants(path, (ROOT / path).read_bytes())}
    assert [entry for entry in listed if entry not in every] == []
    assert all(why for why in listed.values())
