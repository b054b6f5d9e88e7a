"""Alerts reach a real web server and a real SMTP session: signed, grouped, bounded."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError

import pytest

from bench.mail_server import mail_server
from config.settings import Settings
from pipelines.store.alerts import claim_events
from pipelines.store.outbox import emit
from workers.alerts import TRIES, Alerts, Mail, Webhook, message_of, signature, ways_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.store.engine import Store

SECRET = "ein langes Wort"
DOCS = Path(__file__).parents[2] / "docs" / "operate.md"
NOW = datetime.now(UTC)
EVERY = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)


class Kept:
    """A way of telling that keeps its messages, and fails as long as it is told to."""

    name = "kept"

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.fails = False
        self.tries = 0

    def send(self, message: dict[str, Any], now: datetime) -> None:
        assert now
        self.tries += 1
        if self.fails:
            raise ConnectionRefusedError(111, "refused")
        self.messages.append(message)


def degrade(store: Store, portal: str, now: datetime = NOW) -> None:
    with store.begin() as conn:
        told = {"portal": portal, "code": "selector.body", "level": "broken", "reason": "tất cả"}
        emit(conn, "portal.degraded", told, now)
        emit(conn, "article.stored", {"article_id": 1, "portal": portal}, now)


def test_events_are_told_once_grouped_and_not_too_often(store: Store) -> None:
    way = Kept()
    alerts = Alerts(store, [way], EVERY)
    degrade(store, "old")
    alerts.tell(NOW)  # what was before there were alerts is not told
    assert way.messages == []
    degrade(store, "a")
    degrade(store, "b")
    alerts.tell(NOW)
    degrade(store, "c")
    alerts.tell(NOW + MINUTE)
    assert [message["summary"] for message in way.messages] == ["gomtin: 2 findings: a, b"]
    Alerts(store, [way], EVERY).tell(NOW + EVERY)  # another process goes on where this one was
    alerts.tell(NOW + 2 * EVERY)
    assert [[one["portal"] for one in each["events"]] for each in way.messages] == [
        ["a", "b"],
        ["c"],
    ]


def test_an_event_that_is_committed_late_is_told(store: Store) -> None:
    way = Kept()
    alerts = Alerts(store, [way], timedelta(0))
    alerts.tell(NOW)
    for portal in ("late", "a"):
        degrade(store, portal)
    with store.begin() as conn:  # as if its transaction were still open
        conn.exec_driver_sql("UPDATE outbox SET type = 'x' WHERE id = 1")
    alerts.tell(NOW)
    with store.begin() as conn:
        conn.exec_driver_sql("UPDATE outbox SET type = 'portal.degraded' WHERE id = 1")
    alerts.tell(NOW)
    assert [one["events"][0]["portal"] for one in way.messages] == ["a", "late"]


def test_what_cannot_be_delivered_is_tried_again_and_given_up(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    way, other = Kept(), Kept()
    other.name, way.fails = "other", True
    alerts = Alerts(store, [way, other], EVERY)
    alerts.tell(NOW)
    degrade(store, "a")
    at = NOW
    for _ in range(140):  # minutes: the tries end after two hours
        alerts.tell(at)
        at += MINUTE
    assert (way.tries, len(other.messages)) == (TRIES, 1)
    assert "1 alerts are given up for the kept" in caplog.text
    way.fails = False
    degrade(store, "b")
    alerts.tell(at)
    assert [one["portal"] for each in way.messages for one in each["events"]] == ["b"]


@pytest.mark.parametrize("url", ["http://a..b/secret", "http://127.0.0.1/ă"])
def test_an_address_that_cannot_be_asked_does_not_end_who_tells(
    store: Store, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    alerts = Alerts(store, [Webhook(url, SECRET)], EVERY)
    alerts.tell(NOW)
    degrade(store, "a")
    alerts.tell(NOW)
    assert "the webhook is not delivered (try 1): Unicode" in caplog.text
    assert "secret" not in caplog.text


def test_what_one_process_delivers_no_other_takes(store: Store) -> None:
    with store.begin() as conn:
        claim_events(conn, "kept", NOW)
    degrade(store, "a")
    taken = []
    for at in (NOW, NOW + MINUTE, NOW + 3 * MINUTE):  # the first process died after its claim
        with store.begin() as conn:
            taken.append(len(claim_events(conn, "kept", at)[0]))
    assert taken == [1, 0, 1]


# ---- the consumer of the documentation


@pytest.fixture
def consumer(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program of the documentation, running, and its address."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    program = tmp_path / "consumer.py"
    program.write_text(code, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, program, str(port)],
        env=os.environ | {"GOMTIN_ALERT_SECRET": SECRET, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except ConnectionRefusedError:
            continue
    yield process, f"http://127.0.0.1:{port}/"
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_the_documented_consumer_takes_only_what_is_genuine_and_new(
    store: Store, consumer: tuple[subprocess.Popen[str], str]
) -> None:
    process, url = consumer
    message = message_of(events := _events(store))
    Webhook(url, SECRET).send(message, datetime.now(UTC))
    Webhook(url, SECRET).send(message, datetime.now(UTC))
    for way, at in ((Webhook(url, "guessed"), timedelta(0)), (Webhook(url, SECRET), -2 * EVERY)):
        with pytest.raises(HTTPError, match="401"):
            way.send(message, datetime.now(UTC) + at)
    process.terminate()
    assert process.stdout is not None
    assert process.stdout.read().splitlines() == ["a portal.degraded tất cả"]
    assert len(events) == 1


def _events(store: Store) -> Any:
    with store.begin() as conn:
        claim_events(conn, "x", NOW)
    degrade(store, "a")
    with store.begin() as conn:
        return claim_events(conn, "x", NOW)[0]


def test_the_signature_is_of_timestamp_and_body() -> None:
    signed = signature("k", "1", b"{}")
    assert signed.startswith("v1=")
    assert len({signed, signature("k", "2", b"{}"), signature("k", "1", b"{ }")}) == 3


def test_a_secret_is_neither_shown_nor_logged(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(
        alert_webhook="http://127.0.0.1:1/hook/token-in-path", alert_secret=SECRET,
        smtp="smtp://ops@127.0.0.1:1", smtp_password="passwort", alert_mail_to="ops@example.vn",
    )  # fmt: skip
    alerts = Alerts(store, ways_of(settings), EVERY)
    alerts.tell(NOW)
    degrade(store, "a")
    alerts.tell(NOW)
    assert caplog.text.count("is not delivered (try 1)") == 2
    for secret in (SECRET, "token-in-path", "passwort"):
        assert secret not in caplog.text + repr(settings)
    with pytest.raises(URLError):
        Webhook(settings.alert_webhook, SECRET).send({"events": []}, NOW)


# ---- mail


def test_a_mail_says_what_is_wrong(store: Store) -> None:
    message = message_of(_events(store))
    mails: list[str] = []
    with mail_server(mails) as port:
        settings = Settings(smtp=f"smtp://127.0.0.1:{port}", alert_mail_to="a@x.vn, b@x.vn")
        Mail(settings).send(message, NOW)
    (mail,) = mails
    assert "Subject: gomtin: 1 findings: a" in mail
    assert "To: a@x.vn, b@x.vn" in mail
    assert "a: portal.degraded selector.body tất cả" in mail
