"""The passage that is shown of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.search.query import parse
from pipelines.search.snippets import WINDOW, html, passage

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.records import Draft

LONG = " ".join(f"từ{n}" for n in range(100))


@pytest.mark.parametrize(
    ("query", "title", "text"),
    [
        ("dan van", "Công tác <mark>dân vận</mark>", "Xã làm <mark>dân vận</mark> khéo."),
        ("khéo xã", "Công tác dân vận", "<mark>Xã</mark> làm dân vận <mark>khéo</mark>."),
        ('"vận khéo"', "Công tác dân vận", "Xã làm dân <mark>vận khéo</mark>."),
        ("công tác", "<mark>Công tác</mark> dân vận", "Đoạn đầu &lt;b&gt;."),
    ],
)  # fmt: skip
def test_the_best_passage_and_its_marks(
    make_draft: Callable[..., Draft], query: str, title: str, text: str
) -> None:
    draft = make_draft(title="Công tác dân vận", body=("Đoạn đầu <b>.", "Xã làm dân vận khéo."))
    shown = passage(draft, parse(query))
    assert (html(shown.title), html(shown.text)) == (title, text)


@pytest.mark.parametrize("at", [0, 50, 99])
def test_a_long_paragraph_is_cut_around_the_words(
    make_draft: Callable[..., Draft], at: int
) -> None:
    shown = html(passage(make_draft(body=(LONG,)), parse(f"từ{at}")).text)
    assert f"<mark>từ{at}</mark>" in shown
    assert len(shown.strip("… ").split()) == WINDOW
    assert (shown.startswith("… "), shown.endswith(" …")) == (at > 0, at < 99)


def test_an_article_without_text_has_an_empty_passage(make_draft: Callable[..., Draft]) -> None:
    assert passage(make_draft(body=()), parse("tin")).text == ()
