"""A survey asks every door once, few listings, and keeps what it read; faults get their names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.settings import load_settings
from crawler.portal import Door, Expectations, Portal
from crawler.registry import site_portal
from crawler.survey.findings import Finding, door_findings, findings_of
from crawler.survey.probe import probe_of
from crawler.survey.spider import SECOND_PAGE, announced_feeds
from crawler.survey.survey import Survey, Visit, survey_site
from demo.serve import serve
from pipelines.clean.isolated import IsolatedCleaner
from pipelines.records import Draft, Outcome, Page
from pipelines.store.runs import RunParams

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BODY = "Hội nghị đánh giá kết quả thực hiện các chỉ tiêu kinh tế - xã hội của địa phương. " * 6
HOST = "http://ward.example.vn"
GENERATOR = b'<meta name="generator" content="NukeViet v4.5">'
FEED = "<rss version='2.0'><channel>{}</channel></rss>"
ITEM = "<item><link>{}</link><pubDate>{}</pubDate></item>"
ROBOTS = b"User-agent: *\nCrawl-delay: 0.2\nDisallow: /admin/\nDisallow: /users/\n"


def article(number: int, day: str) -> bytes:
    return f"""<html><head>{GENERATOR.decode()}<title>Tin số {number}</title></head><body>
    <span>Chủ nhật, 22/11/2026</span>
    <div class="news_column"><h1 class="title" itemprop="headline">Hội nghị lần {number}</h1>
    <span class="h5">Thứ tư - {day} 11:{number:02}</span>
    <div id="news-bodyhtml" class="bodytext"><p>{BODY} Tổ {number}.</p><p>{BODY}</p></div>
    </div></body></html>""".encode()


def test_a_survey_asks_every_door_and_keeps_what_it_read(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")  # is not asked for this machine's pages
    put = type(site.answers["/robots.txt"])
    links = [f"/tin-tuc/hoi-nghi-{number}.html" for number in range(1, 9)]
    site.page("/", *links, "/tin-tuc/", "/thong-bao/", "/van-hoa/", "/kinh-te/", "/tin-tuc/page-2/")
    home = site.answers["/"].body
    feed = b'<link rel="alternate" type="application/rss+xml" href="/tin-tuc/rss/">'
    site.answers["/"] = put(home.replace(b"<title>", GENERATOR + feed + b"<title>"))
    site.page("/tin-tuc/", *links[:2])
    site.page("/tin-tuc/page-2/", links[3])
    items = ITEM.format(site.url + links[0], "Wed, 12 Jul 2023 04:01:00 GMT")
    site.answers["/tin-tuc/rss/"] = put(FEED.format(items).encode())
    site.answers["/robots.txt"] = put(ROBOTS, headers={"Content-Type": "text/plain"})
    for number, link in enumerate(links, start=1):
        site.answers[link] = put(article(number, f"{number + 12}/07/2023"))

    seen: list[int] = []
    params = RunParams(url=site.url + "/", limit=3, delay=0.0)
    found = survey_site(load_settings({}), params, lambda totals: seen.append(sum(totals.values())))

    assert (found.portal.family, found.fault) == ("nukeviet", "")
    assert len(found.articles) == 3
    assert len([path for path in site.asked if path.startswith("/tin-tuc/hoi-nghi-")]) == 3
    ends = {visit.url.removeprefix(site.url): visit.outcome for visit in found.visits}
    assert ends["/rss/"] is ends["/sitemap.xml"] is Outcome.GONE
    assert ends["/tin-tuc/rss/"] is ends["/robots.txt"] is Outcome.DOOR
    assert ends["/tin-tuc/page-2/"] is Outcome.LISTING
    assert sum(end is Outcome.LISTING for end in ends.values()) <= 4
    assert seen
    visit = found.at("/tin-tuc/rss/")
    assert visit
    assert visit.page
    assert visit.page.body.startswith(b"<rss")

    cleaner = IsolatedCleaner(10.0)
    try:
        probe = probe_of(found, site.url, cleaner, NOW)
    finally:
        cleaner.close()
    assert probe.crawl_delay == 0.2
    assert probe.robots == "2 rules, 0 sitemaps"
    assert probe.evidence == '<meta name="generator" content="NukeViet'
    assert probe.second_page == "/tin-tuc/page-2/"
    working = {(door.kind, door.path) for door in probe.doors if door.works}
    assert {("feed", "/tin-tuc/rss/"), ("listing", "/")} <= working
    assert probe.dates.order == "dmy"
    printed = sorted(sample.printed for sample in probe.dates.samples)
    assert printed[0] == "Thứ tư - 13/07/2023 11:01"
    assert all("22/11" not in line for line in printed)
    assert not [one for one in probe.warnings if one.grave]


def test_a_cms_that_only_its_articles_show_is_surveyed_as_what_it_is() -> None:
    site = "https://baoangiang.com.vn/"
    with serve() as replicas:
        params = RunParams(url=site, base_url=replicas.urls["baoangiang"], limit=8, delay=0.0)
        found = survey_site(load_settings({}), params, lambda _: None)
    assert found.portal.family == "fck"
    assert {one.draft.extractor for one in found.articles if one.draft} == {"family"}
    assert not [one for one in findings_of(found, NOW) if one.grave]


def draft(number: int, **given: Any) -> Draft:
    values: dict[str, Any] = {
        "url": f"{HOST}/tin/so-{number}.html",
        "canonical_url": f"{HOST}/tin/so-{number}.html",
        "portal": "ward",
        "family": "nukeviet",
        "extractor": "family",
        "title": "Hội nghị",
        "fetched_at": NOW,
        "body": (BODY,),
        "published_at": NOW,
    }
    return Draft(**(values | given))


def visit(number: int, **given: Any) -> Visit:
    """A visit to an article address; it brought an article unless an outcome is given."""
    url = f"{HOST}/tin/so-{number}.html"
    page = Page(url, given.pop("source", GENERATOR), NOW)
    outcome = given.pop("outcome", Outcome.FETCHED)
    detail = given.pop("detail", "")
    made = draft(number, **given) if outcome is Outcome.FETCHED else None
    return Visit(str(number), url, outcome, detail, page, made)


def door(path: str, body: str, outcome: Outcome = Outcome.DOOR) -> Visit:
    return Visit(path, HOST + path, outcome, "", Page(HOST + path, body.encode(), NOW))


GOOD_FEED = door("/rss/", FEED.format(ITEM.format(f"{HOST}/a", "Sat, 21 Nov 2026 04:01:00 GMT")))


def survey(*visits: Visit, expect: Expectations | None = None, fault: str = "") -> Survey:
    portal: type[Portal] = site_portal(HOST + "/", "nukeviet")
    if expect:
        portal = type("Ward", (portal,), {"expect": expect})
    return Survey(portal, visits, fault, 1.0, HOST + "/")


FOUR = tuple(visit(number) for number in range(4))


def test_a_healthy_survey_has_no_findings() -> None:
    healthy = survey(*FOUR, GOOD_FEED)
    assert [*findings_of(healthy, NOW), *door_findings(healthy)] == []


@pytest.mark.parametrize(
    ("found", "code", "grave"),
    [
        (survey(*FOUR, GOOD_FEED, fault="it is away"), "run.fault", True),
        (survey(*FOUR), "door.no_machine", False),
        (survey(GOOD_FEED), "articles.none", True),
        (survey(FOUR[0], *(visit(n, outcome=Outcome.GONE) for n in (5, 6))), "articles.few", True),
        (survey(*FOUR, visit(5, outcome=Outcome.THIN)), "page.no_article", False),
        (survey(*FOUR, visit(5, outcome=Outcome.LOGIN)), "pages.refused", False),
        (survey(*FOUR[:2], visit(5, outcome=Outcome.CHALLENGE)), "pages.refused", True),
        (survey(*FOUR, visit(5, outcome=Outcome.DENIED_BY_ROBOTS)), "robots.denied", False),
        (survey(*FOUR, visit(5, detail="clean.empty_selector:body")), "selector.empty", True),
        (survey(*FOUR, visit(5, source=b"<p>/wp-content/</p>")), "family.changed", True),
        (survey(*FOUR, visit(5, published_at=None)), "fill.published_at", True),
        (survey(*FOUR, visit(5, title="")), "fill.title", True),
        (survey(*(visit(n, body=("Tin.",)) for n in range(3))), "text.short", True),
        (survey(*FOUR, expect=Expectations(text_length=(1, 9))), "text.long", True),
        (survey(GOOD_FEED, expect=Expectations(new_per_week=(2, 9))), "new.few", True),
        (survey(GOOD_FEED, expect=Expectations(new_per_week=(0, 0))), "new.many", True),
    ],
)
def test_each_fault_has_its_name(found: Survey, code: str, grave: bool) -> None:
    named = {one.code: one for one in findings_of(found, NOW)}
    assert code in named
    assert named[code].grave is grave
    assert named[code].text


@pytest.mark.parametrize(
    ("path", "outcome", "wanted"),
    [
        ("/rss/", Outcome.GONE, ("door.failed", True)),
        ("/sitemap.xml", Outcome.BAD_CONTENT, ("door.failed", False)),
        ("/", Outcome.BLOCKED, ("door.failed", True)),
    ],
)
def test_the_first_door_and_the_listing_must_work(
    path: str, outcome: Outcome, wanted: tuple[str, bool]
) -> None:
    (finding,) = door_findings(survey(door(path, "", outcome)))
    assert (finding.code, finding.grave) == wanted


def test_a_feed_that_announces_nothing_is_named() -> None:
    (finding,) = door_findings(survey(door("/rss/", FEED.format(""))))
    assert finding == Finding("door.empty", "feed /rss/ announces nothing", grave=True)


def test_what_was_announced_long_ago_is_not_new() -> None:
    expect = Expectations(new_per_week=(1, 9))
    later = NOW + timedelta(days=30)
    codes = [one.code for one in findings_of(survey(*FOUR, GOOD_FEED, expect=expect), later)]
    assert codes == ["new.few"]


@pytest.mark.parametrize(
    ("url", "second"),
    [
        ("/tin-tuc/page-2/", True),
        ("/page/2/", True),
        ("/tin?page=2", True),
        ("/web/btg?p_p_id=x&_com_liferay_cur=2", True),
        ("/chuyen-muc.aspx?cm=3&pagenumber=2", True),
        ("/tin?page=20", False),
        ("/tin-tuc/2/", False),
    ],
)
def test_second_pages_are_told_by_their_address(url: str, second: bool) -> None:
    assert bool(SECOND_PAGE.search(url)) is second


def test_announced_feeds_are_the_first_ones_without_comments() -> None:
    head = b"""<link rel='alternate' type='application/rss+xml' href='/feed/?a=1&amp;b=2'>
    <link href="/comments/feed/" type="application/rss+xml"><link rel=stylesheet href=/x.css>
    <link type="application/atom+xml" href="/atom.xml"><link type="application/rss+xml" href=/c>"""
    assert announced_feeds(head, HOST + "/") == [
        Door("feed", f"{HOST}/feed/?a=1&b=2"),
        Door("feed", f"{HOST}/atom.xml"),
    ]


def test_addresses_of_a_replica_become_the_portals_own() -> None:
    found = replace(survey(), base_url="http://127.0.0.1:8003/")
    assert found.public("http://127.0.0.1:8003/tin/so-1.html") == f"{HOST}/tin/so-1.html"
    assert found.public("https://cdn.example/x.jpg") == "https://cdn.example/x.jpg"
