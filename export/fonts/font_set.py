"""The resources of an export: fonts by role, the style sheet, the colour profile.

Fonts are opened when a character is first looked up. A `FontSet` is reused for all exports of a process; its caches are
bounded, so that memory does not grow with the number of reports.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from export.fonts import style
from export.fonts.truetype import TrueType
from export.lines import Glyph
from model.base import Node, Trouble, read_toml

_WHAT = "字体清单"
_KEPT_PROGRAMS = 12
_DEFLATE = 3  # a higher level costs a cold export more time than the saving in size is worth
_SPOKEN = {"title": "小标宋", "body": "仿宋", "hei": "黑体", "kai": "楷体", "song": "宋体"}


@dataclass(frozen=True)
class FontFile:
    """A font of a chain; `index` selects the face of a collection (.ttc)."""

    path: Path
    index: int = 0

    @property
    def key(self) -> str:
        """The name of the font in the layout."""
        return f"{self.path.stem}-{self.index}" if self.index else self.path.stem


class _Glyphs(dict[str, Glyph]):
    """Maps characters to glyphs through a chain of fonts; only characters found are cached."""

    def __init__(self, press: FontSet, chain: Sequence[FontFile]) -> None:
        super().__init__()
        self._press = press
        self._keys = [file.key for file in chain]

    def __missing__(self, character: str) -> Glyph:
        for key in self._keys:
            face = self._press.face(key)
            if number := face.glyph(character):
                self[character] = glyph = Glyph(key, face.advance(number))
                return glyph
        return Glyph(self._keys[0], 1.0, found=False)


class FontSet:
    """Fonts, styles and colour profile of the printed report; see `FontSet.load`."""

    def __init__(
        self, resources: Path, bundled: Mapping[str, Sequence[FontFile]], chosen: Mapping[str, FontFile]
    ) -> None:
        self.resources = resources
        self.bundled = bundled
        self.chains = {role: [chosen[role], *files] if role in chosen else files for role, files in bundled.items()}
        self._faces: dict[str, TrueType] = {}
        self._glyphs: dict[str, _Glyphs] = {}
        self._programs: OrderedDict[tuple[str, tuple[int, ...]], tuple[bytes, int]] = OrderedDict()

    @classmethod
    def load(cls, resources: Path, chosen: Mapping[str, FontFile] | None = None) -> FontSet:
        """Read the manifest of the bundled fonts; `chosen` fonts (role → file) take precedence.

        Raises `Trouble` if the installation is incomplete. No font is opened yet.
        """
        bundled = {role: [FontFile(resources / "fonts" / name) for name in names] for role, names in _chain(resources)}
        return cls(resources, bundled, chosen or {})

    @cached_property
    def style(self) -> style.Style:
        """The style sheet; raise `Trouble` if it is missing or invalid."""
        return style.load(self.resources / "styles" / "gbt9704.toml")

    @cached_property
    def profile(self) -> bytes:
        """The sRGB profile; raise `Trouble` if it is missing."""
        try:
            return (self.resources / "icc" / "srgb.icc").read_bytes()
        except OSError:
            raise Trouble("安装不完整：找不到颜色配置文件 srgb.icc，请重新安装本软件") from None

    @cached_property
    def _files(self) -> dict[str, FontFile]:
        return {file.key: file for chain in self.chains.values() for file in chain}

    def face(self, key: str) -> TrueType:
        """The opened font of a key; raise `Trouble` if it is missing or damaged."""
        if key not in self._faces:
            file = self._files[key]
            self._faces[key] = TrueType(file.path, file.index)
        return self._faces[key]

    def spoken(self, key: str) -> str:
        """The user's name of a font: 仿宋（ZwgkFang） if bundled, 仿宋_GB2312 if installed."""
        face = self.face(key)
        if face.path.parent != self.resources / "fonts":
            return face.chinese_name
        return f"{self._roles.get(key, '补字')}（{face.name}）"

    @cached_property
    def _roles(self) -> dict[str, str]:
        """Map the keys of the bundled fonts to their Chinese names, such as 仿宋."""
        return {files[0].key: _SPOKEN.get(role, role) for role, files in self.bundled.items()}

    def glyphs(self, role: str) -> Mapping[str, Glyph]:
        """Map characters to glyphs for a role of the style sheet (implements `Metrics`)."""
        if role not in self._glyphs:
            self._glyphs[role] = _Glyphs(self, self.chains[role])
        return self._glyphs[role]

    def program(self, key: str, glyphs: tuple[int, ...]) -> tuple[bytes, int]:
        """The compressed font program with these glyphs and its uncompressed length; cached for the next export."""
        if (key, glyphs) in self._programs:
            self._programs.move_to_end((key, glyphs))
        else:
            plain = self.face(key).subset(glyphs)
            self._programs[key, glyphs] = zlib.compress(plain, _DEFLATE), len(plain)
            while len(self._programs) > _KEPT_PROGRAMS:
                self._programs.popitem(last=False)
        return self._programs[key, glyphs]


def _chain(resources: Path) -> list[tuple[str, tuple[str, ...]]]:
    # Parse only the first table: the fonts' origins after it take longer than all the rest.
    return read_toml(_manifest(resources), _WHAT, lambda node: node.part("chain", _roles), until="[[font]]")


def _roles(node: Node) -> list[tuple[str, tuple[str, ...]]]:
    return [(role, node.texts(role, needed=True)) for role in node.names()]


def font_digests(resources: Path) -> dict[str, str]:
    """Return the SHA-256 of each bundled font by its file name, as in the manifest; raise `Trouble` without one."""
    return dict(read_toml(_manifest(resources), _WHAT, _digests))


def _digests(node: Node) -> tuple[tuple[str, str], ...]:
    return node.children("font", _digest, needed=True, others_allowed=True)


def _digest(node: Node) -> tuple[str, str]:
    return node.text("file"), node.text("sha256")


def _manifest(resources: Path) -> Path:
    return resources / "fonts" / "fonts.toml"
