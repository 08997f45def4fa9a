"""Asks PDFBox's preflight whether an exported PDF is fit for the archive; a second opinion beside pikepdf's checker.

    python tools/pdfbox_check.py [report.pdf …]        (a report of the tests unless files are named)

Preflight knows PDF/A-1b only, so a 1b twin is made of each file first: its version and part of PDF/A are lowered, what
part 1 does not know (the attached data) is taken out, what it wants and later parts do not (the CIDSet of each font) is
put in; pages, fonts, colours and metadata stay as they are.
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

VALIDATOR = "org.apache.pdfbox.preflight.Validator_A1b"
JARS = (
    *("pdfbox2.jar", "preflight.jar", "xmpbox.jar", "fontbox2.jar", "commons-logging.jar", "commons-io.jar"),
    *("javax.activation.jar", "jaxb-api.jar"),  # Java had these itself until version 11
)
PACKAGES = "libpdfbox2-java libactivation-java libjaxb-api-java"
NEWER_XMP = (b"<pdfaid:part>3</pdfaid:part>", b"<pdfaid:part>2</pdfaid:part>")


def main(names: list[str]) -> int:
    """Check what is named; returns the exit code."""
    folder = Path(os.environ.get("PDFBOX_JARS", "/usr/share/java"))
    jars = [folder / name for name in JARS if (folder / name).exists()]
    if not shutil.which("java") or not jars:
        print(f"Java or PDFBox is missing: apt install {PACKAGES}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        sources = [Path(name) for name in names] or [sample(place)]
        twins = [twin(source, place) for source in sources]
        return max([valid(path, jars) for path in twins])


def sample(place: Path) -> Path:
    """A report with everything: text, tables, signature, draft mark, data."""
    from export.pdf import writer  # noqa: PLC0415  (the program is needed only without files)
    from tests.support.printing import press, whole  # noqa: PLC0415

    writer.write(whole(draft=True, data=b"{}"), place / "sample.pdf", press())
    return place / "sample.pdf"


def twin(source: Path, place: Path) -> Path:
    """The same file as PDF/A-1b."""
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
    """Whether an object of the file describes a font."""
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"


def all_glyphs(program: bytes) -> bytes:
    """A CIDSet that names every glyph of a font program, the first in the highest bit."""
    count = int(TTFont(io.BytesIO(program), lazy=True)["maxp"].numGlyphs)
    bits = (1 << count) - 1 << (-count % 8)
    return bits.to_bytes((count + 7) // 8, "big")


def valid(path: Path, jars: list[Path]) -> int:
    """0 when preflight finds nothing; what it finds is printed."""
    words = ["java", "-cp", os.pathsep.join(map(str, jars)), VALIDATOR, str(path)]
    answer = subprocess.run(words, capture_output=True, text=True, check=False)
    print(answer.stdout.strip() or answer.stderr.strip())
    return int(answer.returncode != 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
