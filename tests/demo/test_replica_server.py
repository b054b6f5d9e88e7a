"""The replicas over HTTP: doors, pagination, validators, compression, redirects, control."""

from __future__ import annotations

import gzip
import http.client
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from crawler.registry import find_portal
from demo.serve import Replicas, serve
from demo.world import World
from pipelines.clean.detect import detect_family
from pipelines.records import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FIELDS = "id,date,date_gmt,modified,modified_gmt,slug,link,title,excerpt,author,categories,tags"
POSTS = f"/wp-json/wp/v2/posts?per_page=50&page={{page}}&_fields={FIELDS}"
HIEPNINH = "http://hiepninh.tayninh.gov.vn"
PORTLET = "com_liferay_asset_publisher_web_portlet_AssetPublisherPortlet_INSTANCE_kLm93QwErTyU"
DETAIL = "/web/btg/chi-tiet-bai-viet/-/asset_publisher/1mOzUrGkrdAE/content/id"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@pytest.fixture
def replicas() -> Iterator[Replicas]:
    with serve(world=World(clock=lambda: NOW)) as served:
        yield served


def ask(
    replicas: Replicas, portal: str, path: str, *, method: str = "GET", **headers: str
) -> Answer:
    connection = http.client.HTTPConnection(urlsplit(replicas.urls[portal]).netloc, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        found = {name.casefold(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read())
    finally:
        connection.close()


def test_posts_api_gives_the_fields_asked_for_and_ends_with_400(replicas: Replicas) -> None:
    first = ask(replicas, "danvankheo", POSTS.format(page=1))
    posts = json.loads(first.text)
    assert first.headers["x-wp-total"] == str(len(posts))
    assert set(posts[0]) == set(FIELDS.split(","))
    assert [post["date"] for post in posts] == sorted((p["date"] for p in posts), reverse=True)
    assert posts[-1]["link"].startswith("https://danvankheo-ketnoithongtin.vn/ban-dan-van-tinh-uy")
    assert (posts[-1]["date"], posts[-1]["date_gmt"]) == (
        "2022-06-24T19:12:45",
        "2022-06-24T12:12:45",
    )
    assert ask(replicas, "danvankheo", POSTS.format(page=2)).status == 400
    assert ask(replicas, "danvankheo", "/wp-json/wp/v2/posts?per_page=101").status == 400


def test_a_correction_shows_in_the_posts_api_with_the_time_of_the_clock(
    replicas: Replicas,
) -> None:
    query = "/wp-json/wp/v2/posts?per_page=100&_fields=id,modified_gmt"
    before = {row["id"]: row["modified_gmt"] for row in _json(replicas, query)}
    replicas.set_day(2)
    after = {row["id"]: row["modified_gmt"] for row in _json(replicas, query)}
    assert {key for key in before if after[key] != before[key]} == {1030}
    assert after[1030] == "2026-11-22T03:00:00"
    assert set(after) - set(before) == {1120}


def _json(replicas: Replicas, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ask(replicas, "danvankheo", path).text)
    return found


def test_wordpress_feed_answers_304_until_a_post_changes(replicas: Replicas) -> None:
    first = ask(replicas, "danvankheo", "/feed/")
    tag, since = first.headers["etag"], first.headers["last-modified"]
    assert ask(replicas, "danvankheo", "/feed/", If_None_Match=tag).status == 304
    assert ask(replicas, "danvankheo", "/feed/", If_Modified_Since=since).status == 304
    replicas.set_day(2)
    assert ask(replicas, "danvankheo", "/feed/", If_None_Match=tag).status == 200


def test_nukeviet_pages_never_answer_304_but_robots_does(replicas: Replicas) -> None:
    page = ask(replicas, "hiepninh", "/vi/news/thong-bao/")
    since = page.headers["last-modified"]
    assert "etag" not in page.headers
    again = ask(replicas, "hiepninh", "/vi/news/thong-bao/", If_Modified_Since=since)
    assert again.status == 200
    tag = '"1795306552-7f3797d6a7e152c9ae2760fc816c6014"'
    assert ask(replicas, "hiepninh", "/robots.txt", If_None_Match=tag).status == 304


@pytest.mark.parametrize(
    ("portal", "path", "status", "location"),
    [
        ("danvankheo", "/page/2/", 200, None),
        ("danvankheo", "/page/99/", 404, None),
        ("danvankheo", "/category/dan-van-kheo", 301, "/category/dan-van-kheo/"),
        ("danvankheo", "/sitemap.xml", 302, "/wp-sitemap.xml"),
        ("danvankheo", "/?p=812", 301, "/ban-dan-van-tinh-uy-an-giang-va-"),
        ("danvankheo", "/ban-giao-12-can-nha/", 301, "/ban-giao-12-can-nha-nghia-tinh-"),
        ("hiepninh", "/vi/news/thong-bao/sai-ten-6096.html", 301, "/cong-tac-dang-khoi-van/"),
        ("hiepninh", "/vi/news/thong-bao/page-9/", 200, None),
        ("hiepninh", "/vi/news/khong-co/", 301, "/"),
        ("hiepninh", "/vi/news/thong-bao/khong-co-9999.html", 404, None),
        ("angiang_dcs", "/lists/xaydungdang/dispform.aspx?id=5173&PageIndex=15", 200, None),
        ("angiang_dcs", "/Lists/CapUy/DispForm.aspx?ID=5173", 404, None),
        ("angiang_dcs", "/Lists/CapUy/DispForm.aspx?ID=5268", 302, "http://10.0.0.1/"),
        ("hongngu", f"/vi/en/vi{DETAIL}/7337177", 200, None),
        ("hongngu", "/c/portal/update_language?redirect=%2Fweb%2Fbtg", 302, "/web/btg"),
        ("hongngu", "/web/khong-co", 404, None),
        ("baoangiang", "/ten-khac-a306012.html", 200, None),
        ("baoangiang", "/khong-co/", 404, None),
    ],
)
def test_addresses_answer_as_their_cms_does(
    replicas: Replicas, portal: str, path: str, status: int, location: str | None
) -> None:
    answer = ask(replicas, portal, path)
    assert answer.status == status
    assert (location or "") in answer.headers.get("location", "")


@pytest.mark.parametrize(
    ("portal", "start", "following", "article"),
    [
        ("danvankheo", "/", r'class="next page-numbers" href="([^"]+)"', r"post-(\d+) post"),
        ("hiepninh", "/vi/news/", r'rel="next" href="([^"]+)"', r'<h2><a href="[^"]+-(\d+)\.html"'),
    ],
)
def test_listings_lead_to_every_article_page_by_page(
    replicas: Replicas, portal: str, start: str, following: str, article: str
) -> None:
    seen: list[str] = []
    path: str | None = start
    while path:
        text = ask(replicas, portal, path).text
        seen += re.findall(rf"{article}", text)
        link = re.search(following, text)
        path = urlsplit(link[1]).path if link else None
    assert len(set(seen)) == len(replicas.world.articles(portal))


@pytest.mark.parametrize(
    ("portal", "base", "pages", "article"),
    [
        (
            "angiang_dcs",
            "/Lists/XayDungDang/TongQuat.aspx?PageIndex={}",
            2,
            r'<a href="([^"&]+ID=\d+)',
        ),
        ("baoangiang", "/?p={}", 3, r'<h3><a href="([^"]+)"'),
        ("hongngu", f"/web/btg?_{PORTLET}_cur={{}}", 3, r'asset-title"><a href="([^"]+)"'),
    ],
)
def test_numbered_pages_share_no_article(
    replicas: Replicas, portal: str, base: str, pages: int, article: str
) -> None:
    texts = [ask(replicas, portal, base.format(at)).text for at in range(1, pages + 1)]
    found = [set(re.findall(article, text)) for text in texts]
    assert all(found)
    assert len(set.union(*found)) == sum(len(one) for one in found)


def test_nukeviet_sitemap_and_feed_name_the_public_host(replicas: Replicas) -> None:
    assert f"{HIEPNINH}/sitemap-vi.news.xml" in ask(replicas, "hiepninh", "/sitemap.xml").text
    news = ask(replicas, "hiepninh", "/sitemap-vi.news.xml").text
    assert len(re.findall(rf"<loc>{HIEPNINH}/vi/news/", news)) == 15
    feed = ask(replicas, "hiepninh", "/vi/news/rss/").text
    assert "Wed, 12 Jul 2023 04:07:00 GMT" in feed, "the month stands in place of the minutes"


def test_newspaper_sends_gzip_where_it_is_accepted(replicas: Replicas) -> None:
    plain = ask(replicas, "baoangiang", "/robots.txt")
    zipped = ask(replicas, "baoangiang", "/robots.txt", Accept_Encoding="gzip, br")
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body


def test_cookie_challenge_is_177_bytes_with_status_200(replicas: Replicas) -> None:
    path = "/tuong-thuat-truc-tiep-phien-chat-van-ky-hop-hdnd-a402900.html"
    answer = ask(replicas, "baoangiang", path)
    assert (answer.status, len(answer.body)) == (200, 177)


def test_head_has_no_body_and_post_is_for_control_only(replicas: Replicas) -> None:
    head = ask(replicas, "hongngu", "/web/btg", method="HEAD")
    assert head.status == 200
    assert head.body == b""
    assert ask(replicas, "hongngu", "/web/btg", method="POST").status == 405
    control = ask(replicas, "hongngu", "/_demo/day/2", method="POST")
    assert json.loads(control.text) == {"day": 2, "flood": False}
    assert replicas.world.day == 2


def test_flood_blocker_answers_200_in_place_of_pages_robots_and_feeds(replicas: Replicas) -> None:
    ask(replicas, "hiepninh", "/_demo/flood/on", method="POST")
    for path in ("/", "/robots.txt", "/vi/news/rss/", "/sitemap.xml"):
        answer = ask(replicas, "hiepninh", path)
        assert answer.status == 200
        assert "floodblocker" in answer.text, path
    ask(replicas, "hiepninh", "/_demo/flood/off", method="POST")
    assert "floodblocker" not in ask(replicas, "hiepninh", "/").text


def test_language_toggles_lead_ever_deeper(replicas: Replicas) -> None:
    path = "/web/btg"
    for depth in range(1, 4):
        found = re.search(r'<a href="([^"]+)">English</a>', ask(replicas, "hongngu", path).text)
        assert found
        path = found[1]
        assert path == "/en" * depth + "/web/btg"


def test_fixed_ports_are_taken(replicas: Replicas) -> None:
    port = int(replicas.urls["hongngu"].rsplit(":", 1)[1].rstrip("/"))
    with pytest.raises(OSError, match="in use"), serve({"hongngu": port}):
        pytest.fail("the port was free")


def test_every_portals_first_page_tells_its_family(replicas: Replicas) -> None:
    """A site without a spider file is crawled as what its first page shows."""
    for portal_id in replicas.urls:
        portal = find_portal(portal_id)
        path = portal.doors[-1].path
        page = Page(portal.canonical_url(path), ask(replicas, portal_id, path).body, NOW)
        assert detect_family(page) == portal.family
