"""What never changes a text: composition, case, tone placement, punctuation, dateline, chrome."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedupe.normal import (
    content_hash,
    fold,
    fold_syllable,
    is_stamp,
    syllables,
    without_dateline,
)

TITLE = "Xã Vĩnh Thạnh hòa giải thành 12 vụ việc"
BODY = (
    "Sáng 5/3, Hội Nông dân xã Vĩnh Thạnh sơ kết công tác hòa giải ở cơ sở.",
    "Bà con ấp Tân Thuận khỏe mạnh, thuận hòa; quỹ đã giúp 7 hộ với 45,5 triệu đồng.",
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("khoẻ", "khỏe"),
        ("uỷ", "ủy"),
        ("thuý", "thúy"),
        ("lý", "lí"),
        ("kỹ", "kĩ"),
        ("quý", "quí"),
        ("ðường", "đường"),
        ("09", "9"),
        ("00", "0"),
    ],
)
def test_two_spellings_are_one_syllable(one: str, other: str) -> None:
    assert fold_syllable(one) == fold_syllable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ba", "bà"), ("dân", "đân"), ("hoa", "hòa"), ("mai", "may"), ("hai", "hay"), ("10", "1")],
)
def test_two_words_stay_two(one: str, other: str) -> None:
    assert fold_syllable(one) != fold_syllable(other)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (tuple(line.upper() for line in BODY), "case"),
        (tuple(unicodedata.normalize("NFD", line) for line in BODY), "composition"),
        (tuple(line.replace("òa", "oà").replace("ỏe", "oẻ") for line in BODY), "tone placement"),
        (tuple(line.replace(" ", "  ").replace(",", " -") for line in BODY), "punctuation"),
        (tuple(line.replace("công", "công\u200b") for line in BODY), "invisible characters"),
        ((" ".join(BODY),), "paragraphs"),
        (("(TTXVN) - " + BODY[0], BODY[1]), "dateline in brackets"),
        (("BTNO - " + BODY[0], BODY[1]), "bare dateline"),
        (("Thứ năm - 23/02/2023 09:19 206 0", *BODY), "the page's time"),
        ((*BODY, "Lượt xem: 1.204", "• Hôm nay338", "Ý kiến bạn đọc"), "counters"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_content_hash_does_not_see(body: tuple[str, ...], why: str) -> None:
    assert content_hash(TITLE, body) == content_hash(TITLE, BODY), why


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (TITLE.replace("12", "13"), BODY),
        (TITLE, (BODY[0].replace("5/3", "6/3"), BODY[1])),
        (TITLE, (BODY[0], BODY[1].replace("Tân Thuận", "Tân Thuân"))),
        (TITLE, BODY[:1]),
        ("", BODY),
    ],
)
def test_content_hash_sees_a_change(title: str, body: tuple[str, ...]) -> None:
    assert content_hash(title, body) != content_hash(TITLE, BODY)


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("(TUAG)- Sáng 5/3, Ban Dân vận", "Sáng 5/3, Ban Dân vận"),
        ("(Báo An Giang) – Chiều qua", "Chiều qua"),
        ("DTO: Chiều qua", "Chiều qua"),
        ("UBND xã Phú Mỹ họp", "UBND xã Phú Mỹ họp"),
        ("(3) Điều khoản thi hành", "(3) Điều khoản thi hành"),
    ],
)
def test_dateline_is_cut(line: str, rest: str) -> None:
    assert without_dateline(line) == rest


@pytest.mark.parametrize(
    ("line", "stamp"),
    [
        ("Thứ năm - 23/02/2021 09:19 206 0", True),
        ("21/03/2023 - 15:24", True),
        ("Chủ nhật, Ngày 03/08/2017, 15:07", True),
        ("23/02/2021", False),
        ("Thứ ba, 15/6/2021, 7:30: họp giao ban", False),
    ],
)
def test_stamp(line: str, *, stamp: bool) -> None:
    assert is_stamp(line) is stamp


def test_a_form_of_column_names_is_left_out() -> None:
    form = ("Tiêu đề", "Hình ảnh", "Tóm tắt", "Nội dung", "Ngày xuất bản")
    assert content_hash("", (*form, *BODY)) == content_hash("", BODY)


def test_headlines_after_the_article_are_left_out() -> None:
    more = ("Tin liên quan", "Xã Tân Hòa ra quân dọn kênh", "Hội thi nấu ăn ngày 8/3")
    assert content_hash("", (*BODY, *more)) == content_hash("", BODY)
    amid = (BODY[0], "Tin liên quan", "x" * 130, *BODY[1:])
    assert content_hash("", amid) == content_hash("", (BODY[0], "x" * 130, *BODY[1:]))


SYLLABLES = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềểễệốồổỗộứừửữự", min_size=1, max_size=7)
TEXTS = st.lists(SYLLABLES, min_size=1, max_size=40).map(" ".join)


@given(TEXTS)
def test_content_hash_is_blind_to_composition_and_case(text: str) -> None:
    expected = content_hash("", (text,))
    assert content_hash("", (unicodedata.normalize("NFD", text),)) == expected
    assert content_hash("", (text.upper(),)) == expected
    assert content_hash("", (unicodedata.normalize("NFD", text.upper()),)) == expected


@given(st.sampled_from("òóỏõọ"), st.sampled_from("bhlt"), TEXTS)
def test_content_hash_is_blind_to_tone_placement(tone: str, onset: str, text: str) -> None:
    mark = unicodedata.normalize("NFD", tone)[1]
    old, new = f"{onset}{tone}a", unicodedata.normalize("NFC", f"{onset}oa{mark}")
    assert content_hash("", (f"{text} {old} {text}",)) == content_hash(
        "", (f"{text} {new} {text}",)
    )


@given(st.text(max_size=300))
def test_any_text_has_tokens(text: str) -> None:
    assert all(token and " " not in token for token in fold(syllables(text)))
