"""Measure the judge: what pages of unknown systems are taken for, class by class.

    python -m bench.judge        both halves of the looks; --half tuned or held for one, --wrong
                                 names the pages that were taken for something else

The pages are our own: the frames of bench/looks around listings, front pages, searches, refusals
and the like, beside the looks' articles, and the stubs that walls send in place of any page.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, from anywhere

from bench.clean_looks import FETCHED, FOLDER, HALVES, articles, frame, looks, texts
from demo.spelling import slug
from pipelines.clean.page import clean_page
from pipelines.records import Outcome, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.clean_looks import Look, Text


@dataclass(frozen=True, slots=True)
class Judged:
    """A page, what kind it is, and the outcome that names it."""

    kind: str
    look: str
    page: Page
    outcome: Outcome


OUTCOMES = {
    "listing": Outcome.LISTING,
    "section": Outcome.LISTING,
    "home": Outcome.LISTING,
    "search": Outcome.LISTING,
    "login": Outcome.LOGIN,
    "denied": Outcome.LOGIN,
    "missing": Outcome.SOFT_404,
    "gallery": Outcome.NOT_ARTICLE,
    "thin": Outcome.THIN,
    "about": Outcome.NOT_ARTICLE,
    "attachment": Outcome.FETCHED,
}
PATHS = {"home": "/", "login": "/dang-nhap", "missing": "/tin/bai-khong-con-4041.html"}

MATERIAL = tomllib.loads((FOLDER / "judge.toml").read_text(encoding="utf-8"))


def pages(half: str) -> Iterator[Judged]:
    """Make the pages of a half: all kinds in every look, every look's articles, the stubs."""
    every = texts(half)
    for number, look in enumerate(looks(half)):
        for kind, outcome in OUTCOMES.items():
            main = _main(kind, number, look, every)
            yield Judged(kind, look.name, _page(look, kind, main, every), outcome)
    for made in articles(half):
        yield Judged("article", made.look, made.page, Outcome.FETCHED)
    for stub in MATERIAL["stubs"]:
        url = f"https://example.vn/tin/{stub['name']}.html"
        page = Page(url=url, body=stub["html"].encode(), fetched_at=FETCHED)
        yield Judged("stub", stub["name"], page, Outcome(stub["outcome"]))


def _page(look: Look, kind: str, main: str, every: Sequence[Text]) -> Page:
    found = re.search("<h1>(.*?)</h1>", main)
    text = replace(every[0], title=found[1] if found else every[0].section, id=7)
    values = frame(look, text, every) | {"date": "", "lead": "", "byline": "", "credit": ""}
    html = Template(look.before + main.replace("$", "$$") + look.after).substitute(values, body="")
    site = values["url"].split("/", 3)
    path = PATHS.get(kind, f"/{slug(text.section)}" if kind != "attachment" else "/tin/van-ban-77")
    return Page(url="/".join(site[:3]) + path, body=html.encode(), fetched_at=FETCHED)


def _main(kind: str, number: int, look: Look, every: Sequence[Text]) -> str:
    if kind in MATERIAL["main"]:
        return str(MATERIAL["main"][kind])
    if kind == "attachment":
        notice = MATERIAL["notices"][number % len(MATERIAL["notices"])]
        file = notice["name"].lower()
        return Template(MATERIAL["notice"]).substitute(notice, day="14/10/2024", file=file)
    if kind == "gallery":
        return "<h1>Thư viện ảnh</h1>" + "".join(_album(text) for text in every)
    if kind == "section":
        rows = [Template(look.settings["related"]).substitute(_teaser(text)) for text in every]
        return f"<h1>{every[0].section}</h1>{''.join(rows * 2)}{MATERIAL['pager']}"
    if kind == "home":
        return _home(number, every)
    head = "<h1>Tin tức - Sự kiện</h1>"
    if kind == "search":
        head = "<h1>Kết quả tìm kiếm</h1><p>Tìm thấy 128 kết quả cho từ khóa “nông thôn mới”</p>"
    return f"{head}{_rows(number, every)}{MATERIAL['pager']}"


def _rows(number: int, every: Sequence[Text]) -> str:
    row = Template(MATERIAL["teasers"][number % len(MATERIAL["teasers"])])
    rows = "".join(row.substitute(_teaser(text)) for text in every)
    return Template(MATERIAL["around"][number % len(MATERIAL["around"])]).substitute(rows=rows)


def _home(number: int, every: Sequence[Text]) -> str:
    """Make a front page: the newest article with its lead, then boxes of headlines."""
    first = Template(MATERIAL["teasers"][0]).substitute(_teaser(every[0]))
    boxes = "".join(
        f'<div class="hop"><h2><a href="/muc-{at}">{every[at].section}</a></h2>'
        f"{_rows(number, pair)}</div>"
        for at, pair in enumerate(pairwise(every))
    )
    return f'<div class="noibat">{first}</div>{boxes}<p>Hộp thư góp ý: vanthu@example.gov.vn</p>'


def _teaser(text: Text) -> dict[str, str]:
    return {
        "href": f"/tin/{slug(text.title)}-{text.id}",
        "title": escape(text.title),
        "day": f"{text.published:%d/%m/%Y}",
        "lead": escape(text.paragraphs[0][:160]),
    }


def _album(text: Text) -> str:
    name = slug(text.section)
    return (
        f'<div class="anh"><a href="/thu-vien/{name}"><img src="/anh/{name}.jpg"></a>'
        f"<div>{escape(' '.join(text.title.split()[:6]))}</div>"
        f"<span>{text.id % 30} ảnh</span></div>"
    )


def measure(half: str) -> tuple[Counter[tuple[str, str]], list[tuple[Judged, str]]]:
    """Count the pages by (wanted outcome, given outcome), and give those that were misjudged."""
    counts: Counter[tuple[str, str]] = Counter()
    wrong = []
    for one in pages(half):
        cleaned = clean_page(one.page, None, want_links=False)
        counts[one.outcome, cleaned.outcome] += 1
        if cleaned.outcome is not one.outcome:
            wrong.append((one, f"{cleaned.outcome} {cleaned.reason}"))
    return counts, wrong


def rates(counts: Counter[tuple[str, str]], outcome: str) -> tuple[int, float, float]:
    """Give the number of pages of an outcome, and its precision and recall."""
    right = counts[outcome, outcome]
    wanted = sum(number for (want, _), number in counts.items() if want == outcome)
    given = sum(number for (_, got), number in counts.items() if got == outcome)
    return wanted, right / max(given, 1), right / max(wanted, 1)


def main() -> None:
    """Read the command line and print a table for each half."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--wrong", action="store_true", help="name the misjudged pages")
    options = parser.parse_args()
    for half in [options.half] if options.half else HALVES:
        counts, wrong = measure(half)
        print(f"{half}: {counts.total()} pages\n{'outcome':14} pages precision recall")
        for outcome in dict.fromkeys(want for want, _ in counts):
            wanted, precision, recall = rates(counts, outcome)
            print(f"{outcome:14} {wanted:5} {precision:9.3f} {recall:6.3f}")
        for one, given in wrong if options.wrong else ():
            print(f"  {one.kind} in {one.look}: {given}")


if __name__ == "__main__":
    main()
