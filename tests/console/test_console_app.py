"""The console's answers, asked over a socket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.records import Draft

    MakeDraft = Callable[..., Draft]
    Desk = Any  # the fixture's class stands in tests/conftest.py


def test_the_words_that_a_revision_changed(desk: Desk, console: str, make_draft: MakeDraft) -> None:
    text = "Cả xã có {} hộ tham gia hội thi, nhiều hơn năm trước."
    desk.bring(make_draft(body=(text.format(120),)))
    desk.bring(make_draft(body=(text.format(140),)))
    desk.bring(make_draft(body=(text.format(120),), document_key="other", canonical_url="o"))
    with urlopen(f"{console}/api/articles/1/diff") as answer:
        assert json.load(answer) == [{"removed": "120", "added": "140"}]
    with urlopen(f"{console}/api/articles/2/diff") as answer:
        assert json.load(answer) == []
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{console}/api/articles/9/diff")
