"""gomtin count: the table, what programs read, and mistyped axes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Crawled, Gomtin


def test_every_format_tells_the_same_and_fits_80_columns(gomtin: Gomtin, crawled: Crawled) -> None:
    articles = gomtin("articles", "--json", data=crawled.data).rows
    (told,) = gomtin("count", "--by", "portal", "--json", data=crawled.data).rows
    assert told["articles"] == len(articles)
    assert told["stories"] == len({one["story_id"] for one in articles}) < len(articles)
    assert {one["portal"]: one["articles"] for one in told["counts"]} == Counter(
        one["portal"] for one in articles
    )
    printed = gomtin("count", "--by", "portal", "--format", "csv", data=crawled.data).out
    assert [
        [row["portal"], int(row["stories"]), int(row["articles"])]
        for row in csv.DictReader(io.StringIO(printed))
    ] == [list(one.values()) for one in told["counts"]]
    table = gomtin("count", "--by", "month,portal,topic", data=crawled.data)
    assert all(len(line) <= 80 for line in table.lines)
    assert f"{told['stories']} stories in {told['articles']} articles" in table.lines
    several = "some stand in several rows, which so come to more than that"
    assert several in table.lines
    assert several not in gomtin("count", "--by", "portal", data=crawled.data).lines


def test_rows_beyond_the_limit_are_summed(gomtin: Gomtin, crawled: Crawled) -> None:
    (whole,) = gomtin("count", "--by", "month", "--json", data=crawled.data).rows
    cut = ("count", "--by", "month", "--limit", "1")
    (told,) = gomtin(*cut, "--json", data=crawled.data).rows
    assert told["counts"] == whole["counts"][:1]
    left = whole["counts"][1:]
    stories, articles = (sum(one[name] for one in left) for name in ("stories", "articles"))
    assert told["rest"] == {"rows": len(left), "stories": stories, "articles": articles}
    said = f"{len(left)} more rows, together {stories} stories in {articles} articles"
    assert f"{said}; --limit 2 shows more" in gomtin(*cut, data=crawled.data).lines
    printed = gomtin(*cut, "--format", "csv", data=crawled.data)
    assert len(printed.lines) == 2
    assert said in printed.err


def test_the_trust_in_labels_is_told_with_the_figure(gomtin: Gomtin, crawled: Crawled) -> None:
    lines = gomtin("count", "--topic", "dan_van", data=crawled.data).lines
    assert lines[1].startswith("by their labels' probabilities about ")
    assert gomtin("count", "zzz", data=crawled.data).lines == ["0 stories in 0 articles"]


def test_a_mistyped_axis_names_those_there_are(gomtin: Gomtin) -> None:
    answer = gomtin("count", "--by", "month,colour")
    assert answer.code == 2
    assert "nothing is counted by colour; there are year, month, day, portal" in answer.err
