"""Turn articles into copies of every kind, and into texts that only look like copies."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bench.dedupe_articles import (
    FORMS,
    PLACES,
    SURNAMES,
    Article,
    Event,
    article,
    event,
    notice,
    paragraph,
    person,
    title,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_A_TONES = {"ò": "à", "ó": "á", "ỏ": "ả", "õ": "ã", "ọ": "ạ"}
_OLD_OA = re.compile(r"([òóỏõọ])a\b")
_SYNONYMS = (
    (" cho rằng ", " nhấn mạnh "),
    (" cùng ", " phối hợp "),
    (" tổ chức ", " tiến hành "),
    (" kể lại chuyện ", " bộc bạch về "),
    ("Bên cạnh đó", "Ngoài ra"),
    ("Đáng chú ý", "Nổi bật"),
)
_FORMULA = (
    "Thực hiện chủ trương chung, các cơ quan, đơn vị tiếp tục quán triệt sâu rộng đến cán bộ, đảng "
    "viên, đoàn viên, hội viên và nhân dân; nâng cao trách nhiệm người đứng đầu; kịp thời khen "
    "thưởng tập thể, cá nhân làm tốt và chấn chỉnh nơi làm chưa nghiêm túc."
)
_CAPTIONS = ("Quang cảnh buổi lễ", "Đại biểu chụp ảnh lưu niệm", "Bà con phấn khởi nhận quà")


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


def _exact(_: Random, at: Article) -> Article:
    return at


def _boiler(rng: Random, at: Article) -> Article:
    counts = [rng.randint(1, 90_000) for _ in range(4)]
    head = (
        f"Thứ ba - {rng.randint(1, 28)}/0{rng.randint(1, 9)}/2021 09:{rng.randint(10, 59)} 20 0",
    )
    tail = (
        f"Tổng số điểm của bài viết là: {counts[0]} trong {counts[1]} đánh giá",
        "Click để đánh giá bài viết",
        f"• Hôm nay{counts[2]}",
        f"• Tổng lượt truy cập{counts[3]}",
    )
    return replace(at, body=(*head, *at.body, *tail))


def _nfd(_: Random, at: Article) -> Article:
    return _each(at, lambda line: unicodedata.normalize("NFD", line))


def _tone(_: Random, at: Article) -> Article:
    return _each(at, lambda line: _OLD_OA.sub(lambda found: "o" + _A_TONES[found[1]], line))


def _punct(rng: Random, at: Article) -> Article:
    def noisy(line: str) -> str:
        words = line.replace(",", " ,").replace(".", "…").split(" ")
        return " ".join(word + rng.choice(("", "", "", " ", "\u200b")) for word in words)

    return _each(at, noisy)


def _headline(rng: Random, at: Article) -> Article:
    return replace(at, title=title(rng, event(rng)))


def _byline(rng: Random, at: Article) -> Article:
    lead = rng.choice(("(TTXVN) - ", "BĐT - ", "")) + at.body[0]
    return replace(at, body=(lead, *at.body[1:], f"Tin, ảnh: {person(rng)}"))


def _para_drop(rng: Random, at: Article) -> Article:
    gone = rng.randrange(1, len(at.body))
    return replace(at, body=(*at.body[:gone], *at.body[gone + 1 :]))


def _para_add(rng: Random, at: Article) -> Article:
    return replace(at, body=(*at.body, paragraph(rng, event(rng))))


def _excerpt(rng: Random, at: Article) -> Article:
    return replace(at, body=at.body[: max(2, len(at.body) // 2 + rng.randint(0, 1))])


def _caption(rng: Random, at: Article) -> Article:
    where = rng.randrange(1, len(at.body))
    return replace(at, body=(*at.body[:where], rng.choice(_CAPTIONS), *at.body[where:]))


def _lightedit(rng: Random, at: Article) -> Article:
    def edited(line: str) -> str:
        for old, new in _SYNONYMS:
            line = line.replace(old, new, 1)
        words = line.split(" ")
        where = rng.randrange(len(words))
        return " ".join((*words[:where], words[where], *words[where:])) if len(words) > 30 else line

    return _each(at, edited)


def _mix(rng: Random, at: Article) -> Article:
    gone = rng.randrange(len(at.body) - 1)
    cut = replace(at, body=(*at.body[:gone], *at.body[gone + 1 :]))
    return _boiler(rng, _byline(rng, _lightedit(rng, _punct(rng, _tone(rng, cut)))))


def _numupd(rng: Random, at: Article) -> Article:
    def other(found: re.Match[str]) -> str:
        return str(int(found[0]) + rng.randint(1, 9))

    return _each(at, lambda line: re.sub(r"\d+", other, line))


_NAMES = (*PLACES, *SURNAMES)
_NAME = re.compile(rf"\b(?:{'|'.join(_NAMES)})\b")
_OTHER_NAMES = dict(zip(_NAMES, (*PLACES[1:], PLACES[0], *SURNAMES[1:], SURNAMES[0]), strict=True))


def _renamed(_: Random, at: Article) -> Article:
    """Fill in the same form for other communes and people."""
    return _each(at, lambda line: _NAME.sub(lambda found: _OTHER_NAMES[found[0]], line))


def _each(at: Article, change: Callable[[str], str]) -> Article:
    return Article(change(at.title), tuple(change(line) for line in at.body))


COPIES: dict[str, Callable[[Random, Article], Article]] = {
    "exact": _exact,
    "boiler": _boiler,
    "nfd": _nfd,
    "tone": _tone,
    "punct": _punct,
    "headline": _headline,
    "byline": _byline,
    "para_drop": _para_drop,
    "para_add": _para_add,
    "excerpt": _excerpt,
    "caption": _caption,
    "lightedit": _lightedit,
    "mix": _mix,
}


def sample(seed: int, stored: int, each: int) -> Sample:
    """Generate ``stored`` articles, 12 notices of each form, and ``each`` queries of every kind."""
    rng = random.Random(seed)
    events = [event(rng) for _ in range(stored)]
    index = {f"a{at}": article(rng, one) for at, one in enumerate(events)}
    series = {
        f"n{form}.{at}": notice(rng, form, place)
        for form in range(len(FORMS))
        for at, place in enumerate(rng.sample(PLACES, 12))
    }
    queries = [*_copies(rng, index, each), *_others(rng, index, events, each)]
    queries += [
        Query(f"template{at}", "template", "new", of, _next_notice(rng, of, series[of]))
        for at, of in enumerate(rng.choices(sorted(series), k=each))
    ]
    return Sample({**index, **series}, tuple(queries))


def _copies(rng: Random, index: dict[str, Article], each: int) -> list[Query]:
    return [
        Query(
            f"{kind}{at}", kind, "excerpt" if kind == "excerpt" else "dup", of, make(rng, index[of])
        )
        for kind, make in COPIES.items()
        for at, of in enumerate(rng.sample(sorted(index), each))
    ]


def _others(rng: Random, index: dict[str, Article], events: list[Event], each: int) -> list[Query]:
    queries: list[Query] = []
    for at, number in enumerate(rng.sample(range(len(events)), each)):
        of, stored = f"a{number}", index[f"a{number}"]
        told = article(rng, events[number])
        plain = article(rng, event(rng))
        shared = replace(plain, body=(*plain.body[:2], _FORMULA, *plain.body[2:]))
        index[of] = replace(stored, body=(*stored.body, _FORMULA))
        texts = {
            "numupd": ("new", _numupd(rng, stored)),
            "renamed": ("new", _renamed(rng, stored)),
            "related": ("related", replace(told, body=(stored.body[0], *told.body[1:]))),
            "sharedpara": ("new", shared),
            "sametitle": ("new", replace(plain, title=stored.title)),
            "plain": ("new", article(rng, event(rng))),
        }
        queries += [
            Query(f"{kind}{at}", kind, gold, of, text) for kind, (gold, text) in texts.items()
        ]
    return queries


def _next_notice(rng: Random, of: str, stored: Article) -> Article:
    form = int(of[1 : of.index(".")])
    place = next(place for place in PLACES if place in stored.title)
    return notice(rng, form, place)
