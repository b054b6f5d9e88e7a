"""``/metrics`` for Prometheus: the figures of the whole installation, read at each scrape."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from pipelines.store.faults import StoreError
from pipelines.store.figures import Figure, figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prometheus_client import Metric

    from console.archive import Archive

KINDS = {"gauge": GaugeMetricFamily, "counter": CounterMetricFamily}


class Figures(Collector):
    """Hands one reading of the store to prometheus_client."""

    def __init__(self, found: Iterable[Figure]) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """Give each figure as a metric family."""
        for figure in self._found:
            family = KINDS[figure.kind](figure.name, figure.says, labels=figure.labels)
            for labels, value in figure.samples:
                family.add_metric(labels, value)
            yield family


def metrics(archive: Archive) -> APIRouter:
    """Make the route; 503 when the store does not answer, so that Prometheus says "down"."""
    router = APIRouter(include_in_schema=False)

    @router.get("/metrics")
    def scrape() -> Response:
        try:
            with archive.read() as conn:
                found = list(figures(conn, datetime.now(UTC)))
        except (SQLAlchemyError, StoreError) as error:
            return Response(
                f"the store does not answer: {type(error).__name__}\n",
                HTTPStatus.SERVICE_UNAVAILABLE,
            )
        registry = CollectorRegistry(auto_describe=False)
        registry.register(Figures(found))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router
