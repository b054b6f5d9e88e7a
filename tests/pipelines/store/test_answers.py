"""Searching and counting beside a brute force that shares no code with them."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.records import Precision
from pipelines.store.articles import article_to_json, read_articles
from pipelines.store.counting import tally
from pipelines.store.finding import ArticleQuery, answers_before, search
from pipelines.store.paging import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from pipelines.records import Draft
    from pipelines.store.engine import Store

    MakeDraft = Callable[..., Draft]
    Desk = Any  # the fixture's class stands in tests/conftest.py

HANOI = timezone(timedelta(hours=7))
TONES = "\u0300\u0301\u0303\u0309\u0323"
VOCABULARY = (
    "dân vận khéo Dan van đàn vạn nông thôn mới hoà hòa bình Đảng uỷ ủy đang 13/12 13-12 13 12 "
    "1.250 28-NQ/TW 28 TW thủy thuỷ lợi COVID-19 snake_case xã HOÀ BÌNH e-mail"
)
LONG, SHORT, WITH_Y, WITH_I = "Ủy ban nhân dân", "UBND", "kỹ", "kĩ"
WORDS = [*VOCABULARY.split(), LONG, SHORT, WITH_Y, WITH_I]
DAYS = (  # each side of a day, a week, a month and a year, in Vietnam and in UTC
    "2025-09-01T00:30", "2025-08-31T23:59", "2024-12-31T23:30",
    "2025-01-01T00:00", "2025-01-01T06:59", "2025-02-28T12:00", "2025-03-01T00:00",
)  # fmt: skip
ARTICLES, QUESTIONS = 48, 60


@dataclass(frozen=True)
class Told:
    """An article as its export tells it."""

    id: int
    story: int
    portal: str
    dated: datetime
    paragraphs: tuple[tuple[str, ...], ...]


def bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("Đ", "d"))
    return "".join(one for one in apart if not unicodedata.combining(one))


def marked(word: str) -> str:
    """Write a word with its tone behind it, wherever it was."""
    apart = unicodedata.normalize("NFD", word.lower())
    rest = "".join(one for one in apart if one not in TONES)
    return unicodedata.normalize("NFC", rest) + "".join(one for one in apart if one in TONES)


def split(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text))


def spellings(chunks: list[str], fold: Callable[[str], str]) -> tuple[int, list[list[str]]]:
    """Give how many chunks are one thing, and what must stand there for each way to write it."""
    words = [fold(one) for one in chunks]
    long = [fold(one) for one in LONG.split()]
    if words[: len(long)] == long:
        return len(long), [chunks[: len(long)], [SHORT]]
    same = {fold(SHORT): LONG, fold(WITH_Y): WITH_I, fold(WITH_I): WITH_Y}
    return 1, [chunks[:1], *([same[words[0]]] for _ in range(words[0] in same))]


def groups(query: str, fold: Callable[[str], str]) -> list[list[list[str]]]:
    found: list[list[list[str]]] = []
    for n, part in enumerate(query.split('"')):
        chunks = part.split()
        while chunks and n % 2 == 0:
            count, several = spellings(chunks, fold)
            # what has no figure is words that may stand apart
            found.append([[w for one in few for w in apart(one)] for few in several])
            chunks = chunks[count:]
        if n % 2 and split(part):
            found.append([[part]])
    return found


def apart(chunk: str) -> list[str]:
    figure = any(one.isdigit() for one in chunk)
    return [chunk] if figure or chunk == LONG else list(split(chunk))


def answers(one: Told, query: str) -> bool:
    fold = bare if query.lower() == bare(query) else marked
    texts = [tuple(map(fold, words)) for words in one.paragraphs]
    asked, *without = query.split(' -"')

    def stands(phrase: str) -> bool:
        wanted = tuple(map(fold, split(phrase)))
        return any(
            words[at : at + len(wanted)] == wanted for words in texts for at in range(len(words))
        )

    return all(
        any(all(map(stands, few)) for few in several) for several in groups(asked, fold)
    ) and not any(map(stands, without))


def ask_at_random(chance: random.Random) -> str:
    words = chance.sample(WORDS, chance.choice((1, 1, 2, 2, 3)))
    query = " ".join(bare(one) if chance.random() < 0.2 else one for one in words)
    query = chance.choice((query, f'"{query}"', bare(query), query.upper()))
    if chance.random() < 0.4:
        without = " ".join(chance.sample(WORDS, chance.choice((1, 2, 2, 3))))
        query += f' -"{bare(without) if query == bare(query) else without}"'
    return query


def write_at_random(make_draft: MakeDraft, chance: random.Random) -> list[Draft]:
    """Make articles of a few words; every third one is another portal's copy of one before."""
    made: list[Draft] = []
    for n in range(ARTICLES):
        title, *body = (" ".join(chance.choices(WORDS, k=k)) for k in (3, 24, 9))
        at = datetime.fromisoformat(chance.choice(DAYS)).replace(tzinfo=HANOI)
        if n % 3 == 2:
            title, body = made[-1].title, list(made[-1].body)
        made.append(
            make_draft(
                portal=f"portal{n % 3}",
                document_key=str(n),
                title=title,
                body=tuple(body),
                published_at=at,
                published_precision=Precision.MINUTE,
            )
        )
    return made


def told(store: Store) -> list[Told]:
    with store.read() as conn:
        rows = [article_to_json(one) for one in search(conn, ArticleQuery(limit=None))]
    return [
        Told(
            row["id"],
            row["story_id"],
            row["portal"],
            datetime.fromisoformat(row["dated_at"]),
            tuple(map(split, (row["title"], *row["body"]))),
        )
        for row in rows
    ]


def count(found: Sequence[Told]) -> dict[tuple[str, ...], tuple[int, int]]:
    """Count stories and articles by month and portal; a story stands where it was first."""
    first: dict[int, Told] = {}
    for one in sorted(found, key=lambda one: (one.dated, one.id)):
        first.setdefault(one.story, one)
    stories, articles = (
        Counter((f"{one.dated:%Y-%m}", one.portal) for one in some)
        for some in (first.values(), found)
    )
    return {place: (stories[place], n) for place, n in articles.items()}


def check_places(conn: Connection, q: ArticleQuery, found: Sequence[int]) -> None:
    """Check that from a place all comes that stands behind it, and what stands before is told."""
    places = {one.id: Place(one.dated_at, one.id) for one in read_articles(conn, found)}
    assert found == sorted(found, key=lambda n: (places[n].at, n), reverse=True)
    for at in {0, len(found) // 3, len(found) - 1} if found else ():
        behind = replace(q, after=places[found[at]])
        assert [one.id for one in search(conn, behind)] == list(found[at + 1 :]), q
        assert answers_before(conn, behind, [*found, 10**9]) == set(found[: at + 1]), q


@pytest.mark.parametrize("seed", [1, 2])
def test_answers_counts_and_pages_are_those_of_a_brute_force(
    desk: Desk, store: Store, make_draft: MakeDraft, seed: int
) -> None:
    chance = random.Random(seed)
    desk.bring(*write_at_random(make_draft, chance))
    archive = told(store)
    assert len({one.story for one in archive}) < len(archive) == ARTICLES
    for _ in range(QUESTIONS):
        asked: dict[str, Any] = {"query": ask_at_random(chance)}
        if chance.random() < 0.3:
            asked["portal"] = f"portal{chance.randrange(3)}"
        if chance.random() < 0.5:
            asked["since"] = chance.choice(archive).dated
        expected = [
            one
            for one in archive
            if answers(one, asked["query"])
            and one.portal == asked.get("portal", one.portal)
            and one.dated >= asked.get("since", one.dated)
        ]
        with store.read() as conn:
            found = [one.id for one in search(conn, ArticleQuery(**asked, limit=None))]
            assert sorted(found) == sorted(one.id for one in expected), asked
            paged: list[int] = []
            while part := search(conn, ArticleQuery(**asked, limit=5, offset=len(paged))):
                paged += [one.id for one in part]
            assert paged == found, asked
            by_time = ArticleQuery(**asked, limit=None, newest=True)
            check_places(conn, by_time, [one.id for one in search(conn, by_time)])
            counted = tally(conn, ArticleQuery(**asked), ("month", "portal"))
        by_place = {one.values: (one.stories, one.articles) for one in counted.counts}
        assert by_place == count(expected), asked
        assert counted.stories == len({one.story for one in expected}), asked
    for since in (None, *(one.dated for one in archive[::9])):
        with store.read() as conn:
            counted = tally(conn, ArticleQuery(since=since), ("month", "portal"))
        expected = [one for one in archive if since is None or one.dated >= since]
        assert {one.values: (one.stories, one.articles) for one in counted.counts} == count(
            expected
        )
        assert counted.stories == counted.likely == len({one.story for one in expected})
