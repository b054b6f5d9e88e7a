"""Turn articles into copies of every kind, and into texts that only look like copies."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bench.dedupe_articles import COMMUNES
from bench.dedupe_bulletins import BULLETINS
from bench.dedupe_newsroom import Article

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from bench.dedupe_newsroom import Event, Newsroom

_A_TONES = {"ò": "à", "ó": "á", "ỏ": "ả", "õ": "ã", "ọ": "ạ"}
_OLD_OA = re.compile(r"([òóỏõọ])a\b")
_LONG = 30
"""Words of a line from which one is doubled by a slip."""
_CAPTIONS = ("Quang cảnh buổi lễ", "Đại biểu chụp ảnh lưu niệm", "Bà con phấn khởi nhận quà")


NEWSROOMS: dict[str, Newsroom] = {"tuned": COMMUNES, "heldout": BULLETINS}
"""On the texts of the first the rules were tuned, on those of the second never."""


@dataclass(frozen=True, slots=True)
class Query:
    """An arriving text: ``gold`` is "dup", "excerpt", "new" or "related"; ``of`` the stored one."""

    id: str
    kind: str
    gold: str
    of: str | None
    article: Article


@dataclass(frozen=True, slots=True)
class Sample:
    """Stored articles by id, and the texts that arrive."""

    index: dict[str, Article]
    queries: tuple[Query, ...]


class Editor:
    """Changes articles as the editors, systems and slips of other newsrooms do."""

    def __init__(self, rng: Random, room: Newsroom) -> None:
        self.rng = rng
        self.room = room
        names = (*room.places, *room.surnames)
        others = (*room.places[1:], room.places[0], *room.surnames[1:], room.surnames[0])
        self._others = dict(zip(names, others, strict=True))
        self._name = re.compile(rf"\b(?:{'|'.join(names)})\b")

    def exact(self, at: Article) -> Article:
        """Change nothing."""
        return at

    def boiler(self, at: Article) -> Article:
        """Put counters and a page's time around it."""
        rng = self.rng
        counts = [rng.randint(1, 90_000) for _ in range(4)]
        day, month, minute = rng.randint(1, 28), rng.randint(1, 9), rng.randint(10, 59)
        tail = (
            f"Tổng số điểm của bài viết là: {counts[0]} trong {counts[1]} đánh giá",
            "Click để đánh giá bài viết",
            f"• Hôm nay{counts[2]}",
            f"• Tổng lượt truy cập{counts[3]}",
        )
        head = f"Thứ ba - {day}/0{month}/2021 09:{minute} 20 0"
        return replace(at, body=(head, *at.body, *tail))

    def nfd(self, at: Article) -> Article:
        """Decompose the letters."""
        return _each(at, lambda line: unicodedata.normalize("NFD", line))

    def tone(self, at: Article) -> Article:
        """Place the tone of "oa" as the other school does."""
        return _each(at, lambda line: _OLD_OA.sub(lambda found: "o" + _A_TONES[found[1]], line))

    def punct(self, at: Article) -> Article:
        """Scatter spaces, and change marks."""

        def noisy(line: str) -> str:
            words = line.replace(",", " ,").replace(".", "…").split(" ")
            return " ".join(word + self.rng.choice(("", "", "", " ", "\u200b")) for word in words)

        return _each(at, noisy)

    def headline(self, at: Article) -> Article:
        """Give it another title."""
        return replace(at, title=self.room.title(self.rng, self.room.event(self.rng)))

    def byline(self, at: Article) -> Article:
        """Put a newsroom's mark in front and a name behind."""
        lead = self.rng.choice(("(TTXVN) - ", "BĐT - ", "")) + at.body[0]
        end = f"Tin, ảnh: {self.room.person(self.rng)}"
        return replace(at, body=(lead, *at.body[1:], end))

    def para_drop(self, at: Article) -> Article:
        """Leave out a paragraph after the lead."""
        gone = self.rng.randrange(1, len(at.body))
        return replace(at, body=(*at.body[:gone], *at.body[gone + 1 :]))

    def para_add(self, at: Article) -> Article:
        """Add a paragraph about something else."""
        more = self.room.paragraph(self.rng, self.room.event(self.rng))
        return replace(at, body=(*at.body, more))

    def excerpt(self, at: Article) -> Article:
        """Keep the first half."""
        return replace(at, body=at.body[: max(2, len(at.body) // 2 + self.rng.randint(0, 1))])

    def caption(self, at: Article) -> Article:
        """Slip in a picture's caption."""
        where = self.rng.randrange(1, len(at.body))
        line = self.rng.choice(_CAPTIONS)
        return replace(at, body=(*at.body[:where], line, *at.body[where:]))

    def lightedit(self, at: Article) -> Article:
        """Replace some words, and double one in a long line."""

        def edited(line: str) -> str:
            for old, new in self.room.synonyms:
                line = line.replace(old, new, 1)
            words = line.split(" ")
            at = self.rng.randrange(len(words))
            return " ".join((*words[: at + 1], *words[at:])) if len(words) > _LONG else line

        return _each(at, edited)

    def mix(self, at: Article) -> Article:
        """Do many of these at once."""
        gone = self.rng.randrange(len(at.body) - 1)
        cut = replace(at, body=(*at.body[:gone], *at.body[gone + 1 :]))
        return self.boiler(self.byline(self.lightedit(self.punct(self.tone(cut)))))

    def numupd(self, at: Article) -> Article:
        """Fill in other figures: no copy."""

        def other(found: re.Match[str]) -> str:
            return str(int(found[0]) + self.rng.randint(1, 9))

        return _each(at, lambda line: re.sub(r"\d+", other, line))

    def renamed(self, at: Article) -> Article:
        """Fill in other communes and people: no copy."""
        return _each(at, lambda line: self._name.sub(lambda found: self._others[found[0]], line))

    def page(self, at: Article) -> Article:
        """Leave what a portal's page has around its article: way, time, counters, other news."""
        rng, room = self.rng, self.room
        told = [room.title(rng, room.event(rng)) for _ in range(3)]
        n = [rng.randint(100, 99_999) for _ in range(4)]
        day = f"{rng.randint(10, 28)}/0{rng.randint(1, 9)}/20{rng.randint(15, 25)}"
        head, tail = rng.choice(
            (
                (
                    ("Trang chủ » Tin tức - Sự kiện", f"Thứ hai, {day} 14:{rng.randint(10, 59)}"),
                    (f"Lượt xem: {n[0]}", "Tin liên quan", *(f"{one} ({day})" for one in told)),
                ),
                (
                    (f"Đã xem: {n[0]}", "Cỡ chữ: A- A A+", f"{day} 09:{rng.randint(10, 59)}"),
                    ("In bài viết", "Các tin khác:", *told, f"Tổng lượt truy cập: {n[1]}"),
                ),
                (
                    ("Tin hoạt động", f"Ngày đăng: {day}"),
                    ("Quay lại", *told[:2], f"Đang online: {n[2]}", f"Hôm nay: {n[3]}"),
                ),
            )
        )
        return replace(at, body=(*head, *at.body, *tail))


def _each(at: Article, change: Callable[[str], str]) -> Article:
    return Article(change(at.title), tuple(change(line) for line in at.body))


COPIES: dict[str, Callable[[Editor, Article], Article]] = {
    "exact": Editor.exact,
    "boiler": Editor.boiler,
    "nfd": Editor.nfd,
    "tone": Editor.tone,
    "punct": Editor.punct,
    "headline": Editor.headline,
    "byline": Editor.byline,
    "para_drop": Editor.para_drop,
    "para_add": Editor.para_add,
    "excerpt": Editor.excerpt,
    "caption": Editor.caption,
    "lightedit": Editor.lightedit,
    "mix": Editor.mix,
}


def sample(
    seed: int, stored: int, each: int, room: Newsroom = COMMUNES, *, chrome: bool = False
) -> Sample:
    """Generate ``stored`` articles, 12 notices of each form, and ``each`` queries of every kind.

    ``chrome``: all stored and arriving texts have a page around them.
    """
    rng = random.Random(seed)
    events = [room.event(rng) for _ in range(stored)]
    index = {f"a{at}": room.article(rng, one) for at, one in enumerate(events)}
    series = {
        f"n{form}.{at}": room.notice(rng, form, place)
        for form in range(len(room.forms))
        for at, place in enumerate(rng.sample(room.places, 12))
    }
    editor = Editor(rng, room)
    queries = [*_copies(editor, index, each), *_others(editor, index, events, each)]
    queries += [
        Query(f"template{at}", "template", "new", of, _next_notice(editor, of, series[of]))
        for at, of in enumerate(rng.choices(sorted(series), k=each))
    ]
    index |= series
    if chrome:
        index = {key: editor.page(one) for key, one in index.items()}
        queries = [replace(one, article=editor.page(one.article)) for one in queries]
    return Sample(index, tuple(queries))


def _copies(editor: Editor, index: dict[str, Article], each: int) -> list[Query]:
    return [
        Query(
            f"{kind}{at}",
            kind,
            "excerpt" if kind == "excerpt" else "dup",
            of,
            make(editor, index[of]),
        )
        for kind, make in COPIES.items()
        for at, of in enumerate(editor.rng.sample(sorted(index), each))
    ]


def _others(
    editor: Editor, index: dict[str, Article], events: list[Event], each: int
) -> list[Query]:
    rng, room = editor.rng, editor.room
    queries: list[Query] = []
    for at, number in enumerate(rng.sample(range(len(events)), each)):
        of, stored = f"a{number}", index[f"a{number}"]
        told = room.article(rng, events[number])
        plain = room.story(rng)
        shared = replace(plain, body=(*plain.body[:2], room.formula, *plain.body[2:]))
        index[of] = replace(stored, body=(*stored.body, room.formula))
        texts = {
            "numupd": ("new", editor.numupd(stored)),
            "renamed": ("new", editor.renamed(stored)),
            "related": ("related", replace(told, body=(stored.body[0], *told.body[1:]))),
            "sharedpara": ("new", shared),
            "sametitle": ("new", replace(plain, title=stored.title)),
            "plain": ("new", room.story(rng)),
        }
        queries += [
            Query(f"{kind}{at}", kind, gold, of, text) for kind, (gold, text) in texts.items()
        ]
    return queries


def _next_notice(editor: Editor, of: str, stored: Article) -> Article:
    form = int(of[1 : of.index(".")])
    place = next(place for place in editor.room.places if place in stored.title)
    return editor.room.notice(editor.rng, form, place)
