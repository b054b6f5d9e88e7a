"""The columns of exported articles, as docs/export.md and Parquet have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.article_columns import COLUMNS, JSON_ONLY

if TYPE_CHECKING:
    import pyarrow as pa


def markdown() -> str:
    """Give the table of docs/export.md."""
    rows = [
        f"| `{one.name}` | {_shown(one.kind)} | {one.meaning} | {'yes' if one.csv else ''} |"
        for one in COLUMNS
    ]
    rows += [f"| `{name}` | JSON only | {meaning} | |" for name, meaning in JSON_ONLY]
    return "\n".join(["| column | type | meaning | CSV |", "| --- | --- | --- | --- |", *rows])


def _shown(kind: str) -> str:
    if " " not in kind:
        return {"texts": "list of text", "integers": "list of integer"}.get(kind, kind)
    return "list of {" + ", ".join(part.split()[0] for part in kind.split(", ")) + "}"


def arrow_schema() -> pa.Schema:
    """Give the columns as Parquet has them; the version stands in its metadata."""
    import pyarrow as pa

    from pipelines.store.articles import SCHEMA

    simple = {
        "text": pa.string(), "texts": pa.list_(pa.string()), "integer": pa.int64(),
        "integers": pa.list_(pa.int64()),
        "number": pa.float64(), "day": pa.date32(),
        "time": pa.timestamp("ms", tz="Asia/Ho_Chi_Minh"),
    }  # fmt: skip

    def typed(kind: str) -> pa.DataType:
        if kind in simple:
            return simple[kind]
        parts = (part.split() for part in kind.split(", "))
        return pa.list_(pa.struct([(name, simple[of]) for name, of in parts]))

    fields = [(one.name, typed(one.kind)) for one in COLUMNS]
    return pa.schema(fields, metadata={"gomtin.schema": str(SCHEMA)})
