"""A server that means harm: each of its answers ends by name and in bounds, the crawl goes on."""

from __future__ import annotations

import gzip
import time
import zlib
from itertools import count
from typing import TYPE_CHECKING, Any

import psutil
from scrapy.utils._compression import brotli, zstd  # type: ignore[attr-defined]  # as it has them

from crawler.network import guarded
from pipelines.records import Outcome
from pipelines.store.runs import RunState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crawler.hostile import Hostile

MEGABYTE = 1_000_000
MOST_MEMORY = 500 * MEGABYTE  # of any process
PATIENCE = 500.0  # seconds for the whole crawl, on a machine that does much else
ZEROS = b"<p>" + bytes(1 << 20)
WORDS = "Sáng 12/7, Ủy ban nhân dân phường tổ chức hội nghị sơ kết công tác sáu tháng đầu năm. "


def article(number: int) -> bytes:
    """An article as any site may print it, with a text of its own."""
    title = f"Hội nghị sơ kết công tác của tổ dân phố số {number}"
    body = "".join(f"<p>{WORDS} Tổ dân phố số {number}, mục {one}.</p>" for one in range(6))
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"<time datetime='2023-07-12T11:{number % 60:02}:00+07:00'>12/07/2023</time>{body}"
        f"</article></body></html>"
    ).encode()


def sent(body: bytes, **headers: str) -> Callable[[Hostile], None]:
    return lambda server: server.send(body, 200, **headers)


def bomb(name: str) -> Callable[[Hostile], None]:
    """300 MB of zeros in a few hundred kB at most."""
    plain = ZEROS * 300
    packers: dict[str, Callable[[], bytes]] = {
        "gzip": lambda: gzip.compress(plain, 1),
        "deflate": lambda: zlib.compress(plain, 1),
        "br": lambda: bytes(brotli.compress(plain, quality=1)),
        "zstd": lambda: bytes(zstd.compress(plain)),
        "gzip, gzip": lambda: gzip.compress(gzip.compress(plain, 1)),
    }
    return sent(packers[name](), Content_Encoding=name)


def endless(server: Hostile) -> None:
    server.begin(Content_Type="text/html")
    for _ in count():
        server.wfile.write(b"<p>tin" * 10_000)


def drip(server: Hostile) -> None:
    server.begin(Content_Type="text/html")
    for _ in range(600):
        server.wfile.write(b".")
        time.sleep(0.2)


def silence(server: Hostile) -> None:
    server.begin(Content_Type="text/html", Content_Length="5000")
    time.sleep(60)


def dumb(_: Hostile) -> None:
    time.sleep(60)


def headers(server: Hostile) -> None:
    server.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in count():
        server.wfile.write(b"X-Header-%d: %s\r\n" % (number, b"x" * 200))


def one_header(server: Hostile) -> None:
    server.wfile.write(b"HTTP/1.1 200 OK\r\nX-Header: ")
    for _ in count():
        server.wfile.write(b"x" * 65_536)


def redirect(to: str) -> Callable[[Hostile], None]:
    return lambda server: server.send(b"", 302, Location=to)


CUT = {Outcome.TOO_LARGE}
READ = {Outcome.THIN, Outcome.NOT_ARTICLE, Outcome.LISTING, Outcome.EMPTY, Outcome.BAD_CONTENT}
# what costs too much is named by the scan before parsing or by the time limit of cleaning
BOUNDED = CUT | READ | {Outcome.TIMED_OUT, Outcome.FETCHED}
HOSTILE: dict[str, tuple[Callable[[Hostile], None], set[Outcome]]] = {
    "gzip-bomb": (bomb("gzip"), CUT),
    "deflate-bomb": (bomb("deflate"), CUT),
    "brotli-bomb": (bomb("br"), CUT),
    "zstd-bomb": (bomb("zstd"), CUT),
    "packed-twice": (bomb("gzip, gzip"), {Outcome.BAD_CONTENT}),
    "no-deflate": (sent(b"\xff" * 500, Content_Encoding="deflate"), {Outcome.BAD_CONTENT}),
    "no-brotli": (sent(b"\xff" * 500, Content_Encoding="br"), {Outcome.BAD_CONTENT}),
    "no-zstd": (sent(b"\xff" * 500, Content_Encoding="zstd"), {Outcome.BAD_CONTENT}),
    "endless-body": (endless, CUT),
    "slow-drip": (drip, {Outcome.FAILED}),
    "then-silence": (silence, {Outcome.FAILED}),
    "silence": (dumb, {Outcome.FAILED}),
    "header-flood": (headers, CUT),
    "one-long-header": (one_header, {Outcome.TOO_LARGE, Outcome.FAILED}),
    "redirect-loop": (redirect("/redirect-loop-1.html"), {Outcome.FAILED}),
    "redirect-to-file": (redirect("file:///etc/hostname"), {Outcome.FAILED}),
    "redirect-inside": (redirect("http://127.1:22/tin-tuc.html"), {Outcome.PRIVATE_ADDRESS}),
    "redirect-mapped": (
        redirect("http://[::ffff:169.254.169.254]/latest.html"), {Outcome.PRIVATE_ADDRESS},
    ),
    "nuls": (sent(b"\x00" * 5_000), READ),
    "picture": (sent(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40), READ | {Outcome.BAD_ENCODING}),
    "text-as-pdf": (sent(article(9), Content_Type="application/pdf"), READ | {Outcome.FETCHED}),
    # what parsers hang on, each with the size at which they did
    "attributes": (sent(b"<p " + b" ".join(b"a%d=1" % n for n in range(250_000)) + b">x"), CUT),
    "flat": (sent(b"<p>x</p>" * 1_000_000), CUT),
    "cells": (sent(b"<table>" + b"<tr><td>1<td>2" * 300_000), CUT),
    "nested": (sent(b"<div>" * 1_000_000), CUT),
    "links": (sent(b"".join(b'<a href="/x/%d">tin</a>' % n for n in range(100_000))), CUT),
    "one-text": (sent(b"<p>" + b"tin " * 5_000_000), CUT),
    "large-text": (sent(b"<p>" + b"tin " * 2_200_000), BOUNDED),
    "entities": (sent(b"<p>" + b"&amp;&#7879;" * 700_000), BOUNDED),
    "unclosed": (sent(b"<p><b><i>" * 300_000), CUT),
    "comments": (sent(b"<!--" * 1_500_000), BOUNDED),
}  # fmt: skip


def watched(process: Any) -> dict[int, int]:
    """Wait for the end of a crawl; give the most memory that each of its processes held."""
    most: dict[int, int] = {}
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            crawl = psutil.Process(process.pid)
            for one in (crawl, *crawl.children(recursive=True)):
                most[one.pid] = max(most.get(one.pid, 0), one.memory_info().rss)
        except psutil.NoSuchProcess:
            pass  # it ended between two looks
        time.sleep(0.02)
    return most


def test_every_hostile_answer_ends_by_name_and_in_bounds(
    hostile: Any, crawling: Any, collector: Any
) -> None:
    paths = {name: f"/{name}-1.html" for name in HOSTILE}
    good = ["/hoi-nghi-so-1.html", "/hoi-nghi-so-2.html"]
    links = "".join(f'<a href="{one}">tin</a>' for one in (good[0], *paths.values(), good[1]))
    hostile.answers["/"] = f"<html><title>Trang chủ</title>{links}</html>".encode()
    hostile.answers |= {path: HOSTILE[name][0] for name, path in paths.items()}
    hostile.answers |= {path: article(number) for number, path in enumerate(good)}
    run, process = crawling.start(hostile)
    most = watched(process)
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said, said
    ended, found = crawling.result(run, hostile)
    ends = {name: found[path] for name, path in paths.items()}
    took = collector.seconds_by_url()
    for name, (outcome, detail) in ends.items():
        fetched, cleaned = took[hostile.url + paths[name]]
        print(f"{name:<18}{fetched:6.1f}{cleaned:6.1f} s  {outcome:<16}{detail[:60]}")
    print("peak memory, MB:", sorted(held // MEGABYTE for held in most.values()))
    assert ended.state is RunState.FETCHED
    assert {name: end for name, end in ends.items() if end[0] not in HOSTILE[name][1]} == {}
    assert all(detail for outcome, detail in ends.values() if outcome is not Outcome.FETCHED)
    assert [found[path][0] for path in good] == [Outcome.FETCHED] * 2
    assert f"{guarded.PACE_SECONDS:g} s" in ends["slow-drip"][1]
    assert "no answer in 10 s" in ends["silence"][1]
    assert [hostile.asked.count(paths[name]) for name in ("silence", "slow-drip")] == [1, 1]
    assert max(most.values()) < MOST_MEMORY


def test_a_calendar_without_end_is_known_by_its_fruit(hostile: Any, crawling: Any) -> None:
    hostile.answers["/"] = (
        b'<title>Trang</title><a href="/lich/24310/">l</a><a href="/hoi-nghi-so-1.html">t</a>'
    )
    hostile.answers["/hoi-nghi-so-1.html"] = article(1)
    run, process = crawling.start(hostile, kind="backfill")
    watched(process)
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said, said
    _, found = crawling.result(run, hostile)
    trapped = [detail for outcome, detail in found.values() if outcome is Outcome.TRAP]
    assert trapped
    assert "pages like /lich/0/" in trapped[0]
    assert sum(path.startswith("/lich/") for path in hostile.asked) < 150
    assert found["/hoi-nghi-so-1.html"][0] is Outcome.FETCHED
