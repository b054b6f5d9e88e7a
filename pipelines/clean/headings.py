"""What the headings of a page of an unknown CMS say: its title, its own element, a teaser."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from pipelines.clean.dates import parse_printed
from pipelines.clean.text import fold_key
from pipelines.clean.tree import absolute, flat
from pipelines.clean.vocabulary import is_chrome
from pipelines.records import Precision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from pipelines.clean.markup import Markup
    from pipelines.clean.tokens import Line

TITLES = (
    "h1, h2, [itemprop=headline], [class*=title], [class*=Title], [class*=Head], [id*=Title], "
    "[class*=heading], [class*=tieude], [class*=tieu-de], [class*=TieuDe], [id*=TieuDe]"
)

TITLE_WORDS = 5

_TITLE_MOST = 50

# A heading holds no more letters and nodes, and its time stands in one of its last elements. Where
# elements of a broken page are never closed, each holds all that follow: 119 took over 10 s.
HEADING, _LAST = 1_000, 8

_LEVELS = 8

_OWN_LEVELS = 12  # Drupal 7 prints a text nine elements below the one that holds its title

_OPENING, _TOLD_AGAIN = 3, 0.4

_TIME = 40  # characters

LONGEST_DATE = 80  # characters of a line with a date at the head of an article

_LEAD_WORDS, _LONG_LEAD, _STOPS = 8, 15, frozenset('.!?…”"')

_TEASERS = 2

_TEASER_LEVELS = 4


def title_of(
    tree: LexborHTMLParser,
    node: LexborNode,
    markup: Markup,
    above: Sequence[Line],
    lines: Sequence[str],
) -> str:
    """Give the heading that the page's markup confirms, else the markup's own title.

    ``above`` are the lines above the text's ``lines``: where no heading is marked, one of them is
    the title.
    """
    stated = markup.headline
    keys = [fold_key(text) for text in (stated, markup.first("og:title"), markup.title) if text]
    best = ""
    for heading in tree.css(TITLES):
        text = text_of(heading)
        key = fold_key(text)
        if len(key) > len(fold_key(best)) and any(other.startswith(key) for other in keys):
            best = text
    if len(best.split()) >= TITLE_WORDS:
        return best
    if near := _title_near(node):
        return near
    if not best and (unmarked := _unmarked_title(above, lines)):
        return unmarked
    # a heading that leads to the front page is the portal's name
    headings = [text_of(node) for node in tree.css("h1") if node.css_first("a[href='/']") is None]
    if len(headings) == 1 and headings[0]:
        return headings[0]
    return stated


def text_of(heading: LexborNode) -> str:
    """Give a heading's text without the time of publication that some portals print at its end.

    A time has its minute or stands in brackets: "Lịch tiếp công dân ngày 18/11" is a title's own.
    Of an element that is too large for a heading, give "".
    """
    text = flat(heading, HEADING)
    for part in heading.css("span, small, time, em, i")[-_LAST:] if text else ():
        told = flat(part, 2 * _TIME)
        printed = parse_printed(told) if told and len(told) <= _TIME else None
        stands_alone = printed and (printed.precision is Precision.MINUTE or told[0] in "([")
        if stands_alone and text.endswith(told) and len(told) < len(text):
            return text.removesuffix(told).rstrip(" -–|")
    return text


def stamp_of(node: LexborNode, title: str) -> str:
    """Give the time that stands behind the title in its heading; "" for none."""
    for heading in node.css(TITLES):
        text = flat(heading, HEADING)
        if len(text) > len(title) and text_of(heading) == title:
            return text.removeprefix(title)
    return ""


def _title_near(node: LexborNode) -> str:
    """Give the nearest title-like element around the text: portals repeat a section's name in h1.

    Short titles are left to the markup, links are headlines of other articles, and a lead may be
    set as a heading.
    """
    current: LexborNode | None = node
    for _ in range(_LEVELS):
        if current is None or current.tag == "body":
            return ""
        for candidate in current.css(TITLES):
            text = text_of(candidate)
            fits = TITLE_WORDS <= len(text.split()) <= _TITLE_MOST and not is_chrome(text)
            if fits and candidate.css_first("a[href], p") is None and not _is_lead(candidate, text):
                return text
        current = current.parent
    return ""


def _is_lead(heading: LexborNode, text: str) -> bool:
    return heading.tag != "h1" and text[-1] == "." and len(text.split()) >= _LONG_LEAD


def below_title(above: Sequence[Line], title: str) -> list[Line]:
    """Give the lines between title and text, and the one above the title; none without a title."""
    key = fold_key(title)
    for at in range(len(above) - 1, -1, -1):
        if fold_key(above[at].text) == key:
            return [*above[at + 1 :], *above[max(0, at - 1) : at]]
    return []


def _unmarked_title(above: Sequence[Line], lines: Sequence[str]) -> str:
    """Give the nearest line that can be a title: a bold one, else one that the text begins with.

    The first sentences of a text say again what its title says.
    """
    fitting = [line for line in reversed(above) if _could_be_title(line)]
    sentences = [line for line in lines if line.rstrip()[-1:] in _STOPS]
    told = set(fold_key(" ".join(sentences[:_OPENING])).split())
    for line in fitting:
        words = set(fold_key(line.text).split())
        if line.bold or len(words & told) >= len(words) * _TOLD_AGAIN:
            return line.text
    return ""


def opening_title(opening: Sequence[Line]) -> str:
    """Give the bold line with which a page opens that has no other title; "" for none."""
    return next((line.text for line in opening if line.bold and _could_be_title(line)), "")


def _could_be_title(line: Line) -> bool:
    fits = TITLE_WORDS <= len(line.text.split()) <= _TITLE_MOST and line.text[-1] not in ".:;,"
    if not fits or line.linked or is_chrome(line.text):
        return False
    return parse_printed(line.text) is None or len(line.text) > LONGEST_DATE


def lead_between(above: Sequence[Line], title: str) -> str:
    """Give the lead that stands between title and text: a sentence, or a long line; else ""."""
    key = fold_key(title)
    at = max((at for at, line in enumerate(above) if fold_key(line.text) == key), default=None)
    for line in above[at + 1 :] if at is not None else ():
        words = len(line.text.split())
        sentence = words >= _LEAD_WORDS and line.text[-1] in _STOPS
        if (sentence or words >= _LONG_LEAD) and not line.linked and not is_chrome(line.text):
            return line.text
    return ""


def around(node: LexborNode, title: str) -> LexborNode | None:
    """Give the nearest element around the text with the title in a heading: the article's own."""
    key = fold_key(title)
    for one in islice(_upward(node), _OWN_LEVELS):
        if any(fold_key(text_of(heading)) == key for heading in one.css(TITLES)):
            return one
    return None


def around_both(node: LexborNode, heading: LexborNode) -> LexborNode | None:
    """Give the nearest element around the text and its known heading: the article's own."""
    holders = {one.mem_id for one in _upward(heading)}
    return next((one for one in islice(_upward(node), _OWN_LEVELS) if one.mem_id in holders), None)


def _upward(node: LexborNode | None) -> Iterator[LexborNode]:
    while node is not None and node.tag != "body":
        yield node
        node = node.parent


def is_teaser(tree: LexborHTMLParser, node: LexborNode, url: str, title: str) -> bool:
    """Tell a text that is one teaser of a listing: the heading above it leads to another page."""
    if len(tree.css("h1 a[href], h2 a[href], h3 a[href], h4 a[href]")) < _TEASERS:
        return False
    key, current = fold_key(title), node
    for _ in range(_TEASER_LEVELS):
        headings = current.css("h1, h2, h3, h4")
        if headings:
            own = any(fold_key(flat(h)) == key and not _leads_away(h, url) for h in headings)
            return not own and _leads_away(headings[0], url)
        if current.parent is None or current.tag == "body":
            return False
        current = current.parent
    return False


def _leads_away(heading: LexborNode, url: str) -> bool:
    link = heading.css_first("a[href]")
    href = absolute(url, link.attributes.get("href") or "") if link is not None else None
    return href is not None and href.rstrip("/") != url.rstrip("/")
