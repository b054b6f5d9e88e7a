"""The real crawl process against a site that misbehaves: every URL gets its one named outcome."""

from __future__ import annotations

import gzip
import re
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from sqlalchemy import select, update

from pipelines.records import Outcome
from pipelines.store import schema
from pipelines.store.finding import ArticleQuery, search
from pipelines.store.inbox import pending
from pipelines.store.overview import failures
from pipelines.store.pages import count_unfinished
from pipelines.store.runs import RunState
from pipelines.store.schema import pages, runs

if TYPE_CHECKING:
    from collections.abc import Callable

SENTENCES = (
    "Sáng 12/7, Ủy ban nhân dân phường tổ chức hội nghị sơ kết công tác sáu tháng đầu năm.",
    "Hội nghị đánh giá kết quả thực hiện các chỉ tiêu kinh tế - xã hội của địa phương.",
    "Các đại biểu thảo luận về nhiệm vụ trọng tâm sáu tháng cuối năm và giải pháp thực hiện.",
    "Phát biểu tại hội nghị, lãnh đạo phường đề nghị các ban, ngành tiếp tục phối hợp chặt chẽ.",
)


def article(number: int) -> bytes:
    """A NukeViet article page with a text of its own."""
    body = "".join(f"<p>{sentence} Tổ dân phố số {number}.</p>" for sentence in SENTENCES)
    title = f"Hội nghị sơ kết công tác của tổ dân phố số {number}"
    return f"""<html><head><meta name="generator" content="NukeViet v4.5"><title>{title}</title>
    </head><body><div class="news_column" itemtype="http://schema.org/NewsArticle">
    <h1 class="title" itemprop="headline">{title}</h1>
    <span class="h5">Thứ tư - 12/07/2023 11:{number % 60:02}</span>
    <div class="hometext">Tin của tổ dân phố số {number} về hội nghị sơ kết công tác năm.</div>
    <div id="news-bodyhtml" class="bodytext">{body}</div></div></body></html>""".encode()


def nukeviet_home(site: Any, *links: str) -> None:
    site.page("/", *links)
    home = site.answers["/"].body
    generator = b'<meta name="generator" content="NukeViet v4.5">'
    site.answers["/"] = type(site.answers["/"])(home.replace(b"<title>", generator + b"<title>"))


def put(site: Any, path: str, body: bytes, status: int = 200, **headers: str) -> None:
    kind = type(site.answers["/robots.txt"])
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    site.answers[path] = kind(body, status, named)


def test_articles_behind_listings_arrive_once_and_the_second_run_asks_none_again(
    site: Any, crawling: Any
) -> None:
    nukeviet_home(site, "/tin-tuc/", "/tin-tuc/so-1.html")
    site.page("/tin-tuc/", "/tin-tuc/so-1.html", "/tin-tuc/so-2.html", "/tin-tuc/page-2/")
    site.page("/tin-tuc/page-2/", "/tin-tuc/so-3.html", "/khac/so-2.html")
    for number in (1, 2, 3):
        put(site, f"/tin-tuc/so-{number}.html", article(number))
    run, found = crawling.crawl(site)
    assert run.state is RunState.FETCHED
    articles = {path for path, (outcome, _) in found.items() if outcome is Outcome.FETCHED}
    assert articles == {f"/tin-tuc/so-{number}.html" for number in (1, 2, 3)}
    with crawling.store.begin() as conn:
        assert pending(conn) == 3
        conn.execute(update(runs).values(state=RunState.DONE.value))
    asked = len(site.asked)
    _, again = crawling.crawl(site)
    assert {outcome for outcome, _ in again.values()} & {Outcome.FETCHED} == set()
    assert again["/tin-tuc/so-1.html"] == (Outcome.KNOWN, "fetched")
    assert not [path for path in site.asked[asked:] if path.endswith(".html")]


def test_what_a_limited_run_left_over_is_read_by_the_next_one(site: Any, crawling: Any) -> None:
    nukeviet_home(site, *(f"/tin/so-{number}.html" for number in (1, 2, 3)))
    for number in (1, 2, 3):
        put(site, f"/tin/so-{number}.html", article(number))
    _, first = crawling.crawl(site, limit=1)
    over = {path for path, (outcome, _) in first.items() if outcome is Outcome.OVER_LIMIT}
    assert len(over) == 2
    with crawling.store.begin() as conn:
        conn.execute(update(runs).values(state=RunState.DONE.value))
    nukeviet_home(site)  # the portal's listing has moved on
    _, second = crawling.crawl(site)
    assert {second[path][0] for path in over} == {Outcome.FETCHED}


def test_a_large_archive_is_walked_at_once_and_read_in_slices(site: Any, crawling: Any) -> None:
    numbers = range(1, 8)
    nukeviet_home(site, "/tin/", "/tin/so-1.html", "/tin/so-2.html")
    site.page("/tin/", "/tin/so-3.html", "/tin/so-4.html", "/tin/page-2/")
    site.page("/tin/page-2/", "/tin/so-5.html", "/tin/so-6.html", "/tin/so-7.html")
    for number in numbers:
        put(site, f"/tin/so-{number}.html", article(number))
    read: list[int] = []
    for rest in (False, True, True):
        asked = len(site.asked)
        run, found = crawling.crawl(site, kind="backfill", slice=3, rest=rest)
        assert run.state is RunState.FETCHED, run.error
        read.append(sum(outcome is Outcome.FETCHED for outcome, _ in found.values()))
        if rest:
            assert {path for path in site.asked[asked:] if not path.endswith(".html")} <= {
                "/", "/robots.txt",
            }  # fmt: skip
        with crawling.store.begin() as conn:
            conn.execute(update(runs).values(state=RunState.DONE.value))
    assert read == [3, 3, 1]
    assert sorted(path for path in site.asked if path.endswith(".html")) == [
        f"/tin/so-{number}.html" for number in numbers
    ]
    with crawling.store.read() as conn:
        assert count_unfinished(conn, run.portal) == 0


def test_what_is_left_over_keeps_the_date_that_a_door_told(site: Any, crawling: Any) -> None:
    site.page("/", "/tin-tuc/so-1", "/tin-tuc/so-2")
    items = "".join(
        f"<item><link>{site.url}/tin-tuc/so-{number}</link>"
        f"<pubDate>Wed, 0{number} Jul 2026 01:00:00 GMT</pubDate></item>"
        for number in (1, 2)
    )
    put(site, "/rss", f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())
    for number in (1, 2):
        page = article(number).replace(b"NukeViet v4.5", b"by hand")
        put(site, f"/tin-tuc/so-{number}", re.sub(rb"<span.*?</span>", b"", page))
    for _ in range(2):
        run, _ = crawling.crawl(site, limit=1, family="generic")
        assert run.state is RunState.FETCHED, run.error
        crawling.end_runs()
    crawling.ingest()
    with crawling.store.read() as conn:
        found = search(conn, ArticleQuery())
    assert sorted((one.draft.published_from, one.dated_at.date().isoformat()) for one in found) == [
        ("door:feed", "2026-07-01"),
        ("door:feed", "2026-07-02"),
    ]


def test_what_is_left_over_leaves_room_for_what_is_new(site: Any, crawling: Any) -> None:
    nukeviet_home(site, *(f"/tin/so-{number}.html" for number in range(1, 6)))
    for number in range(1, 8):
        put(site, f"/tin/so-{number}.html", article(number))
    crawling.crawl(site, slice=1)
    with crawling.store.begin() as conn:
        conn.execute(update(runs).values(state=RunState.DONE.value))
    nukeviet_home(site, "/tin/so-7.html")
    _, found = crawling.crawl(site, slice=2)
    fetched = {path for path, (outcome, _) in found.items() if outcome is Outcome.FETCHED}
    assert len(fetched) == 2
    assert "/tin/so-7.html" in fetched


def test_an_article_that_failed_is_asked_again_though_no_door_shows_it(
    site: Any, crawling: Any
) -> None:
    nukeviet_home(site, "/tin/so-1.html", "/tin/so-2.html")
    put(site, "/tin/so-1.html", article(1))
    site.answers["/tin/so-2.html"] = type(site.answers["/robots.txt"])(b"", 418)
    _, first = crawling.crawl(site)
    assert first["/tin/so-2.html"] == (Outcome.FAILED, "http.418")
    crawling.end_runs()
    nukeviet_home(site, "/tin/so-3.html")
    for number in (2, 3):
        put(site, f"/tin/so-{number}.html", article(number))
    _, second = crawling.crawl(site)
    fetched = {path for path, (outcome, _) in second.items() if outcome is Outcome.FETCHED}
    assert fetched == {"/tin/so-2.html", "/tin/so-3.html"}


HOSTILE: list[tuple[str, Callable[[], tuple[bytes, int, dict[str, str]]], set[Outcome]]] = [
    ("empty", lambda: (b"", 200, {}), {Outcome.EMPTY}),
    ("too-large", lambda: (b"<p>" + b"x" * 11_000_000, 200, {}), {Outcome.TOO_LARGE}),
    (
        "cut-gzip",
        lambda: (gzip.compress(article(7))[:-30], 200, {"Content-Encoding": "gzip"}),
        {Outcome.BAD_CONTENT},
    ),
    (
        "no-gzip",
        lambda: (b"not gzip at all", 200, {"Content-Encoding": "gzip"}),
        {Outcome.BAD_CONTENT},
    ),
    ("nul", lambda: (b"\x00" * 5_000, 200, {}), {Outcome.BAD_CONTENT, Outcome.EMPTY}),
    (
        "no-charset",
        lambda: (b"<p>" + bytes(range(128, 256)) * 40, 200, {}),
        {Outcome.BAD_ENCODING},
    ),
    (
        "attributes",
        lambda: (
            b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">x</p>",
            200,
            {},
        ),
        {Outcome.TOO_LARGE, Outcome.BAD_CONTENT},
    ),
    ("flat", lambda: (b"<i></i>" * 1_000_000, 200, {}), {Outcome.TOO_LARGE, Outcome.BAD_CONTENT}),
    ("nested", lambda: (b"<b>" * 100_000, 200, {}), {Outcome.TOO_LARGE, Outcome.BAD_CONTENT}),
    (
        "d1n",
        lambda: (
            b'<script>document.cookie="D1N=' + b"0" * 32 + b'"+"; path=/";'
            b"window.location.reload(true);</script>",
            200,
            {},
        ),
        {Outcome.CHALLENGE},
    ),
    ("gone", lambda: (b"", 404, {}), {Outcome.GONE}),
    ("denied", lambda: (b"", 403, {}), {Outcome.BLOCKED}),
    ("broken", lambda: (b"", 500, {}), {Outcome.FAILED}),
    ("home", lambda: (b"", 301, {"Location": "/"}), {Outcome.SOFT_404}),
    ("away", lambda: (b"", 302, {"Location": "https://spam.example/x-1.html"}), {Outcome.OFFSITE}),
    (
        "inside",
        lambda: (b"", 302, {"Location": "http://10.0.0.1/x-1.html"}),
        {Outcome.PRIVATE_ADDRESS},
    ),
    ("round", lambda: (b"", 302, {"Location": "/tin/round-19.html"}), {Outcome.FAILED}),
    ("secret", lambda: (article(3), 200, {}), {Outcome.DENIED_BY_ROBOTS}),
]


def test_bad_answers_end_as_named_outcomes_and_lose_no_neighbour(site: Any, crawling: Any) -> None:
    put(site, "/robots.txt", b"User-agent: *\nDisallow: /tin/secret", Content_Type="text/plain")
    paths = {
        name: f"/tin/{name}-{number}.html" for number, (name, _, _) in enumerate(HOSTILE, start=3)
    }
    nukeviet_home(site, "/tin/good-1.html", *paths.values(), "/tin/good-2.html")
    for name, answer, _ in HOSTILE:
        body, status, headers = answer()
        put(site, paths[name], body, status, **headers)
    put(site, "/tin/good-1.html", article(1))
    put(site, "/tin/good-2.html", article(2))
    run, found = crawling.crawl(site, limit=100, GOMTIN_CONTACT="ops@example.vn")
    assert run.state is RunState.FETCHED
    wrong = {
        name: found[paths[name]]
        for name, _, wanted in HOSTILE
        if found[paths[name]][0] not in wanted
    }
    assert not wrong
    assert all(detail for _, detail in (found[path] for path in paths.values()))
    assert found["/tin/good-1.html"][0] is found["/tin/good-2.html"][0] is Outcome.FETCHED
    assert site.times(paths["secret"]) == 0
    (agent,) = site.agents
    assert agent.startswith("gomtin/")
    assert "contact: ops@example.vn" in agent


def test_a_portal_that_asks_for_a_pause_gets_it_and_then_the_article_arrives(
    site: Any, crawling: Any
) -> None:
    nukeviet_home(site, "/tin/good-1.html")
    kind = type(site.answers["/robots.txt"])
    times: list[float] = []

    def busy_once(time_asked: int) -> Any:
        times.append(time.monotonic())
        return kind(b"", 429, {"Retry-After": "1"}) if time_asked == 1 else kind(article(1))

    site.answers["/tin/good-1.html"] = busy_once
    _, found = crawling.crawl(site)
    assert found["/tin/good-1.html"][0] is Outcome.FETCHED
    assert len(times) == 2
    assert times[1] - times[0] >= 1.0


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (b"", 503, "robots.txt: http.503"),
        (
            b"<html><title>H\xc3\xa3y \xc4\x91\xe1\xbb\xa3i...</title></html>",
            200,
            "a page in place",
        ),
        (b"User-agent: *\nCrawl-delay: 86400", 200, "robots.txt: asks for 86400 s"),
    ],
)
def test_where_robots_txt_cannot_be_read_nothing_is_asked(
    site: Any, crawling: Any, body: bytes, status: int, detail: str
) -> None:
    nukeviet_home(site, "/tin/good-1.html")
    put(site, "/robots.txt", body, status)
    run, found = crawling.crawl(site)
    assert run.state is RunState.FAILED
    assert detail in run.error
    assert found["/"][0] is Outcome.BLOCKED
    assert set(site.asked) == {"/robots.txt"}


def test_what_is_wrong_with_robots_txt_is_not_said_of_the_pages(site: Any, crawling: Any) -> None:
    nukeviet_home(site, "/tin/good-1.html")
    put(site, "/robots.txt", b"no gzip", Content_Encoding="gzip")
    _, found = crawling.crawl(site)
    outcome, detail = found["/"]
    assert outcome is Outcome.FAILED  # and so tried again, as bad content is not
    assert detail.startswith("robots.txt: content.encoding: ")
    assert set(site.asked) == {"/robots.txt"}


def test_crawl_delay_is_kept(site: Any, crawling: Any) -> None:
    put(site, "/robots.txt", b"User-agent: *\nCrawl-delay: 0.5", Content_Type="text/plain")
    nukeviet_home(site, "/tin/good-1.html", "/tin/good-2.html")
    put(site, "/tin/good-1.html", article(1))
    put(site, "/tin/good-2.html", article(2))
    began = time.monotonic()
    crawling.crawl(site)
    assert time.monotonic() - began >= 0.5 * (len(site.asked) - 2)


def test_a_killed_cleaner_costs_no_article(site: Any, crawling: Any) -> None:
    numbers = range(1, 41)
    nukeviet_home(site, *(f"/tin/so-{number}.html" for number in numbers))
    for number in numbers:
        put(site, f"/tin/so-{number}.html", article(number))
    run, process = crawling.start(site)
    for asked in (8, 20, 32):
        while len([path for path in site.asked if path.startswith("/tin/")]) < asked:
            assert process.poll() is None
            time.sleep(0.001)
        for cleaner in psutil.Process(process.pid).children():
            cleaner.kill()
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said
    _, found = crawling.result(run, site)
    fetched = [path for path, (outcome, _) in found.items() if outcome is Outcome.FETCHED]
    assert len(fetched) == len(numbers)


def test_a_killed_crawl_goes_on_and_every_article_arrives_once(site: Any, crawling: Any) -> None:
    numbers = range(1, 61)
    nukeviet_home(site, *(f"/tin/so-{number}.html" for number in numbers))
    kind = type(site.answers["/robots.txt"])

    def slow(number: int) -> Callable[[int], Any]:
        def answer(_: int) -> Any:
            time.sleep(0.02)
            return kind(article(number))

        return answer

    for number in numbers:
        site.answers[f"/tin/so-{number}.html"] = slow(number)
    run, process = crawling.start(site)
    for asked in (15, 35, 50):
        while len([path for path in site.asked if path.startswith("/tin/")]) < asked:
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
        process.communicate()
        with crawling.store.begin() as conn:  # as if the lease had run out
            conn.execute(update(runs).values(lease_until=datetime.now(UTC) - timedelta(seconds=1)))
        process = crawling.again(run)
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said
    ended, found = crawling.result(run, site)
    assert ended.state is RunState.FETCHED
    fetched = [path for path, (outcome, _) in found.items() if outcome is Outcome.FETCHED]
    assert sorted(fetched) == sorted(f"/tin/so-{number}.html" for number in numbers)
    with crawling.store.read() as conn:
        assert pending(conn, run) == len(numbers)


def test_an_end_that_cannot_be_made_is_a_failure_and_no_reason_to_wait(
    site: Any, crawling: Any
) -> None:
    nukeviet_home(site, "/tin/so-1.html")
    put(site, "/tin/so-1.html", article(1))
    crawling.crawl(site)
    crawling.end_runs()
    with crawling.store.begin() as conn:
        conn.execute(update(schema.run_facts).values(facts={"measures": 1}))
    run, process = crawling.start(site)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in said) == (1, True)
    assert crawling.result(run, site)[0].state is RunState.RUNNING


def test_an_index_of_sitemaps_that_leads_to_itself_holds_no_run(site: Any, crawling: Any) -> None:
    nukeviet_home(site, "/tin/good-1.html")
    put(site, "/tin/good-1.html", article(1))
    index = f"""<sitemapindex><sitemap><loc>{site.url}/sitemap.xml</loc></sitemap>
    <sitemap><loc>http://[1</loc></sitemap><sitemap><loc>/more.xml</loc></sitemap></sitemapindex>"""
    for path in ("/sitemap.xml", "/more.xml"):
        put(site, path, index.encode(), Content_Type="text/xml")
    run, found = crawling.crawl(site)
    assert run.state is RunState.FETCHED
    assert found["/tin/good-1.html"][0] is Outcome.FETCHED
    assert (site.times("/sitemap.xml"), site.times("/more.xml")) == (1, 1)


def test_a_server_that_is_away_is_no_portal_that_blocks(site: Any, crawling: Any) -> None:
    kind = type(site)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = kind(url=f"http://127.0.0.1:{nobody.getsockname()[1]}")
    run, found = crawling.crawl(away)
    assert run.state is RunState.FAILED
    outcome, detail = found["/"]
    assert outcome is Outcome.FAILED
    assert "refused" in detail.lower()


def test_an_address_that_leads_to_a_broken_page_is_asked_again_next_time(
    site: Any, crawling: Any
) -> None:
    nukeviet_home(site, "/tin/old-1.html")
    put(site, "/tin/old-1.html", b"", 301, Location="/tin/new-2.html")
    put(site, "/tin/new-2.html", b"", 500)
    _, first = crawling.crawl(site)
    assert first["/tin/old-1.html"] == (
        Outcome.FAILED,
        f"redirects to {site.url}/tin/new-2.html",
    )
    with crawling.store.begin() as conn:
        conn.execute(update(runs).values(state=RunState.DONE.value))
    put(site, "/tin/new-2.html", article(2))
    _, second = crawling.crawl(site)
    assert second["/tin/new-2.html"][0] is Outcome.FETCHED
    assert second["/tin/old-1.html"][0] is Outcome.KNOWN


def test_a_portal_that_only_asks_for_pauses_is_left_alone(site: Any, crawling: Any) -> None:
    paths = [f"/tin/so-{number}.html" for number in range(1, 21)]
    nukeviet_home(site, *paths)
    for path in paths:
        put(site, path, b"", 429, Retry_After="0")
    run, found = crawling.crawl(site)
    assert run.state is RunState.FAILED
    assert "refuses every page" in run.error
    assert sum(site.times(path) for path in paths) < 2 * len(paths)
    assert {found[path][0] for path in paths} == {Outcome.BLOCKED, Outcome.NOT_REACHED}


def test_articles_are_read_again_at_their_ages_and_one_taken_down_is_noted(
    site: Any, crawling: Any
) -> None:
    nukeviet_home(site, *(f"/tin/so-{number}.html" for number in (1, 2, 3, 4)))
    for number in (1, 2, 3, 4):
        put(site, f"/tin/so-{number}.html", article(number))
    _, found = crawling.crawl(site)
    keys = [path for path, (outcome, _) in found.items() if outcome is Outcome.FETCHED]
    assert len(keys) == 4
    crawling.ingest()
    now = datetime.now(UTC)
    with crawling.store.begin() as conn:
        conn.execute(update(runs).values(state=RunState.DONE.value))
        conn.execute(update(pages).values(checked_at=now - timedelta(days=2)))
        recent = schema.articles.c.document_key.in_(["1", "2", "4"])
        fresh = schema.articles.update().values(dated_at=now - timedelta(days=1.5))
        conn.execute(fresh.where(recent))
    del site.answers["/tin/so-2.html"]
    put(site, "/tin/so-4.html", b"", 302, Location="/")
    asked = len(site.asked)
    _, again = crawling.crawl(site)
    read = [path for path in site.asked[asked:] if path.endswith(".html")]
    assert sorted(read[:-1]) == ["/tin/so-1.html", "/tin/so-2.html", "/tin/so-4.html"]
    assert read[-1] == "/tin/so-3.html"  # it is looked at, since two of three are gone
    assert again["/tin/so-1.html"][0] is Outcome.FETCHED
    assert again["/tin/so-2.html"] == (Outcome.GONE, "http.404")
    assert again["/tin/so-4.html"][0] is Outcome.SOFT_404
    assert crawling.ingest().counts == {Outcome.UNCHANGED: 1}
    with crawling.store.read() as conn:
        gone = conn.execute(select(schema.articles.c.document_key, schema.articles.c.gone_at))
        assert [row.document_key for row in gone if row.gone_at] == ["2", "4"]


def test_a_door_that_failed_is_forgotten_once_the_portal_is_read_without_it(
    site: Any, crawling: Any
) -> None:
    nukeviet_home(site, "/tin/so-1.html")
    for path in ("/rss/", "/sitemap.xml"):
        put(site, path, b"", 500)
    put(site, "/tin/so-1.html", article(1))
    crawling.crawl(site)
    crawling.ingest()
    told = []
    item = f"<item><link>{site.url}/tin/so-1.html</link></item>"
    for feed in (b"", f"<rss><channel>{item}</channel></rss>".encode()):
        crawling.end_runs()
        put(site, "/rss/", feed, 200 if feed else 500)
        crawling.crawl(site)
        with crawling.store.read() as conn:
            told.append([one.example_url for one in failures(conn)])
    assert [[url.removeprefix(site.url) for url in urls] for urls in told] == [["/sitemap.xml"], []]


def test_a_portal_in_maintenance_has_not_taken_its_articles_down(site: Any, crawling: Any) -> None:
    nukeviet_home(site, "/tin/so-1.html")
    put(site, "/tin/so-1.html", article(1))
    crawling.crawl(site)
    crawling.ingest()
    crawling.end_runs()
    day = timedelta(days=1)
    with crawling.store.begin() as conn:
        conn.execute(update(pages).values(checked_at=datetime.now(UTC) - 2 * day))
        conn.execute(schema.articles.update().values(dated_at=datetime.now(UTC) - 1.5 * day))
    nukeviet_home(site)
    put(site, "/tin/so-1.html", b"", 302, Location="/")
    run, found = crawling.crawl(site)
    assert run.state is RunState.FAILED
    assert found["/tin/so-1.html"][0] is Outcome.SOFT_404
    with crawling.store.read() as conn:
        assert conn.execute(select(schema.articles.c.gone_at)).scalars().all() == [None]
