"""Real PDF and DOCX files, written byte by byte: with text, scanned, encrypted, hostile."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/'
    '2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/'
    'package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def pdf(*pages: Sequence[str], trailer: str = "") -> bytes:
    """Write a PDF with a page for each list of lines, in a font that maps to Unicode."""
    letters = sorted({letter for lines in pages for line in lines for letter in line})
    codes = {letter: number + 1 for number, letter in enumerate(letters)}
    maps = "".join(f"<{codes[x]:04X}> <{x.encode('utf-16-be').hex()}>\n" for x in letters)
    unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def "
        "/CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(letters)} beginbfchar\n{maps}endbfchar endcmap end end"
    )
    font = (
        "<</Type/Font/Subtype/Type0/BaseFont/Times/Encoding/Identity-H/ToUnicode 4 0 R"
        "/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/Times/DW 500/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor"
        "<</Type/FontDescriptor/FontName/Times/Flags 4/FontBBox[0 0 500 700]/ItalicAngle 0"
        "/Ascent 700/Descent -200/CapHeight 700/StemV 80>>>>]>>"
    )
    numbers = [5 + 2 * at for at in range(len(pages))]
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{n} 0 R' for n in numbers)}]>>"
        .encode(),
        3: font.encode(),
        4: _stream(unicode.encode()),
    }  # fmt: skip
    for number, lines in zip(numbers, pages, strict=True):
        shown = "".join(
            f"<{''.join(f'{codes[x]:04X}' for x in line)}> Tj 0 -20 Td\n" for line in lines
        )
        objects[number] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {number + 1} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        ).encode()
        objects[number + 1] = _stream(f"BT /F1 12 Tf 50 780 Td\n{shown}ET".encode())
    return _file(objects, trailer)


def scanned_pdf(pages: int = 2) -> bytes:
    """Write a PDF whose pages are pictures, as a scanner makes them."""
    picture = b"\xff" * (8 * 8)
    image = (
        b"<</Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Length %d>>stream\n%s\nendstream" % (len(picture), picture)
    )
    numbers = [5 + n for n in range(pages)]
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Count {pages}/Kids[{' '.join(f'{n} 0 R' for n in numbers)}]>>".encode(),
        3: image,
        4: _stream(b"q 595 0 0 842 0 0 cm /I Do Q"),
    }
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<<"
    objects |= dict.fromkeys(numbers, page + b"/I 3 0 R>>>>>>")
    return _file(objects)


def docx(*blocks: str | Sequence[Sequence[str]], padding: int = 0) -> bytes:
    """Write a DOCX of paragraphs (text) and tables (rows of cells), and so many zeros."""
    body = "".join(_paragraph(x) if isinstance(x, str) else _table(x) for x in blocks)
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}"><w:body>{body}'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", _TYPES)
        file.writestr("_rels/.rels", _RELATIONS)
        file.writestr("word/document.xml", f"{document}</w:body></w:document>")
        if padding:
            file.writestr("word/media/picture.bin", bytes(padding))
    return out.getvalue()


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    cells = ("".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    head = b"<</Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    return head + packed + b"\nendstream"


def _file(objects: dict[int, bytes], trailer: str = "") -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number in sorted(objects):
        places[number] = len(out)
        out += b"%d 0 obj" % number + objects[number] + b"endobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for number in sorted(objects):
        out += f"{places[number]:010d} 00000 n \n".encode()
    end = f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n"
    return bytes(out) + end.encode()
