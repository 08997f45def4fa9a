"""Reads TOML files strictly: every key is requested with its type, and every mistake names its place in the file."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from model.base.trouble import Trouble

MAX_TOML = 250_000  # bytes: six times the largest file of the program
MOST_DOTS = 200  # in a line: the parser needs memory for the square of the parts of a dotted key
_SLUG = re.compile(r"[a-z][a-z0-9_]*")
Made = TypeVar("Made")
_REQUIRED: Any = object()
_QUOTED = 40  # characters of a value in a message
_LARGEST = 1 << 53  # every integer up to it is exact as a float


_EXPECTED = {
    str: "文字（加双引号）",
    int: "整数（不加引号）",
    float: "数",
    list: "列表（写在 [ ] 里，或每一项以 [[…]] 开头）",
}


def _in_toml(value: object) -> str:
    """Describe a value for a message, in TOML notation."""
    if isinstance(value, dict):
        return "一张表"
    if isinstance(value, list):
        return "列表"
    if isinstance(value, int) and value.bit_length() > _QUOTED:
        return "一个过大的数"  # Python refuses to print one of more than 4,300 digits
    words = str(value).lower() if isinstance(value, bool) else repr(value)
    return f" {words if len(words) <= _QUOTED else words[:_QUOTED] + '…'}"


class Mistake(ValueError):
    """A mistake in a data file, with its place in it."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}：{reason}" if place else reason)


class Node:
    """One TOML table with its place in the file; raises `Mistake` for a missing, mistyped or unknown key."""

    def __init__(self, data: Any, place: str) -> None:
        if not isinstance(data, dict):
            raise Mistake(place, f"应是一张表（键 = 值），现为{_in_toml(data)}")
        self._data, self.place, self._requested = data, place, set[str]()

    def _get(self, key: str, kind: type, default: Any) -> Any:
        self._requested.add(key)
        if key not in self._data:
            if default is _REQUIRED:
                raise self.mistake(key, "缺少这一项")
            return default
        value = self._data[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.mistake(key, f"应是{_EXPECTED[kind]}，现为{_in_toml(value)}")
        return value

    def text(self, key: str, default: Any = _REQUIRED) -> str:
        value: str = self._get(key, str, default)
        if default is _REQUIRED and not value.strip():
            raise self.mistake(key, "不能为空")
        return value

    def pattern(self, key: str) -> re.Pattern[str] | None:
        """A regular expression that may be left out."""
        text = self.text(key, "")
        try:
            return re.compile(text) if text else None
        except re.error as error:
            raise self.mistake(key, f"正则表达式写法不对（{error}）") from error

    def whole(self, key: str, default: Any = _REQUIRED) -> int:
        value: int = self._get(key, int, default)
        return int(self._not_too_large(key, value))

    def count(self, key: str) -> int:
        """An integer of at least 0."""
        return int(self._at_least_0(key, self.whole(key)))

    def number(self, key: str) -> float:
        """A number of at least 0, with or without decimals."""
        value = self._data.get(key)
        whole = isinstance(value, int) and not isinstance(value, bool)
        return float(
            self._not_too_large(key, self._at_least_0(key, self._get(key, int if whole else float, _REQUIRED)))
        )

    def _not_too_large(self, key: str, value: float) -> float:
        if not -_LARGEST <= value <= _LARGEST:  # also true of `nan`
            raise self.mistake(key, f"不能用这个数，现为{_in_toml(value)}")
        return value

    def _at_least_0(self, key: str, value: float) -> float:
        if not value >= 0:  # also true of `nan`
            raise self.mistake(key, f"应不小于 0，现为{_in_toml(value)}")
        return value

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        texts = tuple(self._of_type(key, (str,), "文字"))
        if needed and not texts:
            raise self.mistake(key, "至少要有一项")
        return texts

    def widths(self, key: str) -> tuple[float, ...]:
        values = [float(self._not_too_large(key, value)) for value in self._of_type(key, (int, float), "数字")]
        if any(value <= 0 for value in values):
            raise self.mistake(key, "列宽应大于 0")
        return tuple(values)

    def _of_type(self, key: str, kinds: tuple[type, ...], expected: str) -> list[Any]:
        values: list[Any] = self._get(key, list, [])
        for number, value in enumerate(values, 1):
            if not isinstance(value, kinds) or isinstance(value, bool):
                raise self.mistake(f"{key}[{number}]", f"应是{expected}，现为{_in_toml(value)}")
        return values

    def slug(self, key: str, default: Any = _REQUIRED, pattern: re.Pattern[str] = _SLUG) -> str:
        value = self.text(key, default)
        if value and not pattern.fullmatch(value):
            raise self.mistake(key, f"“{value}”只能用小写英文字母、数字和下划线，并以字母开头")
        return value

    def chosen(self, key: str, choices: type[Made], default: Any = _REQUIRED) -> Made:
        value = self.text(key, default)
        names = [str(choice) for choice in choices]  # type: ignore[attr-defined]  # a StrEnum class
        if value not in names:
            raise self.mistake(key, f"“{value}”应是其中之一：{'、'.join(names)}")
        return choices(value)  # type: ignore[call-arg]  # a StrEnum class

    def names(self) -> tuple[str, ...]:
        """The keys of a table that is keyed by names, such as roles of fonts."""
        return tuple(self._data)

    def part(self, key: str, make: Callable[[Node], Made]) -> Made:
        """Read the table under a key (`[key]`) through `make`."""
        self._requested.add(key)
        if key not in self._data:
            raise self.mistake(key, "缺少这一项")
        return _read_table(self._data[key], f"{self.place}.{key}".lstrip("."), make)

    def children(
        self,
        key: str,
        make: Callable[[Node], Made],
        *,
        needed: bool = False,
        others_allowed: bool = False,
        at_most: int = 100_000,
    ) -> tuple[Made, ...]:
        """Read each table of a list (`[[key]]`) through `make`; `others_allowed`: it reads only some of their keys."""
        values: list[Any] = self._get(key, list, [])
        if len(values) > at_most:
            raise self.mistake(key, f"最多 {at_most} 项，现有 {len(values)} 项")
        if needed and not values:
            raise self.mistake(key, "至少要有一项")
        places = [f"{self.place}.{key}[{number}]".lstrip(".") for number in range(1, len(values) + 1)]
        if others_allowed:
            return tuple(make(Node(value, place)) for value, place in zip(values, places, strict=True))
        return tuple(_read_table(value, place, make) for value, place in zip(values, places, strict=True))

    def has(self, key: str) -> bool:
        """Tell whether the table has this key."""
        return key in self._data

    def child(self, key: str, make: Callable[[Node], Made]) -> Made:
        """Make a value from the table under a key."""
        if not self.has(key):
            raise self.mistake(key, f"缺少 [{key}]")
        self._requested.add(key)
        node = Node(self._data[key], f"{self.place}.{key}".lstrip("."))
        made = make(node)
        node.refuse_unknown()
        return made

    def expression(self, key: str, read: Callable[[str], Made]) -> Made | None:
        text = self.text(key, "")
        try:
            return read(text) if text else None
        except ValueError as error:
            raise self.mistake(key, str(error)) from error

    def mistake(self, key: str, reason: str) -> Mistake:
        return Mistake(f"{self.place}.{key}".lstrip("."), reason)

    def refuse_unknown(self) -> None:
        unknown = sorted(set(self._data) - self._requested)
        if unknown:
            known = "、".join(sorted(self._requested))
            raise self.mistake(unknown[0], f"不认识这一项，请检查拼写；这里可用：{known}")


def _read_table(value: Any, place: str, make: Callable[[Node], Made]) -> Made:
    """Read a table through `make` and refuse the keys that it did not ask for."""
    node = Node(value, place)
    made = make(node)
    node.refuse_unknown()
    return made


_PLACE = re.compile(r"(?P<reason>.*) \((?:at line (?P<line>\d+), column (?P<column>\d+)|at end of document)\)")


def _in_chinese(error: tomllib.TOMLDecodeError) -> str:
    """Translate the place of a syntax error; the parser's reason stays English, so that it can be looked up."""
    if not (match := _PLACE.fullmatch(str(error))):
        return str(error)
    place = f"第 {match['line']} 行第 {match['column']} 个字符处" if match["line"] else "文件末尾"
    return f"{place}（{match['reason']}）"


def digest_of(*paths: Path) -> str:
    """Return the SHA-256 of files and their names as hexadecimal digits; CRLF and LF give the same digest."""
    return digest_of_contents({path.name: path.read_bytes() for path in paths})


def digest_of_contents(contents: Mapping[str, bytes]) -> str:
    """Return the digest of `digest_of` for contents by their file names."""
    found = hashlib.sha256()
    for name, content in contents.items():
        found.update(os.fsencode(name) + b"\0" + content.replace(b"\r\n", b"\n") + b"\0")
    return found.hexdigest()


def read_toml(
    path: Path, what: str, make: Callable[[Node], Made], *, advice: str = "", until: str | None = None
) -> Made:
    """Read one TOML file of the installation through `make`; raises `Trouble` with the place of a mistake.

    `what` names the kind of file (格式文件), `advice` follows a mistake; only the text before `until` is parsed.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_TOML + 1)
    except FileNotFoundError as error:
        raise Trouble(f"安装不完整：找不到{what} {path.name}，请重新安装本软件") from error
    except OSError as error:
        raise Trouble(f"{what} {path.name} 无法读入（{error.strerror}），请重新安装本软件") from error
    return parse_toml(raw, f"{what} {path.name}", make, advice=advice, until=until)


def parse_toml(
    raw: bytes, what: str, make: Callable[[Node], Made], *, advice: str = "", until: str | None = None
) -> Made:
    """Read the content of a TOML file through `make`, as `read_toml`; `what` names kind and file."""
    try:
        if len(raw) > MAX_TOML:
            raise Mistake("", f"文件超过 {MAX_TOML // 1_000} KB，不像是{what.partition(' ')[0]}")
        text = raw.decode("utf-8")
        if any(line.count(".") > MOST_DOTS for line in text.splitlines()):
            raise Mistake("", f"有一行中的点（.）超过 {MOST_DOTS} 个")
        return make(Node(tomllib.loads(text.partition(until)[0] if until else text), ""))
    except UnicodeDecodeError as error:
        raise Trouble(f"{what} 不是 UTF-8 编码，请用 UTF-8 重新保存") from error
    except tomllib.TOMLDecodeError as error:
        raise Trouble(f"{what} 不符合 TOML 语法：{_in_chinese(error)}{advice}") from error
    except Mistake as error:
        raise Trouble(f"{what}：{error}{advice}") from error
    except RecursionError as error:
        raise Trouble(f"{what} 的括号嵌套过深，请检查格式{advice}") from error
    except (ValueError, OverflowError) as error:  # a number that Python refuses to read
        raise Trouble(f"{what} 中有过大或写错的数，请检查{advice}") from error
