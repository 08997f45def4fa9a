"""The lock for PDFium, which every use of the library holds, and the opening of a file with it."""

from __future__ import annotations

import threading

import pypdfium2
from pypdfium2 import raw

from model.base import Trouble

PDFIUM = threading.Lock()  # PDFium is not thread-safe, even with different documents


def open_pdf(name: str, content: bytes) -> pypdfium2.PdfDocument:
    """Open a PDF while `PDFIUM` is held; raise `Trouble` for one with a password or a damaged one."""
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            said = "设有打开密码，请用密码打开后另存为没有密码的 PDF，再读入"
        elif error.err_code == raw.FPDF_ERR_SECURITY:
            said = "的加密方式不能识别，请另存为没有密码的 PDF，再读入"
        else:
            said = "不完整或已损坏，请重新取得原文件"
        raise Trouble(f"“{name}”{said}") from error
