"""What OpenAPI says of the API is what the API answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipelines.records import Draft
    from tests.conftest import Desk

    Ask = Callable[..., tuple[int, str]]

TYPES: dict[str, type] = {
    "string": str, "integer": int, "number": float, "array": list, "object": dict,
    "null": type(None),
}  # fmt: skip


@pytest.fixture
def document(ask: Ask) -> dict[str, Any]:
    """Give the OpenAPI document."""
    found: dict[str, Any] = json.loads(ask("/api/openapi.json", {})[1])
    return found


def require(value: object, schema: Mapping[str, Any], where: str = "") -> None:
    """Fail where a value is not as its schema says, or has what that does not name."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, TYPES[one]) for one in kinds), (where, value)
    if isinstance(value, list):
        for one in value:
            require(one, schema["items"], f"{where}[]")
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema.get("required", ())) <= set(value), where
        assert set(value) <= set(schema["properties"]), where
        for name, one in value.items():
            require(one, schema["properties"][name], f"{where}.{name}")


def schema_of(document: Mapping[str, Any], path: str, status: str = "200") -> Mapping[str, Any]:
    (content,) = document["paths"][path]["get"]["responses"][status]["content"].values()
    found: Mapping[str, Any] = content["schema"]
    return found


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/api/articles", {"q": "dân vận"}),
        ("/api/articles/{article_id}", {}),
        ("/api/articles/{article_id}/diff", {}),
        ("/api/count", {"by": "month"}),
    ],
)
def test_answers_are_as_described(
    ask: Ask, desk: Desk, make_draft: Callable[..., Draft], document: dict[str, Any],
    path: str, asked: dict[str, str],
) -> None:  # fmt: skip
    text = "Ngày 4/10, ông Nguyễn Văn An, Bí thư Huyện ủy, dự hội thi dân vận với {} hộ ở An Giang."
    desk.bring(make_draft(body=(text.format(120),)))
    desk.bring(make_draft(body=(text.format(140),)))
    answer = json.loads(ask(path.format(article_id=1), asked)[1])
    assert answer
    require(answer, schema_of(document, path))


def test_problems_are_as_described(ask: Ask, document: dict[str, Any]) -> None:
    for path, told in document["paths"].items():
        missing = ask(path.format(article_id=9), {"q": '"'})[1]
        require(json.loads(missing), schema_of(document, path, "404" if "{" in path else "400"))
        assert told["get"]["summary"]


def test_every_parameter_is_told_of_in_words(ask: Ask, document: dict[str, Any]) -> None:
    told = [one for path in document["paths"].values() for one in path["get"]["parameters"]]
    assert len(told) > 30
    assert all(one["description"] for one in told)
    page = ask("/api", {}, "text/html")[1]
    assert all(f"<code>{one['name']}</code>" in page for one in told)
