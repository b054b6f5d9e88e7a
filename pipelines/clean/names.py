"""Whom an article names: people with their titles, organisations, and who issued its documents."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from pipelines.clean.documents import is_short
from pipelines.clean.organisations import ORGANISATION, find_organisations, with_place
from pipelines.clean.people import Person, find_people
from pipelines.clean.sums import dong

if TYPE_CHECKING:
    from collections.abc import Mapping

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


_OF_WHOM = re.compile(
    r"(?:,? (?:được )?(?:ban hành |ký )?ngày \d{1,2}(?: tháng |[/.-])\d{1,2}(?: năm |[/.-])\d{4})?"
    r",? (?:của|do) "
)
_BY_NUMBER = (
    (re.compile("UBTVQH"), "Ủy ban Thường vụ Quốc hội"),
    (re.compile(r"QH\d"), "Quốc hội"),
    (re.compile(r"TTg$"), "Thủ tướng Chính phủ"),
    (re.compile(r"-CP$"), "Chính phủ"),
)
_OTHER_ISSUER = re.compile(r"Thủ tướng Chính phủ|Trung ương(?: Đảng)?(?! \w)")
_MINISTER = "Bộ trưởng "


def issuer_of(text: str, document: Document) -> str | None:
    """Give who issued a document: named behind its number ("của Ban Thường vụ ..."), else by it."""
    if document.kind == "Nghị định":
        return "Chính phủ"
    number = document.number
    signs = ("[-–]" if sign == "-" else sign for sign in re.split("([-/])", number))
    spread = " ?".join(signs)  # some type spaces into a number
    if is_short(number):  # is one behind its kind alone
        spread = rf"(?i:{document.kind}) (?:[Ss]ố:? ?)?{spread}(?![\w/-])"
    for at in (hit.end() for hit in re.finditer(spread, text)):
        if (of := _OF_WHOM.match(text, at)) and (who := _issuer_at(text, of.end())):
            return who
    return next((who for sign, who in _BY_NUMBER if sign.search(number)), None)


def _issuer_at(text: str, at: int) -> str | None:
    minister = _MINISTER if text.startswith(_MINISTER, at) else ""
    who = _OTHER_ISSUER.match(text, at) or ORGANISATION.match(text, at + len(minister))
    return minister + with_place(text, who) if who else None


def find_names(draft: Draft) -> Named:
    """Find everything that title and text name."""
    text = "\n".join((draft.title, *draft.body))
    numbers = Counter(one.number for one in draft.documents)
    issuers = (
        (one.number, issuer_of(text, one) if numbers[one.number] == 1 else None)
        for one in draft.documents
    )
    return Named(
        find_people(text),
        find_organisations(text),
        tuple((number, who) for number, who in issuers if who),
        tuple(dong(one) for one in draft.money),
    )
