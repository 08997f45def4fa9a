"""Builds the bundled fonts from the packages named in `resources/fonts/recipe.toml`.

The results are committed, so that nobody else needs the packages. Every glyph is converted to a TrueType outline
without hinting or layout tables; the same packages give the same bytes, which `--check` verifies.

    python3 dev.py build_fonts --sources FOLDER --download     fetch missing packages, write fonts and manifest
    python3 dev.py build_fonts --sources FOLDER --check        rebuild in memory, compare with the committed files
"""

from __future__ import annotations

import argparse
import bz2
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

SUMMARY = "由字体软件包重新生成内置字体，或用 --check 核对"

FONTS = Path(__file__).resolve().parent.parent / "resources" / "fonts"
MAXIMUM_ERROR = (
    2.0  # from cubic to quadratic curves, in 1/1000 em: 0.032 pt in the body text, a quarter of a 600 dpi dot
)
MEASURED = "—–―“”‘’…·°℃‰№×01A%"  # characters whose advance differs between Chinese fonts
KEPT_NAMES = (7, 8, 9, 11, 14)  # trademark, maker, designer, maker's and licence's addresses


class RecipeError(Exception):
    """A package of the recipe is missing or differs; the message names it."""


@dataclass(frozen=True)
class Source:
    """One file inside one package of a package manager."""

    client: str
    package: str
    version: str
    file: str
    sha256: str

    @property
    def archive(self) -> str:
        """Name under which the package manager saves the package, with `*` for the architecture."""
        if self.client == "npm":
            return f"{self.package.lstrip('@').replace('/', '-')}-{self.version}.tgz"
        return f"{self.package}_{self.version}_*.deb"


def fetch(source: Source, folder: Path) -> None:
    """Download the package of a source into a folder with its own package manager."""
    if source.client == "npm":
        command = ["npm", "pack", "--silent", f"{source.package}@{source.version}"]
    else:
        command = ["apt-get", "download", f"{source.package}={source.version}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


@cache
def archive_bytes(path: Path) -> bytes:
    """Return the package as an uncompressed or gzipped tar archive."""
    if path.suffix != ".deb":
        return path.read_bytes()
    return subprocess.run(["dpkg-deb", "--fsys-tarfile", str(path)], check=True, capture_output=True).stdout


def read_source(source: Source, folder: Path) -> bytes:
    """Return the bytes of the file; raise `RecipeError` if the package is missing or the digest differs."""
    found = sorted(folder.glob(source.archive))
    if not found:
        raise RecipeError(f"{folder} 中没有 {source.archive}，请加上 --download")
    with tarfile.open(fileobj=io.BytesIO(archive_bytes(found[0]))) as archive:
        names = {name.removeprefix("./"): name for name in archive.getnames()}
        member = archive.extractfile(names[source.file])
        data = member.read() if member else b""
    if sha256(data) != source.sha256:
        raise RecipeError(f"{found[0].name} 中的 {source.file} 的 sha256 是 {sha256(data)}，应为 {source.sha256}")
    return data


def sha256(data: bytes) -> str:
    """Return the hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


# ---- which characters ----


def standard_hanzi(unihan: bytes) -> str:
    """Return the 8105 characters of 通用规范汉字表 in the table's own order, from Unihan's kTGH field."""
    numbered = []
    for line in bz2.decompress(unihan).decode("utf-8").splitlines():
        if "\tkTGH\t" in line and not line.startswith("#"):
            code, _, value = line.split("\t")
            numbered.append((int(value.removeprefix("2013:")), chr(int(code[2:], 16))))
    return "".join(character for _, character in sorted(numbered))


def hanzi_file(characters: str, source: Source) -> str:
    """Return the text of `tgh8105.txt`: a head line with the source, then fifty characters per line."""
    head = f"# 通用规范汉字表（2013）8105 字，按表中次序；取自 {source.package} {source.version} Unihan kTGH。"
    rows = [characters[start : start + 50] for start in range(0, len(characters), 50)]
    return "\n".join([head, *rows]) + "\n"


def symbols(text: str) -> set[str]:
    """Return the characters of `symbols.txt`: words `U+XXXX` on lines that begin so, else each character of a line."""
    found: set[str] = set()
    for line in text.splitlines():
        if line.startswith("U+"):
            found |= {chr(int(word[2:], 16)) for word in line.split()}
        elif not line.startswith("# "):
            found |= set(line)
    return found


def gb2312() -> set[str]:
    """Return every character of GB 2312-80: 6763 Han characters and 682 others."""
    pairs = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {character for pair in pairs for character in pair.decode("gb2312", errors="ignore")}


# ---- one font ----


@dataclass(frozen=True)
class Face:
    """An opened source font."""

    name: str
    font: TTFont

    def draw(self, glyph: str) -> Any:
        """Return the glyph as TrueType outline: cubic curves become quadratic, counter-clockwise becomes clockwise."""
        glyphs = self.font.getGlyphSet()
        target = TTGlyphPen(None)
        cubic = "CFF " in self.font
        glyphs[glyph].draw(Cu2QuPen(target, MAXIMUM_ERROR, reverse_direction=True) if cubic else target)
        return target.glyph(dropImpliedOnCurves=True)

    def advance(self, glyph: str) -> int:
        """Return the advance width in 1/1000 em."""
        return int(self.font["hmtx"][glyph][0])


def code_points(ranges: Iterable[str] | None) -> set[int] | None:
    """Return ranges such as `["0041-005A", "00D7"]` as a set of code points; None (= all) stays None."""
    if ranges is None:
        return None
    ends = (text.partition("-") for text in ranges)
    return {code for first, _, last in ends for code in range(int(first, 16), int(last or first, 16) + 1)}


def choose(parts: list[dict[str, Any]], faces: Mapping[str, Face], wanted: set[str]) -> dict[int, tuple[Face, str]]:
    """Map code points to (face, glyph): for each wanted character the first part that is allowed to and has it."""
    chosen: dict[int, tuple[Face, str]] = {}
    for part in parts:
        face, allowed = faces[part["source"]], code_points(part.get("take"))
        cmap, instead = face.font.getBestCmap(), part.get("instead", {})
        for code in cmap:
            if chr(code) in wanted and code not in chosen and (allowed is None or code in allowed):
                chosen[code] = (face, cmap[ord(instead.get(chr(code), chr(code)))])
    return dict(sorted(chosen.items()))


def name_records(recipe: dict[str, Any], base: TTFont, modified: date) -> dict[str, str]:
    """Return the names of the built font: a new family (no reserved name), the old copyright, changes and date."""
    old = base["name"]
    postscript = Path(recipe["file"]).stem
    names = {
        "copyright": old.getDebugName(0),
        "familyName": recipe["family"],
        "styleName": "Regular",
        "uniqueFontIdentifier": f"{postscript} {modified.isoformat()}",
        "fullName": recipe["family"],
        "version": f"{old.getDebugName(5)}; {postscript} {modified.isoformat()}",
        "psName": postscript,
        "description": f"Modified on {modified.isoformat()} from {old.getDebugName(4)}: {changes(recipe)}",
        "licenseDescription": old.getDebugName(13) or f"Licence: {recipe['licence']}",
    }
    return {key: value for key, value in names.items() if value}


def changes(recipe: dict[str, Any]) -> str:
    """Return the changes to the source fonts in English, for the font's description and the manifest."""
    parts = recipe["glyphs"]
    merged = ", Latin letters or punctuation taken from its sister fonts" if len(parts) > 1 else ""
    swapped = "".join(character for part in parts for character in part.get("instead", {}))
    widened = f", full-width glyphs used for {swapped}" if swapped else ""
    return f"subset, renamed, outlines as TrueType curves, hinting and layout tables dropped{merged}{widened}"


def build(recipe: dict[str, Any], faces: Mapping[str, Face], wanted: set[str], modified: date) -> bytes:
    """Return one font file; the last part of the recipe gives the metrics, the names and the missing-glyph box.

    Each code point has a glyph of its own, in the same order, so that a PDF's ToUnicode table is unambiguous.
    """
    base = faces[recipe["glyphs"][-1]["source"]]
    chosen = choose(recipe["glyphs"], faces, wanted)
    glyphs = {".notdef": (base, ".notdef")} | {f"u{code:04X}": pair for code, pair in chosen.items()}
    builder = FontBuilder(int(base.font["head"].unitsPerEm), isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({code: f"u{code:04X}" for code in chosen})
    builder.setupGlyf({name: face.draw(glyph) for name, (face, glyph) in glyphs.items()})
    set_metrics(builder, base.font, glyphs)
    set_names(builder, base.font, recipe, modified)
    output = io.BytesIO()
    builder.save(output)
    return output.getvalue()


def set_metrics(builder: FontBuilder, base: TTFont, glyphs: Mapping[str, tuple[Face, str]]) -> None:
    """Set advance widths of the chosen glyphs, line metrics and weight of the base font; allow embedding."""
    outlines = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {name: (face.advance(glyph), getattr(outlines[name], "xMin", 0)) for name, (face, glyph) in glyphs.items()}
    )
    builder.setupHorizontalHeader(ascent=base["hhea"].ascent, descent=base["hhea"].descent)
    kept = ("sTypoAscender", "sTypoDescender", "sTypoLineGap", "usWinAscent", "usWinDescent", "usWeightClass", "panose")
    builder.setupOS2(version=4, fsType=0, fsSelection=0x40, **{key: getattr(base["OS/2"], key) for key in kept})
    builder.font["OS/2"].ulCodePageRange1 = base["OS/2"].ulCodePageRange1
    builder.font["OS/2"].recalcUnicodeRanges(builder.font)
    builder.font["OS/2"].recalcAvgCharWidth(builder.font)
    builder.setupPost(keepGlyphNames=False)


def set_names(builder: FontBuilder, base: TTFont, recipe: dict[str, Any], modified: date) -> None:
    """Set names, and times and revision of the base font, so that the bytes do not depend on the day of the build."""
    builder.setupNameTable(name_records(recipe, base, modified), mac=False)
    for identifier in KEPT_NAMES:
        if text := base["name"].getDebugName(identifier):
            builder.font["name"].setName(text, identifier, 3, 1, 0x409)
    head = builder.font["head"]
    for field in ("created", "modified", "fontRevision", "lowestRecPPEM"):
        setattr(head, field, getattr(base["head"], field))
    builder.font.recalcTimestamp = False


# ---- everything ----


def wanted_in(recipe: dict[str, Any], target: set[str], built: Mapping[str, bytes]) -> set[str]:
    """Return the target characters, or for a font of remainders those that at least one of the named fonts lacks."""
    others = recipe.get("lacking_in", [])
    if not others:
        return target
    common = set.intersection(*(characters_of(built[name]) for name in others))
    return (target - common) | set(recipe.get("always", ""))


def characters_of(data: bytes) -> set[str]:
    """Return the characters of a built font."""
    return {chr(code) for code in TTFont(io.BytesIO(data)).getBestCmap()}


def manifest_entry(recipe: dict[str, Any], data: bytes, sources: Mapping[str, Source], day: date) -> dict[str, Any]:
    """Return the entry of one font in `fonts.toml`."""
    used = [sources[part["source"]] for part in reversed(recipe["glyphs"])]
    return {
        "file": recipe["file"],
        "family": recipe["family"],
        "roles": recipe["roles"],
        "licence": recipe["licence"],
        "licence_files": [f"licences/{name}" for name in recipe["licence_files"]],
        "modified": day,
        "changes": changes(recipe),
        "sha256": sha256(data),
        "bytes": len(data),
        **measured(TTFont(io.BytesIO(data))),
        "source": [asdict(source) for source in used],
    }


def measured(font: TTFont) -> dict[str, Any]:
    """Return properties that would otherwise need the font to be opened; lengths in 1/1000 em."""
    cmap, widths = font.getBestCmap(), font["hmtx"]
    return {
        "postscript_name": font["name"].getDebugName(6),
        "copyright": font["name"].getDebugName(0),
        "characters": len(cmap),
        "units_per_em": font["head"].unitsPerEm,
        "ascent": font["OS/2"].sTypoAscender,
        "descent": font["OS/2"].sTypoDescender,
        "quirks": {character: widths[cmap[ord(character)]][0] for character in MEASURED if ord(character) in cmap},
    }


def quoted(value: Any) -> str:
    """Return a string, number, list of strings (as in JSON) or date in the notation of TOML."""
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def toml_table(head: str, table: Mapping[str, Any]) -> str:
    """Return a table as TOML: plain values, then sources, then quirks, whose keys are single characters."""
    plain = [f"{key} = {quoted(value)}" for key, value in table.items() if key not in ("source", "quirks")]
    text = "\n".join([head, *plain]) + "\n"
    text += "".join("\n" + toml_table("[[font.source]]", source) for source in table.get("source", []))
    if "quirks" in table:
        widths = {quoted(character): width for character, width in table["quirks"].items()}
        text += "\n" + toml_table("[font.quirks]    # 字宽（千分之一字身）", widths)
    return text


def manifest(entries: list[dict[str, Any]], chain: Mapping[str, list[str]]) -> str:
    """Return the text of `fonts.toml`."""
    head = "# 内置字体清单，由 tools/build_fonts.py 按 recipe.toml 写出，不要手改。\n"
    tables = [toml_table("[chain]    # 用途 → 依次查找的字体文件", chain)]
    tables += [toml_table("[[font]]", entry) for entry in entries]
    return "\n".join([head, *tables])


def build_all(folder: Path) -> dict[str, bytes]:
    """Return every generated file of `resources/fonts` by name."""
    recipe = tomllib.loads((FONTS / "recipe.toml").read_text(encoding="utf-8"))
    sources = {name: Source(**fields) for name, fields in recipe["source"].items()}
    hanzi = standard_hanzi(read_source(sources["unihan"], folder))
    target = gb2312() | set(hanzi) | symbols((FONTS / "symbols.txt").read_text(encoding="utf-8"))
    faces = {
        name: Face(name, TTFont(io.BytesIO(read_source(source, folder))))
        for name, source in sources.items()
        if name != "unihan"
    }
    built: dict[str, bytes] = {}
    for font in recipe["font"]:
        built[font["file"]] = build(font, faces, wanted_in(font, target, built), recipe["modified"])
        print(f"{font['file']:18} {len(built[font['file']]) / 1e6:6.2f} MB", flush=True)
    entries = [manifest_entry(font, built[font["file"]], sources, recipe["modified"]) for font in recipe["font"]]
    texts = {"tgh8105.txt": hanzi_file(hanzi, sources["unihan"]), "fonts.toml": manifest(entries, recipe["chain"])}
    return built | {name: text.encode("utf-8") for name, text in texts.items()}


def download_missing(folder: Path) -> None:
    """Fetch every package of the recipe that the folder does not contain yet."""
    folder.mkdir(parents=True, exist_ok=True)
    recipe = tomllib.loads((FONTS / "recipe.toml").read_text(encoding="utf-8"))
    for source in (Source(**fields) for fields in recipe["source"].values()):
        if not any(folder.glob(source.archive)):
            fetch(source, folder)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 if the files were written, or with `--check` if all are as committed."""
    parser = argparse.ArgumentParser(description=SUMMARY)
    parser.add_argument("--sources", type=Path, required=True, metavar="文件夹", help="下载的软件包所在的文件夹")
    parser.add_argument("--download", action="store_true", help="用 npm 和 apt-get 下载缺少的软件包")
    parser.add_argument("--check", action="store_true", help="不写文件，只同仓库中的文件比较")
    options = parser.parse_args(arguments)
    if options.download:
        download_missing(options.sources)
    files = build_all(options.sources)
    if options.check:
        differing = [name for name, data in files.items() if (FONTS / name).read_bytes() != data]
        print(f"与仓库中的文件不同：{'、'.join(differing)}" if differing else "所有文件都与仓库中的相同")
        return 1 if differing else 0
    for name, data in files.items():
        (FONTS / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
