"""Read the text of a DOCX file, by python-docx."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from docx import Document
from docx.opc.exceptions import OpcError
from docx.text.paragraph import Paragraph
from lxml import etree

from pipelines.clean.file_text import FileText, joined
from pipelines.clean.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docx.table import Table

MOST_UNPACKED = 50_000_000  # bytes of what a file unpacks to; its pictures count
MOST_PARTS = 2_000
# what zipfile and python-docx raise for a file with broken bytes, as met by fuzzing; RuntimeError:
# a part is encrypted, NotImplementedError: packed by a method unknown here
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, KeyError, ValueError,
    RuntimeError, OpcError, etree.XMLSyntaxError,
)  # fmt: skip


def read_docx(body: bytes) -> FileText:
    """Give the text of a DOCX file; never raise for what it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            return FileText("too_large")
        found = joined(_blocks(Document(io.BytesIO(body)).iter_inner_content()))
    except _BROKEN:
        return FileText("damaged")
    return found if found.text else FileText("empty")


def _blocks(content: Iterable[Paragraph | Table]) -> Iterator[str]:
    for block in content:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from _rows(block)


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        yield " | ".join(text for cell in row.cells if (text := tidy(cell.text)))
