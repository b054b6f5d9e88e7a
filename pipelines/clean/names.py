"""Whom an article names: people with their titles, organisations, and who issued its documents."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from pipelines.clean.documents import citations
from pipelines.clean.organisations import ORGANISATION, find_organisations, with_place
from pipelines.clean.people import Person, find_people
from pipelines.clean.sums import dong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipelines.records import Document, Draft


@dataclass(frozen=True, slots=True)
class Named:
    """What an article names; ``issuers`` gives the issuer of a document by its number.

    ``dong`` has the value in đồng of each sum of money, None for another currency; of a range
    ("3-5 triệu đồng") the lower end.
    """

    people: tuple[Person, ...] = ()
    organisations: tuple[str, ...] = ()
    issuers: tuple[tuple[str, str], ...] = ()
    dong: tuple[int | None, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {
            "people": [{"name": one.name, "title": one.title} for one in self.people],
            "organisations": list(self.organisations),
            "issuers": dict(self.issuers),
            "dong": list(self.dong),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what ``to_json`` wrote; {} is nothing."""
        return cls(
            tuple(Person(one["name"], one["title"]) for one in values.get("people", ())),
            tuple(values.get("organisations", ())),
            tuple(values.get("issuers", {}).items()),
            tuple(values.get("dong", ())),
        )


_OF_WHOM = re.compile(r"\)?(?: năm \d{4}|,? ngày \d{1,2}[/-]\d{1,2}(?![/-]))?,? (?:của|do) ")
_BY_KIND = {
    "Nghị định": "Chính phủ",
    "Luật": "Quốc hội",
    "Bộ luật": "Quốc hội",
    "Hiến pháp": "Quốc hội",
    "Pháp lệnh": "Ủy ban Thường vụ Quốc hội",
}
_BY_NUMBER = (
    (re.compile("UBTVQH"), "Ủy ban Thường vụ Quốc hội"),
    (re.compile(r"QH\d"), "Quốc hội"),
    (re.compile(r"TTg$"), "Thủ tướng Chính phủ"),
    (re.compile(r"-CP$"), "Chính phủ"),
)
_OTHER_ISSUER = re.compile(r"Thủ tướng Chính phủ|Trung ương(?: Đảng)?(?! \w)")
_MINISTER = "Bộ trưởng "


def issuers(text: str, cited: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """Yield the numbers of documents of ``text`` and who issued them, where that is sure.

    Named behind the number ("của Ban Thường vụ ..."), else told by the kind or the number. A number
    that two of them have is left out.
    """
    numbers = Counter(one.number for one in cited)
    named: dict[tuple[str | None, str], str] = {}
    for one in citations(text) if cited else ():
        key = (one.document.kind, one.document.number.casefold())
        of = None if key in named else _OF_WHOM.match(text, one.end)
        if of and (who := _issuer_at(text, of.end())):
            named[key] = who
    for document in cited:
        issuer = (
            _BY_KIND.get(document.kind or "")
            or named.get((document.kind, document.number.casefold()))
            or next((who for sign, who in _BY_NUMBER if sign.search(document.number)), None)
        )
        if issuer and numbers[document.number] == 1:
            yield document.number, issuer


def _issuer_at(text: str, at: int) -> str | None:
    minister = _MINISTER if text.startswith(_MINISTER, at) else ""
    who = _OTHER_ISSUER.match(text, at) or ORGANISATION.match(text, at + len(minister))
    return minister + with_place(text, who) if who else None


def find_names(draft: Draft) -> Named:
    """Find everything that title and text name."""
    text = "\n".join((draft.title, *draft.body))
    return Named(
        find_people(text),
        find_organisations(text),
        tuple(issuers(text, draft.documents)),
        tuple(dong(one) for one in draft.money),
    )
