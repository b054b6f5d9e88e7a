"""What all newsrooms of the benchmarks have in common: how articles and notices come about.

Phrases of four to eight syllables are drawn from pools large enough that two articles share words
and turns of speech, as two newsrooms do, and no paragraph. All is seeded.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from random import Random

Pool = tuple[str, ...]
Forms = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A generated text: its title and paragraphs."""

    title: str
    body: tuple[str, ...]

    @property
    def text(self) -> str:
        """Join all as the benchmark's files hold it."""
        return "\n".join((self.title, *self.body))


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: two newsrooms tell one event in their own words."""

    body: str
    place: str
    matter: str
    leader: str
    day: str


def pool(text: str) -> Pool:
    """Read phrases, separated by bars and line ends."""
    return tuple(part.strip() for part in text.replace("\n", "|").split("|") if part.strip())


def read_forms(*texts: str) -> Forms:
    """Read forms of serial notices: heading and paragraphs, separated by two slashes."""
    return tuple(
        tuple(" ".join(line.split()) for line in text.strip().split("//")) for text in texts
    )


class Newsroom(ABC):
    """Writes texts; a newsroom is its pools and the way in which it makes sentences of them.

    ``forms`` are those of serial notices with places for what changes, ``synonyms`` pairs that an
    editor exchanges, ``formula`` a paragraph that many articles share; ``day`` separates day and
    month; ``paragraphs`` and ``sentences`` are the fewest and the most of an article, its lead and
    its close aside, and of a paragraph.
    """

    places: ClassVar[Pool]
    surnames: ClassVar[Pool]
    middles: ClassVar[Pool]
    givens: ClassVar[Pool]
    bodies: ClassVar[Pool]
    matters: ClassVar[Pool]
    closes: ClassVar[Pool]
    forms: ClassVar[Forms]
    synonyms: ClassVar[tuple[tuple[str, str], ...]]
    formula: ClassVar[str]
    day: ClassVar[str]
    paragraphs: ClassVar[tuple[int, int]]
    sentences: ClassVar[tuple[int, int]]

    @abstractmethod
    def title(self, rng: Random, at: Event) -> str:
        """Head an article on the event."""

    @abstractmethod
    def lead(self, rng: Random, at: Event) -> str:
        """Write the first paragraph of an article on the event."""

    @abstractmethod
    def sentence(self, rng: Random, at: Event) -> str:
        """Write a sentence about the event, or about something else of the day."""

    def person(self, rng: Random) -> str:
        """Make up a name."""
        return " ".join(map(rng.choice, (self.surnames, self.middles, self.givens)))

    def event(self, rng: Random) -> Event:
        """Invent an event."""
        day = f"{rng.randint(1, 28)}{self.day}{rng.randint(1, 12)}"
        body, place, matter = map(rng.choice, (self.bodies, self.places, self.matters))
        return Event(body, place, matter, self.person(rng), day)

    def article(self, rng: Random, at: Event) -> Article:
        """Report the event."""
        lead, count = self.lead(rng, at), rng.randint(*self.paragraphs)
        body = [lead, *(self.paragraph(rng, at) for _ in range(count))]
        return Article(self.title(rng, at), (*body, f"{rng.choice(self.closes)}."))

    def story(self, rng: Random) -> Article:
        """Report an event of its own."""
        return self.article(rng, self.event(rng))

    def paragraph(self, rng: Random, at: Event) -> str:
        """Write a paragraph about the event."""
        return " ".join(self.sentence(rng, at) for _ in range(rng.randint(*self.sentences)))

    def notice(self, rng: Random, form: int, place: str) -> Article:
        """Fill in one form of a series: all but place, dates and figures is the same each time."""
        facts = {
            "d": rng.randint(1, 28),
            "d2": rng.randint(1, 28),
            "mo": rng.randint(1, 12),
            "y": rng.randint(2015, 2025),
            "h": rng.randint(5, 10),
            "h2": rng.randint(11, 17),
            "k": rng.randint(2, 39),
            "m": rng.randint(41, 99),
            "n": rng.randint(101, 499),
            "n2": rng.randint(500, 990),
        }
        head, *body = (line.format(place=place, **facts) for line in self.forms[form])
        return Article(head, tuple(body))


def with_figures(rng: Random, phrases: Pool) -> str:
    """Draw a phrase and fill in the figures for which it has places."""
    return rng.choice(phrases).format(
        n=rng.randint(101, 990), m=rng.randint(11, 99), k=rng.randint(2, 39), p=rng.randint(51, 99)
    )
