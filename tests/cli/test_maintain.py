"""A portal is added, recorded and checked in a copy of the source tree, against a replica."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from demo.serve import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
COPIED = ("cli", "config", "crawler", "pipelines", "tests/portals")
SITE = "http://hiepninh.tayninh.gov.vn/"
ID = "ward"


@dataclass(frozen=True)
class Checkout:
    """A checkout that knows no portal at SITE yet, and the replica that answers for it."""

    folder: Path
    replica: str

    @property
    def spider(self) -> Path:
        return self.folder / "crawler" / "spiders" / f"{ID}.py"

    @property
    def recorded(self) -> Path:
        return self.folder / "tests" / "portals" / ID

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        data = self.folder / "data"
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder), "GOMTIN_DATA": str(data)},
            capture_output=True,
            text=True,
            check=False,
        )

    def gomtin(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = self.run("-m", "cli.main", *arguments, "--base-url", self.replica)
        assert "Traceback" not in done.stderr
        return done

    def rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads((self.recorded / "pages.json").read_text("utf-8"))
        return rows


@pytest.fixture(scope="module")
def replicas() -> Iterator[dict[str, str]]:
    with serve() as here:
        yield dict(here.urls)


@pytest.fixture(scope="module")
def added(
    tmp_path_factory: pytest.TempPathFactory, replicas: dict[str, str]
) -> tuple[Checkout, str]:
    """A checkout to which ``gomtin new`` has added a portal, and what it said."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__", "hiepninh*")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    checkout = Checkout(folder, replicas["hiepninh"])
    done = checkout.gomtin("new", SITE, "--id", ID)
    assert done.returncode == 0, done.stderr
    return checkout, done.stdout


def test_a_new_portal_is_a_short_file_with_recorded_pages_of_its_own_address(
    added: tuple[Checkout, str],
) -> None:
    checkout, said = added
    lines = checkout.spider.read_text("utf-8").splitlines()
    rows = checkout.rows()
    assert len(lines) <= 15
    assert "class Ward(NukeViet):" in lines
    assert '    hosts = ("hiepninh.tayninh.gov.vn",)' in lines
    assert '    unit = "Tây Ninh"' in lines
    assert all(row["url"].startswith(SITE) for row in rows)
    assert sum(row["article"] is not None for row in rows) >= 3
    assert {path.name for path in checkout.recorded.glob("*.html")} == {r["file"] for r in rows}
    assert f"crawler/spiders/{ID}.py" in said
    assert f"python -m pytest tests/portals -k {ID}" in said
    assert f'    "{ID}",\n]' in (checkout.folder / "config" / "schedule.toml").read_text()


def test_the_named_command_tests_the_new_portal(added: tuple[Checkout, str]) -> None:
    checkout, _ = added
    command = ("-m", "pytest", "tests/portals", "-k", ID, "-p", "no:cacheprovider")
    done = checkout.run(*command)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_nothing_is_overwritten(added: tuple[Checkout, str]) -> None:
    checkout, _ = added
    before = checkout.spider.read_text("utf-8")
    same_host = checkout.gomtin("new", SITE, "--id", "other")
    same_id = checkout.gomtin("new", "http://other.example.vn/", "--id", ID)
    assert (same_host.returncode, same_id.returncode) == (2, 2)
    assert f"is the portal {ID}: crawler/spiders/{ID}.py" in same_host.stderr
    assert f"there is a portal {ID}" in same_id.stderr
    assert checkout.spider.read_text("utf-8") == before


def test_pages_are_recorded_anew_and_added_and_a_gone_one_is_named(
    added: tuple[Checkout, str],
) -> None:
    checkout, _ = added
    before = {row["url"]: row["file"] for row in checkout.rows()}
    (first, *_) = before
    listing = f"{SITE}vi/news/thong-bao/"
    done = checkout.gomtin("record", ID, first, listing, f"{SITE}vi/news/tin/khong-con-1.html")
    assert done.returncode == 1
    assert "gone http.404" in " ".join(done.stderr.split())
    after = {row["url"]: row["file"] for row in checkout.rows()}
    assert after == before | {listing: "other-thong-bao.html"}
    assert (checkout.recorded / "other-thong-bao.html").stat().st_size > 1_000


def test_check_names_what_is_no_longer_as_expected(added: tuple[Checkout, str]) -> None:
    checkout, _ = added
    healthy = checkout.gomtin("check", ID, "--json")
    assert healthy.returncode == 0, healthy.stdout
    numbers = json.loads(healthy.stdout)["numbers"]
    assert numbers["published_at"] == 1.0
    spider = checkout.spider.read_text("utf-8")
    expectations = (
        "    expect = Expectations(text_length=(90_000, 99_000), fill={'attachments': 1.0})\n"
    )
    imported = "from crawler.portal import Expectations\nfrom crawler.families"
    broken = spider.replace("from crawler.families", imported, 1) + expectations
    try:
        checkout.spider.write_text(broken, "utf-8")
        failing = checkout.gomtin("check", ID)
    finally:
        checkout.spider.write_text(spider, "utf-8")
    assert failing.returncode == 1
    assert "text.short: half the texts have" in failing.stdout
    assert "fill.attachments: " in failing.stdout


def test_check_names_what_comes_out_otherwise_than_was_recorded(
    added: tuple[Checkout, str],
) -> None:
    checkout, _ = added
    listed = checkout.recorded / "pages.json"
    before = listed.read_text("utf-8")
    rows = json.loads(before)
    for row in rows:
        if row["article"]:
            row["article"]["body"] = ["Một đoạn khác."]
    rows[-1] = rows[-1] | {
        "url": f"{SITE}vi/news/tin/khong-con-1.html",
        "article": {"title": "Tin"},
    }
    try:
        listed.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
        failing = checkout.gomtin("check", ID, "--json")
    finally:
        listed.write_text(before, "utf-8")
    assert failing.returncode == 1
    found = {one["code"]: one for one in json.loads(failing.stdout)["findings"]}
    assert found["recorded.body"]["grave"]
    assert "differs on " in found["recorded.body"]["text"]
    assert not found["recorded.gone"]["grave"]
    assert not {"recorded.title", "recorded.author"} & set(found)


def test_a_portal_that_does_not_answer_was_not_met(added: tuple[Checkout, str]) -> None:
    checkout, _ = added
    spider = checkout.spider.read_text("utf-8")
    try:
        checkout.spider.write_text(spider.replace("hiepninh.tayninh.gov.vn", "127.0.0.1"), "utf-8")
        checked = checkout.run("-m", "cli.main", "check", ID)
        assert checked.returncode == 1
        assert "run.fault: " in checked.stdout
        assert "met for the first time" not in checked.stdout
    finally:
        checkout.spider.write_text(spider, "utf-8")


def test_probe_tells_family_doors_dates_and_articles(gomtin: Any, replicas: dict[str, str]) -> None:
    site = "https://danvankheo-ketnoithongtin.vn/"
    answer = gomtin("probe", site, "--base-url", replicas["danvankheo"], "--json")
    assert answer.code == 0
    (probe,) = answer.rows
    assert probe["family"] == "wordpress"
    assert "WordPress" in probe["evidence"]
    works = {door["kind"] for door in probe["doors"] if door["works"]}
    assert works == {"wp_json", "feed", "sitemap", "listing"}
    assert probe["second_page"] == "/page/2/"
    assert "sitemap" in probe["robots"]
    articles = [article["title"] for article in probe["articles"]]
    assert len(articles) == len(probe["dates"]["samples"]) > 0
    assert all(articles)
