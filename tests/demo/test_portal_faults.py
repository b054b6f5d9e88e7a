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
from sqlalchemy import func, select

from bench.authority import Authority
from bench.large_world import further_articles
from config.settings import Settings
from demo.cms.fck import BaoAnGiang
from demo.cms.liferay import HongNgu
from demo.cms.nukeviet import HiepNinh
from demo.serve import HOST, POLL_SECONDS, Server
from demo.site import Request, Response, Site, page, redirect
from demo.world import World
from pipelines.health.doubt import LOOKED_AT
from pipelines.ingest import ingest
from pipelines.store.engine import open_store
from pipelines.store.health import health_of
from pipelines.store.outbox import unrelayed
from pipelines.store.runs import RunParams, create_run
from pipelines.store.schema import articles, inbox, outcomes, pages, runs
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
PORTS: dict[str, int] = {}  # a portal keeps its address: else what is read again is another's


class Newsroom(World):
    """Replicas with some more articles than their own, and ``new`` newer ones from day 2 on."""

    def __init__(self, day: int = 1, new: int = NEW) -> None:
        super().__init__(day=day)
        self.new = new

    def articles(self, portal: str) -> tuple[Article, ...]:
        made = [one for one in further_articles(portal, OLD + NEW) if one.day == 1]
        fresh = [
            one for one in made if one.slug.endswith(tuple(f"-so-{n + 1}" for n in range(NEW)))
        ]
        old = [one for one in made if one not in fresh]
        at = max(one.published for one in old).replace(day=14)
        dated = [replace(one, published=at + timedelta(days=n)) for n, one in enumerate(fresh)]
        there = [*old, *(dated[: self.new] if self.day > 1 else [])]
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

    server = Server(PORTS.get(kind.id, 0), Faulty(world), world)
    PORTS[kind.id] = server.server_address[1]
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
                drafts = conn.execute(select(inbox.c.id)).scalars().all()
                health = health_of(conn)[portal]
            ingest(store, drafts, now=datetime.now(UTC), lease_seconds=60, max_attempts=3)
            return health
        finally:
            store.close()

    def age(self, portal: str, number: int) -> None:
        """Make the newest articles due to be read again: a day old, and read before that."""
        store, now = open_store(self.settings.store_url), datetime.now(UTC)
        with store.begin() as conn:
            conn.execute(articles.update().values(dated_at=now - timedelta(days=365)))
            newest = select(articles.c.document_key).where(articles.c.portal == portal)
            keys = conn.execute(newest.order_by(articles.c.id).limit(number)).scalars().all()
            young = articles.update().where(articles.c.document_key.in_(keys))
            conn.execute(young.values(dated_at=now - timedelta(days=1, hours=1)))
            read = pages.update().where(pages.c.key.in_(keys))
            conn.execute(read.values(checked_at=now - timedelta(days=1)))
        store.close()

    def looked_at(self) -> int:
        """Count the articles of the archive that were looked at."""
        store = open_store(self.settings.store_url)
        with store.read() as conn:
            query = select(func.count()).where(outcomes.c.detail.startswith("looked at again"))
            found: int = conn.execute(query).scalar_one()
        store.close()
        return found

    def titles(self) -> dict[str, tuple[str, datetime | None]]:
        """Give what the archive has of each article: title, and when it was called gone."""
        store = open_store(self.settings.store_url)
        with store.read() as conn:
            query = select(articles.c.canonical_url, articles.c.title, articles.c.gone_at)
            found = {row[0]: (row[1], row[2]) for row in conn.execute(query)}
        store.close()
        return found

    def revised(self) -> int:
        """Count the articles that are not as they were when they came."""
        store = open_store(self.settings.store_url)
        with store.read() as conn:
            query = select(func.count()).where(articles.c.revision > 1)
            found: int = conn.execute(query).scalar_one()
        store.close()
        return found

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

GONE = Response(404, b"no")


def articles_only(fault: Fault) -> Fault:
    """Let ``fault`` befall articles alone: their listings and feeds stand."""

    def changing(request: Request, response: Response) -> Response:
        article = re.search(r"-\d+\.html$|-a\d+\.html$", request.path)
        return fault(request, response) if article else response

    return changing


FAULTS: list[tuple[str, type[Site], Fault, str, str]] = [
    ("body class renamed", HiepNinh, changed(rb"news-bodyhtml|bodytext", b"noi-dung"),
     "degraded", "selector.body"),
    ("date order flipped", HiepNinh, day_and_month, "degraded", "date."),
    ("title is the section", HiepNinh, changed(rb'(<h1[^>]*headline[^>]*>)[^<]*', rb"\1Tin tuc"),
     "degraded", "title.repeated"),
    ("wall before articles", BaoAnGiang, articles_only(always(WALL)), "broken", "site.challenge"),
    ("404 for articles", HiepNinh, articles_only(always(GONE)), "broken", "page.gone"),
    ("empty 200 for articles", HiepNinh, articles_only(always(Response(200))),
     "broken", "page.failed"),
    ("half the links lost", BaoAnGiang, every_second_link, "degraded", "listing.lost:"),
    ("moved", HiepNinh, lambda _, __: redirect("http://hiepninh.example.vn/"),
     "broken", "site.moved"),
    ("challenge wall", BaoAnGiang, always(WALL), "broken", "site.challenge"),
    ("404 for everything", BaoAnGiang, lambda _, __: GONE, "broken", "site.gone"),
    ("empty 200", BaoAnGiang, always(Response(200)), "broken", "site.empty"),
]  # fmt: skip
RHYTHMS = {"busy": NEW, "quiet": 1, "rechecks alone": 0}  # new articles since the last visit


@pytest.mark.parametrize("new", RHYTHMS.values(), ids=RHYTHMS)
@pytest.mark.parametrize(
    ("site", "fault", "state", "code"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS]
)
def test_a_fault_is_named_within_one_run(
    archive: Archive, site: type[Site], fault: Fault, state: str, code: str, new: int
) -> None:
    archive.age(site.id, 0 if new else 2)
    with served(site, Newsroom(2, new), fault) as url:
        health = archive.crawl(site.id, url)
    assert health.state == state
    assert any(one.code.startswith(code) for one in health.findings)


@pytest.mark.parametrize("bad", [1, 2])
def test_few_articles_that_are_gone_raise_no_alarm_and_are_not_asked_for_ever(
    archive: Archive, bad: int
) -> None:
    taken: set[str] = set()

    def withdrawn(request: Request, response: Response) -> Response:
        article = re.search(r"-\d+\.html$", request.path)
        if article and len(taken) < bad:
            taken.add(request.path)
        return GONE if request.path in taken else response

    archive.age("hiepninh", bad)
    with served(HiepNinh, Newsroom(2, 0), withdrawn) as url:
        assert archive.crawl("hiepninh", url).findings == ()
        assert len(taken) == bad
        assert archive.looked_at() == LOOKED_AT
        assert archive.crawl("hiepninh", url).findings == ()
        assert archive.looked_at() == LOOKED_AT
    assert archive.events() == []


def test_what_is_looked_at_in_an_ill_portal_leaves_the_archive_as_it_was(
    archive: Archive,
) -> None:
    before = archive.titles()
    for fault in (articles_only(always(GONE)), FAULTS[2][2]):
        archive.set_back()
        with served(HiepNinh, Newsroom(2, 1), fault) as url:
            assert archive.crawl("hiepninh", url).findings
        assert archive.looked_at() == LOOKED_AT
        assert before.items() <= archive.titles().items()


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("new", RHYTHMS.values(), ids=RHYTHMS)
def test_articles_read_again_keep_their_titles_while_those_of_their_portal_are_ill(
    archive: Archive, new: int, number: int
) -> None:
    """What else is corrected meanwhile is taken, and so are titles once the portal is well."""
    before, ill = archive.titles(), FAULTS[2][2]
    added = changed(rb'(id="news-bodyhtml"[^>]*>)', r"\1<div>Ban tổ chức xin lỗi.</div>".encode())
    for fault, revised in ((ill, 0), (lambda *one: added(one[0], ill(*one)), number)):
        archive.age("hiepninh", number)
        with served(HiepNinh, Newsroom(2, new), fault) as url:
            assert archive.crawl("hiepninh", url).state == "degraded"
        assert before.items() <= archive.titles().items()
        assert archive.revised() == revised

    archive.age("hiepninh", number)
    corrected = changed(rb"(<h1[^>]*headline[^>]*>[^<]*)", r"\1 (đã sửa)".encode())
    with served(HiepNinh, Newsroom(2, new), corrected) as url:
        archive.crawl("hiepninh", url)
    changes = set(archive.titles().items()) - set(before.items())
    assert (
        sum(one in before and title.endswith(" (đã sửa)") for one, (title, _) in changes) == number
    )


def test_the_end_of_a_fault_is_told_at_the_first_new_article(archive: Archive) -> None:
    for fault, new, state in ((FAULTS[0][2], 1, "degraded"), (None, 2, "well")):
        with served(HiepNinh, Newsroom(2, new), fault) as url:
            assert archive.crawl("hiepninh", url).state == state
    assert [kind for kind, _ in archive.events()] == ["portal.degraded", "portal.recovered"]


def test_an_expired_certificate_is_named_and_a_renewed_one_recovers(archive: Archive) -> None:
    now = datetime.now(UTC)
    for days, state, said in ((-1, "broken", "certificate has expired"), (30, "well", "")):
        tls = archive.authority.context(until=now + timedelta(days=days))
        with served(HiepNinh, Newsroom(2), tls=tls) as url:
            health = archive.crawl("hiepninh", url)
        assert health.state == state
        assert said in "".join(one.text for one in health.findings)
    assert [kind for kind, _ in archive.events()] == ["portal.degraded", "portal.recovered"]


def test_a_frozen_feed_is_named(archive: Archive) -> None:
    before = HiepNinh(Newsroom()).answer(Request.of("/vi/news/rss/"))

    def frozen(request: Request, now: Response) -> Response:
        return before if "/rss/" in request.path else now

    with served(HiepNinh, Newsroom(2), frozen) as url:
        health = archive.crawl("hiepninh", url)
    assert [one.code for one in health.findings] == ["feed.missed"]


def test_a_walk_that_is_silently_cut_short_is_named(archive: Archive) -> None:
    whole = HongNgu(Newsroom(2))

    def first_page_only(request: Request, response: Response) -> Response:
        later = any(name.endswith("_cur") for name in request.query)
        return whole.answer(Request.of(request.path)) if later else response

    with served(HongNgu, Newsroom()) as url:
        assert archive.crawl("hongngu", url).state == "well"
    with served(HongNgu, Newsroom(2), first_page_only) as url:
        health = archive.crawl("hongngu", url, kind="backfill")
    assert [one.code for one in health.findings] == ["walk.short"]


def test_new_articles_on_a_sound_portal_are_no_finding(archive: Archive) -> None:
    for site in (HiepNinh, BaoAnGiang):
        with served(site, Newsroom(2)) as url:
            assert archive.crawl(site.id, url).findings == ()
    assert archive.events() == []
