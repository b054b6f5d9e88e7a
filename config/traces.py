"""Traces of pages from slot to event, where OTEL_EXPORTER_OTLP_ENDPOINT names a collector.

Without one nothing is imported, and every span is the same empty object. The ``context`` of a span
(W3C's traceparent) goes from process to process through the store, as the work itself does: there
it names the parent of what is done next, whoever does it and however late.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from config.collector import Sender

    Facts = Mapping[str, str | int | float]

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
LAST_SECONDS = 1.0  # at the end of a process, for a collector that is slow or dead


class Span:
    """A piece of work under way, here one that is not traced: its ``context`` is ""."""

    __slots__ = ("context",)

    def __init__(self, context: str = "") -> None:
        self.context = context

    def tell(self, facts: Facts) -> None:
        """Add what has come out of the work."""

    def end(self, fault: str = "", *, at: datetime | None = None) -> None:
        """End the work now or ``at`` a moment; ``fault`` says why it failed."""


NO_SPAN = Span()


class _Process:
    """The one way out for the spans of this process, None where nothing is traced."""

    sender: Sender | None = None


_here = _Process()


def are_wanted() -> bool:
    """Tell whether the environment names a collector (OpenTelemetry's own variables)."""
    disabled = os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return not disabled and any(os.environ.get(name) for name in ENDPOINTS)


def start_tracing(role: str) -> None:
    """Send the spans of this process from now on, if that is wanted.

    It starts a thread: whoever forks does it before, and each child starts its own tracing.
    """
    if are_wanted():
        from config.collector import Sender  # noqa: PLC0415 - 0.1 s, only where traces are sent

        _here.sender = Sender(role)


def stop_tracing() -> None:
    """Send what is left, for at most LAST_SECONDS."""
    if sender := _own_sender():
        sender.close(LAST_SECONDS)
    _here.sender = None


def send_soon() -> None:
    """Send what has ended so far without waiting for a full batch, and without waiting for it."""
    if sender := _own_sender():
        sender.send_soon()


def _own_sender() -> Sender | None:
    """Give the sender that this process has started, not one that it was forked with."""
    sender = _here.sender
    return sender if sender is not None and sender.pid == os.getpid() else None


def begin(
    name: str,
    parent: str | None,
    facts: Facts | None = None,
    *,
    at: datetime | None = None,
) -> Span:
    """Begin a span now or ``at`` a moment, under the context ``parent``.

    None: a trace begins with it. "": what it belongs to is not traced, and so it is not.
    """
    sender = None if parent == "" else _own_sender()
    return sender.begin(name, parent, facts, at) if sender else NO_SPAN


@contextmanager
def span(name: str, parent: str | None, facts: Facts | None = None) -> Iterator[Span]:
    """Trace the work of a block; an exception is its fault, and goes on."""
    begun = begin(name, parent, facts)
    try:
        yield begun
    except BaseException as error:
        begun.end(f"{type(error).__name__}: {error}")
        raise
    begun.end()
