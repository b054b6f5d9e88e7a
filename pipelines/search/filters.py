"""The tokens that an article must have to pass the filters of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.search.spelt import organisation_token
from pipelines.search.words import (
    document_token,
    label_token,
    person_token,
    portal_token,
    unit_token,
)

if TYPE_CHECKING:
    from pipelines.store.finding import ArticleQuery


def filter_tokens(q: ArticleQuery) -> list[str]:
    """Give the tokens of everything but words and time that a query asks for."""
    named = [unit_token(part) for part in q.unit.split(",") if part.strip()]
    named += [unit_token(part, today=True) for part in q.unit_today.split(",") if part.strip()]
    named += [document_token(q.document)] if q.document else []
    named += [person_token(q.person)] if q.person else []
    named += [organisation_token(q.organisation)] if q.organisation else []
    named += [label_token("topic", q.topic)] if q.topic else []
    named += [label_token("kind", q.kind)] if q.kind else []
    return [*named, portal_token(q.portal)] if q.portal else named
