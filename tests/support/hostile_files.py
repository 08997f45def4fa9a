"""Content and kinds of files that a data folder may hold in place of the program's own, for tests and the mill."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

SIDE_FILES = ("state.json", "settings.json", "unsure.json", "reports.db.lock", "log.txt", "log.txt.1")

CONTENTS: dict[str, bytes] = {
    "nested": b"[" * 100_000 + b"]" * 100_000,
    "nested objects": b'{"heads":' * 50_000 + b"1" + b"}" * 50_000,
    "too many digits": b'{"heads":{"a":' + b"9" * 100_000 + b'},"hold":true,"width":' + b"9" * 100_000 + b"}",
    "infinite": b'{"heads":{"a":1e999},"hold":true,"width":1e999}',
    "not a number": b'{"heads":{"a":NaN},"hold":NaN,"width":NaN}',
    "beyond 64 bits": b'{"heads":{"a":99999999999999999999},"hold":false,"width":99999999999999999999}',
    "doubled key": b'{"heads":{},"heads":{},"hold":false,"width":1,"width":2}',
    "half a character": b'{"heads":{"\\ud800":1},"hold":false,"pages":{"\\ud800":"\\udfff"}}',
    "other kinds": b'{"heads":[1],"hold":"x","width":[],"pages":7,"splitter":{}}',
    "a list": b"[1,2,3]",
    "a list of lists": b"[[[]]]",
    "a text": b'"x"',
    "null": b"null",
    "rows": b'[{"draft":1e999,"agency":[],"year":{},"origin":[],"change":7}]',
    "empty change": json.dumps(
        [{"draft": 1, "agency": "x", "year": 2020, "origin": "损坏的文件", "change": "{}"}]
    ).encode(),
    "nested change": json.dumps(
        [{"draft": 1, "agency": "x", "year": 2020, "origin": "损坏的文件", "change": "[" * 50_000}]
    ).encode(),
    "UTF-16": '{"width": 900}'.encode("utf-16"),
    "not UTF-8": b'{"heads":{"\xff":1},"hold":false}',
    "zeros": bytes(512),
    "nothing": b"",
    "20 MB": b" " * 20_000_000,
    "never local": b'{"user":"a","host":"b","token":"c","since":"0001-01-01T00:00:00+14:00",'
    b'"renewed":"9999-12-31T23:59:59-14:00"}',
}  # fmt: skip


def a_folder(path: Path, _victim: Path) -> None:
    path.mkdir()
    (path / "x").write_text("x")


def a_link(path: Path, victim: Path) -> None:
    path.symlink_to(victim)


def a_dangling_link(path: Path, victim: Path) -> None:
    path.symlink_to(victim.with_name("nowhere"))


def a_loop(path: Path, _victim: Path) -> None:
    path.symlink_to(path)


def a_pipe(path: Path, _victim: Path) -> None:
    os.mkfifo(path)


def a_second_name(path: Path, victim: Path) -> None:
    os.link(victim, path)


def a_device(path: Path, _victim: Path) -> None:
    path.symlink_to("/dev/zero")


KINDS: tuple[Callable[[Path, Path], None], ...] = (
    a_folder, a_link, a_dangling_link, a_loop, a_pipe, a_second_name, a_device,
)  # fmt: skip

_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from([10**30, -1, 2**63, 10**4000]), st.floats(), st.text()
)
_KEYS = st.one_of(
    st.sampled_from(
        [
            "heads",
            "hold",
            "width",
            "height",
            "splitter",
            "pages",
            "cells",
            "text_size",
            "toured",
            "draft",
            "agency",
            "year",
            "origin",
            "change",
            "user",
            "host",
            "token",
            "since",
            "renewed",
            "maximized",
            "own_fonts",
        ]
    ),
    st.text(),
)
VALUES = st.recursive(_SCALARS, lambda inner: st.one_of(st.lists(inner), st.dictionaries(_KEYS, inner)), max_leaves=20)


def as_bytes(value: object) -> bytes:
    """Write a value as JSON, infinite numbers included."""
    return json.dumps(value).encode()
