"""Attached files: the text of real PDF and DOCX files, and a name for each that gives none."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

from pipelines.clean import file_text, pdf_file
from pipelines.clean.attachment import read_file
from pipelines.clean.fields import attachments_of
from pipelines.clean.file_text import FileText
from pipelines.clean.isolated import IsolatedCleaner

if TYPE_CHECKING:
    from types import ModuleType


def beside(name: str) -> ModuleType:
    """Import a module that lies beside this one."""
    found = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


files = beside("office_files")
NOTICE = (
    "THÔNG BÁO về việc tuyển dụng viên chức năm 2026",
    "Căn cứ Kế hoạch số 71-KH/TU ngày 11/11/2021 của Ban Thường vụ Tỉnh ủy,",
    "Ủy ban nhân dân phường Hiệp Ninh thông báo đến đồng chí Nguyễn Thị Bảy.",
)
TEXT = "\n".join(NOTICE)
TABLE = [["STT", "Họ và tên"], ["1", "Nguyễn Thị Bảy"]]
ENCRYPTED = (
    "/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + "41" * 32 + ">/U<" + "42" * 32 + ">>>"
    "/ID[<" + "43" * 16 + "><" + "43" * 16 + ">]"
)


@pytest.mark.parametrize(
    ("body", "outcome", "text"),
    [
        (files.pdf(NOTICE), "read", TEXT),
        (files.pdf(NOTICE[:1], NOTICE[1:]), "read", TEXT),
        (b"\n" + files.pdf(NOTICE), "read", TEXT),
        (files.scanned_pdf(), "scanned", ""),
        (files.pdf(NOTICE, trailer=ENCRYPTED), "encrypted", ""),
        (files.pdf(NOTICE)[:100], "damaged", ""),
        (b"%PDF-1.4 and nothing more", "damaged", ""),
        (
            files.docx(NOTICE[0], TABLE, "Nơi nhận: Như trên"),
            "read",
            f"{NOTICE[0]}\nSTT | Họ và tên\n1 | Nguyễn Thị Bảy\nNơi nhận: Như trên",
        ),
        (files.docx(), "empty", ""),
        (files.docx(*NOTICE)[:300], "damaged", ""),
        (files.docx(*NOTICE, padding=60_000_000), "too_large", ""),
        (b"", "empty", ""),
        (b"<html>404</html>", "other", ""),
        (b"\xd0\xcf\x11\xe0 an old .doc", "other", ""),
    ],
)  # fmt: skip
def test_a_file_gives_its_text_or_a_name(body: bytes, outcome: str, text: str) -> None:
    assert read_file(body) == FileText(outcome, text)


def test_what_is_too_long_is_cut_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_file, "MOST_PAGES", 1)
    assert read_file(files.pdf(NOTICE[:1], NOTICE[1:])) == FileText("cut", NOTICE[0])
    monkeypatch.setattr(file_text, "MOST_CHARACTERS", 60)
    assert read_file(files.docx(*NOTICE)) == FileText("cut", NOTICE[0])


def test_the_child_reads_files_between_pages_and_ends_with_its_time() -> None:
    hostile = files.pdf(*[NOTICE * 12] * 60)

    async def read() -> list[FileText]:
        with contextlib.closing(IsolatedCleaner(timeout=20.0)) as cleaner:
            found = [await cleaner.read_file(files.pdf(NOTICE))]
            cleaner.timeout = 0.001
            found.append(await cleaner.read_file(hostile))
            cleaner.timeout = 20.0
            return [*found, await cleaner.read_file(files.docx(*NOTICE))]

    whole = FileText("read", TEXT)
    assert asyncio.run(read()) == [whole, FileText("timed_out"), whole]


@pytest.mark.parametrize(
    ("html", "size"),
    [
        ('<p><a href="/a.pdf">Kế hoạch (1,5 MB)</a></p>', 1_572_864),
        ('<li><a href="/a.pdf">Kế hoạch</a> <span>245.3 KB</span></li>', 251_187),
        ('<li><a href="/a.pdf">Kế hoạch</a> - 1.024 bytes</li>', 1_024),
        ('<p><a href="/a.pdf">Kế hoạch</a></p>', None),
        ('<p><a href="/a.pdf">A</a> 1 MB <a href="/b.doc">B</a> 2 MB</p>', None),  # whose is it?
        ('<p><a href="/a.pdf">Từ 3 MB đến 5 MB</a></p>', None),
        ('<p><a href="/a.pdf">Kế hoạch số 12/KH-UBND ngày 3/2</a></p>', None),
    ],
)
def test_a_size_printed_beside_the_only_link_is_the_files(html: str, size: int | None) -> None:
    links = LexborHTMLParser(html).css("a")
    assert attachments_of(links, "https://phuong.vn/tin/1.html")[0].size == size
