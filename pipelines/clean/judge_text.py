"""Say what a page's text is when it is no article: unreadable, a stub, a listing, too thin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.clean.lines import Kind, Line, ends_sentence, is_entry, is_marked, is_prose
from pipelines.clean.text import mojibake
from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.clean.headline import Head

LARGEST = 2_000_000  # characters; the longest real page text that was seen has 200,000
MOST_LINES = 20_000
_ARROWS = frozenset({"3", "...", "»", "›", ">", ">>", "trang sau", "next", "sau", "cuối"})
_NOT_FOUND = re.compile(r"(?:lỗi )?(?:404\b|error 404|lỗi truy cập 404|page not found|not found\b)")
_LISTED = 4  # dated entries that make a listing
_LABEL_WORDS = 3
_GENUINE_PROSE = 30
_JUNK = re.compile("[\x00-\x08\ufffd]")
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE)
_MORE = re.compile(
    r"(?:xem thêm|đọc tiếp|chi tiết|xem chi tiết|đọc thêm|xem tiếp|read more)\W*$"
    r"|(?:leave a comment|\d+ comments?|để lại một bình luận) / |(?:đã xem|phản hồi) ?: ?\d"
)
_STUBS = (
    (Outcome.BLOCKED, "blocked.flood", r"hệ thống đang từ chối truy cập|^hãy đợi[^\w]*$"),
    (
        Outcome.CHALLENGE,
        "challenge.text",
        (
            r"checking your browser|just a moment\W|enable javascript and cookies to continue"
            r"|document\.cookie ?=|verify you are human|xác minh bạn không phải là robot"
        ),
    ),
    (
        Outcome.SOFT_404,
        "judge.soft_404",
        (
            r"404 not found|page not found|error 404|không tìm thấy (?:trang|bài viết|nội dung)"
            r"|(?:trang|bài viết|nội dung)[^.]{0,30} (?:không tồn tại|đã bị xoá)"
            r"|trạng thái/status|the requested resource (?:was|could) not"
        ),
    ),
    (
        Outcome.LOGIN,
        "judge.login",
        (
            r"access denied|hasn't been shared with you"
            r"|bạn không có quyền|bạn cần đăng nhập|vui lòng đăng nhập"
            r"|tên đăng nhập|mật khẩu|forgot password|sign in to"
        ),
    ),
)
_STUB_PATTERNS = tuple(
    (outcome, code, re.compile(pattern, re.MULTILINE)) for outcome, code, pattern in _STUBS
)
_STUB_WORDS = 120  # a stub is short: longer pages may speak of these things


def unreadable(text: str) -> Cleaned | None:
    """Name the input that is no text at all: empty, too long, binary, markup, misread letters."""
    if not text.strip():
        return Cleaned(Outcome.EMPTY, "page.empty")
    lines = text.count("\n")
    if len(text) > LARGEST or lines > MOST_LINES:
        return Cleaned(Outcome.TOO_LARGE, f"bounds.text:{len(text)}:{lines}")
    if len(_JUNK.findall(text)) > len(text) / 100:
        return Cleaned(Outcome.BAD_CONTENT, "content.not_text")
    if _MARKUP.match(text):
        return Cleaned(Outcome.BAD_CONTENT, "content.markup")
    if legacy := mojibake(text):
        return Cleaned(Outcome.BAD_ENCODING, f"encoding.{legacy.lower()}")
    return None


def stub(lines: Sequence[Line]) -> Cleaned | None:
    """Name a short page that is a challenge, a block, a soft 404 or a login form."""
    told = [line for line in lines if line.kind is not Kind.CHROME or line.words > _LABEL_WORDS]
    if sum(line.words for line in told) > _STUB_WORDS:
        told = [line for line in told if is_prose(line) or ends_sentence(line)]
        if sum(line.words for line in told) > _STUB_WORDS:
            return None
    text = "\n".join(line.key for line in told)
    for outcome, code, pattern in _STUB_PATTERNS:
        if pattern.search(text):
            return Cleaned(outcome, code)
    return None


def no_article_at(lines: Sequence[Line], head: Head, end: int) -> Cleaned | None:
    """Name the page whose lines from ``head`` to ``end`` only look like an article, or None."""
    if _NOT_FOUND.match(head.key):
        return Cleaned(Outcome.SOFT_404, "judge.title_404")
    entries = _listing(lines, head, end)
    return Cleaned(Outcome.LISTING, f"judge.listing:{entries}") if entries else None


def _listing(lines: Sequence[Line], head: Head, end: int) -> str:
    """Say what shows that the lines from the head on are a listing, or "".

    Evidence are entries that are dated or linked onward (their number) or page numbers ("pager").
    """
    region = lines[head.first : end]
    dated = sum((line.kind is Kind.DATE and is_marked(line)) or is_entry(line) for line in region)
    onward = sum(_MORE.match(line.key) is not None for line in region)
    prose = sum(is_prose(line) for line in region)
    entries = max(dated, onward)
    if entries >= _LISTED and prose <= entries * 2:
        return str(entries)
    return "pager" if _has_pager(region) else ""


def _has_pager(region: Sequence[Line]) -> bool:
    """Say whether page numbers stand among the lines: "1", "2" and an arrow, or found results."""
    return any(
        (line.key == "1" and after.key == "2" and arrow.text.lower() in _ARROWS)
        or line.key.startswith("kết quả tìm kiếm")
        for line, after, arrow in zip(region, region[1:], region[2:], strict=False)
    )


def no_article(lines: Sequence[Line]) -> Cleaned:
    """Name a page's text in which no article's head was found."""
    texts = [line for line in lines if line.kind is Kind.TEXT]
    dated = sum(line.kind is Kind.DATE or is_entry(line) for line in lines)
    onward = sum(_MORE.match(line.key) is not None for line in lines)
    if max(dated, onward) >= _LISTED:
        return Cleaned(Outcome.LISTING, f"judge.listing:{max(dated, onward)}")
    words = sum(line.words for line in texts)
    if words < _GENUINE_PROSE:
        return Cleaned(Outcome.THIN, f"judge.thin:{words}")
    return Cleaned(Outcome.NOT_ARTICLE, "plain.no_running_text")
