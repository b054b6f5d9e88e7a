"""The columns of an export: the documentation and the record tell the same."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyarrow import parquet

from cli.export_schema import arrow_schema, markdown
from pipelines.article_columns import COLUMNS, JSON_ONLY
from pipelines.store.articles import SCHEMA

if TYPE_CHECKING:
    from tests.cli.conftest import Crawled, Gomtin

DOC = Path(__file__).parents[2] / "docs" / "export.md"


def test_the_documentation_lists_the_columns_of_this_version() -> None:
    text = DOC.read_text("utf-8")
    assert markdown() in text
    assert f"## Columns (schema {SCHEMA})" in text


def test_every_field_of_the_record_is_a_column(gomtin: Gomtin, crawled: Crawled) -> None:
    for row in gomtin("articles", "xã", "--json", "--limit", "3", data=crawled.data).rows:
        assert set(row) == {one.name for one in COLUMNS} | {name for name, _ in JSON_ONLY}
        assert row["schema"] == SCHEMA


def test_parquet_has_the_values_of_the_record(
    gomtin: Gomtin, crawled: Crawled, tmp_path: Path
) -> None:
    file = tmp_path / "all.parquet"
    gomtin("articles", "--format", "parquet", "--output", file, data=crawled.data)
    table = parquet.read_table(file)
    assert table.schema.names == arrow_schema().names
    assert table.schema.metadata[b"gomtin.schema"] == str(SCHEMA).encode()
    rows = gomtin("articles", "--json", data=crawled.data).rows
    times = [column.name for column in COLUMNS if column.kind == "time"]
    for found, row in zip(table.to_pylist(), rows, strict=True):
        for name in times:
            moment = row[name] and datetime.fromisoformat(row[name])
            written = found.pop(name)
            assert written == moment or abs(written - moment) < timedelta(milliseconds=1)
        assert json.loads(json.dumps(found, default=str)) == {name: row[name] for name in found}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--since-event", "1"], "--since-event exports"),
        (["--json", "--since-event", "1", "--limit", "2"], "--limit would leave changes out"),
        (["--json", "--since-event", "/proc"], "/proc cannot be read: Is a directory"),
    ],
)
def test_wrong_use_of_since_event(
    gomtin: Gomtin, crawled: Crawled, options: list[str], said: str
) -> None:
    answer = gomtin("articles", *options, data=crawled.data)
    assert answer.code != 0
    assert said in answer.err


def test_an_export_goes_on_where_the_last_one_ended(
    gomtin: Gomtin, crawled: Crawled, tmp_path: Path
) -> None:
    file = tmp_path / "event"
    command = ("articles", "--json", "--since-event", file)
    first = gomtin(*command, data=crawled.data)
    everything = gomtin("articles", "--json", data=crawled.data)
    assert first.out == everything.out
    last = int(file.read_text())
    assert first.err == f"{len(first.rows)} articles written\nlast event {last}\n"
    assert gomtin(*command, data=crawled.data).out == ""
    some = gomtin("articles", "--json", "--since-event", str(last - 1), data=crawled.data)
    assert len(some.rows) == 1
