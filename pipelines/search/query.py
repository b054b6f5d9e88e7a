"""Read what a person asks for, words and phrases in quotation marks, and rank what has them."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from pipelines.errors import Reject
from pipelines.search.matching import BREAK, stands
from pipelines.search.triples import hashed, triples
from pipelines.search.words import word_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_WORDS = 40
SHORT = 2
"""Words of a phrase that many texts have."""
_APART = re.compile(r"\s|(?<!\d)[,;]|[,;](?!\d)")
_FIGURE = re.compile(r"\d")
_MINUS = re.compile(r"(?<!\S)[-\u2212]$")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))

Keys = tuple[str, str]
"""A word without marks, and "=" with its marks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: the phrases that must all occur, a word alone being a phrase of one.

    ``marked``: it was written with marks, and they count. ``quoted``: some of the phrases stood in
    quotation marks. None of ``without`` may occur.
    """

    phrases: tuple[tuple[Keys, ...], ...]
    marked: bool
    quoted: bool = False
    without: tuple[tuple[Keys, ...], ...] = ()

    @property
    def run(self) -> tuple[Keys, ...]:
        """Give words without quotation marks as one phrase; () where some have them."""
        if len(self.phrases) == 1 or self.quoted:
            return ()
        return tuple(key for phrase in self.phrases for key in phrase)

    @property
    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """Give the phrases as they are compared."""
        return self._compared(self.phrases)

    @property
    def words(self) -> tuple[str, ...]:
        """Give the words of all phrases."""
        return tuple(key for phrase in self.wanted for key in phrase)

    @property
    def beside(self) -> tuple[str, ...]:
        """Give the tokens of an article that has ``run``, beyond ``tokens``."""
        return tuple(f"{a[0]}_{b[0]}" for a, b in pairwise(self.run))

    def tokens(self) -> tuple[str, ...]:
        """Give the tokens that an article has which answers.

        Those of a longer phrase's marks would cost more than to look into the few texts that have
        all its pairs.
        """
        found: dict[str, None] = {}
        for phrase in self.phrases:
            found.update((f"{a[0]}_{b[0]}", None) for a, b in pairwise(phrase))
            if len(phrase) == 1 or (self.marked and len(phrase) == SHORT):
                found.update((key[self.marked], None) for key in phrase)
        return tuple(found)

    @property
    def unwanted(self) -> tuple[str, ...]:
        """Give the tokens that no article has which answers: those of short ``without``."""
        exact = [phrase for phrase in self.without if self._is_exact(phrase)]
        return tuple(
            f"{phrase[0][0]}_{phrase[1][0]}" if len(phrase) == SHORT else phrase[0][self.marked]
            for phrase in exact
        )

    @property
    def triples(self) -> tuple[int, ...]:
        """Give the hashes of each three words of a phrase."""
        found = (one for phrase in self.phrases for one in triples([key[0] for key in phrase]))
        return tuple(map(hashed, found))

    @property
    def exact(self) -> bool:
        """Tell whether every article that has the tokens, and no unwanted one, answers."""
        return all(map(self._is_exact, (*self.phrases, *self.without)))

    def _is_exact(self, phrase: tuple[Keys, ...]) -> bool:
        return len(phrase) <= (1 if self.marked else SHORT)

    def _compared(self, phrases: tuple[tuple[Keys, ...], ...]) -> tuple[tuple[str, ...], ...]:
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
        without = self._compared(self.without)
        return self._stand(text) and not any(
            stands(text, phrase, marked=self.marked) for phrase in without
        )

    def _stand(self, text: str) -> bool:
        return all(stands(text, phrase, marked=self.marked) for phrase in self.wanted)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The tokens of all answers, and those of better ones, among which are all of theirs.

    ``places``: where words may stand, the best first. ``beside``: words stand side by side.
    ``without``: tokens of which no answer has any.
    """

    tokens: tuple[str, ...]
    places: tuple[tuple[str, ...], ...] = ()
    beside: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def steps(self) -> Sequence[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Give place and ``beside`` of the answers, the best first; () where none is asked for.

        All words in the title outdo words side by side elsewhere. Beyond it three syllables that
        stand apart are mostly three other words ("nông thôn ... mới"), wherever they stand.
        """
        places = (*self.places, ())
        apart = [(place, ()) for place in places]
        together = [(place, self.beside) for place in places] if self.beside else []
        return [*together[:1], *apart[:1], *together[1:], *apart[1:]]


@lru_cache(maxsize=64)
def parse(query: str) -> Asked:
    """Read a query; raise Reject("query.quote"), ("query.empty") or ("query.long").

    Words stand anywhere in the article, "words in quotation marks" side by side, and so do the
    parts of what is typed without a space and has a figure: "13/12" is no 12 and a 13 elsewhere.
    -"words in quotation marks" behind a minus must not stand there; without quotation marks it is a
    dash. A query with any mark on a letter finds only what is written with just these marks, one
    without finds all.
    """
    text = unicodedata.normalize("NFC", query).translate(_QUOTES)
    parts = text.split('"')
    if len(parts) % 2 == 0:
        raise Reject("query.quote", f"the quotation marks in {query!r} do not come in pairs")
    phrases: list[tuple[Keys, ...]] = []
    without: list[tuple[Keys, ...]] = []
    for n, part in enumerate(parts):
        if n % 2 == 0:
            phrases += _loose(part)
        elif keys := tuple(word_keys(part)):
            unwanted = _MINUS.search(parts[0] if n == 1 else f'"{parts[n - 1]}')
            (without if unwanted else phrases).append(keys)
    count = sum(map(len, (*phrases, *without)))
    if not count:
        raise Reject("query.empty", f"there is no word in {query!r} to look for")
    if count > MOST_WORDS:
        raise Reject("query.long", f"a query has at most {MOST_WORDS} words, this one has {count}")
    # a dash or a bullet that came along from a web page is no mark on a letter
    keys_of_all = (key for phrase in (*phrases, *without) for key in phrase)
    marked = any(exact != f"={bare}" for bare, exact in keys_of_all)
    quoted = len(parts) // 2 > len(without)
    return Asked(tuple(phrases), marked, quoted, tuple(without))


def _loose(part: str) -> Iterator[tuple[Keys, ...]]:
    """Yield the phrases of a part without quotation marks, most of them a word alone."""
    for chunk in _APART.split(part):
        keys = tuple(word_keys(chunk))
        if keys and _FIGURE.search(chunk):
            yield keys
        else:
            yield from ((key,) for key in keys)
