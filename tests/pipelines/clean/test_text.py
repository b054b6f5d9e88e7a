from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.text import fold_key, mojibake, tidy

VIETNAMESE = st.text(
    "aàáảãạăằắâấeèẹêếềoòóỏõọơờuùủưứyýỵỷđqhkltn ĐÒƯ\xa0\u200b\u0301“”–-\n", max_size=60
)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("  Hội\xa0nghị \t dân   vận\r\n", "Hội nghị dân vận"),
        (unicodedata.normalize("NFD", "Thành ủy Hồng Ngự"), "Thành ủy Hồng Ngự"),
        ("Đảng\u200b ủy\u00ad xã\ufeff", "Đảng ủy xã"),
        ("số\x00 liệu\x07", "số liệu"),
        ("a\ud800b", "ab"),
        ("", ""),
        ("hoà và hòa", "hoà và hòa"),
        ("“giữ nguyên” – dấu", "“giữ nguyên” – dấu"),
    ],
)
def test_stored_text_is_tidied_and_no_more(raw: str, stored: str) -> None:
    assert tidy(raw) == stored


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("Thành uỷ", "THÀNH ỦY"),
        ("khoẻ mạnh", "khỏe mạnh"),
        ("phong trào thi đua“Dân vận khéo”", 'phong trào thi đua"dân vận khéo"'),
        ("2021 – 2023", "2021 - 2023"),
        ("vân vân…", "vân vân..."),
        ("Lý\xa0do", "lý do"),
    ],
)
def test_keys_that_are_equal(one: str, other: str) -> None:
    assert fold_key(one) == fold_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ba", "bà"), ("qúy", "quý"), ("hoan", "hoàn"), ("tùy", "tuy"), ("nghi", "nghị")],
)
def test_keys_that_differ(one: str, other: str) -> None:
    assert fold_key(one) != fold_key(other)


def test_tone_inside_a_closed_syllable_stays() -> None:
    assert fold_key("hoàn huỳnh thuở ngoài") == "hoàn huỳnh thuở ngoài"


@given(st.one_of(st.text(), VIETNAMESE))
def test_tidy_is_idempotent_and_nfc(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()


@given(st.one_of(st.text(), VIETNAMESE))
def test_keys_are_idempotent_and_blind_to_composition(text: str) -> None:
    key = fold_key(text)
    assert fold_key(key) == key
    assert fold_key(unicodedata.normalize("NFD", text)) == key
    assert fold_key(unicodedata.normalize("NFC", text)) == key


GOOD = "Chiều ngày 21/12, các đồng chí làm việc với người dân của huyện và được đón tiếp."


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (GOOD, None),
        ("Ban Dan van to chuc hoi nghi voi nguoi dan cua huyen", None),
        ("The quick brown fox was seen by the mayor of Zürich and his café owners", None),
        ("Thµnh ñy lµm viÖc víi c¸c ngµnh vµ nh©n d©n cña huyÖn ®Ó ®­îc nghe", "TCVN3"),
        ("Thaønh uûy laøm vieäc vôùi caùc ngaønh vaø nhaân daân cuûa huyeän ñeå ñöôïc nghe", "VNI"),
        ("Thành üy làm vi®c v¾i các ngành và nhân dân cüa huy®n ð¬ ðßþc nghe", "VISCII"),
        (GOOD.encode().decode("latin-1"), "UTF-8"),
        ("lÃ m viá»‡c vá»›i ngÆ°á»\x9di dÃ¢n cá»§a huyá»‡n vÃ  Ä‘Æ°á»£c Ä‘Ã³n tiáº¿p", "UTF-8"),
    ],
)
def test_misread_encodings_have_names(text: str, name: str | None) -> None:
    assert mojibake(text) == name
