"""Tell which CMS a page comes from: by its template, its generator tag, marks in its source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.records import Page

_GENERATOR = re.compile(
    rb"<meta[^>]{0,200}name=[\"']?generator[\"']?[^>]{0,200}content=[\"']?"
    rb"(nukeviet|microsoft sharepoint|wordpress|liferay|dotnetnuke|joomla)",
    re.IGNORECASE,
)
_FAMILIES = {b"microsoft sharepoint": "sharepoint"}
# templates with rules of their own, whatever CMS the generator names
_TEMPLATES = (
    (
        "ministry",
        re.compile(
            rb"id=[\"']divArticleDescription[123][\"']|id=[\"']news-des[\"']|H3_iTem_ListNews"
            rb"|class=[\"']news_datetime[\"']"
        ),
    ),
    (
        "aspportal",
        re.compile(
            rb"(?:href|src)=[\"']/portal/(?:pages/\d{4}-|photos/\d{4}-|home/default\.aspx|kenhtin/)",
            re.IGNORECASE,
        ),
    ),
)
_MARKS = (
    ("nukeviet", re.compile(rb"nukeviet|nv_base_siteurl|nv_siteroot", re.IGNORECASE)),
    (
        "fck",
        re.compile(
            rb"content-fck|fckeditor/upload|id=[\"']newscontents"
            rb"|static/templates/version1/homepage"
        ),
    ),
    ("onecms", re.compile(rb"onecms__|1cdn\.vn/assets/")),
    ("vnptnews", re.compile(rb"id=[\"']page_info[\"'][^>]*>\s*<div id=[\"']site_id[\"']")),
    (
        "ims",
        re.compile(
            rb"afcbc-body|data-role=[\"']publishdate|data-linktype=[\"']newsdetail"
            rb"|static\.mediacdn\.vn/\w+/(?:css|image|js)"
        ),
    ),
    ("epi", re.compile(rb"zce-content-body|class=[\"'][^\"'>]{0,80}\bcms-(?:body|desc|link)\b")),
    ("mediatech", re.compile(rb"<meta name=[\"']author[\"'] content=[\"']MEDIATECH[\"']")),
    (
        "dotnetnuke",
        re.compile(rb"id=[\"']dnn_ContentPane|/js/dnncore\.js|/Portals/_default/|DnnModule-"),
    ),
    (
        "joomla",
        re.compile(rb"/media/(?:jui|system)/js/|[?&;]option=com_content|joomla-script-options"),
    ),
    ("sharepoint", re.compile(rb"_spPageContextInfo|s4-workspace|/_layouts/15/|ms-rtestate-field")),
    ("liferay", re.compile(rb"com_liferay_|Liferay\.|journal-content-article|portlet-boundary")),
    ("wordpress", re.compile(rb"/wp-content/|/wp-includes/|/wp-json/")),
)


def detect_family(page: Page) -> str | None:
    """Name the CMS family of a page by its generator meta, else by marks of its templates."""
    return family_evidence(page)[0]


def family_evidence(page: Page) -> tuple[str | None, str]:
    """Name the CMS family of a page (None: unknown) and what in the page's source shows it."""
    body = page.body[:500_000]
    return (
        _marked(body, _TEMPLATES)
        or _generated(page.body[:50_000])
        or _marked(body, _MARKS)
        or (None, "")
    )


def _generated(head: bytes) -> tuple[str, str] | None:
    found = _GENERATOR.search(head)
    if not found:
        return None
    name = found[1].lower()
    return _FAMILIES.get(name, name.decode()), _line(found)


def _marked(body: bytes, marks: Iterable[tuple[str, re.Pattern[bytes]]]) -> tuple[str, str] | None:
    for family, mark in marks:
        if found := mark.search(body):
            return family, _line(found)
    return None


def _line(found: re.Match[bytes]) -> str:
    return " ".join(found[0].decode("utf-8", "replace").split())
