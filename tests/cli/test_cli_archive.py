"""Reading the archive of three replicas after two days: filters, formats, history, stories."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree
from pyarrow import parquet

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Answer, Crawled, Gomtin

FACTS = {
    "id", "url", "canonical_url", "portal", "family", "extractor", "title", "summary", "body",
    "captions", "author", "source", "dateline", "published_at", "published_precision",
    "published_from", "event_date", "section", "tags", "images", "attachments", "counters",
    "documents", "money", "units", "topics", "kind", "content_hash", "story_id", "revision",
    "schema",
}  # fmt: skip
SEEN_NOW = "9"
"""The day of what has just been seen and has no date: after all others."""


@pytest.fixture
def articles(gomtin: Gomtin, crawled: Crawled) -> list[dict[str, Any]]:
    """Every article of the archive, as JSON."""
    return gomtin("articles", "--format", "jsonl", data=crawled.data).rows


def test_crawls_report_what_became_of_every_page(crawled: Crawled) -> None:
    for report in (*crawled.first, *crawled.second):
        assert set(report) == {"portal", "run", "state", "error", "totals"}
        assert (report["state"], report["error"]) == ("done", "")
    second = {report["portal"]: report["totals"] for report in crawled.second}
    assert (second["danvankheo"]["stored"], second["danvankheo"]["revised"]) == (1, 1)
    assert not {"stored", "copy", "revised", "unchanged"} & set(second["hongngu"])


def test_articles_are_printed_newest_first_within_80_columns(
    gomtin: Gomtin, crawled: Crawled, articles: list[dict[str, Any]]
) -> None:
    answer = gomtin("articles", "--limit", "5", data=crawled.data)

    assert answer.lines[0].split() == ["id", "published", "portal", "title"]
    assert answer.lines[-1] == "5 articles, the newest; --limit 10 shows more"
    assert all(len(line) <= 80 for line in answer.lines)
    ids = [int(line.split()[0]) for line in answer.lines[1:-1] if line[1:2].isdigit()]
    assert ids == [article["id"] for article in articles[:5]]
    everything = gomtin("articles", "--limit", str(len(articles)), data=crawled.data)
    assert everything.lines[-1] == f"{len(articles)} articles"


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        (["--portal", "hongngu"], lambda a: a["portal"] == "hongngu"),
        (["--topic", "kinh_te"], lambda a: any(t.startswith("kinh_te") for t in a["topics"])),
        (["--since", "2025-01-01"], lambda a: _told(a) >= "2025-01-01"),
        (
            ["--since", "2025-01-01T00:00", "--until", "2025-06-10T08:00"],
            lambda a: "2025-01-01" <= _told(a) < "2025-06-10T08:00",
        ),
        (["--unit", "An Giang"], None),
        (["--since", "1d"], lambda a: _told(a) == SEEN_NOW),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_filters_keep_what_they_say(
    gomtin: Gomtin, crawled: Crawled, articles: list[dict[str, Any]], options: list[str], holds: Any
) -> None:
    found = gomtin("articles", *options, "--format", "jsonl", data=crawled.data).rows

    assert 0 < len(found) < len(articles)
    if holds:
        assert [a["id"] for a in found] == [a["id"] for a in articles if holds(a)]


def _told(article: dict[str, Any]) -> str:
    """Give the day that an article is told of, in order after all days if it has just been seen."""
    return article["published_at"] or article["event_date"] or SEEN_NOW


def _text(article: dict[str, Any]) -> str:
    return " ".join([article["title"], *article["body"]]).lower()


def test_a_search_without_marks_finds_words_with_marks(gomtin: Gomtin, crawled: Crawled) -> None:
    def found(query: str) -> Answer:
        return gomtin("articles", "--query", query, "--format", "csv", data=crawled.data)

    assert found('"dan van"').out == found('"Dân vận"').out
    assert gomtin("articles", "--query", "zzz", data=crawled.data).lines == ["0 articles"]
    wrong = gomtin("articles", "dân vặn", data=crawled.data)
    assert wrong.lines == ["0 articles; spelt otherwise there are some: dan van"]


def test_an_organisation_that_is_nowhere_named_leads_to_those_that_are(
    gomtin: Gomtin, crawled: Crawled
) -> None:
    said = "0 articles; gomtin count --by organisation tells the names that there are"
    assert gomtin("articles", "--organisation", "UBND", data=crawled.data).lines == [said]
    (first, *_) = gomtin("count", "--by", "organisation", "--json", data=crawled.data).rows[0][
        "counts"
    ]
    named = gomtin("articles", "--organisation", first["organisation"], "--json", data=crawled.data)
    assert len(named.rows) == first["articles"]


def test_what_is_found_in_another_spelling_is_told(gomtin: Gomtin, crawled: Crawled) -> None:
    said = 'quyết định also finds QĐ; only as typed: "quyết định"'
    assert said in gomtin("articles", "quyết định", data=crawled.data).lines
    exported = gomtin("articles", "quyết định", "--json", data=crawled.data)
    assert said in exported.err.splitlines()
    assert gomtin("count", "quyết định", data=crawled.data).lines[-1] == said
    assert said not in gomtin("count", '"quyết định"', data=crawled.data).lines


def test_answers_are_shown_with_their_passage_best_first_within_80_columns(
    gomtin: Gomtin, crawled: Crawled, articles: list[dict[str, Any]]
) -> None:
    rows = gomtin("articles", "DÂN", "vận", "--json", data=crawled.data).rows
    with_it = {a["id"] for a in articles if "dân vận" in _text(a)}
    titled = {a["id"] for a in articles if "dân vận" in a["title"].lower()}
    assert {row["id"] for row in rows} >= with_it
    assert {row["id"] for row in rows[: len(titled)]} == titled
    assert all("<mark>dân vận</mark>" in row["passage"]["title"].lower() for row in rows[:2])

    printed = gomtin("articles", '"dân vận"', "--limit", "2", data=crawled.data)
    assert printed.lines[-1] == "2 articles, the best; --limit 4 shows more"
    assert all(len(line) <= 80 for line in printed.lines)


def test_every_format_holds_every_article(
    gomtin: Gomtin, crawled: Crawled, articles: list[dict[str, Any]], tmp_path: Path
) -> None:
    answers = {
        form: gomtin("articles", "--format", form, "--output", tmp_path / form, data=crawled.data)
        for form in ("jsonl", "csv", "rss", "atom", "parquet")
    }

    titles = [article["title"] for article in articles]
    for form, answer in answers.items():
        assert (answer.code, answer.out) == (0, "")
        assert answer.err == f"{len(articles)} articles written to {tmp_path / form}\n"
    text = (tmp_path / "csv").read_text("utf-8")
    assert [row["title"] for row in csv.DictReader(io.StringIO(text))] == titles
    feed = etree.parse(tmp_path / "rss")
    assert [item.text for item in feed.iterfind(".//item/title")] == titles
    assert len({item.text for item in feed.iterfind(".//guid")}) == len(titles)
    names = {"a": "http://www.w3.org/2005/Atom"}
    atom = etree.parse(tmp_path / "atom")
    assert [one.text for one in atom.iterfind(".//a:entry/a:title", names)] == titles
    table = parquet.read_table(tmp_path / "parquet")
    assert table.column("title").to_pylist() == titles
    assert set(articles[0]) >= FACTS


@pytest.mark.parametrize(
    ("pipe", "code", "out", "err"),
    [
        ("articles --format jsonl | head -c 1", 0, "{", ""),
        ("portals | head -c 6", 0, "portal", ""),
        ("portals > /dev/full", 1, "", "gomtin: no space is left where it writes"),
        ("articles --format jsonl > /dev/full", 1, "", "gomtin: the output cannot be written: No"),
    ],
)
def test_an_output_that_takes_no_more_ends_the_command_quietly(
    crawled: Crawled, pipe: str, code: int, out: str, err: str
) -> None:
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{sys.executable} -m cli.main {pipe}"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"GOMTIN_DATA": str(crawled.data)},
    )

    assert (done.returncode, done.stdout) == (code, out)
    assert done.stderr.startswith(err)
    assert len(done.stderr.splitlines()) <= 1


@pytest.mark.parametrize("options", [[], ["-X", "utf8=0"]])
def test_vietnamese_is_read_and_printed_in_every_locale(
    crawled: Crawled, options: list[str]
) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, *options, "-m", "cli.main", "articles", "dân vận", "--limit", "1"],
        check=True,
        capture_output=True,
        env=os.environ | ascii_only | {"GOMTIN_DATA": str(crawled.data)},
    )

    assert "ân vận" in done.stdout.decode()


def test_show_prints_one_article(
    gomtin: Gomtin, crawled: Crawled, articles: list[dict[str, Any]]
) -> None:
    article = articles[-1]

    answer = gomtin("show", str(article["id"]), data=crawled.data)
    as_json = gomtin("show", str(article["id"]), "--json", data=crawled.data)

    assert answer.lines[0].startswith(f"article {article['id']}, story {article['story_id']}, rev")
    assert answer.lines[1] == article["url"]
    assert " ".join(article["body"][-1].split()[:5]) in answer.out
    assert as_json.rows == [article]


def test_a_revised_article_has_a_history(
    gomtin: Gomtin, crawled: Crawled, articles: list[dict[str, Any]]
) -> None:
    (revised,) = (str(article["id"]) for article in articles if article["revision"] > 1
                  and article["portal"] == "danvankheo")  # fmt: skip

    def show(*options: str) -> Answer:
        return gomtin("show", revised, *options, data=crawled.data)

    history = show("--revisions", "--json").rows
    assert [(row["revision"], row["changed"]) for row in history] == [(1, []), (2, ["text"])]
    assert set(history[0]) == {"revision", "kind", "seen_at", "changed", "title"}
    assert '{"removed": "1.240", "added": "1.420"}' in show("--diff", "--json").out
    assert "[-1.240-] {+1.420+}" in " ".join(show("--diff").out.split())
    assert "first seen" in show("--revisions").out


def test_a_copy_shows_its_story(
    gomtin: Gomtin, crawled: Crawled, articles: list[dict[str, Any]]
) -> None:
    stories = [article["story_id"] for article in articles]
    copied = next(a for a in articles if stories.count(a["story_id"]) > 1)

    answer = gomtin("show", str(copied["id"]), "--story", data=crawled.data)
    (story,) = gomtin("show", str(copied["id"]), "--story", "--json", data=crawled.data).rows

    assert set(story) == {"story", "representative", "members", "related"}
    members = [a["id"] for a in articles if a["story_id"] == copied["story_id"]]
    assert sorted(member["article"] for member in story["members"]) == sorted(members)
    assert [member["kind"] for member in story["members"]].count("original") == 1
    assert answer.lines[0].startswith(f"story {story['story']}, {len(members)} articles; article ")
    found = {(member["matched"], member["matched_id"] in members) for member in story["members"]}
    assert found <= {("", False), ("content_hash", True), ("near", True)}
    assert all(len(line) <= 80 for line in answer.lines)
    single = next(a for a in articles if stories.count(a["story_id"]) == 1)
    assert gomtin("show", str(single["id"]), "--diff", data=crawled.data).lines
    assert gomtin("show", str(single["id"]), "--diff", "--json", data=crawled.data).out == "[]\n"


def test_portals_and_probe_name_families_and_doors(gomtin: Gomtin, crawled: Crawled) -> None:
    portals = {str(row["id"]): row for row in gomtin("portals", "--json").rows}
    table = gomtin("portals")

    assert portals["hiepninh"]["family"] == "nukeviet"
    facts = {"id", "family", "unit", "name", "hosts", "met_live", "last_live"}
    assert set(portals["hiepninh"]) == facts
    for portal in portals.values():
        assert portal["hosts"][0] in table.out
    for name in ("danvankheo", "hongngu"):
        (row,) = gomtin("probe", crawled.urls[name], "--json").rows
        assert row["family"] == portals[name]["family"]
        assert row["doors"][-1]["kind"] == "listing"


def test_reextract_with_the_same_rules_changes_nothing(gomtin: Gomtin, crawled: Crawled) -> None:
    for options in ([], ["--portal", "hongngu"], ["--json"]):
        answer = gomtin("reextract", *options, data=crawled.data)
        assert answer.code == 0
        assert len(answer.lines) <= 1
        assert all(line.startswith("0 of ") for line in answer.lines)
