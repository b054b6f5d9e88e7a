"""The spans of a batch under ingest: of each draft its wait, its ingest, and the steps of that.

What is done for a whole batch at once (comparing, writing) is a step of every draft in it.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from config.traces import NO_SPAN, begin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from config.traces import Facts, Span
    from pipelines.placing import Placed
    from pipelines.store.inbox import InboxRow


class BatchTrace:
    """Follows the drafts of ``rows`` that have a trace; of others it does nothing."""

    def __init__(self, rows: Sequence[InboxRow]) -> None:
        self._spans: dict[InboxRow, Span] = {}
        for row in rows:
            begin("queue", row.trace, at=row.delivered_at).end()
            facts: Facts = {"gomtin.portal": row.portal, "gomtin.attempt": row.attempts}
            ingest = begin("ingest", row.trace, {**facts, "gomtin.batch": len(rows)})
            if ingest.context:
                self._spans[row] = ingest

    def context(self, row: InboxRow) -> str:
        """Give the context of a draft's ingest."""
        return self._spans.get(row, NO_SPAN).context

    @contextmanager
    def step(self, name: str, rows: Sequence[InboxRow]) -> Iterator[None]:
        """Trace what is done for these drafts; what fails is the fault of its step."""
        began = datetime.now(UTC)
        fault = ""
        try:
            yield
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
            raise
        finally:
            for row in rows:
                begin(name, self.context(row), at=began).end(fault)

    def end(self, placed: Sequence[Placed], broken: Mapping[InboxRow, Exception]) -> None:
        """End the ingest of each draft: what it became, or what it broke."""
        for one in placed:
            span = self._spans.pop(one.arrival.row, NO_SPAN)
            span.tell({"gomtin.outcome": one.outcome.value, "gomtin.article": one.article_id})
            span.end()
        for row, error in broken.items():
            self._spans.pop(row, NO_SPAN).end(f"{type(error).__name__}: {error}")
        for span in self._spans.values():
            span.end("another process stored it")
