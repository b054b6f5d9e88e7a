"""What the API answers, as OpenAPI describes it: the articles' fields come from their one list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.article_columns import COLUMNS, JSON_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SIMPLE: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "integer": {"type": "integer"},
    "number": {"type": ["number", "null"]},
    "day": {"type": ["string", "null"], "format": "date"},
    "time": {"type": ["string", "null"], "format": "date-time"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "integers": {"type": "array", "items": {"type": ["integer", "null"]}},
}
OTHERS: dict[str, dict[str, Any]] = {
    "counters": {"type": "object"},
    "labels": {"type": "array", "items": {"type": "object"}},
    "schema": {"type": "integer"},
    "passage": {"type": "object"},
}


def _field(kind: str, meaning: str) -> dict[str, Any]:
    if " " not in kind:
        return SIMPLE[kind] | {"description": meaning}
    fields = dict(part.split() for part in kind.split(", "))
    item = {"type": "object", "properties": {name: SIMPLE[one] for name, one in fields.items()}}
    return {"type": "array", "items": item, "description": meaning}


def _object(properties: Mapping[str, Any], *optional: str) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": dict(properties), "required": required}


ARTICLE = _object(
    {one.name: _field(one.kind, one.meaning) for one in COLUMNS}
    | {name: OTHERS[name] | {"description": meaning} for name, meaning in JSON_ONLY},
    "passage",
)
ALSO = {
    "type": "object",
    "description": "how else words of q are looked for: UBND as Ủy ban nhân dân; by the word",
}
MISSING = {
    "type": ["string", "null"],
    "description": "what the word index may not find as long as it is being made; null: nothing",
}
ARTICLES = _object(
    {
        "articles": {"type": "array", "items": ARTICLE},
        "next": {
            "type": ["string", "null"],
            "description": "the address of the articles that follow; null: these are the last",
        },
        "also": ALSO,
        "missing": MISSING,
    }
)
CHANGES = {
    "type": "array",
    "items": _object({"removed": {"type": "string"}, "added": {"type": "string"}}),
}
_NUMBER = {"type": "integer"}
COUNTED = _object(
    {
        "stories": _NUMBER | {"description": "texts, each counted once however many printed it"},
        "articles": _NUMBER,
        "likely": {"type": "number", "description": "how many of the stories are probably right"},
        "unsure": _NUMBER | {"description": "how many more might answer"},
        "undated": _NUMBER | {"description": "how many print no date"},
        "counts": {
            "type": "array",
            "description": "a row for each value of the axes, beside stories and articles",
            "items": {"type": "object"},
        },
        "rest": _object({"rows": _NUMBER, "stories": _NUMBER, "articles": _NUMBER})
        | {"description": "how many rows follow, and what they come to; where by is given"},
        "next": {
            "type": ["string", "null"],
            "description": "the address of the rows that follow; null: these are the last",
        },
        "also": ALSO,
        "missing": MISSING,
    },
    "rest",
)
PROBLEM = _object(
    {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": _NUMBER,
        "code": {"type": "string", "description": "stable, as query.quote"},
        "detail": {"type": "string", "description": "what is wrong and what to write instead"},
    }
)
SAID = {400: "it cannot be read, or asks for what is not known", 404: "there is none"}


def answered(schema: Mapping[str, Any], *problems: int) -> dict[str, Any]:
    """Describe the answers of a route: 200, 400 and other ``problems``."""
    told: dict[int | str, Any] = {
        200: {"description": "the answer", "content": {"application/json": {"schema": schema}}}
    }
    for status in (400, *problems):
        content = {"application/problem+json": {"schema": PROBLEM}}
        told[status] = {"description": SAID[status], "content": content}
    return {"responses": told}


@dataclass(frozen=True, slots=True)
class Route:
    """An address as the page shows it, with (name, meaning) of what it takes and gives."""

    path: str
    summary: str
    takes: Sequence[tuple[str, str]]
    gives: Sequence[tuple[str, str]]


def described(document: Mapping[str, Any]) -> Iterator[Route]:
    """Read the OpenAPI document for people."""
    for path, methods in document["paths"].items():
        told = methods["get"]
        takes = [(one["name"], one.get("description", "")) for one in told.get("parameters", ())]
        schema = next(iter(told["responses"]["200"]["content"].values()))["schema"]
        schema = schema.get("items", schema) if schema.get("type") == "array" else schema
        fields = schema.get("properties", {}).items()
        gives = [(name, one.get("description", "")) for name, one in fields]
        yield Route(path, told["summary"], takes, gives)
