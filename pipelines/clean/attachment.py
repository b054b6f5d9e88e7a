"""Read the text of an attached PDF or DOCX, in the isolated child: files may be hostile."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.clean.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docx.table import Table

MOST_PAGES = 200
MOST_CHARACTERS = 200_000
MOST_UNPACKED = 50_000_000  # bytes of what a DOCX unpacks to; its pictures count
MOST_PARTS = 2_000
PDF, DOCX = b"%PDF-", b"PK\x03\x04"
# what zipfile and python-docx raise for a file with broken bytes, as met by fuzzing; RuntimeError:
# a part is encrypted, NotImplementedError: packed by a method unknown here
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, KeyError, ValueError,
    RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileText:
    """What came of reading a file, by a stable name, and its text with a line for each of its own.

    "read" and "cut" (the limits let only its beginning through) have a text; "scanned": pages
    without any; "empty", "encrypted", "damaged", "too_large", "other": no PDF or DOCX.
    """

    outcome: str
    text: str = ""


def read_file(body: bytes) -> FileText:
    """Give the text of a PDF or DOCX, told by its first bytes; never raise for what it holds."""
    if PDF in body[:1024]:
        return _pdf(body)
    if body.startswith(DOCX):
        return _docx(body)
    return FileText("other" if body.strip() else "empty")


def _pdf(body: bytes) -> FileText:
    import pypdfium2  # noqa: PLC0415 - 8 MB of library for who asks for texts

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        return FileText("encrypted" if "password" in str(error).lower() else "damaged")
    pages = len(document)
    try:
        found = _joined(_pages(document, min(pages, MOST_PAGES)))
    except pypdfium2.PdfiumError:
        return FileText("damaged")
    if not found.text:
        return FileText("scanned" if pages else "empty")
    return FileText("cut", found.text) if pages > MOST_PAGES else found


def _pages(document: Any, most: int) -> Iterator[str]:  # noqa: ANN401 - pypdfium2 has no types
    for number in range(most):
        yield from document[number].get_textpage().get_text_bounded().splitlines()


def _docx(body: bytes) -> FileText:
    from docx import Document  # noqa: PLC0415 - 8 MB of library for who asks for texts
    from docx.opc.exceptions import OpcError  # noqa: PLC0415 - 8 MB of library for who asks for texts
    from lxml import etree  # noqa: PLC0415 - 8 MB of library for who asks for texts

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            return FileText("too_large")
        document = Document(io.BytesIO(body))
        found = _joined(_blocks(document.iter_inner_content()))
    except (*_BROKEN, OpcError, etree.XMLSyntaxError):
        return FileText("damaged")
    return found if found.text else FileText("empty")


def _blocks(content: Iterable[object]) -> Iterator[str]:
    from docx.table import Table  # noqa: PLC0415 - 8 MB of library for who asks for texts
    from docx.text.paragraph import Paragraph  # noqa: PLC0415 - 8 MB of library for who asks for texts

    for block in content:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            yield from _rows(block)


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        yield " | ".join(text for cell in row.cells if (text := tidy(cell.text)))


def _joined(lines: Iterable[str]) -> FileText:
    kept: list[str] = []
    length = 0
    for line in filter(None, map(tidy, lines)):
        length += len(line) + 1
        if length > MOST_CHARACTERS:
            return FileText("cut", "\n".join(kept))
        kept.append(line)
    return FileText("read", "\n".join(kept))
