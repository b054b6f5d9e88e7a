"""Tell a standing page of a portal ("Giới thiệu", "Cơ cấu tổ chức") from an article.

It has a title and prose as an article has. Its title tells it, or the menu of the portal leads to
it while the page tells no time: to an article lead headlines, the words of a menu are few.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.clean.dates import parse_printed
from pipelines.clean.text import fold_key
from pipelines.clean.tree import absolute, flat

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

LABEL_WORDS = 4
_MOST_LETTERS = 200
_MENU, _MENU_LINKS, _LEVELS = frozenset({"ul", "ol", "nav"}), 40, 4
_FEWEST = 3
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
# what leads from a page to itself and names nothing: teasers, tools, comments, languages
_ONWARD = re.compile(
    r"(?:xem|đọc|chi tiết|tiếp|bình luận|ý kiến|trả lời|phản hồi|chia sẻ|bản in|in|gửi|lưu|link"
    r"|share|permalink|trang|tiếng|việt|vi|vn|en|english|vietnamese|read|more|print|comments?)\b|\d",
    re.IGNORECASE,
)
_UNIT = (
    r"xã|phường|thị trấn|thị xã|huyện|quận|thành phố|tỉnh|sở|phòng|ban|[uủ][yỷ] ban|ubnd|hđnd|cổng"
    r"|trang|đảng bộ|đảng [uủ][yỷ]|hội|đoàn|đơn vị|cơ quan|trung tâm|văn phòng|mặt trận|đài|báo"
    r"|chi cục|cục"
)
_NAMES = re.compile(
    r"(?:lời |trang )?giới thiệu(?: chung| tổng quan)?|về chúng tôi|about us|tổng quan"
    r"|cơ cấu tổ chức|tổ chức bộ máy|bộ máy tổ chức|sơ đồ (?:tổ chức|cổng|trang|website)"
    r"|chức năng(?:, | và |, nhiệm vụ, | - )(?:nhiệm vụ|quyền hạn)|liên hệ|góp ý"
    r"|(?:lịch sử|quá trình) hình thành(?: và phát triển)?|điều kiện tự nhiên"
)
_NO_UNIT = r"báo (?:cáo|chí)|phòng,? chống|ban hành|đoàn viên|hội (?:nghị|thảo|thi|sách|chợ|viên)"
_WHOSE = re.compile(rf" (?:(?:của|về|tại|đôi nét về) )?(?!(?:{_NO_UNIT})\b)(?:{_UNIT})\b.{{0,60}}")


def is_named_so(title: str, *, dated: bool) -> bool:
    """Tell a title that names a standing page: "Giới thiệu chung", "Cơ cấu tổ chức của Sở".

    A page that is ``dated`` must bear the bare name.
    """
    key = fold_key(title)
    name = _NAMES.match(key)
    if name is None:
        return False
    rest = key[name.end() :]
    return not rest or (not dated and _WHOSE.fullmatch(rest) is not None)


def is_in_menu(tree: LexborHTMLParser, base: str, url: str) -> bool:
    """Tell whether the page's menu leads to the page itself; to be asked of an unpruned tree."""
    own, name = url.rstrip("/"), url.rstrip("/").rpartition("/")[2]
    for node in tree.css("a[href]"):
        href = node.attributes.get("href") or ""
        if "#" in href or name not in href or (absolute(base, href) or "").rstrip("/") != own:
            continue
        label = flat(node, _MOST_LETTERS)
        if _names_page(label) and not _in_heading(node):
            return len(label.split()) <= LABEL_WORDS or _among_labels(node)
    return False


def _names_page(label: str) -> bool:
    return bool(label) and _ONWARD.match(label) is None and parse_printed(label) is None


def _in_heading(node: LexborNode) -> bool:
    return node.parent is not None and node.parent.tag in _HEADINGS


def _among_labels(node: LexborNode) -> bool:
    """Tell a link in a list most of whose links are as short as a menu's."""
    current = node.parent
    for _ in range(_LEVELS):
        if current is None or current.tag in _MENU:
            break
        current = current.parent
    if current is None or current.tag not in _MENU:
        return False
    labels = [flat(one, _MOST_LETTERS) for one in current.css("a[href]")[:_MENU_LINKS]]
    short = sum(1 <= len(label.split()) <= LABEL_WORDS for label in labels)
    return len(labels) >= _FEWEST and short * 2 > len(labels)
