"""The tokens that an article must have to pass the filters of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.search.spelt import organisation_token
from pipelines.search.tokens import Tokens
from pipelines.search.words import (
    document_token,
    label_token,
    person_token,
    portal_token,
    unit_token,
)

if TYPE_CHECKING:
    from pipelines.store.finding import ArticleQuery


def filter_tokens(q: ArticleQuery) -> Tokens:
    """Give the tokens of everything but words and time that a query asks for."""
    named = [unit_token(part) for part in q.unit.split(",") if part.strip()]
    named += [unit_token(part, today=True) for part in q.unit_today.split(",") if part.strip()]
    named += [document_token(q.document)] if q.document else []
    named += [person_token(q.person)] if q.person else []
    named += [organisation_token(q.organisation)] if q.organisation else []
    named += [portal_token(q.portal)] if q.portal else []
    labels = (
        [[label_token(axis, value)] for value in said.split(",")]
        for axis, said in (("topic", q.topic), ("kind", q.kind))
        if said
    )
    return Tokens.of([*labels, [named]])
