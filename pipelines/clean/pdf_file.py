"""Read the text of a PDF file, by PDFium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2

from pipelines.clean.file_text import FileText, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PAGES = 200


def read_pdf(body: bytes) -> FileText:
    """Give the text of a PDF file; never raise for what it holds."""
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        return FileText("encrypted" if "password" in str(error).lower() else "damaged")
    pages = len(document)
    try:
        found = joined(_lines(document, min(pages, MOST_PAGES)))
    except pypdfium2.PdfiumError:
        return FileText("damaged")
    if not found.text:
        return FileText("scanned" if pages else "empty")
    return FileText("cut", found.text) if pages > MOST_PAGES else found


def _lines(document: pypdfium2.PdfDocument, most: int) -> Iterator[str]:
    for number in range(most):
        yield from document[number].get_textpage().get_text_bounded().splitlines()
