"""Read what a person asks for, words and phrases in quotation marks, and rank what has them."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, pairwise, product, takewhile
from math import prod
from typing import TYPE_CHECKING

from pipelines.errors import Reject
from pipelines.search.matching import BREAK, stands
from pipelines.search.spelt import Keys, spelt
from pipelines.search.tokens import Tokens
from pipelines.search.triples import hashed, triples
from pipelines.search.words import LEAD, word_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_WORDS = 40
MOST_WAYS = 32
"""Ways to write all of a query; what has other spellings beyond that is looked for as typed."""
SHORT = 2
"""Words of a phrase that many texts have."""
_APART = re.compile(r"\s|(?<!\d)[,;]|[,;](?!\d)")
_FIGURE = re.compile(r"\d")
_MINUS = re.compile(r"(?<!\S)[-\u2212]$")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))

Phrase = tuple[Keys, ...]
Spelling = tuple[Phrase, ...]
"""Phrases that all stand in a text where something is written in one way."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: groups of which each must occur in one of its spellings, the typed one the first.

    ``marked``: it was written with marks, and they count. ``quoted``: some of the phrases stood in
    quotation marks. None of ``without`` may occur. ``also``: what is taken for the same as words
    that were typed.
    """

    groups: tuple[tuple[Spelling, ...], ...]
    marked: bool
    quoted: bool = False
    without: tuple[Phrase, ...] = ()
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def phrases(self) -> Spelling:
        """Give the phrases that were typed, a word alone being a phrase of one."""
        return tuple(phrase for group in self.groups for phrase in group[0])

    @property
    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """Give the phrases of all spellings as they are compared."""
        return self._compared(p for group in self.groups for spelling in group for p in spelling)

    def tokens(self, place: str = "") -> Tokens:
        """Give the tokens that an article has which answers, or whose title or summary does.

        Those of a longer phrase's marks would cost more than to look into the few texts that have
        all its pairs. The words of titles and summaries have no pairs, those of summaries no marks:
        the article's count. What another token implies is left out: each has a list to be read.
        """
        return Tokens.of([self._tokens(one, place) for one in group] for group in self.groups)

    def _tokens(self, spelling: Spelling, place: str) -> list[str]:
        words = [key[self.marked] for phrase in spelling for key in phrase]
        found: list[str] = []
        for phrase in spelling:
            found += _pairs(phrase)
            if len(phrase) == 1 or (self.marked and len(phrase) == SHORT):
                found += [key[self.marked] for key in phrase]
        if not place:
            return found
        if place == LEAD:
            bare = [LEAD + key[0] for phrase in spelling for key in phrase]
            return bare + (found if self.marked else [one for one in found if one not in words])
        return [place + one for one in words] + [one for one in found if one not in words]

    @property
    def beside(self) -> Tokens:
        """Give the tokens of an article where words without quotation marks stand side by side.

        Nothing where there is one alone, or some stand in quotation marks.
        """
        if len(self.phrases) == 1 or self.quoted:
            return Tokens()
        runs = [[tuple(chain(*spelling)) for spelling in group] for group in self.groups]
        inside = ([self._inside(run, group) for run in group] for group in runs)
        between = (
            [_pairs((a[-1], b[0])) for a, b in product(one, other)] for one, other in pairwise(runs)
        )
        return Tokens.of(chain(inside, between))

    def _inside(self, run: Phrase, group: Sequence[Phrase]) -> list[str]:
        """Give the tokens of a run; a bare word is implied by its pair with its neighbour."""
        implied = not self.marked and (len(group) == 1 or len(run) > 1)
        return _pairs(run) + ([] if implied else [key[self.marked] for key in run])

    @property
    def unwanted(self) -> tuple[str, ...]:
        """Give the tokens that no article has which answers: those of short ``without``."""
        exact = [phrase for phrase in self.without if self._is_exact(phrase)]
        return tuple(
            f"{phrase[0][0]}_{phrase[1][0]}" if len(phrase) == SHORT else phrase[0][self.marked]
            for phrase in exact
        )

    @property
    def triples(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """Give for each group the hashes of each three words of a phrase, by spelling."""
        groups = (tuple(map(_hashes, group)) for group in self.groups)
        return tuple(group for group in groups if all(group))

    @property
    def exact(self) -> bool:
        """Tell whether every article that has the tokens, and no unwanted one, answers."""
        return all(map(self._is_exact, (*chain(*chain(*self.groups)), *self.without)))

    @property
    def sure(self) -> Asked | None:
        """Give the spellings of which the tokens tell all; None where that leaves something out."""
        groups = tuple(
            tuple(one for one in group if all(map(self._is_exact, one))) for group in self.groups
        )
        fits = all(groups) and all(map(self._is_exact, self.without))
        return replace(self, groups=groups) if fits else None

    def _is_exact(self, phrase: Phrase) -> bool:
        return len(phrase) <= (1 if self.marked else SHORT)

    def _compared(self, phrases: Iterable[Phrase]) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(key[self.marked] for key in phrase) for phrase in phrases)

    def answers(self, kept: str) -> bool:
        """Tell whether every phrase stands in a paragraph of title, text or attached files.

        And none of ``without``.

        ``kept`` is the draft in JSON, as the archive keeps it: most texts that have a phrase's
        pairs but not itself are passed over unread, for to read one takes twice as long.
        """
        # in what JSON writes with letters ("\n") a word would begin with them: it has to be read
        if "\\" not in kept.replace('\\"', "") and not self._stand(kept):
            return False
        draft = json.loads(kept)
        attached = (one.get("content", "").splitlines() for one in draft["attachments"])
        text = BREAK.join((draft["title"], *draft["body"], *chain(*attached)))
        return self._stand(text) and not any(
            stands(text, phrase, marked=self.marked) for phrase in self._compared(self.without)
        )

    def _stand(self, text: str) -> bool:
        return all(
            any(
                all(stands(text, one, marked=self.marked) for one in self._compared(spelling))
                for spelling in group
            )
            for group in self.groups
        )


def _pairs(phrase: Phrase) -> list[str]:
    return [f"{a[0]}_{b[0]}" for a, b in pairwise(phrase)]


def _hashes(spelling: Spelling) -> tuple[int, ...]:
    found = (one for phrase in spelling for one in triples([key[0] for key in phrase]))
    return tuple(map(hashed, found))


@lru_cache(maxsize=64)
def parse(query: str) -> Asked:
    """Read a query; raise Reject("query.quote"), ("query.empty") or ("query.long").

    Words stand anywhere in the article, "words in quotation marks" side by side, and so do the
    parts of what is typed without a space and has a figure: "13/12" is no 12 and a 13 elsewhere.
    -"words in quotation marks" behind a minus must not stand there; without quotation marks it is a
    dash. A query with any mark on a letter finds only what is written with just these marks, one
    without finds all. Outside quotation marks "UBND" finds "Ủy ban nhân dân", too, and "kỹ" "kĩ".
    """
    text = unicodedata.normalize("NFC", query).translate(_QUOTES)
    parts = text.split('"')
    if len(parts) % 2 == 0:
        raise Reject("query.quote", f"the quotation marks in {query!r} do not come in pairs")
    typed: list[tuple[Phrase, bool]] = []
    without: list[Phrase] = []
    for n, part in enumerate(parts):
        if n % 2 == 0:
            typed += ((phrase, True) for phrase in _loose(part))
        elif keys := tuple(word_keys(part)):
            unwanted = _MINUS.search(parts[0] if n == 1 else f'"{parts[n - 1]}')
            without.append(keys) if unwanted else typed.append((keys, False))
    phrases = [phrase for phrase, _ in typed]
    count = sum(map(len, (*phrases, *without)))
    if not count:
        raise Reject("query.empty", f"there is no word in {query!r} to look for")
    if count > MOST_WORDS:
        raise Reject("query.long", f"a query has at most {MOST_WORDS} words, this one has {count}")
    # a dash or a bullet that came along from a web page is no mark on a letter
    keys_of_all = (key for phrase in (*phrases, *without) for key in phrase)
    marked = any(exact != f"={bare}" for bare, exact in keys_of_all)
    quoted = len(parts) // 2 > len(without)
    groups, also = _groups(typed, marked=marked)
    return Asked(groups, marked, quoted, tuple(without), also)


def _groups(
    typed: Sequence[tuple[Phrase, bool]], *, marked: bool
) -> tuple[tuple[tuple[Spelling, ...], ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """Add the other spellings of what is ``loose``, and tell which they are."""
    groups: list[tuple[Spelling, ...]] = []
    also: dict[str, tuple[str, ...]] = {}
    at = 0
    while at < len(typed):
        run = takewhile(lambda one: one[1] and len(one[0]) == 1, typed[at : at + MOST_WORDS])
        known = spelt([phrase[0] for phrase, _ in run], marked=marked)
        count = known.words if known else 1
        spellings: list[Spelling] = [tuple(phrase for phrase, _ in typed[at : at + count])]
        if known:
            every = (*spellings, *((tuple(word_keys(other)),) for other in known.others))
            if prod(map(len, {*groups, every})) <= MOST_WAYS:  # to ask twice is no other way
                also[known.written] = known.others
                spellings = [*every]
        groups.append(tuple(spellings))
        at += count
    return tuple(groups), tuple(also.items())


def _loose(part: str) -> Iterator[tuple[Keys, ...]]:
    """Yield the phrases of a part without quotation marks, most of them a word alone."""
    for chunk in _APART.split(part):
        keys = tuple(word_keys(chunk))
        if keys and _FIGURE.search(chunk):
            yield keys
        else:
            yield from ((key,) for key in keys)
