"""Surveys: short crawls of a site that store nothing."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from cli.session import notes, require_web_address
from config.settings import load_settings
from crawler.network.addresses import is_loopback
from crawler.trouble import trouble_of
from pipelines.errors import Retry
from pipelines.plural import counted
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from crawler.survey.survey import Survey
    from pipelines.clean.isolated import IsolatedCleaner
    from pipelines.store.runs import RunParams

READ = (Outcome.NOT_REACHED, Outcome.OVER_LIMIT, Outcome.KNOWN)


@contextmanager
def surveying(
    url: str,
) -> Iterator[tuple[Callable[[Mapping[Outcome, int]], None], IsolatedCleaner]]:
    """Show on stderr how far a survey of ``url`` is, and lend a cleaner."""
    from pipelines.clean.isolated import IsolatedCleaner

    require_web_address(url)
    status = notes.status(f"reading {url}")

    def watch(totals: Mapping[Outcome, int]) -> None:
        read = sum(n for outcome, n in totals.items() if outcome not in READ)
        left = totals.get(Outcome.NOT_REACHED, 0)
        status.update(
            f"reading {url}: {counted(read, 'page')} read, {counted(left, 'article')} to go"
        )

    with status, closing(IsolatedCleaner(load_settings().clean_timeout)) as cleaner:
        yield watch, cleaner


def require_answer(found: Survey) -> None:
    """Raise Retry("survey.unread") where the site gave no page at all."""
    if found.fault and not any(visit.page for visit in found.visits):
        ends = [(visit.outcome, visit.detail) for visit in found.visits]
        _, said = trouble_of(found.fault, urljoin(found.url, "/").rstrip("/"), ends, ())
        raise Retry("survey.unread", said, url=found.url)


def survey_params(url: str, base_url: str, limit: int | None = None) -> RunParams:
    """Make a survey's parameters; only this machine's own addresses are asked without a pause."""
    from pipelines.store.runs import RunParams

    if base_url:
        require_web_address(base_url)
    delay = 0.0 if is_loopback(base_url or url) else None
    return RunParams(base_url=base_url, url=url, limit=limit, delay=delay)
