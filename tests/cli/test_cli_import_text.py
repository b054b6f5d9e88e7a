"""Import of pages without DOM: each file is a document, each line of one address a version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Gomtin


def text(number: int, more: str = "") -> str:
    return f"""Tổ dân phố số {number} sơ kết phong trào thi đua sáu tháng đầu năm

Thứ tư - 12/07/2023 11:46

Sáng 12/7, tổ dân phố số {number} tổ chức hội nghị sơ kết phong trào thi đua sáu tháng đầu năm.

Các hộ dân của tổ {number} đã đóng góp ngày công làm {number * 3} km đường hoa trong quý hai.{more}
"""


def test_each_text_file_is_a_document_of_its_own(gomtin: Gomtin, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / f"{number}.txt").write_text(text(number), encoding="utf-8")
    (first,) = gomtin("import", *sorted(tmp_path.glob("*.txt")), "--json").rows
    assert sum(first["totals"].values()) == 3
    assert set(first["totals"]) <= {"stored", "copy"}
    (again,) = gomtin("import", tmp_path, "--json").rows
    assert again["totals"] == {"unchanged": 3}


def test_a_page_is_found_under_the_portal_that_it_is_counted_under(
    gomtin: Gomtin, tmp_path: Path
) -> None:
    hosts = ("a.example", "baoangiang.com.vn")
    rows = [{"url": f"https://{host}/tin-{n}", "text": text(n)} for n, host in enumerate(hosts)]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "pages.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "page.txt").write_text(text(2), encoding="utf-8")
    gomtin("import", tmp_path / "pages.jsonl", tmp_path / "page.txt")
    (counted,) = gomtin("count", "--by", "portal", "--json").rows
    portals = [one["portal"] for one in counted["counts"]]
    assert portals == ["a.example", "baoangiang", "imported"]
    for portal in portals:
        (article,) = gomtin("articles", "--portal", portal, "--json").rows
        assert article["portal"] == portal


def test_pages_of_one_address_are_its_versions(gomtin: Gomtin, tmp_path: Path) -> None:
    rows = [
        {"url": "https://a.example/tin", "text": text(1), "fetched_at": "2024-01-01T00:00:00Z"},
        {
            "url": "https://a.example/tin",
            "text": text(1, " Hội nghị biểu dương mười hộ gia đình tiêu biểu."),
            "fetched_at": "2024-01-02T00:00:00Z",
        },
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "versions.jsonl").write_text(lines, encoding="utf-8")
    (report,) = gomtin("import", tmp_path / "versions.jsonl", "--json").rows
    assert report["totals"] == {"stored": 1, "revised": 1}
    (article,) = gomtin("articles", "--format", "jsonl").rows
    assert article["revision"] == 2
