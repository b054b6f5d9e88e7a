"""Legal documents that a text cites, under their whole numbers, short ones or names."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pipelines.clean.laws import laws
from pipelines.clean.starts import at_starts
from pipelines.clean.text import CAPITALS, SMALLS
from pipelines.records import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

# the code inside a number says the kind; QH alone does not (a law or a resolution)
_CODES = {
    "CT": "Chỉ thị", "NQ": "Nghị quyết", "NQLT": "Nghị quyết liên tịch", "KH": "Kế hoạch",
    "QĐ": "Quyết định", "KL": "Kết luận", "HD": "Hướng dẫn", "TB": "Thông báo", "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch", "NĐ": "Nghị định", "CV": "Công văn", "BC": "Báo cáo",
    "CTr": "Chương trình", "CTHĐ": "Chương trình hành động", "TTr": "Tờ trình", "CĐ": "Công điện",
    "ĐA": "Đề án", "QĐi": "Quy định", "QyĐ": "Quy định", "QC": "Quy chế", "PL": "Pháp lệnh",
}  # fmt: skip
_ACTS = (
    "nghị quyết liên tịch|nghị quyết|chỉ thị|thông tư liên tịch|thông tư|nghị định|pháp lệnh"
    "|công điện"
)
_KINDS = (
    f"{_ACTS}|kế hoạch liên tịch|kế hoạch|quyết định|kết luận|hướng dẫn|thông báo|công văn"
    "|báo cáo|chương trình hành động|chương trình phối hợp|chương trình|tờ trình|đề án|quy định"
    "|quy chế|bộ luật|luật|thông tri|quyết nghị|sắc lệnh|lệnh|văn bản hợp nhất|văn bản"
)
_CODE = rf"[{CAPITALS}]{{2,}}[{CAPITALS}{SMALLS}0-9]*"
_ISSUING = rf"[{CAPITALS}][{CAPITALS}{SMALLS}0-9]*"
_NUMBER = (
    rf"\d{{1,5}}[a-z]?-{_CODE}/{_ISSUING}(?:-[{CAPITALS}][{CAPITALS}{SMALLS}]*)*"
    rf"|\d{{1,5}}[a-z]?/(?:19|20)\d\d/{_CODE}(?:-[{CAPITALS}][{CAPITALS}{SMALLS}]*)*"
    rf"|\d{{1,5}}[a-z]?/{_CODE}(?:-[{CAPITALS}][{CAPITALS}{SMALLS}]*)+"
)
# "Nghị quyết số 28- NQ/TW", "Quyết định 18 / QĐ - UBND": with the kind before it and its code in it
# a number may be spread out
_SPREAD = (
    rf"\d{{1,5}} ?[-–] ?(?:{'|'.join(_CODES)}) ?/ ?{_ISSUING}"
    rf"|\d{{1,5}} ?/ ?(?:(?:19|20)\d\d ?/ ?)?(?:{'|'.join(_CODES)}) ?[-–] ?{_CODE}"
)
# "Quyết định 80/QĐ ngày 5/6/2023": with the kind before it a number may lack its issuer
_NO_ISSUER = rf"\d{{1,5}}[/-]{_CODE}"
_WHEN = (
    r"(?:,? \(?(?:được )?(?:ban hành |ký )?ngày (\d{1,2})(?: tháng |[/.-])(\d{1,2})"
    r"(?: năm |[/.-])((?:19|20)\d\d))?"
)
_WHOLE = re.compile(
    rf"(?<![\w/.-])(?:({_SPREAD})(?![\w/-])|({_NUMBER})(?![\w/])|({_NO_ISSUER})(?![\w/-]))"
    rf"{_WHEN}"
)
_GAP = re.compile(r" ?([-–/]) ?")
# a class comes first, so that the search runs from one figure to the next; a long row of figures is
# looked at once, from its beginning
_NUMBERED = re.compile(
    rf"[0-9](?<![0-9].)[0-9]*+(?=[a-z]? ?[-–/] ?(?:[{CAPITALS}]|(?:19|20)[0-9]{{2}} ?/))"
)
_KIND_BEFORE = re.compile(rf"(?<!\w)({_KINDS}|(?-i:NQ|NĐ|QĐ)) (số:? ?)?$", re.IGNORECASE)
_BEFORE = 40  # characters: the longest kind with "số" before a number
# "Luật Tiếp công dân số 42/2013/QH13", "công văn hỏa tốc số 2845/BHXH-VP"
_NAMED_BEFORE = re.compile(
    rf".*(?<!\w)(?:((?:[Bb]ộ l|[Ll])uật|[Pp]háp lệnh) [{CAPITALS}][^.;:()0-9]{{2,90}}"
    rf"|((?i:{_KINDS}))(?: [{SMALLS}]+){{1,3}}) số:? ?$"
)
_FAR_BEFORE = 110

# ---- short numbers ------------------------------------------------------------------------------

# a figure behind the last letters of a kind, of "số" or of NQ, NĐ, QĐ
_SHORT_AT = re.compile(
    r"[0-9](?<=(?:[ếấậ]t|hị|ri|[tT]ư|hế|[nc]h|[ậẫăáÁảệ]n|áo|[sS]ố|ố:|[NQ]Đ|NQ) .)"
    r"[0-9]*+[a-z]?+(?![\w%]|[.,][0-9])"
)
_SHORT = re.compile(
    r"(\d{1,5}+[a-z]?)(?:/((?:19|20)\d\d))?+(?![\w/%]|[.,]\d| ?[-–+] ?\d"
    rf"| ?[-–/] ?[{CAPITALS}]{{2}})(?: ?\(?khóa [XVI]+\)?)?{_WHEN}"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# what follows in a list: "Thông tư 33/2019 và 25/2021"; a bare figure where it is cited as one:
# "Nghị quyết 18, 19 của Trung ương"
_NEXT = re.compile(
    rf"(?:,| và|;) (?:số )?(\d{{1,4}}+)(?:/((?:19|20)\d\d))?+(?![\w/%]|[.,]\d| ?[-–+] ?\d"
    rf"| ?[-–/] ?[{CAPITALS}]{{2}}){_WHEN}"
)
# what is counted, not cited: "Nghị quyết 5 năm", "quyết định 12 triệu"
_COUNTED = re.compile(
    r" (?:năm(?! \d{4})|tháng|tuần|ngày(?! \d)|giờ|phút|lần|điểm|người|trang|nội dung|phần|lớp|bước"
    r"|nghìn|ngàn|triệu|tỷ|tỉ|đồng|km|ha)\b"
)
_CITED = re.compile(
    r" ?(?:$|[.;:)”\"\n]|,(?! \d))| (?:của|về|và|do|ban hành|quy định|có hiệu lực|khóa|đã|được"
    r"|theo|trong|đến|nêu|yêu cầu|cho phép|ngày \d{1,2}[/-]|năm \d{4}|\()"
)
_OF = re.compile(r",? (?:của|về|do|ngày \d{1,2}[/-])")
_PLAIN_ACTS = frozenset(_ACTS.split("|"))
_LAST_YEAR = re.compile(r" (?:19|20)\d\d$")
_PARTS = re.compile(r"0*(\d+[a-z]?)(?:/((?:19|20)\d\d))?([/-].*)?$")
"""Of a number: the figure, the year, the code."""
_OF_PARTY = {_CODES[code]: code for code in ("NQ", "CT", "KL", "QĐ", "KH", "TB", "HD")} | {
    "Quy định": "QĐ"
}
_CENTRE = ("Bộ Chính trị", "Ban Bí thư", "Ban Chấp hành Trung ương", "Trung ương")

_Key = tuple[str | None, str]
"""Of a short number the kind, and the number in small letters."""


class Citation(NamedTuple):
    """A document, and where in the text its number (with the date behind it) begins and ends."""

    at: int
    end: int
    document: Document


def documents(text: str) -> tuple[Document, ...]:
    """Find the legal documents that a text cites, in order, each once.

    Numbers of the Party ("06-CT/TU"), of the State ("42/2013/QH13", "117/NQ-CP") and joint ones
    ("19/2012/TTLT-BTC-BKHĐT"), without the spaces that some type into them; short ones behind
    their kind ("Nghị định 95/2024", "Nghị quyết 57"), also in a list; laws by name and year ("Đất
    đai 2024") or name alone. The kind is the word before the number or what its code means; the
    date is the one printed behind it. A short number that fits one whole number of the text is
    that document; else it stays as written.
    """
    found: dict[_Key, Document] = {}
    named = (Citation(law.at, law.at, Document(law.kind, law.number, None)) for law in laws(text))
    for _, _, new in sorted((*citations(text), *named), key=lambda one: one.at):
        key = (new.kind if is_short(new.number) else None, new.number.casefold())
        old = found.setdefault(key, new)
        if old.date is None and new.date is not None:
            found[key] = replace(old, date=new.date)
    return _resolved(found)


def citations(text: str) -> Iterator[Citation]:
    """Find each place where a text cites a document by its number."""
    yield from _whole(text)
    yield from _short(text)


def _whole(text: str) -> Iterator[Citation]:
    """Find whole numbers; one that is spread out or lacks its issuer needs its kind before it."""
    for hit in at_starts(_NUMBERED, _WHOLE, text):
        word = _kind_before(text, hit.start())
        written = hit[1] or hit[2] or hit[3]
        number = _GAP.sub(r"\1", written).replace("–", "-")
        if word or not (hit[3] or written != number):
            kind = _kind(word[1]) if word else _kind_of(number) or _named_kind(text, hit.start())
            day = _day(hit[4], hit[5], hit[6])
            yield Citation(hit.start(), hit.end(), Document(kind, number, day))
            if word:
                yield from _listed(text, hit.end(), kind)


def _short(text: str) -> Iterator[Citation]:
    for hit in at_starts(_SHORT_AT, _SHORT, text):
        word = _kind_before(text, hit.start())
        if word and _is_number(text, hit, word):
            kind = _kind(word[1])
            yield _short_citation(kind, hit)
            yield from _listed(text, hit.end(), kind)


def _listed(text: str, at: int, kind: str | None) -> Iterator[Citation]:
    """Yield the short numbers that go on behind one of the same kind."""
    while found := _NEXT.match(text, at):
        at = found.end()
        if not found[2] and not (
            len(found[1]) > 1 and not _YEAR.fullmatch(found[1]) and _CITED.match(text, at)
        ):
            return
        yield _short_citation(kind, found)


def _short_citation(kind: str | None, hit: re.Match[str]) -> Citation:
    number = f"{hit[1]}/{hit[2]}" if hit[2] else hit[1]
    document = Document(kind, number, _day(hit[3], hit[4], hit[5]))
    return Citation(hit.start(1), hit.end(), document)


def _kind_before(text: str, at: int) -> re.Match[str] | None:
    return _KIND_BEFORE.search(text, max(0, at - _BEFORE), at)


def _is_number(text: str, hit: re.Match[str], word: re.Match[str]) -> bool:
    """Tell a document's number from a count of things: "kế hoạch 3 năm", "quyết định 5 việc".

    With "số" it is a number; behind a kind that is hardly a verb or a count's noun as well, unless
    something counted follows. Behind another kind it shows in a capital and in what follows.
    """
    kind, figure, end = word[1], hit[1], hit.end(2) if hit[2] else hit.end(1)
    if word[2]:
        return True
    if _YEAR.fullmatch(figure) or _COUNTED.match(text, end):
        return False
    if kind.lower() in _PLAIN_ACTS or kind.isupper():
        return len(figure) > 1 or _CITED.match(text, end) is not None
    behind = _CITED if kind[0].isupper() else _OF
    return figure[0] == "0" or (len(figure) > 1 and behind.match(text, end) is not None)


def forms(document: Document, issuer: str | None) -> set[str]:
    """Give how a document may be called, besides its number: by kind and the number's beginning.

    95/2024/NĐ-CP is also "95/2024", "Nghị định 95/2024" and "Nghị định 95". A short number has its
    whole one too where that is sure: a decree's with its year, and that of the Party's centre.
    Zeros before a number do not count, and TƯ is TW.
    """
    number, kind = document.number.replace("TƯ", "TW"), document.kind or ""
    if not (parts := _PARTS.match(number)):
        name = _LAST_YEAR.sub("", number)  # "Luật Đất đai" is asked for without its year as well
        return {number, f"{kind} {number}", f"{kind} {name}"}
    figure, year, code = parts[1], parts[2], parts[3] or ""
    if not code and year and kind == _CODES["NĐ"]:
        code = "/NĐ-CP"
    elif not code and not year and kind in _OF_PARTY and (issuer or "").startswith(_CENTRE):
        code = f"-{_OF_PARTY[kind]}/TW"
    head = f"{figure}/{year}" if year else figure
    called = {head + code} if year or code else set()
    return (
        called
        | ({head} if year else set())
        | ({f"{kind} {figure}", f"{kind} {head}"} if kind else set())
    )


def asked(text: str) -> str:
    """Give the one of ``forms`` that somebody who looks for a document means.

    "Nghị quyết số 57-NQ/TW" is "57-NQ/TW", "Chỉ thị số 05" is "Chỉ thị 5".
    """
    found = documents(text)
    if not found or is_short(found[0].number):  # "28-nq/tw": codes are told by their capitals
        found = documents(text.upper()) or found
    if len(found) != 1:
        found = (Document(None, text, None),)
    number, kind = found[0].number.replace("TƯ", "TW"), found[0].kind
    parts = _PARTS.match(number)
    called = f"{number[parts.start(1) :]}" if parts else number
    return f"{kind} {called}" if kind and (is_short(number) or not parts) else called


def _resolved(found: dict[_Key, Document]) -> tuple[Document, ...]:
    """Leave out short numbers of the one document of the text that they fit."""
    alike: defaultdict[tuple[str | None, str], list[_Key]] = defaultdict(list)
    for key, one in found.items():
        if parts := _PARTS.match(one.number):
            alike[one.kind, parts[1]].append(key)
    for keys in alike.values():  # a page may list thousands of documents: each fits only its like
        short = [key for key in keys if is_short(found[key].number)]
        for key in sorted(short, key=lambda one: "/" not in one[1]):  # "95/2024" before "95"
            fits = [one for one in keys if _fits(found[key], found[one])]
            if len(fits) == 1:
                keys.remove(key)
                day, whole = found.pop(key).date, found[fits[0]]
                found[fits[0]] = replace(whole, date=whole.date or day)
    return tuple(found.values())


def _fits(short: Document, whole: Document) -> bool:
    """Tell whether a number is the beginning of another one, of the same kind and year."""
    one, other = _PARTS.match(short.number), _PARTS.match(whole.number)
    if not one or not other or one[3] or short.kind != whole.kind:
        return False
    more = bool(other[3] or other[2]) and short.number != whole.number
    year = other[2] or (str(whole.date.year) if whole.date else None)
    day = short.date in {None, whole.date} or whole.date is None
    return more and one[1] == other[1] and (not one[2] or one[2] == (year or one[2])) and day


def is_short(number: str) -> bool:
    """Tell a number without a code ("95/2024", "57") from a whole one and from a law's name."""
    parts = _PARTS.match(number)
    return bool(parts and not parts[3])


def _kind(word: str) -> str:
    return _CODES.get(word) or word[0].upper() + word[1:].lower()


def _kind_of(number: str) -> str | None:
    """Give the kind that the code in a number means."""
    codes = (code for code in re.split(r"[-/]", number)[1:] if code in _CODES)
    return next((_CODES[code] for code in codes), None)


def _named_kind(text: str, at: int) -> str | None:
    """Give the kind whose name stands between it and its number."""
    named = _NAMED_BEFORE.search(text[max(0, at - _FAR_BEFORE) : at])
    return _kind(named[1] or named[2]) if named else None


def _day(day: str | None, month: str | None, year: str | None) -> date | None:
    if day is None or month is None or year is None:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
