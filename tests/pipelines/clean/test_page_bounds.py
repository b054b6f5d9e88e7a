"""Hostile pages: each is refused by name, before a parser sees it, in well under a second."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.families import FAMILIES
from pipelines.clean import bounds
from pipelines.clean.page import clean_page
from pipelines.records import Outcome, Page

if TYPE_CHECKING:
    from pipelines.clean.rules import PageRules

NESTED = 100_000
REFUSED = {
    "50 MB": (b"<p>x</p>" * 6_250_000, "bounds.bytes"),
    "nested": (b"<div>" * NESTED + b"x", "bounds.depth"),
    "nested and closed": (b"<div>" * 40_000 + b"</div>" * 40_000, "bounds.depth"),
    "nested behind stray ends": (b"</div>" * 1000 + b"<DIV>" * NESTED, "bounds.depth"),
    "nested lists": (b"<ul><li>" * 40_000, "bounds.depth"),
    "nested formatting": (b"<p><b>" * 40_000, "bounds.depth"),
    "attributes": (
        b"<p " + b" ".join(b"a%d=1" % i for i in range(NESTED)) + b">",
        "bounds.attributes",
    ),
    "quoted ends": (
        b"<p " + b"".join(b'a%d=">"' % i for i in range(NESTED)) + b">x",
        "bounds.attributes",
    ),
    "a name with a bracket": (b"<a<1 " + b"x " * NESTED, "bounds.attributes"),
    "quotes that never fit": (b"<a b=\"<a b='" * 20_000, "bounds.attributes"),
    "flat": (b"<p>x</p>" * 1_000_000, "bounds.elements"),
    "line breaks": (b"x<br>" * 1_000_000, "bounds.elements"),
    "cells": (b"<table>" + b"<tr><td>1</td><td>2</td></tr>" * 200_000, "bounds.elements"),
    "tag starts": (b"<a" * 1_000_000, "bounds.elements"),
}
ALLOWED = {
    "empty": b"",
    "one large text": b"<p>" + b"x " * 4_000_000,
    "script that compares": b"<script>for(i=0;i<n;i++){" + b"a=b; c d e f " * 1000 + b"}</script>",
    "names that never end": (b"<a" + b"b" * 100) * 9000,  # 14 s where each is read to the end
    "unclosed scripts": b"<script>" * 50_000,
    "markup in a script": b"<script>s='" + b"<div>" * 2000 + b"'</script><p>x</p>",
    "paragraphs never closed": b"<p>x" * 5000,
    "cells never closed": b"<table>" + b"<tr><td>x<td>y" * 2000,
    "a long list of options": b"<select>" + b"<option>x" * 3000 + b"</select>",
}


DEEP = {
    "elements": b"<div>" * 2000 + b"x",
    "tables": b"<table><tr><td>" * 600 + b"x",
    "figures": b"<figure>" * 1000 + b"x",
    "attributes": b"<p " + b" ".join(b"a%d" % i for i in range(15_000)) + b">x",
}


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.parametrize("rules", [FAMILIES["nukeviet"].rules, None], ids=["nukeviet", "generic"])
def test_small_page_that_is_let_through_is_cleaned_in_time(
    name: str, rules: PageRules | None
) -> None:
    title = b'<div class=news_column><h1 itemprop=headline>x</h1><div id="news-bodyhtml">'
    page = Page("https://a.vn/x", title + DEEP[name], datetime(2026, 11, 22, tzinfo=UTC))
    started = time.process_time()
    assert clean_page(page, rules).outcome in {Outcome.THIN, Outcome.TOO_LARGE}
    assert time.process_time() - started < 2


@pytest.mark.parametrize("name", REFUSED)
def test_page_that_would_hang_a_parser_is_refused(name: str) -> None:
    body, reason = REFUSED[name]
    started = time.process_time()
    fault = bounds.check(body)
    assert time.process_time() - started < 2
    assert fault is not None
    assert fault.outcome is Outcome.TOO_LARGE
    assert fault.reason.startswith(reason)


@pytest.mark.parametrize("name", ALLOWED)
def test_page_that_only_looks_hostile_is_let_through(name: str) -> None:
    started = time.process_time()
    assert bounds.check(ALLOWED[name]) is None
    assert time.process_time() - started < 2
