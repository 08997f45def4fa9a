"""Validates exported PDF files with PDFBox's preflight, a second PDF/A checker besides pikepdf's.

    python3 dev.py pdfbox_check [report.pdf …]        (without a file: a report of the tests)

Preflight knows PDF/A-1b only, so each file is converted first: its PDF version and PDF/A part are lowered, the attached
data, which part 1 does not allow, is removed, and the CIDSet of each font, which only part 1 requires, is added; pages,
fonts, colours and metadata stay as they are.
Needs Java and PDFBox 2 (see `PACKAGES`), or their jars in the folder named by PDFBOX_JARS.
Exit codes: 0 valid, 1 not valid, 2 Java or PDFBox is missing.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pikepdf
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SUMMARY = "用 PDFBox 检验导出的 PDF 是否符合 PDF/A"

VALIDATOR = "org.apache.pdfbox.preflight.Validator_A1b"
JARS = (
    *("pdfbox2.jar", "preflight.jar", "xmpbox.jar", "fontbox2.jar", "commons-logging.jar", "commons-io.jar"),
    *("javax.activation.jar", "jaxb-api.jar"),  # part of Java itself before version 11
)
PACKAGES = "libpdfbox2-java libactivation-java libjaxb-api-java"
NEWER_XMP = (b"<pdfaid:part>3</pdfaid:part>", b"<pdfaid:part>2</pdfaid:part>")


def main(names: list[str]) -> int:
    """Check the named files, or a sample; return the exit code."""
    folder = Path(os.environ.get("PDFBOX_JARS", "/usr/share/java"))
    jars = [folder / name for name in JARS if (folder / name).exists()]
    if not shutil.which("java") or not jars:
        print(f"缺少 Java 或 PDFBox，请先执行：apt-get install default-jre-headless {PACKAGES}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        sources = [Path(name) for name in names] or [sample(place)]
        twins = [twin(source, place) for source in sources]
        return max([valid(path, jars) for path in twins])


def sample(place: Path) -> Path:
    """Write a report with text, tables, signature, draft mark and attached data."""
    from export.pdf import writer  # noqa: PLC0415  (the program is needed only without files)
    from tests.support.printing import press, whole  # noqa: PLC0415

    writer.write(whole(draft=True, data=b"{}"), place / "sample.pdf", press())
    return place / "sample.pdf"


def twin(source: Path, place: Path) -> Path:
    """Write a copy of a PDF that claims PDF/A-1b."""
    target = place / f"{source.stem}-1b.pdf"
    with pikepdf.open(source) as opened:
        for key in ("/AF", "/Names"):
            if key in opened.Root:
                del opened.Root[key]
        metadata = opened.Root.Metadata.read_bytes()
        for part in NEWER_XMP:
            metadata = metadata.replace(part, b"<pdfaid:part>1</pdfaid:part>")
        opened.Root.Metadata.write(metadata)
        for descriptor in [item for item in opened.objects if is_descriptor(item)]:
            descriptor.CIDSet = opened.make_stream(all_glyphs(descriptor.FontFile2.read_bytes()))
        opened.save(target, force_version="1.4", object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target


def is_descriptor(item: pikepdf.Object) -> bool:
    """Tell whether an object of a PDF is a font descriptor."""
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"


def all_glyphs(program: bytes) -> bytes:
    """Return a CIDSet with every glyph of a font program, the first in the highest bit."""
    count = int(TTFont(io.BytesIO(program), lazy=True)["maxp"].numGlyphs)
    bits = (1 << count) - 1 << (-count % 8)
    return bits.to_bytes((count + 7) // 8, "big")


def valid(path: Path, jars: list[Path]) -> int:
    """Print the findings of preflight; return 0 if there are none, else 1."""
    words = ["java", "-cp", os.pathsep.join(map(str, jars)), VALIDATOR, str(path)]
    answer = subprocess.run(words, capture_output=True, text=True, check=False)
    print(answer.stdout.strip() or answer.stderr.strip())
    return int(answer.returncode != 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
