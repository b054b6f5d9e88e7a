"""Saved pages: extract shows what is in them, import stores it once, damage is named."""

from __future__ import annotations

import gzip
import json
import socket
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Gomtin

URL = "http://hiepninh.tayninh.gov.vn/vi/news/cong-tac-dang/hoi-nghi-dan-van-5891.html"
TITLE = "Phường Hiệp Ninh: Hội nghị triển khai Kế hoạch phối hợp liên ngành làm công tác dân vận"
TEXT = """Trang chủ
Hội nghị sơ kết công tác dân vận 6 tháng đầu năm 2023
12/07/2023 11:46
Sáng ngày 12/7, Ban Dân vận Thành ủy tổ chức hội nghị sơ kết công tác dân vận 6 tháng đầu năm
2023, triển khai nhiệm vụ 6 tháng cuối năm. Đồng chí Trưởng Ban Dân vận chủ trì hội nghị.
Theo báo cáo, toàn thành phố có 120 mô hình dân vận khéo được công nhận, tăng 15 mô hình so với
cùng kỳ; các địa phương vận động nhân dân đóng góp 3,2 tỷ đồng xây dựng đường giao thông nông thôn.
Hội nghị thống nhất tiếp tục nâng cao chất lượng công tác dân vận chính quyền.
"""
RECORD = {"path", "url", "outcome", "reason", "article"}


def _warc(html: bytes) -> bytes:
    """A page, and a response without HTTP: crawlers keep their name look-ups so."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html
    return b"".join(
        gzip.compress(
            (
                "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
                f"WARC-Date: 2023-07-12T05:00:00Z\r\nWARC-Target-URI: {url}\r\n"
                f"Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
            ).encode()
            + content
            + b"\r\n\r\n",
            mtime=0,
        )
        for url, kind, content in (
            (URL, "application/http; msgtype=response", answer),
            ("dns:tayninh.gov.vn", "text/dns", b"20230712 tayninh.gov.vn. 127.0.0.1"),
        )
    )


@pytest.fixture
def html(saved_pages: Path) -> str:
    return (saved_pages / "seed.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["page.html", "pages.jsonl", "pages.jsonl.gz", "pages.warc.gz"])
def test_every_format_gives_the_same_article(
    gomtin: Gomtin, tmp_path: Path, html: str, name: str
) -> None:
    line = json.dumps({"url": URL, "html": html}).encode()
    content = {
        "page.html": html.encode(),
        "pages.jsonl": line,
        "pages.jsonl.gz": gzip.compress(line),
        "pages.warc.gz": _warc(html.encode()),
    }
    path = tmp_path / name
    path.write_bytes(content[name])
    url = ["--url", URL] if name == "page.html" else []

    answer = gomtin("extract", path, *url, "--json")

    assert answer.code == 0
    (row,) = answer.rows
    assert set(row) == RECORD
    assert (row["url"], row["outcome"], row["reason"]) == (URL, "article", "")
    article = row["article"]
    assert article["title"].startswith(TITLE)
    assert article["published_at"] == "2023-07-12T11:46:00+07:00"
    assert (article["family"], article["extractor"]) == ("nukeviet", "family")
    assert article["author"] == "Quỳnh Yên"
    assert article["counters"]["views"] == 183
    assert article["body"][0] == article["summary"]
    assert article["kind"] == "hoi_nghi"
    assert "he_thong_chinh_tri/dan_van" in article["topics"]
    assert not (tmp_path / "data").exists()  # nothing is stored


def test_a_folder_gives_each_page_its_outcome(gomtin: Gomtin, saved_pages: Path) -> None:
    (saved_pages / "text.txt").write_text(TEXT, "utf-8")
    (saved_pages / "notes.md").write_text("no page")

    answer = gomtin("extract", saved_pages, "--portal", "hiepninh", "--json")

    assert answer.code == 1  # a listing is no article
    assert {row["path"].rpartition("/")[2]: row["outcome"] for row in answer.rows} == {
        "listing.html": "listing",
        "seed.html": "article",
        "series.html": "article",
        "text.txt": "article",
    }
    text = next(row["article"] for row in answer.rows if row["path"].endswith(".txt"))
    assert text["title"] == "Hội nghị sơ kết công tác dân vận 6 tháng đầu năm 2023"
    assert text["event_date"] == "2023-07-12"
    assert text["money"] == ["3,2 tỷ đồng"]


def test_people_see_title_facts_and_text(gomtin: Gomtin, saved_pages: Path) -> None:
    odd = saved_pages / "[" / "b].html"  # what rich takes for markup stays what it is
    odd.parent.mkdir()
    (saved_pages / "seed.html").rename(odd)

    answer = gomtin("extract", odd, "--url", URL)

    assert answer.code == 0
    assert answer.lines[0].startswith(str(odd)[:60])
    told = [line for line in answer.lines if line.startswith("  ")]
    rest = [line for line in told if line.startswith("    ")]  # of a fact that needs two lines
    facts = dict(line.split(maxsplit=1) for line in told if line not in rest)
    assert [line.index(line.strip()) for line in rest] == [13]
    assert facts["published"] == "2023-07-12 11:46"
    assert facts["author"] == "Quỳnh Yên"
    assert facts["section"] == "Công tác Đảng - Khối vận"
    assert all(len(line) <= 80 for line in answer.lines)


@pytest.mark.parametrize(
    ("name", "content", "outcome", "reason"),
    [
        ("empty.html", b"", "empty", "page.empty"),
        ("empty.txt", b"", "empty", "page.empty"),
        ("junk.html", bytes(range(128, 256)) * 99, "bad_encoding", "encoding.unknown"),
        ("junk.txt", bytes(range(128, 256)) * 99, "bad_encoding", "encoding.text"),
        ("junk.jsonl", bytes(range(128, 256)), "bad_content", "input.unreadable: it is no UTF-8"),
        ("junk.jsonl.gz", b"no gzip", "bad_content", "input.unreadable: it is cut off, damaged or"),
        ("cut.jsonl.gz", gzip.compress(b"x" * 99, mtime=0)[:-9], "bad_content", "input.unreadable"),
        (
            "odd.jsonl.gz",
            gzip.compress(b"", mtime=0)[:10] + b"\xff" * 99,
            "bad_content",
            "input.unread",
        ),
        ("junk.warc.gz", b"no WARC" * 99, "bad_content", "it holds no WARC record"),
        ("empty.warc", b"", "bad_content", "it holds no WARC record"),
        ("junk.warc", b"WARC/1.0\n\nx" * 9, "bad_content", "input.unreadable"),
        ("cut.warc.gz", _warc(b"<p>tin</p>")[:60], "bad_content", "it holds no WARC record"),
        ("large.html", b"<p>tin" * 2_000_000, "too_large", "bounds.bytes"),
        ("list.jsonl", b"[1]", "bad_content", "input.unreadable: a line is like {url, html} or"),
        ("url.jsonl", b'{"url": 5, "html": "x"}', "bad_content", "input.unreadable: a line is"),
        ("half.jsonl", b'{"url": "http://x.vn/"}', "bad_content", "'text' is missing"),
        ("host.jsonl", b'{"url": "x.vn", "text": ""}', "bad_content", "x.vn is no web address"),
        (
            "portal.jsonl",
            b'{"url": "http://x.vn/", "text": "", "portal": "nosuch"}',
            "bad_content",
            "no portal is called 'nosuch'",
        ),
        (
            "time.jsonl",
            b'{"url": "http://x.vn/", "text": "", "fetched_at": "soon"}',
            "bad_content",
            "Invalid isoformat string: 'soon'",
        ),
    ],
)
def test_damage_is_named(
    gomtin: Gomtin, tmp_path: Path, name: str, content: bytes, outcome: str, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    answer = gomtin("extract", path, "--json")

    assert answer.code == 1
    (damaged,) = answer.rows
    assert (damaged["outcome"], damaged["article"]) == (outcome, None)
    assert reason in damaged["reason"]
    assert damaged["path"].startswith(str(path))


def test_a_file_that_cannot_be_opened_is_named_and_others_are_read(
    gomtin: Gomtin, tmp_path: Path, html: str
) -> None:
    with socket.socket(socket.AF_UNIX) as unopenable:
        unopenable.bind(str(tmp_path / "a.html"))
    (tmp_path / "b.html").write_text(html, "utf-8")

    answer = gomtin("extract", tmp_path / "a.html", tmp_path / "b.html", "--json")

    assert answer.code == 1
    assert [row["outcome"] for row in answer.rows] == ["bad_content", "article"]
    assert answer.rows[0]["reason"] == "input.unreadable: No such device or address"


def test_what_comes_after_damage_is_read(gomtin: Gomtin, tmp_path: Path, html: str) -> None:
    lines, cut = tmp_path / "lines.jsonl", tmp_path / "cut.warc.gz"
    lines.write_text("no JSON\n" + json.dumps({"url": URL, "html": html}), "utf-8")
    cut.write_bytes(_warc(html.encode())[:2_000])
    (tmp_path / "page.html").write_text(html, "utf-8")

    answer = gomtin("extract", cut, lines, tmp_path / "page.html", "--json")

    outcomes = [row["outcome"] for row in answer.rows]
    assert outcomes == ["bad_content", "bad_content", "article", "article"]
    assert "record 1 is cut off" in answer.rows[0]["reason"]


def test_a_folder_without_pages_is_wrong_use(gomtin: Gomtin, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    for command in ("extract", "import"):
        answer = gomtin(command, empty)
        assert answer.code == 2
        assert answer.err.startswith(f"gomtin: {empty} holds no file that ends in .html, ")


def test_import_stores_each_page_once_and_names_what_it_cannot_read(
    gomtin: Gomtin, tmp_path: Path, saved_pages: Path, html: str
) -> None:
    lines = tmp_path / "pages.jsonl"
    lines.write_text(json.dumps({"url": URL, "html": html}) + "\nno JSON\n", "utf-8")

    first = gomtin("import", saved_pages, "--portal", "hiepninh", "--json")
    again = gomtin("import", saved_pages, "--portal", "hiepninh", "--json")
    third = gomtin("import", lines, "--json")

    totals = [answer.rows[0]["totals"] for answer in (first, again, third)]
    assert totals[0] == {"stored": 2, "listing": 1}
    assert totals[1] == {"unchanged": 2, "listing": 1}
    assert totals[2].keys() <= {"copy", "unchanged", "bad_content"}
    assert [answer.code for answer in (first, again, third)] == [0, 0, 1]
    assert f"{lines}:2: a line is like {{url, html}} or {{url, text}}" in third.err
    assert [row["portal"] for row in first.rows] == ["hiepninh"]
    failing = gomtin("failures", "--json").rows
    assert [(row["outcome"], row["code"]) for row in failing] == [
        ("bad_content", "input.unreadable")
    ]


def test_the_archive_can_be_made_again_from_its_snapshots(
    gomtin: Gomtin, tmp_path: Path, html: str
) -> None:
    lines = tmp_path / "pages.jsonl"
    lines.write_text(json.dumps({"url": URL, "html": html}), "utf-8")
    gomtin("import", lines)
    kept = gomtin("articles", "--format", "jsonl").rows

    anew = tmp_path / "anew"
    assert gomtin("import", tmp_path / "data" / "snapshots", data=anew).code == 0

    (before,), (after,) = kept, gomtin("articles", "--format", "jsonl", data=anew).rows
    for name in ("url", "portal", "title", "body", "published_at", "content_hash"):
        assert before[name] == after[name]
