"""Put a recorded page into a frame as large as a whole site's: styles, scripts, menus, columns.

The recorded pages are cut down to what rules need, 7 kB a page; whole articles of two sites weigh
72 and 86 kB, with 770 and 380 elements and 155 and 55 links. A frame brings a page to about 65 kB,
530 elements and 150 links, so that the cost beside a bare parse is that of a whole page.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from demo.spelling import slug

if TYPE_CHECKING:
    from pipelines.records import Page

_HEAD = re.compile(rb"<head\b[^>]*>", re.IGNORECASE)
_BODY = re.compile(rb"<body\b[^>]*>", re.IGNORECASE)
_PLACES = ("Trang chủ", "Giới thiệu", "Tin hoạt động", "Văn bản chỉ đạo", "Dân vận khéo", "Liên hệ")
_NEWS = (
    "Họp mặt cán bộ hưu trí của phường nhân ngày truyền thống",
    "Ra quân dọn vệ sinh các tuyến hẻm trước mùa mưa",
    "Trao học bổng cho học sinh vượt khó đầu năm học mới",
    "Lấy ý kiến nhân dân về quy hoạch khu dân cư ven sông",
)


def framed(page: Page) -> Page:
    """Give the page within the frame; where it has no head, styles and scripts are left out."""
    styles, around = (part.encode() for part in _frame())
    body = _HEAD.sub(lambda found: found[0] + styles, page.body, count=1)
    return replace(page, body=_BODY.sub(lambda found: found[0] + around, body, count=1))


@cache
def _frame() -> tuple[str, str]:
    rules = "".join(
        f".block-{at} .row > .col-md-{at % 12}{{padding:0 {at % 16}px;color:#{at * 4099:06x};"
        f"background:url(/themes/default/images/sprite-{at}.png) no-repeat -{at}px 0}}\n"
        for at in range(190)
    )
    settings = ",".join(f'"option_{at}":{{"speed":{at},"loop":true}}' for at in range(220))
    styles = f"<style>{rules}</style><script>var settings = {{{settings}}};</script>"
    menus = "".join(_menu(at) for at in range(8))
    columns = "".join(_column(at) for at in range(10))
    return styles, f"<nav><ul class='nav'>{menus}</ul></nav><aside>{columns}</aside>"


def _menu(at: int) -> str:
    entries = "".join(
        f'<li class="menu-item item-{at}{number}"><a href="/{slug(name)}-{at}/">{name}</a></li>'
        for number, name in enumerate(_PLACES)
    )
    return f'<li class="dropdown"><a href="/muc-{at}/">Mục {at}</a><ul>{entries}</ul></li>'


def _column(at: int) -> str:
    rows = "".join(
        f'<div class="row clearfix"><a href="/{slug(name)}-{at}{number}/" title="{name}">'
        f'<img src="/thumb/{at}-{number}.jpg" alt="{name}" width="100" height="66"></a>'
        f'<div class="text"><a href="/{slug(name)}-{at}{number}/"><span>{name}</span></a>'
        f'<em class="date">{at + 1:02}/0{number + 1}</em></div></div>'
        for number, name in enumerate(_NEWS)
    )
    return f'<div class="panel block-{at}"><div class="panel-heading">Khối {at}</div>{rows}</div>'
