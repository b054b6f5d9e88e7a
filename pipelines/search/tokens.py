"""What an article must have to answer, in the tokens of the word index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an article must have: ``every`` token, and of each of ``either`` all tokens of one set.

    It is false where nothing is asked for.
    """

    every: tuple[str, ...] = ()
    either: tuple[tuple[tuple[str, ...], ...], ...] = ()

    @classmethod
    def of(cls, groups: Iterable[Sequence[Sequence[str]]]) -> Self:
        """Ask for one of the sets of each group."""
        every: dict[str, None] = {}
        either: dict[tuple[tuple[str, ...], ...], None] = {}
        for group in groups:
            sets = tuple(tuple(dict.fromkeys(one)) for one in dict.fromkeys(map(tuple, group)))
            if len(sets) == 1:
                every.update(dict.fromkeys(sets[0]))
            elif all(sets):
                either[sets] = None
        return cls(tuple(every), tuple(either))

    def __add__(self, other: Tokens) -> Tokens:
        """Ask for both."""
        every = dict.fromkeys((*self.every, *other.every))
        return Tokens(tuple(every), tuple(dict.fromkeys((*self.either, *other.either))))

    def __len__(self) -> int:
        """Count the tokens."""
        return len(self.every) + sum(len(one) for group in self.either for one in group)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The tokens of all answers, and those of better ones, among which are all of theirs.

    ``places``: where words may stand, the best first. ``beside``: words stand side by side.
    ``without``: tokens of which no answer has any.
    """

    tokens: Tokens
    places: tuple[Tokens, ...] = ()
    beside: Tokens = Tokens()
    without: tuple[str, ...] = ()

    @property
    def steps(self) -> Sequence[tuple[Tokens, Tokens]]:
        """Give place and ``beside`` of the answers, the best first; () where none is asked for.

        All words in the title outdo words side by side elsewhere. Beyond it three syllables that
        stand apart are mostly three other words ("nông thôn ... mới"), wherever they stand.
        """
        places = (*self.places, Tokens())
        apart = [(place, Tokens()) for place in places]
        together = [(place, self.beside) for place in places] if self.beside else []
        return [*together[:1], *apart[:1], *together[1:], *apart[1:]]
