"""Dialog 关于: version, components, supported formats, security note and licences."""

from __future__ import annotations

import platform
from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTabWidget, QTextBrowser, QVBoxLayout, QWidget

from model.base import VERSION
from model.form import Format, Formats
from model.prose import RuleSet, load_rules
from model.storage import SQLITE
from ui.parts import Folders

PROGRAM = "政府信息公开工作年度报告编制程序"
LICENCES = "THIRD-PARTY.md"
LOG = "log.txt"
SECURITY = Path("help") / "security.md"
WIDTH, HEIGHT = 640, 440


def about_words(formats: Formats, rules: RuleSet, data: Path) -> str:
    """Return the Markdown of the first tab: versions, formats, data folder, path of the log, licence."""
    made_of = f"Python {platform.python_version()}，Qt {qVersion()}，SQLite {SQLITE}"
    lines = [f"## {PROGRAM} {VERSION}", made_of, f"系统：{platform.platform()}", "### 年度报告格式和检查规则"]
    lines.append("\n".join(f"- {_format_line(form)}；规则版本 {rules.edition(form)}" for form in formats))
    lines += ["### 草稿所在的文件夹", f"`{data}`"]
    lines += ["### 运行记录（只记事件和出错的位置，不含填写的内容）", f"`{data / LOG}`"]
    lines += ["木兰宽松许可证，第2版（MulanPSL-2.0）。本软件不访问网络。"]
    return "\n\n".join(lines)


def _format_line(form: Format) -> str:
    years = f"{form.first_year}—{form.last_year or '今'}年：{form.document}"
    origin = "，".join(part for part in (form.source, form.issued) if part)
    return f"{years}（{origin}）" if origin else years


class About(QDialog):
    """Dialog with three tabs: the program, the security note, the licences."""

    def __init__(self, formats: Formats, places: Folders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("关于")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.pages = QTabWidget()
        self._add("本软件", about_words(formats, load_rules(places.rules, formats), places.data))
        self._add("安全说明", (places.resources / SECURITY).read_text("utf-8"))
        self._add("许可证", (places.resources / LICENCES).read_text("utf-8"))
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.addWidget(self.pages, 1)
        box.addWidget(close)
        self.resize(WIDTH, HEIGHT)

    def _add(self, name: str, words: str) -> None:
        page = QTextBrowser()
        page.setAccessibleName(name)
        page.setOpenLinks(False)  # links are not followed: the program uses no network
        page.setMarkdown(words)
        self.pages.addTab(page, name)
