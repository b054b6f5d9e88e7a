"""Faults injected into replica portals: real crawls name each within one run, and its end."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bench.authority import Authority
from bench.large_world import further_articles
from config.settings import Settings
from demo.cms.fck import BaoAnGiang
from demo.cms.liferay import HongNgu
from demo.cms.nukeviet import HiepNinh
from demo.serve import HOST, POLL_SECONDS, Server
from demo.site import Request, Response, Site, page, redirect
from demo.world import World
from pipelines.store.engine import open_store
from pipelines.store.health import health_of
from pipelines.store.outbox import unrelayed
from pipelines.store.runs import RunParams, create_run
from pipelines.store.schema import runs
from workers.nursery import Nursery

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from demo.content import Article
    from pipelines.store.health import Health
    from pipelines.store.runs import RunKind

    Fault = Callable[[Request, Response], Response]

OLD, NEW = 20, 10


class Newsroom(World):
    """Replicas with some more articles than their own, and ``NEW`` newer ones from day 2 on."""

    def articles(self, portal: str) -> tuple[Article, ...]:
        made = [one for one in further_articles(portal, OLD + NEW) if one.day == 1]
        fresh = [
            one for one in made if one.slug.endswith(tuple(f"-so-{n + 1}" for n in range(NEW)))
        ]
        old = [one for one in made if one not in fresh]
        at = max(one.published for one in old).replace(day=14)
        dated = [replace(one, published=at + timedelta(days=n)) for n, one in enumerate(fresh)]
        there = [*old, *(dated if self.day > 1 else [])]
        return tuple(sorted(there, key=lambda one: (one.published, one.id), reverse=True))


@contextmanager
def served(
    kind: type[Site], world: World, fault: Fault | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serve one replica, its answers changed by ``fault``; give its address."""

    class Faulty(kind):  # type: ignore[misc, valid-type]  # the site is the test's parameter
        def answer(self, request: Request) -> Response:
            response: Response = super().answer(request)
            return fault(request, response) if fault else response

    server = Server(0, Faulty(world), world)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Archive:
    """An archive whose crawls run in forked processes; it can be set back to a kept state."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data=folder)
        self.file = folder / "gomtin.sqlite3"
        self.authority = Authority(folder)
        environment = {
            **os.environ,
            "GOMTIN_DATA": str(folder),
            "GOMTIN_WITNESS_SHARE": "1",
            "SSL_CERT_FILE": str(self.authority.file),
        }
        self.nursery = Nursery(folder / "logs", env=environment)
        self.nursery.open()

    def crawl(self, portal: str, url: str, kind: RunKind = "incremental") -> Health:
        store = open_store(self.settings.store_url)
        try:
            with store.begin() as conn:
                conn.execute(runs.update().values(state="done"))
                params = RunParams(base_url=url, delay=0.0)
                run = create_run(conn, portal, kind, params, datetime.now(UTC))
            log = self.settings.data / "logs" / f"run-{run}.log"
            self.nursery.start(run, log).wait(60)
            assert "Traceback" not in log.read_text(), log.read_text()
            with store.read() as conn:
                return health_of(conn)[portal]
        finally:
            store.close()

    def events(self) -> list[tuple[str, Any]]:
        store = open_store(self.settings.store_url)
        with store.read() as conn:
            found = [(one.type, one.payload) for one in unrelayed(conn, 1_000)]
        store.close()
        return [one for one in found if one[0].startswith("portal.")]

    def close(self) -> None:
        self.nursery.close(5)

    def keep(self) -> None:
        shutil.copy(self.file, self.file.with_suffix(".kept"))

    def set_back(self) -> None:
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copy(self.file.with_suffix(".kept"), self.file)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive that has crawled two sound portals twice."""
    with contextlib.closing(Archive(tmp_path_factory.mktemp("faults"))) as made:
        for site in (HiepNinh, BaoAnGiang):
            with served(site, Newsroom()) as url:
                for _ in range(2):
                    assert made.crawl(site.id, url).findings == ()
        made.keep()
        yield made


@pytest.fixture
def archive(kept: Archive) -> Archive:
    kept.set_back()
    return kept


def changed(old: bytes, new: bytes) -> Fault:
    return lambda _, response: replace(response, body=re.sub(old, new, response.body))


def day_and_month(_: Request, response: Response) -> Response:
    swapped = rb"\2/\1/\3"
    return replace(response, body=re.sub(rb"(\d\d)/(\d\d)/(\d{4})", swapped, response.body))


def every_second_link(_: Request, response: Response) -> Response:
    """Take the link off every second article address on pages that are none."""
    pattern = re.compile(rb'href="(?:https?://[^/"]+)?/[^"]*-a\d*[02468]\.html"')
    is_article = re.search(r"-a\d+\.html$", _.path)
    return response if is_article else replace(response, body=pattern.sub(b"", response.body))


def always(response: Response) -> Fault:
    return lambda request, was: was if request.path == "/robots.txt" else response


WALL = page("<html><script>document.cookie='D1N=1';location.reload()</script></html>")

FAULTS: list[tuple[str, type[Site], Fault, str, set[str]]] = [
    ("body class renamed", HiepNinh, changed(rb"news-bodyhtml|bodytext", b"noi-dung"),
     "degraded", {"selector.body"}),
    ("date order flipped", HiepNinh, day_and_month, "degraded", {"date.order"}),
    ("title is the section", HiepNinh, changed(rb'(<h1[^>]*headline[^>]*>)[^<]*', rb"\1Tin tuc"),
     "degraded", {"title.repeated"}),
    ("half the links lost", BaoAnGiang, every_second_link, "degraded", {"listing.lost:/"}),
    ("moved", HiepNinh, lambda _, __: redirect("http://hiepninh.example.vn/"),
     "broken", {"site.moved"}),
    ("challenge wall", BaoAnGiang, always(WALL), "broken", {"site.challenge"}),
    ("404 for everything", BaoAnGiang, lambda _, __: Response(404, b"no"), "broken", {"site.gone"}),
    ("empty 200", BaoAnGiang, always(Response(200)), "broken", {"site.empty"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("site", "fault", "state", "codes"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS]
)
def test_a_fault_is_named_within_one_run(
    archive: Archive, site: type[Site], fault: Fault, state: str, codes: set[str]
) -> None:
    with served(site, Newsroom(day=2), fault) as url:
        health = archive.crawl(site.id, url)
    assert health.state == state
    assert codes <= {one.code for one in health.findings}


def test_an_expired_certificate_is_named_and_a_renewed_one_recovers(archive: Archive) -> None:
    now = datetime.now(UTC)
    for days, state, said in ((-1, "broken", "certificate has expired"), (30, "well", "")):
        tls = archive.authority.context(until=now + timedelta(days=days))
        with served(HiepNinh, Newsroom(day=2), tls=tls) as url:
            health = archive.crawl("hiepninh", url)
        assert health.state == state
        assert said in "".join(one.text for one in health.findings)
    assert [kind for kind, _ in archive.events()] == ["portal.degraded", "portal.recovered"]


def test_a_frozen_feed_is_named(archive: Archive) -> None:
    before = HiepNinh(Newsroom()).answer(Request.of("/vi/news/rss/"))

    def frozen(request: Request, now: Response) -> Response:
        return before if "/rss/" in request.path else now

    with served(HiepNinh, Newsroom(day=2), frozen) as url:
        health = archive.crawl("hiepninh", url)
    assert [one.code for one in health.findings] == ["feed.missed"]


def test_a_walk_that_is_silently_cut_short_is_named(archive: Archive) -> None:
    whole = HongNgu(Newsroom(day=2))

    def first_page_only(request: Request, response: Response) -> Response:
        later = any(name.endswith("_cur") for name in request.query)
        return whole.answer(Request.of(request.path)) if later else response

    with served(HongNgu, Newsroom()) as url:
        assert archive.crawl("hongngu", url).state == "well"
    with served(HongNgu, Newsroom(day=2), first_page_only) as url:
        health = archive.crawl("hongngu", url, kind="backfill")
    assert [one.code for one in health.findings] == ["walk.short"]


def test_new_articles_on_a_sound_portal_are_no_finding(archive: Archive) -> None:
    for site in (HiepNinh, BaoAnGiang):
        with served(site, Newsroom(day=2)) as url:
            assert archive.crawl(site.id, url).findings == ()
    assert archive.events() == []
