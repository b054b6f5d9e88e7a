"""What a portal is: the attributes that a family and then a portal's short file fill in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from pipelines.errors import Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipelines.clean.rules import PageRules

NEVER = re.compile(r"(?!)")
# The share of articles in which a field must be filled; no author: wards and departments have none.
FILL: Mapping[str, float] = {"title": 1.0, "body": 1.0, "published_at": 0.9, "author": 0.0}


@dataclass(frozen=True, slots=True)
class Door:
    """A place where new articles are discovered: its kind and its path on the portal."""

    kind: Literal["feed", "sitemap", "wp_json", "listing"]
    path: str


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a healthy run of this portal looks like.

    New articles a week, characters of a text (both least and most), and the share of articles in
    which a field is filled. What is learned from the portal's own runs stays inside these bounds.
    ``accepted`` are codes of findings that are known and no alarm ("fill.author").
    """

    new_per_week: tuple[int, int] = (0, 500)
    text_length: tuple[int, int] = (200, 60_000)
    fill: Mapping[str, float] = field(default_factory=lambda: FILL)
    accepted: tuple[str, ...] = ()


class Portal:
    """One web site that is crawled; a family subclasses this, a portal's file subclasses a family.

    ``hosts`` is the allow-list, the primary host first. The patterns are searched in
    ``path?query`` of an absolute URL on one of the hosts: ``article`` marks an article address,
    ``listing`` an address worth following for links, ``deny`` what is never requested (it wins over
    both). The named group of ``article`` that matches is the document's identity in the CMS; where
    addresses have several forms, each has its group.
    ``sections`` are parts of the portal with doors of their own, which may be scheduled apart.
    ``identity`` names the query parameters that tell two documents apart; all others are dropped
    from the canonical URL. ``paging`` matches the names of parameters that tell the pages of one
    listing apart. ``dated_doors`` are the kinds of doors whose publication times can be
    trusted; ``delay`` is the least time between two requests to a host, in seconds;
    ``answer_seconds`` is how long an answer may take to begin (a run that meets a slow portal
    waits longer of itself, crawler.network.answer_time);
    ``recheck_days`` are the ages at which an article is read again, for corrections;
    ``verify_certificate`` is switched off only where a portal's certificate chain is known broken;
    ``attachment_text`` has the texts of attached PDF and DOCX files read, for notices that are one.
    A portal whose rules rest on descriptions alone says so in its docstring: "Not yet met live.";
    whoever saw its live pages come out right takes the sentence away.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]]
    scheme: ClassVar[Literal["http", "https"]] = "https"
    unit: ClassVar[str] = ""
    family: ClassVar[str]
    rules: ClassVar[PageRules | None] = None
    doors: ClassVar[tuple[Door, ...]] = (Door("listing", "/"),)
    sections: ClassVar[Mapping[str, tuple[Door, ...]]] = MappingProxyType({})
    article: ClassVar[re.Pattern[str]] = NEVER
    listing: ClassVar[re.Pattern[str]] = NEVER
    deny: ClassVar[re.Pattern[str]] = NEVER
    identity: ClassVar[tuple[str, ...]] = ()
    paging: ClassVar[re.Pattern[str]] = NEVER
    dated_doors: ClassVar[frozenset[str]] = frozenset({"wp_json", "feed"})
    delay: ClassVar[float] = 2.0
    answer_seconds: ClassVar[float] = 10.0
    recheck_days: ClassVar[tuple[int, ...]] = (1, 3, 7, 30)
    verify_certificate: ClassVar[bool] = True
    attachment_text: ClassVar[bool] = False
    expect: ClassVar[Expectations] = Expectations()

    @classmethod
    def doors_of(cls, section: str) -> tuple[Door, ...]:
        """Give the doors of a section, those of the portal for ""; raise Reject for another."""
        if not section:
            return cls.doors
        if section not in cls.sections:
            known = ", ".join(sorted(cls.sections)) or "none"
            said = f"{cls.id} has no section {section!r}: its spider file names {known}"
            raise Reject("portal.section", f"{said}; gomtin schedule set {cls.id} takes it whole")
        return cls.sections[section]

    @classmethod
    def document_key(cls, url: str) -> str:
        """Give the CMS's own identity of the document at ``url``, unique within the portal.

        Where the address pattern names no key, the decoded path with the identity parameters
        serves, so that http/https, www/bare and moved hosts make no second document.
        """
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        found = cls.article.search(target)
        named = found.groupdict().values() if found else ()
        return next((key.casefold() for key in named if key), None) or cls.page_key(url)

    @classmethod
    def identifying(cls, names: Iterable[str]) -> set[str]:
        """Give those of an address's parameters, by ``names``, that tell documents apart."""
        wanted = {name.casefold() for name in cls.identity}
        return {name for name in names if name.casefold() in wanted}

    @classmethod
    def lasting(cls, names: Iterable[str]) -> set[str]:
        """Give those of an address's parameters, by ``names``, that its public form needs."""
        return cls.identifying(names)

    @classmethod
    def page_key(cls, url: str) -> str:
        """Give the identity of any page within the portal: decoded path and kept parameters."""
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        wanted = cls.identifying(name for name, _ in pairs)
        kept = sorted(
            f"{name.casefold()}={value}"
            for name, value in pairs
            if name in wanted or cls.paging.fullmatch(name)
        )
        path = unquote(parts.path) or "/"
        key = path + ("?" + "&".join(kept) if kept else "")
        return key.replace("\x00", "\N{REPLACEMENT CHARACTER}")  # as both databases keep it

    @classmethod
    def canonical_url(cls, url: str) -> str:
        """Give the one public address of ``url``: the primary host, lasting parameters only."""
        parts = urlsplit(url)
        pairs = [pair for pair in parts.query.split("&") if pair]
        wanted = cls.lasting(pair.partition("=")[0] for pair in pairs)
        kept = [pair for pair in pairs if pair.partition("=")[0] in wanted]
        query = "?" + "&".join(kept) if kept else ""
        return f"{cls.scheme}://{cls.hosts[0]}{parts.path or '/'}{query}"
