"""Say whether a page of an unknown CMS is an article: by what it holds, not by its length alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.clean.dates import parse_printed
from pipelines.clean.fields import attachments_of
from pipelines.clean.headings import HEADING, LONGEST_DATE, TITLE_WORDS, TITLES
from pipelines.clean.main_text import is_sentence
from pipelines.clean.text import fold_key
from pipelines.clean.tokens import Line, Picture, is_furniture
from pipelines.clean.tree import flat
from pipelines.clean.walk import Walker
from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from pipelines.clean.markup import Markup
    from pipelines.records import Attachment

_DENIED = re.compile(
    r"access denied|hasn't been shared with you|không có quyền|vui lòng đăng nhập|bạn cần đăng nhập"
    r"|please (?:sign|log) in|đăng nhập để",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"không tồn tại|không tìm thấy|not found|does not exist|đã bị xóa|no longer available",
    re.IGNORECASE,
)
_LOGIN_PAGE = re.compile(r"/(?:log-?in|log-?on|sign-?in|dang-?nhap)\b", re.IGNORECASE)
_PROSE_WORDS = 8
# a denied page has 39 words, a true one-paragraph notice 57
_LEAST_WORDS = 45
_FEWEST_WORDS = 30
_SHORT_PAGE = 80
_HEADLINES = 5  # links of a headline's length that make a page of them
_FEW_HEADLINES = 3
_ALBUM = 6
_LEVELS = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against an article in the text that was found.

    ``stated``: markup calls the page an article; ``named``: a heading names it; ``login``: it has a
    field for a password; ``listing``: its text is a list of teasers. A story in pictures is told by
    those of its ``captions`` that are sentences.
    """

    texts: Sequence[str]
    captions: Sequence[str]
    title: str
    stated: bool
    named: bool
    login: bool
    listing: bool

    @property
    def words(self) -> int:
        """Count the words of the text."""
        return sum(len(text.split()) for text in self.texts)

    @property
    def told(self) -> int:
        """Count the words of the text and of the captions that are sentences."""
        return self.words + sum(len(text.split()) for text in self.captions if is_sentence(text))

    @property
    def prose(self) -> int:
        """Count the words of lines that are long enough to be prose."""
        counts = (len(text.split()) for text in self.texts)
        return sum(count for count in counts if count >= _PROSE_WORDS)


def fault(found: Evidence) -> Cleaned | None:
    """Say why a page is no article, or None."""
    return _excuse(found) or _weak(found)


def _excuse(found: Evidence) -> Cleaned | None:
    """Name a short page that only says why it shows nothing, and a listing."""
    if refused := _refusal(found.title, found.texts):
        return refused
    if found.listing:
        return Cleaned(Outcome.LISTING, "generic.teasers")
    # side columns have a form for editors, too
    least = _FEWEST_WORDS if found.named else _SHORT_PAGE
    if found.login and found.words < least:
        return Cleaned(Outcome.LOGIN, "generic.password")
    return None


def _refusal(title: str, texts: Sequence[str]) -> Cleaned | None:
    whole = " ".join((title, *texts))
    if len(whole.split()) - len(title.split()) >= _SHORT_PAGE:
        return None
    if _DENIED.search(whole):
        return Cleaned(Outcome.LOGIN, "generic.denied")
    if _MISSING.search(whole):
        return Cleaned(Outcome.SOFT_404, "generic.not_found")
    return None


def _weak(found: Evidence) -> Cleaned | None:
    """Refuse a page that does not show a title and prose of its own."""
    if not found.title:
        return Cleaned(Outcome.NOT_ARTICLE, "generic.no_title")
    if found.told < (_FEWEST_WORDS if found.stated or found.named else _LEAST_WORDS):
        return Cleaned(Outcome.THIN, f"generic.thin:{found.words}")
    if not (found.stated or found.named):
        return Cleaned(Outcome.NOT_ARTICLE, "generic.no_evidence")
    if found.prose * 3 < found.words:
        return Cleaned(Outcome.NOT_ARTICLE, f"generic.no_prose:{found.prose}/{found.words}")
    return None


def login_page(tree: LexborHTMLParser, url: str) -> bool:
    """Tell a page whose address or heading asks for a name and password, as its form does."""
    headings = [(node.tag, fold_key(flat(node, HEADING))) for node in tree.css("title, h1, h2")]
    asking = [tag for tag, key in headings if key.startswith("đăng nhập")]
    # under another heading of the page it is the form of a side column
    alone = len(asking) == sum(tag != "title" for tag, _ in headings)
    return bool(_LOGIN_PAGE.search(url) or {"title", "h1"} & set(asking) or (asking and alone))


@dataclass(frozen=True, slots=True)
class ShortPage:
    """A page that hardly says more than its title: its block, lines, files, pictures, times."""

    title: str
    block: LexborNode
    lines: tuple[str, ...]
    files: tuple[Attachment, ...]
    images: tuple[str, ...]
    stamps: tuple[str, ...]

    @property
    def fault(self) -> Cleaned | None:
        """Say why the page is no article; one whose text lies in its files is."""
        if refused := _refusal(self.title, self.lines):
            return refused
        words = sum(len(line.split()) for line in self.lines)
        return None if self.files else Cleaned(Outcome.THIN, f"generic.thin:{words}")


def short_page(tree: LexborHTMLParser, markup: Markup, base: str) -> ShortPage | None:
    """Read the block around the page's own heading, where the text that was found is not there.

    Beside so little text the side columns look like the main part.
    """
    heading = _own_heading(tree, markup)
    block = heading.parent if heading is not None else None
    for _ in range(_LEVELS):
        if heading is None or block is None or block.tag in {"body", "html"}:
            return None
        tokens = Walker(base).walk(block)
        lines = [token for token in tokens if isinstance(token, Line)]
        if sum(_is_headline(line) for line in lines) > _FEW_HEADLINES:
            return None
        title = flat(heading)
        own = tuple(line.text for line in lines if _is_own(line, title))
        files = attachments_of(block.css("a[href]"), base)
        if own or files:
            short = sum(len(text.split()) for text in own) < _LEAST_WORDS
            images = tuple(token.src for token in tokens if isinstance(token, Picture))
            stamps = tuple(line.text for line in lines if _is_stamp(line))
            return ShortPage(title, block, own, files, images, stamps) if short else None
        block = block.parent
    return None


def _own_heading(tree: LexborHTMLParser, markup: Markup) -> LexborNode | None:
    stated = {fold_key(text) for text in (markup.headline, markup.first("og:title")) if text}
    texts = ((heading, flat(heading, HEADING)) for heading in tree.css(TITLES))
    long = [
        (heading, text)
        for heading, text in texts
        if len(text.split()) >= TITLE_WORDS and heading.css_first("a[href]") is None
    ]
    confirmed = [heading for heading, text in long if fold_key(text) in stated]
    return next(iter(confirmed or [heading for heading, _ in long if heading.tag == "h1"]), None)


def _is_headline(line: Line) -> bool:
    return line.linked and len(line.text.split()) >= TITLE_WORDS


def _is_own(line: Line, title: str) -> bool:
    if line.linked or is_furniture(line.text) or fold_key(line.text) == fold_key(title):
        return False
    return not _is_stamp(line)


def _is_stamp(line: Line) -> bool:
    return len(line.text) <= LONGEST_DATE and parse_printed(line.text) is not None


def other_page(tree: LexborHTMLParser) -> Cleaned | None:
    """Name a page without text of its own: an album of pictures, a page of headlines."""
    links = [(node.attributes.get("href"), flat(node), node) for node in tree.css("a[href]")]
    headlines = {href: text for href, text, _ in links if len(text.split()) >= TITLE_WORDS}
    pictures = {href for href, _, node in links if href not in headlines and node.css_first("img")}
    if len(pictures) >= _ALBUM:
        return Cleaned(Outcome.NOT_ARTICLE, "generic.gallery")
    if len(set(headlines.values())) >= _HEADLINES:
        return Cleaned(Outcome.LISTING, f"generic.headlines:{len(headlines)}")
    return None
