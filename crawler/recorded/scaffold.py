"""Write what a portal consists of in the source tree: its spider file and its recorded pages."""

from __future__ import annotations

import json
import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

import crawler
from config.schedule import LISTED, with_portal
from crawler.families import FAMILIES
from crawler.portal import Door
from crawler.recorded.recordings import record_pages, write_rows
from crawler.registry import UNMET, portal_at, portal_ids
from crawler.survey.findings import Finding, entries_of
from crawler.walk.frontier import target_of
from pipelines.clean.gazetteer import home_of
from pipelines.clean.text import tidy
from pipelines.errors import Reject
from pipelines.records import Outcome

if TYPE_CHECKING:
    from crawler.portal import Portal
    from crawler.survey.survey import Survey, Visit
    from pipelines.clean.isolated import IsolatedCleaner

ID = re.compile(r"[a-z][a-z0-9_]{1,30}")
COMMON = frozenset({"www", "vn", "gov", "com", "org", "net", "edu", "info", "portal", "cong"})
WIDTH = 100
LONGEST_NAME = 80
HOME = re.compile(r"^(?:trang chủ|home)(?: [–|-] |$)", re.IGNORECASE)
PARTING = re.compile(r" [–|-] ")
RECORDED = 5
"""Pages of articles that a new portal starts with; the suite wants at least three."""


@dataclass(frozen=True, slots=True)
class Scaffold:
    """The files of a new portal: its spider's text, and its recorded pages by file name."""

    portal_id: str
    spider: str
    rows: list[dict[str, Any]]
    pages: dict[str, bytes]

    def write(self, tree: Path) -> list[Path]:
        """Write everything below ``tree``, and its line in the schedule; give the files."""
        spider = tree / "crawler" / "spiders" / f"{self.portal_id}.py"
        folder = tree / "tests" / "portals" / self.portal_id
        with spider.open("x", encoding="utf-8") as file:
            file.write(self.spider)
        written = [spider, *write_rows(folder, self.rows, self.pages)]
        listed = tree / "config" / LISTED
        listed.write_text(with_portal(listed.read_text(encoding="utf-8"), self.portal_id), "utf-8")
        return [*written, listed]


def source_tree() -> Path:
    """Give the checkout that this code runs from; raise Reject("tree.missing") for a wheel."""
    tree = Path(crawler.__file__).parents[1]
    if not (tree / "tests" / "portals").is_dir():
        raise Reject("tree.missing", f"{tree} is no checkout; portals are added in one")
    return tree


def new_id(url: str, wanted: str, tree: Path) -> str:
    """Give the id of a new portal; raise Reject where it or its host is taken, or no id fits."""
    known = portal_at(url)
    if known:
        place = f"crawler/spiders/{known.id}.py"
        raise Reject("portal.exists", f"{urlsplit(url).netloc} is the portal {known.id}: {place}")
    portal_id = wanted or _suggested(urlsplit(url).hostname or "")
    if not ID.fullmatch(portal_id) or keyword.iskeyword(portal_id):
        raise Reject("portal.id", f"{portal_id!r} is no id; name one like --id hiepninh")
    if portal_id in portal_ids() or (tree / "tests" / "portals" / portal_id).exists():
        raise Reject("portal.exists", f"there is a portal {portal_id}; nothing was overwritten")
    return portal_id


def unknown_of(spider: str) -> list[Finding]:
    """Name what a new spider file leaves for a person to fill in."""
    if "    unit = " in spider:
        return []
    text = 'its address names no province: add unit = "..." to the spider file'
    return [Finding("unit.unknown", text)]


def scaffold(portal_id: str, survey: Survey, cleaner: IsolatedCleaner) -> Scaffold:
    """Make the files of a new portal from a survey; raise Reject("articles.none") without any."""
    if not survey.articles:
        url = survey.public(survey.base_url or f"{survey.portal.scheme}://{survey.portal.hosts[0]}")
        message = f"no article was found; gomtin probe {url} tells why, nothing was written"
        raise Reject("articles.none", message)
    portal = type("NewPortal", (survey.portal,), {"id": portal_id})
    listing = [v for v in survey.visits if v.outcome is Outcome.LISTING and v.page][:1]
    different = {visit.draft.title: visit for visit in survey.articles if visit.draft}.values()
    kept = [*list(different)[:RECORDED], *listing]
    rows, pages = record_pages(survey, portal, kept, cleaner, [])
    return Scaffold(portal_id, spider_text(portal_id, survey), rows, pages)


def spider_text(portal_id: str, survey: Survey) -> str:
    """Write the spider file: at most 15 lines."""
    portal = survey.portal
    family = FAMILIES[portal.family]
    name = site_name(survey) or portal.hosts[0]
    doors = _doors_line(survey, family)
    address = f"{portal.scheme}://{portal.hosts[0]}/"
    lines = [
        f'"""{address} - {_fitting(name, WIDTH - 11 - len(address))}."""',
        "",
        f"from crawler.families.{portal.family} import {family.__name__}",
        *(["from crawler.portal import Door"] if doors else []),
        "",
        "",
        f"class {class_name(portal_id)}({family.__name__}):",
        f'    """{_fitting(name, 70)}.{f" {UNMET}" if survey.base_url else ""}"""',
        "",
        f'    id = "{portal_id}"',
        f"    name = {_quoted(name)}",
        f'    hosts = ("{portal.hosts[0]}",)',
        *(['    scheme = "http"'] if portal.scheme == "http" else []),
        *([f"    unit = {_quoted(unit.title())}"] if (unit := home_of(address)) else []),
        *([doors] if doors else []),
    ]
    return "\n".join(lines) + "\n"


def class_name(portal_id: str) -> str:
    """Give the class name of a portal: "angiang_dcs" is AngiangDcs."""
    return "".join(part.capitalize() for part in portal_id.split("_"))


def site_name(survey: Survey) -> str:
    """Give the name that the site's own page has: og:site_name, else its title."""
    for visit in sorted(survey.visits, key=lambda v: len(target_of(v.url))):
        if visit.outcome is Outcome.LISTING and visit.page:
            tree = LexborHTMLParser(visit.page.body)
            meta, title = tree.css_first("meta[property='og:site_name']"), tree.css_first("title")
            named = meta.attributes.get("content") if meta else ""
            text = tidy(named or (title.text() if title else ""))
            name = HOME.sub("", text) or text
            first = name if len(name) <= LONGEST_NAME else PARTING.split(name)[0]
            return _fitting(first, LONGEST_NAME)
    return ""


def _doors_line(survey: Survey, family: type[Portal]) -> str:
    """Write the doors that worked, as many as fit one line; "" where the family's serve."""
    working = [door for door in family.doors if _works(survey, door)]
    machine = [door for door in working if door.kind != "listing"]
    announced = [
        Door("sitemap" if "sitemap" in target_of(v.url) else "feed", target_of(v.url))
        for v in survey.visits
        if entries_of(v) and not any(_at(survey, door) is v for door in family.doors)
    ]
    start = Door("listing", target_of(survey.url))
    if start.path == "/" and (machine or not announced):
        return ""
    announced.sort(key=lambda door: (door.kind, len(door.path)))
    chosen = [*machine, *announced, start] if machine else [*announced[:2], start]
    while True:
        inner = ", ".join(f"Door({_quoted(d.kind)}, {_quoted(d.path)})" for d in chosen)
        line = f"    doors = ({inner}{',' if len(chosen) == 1 else ''})"
        if len(line) <= WIDTH or len(chosen) == 1:
            return line
        del chosen[-2]


def _works(survey: Survey, door: Door) -> bool:
    visit = _at(survey, door)
    return bool(visit and visit.outcome in {Outcome.DOOR, Outcome.LISTING})


def _at(survey: Survey, door: Door) -> Visit | None:
    return survey.at(door.path.replace("{page}", "1"))


def _suggested(host: str) -> str:
    """Suggest an id: the first label of the host that says something."""
    labels = [label for label in host.lower().split(".") if label not in COMMON]
    return re.sub(r"[^a-z0-9]+", "_", labels[0]) if labels else ""


def _fitting(text: str, width: int) -> str:
    """Cut a name at a word, without the full stop that its sentence gets."""
    clean = unquote(text).replace("\\", "/").replace('"', "'").rstrip(". ")
    return clean if len(clean) <= width else clean[:width].rpartition(" ")[0] or clean[:width]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
