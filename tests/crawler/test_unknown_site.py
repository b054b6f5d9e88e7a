"""Sites that nobody has tuned for: the ways into them that known systems do not have."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from pipelines.records import Outcome
from pipelines.store.runs import RunState
from pipelines.store.schema import articles, pages, revisions

if TYPE_CHECKING:
    from collections.abc import Iterable

INVITATION = "Cộng tác viên có tin, bài hay xin gửi về hộp thư của trang trước 16 giờ mỗi ngày."
PLACES = ("Tân Hòa", "Bình An", "Phú Thọ", "Long Điền", "Mỹ Đức", "Vĩnh Lợi", "Thới Sơn", "Hòa Lạc")
WORKS = (
    "sửa chữa đường điện", "súc rửa đường ống nước", "thu gom rác trước ngày lễ",
    "tiêm phòng cho vật nuôi", "khám bệnh cho người già", "trồng cây ven kênh",
)  # fmt: skip


def title(number: int) -> str:
    work, place = WORKS[number % len(WORKS)], PLACES[number % len(PLACES)]
    return f"Ấp {place} tổ chức {work} lần thứ {number}"


def framed(name: str, main: str, head: str = "") -> bytes:
    html = (
        f"<html><head><title>{name}</title>{head}</head><body><div class='khung'><div class='giua'>"
        f"{main}<div class='moi'><p>{INVITATION}</p></div></div></div></body></html>"
    )
    return html.encode()


def news(number: int, *beside: str, head: str = "") -> bytes:
    """An article with the portal's invitation below, and links to others."""
    name, place = title(number), PLACES[number % len(PLACES)]
    texts = "".join(
        f"<p>{text}</p>"
        for text in (
            f"Sáng nay, ấp {place} {WORKS[number % len(WORKS)]} với {number + 20} người tham gia.",
            f"Trưởng ấp {place} cho biết việc này được bà con đóng góp {number + 3} triệu đồng.",
            f"Đợt tới của ấp {place} dự kiến diễn ra vào đầu tháng sau nếu trời không mưa.",
        )
    )
    older = "".join(f"<li><a href='{link}'>Tin đã đưa</a></li>" for link in beside)
    main = (
        f"<h1>{name}</h1><div class='ngay'>{day(number)} 08:15</div><div class='than'>{texts}</div>"
    )
    return framed(name, main + (f"<ul class='cu'>{older}</ul>" if older else ""), head)


def day(number: int) -> str:
    """Give the day that an article prints."""
    return f"{datetime.now(UTC) - timedelta(days=number % 300):%d/%m/%Y}"


def listing(links: Iterable[str], pager: Iterable[str] = ()) -> bytes:
    """A page of headlines, each named by the number at the end of its link."""
    numbers = ((link, int(re.findall(r"\d+", link)[-1])) for link in links)
    items = "".join(f"<li><a href='{link}'>{title(number)}</a></li>" for link, number in numbers)
    pages = "".join(f"<a href='{link}'>trang</a> " for link in pager)
    return framed("Xã Tân Hòa", f"<h1>Tin</h1><ul>{items}</ul><div>{pages}</div>")


def put(site: Any, path: str, body: bytes, kind: str = "text/html", *, slow: bool = False) -> None:
    answer = type(site.answers["/robots.txt"])(body, 200, {"Content-Type": kind})

    def late(_: int) -> Any:
        time.sleep(0.1)
        return answer

    site.answers[path] = late if slow else answer


def read(crawling: Any, site: Any, **options: Any) -> list[str]:
    """Crawl and ingest; give what was asked of the site."""
    before = len(site.asked)
    run, _ = crawling.crawl(site, **options)
    assert run.state is RunState.FETCHED, run.error
    crawling.ingest()
    crawling.end_runs()
    return list(site.asked[before:])


def stored(crawling: Any) -> set[str]:
    """Give the addresses of the articles in the archive, behind the host."""
    with crawling.store.read() as conn:
        return {
            "/" + url.split("/", 3)[3] for url in conn.scalars(select(articles.c.canonical_url))
        }


def age(crawling: Any, days: float, *urls: str) -> None:
    """Let everything, or these pages alone, have been read so many days ago."""
    with crawling.store.begin() as conn:
        past = datetime.now(UTC) - timedelta(days=days)
        these = update(pages).where(pages.c.url.in_(urls)) if urls else update(pages)
        conn.execute(these.values(checked_at=past))
        if not urls:
            conn.execute(update(articles).values(dated_at=past))


def test_a_listing_is_read_before_what_a_feed_or_an_earlier_run_tells_of(
    site: Any, crawling: Any
) -> None:
    paths = [f"/tin/bai-viet-{number}.html" for number in range(1, 4)]
    for number, path in enumerate(paths, 1):
        put(site, path, news(number))
    put(site, "/", listing(paths), slow=True)
    items = "".join(f"<item><link>{site.url}{path}</link></item>" for path in paths)
    rss = f"<rss version='2.0'><channel><title>Tin</title>{items}</channel></rss>"
    put(site, "/rss", rss.encode(), "application/rss+xml")
    asked = read(crawling, site)
    behind = asked[asked.index("/rss") :]
    assert set(paths) < set(behind)
    assert behind.index("/") < min(map(behind.index, paths))
    age(crawling, 1.5)
    assert set(read(crawling, site)) > set(paths)
    with crawling.store.read() as conn:
        drafts = [str(draft) for draft in conn.scalars(select(revisions.c.draft))]
    assert len(drafts) == len(paths)  # none was revised
    assert not [draft for draft in drafts if INVITATION in draft]


def test_addresses_that_the_family_does_not_have_are_those_of_an_unknown_system(
    site: Any, crawling: Any
) -> None:
    links = [f"/Default.aspx?tabid=81&ndid={number}" for number in range(1, 7)]
    home = listing(links[:1], ["/Default.aspx?tabid=81"])
    generator = b'<meta name="generator" content="DotNetNuke"></head>'
    put(site, "/", home.replace(b"</head>", generator))
    put(site, "/Default.aspx?tabid=81", listing(links))
    for number, link in enumerate(links, 1):
        put(site, link, news(number))
    read(crawling, site)
    assert stored(crawling) == set(links)


def test_a_family_whose_listing_is_away_is_not_taken_for_an_unknown_system(
    site: Any, crawling: Any
) -> None:
    link = "/tin/bai-viet-7.html"
    head = b'<meta name="generator" content="NukeViet v4.5"></head>'
    home = listing([link]).replace(b"</head>", head)
    answer = type(site.answers["/robots.txt"])
    site.answers["/"] = lambda time: answer(home, 404 if time == 2 else 200)
    put(site, "/rss/", b"<rss version='2.0'><channel><title>Tin</title></channel></rss>")
    put(site, link, news(7))
    crawling.crawl(site)
    assert (site.times("/"), site.times(link)) == (2, 0)


def test_a_backfill_goes_on_to_older_articles_as_far_as_its_day(site: Any, crawling: Any) -> None:
    paths = [f"/tin/bai-viet-{number}.html" for number in range(1, 7)]
    put(site, "/", listing(paths[:2], ["javascript:__doPostBack('pager','2')"]))
    for number, path in enumerate(paths, 1):
        put(site, path, news(number, *paths[number : number + 1]))
    until = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
    read(crawling, site, kind="backfill", until=until)
    assert stored(crawling) == set(paths[:4])  # the first one from before the day leads no further


def test_a_set_of_frames_leads_into_the_site(site: Any, crawling: Any) -> None:
    frames = "<frameset cols='170,*'><frame src='menu.htm'><frame src='main.htm'></frameset>"
    news_of = [f"bai-viet-{number}.htm" for number in range(1, 9)]
    put(site, "/", f"<html><head><title>Xã</title></head>{frames}</html>".encode())
    put(site, "/menu.htm", listing(f"bantin/so-{number}.htm" for number in range(1, 6)))
    put(site, "/main.htm", listing(f"bantin/{one}" for one in news_of[:5]))
    put(site, "/bantin/so-5.htm", listing(news_of))
    for number, one in enumerate(news_of, 1):
        put(site, f"/bantin/{one}", news(number))
    read(crawling, site)
    assert stored(crawling) == {f"/bantin/{one}" for one in news_of}


def test_a_copy_that_names_the_articles_own_address_is_not_stored_beside_it(
    site: Any, crawling: Any
) -> None:
    def put_up(path: str, number: int, named: str) -> None:
        put(site, path, news(number, head=f'<link rel="canonical" href="{named}">'))

    copies = [f"/m/tin-ngan-gon-{number}.html" for number in (1, 2)]
    lost, circle = "/m/tin-da-mat-4.html", "/m/tin-vong-quanh-5.html"
    put(site, "/", listing([*copies, "/m/khac-3.html", lost, circle]))
    for number, copy in enumerate(copies, 1):
        own = copy.replace("/m/", "/tin/")
        put_up(own, number, own)
        put_up(copy, number, own)
    put_up("/m/khac-3.html", 3, "/")  # the same address on all pages is none
    put_up(lost, 4, "/tin/tin-da-mat-4.html")  # no page is there
    put_up(circle, 5, "/tin/tin-vong-quanh-5.html")
    put_up("/tin/tin-vong-quanh-5.html", 5, circle)
    _, found = crawling.crawl(site)
    crawling.ingest()
    kept = {*(copy.replace("/m/", "/tin/") for copy in copies), "/m/khac-3.html", circle}
    assert stored(crawling) == kept
    assert found[copies[0]] == (Outcome.KNOWN, f"a copy of {site.url}/tin/tin-ngan-gon-1.html")
    crawling.end_runs()
    assert lost in read(crawling, site)  # it is not waited for again
    assert stored(crawling) == {*kept, "/tin/tin-da-mat-4.html"}


def test_an_article_at_two_addresses_is_stored_once_and_followed_when_the_first_is_gone(
    site: Any, crawling: Any
) -> None:
    number, name = "/node/1", "/tin/ap-tan-hoa-sua-duong-1.html"
    other = "/tin/bai-viet-2.html"
    put(site, "/", listing([number, other]))
    put(site, number, news(1))
    put(site, other, news(2))
    read(crawling, site)
    put(site, "/", listing([number, name, other]))
    put(site, name, news(1))
    age(crawling, 1.5)
    assert name in read(crawling, site)
    assert stored(crawling) == {number, other}
    del site.answers[number]
    put(site, "/", listing([name, other]))
    age(crawling, 3.5)
    read(crawling, site)
    assert name in read(crawling, site)
    assert stored(crawling) == {number, name, other}


def test_what_an_earlier_run_left_over_is_no_second_article_either(
    site: Any, crawling: Any
) -> None:
    number, name = "/node/1", "/tin/ap-tan-hoa-sua-duong-1.html"
    put(site, "/", listing([number, name]))
    put(site, number, news(1))
    put(site, name, news(1))
    read(crawling, site, limit=1)
    assert stored(crawling) == {number}
    assert name in read(crawling, site)
    assert stored(crawling) == {number}


def test_an_address_with_the_number_of_a_page_is_an_articles_own(site: Any, crawling: Any) -> None:
    path = "/tin/xem-bai.html?page=0&id=1"
    put(site, "/", listing([path]))
    put(site, path, news(1))
    asked = read(crawling, site)
    assert path in asked
    assert stored(crawling) == {"/tin/xem-bai.html?id=1"}
    assert "/tin/xem-bai.html?id=1" not in asked


def test_a_notice_that_comes_with_the_same_words_on_another_day_is_stored_too(
    site: Any, crawling: Any
) -> None:
    this_year, last_year = "/tin/thong-bao-1.html", "/tin/thong-bao-301.html"
    put(site, this_year, news(1))
    put(site, last_year, news(1).replace(f"{day(1)} 08:15".encode(), b"05/03/2024 08:15"))
    put(site, "/", listing([this_year, last_year]))
    read(crawling, site)
    assert stored(crawling) == {this_year, last_year}


def test_what_is_new_on_a_later_page_alone_is_found_once_a_week_is_over(
    site: Any, crawling: Any
) -> None:
    """Behind a page of pinned ones, where the oldest come first, in sections that look like pages.

    Each section has five pages, which a pager names all.
    """
    sections = [f"/?page={number}" for number in range(1, 6)]
    pagers = {
        part: [part, *(f"{part}?page={n}" for n in range(2, 6))] for part in ("/muc/", "/an/")
    }

    def put_up(more: dict[str, list[str]]) -> None:
        put(site, "/", listing([], [*sections, *pagers]))
        for place, path in enumerate([*sections, *pagers["/muc/"], *pagers["/an/"]], 1):
            pager = sections if path in sections else pagers[path.partition("?")[0]]
            links = [*more.get(path, []), f"/tin/bai-viet-{place}.html"]
            put(site, path, listing(links, pager))

    new = {"/muc/?page=2": 50, "/an/?page=5": 51, "/?page=3": 52, "/?page=4": 53}
    for number in (*range(1, 16), *new.values()):
        put(site, f"/tin/bai-viet-{number}.html", news(number))
    put_up({})
    read(crawling, site)
    assert len(stored(crawling)) == 15
    put_up({path: [f"/tin/bai-viet-{number}.html"] for path, number in new.items()})
    later = {*sections, *pagers["/muc/"][1:], *pagers["/an/"][1:]}
    age(crawling, 40)
    lately = {f"/an/?page={number}" for number in (2, 3, 4)}
    age(crawling, 0, *(site.url + path for path in lately))
    age(crawling, 50, f"{site.url}/?page=3")
    visited = set(read(crawling, site)) & later
    assert len(stored(crawling)) == 19
    assert not visited & lately
    # the first, the last and one more of each pager, and what lies behind a page with news
    assert len(visited) <= 3 * 3 + 2 * 2


def test_a_day_that_stands_in_the_listing_alone_is_taken_and_kept(site: Any, crawling: Any) -> None:
    def undated(number: int) -> bytes:
        return re.sub(rb"<div class='ngay'>.*?</div>", b"", news(number))

    paths = [f"/tin/bai-viet-{number}.html" for number in range(1, 5)]
    rows = "".join(
        f"<li><a href='{path}'>{title(n)}</a> <i>(0{n}/05/2025)</i></li>"
        for n, path in enumerate(paths, 1)
    )
    put(site, "/", framed("Xã Tân Hòa", f"<h1>Tin</h1><ul>{rows}</ul>"))
    for number, path in enumerate(paths, 1):
        put(site, path, news(number) if number == 4 else undated(number))
    feed = f"<item><link>{site.url}{paths[0]}</link></item>"  # met before its listing is
    rss = f"<rss version='2.0'><channel><title>Tin</title>{feed}</channel></rss>"
    put(site, "/rss", rss.encode(), "application/rss+xml")
    read(crawling, site)
    put(site, "/", framed("Xã Tân Hòa", "<h1>Tin</h1>"))
    age(crawling, 1.5)
    assert set(paths) < set(read(crawling, site))  # again, with no listing that tells a day
    with crawling.store.read() as conn:
        drafts = list(conn.scalars(select(revisions.c.draft)))
    told = {(d["published_at"][:10], d["published_from"], d["published_precision"]) for d in drafts}
    assert {one for one in told if one[1] == "door:listing"} == {
        (f"2025-05-0{number}", "door:listing", "day") for number in (1, 2, 3)
    }
    assert len(drafts) == 4  # the last one's own day counts, and none was revised


def show_in_a_feed(site: Any, count: int) -> list[str]:
    """Put up a site that shows its articles in a feed alone: scripts make its front page."""
    paths = [f"/tin/bai-viet-{number}.html" for number in range(1, count + 1)]
    for number, path in enumerate(paths, 1):
        put(site, path, news(number))
    put(site, "/", b"<html><body><div id='app'></div></body></html>")
    items = "".join(f"<item><link>{site.url}{path}</link></item>" for path in paths)
    rss = f"<rss version='2.0'><channel><title>Tin</title>{items}</channel></rss>"
    put(site, "/rss", rss.encode(), "application/rss+xml")
    site.answers["/rss"].headers["ETag"] = '"1"'
    return paths


def test_what_a_feed_alone_has_shown_is_read_in_slices(site: Any, crawling: Any) -> None:
    paths = show_in_a_feed(site, 4)
    for rest in (False, True):
        read(crawling, site, kind="backfill", slice=2, rest=rest)
    assert stored(crawling) == set(paths)


def test_a_feed_that_has_not_changed_is_no_site_without_articles(site: Any, crawling: Any) -> None:
    paths = show_in_a_feed(site, 3)
    feed = site.answers["/rss"]
    for limit in (2, None, None):  # what is left over, and then nothing
        read(crawling, site, limit=limit)
        site.answers["/rss"] = type(feed)(b"", 304, feed.headers)
    assert stored(crawling) == set(paths)
    site.answers["/rss"] = type(feed)(b"", 404, {})
    run, _ = crawling.crawl(site)
    assert "no address of an article" in run.error


def test_an_address_that_failed_before_it_showed_a_copy_is_not_asked_again(
    site: Any, crawling: Any
) -> None:
    number, name = "/node/1", "/tin/ap-tan-hoa-sua-duong-1.html"
    put(site, "/", listing([number, name]))
    put(site, number, news(1))
    site.answers[name] = type(site.answers["/robots.txt"])(b"", 404, {})
    read(crawling, site)
    put(site, name, news(1))
    age(crawling, 1.5)
    assert name in read(crawling, site)
    age(crawling, 8)
    assert name not in read(crawling, site)
    assert stored(crawling) == {number}


def test_what_was_a_copy_is_read_again_once_the_articles_words_are_others(
    site: Any, crawling: Any
) -> None:
    paths = [f"/tin/bai-viet-{number}.html" for number in (1, 2, 3)]
    put(site, "/", listing(paths))
    for path in paths:  # the portal shows one page for all
        put(site, path, news(7))
    read(crawling, site)
    assert len(stored(crawling)) == 1
    for number, path in enumerate(paths, 1):
        put(site, path, news(number))
    age(crawling, 1.5)
    read(crawling, site)
    read(crawling, site)
    assert stored(crawling) == set(paths)


def test_an_article_stored_at_two_addresses_is_revised_at_both(site: Any, crawling: Any) -> None:
    number, name = "/node/1", "/tin/ap-tan-hoa-sua-duong-1.html"
    put(site, "/", listing([number, name]))
    put(site, number, news(1))
    put(site, name, news(1).replace(b"21 ng", b"31 ng"))
    read(crawling, site)
    changed = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    told = "".join(
        f"<url><loc>{site.url}{path}</loc><lastmod>{changed}</lastmod></url>"
        for path in (number, name)
    )
    put(site, "/sitemap.xml", f"<urlset>{told}</urlset>".encode(), "application/xml")
    for path in (number, name):
        put(site, path, news(1).replace(b"21 ng", b"41 ng"))
    age(crawling, 0.5)
    read(crawling, site)
    with crawling.store.read() as conn:
        assert conn.scalars(select(articles.c.revision)).all() == [2, 2]


def test_notices_of_the_same_words_with_other_scans_are_stored_each(
    site: Any, crawling: Any
) -> None:
    paths = [f"/tin/thong-bao-{number}.html" for number in (1, 2, 3)]
    for number, path in enumerate(paths):
        scan = f"<div class='than'><img src='/upload/quet-{number}.jpg' width='800'>"
        put(site, path, news(1).replace(b"<div class='than'>", scan.encode()))
    put(site, "/", listing(paths[:2]))
    read(crawling, site)
    assert stored(crawling) == set(paths[:2])
    put(site, "/", listing(paths))
    read(crawling, site)
    assert stored(crawling) == set(paths)
