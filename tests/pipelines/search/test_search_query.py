"""What a person's query asks for, and which texts answer it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pipelines.clean.names import Named
from pipelines.codec import draft_to_json
from pipelines.errors import Reject
from pipelines.records import Draft
from pipelines.search.entry import indexed
from pipelines.search.matching import hits
from pipelines.search.query import MOST_WORDS, parse
from pipelines.search.tokens import Tokens
from pipelines.search.words import without_marks, word_keys
from pipelines.store.columns import dump_json

if TYPE_CHECKING:
    from collections.abc import Callable

BLANK = Draft(
    url="", canonical_url="", portal="tuag", family="", extractor="", title="",
    fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("dân vận", ["=dân", "=vận"]),
        ("dan van", ["dan", "van"]),
        ("DÂN\tVẬN!", ["=dân", "=vận"]),
        ("Đảng ủy", ["=đảng", "=uỷ"]),
        ("Đảng uỷ", ["=đảng", "=uỷ"]),
        ("hoa\u0300", ["=hoà"]),
        ('"dan van"', ["dan_van"]),
        ("“dân vận” an giang", ["dan_van", "=dân", "=vận", "=an", "=giang"]),
        ('"dan"', ["dan"]),
        ("71-KH/TU", ["71_kh", "kh_tu"]),
        ("an giang 13/12", ["an", "giang", "13_12"]),
        ("2,5 ha,2023;an", ["2_5", "ha", "2023", "an"]),
        ("kinh te/van hoa", ["kinh", "te", "van", "hoa"]),
        ("an_giang", ["an", "giang"]),
        ("nong thon \u2013 xa\u2026", ["nong", "thon", "xa"]),
        ("nong thon \u2022 đoi", ["=nong", "=thon", "=đoi"]),
    ],
)
def test_tokens_of_a_query(query: str, found: list[str]) -> None:
    assert parse(query).tokens() == Tokens(tuple(found))


@pytest.mark.parametrize(
    ("query", "wanted", "without"),
    [
        ('khéo -"dân vận"', [("=khéo",)], [("=dân", "=vận")]),
        ('-"dân" "vận khéo"', [("=vận", "=khéo")], [("=dân",)]),
        ('kheo -"dan van" \u2212“xã”', [("=kheo",)], [("=dan", "=van"), ("=xã",)]),
        ('"an giang"-"kien giang"', [("an", "giang"), ("kien", "giang")], []),
        ('an-"giang"', [("an",), ("giang",)], []),
        ('an - "giang"', [("an",), ("giang",)], []),
        ("an -giang", [("an",), ("giang",)], []),
        ('an -""', [("an",)], []),
    ],
)
def test_a_phrase_behind_a_minus_must_not_stand_there(
    query: str, wanted: list[tuple[str, ...]], without: list[tuple[str, ...]]
) -> None:
    asked = parse(query)
    assert list(asked.wanted) == wanted
    assert [tuple(key[asked.marked] for key in phrase) for phrase in asked.without] == without


@pytest.mark.parametrize("query", ["nong thon xa", 'nong thon xa -"an giang"'])
def test_a_run_of_words_is_one_whatever_must_not_be_there(query: str) -> None:
    assert parse(query).beside == Tokens(("nong_thon", "thon_xa"))


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ('"dân vận', "query.quote", "do not come in pairs"),
        ("%", "query.empty", "no word in '%'"),
        ('""', "query.empty", "no word"),
        ("a " * (MOST_WORDS + 1), "query.long", "at most 40 words"),
        ('"a"' * 200_000, "query.long", "this one has 200000"),
    ],
)
def test_what_cannot_be_read_is_said(query: str, code: str, said: str) -> None:
    with pytest.raises(Reject, match=said) as caught:
        parse(query)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ('"dân vận khéo"', True),
        ('"dan van kheo"', True),
        ('"vận khéo dân"', False),
        ('"dẫn vận khéo"', False),
        ('"khéo Xã"', False),
        ('"ba và ba"', True),
        ('"dẫn, ĐẦU"', True),
        ('"nhớ rằng không"', True),
        ('"khéo tuag"', False),
        ('dẫn -"vận khéo dân"', True),
        ('dẫn -"dân vận khéo"', False),
        ('dẫn -"DÂN"', False),
        ('"không body"', False),
    ],
)
def test_a_phrase_stands_in_one_paragraph_with_its_marks(
    make_draft: Callable[..., Draft], query: str, answers: bool
) -> None:
    draft = make_draft(
        title="Tin",
        body=("Phong trào dân vận khéo.", "Xã dẫn đầu; bà và ba và ba.", 'Nhớ "rằng\nkhông'),
    )
    assert parse(query).answers(dump_json(draft_to_json(draft))) is answers


TEXTS = some.text(
    some.sampled_from("aàảãáạăằâầđeèêềiìoòôồơờuùưừyỳAÀĐỲbcdghklmnpqrstvx -,.'_1"), max_size=40
)
# signs that JSON writes with others, some of them letters
BETWEEN = some.sampled_from([" ", ", ", '"', "\\", "\n", "\t", "\x1f", "\x85", '\\"'])


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS, BETWEEN)
def test_every_word_of_a_text_is_found_with_and_without_its_marks(
    before: str, part: str, after: str, between: str
) -> None:
    if not word_keys(part):
        return
    draft = replace(BLANK, body=(between.join((before, *part.split(" "), after)),))
    known = set(indexed(draft, "", Named()).tokens.split(" "))
    for query in (part, part.upper(), without_marks(part), f'"{part}"', f'"{without_marks(part)}"'):
        asked = parse(query)
        tokens = asked.tokens()
        assert known.issuperset(tokens.every)
        assert all(any(known.issuperset(one) for one in group) for group in tokens.either)
        assert asked.answers(dump_json(draft_to_json(draft)))


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("hòa bình", "Hoà bình, HÒA BÌNH; hóa bình", ["Hoà", "bình", "HÒA", "BÌNH", "bình"]),
        ("hoa", "Hoà hóa hoan khoa hoa_hồng", ["Hoà", "hóa", "hoa"]),
        ('"dan van" "van kheo"', "dân, vận khéo: vận dân", ["dân", "vận", "khéo"]),
        ('"dan van"', "dân đi vận", []),
        ("x" * 50, f"{'x' * 45} {'x' * 39}", ["x" * 45]),
        ("дом", "Дом домик", ["Дом"]),
    ],
)
def test_where_the_words_stand(query: str, text: str, found: list[str]) -> None:
    asked = parse(query)
    assert [
        text[start:end] for start, end, _ in hits(text, asked.wanted, marked=asked.marked)
    ] == found


@pytest.mark.parametrize(
    ("query", "text", "answers"),
    [
        ("UBND", "Ủy ban nhân dân tỉnh", True),
        ("ubnd", "uỷ ban Nhân dân", True),
        ("UBND tỉnh", "ỦY BAN NHÂN DÂN tỉnh", True),
        ("UBND tỉnh", "Uy ban nhan dan tỉnh", False),
        ("Ủy ban nhân dân", "UBND xã", True),
        ("uy ban nhan dan", "UBND xã", True),
        ("Ủy ban nhân dân", "nhân dân và ủy ban", True),
        ("UBND", "nhân dân, ủy ban; ban nhân dịp", False),
        ('"UBND"', "Ủy ban nhân dân tỉnh", False),
        ('"Ủy ban nhân dân"', "UBND xã", False),
        ('xã -"UBND"', "Ủy ban nhân dân xã", True),
        ("Chủ tịch Ủy ban MTTQ xã", "Chủ tịch Ủy ban Mặt trận Tổ quốc xã", True),
        ("hội đồng nhân dân", "Kỳ họp HĐND", True),
        ("TP.HCM", "thành phố Hồ Chí Minh", True),
        ("thành phố Hồ Chí Minh", "về TPHCM", True),
        ("GD&ĐT", "Sở Giáo dục và Đào tạo", True),
        ("KH", "Kế hoạch năm", True),
        ("kế hoạch", "Sở KH&CN", False),
        ("TT", "thị trấn Cái Dầu", True),
        ("TT", "Thông tư của Bộ", True),
        ("kỹ thuật", "kĩ thuật", True),
        ("ki thuat", "kỹ thuật", True),
        ('"kỹ thuật"', "kĩ thuật", False),
        ("Lí Thái Tổ", "Lý Thái Tổ", True),
        ("quy định", "qui định", True),
        ("hành vi", "hành vy", False),
        ("tuy", "tui", False),
    ],
)
def test_what_is_written_otherwise_is_found_outside_quotation_marks(
    query: str, text: str, answers: bool
) -> None:
    draft = replace(BLANK, title="Tin", body=(text,))
    kept = dump_json(draft_to_json(draft))
    asked = parse(query)
    assert asked.answers(kept) is answers
    known = set(indexed(draft, "", Named()).tokens.split(" "))
    tokens = asked.tokens()
    found = known.issuperset(tokens.every) and all(
        any(map(known.issuperset, group)) for group in tokens.either
    )
    assert found >= answers
    if asked.exact:
        assert found is answers


@pytest.mark.parametrize(
    ("query", "also"),
    [
        ("UBND tỉnh", [("UBND", ("Ủy ban nhân dân",))]),
        ("ủy ban nhân dân", [("Ủy ban nhân dân", ("UBND",))]),
        ("TT kỹ thuật", [("TT", ("thông tư", "thị trấn")), ("kỹ", ("kĩ",))]),
        ('"UBND" "kỹ thuật" 12-KH/TU', []),
        ('ủy ban "nhân dân"', []),
        ("nông thôn", []),
    ],
)
def test_what_is_taken_for_the_same_is_told(
    query: str, also: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert list(parse(query).also) == also


def test_what_is_asked_for_twice_is_looked_for_as_once() -> None:
    assert parse("ubnd " * MOST_WORDS).tokens() == parse("ubnd").tokens()
