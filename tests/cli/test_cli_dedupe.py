"""gomtin dedupe: what it says of an archive whose stories stand right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Crawled, Gomtin


@pytest.mark.parametrize("options", [[], ["--apply"]])
def test_a_rebuild_of_what_was_just_crawled_moves_nothing(
    gomtin: Gomtin, crawled: Crawled, options: list[str]
) -> None:
    answer = gomtin("dedupe", "--rebuild", *options, data=crawled.data)

    assert answer.code == 0
    assert answer.lines[-1].endswith("articles read, all stand as they should")
    assert gomtin("dedupe", "--rebuild", "--json", *options, data=crawled.data).out == ""


def test_it_wants_to_be_told_what_to_do(gomtin: Gomtin, crawled: Crawled) -> None:
    answer = gomtin("dedupe", data=crawled.data)

    assert (answer.code, answer.out) == (2, "")
    assert "gomtin dedupe --rebuild" in answer.err
