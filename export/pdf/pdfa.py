"""Adds the archival parts of a PDF: XMP metadata, output intent, file identifier, the report's data as attachment.

ISO 19005-2 (PDF/A-2b) without data, ISO 19005-3 (PDF/A-3b) with it; ISO 32000-1 §14.
"""

from __future__ import annotations

from datetime import date

from export.document import Document
from export.pdf.reportlab import PDFArray, PDFCatalog, PDFDictionary, PDFDocument, PDFInfo, PDFName, PDFString
from export.pdf.type0_fonts import stream

PRODUCER = "PDF"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{agency}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{agency}</xmp:CreatorTool>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaid:part>{part}</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


class _Info(PDFInfo):  # type: ignore[misc]
    """The information dictionary with the report's own date instead of the current time."""

    def __init__(self, title: str, agency: str, on: date) -> None:
        super().__init__()
        self.title, self.author, self.on = title, agency, on

    def format(self, document: PDFDocument) -> bytes:
        entries = {
            "Title": PDFString(self.title),
            "Author": PDFString(self.author),
            "Creator": PDFString(self.author),
            "Producer": PDFString(PRODUCER),
            "CreationDate": PDFString(_pdf_date(self.on)),
            "ModDate": PDFString(_pdf_date(self.on)),
        }
        return bytes(PDFDictionary(entries).format(document))


class _Catalog(PDFCatalog):  # type: ignore[misc]
    """The catalogue with two more entries than ReportLab's."""

    __NoDefault__ = (*PDFCatalog.__NoDefault__, "OutputIntents", "AF")
    __Refs__ = PDFCatalog.__Refs__


def describe(pdf: PDFDocument, document: Document, profile: bytes) -> None:
    """Set the file's title, agency, date, language and colour profile, and attach the report's data."""
    title, agency = printable(document.title), printable(document.agency)
    pdf.info = _Info(title, agency, document.on)
    pdf.Catalog.__class__ = _Catalog
    catalog = pdf.Catalog
    catalog.Metadata = stream(_metadata(title, agency, document), compress=False, Type="/Metadata", Subtype="/XML")
    catalog.OutputIntents = PDFArray([_output_intent(pdf, profile)])
    catalog.PageLabels = PDFDictionary({"Nums": PDFArray([0, PDFDictionary({"S": "/D"})])})
    catalog.ViewerPreferences = PDFDictionary(
        {"DisplayDocTitle": "true", "Duplex": "/DuplexFlipLongEdge", "PrintScaling": "/None"}
    )
    if document.data:
        _attach(pdf, document)


def identify(pdf: PDFDocument, digest: str) -> None:
    """Set the file identifier, a hexadecimal digest of the content."""
    pdf._ID = f"[<{digest}> <{digest}>]".encode("ascii")  # noqa: SLF001  (ReportLab offers no other way)


def printable(text: str) -> str:
    """Remove control characters, surrogates and non-characters from a text for metadata."""
    return "".join(c for c in text if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")


def _metadata(title: str, agency: str, document: Document) -> bytes:
    part = 3 if document.data else 2
    stamp = f"{document.on.isoformat()}T00:00:00+08:00"
    words = {"title": _escaped(title), "agency": _escaped(agency)}
    return _XMP.format(**words, date=stamp, producer=PRODUCER, part=part).encode("utf-8")


def _escaped(text: str) -> str:
    """Escape a text as XML content."""
    # `xml.sax.saxutils` would import the network library for this.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _pdf_date(on: date) -> str:
    return f"D:{on:%Y%m%d}000000+08'00'"


def _output_intent(pdf: PDFDocument, profile: bytes) -> PDFDictionary:
    return PDFDictionary(
        {
            "Type": "/OutputIntent",
            "S": "/GTS_PDFA1",
            "OutputConditionIdentifier": PDFString("sRGB IEC61966-2.1"),
            "Info": PDFString("sRGB IEC61966-2.1"),
            "DestOutputProfile": pdf.Reference(stream(profile, N=3)),
        }
    )


def _attach(pdf: PDFDocument, document: Document) -> None:
    """Attach the report's data as an associated file, so that the program can open the PDF as a draft."""
    params = PDFDictionary({"Size": len(document.data), "ModDate": PDFString(_pdf_date(document.on))})
    file = pdf.Reference(stream(document.data, Type="/EmbeddedFile", Subtype="/application#2Fjson", Params=params))
    name = PDFString(document.data_name)
    specification = pdf.Reference(
        PDFDictionary(
            {
                "Type": "/Filespec",
                "F": name,
                "UF": name,
                "Desc": PDFString("本报告的数据，可由政府信息公开工作年度报告编制程序再次打开"),
                "AFRelationship": PDFName("Data"),
                "EF": PDFDictionary({"F": file, "UF": file}),
            }
        )
    )
    pdf.Catalog.AF = PDFArray([specification])
    names = PDFDictionary({"Names": PDFArray([name, specification])})
    pdf.Catalog.Names = PDFDictionary({"EmbeddedFiles": names})
