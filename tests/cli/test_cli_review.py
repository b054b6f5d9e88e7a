"""gomtin review, train and show --why over one archive, as a person uses them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Answer, Gomtin


def answer(gomtin: Gomtin, patch: pytest.MonkeyPatch, keys: str, *arguments: str) -> Answer:
    patch.setattr("sys.stdin", io.StringIO(keys))
    return gomtin("review", *arguments)


def test_what_a_person_says_is_kept_learned_and_shown(
    gomtin: Gomtin, saved_pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gomtin("import", saved_pages, "--portal", "hiepninh").code == 0
    drawn = gomtin("review", "--json").rows
    assert drawn[0].keys() == {"id", "url", "title", "drawn", "axis", "labels"}
    assert {one["axis"] for one in drawn} == {"topic"}
    said = answer(gomtin, monkeypatch, "x\nc\nnot a topic\ny_te, giáo dục\ns\n")
    assert said.code == 0
    assert "1 reviewed" in said.out
    assert "not understood" in said.out
    (found,) = gomtin("articles", "--topic", "y_te", "--json").rows
    mine = [one for one in found["labels"] if one["how"] == "person"]
    assert [one["value"] for one in mine] == ["van_hoa_xa_hoi/y_te", "van_hoa_xa_hoi/giao_duc"]

    trained = gomtin("train", "--json")
    assert trained.code == 0
    (report,) = trained.rows
    assert report["reviewed"] == 1
    assert report["kept"]
    versions = gomtin("train", "--list", "--json").rows
    assert [one["in_use"] for one in versions] == [False, True]
    assert "in use" in gomtin("train", "--list").out
    back = gomtin("train", "--use", versions[0]["version"], "--json").rows
    assert [one["in_use"] for one in back] == [True, False]

    again = gomtin("train", "--relabel")
    assert again.code == 0
    (kept,) = gomtin("articles", "--topic", "y_te", "--json").rows
    assert [one for one in kept["labels"] if one["how"] == "person"] == mine

    assert "by a person on" in gomtin("show", str(found["id"]), "--why").out
    why = {one["axis"]: one for one in gomtin("show", str(found["id"]), "--why", "--json").rows}
    assert why["kind"]["words"]
    assert why["topic"]["words"] == []


def test_without_answers_nothing_is_trained(gomtin: Gomtin) -> None:
    trained = gomtin("train")
    assert (trained.code, trained.out) == (0, "")
    assert trained.err.startswith("nobody has answered anything in this archive")
    assert len(gomtin("train", "--list", "--json").rows) == 1


def test_nothing_to_accept_in_unsure_and_nothing_left(
    gomtin: Gomtin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.txt"
    body = "Chiều vắng, gió nhẹ qua hàng cây, mây trôi thật chậm trên mái ngói cũ rêu phong. " * 4
    page.write_text(f"Một buổi chiều vắng\n\n{body}\n", encoding="utf-8")
    assert gomtin("import", page, "--portal", "hiepninh").code == 0
    said = answer(gomtin, monkeypatch, "a\n")
    assert "0 reviewed" in said.out
    assert answer(gomtin, monkeypatch, "c\n9\n").code == 0
    assert "nothing is left" in answer(gomtin, monkeypatch, "").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("articles", "--topic", "dan_vna"), "dan_van (Xây dựng Đảng: dân vận)"),
        (("articles", "--kind", "hoi_ngi"), "hoi_nghi"),
        (("train", "--use", "1999/1"), "there is no model 1999/1"),
        (("review", "--portal", "hiepnin"), "hiepninh"),
    ],
)
def test_names_that_are_not_there(gomtin: Gomtin, arguments: tuple[str, ...], said: str) -> None:
    answered = gomtin(*arguments)
    assert answered.code == 2
    assert said in answered.err.replace("\n", " ")
