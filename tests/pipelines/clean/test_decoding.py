"""Bytes become text whatever the server says of them; other encodings are refused by name."""

from __future__ import annotations

import unicodedata

import pytest
from selectolax.lexbor import LexborHTMLParser

from pipelines.clean import tree
from pipelines.records import Cleaned, Outcome

TEXT = "Hội nghị tổng kết công tác dân vận năm 2023, trao 86 suất học bổng ở xã Vĩnh Lợi. "
PAGE = f"<html><body><p>{TEXT * 3}</p></body></html>"
TCVN3 = (
    "<p>Thµnh ñy Hång Ngù lµm viÖc víi c¸c ngµnh khèi vËn vÒ t×nh h×nh thùc hiÖn nhiÖm vô cña n¨m "
    "vµ ®Õn nay ®· kh«ng Ýt kÕt qu¶ trong c«ng t¸c, víi nh÷ng viÖc lµm cña ng­êi d©n trªn huyÖn</p>"
)


def as_cp1258(text: str) -> bytes:
    """Encode as Windows-1258 wants it: the vowel's own mark composed, the tone mark behind it."""
    parts = []
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tones = [m for m in marks[1:] if m in "\u0300\u0301\u0303\u0309\u0323"]
        base = unicodedata.normalize("NFC", "".join(m for m in marks if m not in tones))
        parts.append(base + "".join(tones))
    return "".join(parts).encode("cp1258")


READABLE = {
    "utf-8": (PAGE.encode(), None),
    "utf-8 declared as latin-1": (PAGE.encode(), "iso-8859-1"),
    "utf-8 declared as nonsense": (PAGE.encode(), "x-unknown"),
    "utf-8 with a mark": (b"\xef\xbb\xbf" + PAGE.encode(), None),
    "utf-16": (PAGE.encode("utf-16"), None),
    "utf-8 with a broken byte": (PAGE.encode() * 9 + b"\xff\xfe", None),
    "cp1258 undeclared": (as_cp1258(PAGE), None),
    "cp1258 declared as utf-8": (as_cp1258(PAGE), "utf-8"),
    "cp1258 by its meta": (b"<meta charset=windows-1258>" + as_cp1258(PAGE), None),
}


@pytest.mark.parametrize("name", READABLE)
def test_text_is_read(name: str) -> None:
    body, declared = READABLE[name]
    text = tree.to_utf8(body, declared)
    assert isinstance(text, bytes)
    assert TEXT.strip() in unicodedata.normalize("NFC", text.decode())


def test_nuls_are_taken_out() -> None:
    assert tree.to_utf8("xã\0 Vĩnh\0 Lợi".encode(), None) == "xã Vĩnh Lợi".encode()


def test_page_cut_within_a_letter_is_read() -> None:
    cut = (PAGE * 20).encode()[:-20]
    while cut[-1] < 0xC0:
        cut = cut[:-1]
    text = tree.to_utf8(cut, "utf-8")
    assert isinstance(text, bytes)
    assert TEXT in text.decode()


@pytest.mark.parametrize("body", [TCVN3.encode("latin-1"), TCVN3.encode()])
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1"])
def test_tcvn3_is_read_as_bytes_and_as_utf8(body: bytes, declared: str | None) -> None:
    text = tree.to_utf8(body, declared)
    assert isinstance(text, bytes)
    assert text.decode().startswith("<p>Thành ủy Hồng Ngự làm việc với các ngành khối vận")


@pytest.mark.parametrize("declared", [None, "utf-8", "hex", "idna", "x-unknown"])
def test_bytes_of_no_text_are_refused(declared: str | None) -> None:
    fault = tree.to_utf8(bytes(range(1, 256)) * 50, declared)
    assert isinstance(fault, Cleaned)
    assert (fault.outcome, fault.reason) == (Outcome.BAD_ENCODING, "encoding.unknown")


BASES = [
    ("", "https://a.vn/tin/x.html"),
    ("/khac/", "https://a.vn/khac/"),
    ("https://images.a.vn/static/", "https://a.vn/tin/x.html"),
    ("http://[bad", "https://a.vn/tin/x.html"),
    ("javascript:", "https://a.vn/tin/x.html"),
]


@pytest.mark.parametrize(("href", "expected"), BASES)
def test_base_on_another_host_is_ignored(href: str, expected: str) -> None:
    page = LexborHTMLParser(f'<base href="{href}"><p>x</p>' if href else "<p>x</p>")
    assert tree.base_of(page.css("[href]"), "https://a.vn/tin/x.html") == expected


ADDRESSES = [
    ("/tin/1.html", "https://a.vn/tin/1.html"),
    ("  2.html ", "https://a.vn/muc/2.html"),
    ("//b.vn/x", "https://b.vn/x"),
    ("/tim-kiem/An Giang.html", "https://a.vn/tim-kiem/An%20Giang.html"),
    ("/x#cuoi", "https://a.vn/x"),
    ("/a/../x", "https://a.vn/x"),
    ("https://b.vn/Tin%20tức/x.html?id=1&a=/b#cuoi", "https://b.vn/Tin%20tức/x.html?id=1&a=/b"),
    ("http://b.vn:8080/hai từ#x", "http://b.vn:8080/hai%20từ"),
    ("https://b.vn", "https://b.vn"),
    ("?trang=2", "https://a.vn/muc/?trang=2"),
    ("#dau", None),
    ("javascript:void(0)", None),
    ("JavaScript: window.print()", None),
    ("mailto:a@a.vn", None),
    ("tel:113", None),
    ("http://[bad", None),
    ("http://", None),
]


@pytest.mark.parametrize(("href", "expected"), ADDRESSES)
def test_links_are_made_absolute(href: str, expected: str | None) -> None:
    assert tree.absolute("https://a.vn/muc/", href) == expected


def test_links_are_bounded_and_each_once() -> None:
    page = "".join(f'<a href="/{i}">x</a><a href="/{i}">y</a>' for i in range(6000))
    links = tree.links(LexborHTMLParser(page).css("[href]"), "https://a.vn/")
    assert len(links) == tree.MAX_LINKS == len(set(links))
