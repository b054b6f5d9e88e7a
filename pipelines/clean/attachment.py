"""Read the text of an attached PDF or DOCX, in the isolated child: files may be hostile."""

from __future__ import annotations

from pipelines.clean.file_text import FileText

PDF, DOCX = b"%PDF-", b"PK\x03\x04"


def read_file(body: bytes) -> FileText:
    """Give the text of a PDF or DOCX, told by its first bytes; never raise for what it holds."""
    if PDF in body[:1024]:
        from pipelines.clean.pdf_file import read_pdf  # noqa: PLC0415 - 8 MB for who asks for texts

        return read_pdf(body)
    if body.startswith(DOCX):
        from pipelines.clean.docx_file import read_docx  # noqa: PLC0415 - 8 MB, as for a PDF

        return read_docx(body)
    return FileText("other" if body.strip() else "empty")
