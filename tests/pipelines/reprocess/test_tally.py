"""The notes of a re-extraction: what follows the last whole part is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.records import Outcome
from pipelines.reprocess.reextract import Change, Difference
from pipelines.reprocess.tally import WORST, TallyFile

if TYPE_CHECKING:
    from pathlib import Path

GONE = Difference(7, "https://a/7", "Bảy", Outcome.LISTING, "judge.listing")


def changed(article: int, *, before: str | None, after: str | None) -> Difference:
    change = Change("author", before, after)
    return Difference(article, "https://a", "Tin", Outcome.FETCHED, "", (change,))


def test_a_killed_one_goes_on_where_its_last_part_ended(tmp_path: Path) -> None:
    path = tmp_path / "notes" / "one.jsonl"
    with TallyFile(path) as file:
        file.note("article", 5, changed(5, before=None, after="Thùy Trang"))
        file.note("article", 6, None)
        file.note("article", 7, GONE)
        file.checkpoint("article")
        file.note("article", 8, changed(8, before="Báo", after=None))
    with path.open("a") as lines:
        lines.write('{"article": 9, "wei')
    with TallyFile(path) as file:
        assert (file.read, file.last) == ({"article": 3, "page": 0}, {"article": 7, "page": 0})
        file.note("article", 8, changed(8, before="Báo", after=None))
        file.checkpoint("article")
        file.note("page", 3, changed(3, before=None, after="Tin"))
        file.checkpoint("page")
    with TallyFile(path) as file:
        tally = file.tally
        assert list(tally.articles) == [5, 8]
        assert list(tally.pages) == [3]
        assert tally.fates == {("author", "filled"): 1, ("author", "emptied"): 1}
        assert tally.ends == {Outcome.LISTING: 1}
        assert tally.worst_first == [7, 5, 8]
        assert file.last == {"article": 8, "page": 3}
        file.discard()
    assert not path.exists()


def test_the_worst_are_those_that_lose_most(tmp_path: Path) -> None:
    with TallyFile(tmp_path / "notes.jsonl") as file:
        for number in range(1, 31):
            change = Change("body", ["chữ " * number], [])
            one = Difference(number, "https://a", "Tin", Outcome.FETCHED, "", (change,))
            file.note("article", number, one)
        assert file.tally.worst_first == list(range(30, 30 - WORST, -1))
