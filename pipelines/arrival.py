"""Everything about an arriving draft that can be computed before the archive is locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from pipelines.classify import classify
from pipelines.classify.models import shipped
from pipelines.classify.taxonomy import taxonomy
from pipelines.clean.gazetteer import gazetteer
from pipelines.clean.names import find_names
from pipelines.codec import draft_to_json
from pipelines.dedupe.normal import files_key
from pipelines.dedupe.sketch import fingerprint
from pipelines.dedupe.verify import Text
from pipelines.search.entry import indexed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.classify.models import Models
    from pipelines.clean.names import Named
    from pipelines.dedupe.sketch import Fingerprint
    from pipelines.records import Draft, Label
    from pipelines.search.entry import Indexed
    from pipelines.store.inbox import InboxRow


def warm_up() -> None:
    """Read what preparing needs (0.2 s), for a process whose children are then to share it."""
    taxonomy()
    shipped()
    gazetteer()


def sketched(draft: Draft) -> Fingerprint:
    """Make the fingerprint of a draft."""
    return fingerprint(draft.title, draft.body)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft with what is found in it; ``payload`` is its JSON form."""

    draft: Draft
    payload: Mapping[str, Any]
    fingerprint: Fingerprint
    labels: tuple[Label, ...]
    words: Indexed
    named: Named

    @classmethod
    def of(
        cls, draft: Draft, unit: str, models: Models | None = None, own: Fingerprint | None = None
    ) -> Self:
        """Compute all of it; ``unit`` is the portal's own administrative unit.

        ``own``: the draft's fingerprint where it has been made.
        """
        named = find_names(draft)
        return cls(
            draft=draft,
            payload=draft_to_json(draft),
            fingerprint=own or sketched(draft),
            labels=classify(draft, unit=unit, models=models),
            words=indexed(draft, unit, named),
            named=named,
        )

    @property
    def text(self) -> Text:
        """Give the words that are compared."""
        draft = self.draft
        return Text(draft.title, draft.body, draft.dateline or draft.source or "")

    @property
    def files(self) -> str:
        """Give which files the article links to, as one short key; "" for none."""
        return files_key(self.draft.attachments)

    @property
    def document_key(self) -> str:
        """Give the identity within the portal: the CMS's own, else the canonical address."""
        return self.draft.document_key or self.draft.canonical_url


@dataclass(frozen=True, slots=True)
class Arrival:
    """A waiting draft on its way into the archive; ``origin`` is the portal it was taken from.

    ``trace`` is the context of the span of its ingest, if it is traced.
    """

    row: InboxRow
    prepared: Prepared
    origin: str = ""
    trace: str = ""

    @property
    def document(self) -> tuple[str, str]:
        """Give portal and document key."""
        return self.row.portal, self.prepared.document_key

    @property
    def address(self) -> tuple[str, str]:
        """Give portal and canonical URL."""
        return self.row.portal, self.prepared.draft.canonical_url
