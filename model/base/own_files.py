"""Reads the program's own small files, which may hold anything; a damaged one is renamed, kept and reported once."""

from __future__ import annotations

import json
import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, NoReturn, TypeVar

from model.base import files
from model.base.json_objects import unique_keys

Made = TypeVar("Made")
AGAIN = 0.05  # seconds: another process may just be overwriting the file
# Errors that reading values of a wrong kind raises; a reader of a file's content raises no others.
WRONG_CONTENT = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
DAMAGED, NO_FILE = "已损坏", "不是普通文件"


@dataclass(frozen=True)
class OwnFile:
    """Kind of a file: its name for the user, what follows when it cannot be used, its limit in bytes.

    `unflushed`: it is written without waiting for the disk, so that a power cut may leave it blank.
    """

    what: str
    effect: str
    at_most: int
    unflushed: bool = False


class Reports:
    """Sentences about damaged files by folder, kept until the window or the command has shown them."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._waiting: dict[Path, list[str]] = {}
        self._said: set[tuple[Path, str]] = set()
        self._listeners: dict[Path, Callable[[str], object]] = {}

    def add(self, folder: Path, sentence: str) -> None:
        """Report a sentence once, to the listener if there is one."""
        with self._one_at_a_time:
            if (folder, sentence) in self._said:
                return
            self._said.add((folder, sentence))
            if (tell := self._listeners.get(folder)) is None:
                self._waiting.setdefault(folder, []).append(sentence)
        if tell:
            tell(sentence)

    def take(self, folder: Path) -> tuple[str, ...]:
        """Return the sentences about this folder that nobody has seen yet."""
        with self._one_at_a_time:
            return tuple(self._waiting.pop(folder, ()))

    def listen(self, folder: Path, tell: Callable[[str], object]) -> None:
        """Call `tell`, and no earlier listener, with each sentence about this folder, those that wait included."""
        with self._one_at_a_time:
            self._listeners[folder] = tell
        for sentence in self.take(folder):
            tell(sentence)

    def leave(self, folder: Path, tell: Callable[[str], object] | None = None) -> None:
        """Call `tell` no more; without one, whoever listens."""
        with self._one_at_a_time:
            if tell is None or self._listeners.get(folder) is tell:
                self._listeners.pop(folder, None)


reports = Reports()


def read_own(path: Path, at_most: int) -> bytes:
    """Read a regular file whole; raises `ValueError` if it is larger than `at_most` bytes, `OSError` if unreadable."""
    handle = files.open_own(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        raw = file.read(at_most + 1)
    if len(raw) > at_most:
        raise ValueError(f"larger than {at_most} bytes")
    return raw


def read_json(path: Path, kind: OwnFile, make: Callable[[Any], Made], default: Made) -> Made:
    """Read a JSON file through `make`; return `default` if it is missing or unusable: then it is renamed."""
    for last_time in (False, True):
        try:
            raw = read_own(path, kind.at_most)
            return default if kind.unflushed and not raw.strip(b" \r\n\0") else make(parsed(raw))
        except (FileNotFoundError, NotADirectoryError):
            return default
        except files.NotRegularError:
            put_aside(path, kind, NO_FILE)
            return default
        except OSError as error:
            reports.add(path.parent, f"{kind.what}“{path.name}”无法读入（{error.strerror}），{kind.effect}")
            return default
        except WRONG_CONTENT:
            if last_time:
                put_aside(path, kind, DAMAGED)
            else:
                time.sleep(AGAIN)
    return default


def put_aside(path: Path, kind: OwnFile, reason: str) -> None:
    """Rename a file that cannot be used, so that it can be examined, and report it."""
    kept = path.with_name(f"{path.name}.bad-{datetime.now().astimezone():%Y-%m-%d %H%M%S} {token_hex(2)}")
    try:
        files.rename_over(path, kept)
        fate = f"原文件“{path.name}”已改名为“{kept.name}”保留"
    except FileNotFoundError:  # another process was faster, and reports it
        return
    except OSError:  # the folder cannot be written
        fate = f"请把“{path.name}”移走"
    reports.add(path.parent, f"{kind.what}{reason}，{kind.effect}；{fate}")


def parsed(raw: bytes) -> Any:
    """Parse JSON in UTF-8; raises `ValueError` or `RecursionError`, also for a doubled key and an infinite number."""
    data = json.loads(
        raw.decode("utf-8-sig"), object_pairs_hook=unique_keys, parse_float=_finite, parse_constant=_no_constant
    )
    json.dumps(data, ensure_ascii=False).encode()  # half a character, which no file can hold: a UnicodeEncodeError
    return data


def _finite(digits: str) -> float:
    if not math.isfinite(number := float(digits)):
        raise ValueError("an infinite number")
    return number


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def is_count(value: object) -> bool:
    """Return True for an integer from 0 on that SQLite can hold (64 bits)."""
    return type(value) is int and 0 <= value < 1 << 63
