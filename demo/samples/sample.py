"""A sample portal: its articles in the look of its CMS, its listings, its page for what is missing.

A look is one file of HTML in ``looks/``, in parts that ``<!-- part: NAME -->`` lines begin; written
by hand after what is known of the CMS, with the hazards known of it: counters, clocks, related
lists, share bars, comment forms, captions in tables, leads outside the text.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, ClassVar

from demo import markup
from demo.content import sections
from demo.site import WEEKDAYS, Request, Response, Site, esc, page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from demo.content import Article

LOOKS = Path(__file__).parent / "looks"
PART = re.compile(r"^<!-- part: (\w+) -->\n", re.MULTILINE)
PAGING = ("page", "p", "start", "date", "EventID")
RELATED = 2


class Sample(Site):
    """One sample portal.

    Paths and ``date_form`` are format strings over ``id``, ``slug``, ``section``, ``weekday``,
    ``at`` (the time of publication), ``name`` (of a file) and what else ``_words`` gives.
    ``prints`` names what its pages show beyond title, lead, text, captions, author and source:
    "minute" or "day", "section", "tags", "views".
    """

    robots: ClassVar[str] = "User-agent: *\nDisallow:\n"
    look: ClassVar[str]
    article_path: ClassVar[str]
    section_path: ClassVar[str] = "/{section}"
    start_path: ClassVar[str] = "/"
    image_path: ClassVar[str] = "/upload/image/{at:%Y%m}/{name}"
    file_path: ClassVar[str] = "/upload/files/{at:%Y}/{name}"
    date_form: ClassVar[str] = "{at:%d/%m/%Y %H:%M}"
    dateline_form: ClassVar[str] = "({dateline}) - "
    prints: ClassVar[frozenset[str]] = frozenset({"minute", "section", "tags"})

    def path(self, article: Article) -> str:
        """Give the article's path and query."""
        return self.article_path.format(**_words(article))

    def date(self, article: Article) -> str:
        """Give the time of publication as the page prints it."""
        return self.date_form.format(**_words(article))

    def image(self, article: Article, name: str) -> str:
        """Give the address of a picture as the page writes it."""
        return self.image_path.format(**_words(article), public=self.public, name=name)

    def attachment(self, article: Article, name: str) -> str:
        """Give the absolute address of an attached file."""
        return self.public + self.file_path.format(**_words(article), name=name)

    def listing_path(self, section: str) -> str:
        """Give the address of a section's listing, or of the front page for ""."""
        return self.section_path.format(section=section) if section else self.start_path

    def missing_path(self) -> str:
        """Give an address that has an article's shape and no article."""
        last = self.articles()[-1]
        return self.path(replace(last, id=last.id + 7, slug="bai-viet-da-go"))

    def page(self, request: Request) -> Response:
        """Answer an article, a listing, or (with status 200) that there is no such page."""
        found = next((one for one in self.articles() if _asks(request, self.path(one))), None)
        if found:
            return self._frame(found.title, self._article(found), found)
        for section in ("", *sections(self.id)):
            if _asks(request, self.listing_path(section)):
                return self._listing(section)
        return self._frame("404", self._part("missing"))

    def _part(self, name: str, **values: object) -> str:
        part = _look(self.look).get(name)
        given = {"public": self.public, "site": esc(self.name)} | values
        return part.substitute(given) if part else ""

    def _article(self, article: Article) -> str:
        others = self.others(RELATED, self.views(article), article)
        return self._part(
            "article",
            **self._facts(article),
            lead=esc(self._dateline(article) + article.lead),
            body=markup.body(article.rest, self._picture(article), self._file(article)),
            author=self._part("author" if article.author else "nobody", author=esc(article.author)),
            source=self._part("source", source=esc(article.source)) if article.source else "",
            tags="".join(self._part("tag", tag=esc(tag)) for tag in article.tags),
            related=self._each("related", others),
        )

    def _facts(self, article: Article) -> dict[str, object]:
        return {
            "id": article.id,
            "title": esc(article.title),
            "href": self.path(article),
            "date": self.date(article),
            "day": f"{article.published:%d/%m/%Y}",
            "iso": article.published.isoformat(),
            "american": _american(article),
            "views": article.views,
            "section_name": esc(sections(self.id)[article.section]),
            "section_href": self.listing_path(article.section),
        }

    def _each(self, part: str, articles: Iterable[Article]) -> str:
        return "\n".join(
            self._part(part, **self._facts(one), lead=esc(one.lead)) for one in articles
        )

    def _dateline(self, article: Article) -> str:
        named = article.dateline
        return self.dateline_form.format(dateline=named) if named else ""

    def _picture(self, article: Article) -> markup.Picture:
        def picture(names: Sequence[str], caption: str) -> str:
            sources = (self.image(article, name) for name in names)
            images = "".join(
                self._part("image", src=esc(src), title=esc(article.title)) for src in sources
            )
            return self._part("picture", images=images, caption=caption)

        return picture

    def _file(self, article: Article) -> markup.File:
        def file(name: str, label: str) -> str:
            return self._part("file", href=self.attachment(article, name), text=label)

        return file

    def _listing(self, section: str) -> Response:
        name = sections(self.id)[section] if section else "Trang chủ"
        rows = self._each("row", self.articles(section))
        return self._frame(name, self._part("listing", heading=esc(name), rows=rows))

    def _frame(self, title: str, main: str, article: Article | None = None) -> Response:
        now = self.world.now()
        menu = "".join(
            f'<li><a href="{self.listing_path(section)}">{esc(name)}</a></li>'
            for section, name in sections(self.id).items()
        )
        described = self._facts(article) | {"lead": esc(article.lead)} if article else None
        return page(
            self._part(
                "frame",
                title=esc(title),
                main=main,
                menu=menu,
                head=self._part("head", **described) if described else "",
                clock=f"{WEEKDAYS[now.weekday()]}, {now:%d/%m/%Y %H:%M}",
                visitors=f"{self.visitors():,}".replace(",", "."),
            )
        )


def _words(article: Article) -> dict[str, object]:
    at = article.published
    return {
        "id": article.id,
        "slug": article.slug,
        "section": article.section,
        "category": article.section.partition("/")[0],
        "at": at,
        "views": article.views,
        "weekday": WEEKDAYS[at.weekday()],
        "guid": f"{article.id:08X}-6AD3-4F2B-A1D5-ABFB01064AC7",
        "hex": f"{article.id:07x}",
    }


def _american(article: Article) -> str:
    at = article.published
    half = ("AM", "PM")[at.hour // 12]
    return f"{at.month}/{at.day}/{at.year} {at.hour % 12 or 12}:{at:%M:%S} {half}"


def _asks(request: Request, target: str) -> bool:
    wanted = Request.of(target)
    query = {name: value for name, value in request.query.items() if name not in PAGING}
    return request.path == wanted.path and query == wanted.query


@cache
def _look(name: str) -> Mapping[str, Template]:
    names_and_parts = PART.split((LOOKS / f"{name}.html").read_text(encoding="utf-8"))[1:]
    pairs = zip(names_and_parts[::2], names_and_parts[1::2], strict=True)
    return {part: Template(text.strip("\n")) for part, text in pairs}
