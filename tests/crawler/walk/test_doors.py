"""Doors: feeds, sitemaps and the WordPress posts API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.walk.doors import read_feed, read_sitemap, read_wp_json
from pipelines.errors import Reject

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.walk.doors import Announcement

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
<title>Tin</title><link>http://a.vn/</link>
<item><title>Một</title><link> http://a.vn/mot-1.html </link>
<pubDate>Wed, 12 Jul 2023 04:46:00 GMT</pubDate></item>
<item><title>không có địa chỉ</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="self" href="http://a.vn/x"/>
<link href="http://a.vn/2"/><published>2023-07-12T11:46:00+07:00</published>
<updated>2023-07-13T08:00:00+07:00</updated></entry></feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>http://a.vn/mot-1.html</loc><lastmod>2023-07-12T11:46:00+07:00</lastmod></url>
<url><loc>http://a.vn/hai-2.html</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>http://a.vn/sitemap-vi.news.xml</loc></sitemap></sitemapindex>"""


def test_rss_items_bring_their_address_and_time() -> None:
    (entry,) = read_feed(RSS.encode(), "").entries
    assert entry.url == "http://a.vn/mot-1.html"
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2023-07-12T11:46:00+07:00"


def test_atom_entries_bring_the_alternate_link_and_both_times() -> None:
    (entry,) = read_feed(ATOM.encode(), "").entries
    assert entry.url == "http://a.vn/2"
    assert entry.published_at is not None
    assert entry.modified_at is not None
    assert entry.modified_at > entry.published_at


def test_sitemaps_bring_addresses_and_edit_times_and_indexes_lead_on() -> None:
    first, second = read_sitemap(SITEMAP.encode(), "").entries
    assert (first.published_at, second.modified_at) == (None, None)
    assert first.modified_at is not None
    assert read_sitemap(INDEX.encode(), "").further == ("http://a.vn/sitemap-vi.news.xml",)


def test_wp_json_times_are_utc() -> None:
    body = b"""[{"link": "https://a.vn/mot/", "date_gmt": "2022-01-04T18:15:00",
                 "modified_gmt": "2022-01-05T00:00:00"}, {"id": 3}]"""
    (entry,) = read_wp_json(body, "").entries
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2022-01-05T01:15:00+07:00"


@pytest.mark.parametrize(
    ("read", "body", "code"),
    [
        (read_feed, b"", "door.feed"),
        (read_feed, b"<html><body>404</body></html>", "door.feed"),
        (read_feed, b"\x00\x01\x02", "door.feed"),
        (read_sitemap, b"<html></html>", "door.sitemap"),
        (read_sitemap, b"not xml at all", "door.sitemap"),
        (read_wp_json, b"<html>", "door.wp_json"),
        (read_wp_json, b'{"code": "rest_no_route"}', "door.wp_json"),
        (read_wp_json, b"[" * 200_000, "door.wp_json"),
    ],
)
def test_what_is_no_door_is_refused_by_name(
    read: Callable[[bytes, str], Announcement], body: bytes, code: str
) -> None:
    with pytest.raises(Reject) as caught:
        read(body, "http://a.vn/door")
    assert caught.value.code == code


def test_entities_of_a_feed_are_not_followed() -> None:
    body = b"""<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>
    <rss><channel><item><link>&x;</link></item></channel></rss>"""
    assert read_feed(body, "").entries == ()


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (
            read_feed,
            """<rss><channel><item><link>http://[1</link></item>
            <item><link>/tin/mot-1.html</link></item></channel></rss>""",
        ),
        (
            read_sitemap,
            "<urlset><url><loc>http://[1</loc></url><url><loc>/tin/mot-1.html</loc></url></urlset>",
        ),
        (
            read_wp_json,
            '[{"link": "http://[1"}, {"link": "/\\ud800"}, {"link": "/tin/mot-1.html"}]',
        ),
    ],
)
def test_an_address_that_cannot_be_read_costs_no_other_and_short_ones_are_made_whole(
    read: Callable[[bytes, str], Announcement], body: str
) -> None:
    (entry,) = read(body.encode(), "http://a.vn/door").entries
    assert entry.url == "http://a.vn/tin/mot-1.html"
