"""Tell the operator: grouped, rate-limited messages by signed webhook and by mail.

A message that cannot be delivered is tried again, later each time, and given up after TRIES; the
portals' states stay visible in gomtin status all the same. Secrets are never logged.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Protocol
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pipelines.store.alerts import claim_events, settle_events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from config.settings import Settings
    from pipelines.store.engine import Store
    from pipelines.store.outbox import Event

log = logging.getLogger(__name__)

SECONDS = 15.0  # for one delivery
TRIES = 8  # 1 + 2 + 4 + ... + 64 minutes: two hours
FIRST_WAIT = timedelta(minutes=1)
SHOWN = 40  # lines of a mail
PORTALS_NAMED = 3  # as many as a subject holds
SMTP_PORTS = {"smtp": 587, "smtps": 465}


class Way(Protocol):
    """A way of telling; ``name`` keeps its place in the store."""

    name: str

    def send(self, message: dict[str, Any], now: datetime) -> None:
        """Deliver; raise OSError, HTTPException or ValueError when it could not be."""
        ...


class Alerts:
    """Tells what is new by every way that the settings name."""

    def __init__(self, store: Store, ways: Sequence[Way], every: timedelta) -> None:
        self._store = store
        self._ways = ways
        self._every = every

    def tell(self, now: datetime) -> None:
        """Deliver what is due; a way that fails holds up no other."""
        for way in self._ways:
            with self._store.begin() as conn:
                events, tries = claim_events(conn, way.name, now)
            if events:
                self._deliver(way, events, tries, now)

    def _deliver(self, way: Way, events: Sequence[Event], tries: int, now: datetime) -> None:
        wait, left = self._every, 0
        try:
            way.send(message_of(events), now)
        except (OSError, HTTPException, ValueError) as error:  # ValueError: what cannot be encoded
            left = tries + 1
            wait = FIRST_WAIT * 2**tries
            log.warning("the %s is not delivered (try %d): %s", way.name, left, _said(error))
            if left >= TRIES:
                wait, left = self._every, 0
                log.critical("%d alerts are given up for the %s", len(events), way.name)
        with self._store.begin() as conn:
            settle_events(conn, way.name, events, now + wait, left)


def ways_of(settings: Settings) -> list[Way]:
    """Make the ways that the settings name."""
    ways: list[Way] = []
    if settings.alert_webhook:
        ways.append(Webhook(settings.alert_webhook, settings.alert_secret))
    if settings.alert_mail_to:
        ways.append(Mail(settings))
    return ways


def message_of(events: Sequence[Event]) -> dict[str, Any]:
    """Group events into one message; an event keeps its ``id`` when it is delivered again."""
    numbers: dict[str, int] = {}
    for event in events:
        numbers[event.type] = numbers.get(event.type, 0) + 1
    names = {
        "portal.degraded": "findings", "portal.recovered": "recovered",
        "draft.buried": "dead letters",
    }  # fmt: skip
    counts = ", ".join(f"{number} {names[kind]}" for kind, number in numbers.items())
    portals = sorted({str(event.payload["portal"]) for event in events})
    rest = len(portals) - PORTALS_NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return {
        "id": f"{events[0].id}-{events[-1].id}",
        "version": "1",
        "summary": f"gomtin: {counts}: {', '.join(portals[:PORTALS_NAMED])}{more}",
        "events": [
            {
                "id": event.id,
                "type": event.type,
                "at": event.created_at.isoformat(),
                "portal": event.payload["portal"],
                "code": event.payload.get("code", ""),
                "level": event.payload.get("level", ""),
                "reason": event.payload.get("reason", ""),
            }
            for event in events
        ],
    }


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Sign what is sent: HMAC-SHA256 over the timestamp, a point and the body."""
    made = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={made.hexdigest()}"


class _NoRedirect(HTTPRedirectHandler):
    """A signed message goes where the operator said, nowhere else."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


class Webhook:
    """Posts JSON, signed, to one address."""

    name = "webhook"

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._secret = secret
        self._opener = build_opener(_NoRedirect)

    def send(self, message: dict[str, Any], now: datetime) -> None:
        """Deliver; raise OSError for anything but a 2xx answer."""
        body = json.dumps(message, ensure_ascii=False).encode()
        timestamp = str(int(now.timestamp()))
        request = Request(self._url, body, method="POST")  # noqa: S310 - the settings allow http(s) only
        request.add_header("Content-Type", "application/json; charset=utf-8")
        request.add_header("User-Agent", "gomtin")
        request.add_header("X-Gomtin-Timestamp", timestamp)
        request.add_header("X-Gomtin-Signature", signature(self._secret, timestamp, body))
        self._opener.open(request, timeout=SECONDS).close()


class Mail:
    """Sends mail by SMTP, with TLS unless the server stands on this machine."""

    name = "mail"

    def __init__(self, settings: Settings) -> None:
        self._server = urlsplit(settings.smtp)
        self._password = settings.smtp_password
        self._to = settings.alert_mail_to
        self._sender = settings.alert_mail_from or settings.alert_mail_to.partition(",")[0].strip()

    def send(self, message: dict[str, Any], now: datetime) -> None:
        """Deliver; raise OSError (smtplib's errors are such)."""
        mail = EmailMessage()
        mail["Subject"] = message["summary"]
        mail["From"], mail["To"] = self._sender, self._to
        mail["Date"] = now
        mail["Message-ID"] = f"<{message['id']}@gomtin.{self._server.hostname}>"
        mail.set_content(text_of(message))
        with self._connect() as server:
            if self._server.username:
                server.login(unquote(self._server.username), self._password)
            server.send_message(mail)

    def _connect(self) -> smtplib.SMTP:
        host = self._server.hostname or "localhost"
        port = self._server.port or SMTP_PORTS[self._server.scheme]
        if self._server.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
        server = smtplib.SMTP(host, port, timeout=SECONDS)
        if host not in {"localhost", "127.0.0.1", "::1"}:
            server.starttls(context=ssl.create_default_context())
        return server


def text_of(message: dict[str, Any]) -> str:
    """Give a message as lines for a person."""
    lines = [
        f"{one['at'][:16]}Z  {one['portal']}: {one['type']} {one['code']} {one['reason']}".rstrip()
        for one in message["events"][:SHOWN]
    ]
    rest = len(message["events"]) - SHOWN
    if rest > 0:
        lines.append(f"... and {rest} more")
    return "\n".join([*lines, "", "gomtin status and gomtin failures tell more."]) + "\n"


def _said(error: Exception) -> str:
    """Say what went wrong without the address: its path may be a secret."""
    if isinstance(error, HTTPError):
        error.close()
        return f"the answer was {error.code}"
    reason = error.strerror if isinstance(error, OSError) else None
    return f"{type(error).__name__}: {reason or getattr(error, 'reason', None) or 'no answer'}"
