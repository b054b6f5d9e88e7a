"""Pages in the encodings before Unicode, and text as editors leave it: never stored as mojibake."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.clean_looks import HALVES, texts
from demo.spelling import other_tone_placement
from pipelines.clean import legacy
from pipelines.clean.page import clean_page
from pipelines.clean.text import fold_key, mojibake
from pipelines.records import Outcome, Page

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TITLE = "Hội nghị tổng kết công tác dân vận của huyện năm nay"
SENTENCE = (
    "Thành ủy làm việc với các ngành về tình hình thực hiện nhiệm vụ của năm, người dân được nghe "
    "kết quả."
)
# what other programs make of the sentence: iconv (VISCII, TCVN), a typist (VNI)
GOLDEN = {
    "VISCII": bytes.fromhex(
        "5468e06e6820fc79206ce06d207669ae632076be692063e163206e67e06e682076ab2074ec6e6820"
        "68ec6e68207468f163206869ae6e206e6869ae6d2076f82063fc61206ee56d2c206e67dfb6692064"
        "e26e20f0dffe63206e676865206baa74207175e42e"
    ).decode("latin-1"),
    "TCVN3": bytes.fromhex(
        "5468b56e6820f179206cb56d207669d6632076ed692063b863206e67b56e682076d22074d76e6820"
        "68d76e68207468f963206869d66e206e6869d66d2076f42063f161206ea86d2c206e67adea692064"
        "a96e20aeadee63206e676865206bd574207175b62e"
    ).decode("latin-1"),
    "VNI": "Thaønh uûy laøm vieäc vôùi caùc ngaønh veà tình hình thöïc hieän nhieäm vuï cuûa naêm,"
    " ngöôøi daân ñöôïc nghe keát quaû.",
    "UTF-8": SENTENCE.encode().decode("latin-1"),
}
# TCVN3 has no capitals with a tone: the ABC fonts had fonts of capitals instead
SENTENCES = [
    text
    for half in HALVES
    for one in texts(half)
    for text in one.paragraphs
    if len(text) > 100 and text[0] != "(" and not any(c in "ỦẢÀÁẤỄỨỪ" for c in text)
]
PLAIN = str.maketrans("“”–", '""-')  # VISCII and cp1258 lack some typographic signs
DECLARED = (None, "utf-8", "iso-8859-1", "windows-1252", "windows-1258", "gb2312", "x-viet")


def encoded(text: str, name: str) -> bytes:
    """Encode a page's text as a program of its day did."""
    if name == "cp1258":
        return b"".join(map(_cp1258, unicodedata.normalize("NFC", text)))
    words = (next(iter(legacy.misread(word, name)), word) for word in text.split(" "))
    return " ".join(words).encode("latin-1")


def _cp1258(letter: str) -> bytes:
    """Write the vowel with its own mark, and behind it the tone mark."""
    marks = unicodedata.normalize("NFD", letter)
    tones = "".join(mark for mark in marks[1:] if mark in "\u0300\u0301\u0303\u0309\u0323")
    base = "".join(mark for mark in marks if mark not in tones)
    return (unicodedata.normalize("NFC", base) + tones).encode("cp1258")


def page(body: bytes, declared: str | None) -> Page:
    return Page("https://x.vn/tin/bai-viet-1.html", body, NOW, encoding=declared)


def html(paragraphs: list[str]) -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>{body}</div></body>"
    )


@pytest.mark.parametrize("name", GOLDEN)
def test_sentence_is_recognised_and_read(name: str) -> None:
    assert mojibake(GOLDEN[name]) == name
    assert legacy.decode(GOLDEN[name], name) == SENTENCE


@pytest.mark.parametrize("name", ["TCVN3", "VISCII", "VNI"])
def test_what_the_tables_write_is_what_other_programs_write(name: str) -> None:
    assert encoded(SENTENCE, name).decode("latin-1") == GOLDEN[name]


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("name", ["cp1258", "TCVN3", "VISCII", "VNI"])
def test_whole_page_is_read_whatever_is_declared(name: str, declared: str | None) -> None:
    wanted = [text.translate(PLAIN) for text in SENTENCES[:12]]
    draft = clean_page(page(encoded(html(wanted), name), declared), None).draft
    assert draft is not None
    assert draft.title == TITLE
    assert list(draft.body) == wanted


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5, unique=True),
    st.sampled_from(["cp1258", "TCVN3", "VISCII", "VNI", "UTF-8"]),
    st.sampled_from(DECLARED),
)
def test_text_is_read_or_refused_by_name(
    chosen: list[str], name: str, declared: str | None
) -> None:
    wanted = [text.translate(PLAIN) for text in chosen]
    source = html(wanted)
    twice = source.encode().decode("latin-1").encode()
    body = twice if name == "UTF-8" else encoded(source, name)
    cleaned = clean_page(page(body, declared), None)
    if cleaned.draft is None:
        short = cleaned.outcome is Outcome.THIN and len(chosen) == 1
        assert short or cleaned.reason.startswith("encoding."), cleaned.reason
    else:
        assert list(cleaned.draft.body) == wanted


INVISIBLE = ("", "\u200b", "\u00ad", "\ufeff")
SPACES = (" ", "\u00a0", "\n\t ", "&nbsp;", " \u200b ")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=4, unique=True),
    st.sampled_from(SPACES),
    st.sampled_from(INVISIBLE),
    st.sampled_from(["NFC", "NFD"]),
)
@example(SENTENCES[:2], "&nbsp;", "\u200b", "NFD")
def test_spaces_composition_and_invisible_signs_change_nothing(
    chosen: list[str], space: str, invisible: str, form: Literal["NFC", "NFD"]
) -> None:
    spelt = [space.join(f"{word}{invisible}" for word in text.split()) for text in chosen]
    body = unicodedata.normalize(form, html(spelt)).encode()
    draft = clean_page(page(body, "utf-8"), None).draft
    assert draft is not None
    assert list(draft.body) == chosen


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=4, unique=True))
def test_tone_placement_is_kept_and_folded_in_keys_only(chosen: list[str]) -> None:
    other = [unicodedata.normalize("NFC", other_tone_placement(text)) for text in chosen]
    draft = clean_page(page(html(other).encode(), "utf-8"), None).draft
    assert draft is not None
    assert list(draft.body) == other
    assert list(map(fold_key, draft.body)) == list(map(fold_key, chosen))


BETWEEN = [
    "</p><p>",
    "<br>",
    "<br/><br/>",
    "</p>\n<div></div><p>",
    "</p><ul><li>",
    "</div><div><p>",
]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=3, unique=True),
    st.sampled_from(BETWEEN),
    st.sampled_from(["b", "span", "a", "font", "em"]),
)
def test_blocks_part_lines_and_inline_elements_never_do(
    chosen: list[str], between: str, inline: str
) -> None:
    cut = [f"{text[:30]}<{inline}>{text[30:34]}</{inline}>{text[34:]}" for text in chosen]
    body = html([between.join(cut)]).encode()
    draft = clean_page(page(body, "utf-8"), None).draft
    assert draft is not None
    assert list(draft.body) == chosen
