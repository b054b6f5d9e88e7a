"""gomtin preview: from an address, a recorded page or a file of pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.serve import serve

if TYPE_CHECKING:
    from tests.cli.conftest import Gomtin

RECORDED = Path(__file__).parents[1] / "portals" / "hiepninh"
ARTICLE = json.loads((RECORDED / "pages.json").read_text("utf-8"))[0]


def test_a_recorded_page_knows_its_portal_and_address(gomtin: Gomtin, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    answer = gomtin("preview", RECORDED / ARTICLE["file"], "--out", out)
    assert (answer.code, answer.lines[-1]) == (0, str(out))
    assert answer.lines[0].startswith("article: Phường Hiệp Ninh")
    sheet = out.read_text("utf-8")
    assert ARTICLE["url"] in sheet
    assert "portal hiepninh" in sheet


def test_a_page_is_asked_of_its_site_politely(gomtin: Gomtin, tmp_path: Path) -> None:
    with serve() as replicas:
        base = ("--base-url", replicas.urls["hiepninh"])
        answer = gomtin("preview", ARTICLE["url"], *base, data=tmp_path)
        gone = gomtin("preview", "http://hiepninh.tayninh.gov.vn/vi/news/a/a-1.html", *base)
    assert answer.code == 0, answer.err
    assert answer.lines[0].startswith("article: ")
    (written,) = (tmp_path / "preview").iterdir()
    assert ARTICLE["url"] in written.read_text("utf-8")
    assert gone.code == 1
    assert "it gave no page: gone http.404" in gone.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["pages.jsonl"], "it holds 2 pages; name one by --url, like https://a.vn/tin-1.html"),
        (["pages.jsonl", "--url", "https://a.vn/"], "it holds no page of https://a.vn/"),
        (["none.html"], "none.html does not exist"),
        (["x" * 999], f"{'x' * 999} cannot be read: File name too long; shorten its name"),
        (["pages.jsonl", "--portal", "nosuch"], "no portal is called 'nosuch'"),
    ],
)
def test_what_cannot_be_shown_is_said(
    gomtin: Gomtin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [{"url": f"https://a.vn/tin-{n}.html", "html": "<p>Tin"} for n in (1, 2)]
    Path("pages.jsonl").write_text("\n".join(map(json.dumps, rows)))
    answer = gomtin("preview", *arguments)
    assert answer.code == 2
    assert said in answer.err


def test_one_of_many_saved_pages_is_named_by_its_address(gomtin: Gomtin, tmp_path: Path) -> None:
    rows = [{"url": f"https://a.vn/tin-{n}.html", "html": f"<p>Tin {n}"} for n in (1, 2)]
    lines = tmp_path / "pages.jsonl"
    lines.write_text("\n".join(map(json.dumps, rows)))
    answer = gomtin("preview", lines, "--url", "https://a.vn/tin-2.html", "--out", tmp_path / "a")
    assert (answer.code, answer.lines[0]) == (0, "not_article: generic.no_title")
    assert "Tin 2" in (tmp_path / "a").read_text("utf-8")
